// SPDX-License-Identifier: GPL-2.0
/*
 * classify_suite: the rows of tests/vectors/classify.h in the kernel.
 *
 * The same comparisons as tests/unit/classify_test.c; its walks over random
 * counters stay there.
 */
#include "rows.h"
#include "../vectors/classify.h"

ROWS(classify_rows);

static void classifies(struct kunit *test)
{
	const struct classify_row *row = test->param_value;
	struct psh_classify classify;

	KUNIT_EXPECT_EQ(test, classify_run_row(row, &classify), row->changes);
	KUNIT_EXPECT_EQ(test, classify.traffic.now, row->traffic);
	KUNIT_EXPECT_EQ(test, classify.shape.now, row->shape);
	KUNIT_EXPECT_EQ(test, classify.application.now, row->application);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(classifies, classify_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_classify",
	.test_cases = cases,
};

kunit_test_suite(suite);
