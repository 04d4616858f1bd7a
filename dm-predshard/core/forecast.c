// SPDX-License-Identifier: GPL-2.0
/*
 * forecast: which forecaster is asked what, and how the answers are joined.
 *
 * Called by the predictor's worker, and by predshard forecast. Everything is
 * made anew from the history each time, so that a restored history gives the
 * same forecast and no state can go bad; the ensemble is the only memory. All
 * numbers are logarithms in Q10 below 2^17 in size (see load), a network's
 * answers are within 32, its scale within 64: sums stay below 2^23.
 */
#include "arima.h"
#include "fixed.h"
#include "forecast.h"
#include "series.h"

#define DAY		24
#define WEEK		(7 * DAY)
#define HOUR_S		3600
#define FIVE_S		300
#define HOURS_LEAST	(2 * DAY)	/* below, hours are forecast plainly */
#define NEAR_STEPS	3	/* what the network of minutes looks ahead */
#define LN2_Q16		45426
#define PER_LN2_Q16	94548
#define Z90_Q10		1312	/* of a normal distribution: 1.2816 */
#define LIFT_Q10	1000	/* of p50 to p90: a chance of 1 in 10 */
#define SPIKE_Q10	(-768)	/* logit from which a spike is likely */
#define CLEAR		4	/* Q10: surely on one side of a line */

/* ln(1 + e^x): never below 0, about x for what is large. */
static s32 softplus(s32 x_q10)
{
	s64 exponent_q16 = (s64)x_q10 * PER_LN2_Q16 >> 10;
	u64 power_q16;

	if (x_q10 > 12 << 10)
		return x_q10;
	power_q16 = psh_fixed_exp2(exponent_q16);
	return (s64)(psh_fixed_log2(PSH_FIXED_ONE + power_q16) -
		     PSH_FIXED_SHIFT * PSH_FIXED_ONE) *
		       LN2_Q16 >>
	       22;
}

static u32 square_root(u64 x)
{
	return x ? psh_fixed_exp2(psh_fixed_log2(x) >> 1) >> 16 : 0;
}

static s32 times_q10(s32 x, s32 factor_q10)
{
	return (s64)x * factor_q10 >> 10;
}

/* A second-order model of the samples as they are. */
static void plain(struct psh_forecast *work)
{
	struct psh_arima model = { .p = 2 };
	const struct psh_load *load = &work->load;
	u32 i, spread;

	psh_arima_fit(&model, load->log_q10, load->nr);
	if (!model.variance)
		model.mean = load->log_q10[load->nr - 1];
	psh_arima_forecast(&model, load->log_q10, load->nr, work->steps,
			   work->plain, work->variance);
	for (i = 0; i < work->steps; i++) {
		struct psh_forecast_point *point = &work->point[i];

		spread = times_q10(square_root(work->variance[i]), Z90_Q10);
		point->middle = work->plain[i];
		point->low = point->middle - spread;
		point->high = point->middle + spread;
	}
}

/* The profile, and a second-order model of what it leaves. */
static void arima_of_rest(struct psh_forecast *work)
{
	const struct psh_seasonal *seasonal = &work->outlook.seasonal;
	struct psh_arima model = { .p = 2 };
	struct psh_load *load = &work->load;
	s32 *rest = load->sorted;
	u32 nr = load->nr < ARRAY_SIZE(load->sorted) ? load->nr :
						       ARRAY_SIZE(load->sorted);
	u32 i;

	for (i = 0; i < nr; i++)
		rest[i] = load->log_q10[load->nr - nr + i] -
			  seasonal->deviation[(nr * (DAY - 1) + i) % DAY];
	psh_arima_fit(&model, rest, nr);
	psh_arima_forecast(&model, rest, nr, work->steps, work->plain, NULL);
	for (i = 0; i < work->steps; i++)
		work->point[i].of[PSH_FORECASTER_ARIMA] =
			work->plain[i] + seasonal->deviation[i % DAY];
}

