// SPDX-License-Identifier: GPL-2.0
/*
 * pair_suite: the rows of tests/vectors/pair.h in the kernel.
 *
 * The same comparisons as tests/unit/pair_test.c; its noisy streams stay there.
 */
#include "rows.h"
#include "../vectors/pair.h"

ROWS(pair_rows);

static void finds(struct kunit *test)
{
	const struct pair_row *row = test->param_value;
	struct psh_pairs *pairs =
		kunit_kzalloc(test, sizeof(*pairs), GFP_KERNEL);
	struct psh_pair best[PAIR_BEST];
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, pairs);
	pair_run_row(row, pairs);
	KUNIT_ASSERT_EQ(test,
			psh_pairs_best(pairs, row->least, best, PAIR_BEST),
			row->found);
	for (i = 0; i < row->found; i++) {
		KUNIT_EXPECT_EQ(test, best[i].low, row->best[i].low);
		KUNIT_EXPECT_EQ(test, best[i].high, row->best[i].high);
		KUNIT_EXPECT_EQ(test, best[i].count, row->best[i].count);
		KUNIT_EXPECT_EQ(test, best[i].error, row->best[i].error);
	}
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds, pair_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_pair",
	.test_cases = cases,
};

kunit_test_suite(suite);
