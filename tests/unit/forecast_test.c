// SPDX-License-Identifier: GPL-2.0
/*
 * forecast_test: every history has a sane forecast, with any weights.
 *
 * The rows of tests/vectors/forecast.h, and what a forecast promises whatever
 * its numbers: quantiles in order and below four times the highest sample.
 */
#include <stdlib.h>

#include "rows.h"
#include "../../dm-predshard/core/weights.h"
#include "../vectors/forecast.h"

static struct psh_forecast work;
static struct psh_lstm hours, minutes;
static struct psh_ensemble ensemble;
static struct psh_forecast_step step[PSH_FORECAST_STEPS + 1];
static u16 code[FORECAST_HISTORY];

static void decode(struct psh_lstm *lstm, const u8 *blob, size_t size)
{
	const char *error;

	assert_int_equal(psh_lstm_decode(lstm, blob, size, &error), 0);
}

static void decode_wild(struct psh_lstm *lstm, u8 past, u8 units, u8 inputs)
{
	const struct psh_lstm_shape shape = {
		1, past, units, inputs, 64, 16, 4
	};
	u8 *blob = malloc(LSTM_BLOB);

	decode(lstm, blob, lstm_blob(blob, &shape, LSTM_MIXED, inputs));
	free(blob);
}

static struct psh_forecast_networks networks(enum forecast_weights weights)
{
	struct psh_forecast_networks none = { NULL, NULL };

	if (weights == FORECAST_NO_WEIGHTS)
		return none;
	decode(&hours, psh_weights_hours, sizeof(psh_weights_hours));
	decode(&minutes, psh_weights_minutes, sizeof(psh_weights_minutes));
	if (weights == FORECAST_WILD) {
		decode_wild(&hours, PSH_FEATURES_PAST, 32, PSH_FEATURES);
		decode_wild(&minutes, 0, 0, PSH_NEAR_FEATURES);
	}
	if (weights == FORECAST_OTHER)
		return (struct psh_forecast_networks){ &minutes, &hours };
	return (struct psh_forecast_networks){ &hours, &minutes };
}

static int make(const struct forecast_row *row)
{
	struct psh_forecast_networks with = networks(row->weights);

	forecast_fill(row, code);
	psh_ensemble_begin(&ensemble);
	if (row->step_s == 3600 && row->nr > 24) {
		psh_forecast_score(&work, &with, &ensemble, code, row->nr - 24);
		psh_forecast_score(&work, &with, &ensemble, code, row->nr);
	}
	return psh_forecast_make(&work, &with, &ensemble, code, row->nr,
				 row->step_s, row->steps, step);
}

static void forecasts(void **state)
{
	const struct forecast_row *row = *state;

	assert_int_equal(make(row), row->status);
	if (!row->status)
		assert_int_equal(forecast_hash(step, row->steps), row->hash);
}

static void keeps_its_promises(void **state)
{
	const struct forecast_row *row = *state;
	u64 high = 0;
	u32 i;

	if (make(row))
		return;
	for (i = 0; i < row->nr; i++)
		if (psh_series_value(code[i]) > high)
			high = psh_series_value(code[i]);
	for (i = 0; i < row->steps; i++) {
		assert_true(step[i].p10 <= step[i].p50);
		assert_true(step[i].p50 <= step[i].p90);
		assert_true(step[i].p90 <= 4 * high);
	}
}

static const struct forecast_row *row_of(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forecast_rows); i++)
		if (!strcmp(forecast_rows[i].name, name))
			return &forecast_rows[i];
	fail_msg("no row of that name");
	return NULL;
}

static void a_daily_load_is_told_from_its_quiet_hours(void **state)
{
	u32 i;

	(void)state;
	make(row_of("eight weeks"));
	for (i = 0; i < 72; i++)
		if (i % 24 >= 8 && i % 24 < 18)
			assert_in_range(step[i].p50, 8500, 10000);
		else
			assert_in_range(step[i].p50, 1000, 1600);
}

static void wild_weights_do_little_harm(void **state)
{
	u32 i;

	(void)state;
	make(row_of("wild weights"));
	for (i = 0; i < 24; i++)
		assert_in_range(step[i].p50, 700, 12000);
}

static void a_constant_is_forecast_as_one(void **state)
{
	u32 i;

	(void)state;
	make(row_of("always the same"));
	for (i = 0; i < 24; i++)
		assert_in_range(step[i].p50, 121000, 126000);
}

static void a_job_by_the_clock_is_foreseen(void **state)
{
	struct forecast_row row = *row_of("a week of 5 minutes");

	(void)state;
	row.nr = 6 * 288 + 29;
	make(&row);
	assert_true(step[1].peak || step[0].peak || step[2].peak);
	row.nr = 6 * 288 + 129;
	make(&row);
	assert_false(step[0].peak || step[1].peak || step[2].peak);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, forecast_rows, forecasts);
	ROWS_ADD(&rows, forecast_rows, keeps_its_promises);
	rows_add(&rows, "a daily load is told from its quiet hours",
		 a_daily_load_is_told_from_its_quiet_hours);
	rows_add(&rows, "wild weights do little harm",
		 wild_weights_do_little_harm);
	rows_add(&rows, "a constant is forecast as one",
		 a_constant_is_forecast_as_one);
	rows_add(&rows, "a job by the clock is foreseen",
		 a_job_by_the_clock_is_foreseen);
	return rows_run("forecast", &rows);
}
