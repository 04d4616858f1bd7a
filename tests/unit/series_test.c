// SPDX-License-Identifier: GPL-2.0
/*
 * series_test: a metric's rings hold means, gaps and odd clocks as stated.
 *
 * The rows of tests/vectors/series.h, the ring's turn, and a walk over clocks
 * that jump at random.
 */
#include "rows.h"
#include "../vectors/random.h"
#include "../vectors/series.h"

static struct psh_series series;
static u16 code[PSH_SERIES_FIVES];

static void codes(void **state)
{
	const struct series_code_row *row = *state;

	assert_int_equal(psh_series_code(row->value), row->code);
	assert_int_equal(psh_series_value(row->code), row->back);
}

static void adds(void **state)
{
	const struct series_add_row *row = *state;
	u32 i;

	psh_series_begin(&series);
	for (i = 0; i < row->samples; i++)
		psh_series_add(&series, row->sample[i].now_s,
			       row->sample[i].value);
	assert_int_equal(psh_series_read(&series, row->ring, code,
					 ARRAY_SIZE(code)),
			 row->nr);
	for (i = 0; i < row->nr; i++)
		assert_int_equal(psh_series_value(code[i]), row->read[i]);
}

static void a_ring_keeps_the_last(void **state)
{
	u32 i;

	(void)state;
	psh_series_begin(&series);
	for (i = 0; i <= 1000; i++)
		psh_series_add(&series, 10 * i, i);
	assert_int_equal(psh_series_read(&series, PSH_SERIES_10S, code,
					 ARRAY_SIZE(code)),
			 PSH_SERIES_TENS);
	for (i = 0; i < PSH_SERIES_TENS; i++)
		assert_in_range(psh_series_value(code[i]), 639 + i, 641 + i);
	assert_int_equal(psh_series_read(&series, PSH_SERIES_10S, code, 2), 2);
	assert_in_range(psh_series_value(code[1]), 998, 1000);
}

static void a_value_comes_back_within_a_thousandth(void **state)
{
	u64 random = 3;
	u32 i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		u64 value = random_magnitude(&random) >> 18;
		u64 back = psh_series_value(psh_series_code(value));

		assert_in_range(back, value - value / 1024 - (value > 0),
				value + value / 1024 + 1);
	}
}

static void no_clock_breaks_it(void **state)
{
	u64 random = 5;
	u32 i, ring;

	(void)state;
	psh_series_begin(&series);
	for (i = 0; i < 20000; i++) {
		psh_series_add(&series, (s64)random_magnitude(&random),
			       random_magnitude(&random));
		if (!(i % 1000))
			psh_series_begin(&series);
		for (ring = 0; ring < PSH_SERIES_RINGS; ring++)
			assert_true(psh_series_read(&series, ring, code,
						    ARRAY_SIZE(code)) <=
				    ARRAY_SIZE(code));
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, series_code_rows, codes);
	ROWS_ADD(&rows, series_add_rows, adds);
	rows_add(&rows, "a ring keeps the last", a_ring_keeps_the_last);
	rows_add(&rows, "a value comes back within a thousandth",
		 a_value_comes_back_within_a_thousandth);
	rows_add(&rows, "no clock breaks it", no_clock_breaks_it);
	return rows_run("series", &rows);
}
