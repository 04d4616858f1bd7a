// SPDX-License-Identifier: GPL-2.0
/*
 * capacity_suite: the rows of tests/vectors/capacity.h in the kernel.
 *
 * The same comparisons as tests/unit/capacity_test.c; its random histories stay
 * there.
 */
#include "rows.h"
#include "../vectors/capacity.h"

ROWS(capacity_rows);

static void tells(struct kunit *test)
{
	const struct capacity_row *row = test->param_value;
	struct psh_capacity *capacity =
		kunit_kzalloc(test, sizeof(*capacity), GFP_KERNEL);
	struct psh_capacity_outlook outlook;

	KUNIT_ASSERT_NOT_NULL(test, capacity);
	capacity_run_row(row, capacity, &outlook);
	KUNIT_EXPECT_EQ(test, outlook.trend, row->outlook.trend);
	KUNIT_EXPECT_EQ(test, outlook.used, row->outlook.used);
	KUNIT_EXPECT_EQ(test, outlook.per_day, row->outlook.per_day);
	KUNIT_EXPECT_EQ(test, outlook.low_s, row->outlook.low_s);
	KUNIT_EXPECT_EQ(test, outlook.middle_s, row->outlook.middle_s);
	KUNIT_EXPECT_EQ(test, outlook.high_s, row->outlook.high_s);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(tells, capacity_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_capacity",
	.test_cases = cases,
};

kunit_test_suite(suite);
