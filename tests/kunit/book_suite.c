// SPDX-License-Identifier: GPL-2.0
/*
 * book_suite: the rows of tests/vectors/book.h in the kernel.
 *
 * The same comparisons as tests/unit/book_test.c; its walks over
 * random entries stay there.
 */
#include "rows.h"
#include "../vectors/book.h"

ROWS(book_rows);

static void holds(struct kunit *test)
{
	const struct book_row *row = test->param_value;
	struct psh_book *book = kunit_kzalloc(test, sizeof(*book), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, book);
	book_run_row(row, book);
	KUNIT_EXPECT_EQ(test,
			psh_book_hold(book, PSH_DECISION_BUFFER, 1800,
				      row->asked_s),
			row->hold);
	KUNIT_EXPECT_EQ(test, book->page[PSH_DECISION_BUFFER].cost, row->cost);
	KUNIT_EXPECT_EQ(test, book->page[PSH_DECISION_BUFFER].gain, row->gain);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(holds, book_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_book",
	.test_cases = cases,
};

kunit_test_suite(suite);
