// SPDX-License-Identifier: GPL-2.0
/*
 * forecast_suite: the rows of tests/vectors/forecast.h in the kernel.
 *
 * The same comparisons as tests/unit/forecast_test.c: every bit of a forecast
 * is what it is in user space. All that does not fit a kernel stack is in one
 * struct work, allocated for the test.
 */
#include "rows.h"
#include "../../dm-predshard/core/weights.h"
#include "../vectors/forecast.h"

ROWS(forecast_rows);

struct work {
	struct psh_forecast forecast;
	struct psh_lstm hours;
	struct psh_lstm minutes;
	struct psh_ensemble ensemble;
	struct psh_forecast_step step[PSH_FORECAST_STEPS];
	u16 code[FORECAST_HISTORY];
	u8 blob[LSTM_BLOB];
};

static void decode(struct kunit *test, struct psh_lstm *lstm, const u8 *blob,
		   size_t size)
{
	const char *error;

	KUNIT_ASSERT_EQ(test, psh_lstm_decode(lstm, blob, size, &error), 0);
}

static void decode_wild(struct kunit *test, struct work *work,
			struct psh_lstm *lstm, u8 past, u8 units, u8 inputs)
{
	const struct psh_lstm_shape shape = {
		1, past, units, inputs, 64, 16, 4
	};

	decode(test, lstm, work->blob,
	       lstm_blob(work->blob, &shape, LSTM_MIXED, inputs));
}

static struct psh_forecast_networks
networks(struct kunit *test, struct work *work, enum forecast_weights weights)
{
	struct psh_forecast_networks none = { NULL, NULL };

	if (weights == FORECAST_NO_WEIGHTS)
		return none;
	decode(test, &work->hours, psh_weights_hours,
	       sizeof(psh_weights_hours));
	decode(test, &work->minutes, psh_weights_minutes,
	       sizeof(psh_weights_minutes));
	if (weights == FORECAST_WILD) {
		decode_wild(test, work, &work->hours, PSH_FEATURES_PAST, 32,
			    PSH_FEATURES);
		decode_wild(test, work, &work->minutes, 0, 0,
			    PSH_NEAR_FEATURES);
	}
	if (weights == FORECAST_OTHER)
		return (struct psh_forecast_networks){ &work->minutes,
						       &work->hours };
	return (struct psh_forecast_networks){ &work->hours, &work->minutes };
}

static void forecasts(struct kunit *test)
{
	const struct forecast_row *row = test->param_value;
	struct work *work = kunit_kzalloc(test, sizeof(*work), GFP_KERNEL);
	struct psh_forecast_networks with;
	int status;

	KUNIT_ASSERT_NOT_NULL(test, work);
	with = networks(test, work, row->weights);
	forecast_fill(row, work->code);
	psh_ensemble_begin(&work->ensemble);
	if (row->step_s == 3600 && row->nr > 24) {
		psh_forecast_score(&work->forecast, &with, &work->ensemble,
				   work->code, row->nr - 24);
		psh_forecast_score(&work->forecast, &with, &work->ensemble,
				   work->code, row->nr);
	}
	status = psh_forecast_make(&work->forecast, &with, &work->ensemble,
				   work->code, row->nr, row->step_s, row->steps,
				   work->step);
	KUNIT_EXPECT_EQ(test, status, row->status);
	if (!status)
		KUNIT_EXPECT_EQ(test, forecast_hash(work->step, row->steps),
				row->hash);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(forecasts,
						      forecast_rows_gen_params),
				     {} };

static struct kunit_suite suite = {
	.name = "predshard_forecast",
	.test_cases = cases,
};

kunit_test_suite(suite);
