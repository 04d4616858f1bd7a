// SPDX-License-Identifier: GPL-2.0
/*
 * fixed_test: fixed-point functions stay within the bounds they state.
 *
 * The rows of tests/vectors/fixed.h, and a walk over the whole range of each
 * function against libm, which only this test uses.
 */
#include <math.h>

#include "rows.h"
#include "../vectors/fixed.h"
#include "../vectors/random.h"

static void finds_log2(void **state)
{
	const struct fixed_log2_row *row = *state;

	assert_int_equal(psh_fixed_log2(row->x), row->log2_q16);
}

static void finds_exp2(void **state)
{
	const struct fixed_exp2_row *row = *state;

	assert_int_equal(psh_fixed_exp2(row->exponent_q16), row->power_q16);
}

static void finds_sigmoid(void **state)
{
	const struct fixed_sigmoid_row *row = *state;

	assert_int_equal(psh_fixed_sigmoid(row->x_q12), row->sigmoid_q15);
	assert_int_equal(psh_fixed_tanh(row->x_q12), row->tanh_q15);
}

static void divides(void **state)
{
	const struct fixed_divide_row *row = *state;

	assert_int_equal(psh_fixed_divide(row->dividend, row->divisor),
			 row->quotient);
}

static void log2_is_within_two_units(void **state)
{
	u64 random = 11;
	unsigned int i;

	(void)state;
	for (i = 0; i < 300000; i++) {
		u64 x = random_magnitude(&random) | 1;
		double exact = 65536 * log2((double)x);

		assert_true(fabs(psh_fixed_log2(x) - exact) <= 2);
	}
}

static void exp2_is_within_one_of_65536_plus_one_unit(void **state)
{
	s32 exponent;

	(void)state;
	for (exponent = -30 * 65536; exponent < 47 << 16; exponent += 13) {
		double exact = 65536 * exp2(exponent / 65536.0);
		double error = fabs(psh_fixed_exp2(exponent) - exact);

		assert_true(error <= exact / 65536 + 1);
	}
}

static void sigmoid_and_tanh_are_within_their_bounds(void **state)
{
	s32 x;

	(void)state;
	for (x = -20 * 4096; x <= 20 << 12; x++) {
		double exact = 32768 / (1 + exp(-x / 4096.0));

		assert_true(fabs(psh_fixed_sigmoid(x) - exact) <= 4);
		exact = 32768 * tanh(x / 4096.0);
		assert_true(fabs(psh_fixed_tanh(x) - exact) <= 8);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, fixed_log2_rows, finds_log2);
	ROWS_ADD(&rows, fixed_exp2_rows, finds_exp2);
	ROWS_ADD(&rows, fixed_sigmoid_rows, finds_sigmoid);
	ROWS_ADD(&rows, fixed_divide_rows, divides);
	rows_add(&rows, "log2 is within two units", log2_is_within_two_units);
	rows_add(&rows, "exp2 is within one of 65536 plus one unit",
		 exp2_is_within_one_of_65536_plus_one_unit);
	rows_add(&rows, "sigmoid and tanh are within their bounds",
		 sigmoid_and_tanh_are_within_their_bounds);
	return rows_run("fixed", &rows);
}