static void ask_simple_ones(struct psh_forecast *work)
{
	const struct psh_outlook *outlook = &work->outlook;
	const struct psh_seasonal *seasonal = &outlook->seasonal;
	const struct psh_load *load = &work->load;
	u32 i;

	work->present =
		1U << PSH_FORECASTER_NAIVE | 1U << PSH_FORECASTER_PROFILE |
		1U << PSH_FORECASTER_RECENT | 1U << PSH_FORECASTER_MEDIAN |
		1U << PSH_FORECASTER_ARIMA;
	if (load->nr >= WEEK + DAY)
		work->present |= 1U << PSH_FORECASTER_WEEK;
	for (i = 0; i < work->steps; i++) {
		s32 *of = work->point[i].of;

		of[PSH_FORECASTER_NAIVE] =
			load->log_q10[load->nr - DAY + i % DAY];
		of[PSH_FORECASTER_PROFILE] = psh_feature_base(outlook, i);
		of[PSH_FORECASTER_RECENT] = seasonal->recent[i % DAY];
		of[PSH_FORECASTER_MEDIAN] = seasonal->median[i % DAY];
		if (work->present & 1U << PSH_FORECASTER_WEEK)
			psh_seasonal_week(load->log_q10, load->nr, WEEK,
					  i % WEEK, &of[PSH_FORECASTER_WEEK]);
	}
	arima_of_rest(work);
}

static void recall(struct psh_forecast *work, const struct psh_lstm *network)
{
	s16 past[PSH_FEATURES_PAST];
	u32 back;

	psh_lstm_begin(network, &work->memory);
	for (back = PSH_FEATURE_HOURS; back && network->shape.units; back--) {
		psh_feature_past(&work->outlook, back, past);
		psh_lstm_step(network, &work->memory, past);
	}
	psh_lstm_settle(network, &work->memory);
}

static void ask_network(struct psh_forecast *work,
			const struct psh_lstm *network)
{
	s32 scale = work->outlook.scale, answer[PSH_LSTM_OUTPUTS];
	s16 row[PSH_FEATURES];
	u32 i;

	recall(work, network);
	work->present |= 1U << PSH_FORECASTER_NETWORK;
	for (i = 0; i < work->steps; i++) {
		struct psh_forecast_point *point = &work->point[i];
		s32 middle = psh_feature_base(&work->outlook, i);

		psh_feature_row(&work->outlook, i, row);
		psh_lstm_answer(network, &work->memory, row, answer);
		middle += times_q10(scale, answer[0]);
		point->of[PSH_FORECASTER_NETWORK] = middle;
		point->middle = middle;
		point->low = middle - times_q10(scale, softplus(answer[1]));
		point->high = middle + times_q10(scale, softplus(answer[2]));
	}
}

/* Without a network: the usual change from day to day, both ways. */
static void guess_bands(struct psh_forecast *work)
{
	u32 i;

	for (i = 0; i < work->steps; i++) {
		struct psh_forecast_point *point = &work->point[i];

		point->middle = point->of[PSH_FORECASTER_PROFILE];
		point->low = point->middle - work->outlook.scale;
		point->high = point->middle + work->outlook.scale;
	}
}

/* Bands stay where they are when the middle moves, and are as wide as needed. */
static void join(struct psh_forecast *work, const struct psh_ensemble *ensemble)
{
	u32 i;

	for (i = 0; i < work->steps; i++) {
		struct psh_forecast_point *point = &work->point[i];
		const s16 *widen_q10 =
			ensemble->widen_q10[psh_ensemble_band(i)];
		s32 below = point->middle - point->low;
		s32 above = point->high - point->middle;

		point->low = point->middle - times_q10(below, widen_q10[0]);
		point->high = point->middle + times_q10(above, widen_q10[1]);
		point->middle = psh_ensemble_mix(ensemble, i, point->of);
	}
}

/*
 * A median hardly ever says peak, because no single hour is likely to have one.
 * Where yesterday had one and p90 reaches the line, p50 of the next day goes to
 * just above it: that finds half again as many peaks and costs the error of p50
 * less than 1 %.
 */
static void call_peaks(struct psh_forecast *work)
{
	s32 line = psh_load_quantile(&work->load, WEEK, 90);
	u32 i;

	for (i = 0; i < work->steps; i++) {
		struct psh_forecast_point *point = &work->point[i];
		s32 reach = times_q10(point->high - point->middle, LIFT_Q10);

		if (i < DAY && point->of[PSH_FORECASTER_NAIVE] > line &&
		    point->middle <= line && point->middle + reach > line)
			point->middle = line + CLEAR;
		point->peak = point->middle > line;
	}
}

static void hours(struct psh_forecast *work, const struct psh_lstm *network,
		  const struct psh_ensemble *ensemble)
{
	struct psh_ensemble weighed = *ensemble;

	psh_feature_look(&work->outlook, work->load.log_q10, work->load.nr);
	ask_simple_ones(work);
	if (network && network->shape.inputs == PSH_FEATURES &&
	    network->shape.outputs >= 3)
		ask_network(work, network);
	else
		guess_bands(work);
	psh_ensemble_weigh(&weighed, work->present);
	join(work, &weighed);
}

