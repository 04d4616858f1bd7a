// SPDX-License-Identifier: GPL-2.0
/*
 * base_test: user space gives core what the kernel would.
 *
 * The rows of tests/vectors/base.h, which hold in the kernel for the kernel's
 * own functions. In the kernel base.h only includes.
 */
#include "rows.h"
#include "../vectors/base.h"

static void reads_number(void **state)
{
	const struct base_number_row *row = *state;
	u64 value = 7;

	assert_int_equal(kstrtou64(row->text, 10, &value), row->status);
	assert_int_equal(value, row->value);
}

static void finds_log2(void **state)
{
	const struct base_log2_row *row = *state;

	assert_int_equal(psh_log2(row->x), row->log2);
}

static void knows_power(void **state)
{
	const struct base_power_row *row = *state;

	assert_int_equal(is_power_of_2(row->n), row->is_power);
}

static void divides(void **state)
{
	const struct base_division_row *row = *state;

	assert_int_equal(div64_u64(row->dividend, row->divisor), row->quotient);
}

static void other_bases_are_refused(void **state)
{
	u64 value = 7;

	(void)state;
	assert_int_equal(kstrtou64("5", 16, &value), -EINVAL);
	assert_int_equal(kstrtou64("5", 0, &value), -EINVAL);
	assert_int_equal(value, 7);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, base_number_rows, reads_number);
	ROWS_ADD(&rows, base_log2_rows, finds_log2);
	ROWS_ADD(&rows, base_power_rows, knows_power);
	ROWS_ADD(&rows, base_division_rows, divides);
	rows_add(&rows, "bases other than 10 are refused",
		 other_bases_are_refused);
	return rows_run("base", &rows);
}
