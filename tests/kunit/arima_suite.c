// SPDX-License-Identifier: GPL-2.0
/*
 * arima_suite: the rows of tests/vectors/arima.h in the kernel.
 *
 * The same comparisons as tests/unit/arima_test.c; its random models stay
 * there.
 */
#include "rows.h"
#include "../vectors/arima.h"

ROWS(arima_check_rows);
ROWS(arima_forecast_rows);
ROWS(arima_fit_rows);

static void checks(struct kunit *test)
{
	const struct arima_check_row *row = test->param_value;
	const char *error = psh_arima_check(&row->model);

	KUNIT_EXPECT_EQ(test, !error, !row->error);
	if (error && row->error)
		KUNIT_EXPECT_STREQ(test, error, row->error);
}

static void forecasts(struct kunit *test)
{
	const struct arima_forecast_row *row = test->param_value;
	s32 forecast[ARIMA_STEPS];
	u64 variance[ARIMA_STEPS];
	u32 i;

	psh_arima_forecast(&row->model, row->history, row->nr, ARIMA_STEPS,
			   forecast, variance);
	for (i = 0; i < ARIMA_STEPS; i++) {
		KUNIT_EXPECT_EQ(test, forecast[i], row->forecast[i]);
		KUNIT_EXPECT_EQ(test, variance[i], row->variance[i]);
	}
}

static void fits(struct kunit *test)
{
	const struct arima_fit_row *row = test->param_value;
	struct psh_arima model = { .p = row->p, .d = row->d };
	s32 *sample =
		kunit_kcalloc(test, ARIMA_SAMPLES, sizeof(*sample), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sample);
	arima_fill(row, sample);
	psh_arima_fit(&model, sample, row->nr);
	KUNIT_EXPECT_EQ(test, arima_hash(&model), row->hash);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(checks, arima_check_rows_gen_params),
	KUNIT_CASE_PARAM(forecasts, arima_forecast_rows_gen_params),
	KUNIT_CASE_PARAM(fits, arima_fit_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_arima",
	.test_cases = cases,
};

kunit_test_suite(suite);