static void minute_step(struct psh_forecast *work,
			const struct psh_lstm *network, u32 i)
{
	struct psh_forecast_point *point = &work->point[i];
	s32 scale = 2 * work->near.scale, answer[PSH_LSTM_OUTPUTS];
	s16 row[PSH_NEAR_FEATURES];

	psh_near_row(&work->near, i, row);
	psh_lstm_answer(network, &work->memory, row, answer);
	point->middle = work->near.base + times_q10(scale, answer[0]);
	point->low = point->middle - times_q10(scale, softplus(answer[1]));
	point->high = point->middle + times_q10(scale, softplus(answer[2]));
	point->peak = answer[3] > SPIKE_Q10;
}

/* The band and the alarm say the same: above the line is a spike. */
static void minutes(struct psh_forecast *work, const struct psh_lstm *network)
{
	s32 line = psh_load_spike_line(&work->load);
	u32 i;

	psh_near_look(&work->near, work->load.log_q10, work->load.nr, line);
	psh_lstm_begin(network, &work->memory);
	psh_lstm_settle(network, &work->memory);
	for (i = 0; i < work->steps && i < NEAR_STEPS; i++) {
		struct psh_forecast_point *point = &work->point[i];

		minute_step(work, network, i);
		if (point->peak && point->high < line + CLEAR)
			point->high = line + CLEAR;
		if (!point->peak && point->high > line - CLEAR)
			point->high = line - CLEAR;
		if (point->high < point->middle)
			point->high = point->middle;
	}
}

static void tell(const struct psh_forecast *work,
		 struct psh_forecast_step *result)
{
	u32 i;

	for (i = 0; i < work->steps; i++) {
		const struct psh_forecast_point *point = &work->point[i];
		s32 low = point->low, high = point->high;

		low = low < point->middle ? low : point->middle;
		high = high > point->middle ? high : point->middle;
		result[i].p10 = psh_load_value(&work->load, low);
		result[i].p50 = psh_load_value(&work->load, point->middle);
		result[i].p90 = psh_load_value(&work->load, high);
		result[i].peak = point->peak;
	}
}

int psh_forecast_make(struct psh_forecast *work,
		      const struct psh_forecast_networks *networks,
		      const struct psh_ensemble *ensemble, const u16 *code,
		      u32 nr, u32 step_s, u32 steps,
		      struct psh_forecast_step *result)
{
	const struct psh_lstm *network = networks->minutes;

	if (!nr)
		return -ENODATA;
	if (!steps || steps > PSH_FORECAST_STEPS)
		return -EINVAL;
	memset(work->point, 0, sizeof(work->point));
	work->steps = steps;
	psh_load_look(&work->load, code, nr);
	if (step_s == HOUR_S && work->load.nr >= HOURS_LEAST) {
		hours(work, networks->hours, ensemble);
		call_peaks(work);
		tell(work, result);
		return 0;
	}
	plain(work);
	if (step_s == FIVE_S && work->load.nr >= 2 * PSH_NEAR_DAY && network &&
	    network->shape.inputs == PSH_NEAR_FEATURES &&
	    network->shape.outputs >= 4 && !network->shape.units)
		minutes(work, network);
	tell(work, result);
	return 0;
}

static void score_hour(const struct psh_forecast *work,
		       struct psh_ensemble *ensemble, u32 hour, u64 came)
{
	const struct psh_forecast_point *point = &work->point[hour];
	bool below = came < psh_load_value(&work->load, point->low);
	bool above = came > psh_load_value(&work->load, point->high);
	u32 kind;

	for (kind = 0; kind < PSH_FORECASTER_NR; kind++) {
		u64 said = psh_load_value(&work->load, point->of[kind]);
		u64 loss = said > came ? said - came : came - said;

		if (work->present & 1U << kind)
			psh_ensemble_lose(ensemble, hour, kind, loss);
	}
	psh_ensemble_calibrate(ensemble, hour, below, above);
}

void psh_forecast_score(struct psh_forecast *work,
			const struct psh_forecast_networks *networks,
			struct psh_ensemble *ensemble, const u16 *code, u32 nr)
{
	u32 hour;

	if (nr < HOURS_LEAST + DAY)
		return;
	memset(work->point, 0, sizeof(work->point));
	work->steps = DAY;
	psh_load_look(&work->load, code, nr - DAY);
	hours(work, networks->hours, ensemble);
	psh_ensemble_fade(ensemble);
	for (hour = 0; hour < DAY; hour++)
		score_hour(work, ensemble, hour,
			   psh_series_value(code[nr - DAY + hour]));
}
