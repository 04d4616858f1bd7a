// SPDX-License-Identifier: GPL-2.0
/*
 * predictor: scaling, and the calls into core in the module's order.
 *
 * The scale is a power of two that brings the highest sample near 2^40, so that
 * fractions and petabytes alike keep the 10 bits that core's logarithms have.
 * The shipped weights are decoded once per run of the program.
 */
#include <math.h>
#include <stdio.h>

#include "../../dm-predshard/core/forecast.h"
#include "../../dm-predshard/core/series.h"
#include "../../dm-predshard/core/weights.h"
#include "predictor.h"

#define HIGHEST_LOG2	40
#define DAYS_SCORED	3
#define DAY		24

static const struct psh_forecast_networks *load_networks(void)
{
	static struct psh_lstm hours, minutes;
	static struct psh_forecast_networks networks;
	const char *error;

	if (networks.hours)
		return &networks;
	if (psh_lstm_decode(&hours, psh_weights_hours,
			    sizeof(psh_weights_hours), &error) ||
	    psh_lstm_decode(&minutes, psh_weights_minutes,
			    sizeof(psh_weights_minutes), &error)) {
		fprintf(stderr, "predshard: shipped weights: expected %s\n",
			error);
		return NULL;
	}
	networks.hours = &hours;
	networks.minutes = &minutes;
	return &networks;
}

/* Return: the exponent of the scale. */
static int encode(const double *value, size_t nr, u16 *code)
{
	double high = 0;
	int exponent;
	size_t i;

	for (i = 0; i < nr; i++)
		high = fmax(high, value[i]);
	exponent = high > 0 ? HIGHEST_LOG2 - ilogb(high) : 0;
	for (i = 0; i < nr; i++)
		code[i] = psh_series_code(ldexp(value[i], exponent));
	return exponent;
}

static void decode(const struct psh_forecast_step *step, unsigned int steps,
		   int exponent, struct prediction *result)
{
	unsigned int i;

	for (i = 0; i < steps; i++) {
		result[i].p10 = ldexp(step[i].p10, -exponent);
		result[i].p50 = ldexp(step[i].p50, -exponent);
		result[i].p90 = ldexp(step[i].p90, -exponent);
		result[i].peak = step[i].peak;
	}
}

int predictor_run(const double *value, size_t nr, long step_s,
		  unsigned int steps, struct prediction *result)
{
	const struct psh_forecast_networks *networks = load_networks();
	static struct psh_forecast work;
	static u16 code[PSH_LOAD_SAMPLES];
	struct psh_forecast_step step[PREDICTOR_STEPS];
	struct psh_ensemble ensemble;
	size_t used = nr < PSH_LOAD_SAMPLES ? nr : PSH_LOAD_SAMPLES;
	int exponent, day;

	if (!networks)
		return -1;
	exponent = encode(value + nr - used, used, code);
	psh_ensemble_begin(&ensemble);
	for (day = DAYS_SCORED - 1; day >= 0 && step_s == 3600; day--)
		if (used > (size_t)day * DAY)
			psh_forecast_score(&work, networks, &ensemble, code,
					   used - day * DAY);
	if (psh_forecast_make(&work, networks, &ensemble, code, used, step_s,
			      steps, step)) {
		fputs("predshard: expected a history and 1 to 96 steps\n",
		      stderr);
		return -1;
	}
	decode(step, steps, exponent, result);
	return 0;
}
