// SPDX-License-Identifier: GPL-2.0
/*
 * seasonal_test: a profile is what is usual, whatever one day did.
 *
 * The rows of tests/vectors/seasonal.h.
 */
#include "rows.h"
#include "../vectors/seasonal.h"

static void finds_median(void **state)
{
	const struct seasonal_median_row *row = *state;
	s32 value[ARRAY_SIZE(row->value)];

	memcpy(value, row->value, sizeof(value));
	assert_int_equal(psh_seasonal_median(value, row->nr), row->median);
}

static void learns(void **state)
{
	const struct seasonal_learn_row *row = *state;
	struct psh_seasonal seasonal;
	u32 i;

	psh_seasonal_learn(&seasonal, row->history, row->nr, SEASONAL_PERIOD);
	assert_int_equal(seasonal.days, row->days);
	for (i = 0; i < SEASONAL_PERIOD && row->days; i++) {
		assert_int_equal(seasonal.deviation[i], row->deviation[i]);
		assert_int_equal(seasonal.median[i], row->median[i]);
		assert_int_equal(seasonal.high[i], row->high[i]);
		assert_int_equal(seasonal.low[i], row->low[i]);
	}
}

static void finds_week(void **state)
{
	const struct seasonal_week_row *row = *state;
	s32 value = -1;

	assert_int_equal(psh_seasonal_week(row->history, row->nr, row->week,
					   row->ahead, &value),
			 row->weeks);
	assert_int_equal(value, row->value);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, seasonal_median_rows, finds_median);
	ROWS_ADD(&rows, seasonal_learn_rows, learns);
	ROWS_ADD(&rows, seasonal_week_rows, finds_week);
	return rows_run("seasonal", &rows);
}
