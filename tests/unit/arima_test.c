// SPDX-License-Identifier: GPL-2.0
/*
 * arima_test: models forecast what their recursion says, and never run away.
 *
 * The rows of tests/vectors/arima.h, and random models on random histories.
 */
#include "rows.h"
#include "../vectors/arima.h"

static s32 sample[ARIMA_SAMPLES];

static void checks(void **state)
{
	const struct arima_check_row *row = *state;
	const char *error = psh_arima_check(&row->model);

	assert_int_equal(!error, !row->error);
	if (error)
		assert_string_equal(error, row->error);
}

static void forecasts(void **state)
{
	const struct arima_forecast_row *row = *state;
	s32 forecast[ARIMA_STEPS];
	u64 variance[ARIMA_STEPS];
	u32 i;

	psh_arima_forecast(&row->model, row->history, row->nr, ARIMA_STEPS,
			   forecast, variance);
	for (i = 0; i < ARIMA_STEPS; i++) {
		assert_int_equal(forecast[i], row->forecast[i]);
		assert_int_equal(variance[i], row->variance[i]);
	}
}

static void fits(void **state)
{
	const struct arima_fit_row *row = *state;
	struct psh_arima model = { .p = row->p, .d = row->d };

	arima_fill(row, sample);
	psh_arima_fit(&model, sample, row->nr);
	assert_null(psh_arima_check(&model));
	assert_int_equal(arima_hash(&model), row->hash);
}

static void a_fit_finds_the_process(void **state)
{
	const struct arima_fit_row row = { .nr = 4096,
					   .seed = 3,
					   .phi_q12 = 2867 };
	struct psh_arima model = { .p = 1 };

	(void)state;
	arima_fill(&row, sample);
	psh_arima_fit(&model, sample, row.nr);
	assert_in_range(model.phi_q12[0], 2700, 3000);
	/* Of numbers alike from -512 to 511: 1024^2 / 12. */
	assert_in_range(model.variance, 82000, 93000);
}

static void random_model(struct psh_arima *model, u64 *random)
{
	u32 i;

	model->p = random_next(random) % 5;
	model->d = random_next(random) % 3;
	model->q = random_next(random) % 5;
	model->mean = (s32)random_next(random) >> 9;
	model->variance = random_magnitude(random) >> 20;
	for (i = 0; i < PSH_ARIMA_ORDER; i++) {
		model->phi_q12[i] = random_next(random);
		model->theta_q12[i] = (s16)random_next(random) >> 5;
	}
}

static void no_model_runs_away(void **state)
{
	s32 forecast[PSH_ARIMA_STEPS];
	u64 variance[PSH_ARIMA_STEPS], random = 21;
	struct psh_arima model;
	u32 round, i;

	(void)state;
	for (round = 0; round < 3000; round++) {
		random_model(&model, &random);
		assert_null(psh_arima_check(&model));
		for (i = 0; i < 64; i++)
			sample[i] = random_next(&random);
		psh_arima_forecast(&model, sample, 1 + round % 64,
				   PSH_ARIMA_STEPS, forecast, variance);
		for (i = 0; i < PSH_ARIMA_STEPS; i++) {
			assert_true(forecast[i] <= PSH_ARIMA_LIMIT);
			assert_true(forecast[i] >= -PSH_ARIMA_LIMIT);
			assert_true(variance[i] <= 1ULL << 44);
		}
		psh_arima_fit(&model, sample, 64);
		assert_null(psh_arima_check(&model));
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, arima_check_rows, checks);
	ROWS_ADD(&rows, arima_forecast_rows, forecasts);
	ROWS_ADD(&rows, arima_fit_rows, fits);
	rows_add(&rows, "a fit finds the process", a_fit_finds_the_process);
	rows_add(&rows, "no model runs away", no_model_runs_away);
	return rows_run("arima", &rows);
}
