// SPDX-License-Identifier: GPL-2.0
/*
 * base_suite: the rows of tests/vectors/base.h in the kernel.
 *
 * Shows that what base.h defines for user space means what the kernel means:
 * the functions under test here are the kernel's.
 */
#include "rows.h"
#include "../vectors/base.h"

ROWS(base_number_rows);
ROWS(base_log2_rows);
ROWS(base_power_rows);
ROWS(base_division_rows);

static void reads_number(struct kunit *test)
{
	const struct base_number_row *row = test->param_value;
	u64 value = 7;

	KUNIT_EXPECT_EQ(test, kstrtou64(row->text, 10, &value), row->status);
	KUNIT_EXPECT_EQ(test, value, row->value);
}

static void finds_log2(struct kunit *test)
{
	const struct base_log2_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_log2(row->x), row->log2);
}

static void knows_power(struct kunit *test)
{
	const struct base_power_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, is_power_of_2(row->n), row->is_power);
}

static void divides(struct kunit *test)
{
	const struct base_division_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, div64_u64(row->dividend, row->divisor),
			row->quotient);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(reads_number, base_number_rows_gen_params),
	KUNIT_CASE_PARAM(finds_log2, base_log2_rows_gen_params),
	KUNIT_CASE_PARAM(knows_power, base_power_rows_gen_params),
	KUNIT_CASE_PARAM(divides, base_division_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_base",
	.test_cases = cases,
};

kunit_test_suite(suite);
