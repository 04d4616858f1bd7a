// SPDX-License-Identifier: GPL-2.0
/*
 * fixed_suite: the rows of tests/vectors/fixed.h in the kernel.
 *
 * The same comparisons as tests/unit/fixed_test.c; the error bounds are
 * measured there, where there is a libm.
 */
#include "rows.h"
#include "../vectors/fixed.h"

ROWS(fixed_log2_rows);
ROWS(fixed_exp2_rows);
ROWS(fixed_sigmoid_rows);
ROWS(fixed_divide_rows);

static void finds_log2(struct kunit *test)
{
	const struct fixed_log2_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_fixed_log2(row->x), row->log2_q16);
}

static void finds_exp2(struct kunit *test)
{
	const struct fixed_exp2_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_fixed_exp2(row->exponent_q16),
			row->power_q16);
}

static void finds_sigmoid(struct kunit *test)
{
	const struct fixed_sigmoid_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_fixed_sigmoid(row->x_q12), row->sigmoid_q15);
	KUNIT_EXPECT_EQ(test, psh_fixed_tanh(row->x_q12), row->tanh_q15);
}

static void divides(struct kunit *test)
{
	const struct fixed_divide_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_fixed_divide(row->dividend, row->divisor),
			row->quotient);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds_log2, fixed_log2_rows_gen_params),
	KUNIT_CASE_PARAM(finds_exp2, fixed_exp2_rows_gen_params),
	KUNIT_CASE_PARAM(finds_sigmoid, fixed_sigmoid_rows_gen_params),
	KUNIT_CASE_PARAM(divides, fixed_divide_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_fixed",
	.test_cases = cases,
};

kunit_test_suite(suite);
