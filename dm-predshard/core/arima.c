// SPDX-License-Identifier: GPL-2.0
/*
 * arima: the recursions of ARIMA models.
 *
 * Called once per forecast. Samples are cut to 2^20 in size, so differences of
 * differences are below 2^22, products of two below 2^44 and the sum of 2^12
 * of them below 2^56. Coefficients are below 8 in Q12. Shocks of the past are
 * found by running the model over the last samples only: older ones do not
 * matter to a model that can be used.
 */
#include "arima.h"
#include "fixed.h"

#define RUN_IN		48	/* samples from which shocks are found */
#define MEAN_MOST	(4 * PSH_ARIMA_LIMIT)	/* as differences */
#define ONE_Q12		(1 << 12)
#define SAMPLES_MOST	4096	/* of a fit: the last ones */

const char *psh_arima_check(const struct psh_arima *model)
{
	u32 i, sum = 0;

	if (model->p > PSH_ARIMA_ORDER || model->q > PSH_ARIMA_ORDER)
		return "orders p and q of at most 4";
	if (model->d > PSH_ARIMA_DIFFERENCES)
		return "at most 2 differences";
	if (model->mean > MEAN_MOST || model->mean < -MEAN_MOST)
		return "a mean within 2^22";
	if (model->variance >> 44)
		return "a variance below 2^44";
	for (i = 0; i < model->q; i++)
		sum += model->theta_q12[i] < 0 ? -model->theta_q12[i] :
						 model->theta_q12[i];
	if (sum >= ONE_Q12)
		return "a moving average with a sum of sizes below 1";
	return NULL;
}

static s32 bounded(s64 x)
{
	return psh_fixed_clamp(x, -PSH_ARIMA_LIMIT, PSH_ARIMA_LIMIT);
}

/* The sample @back before the end, 1 for the last, after @d differences. */
static s32 difference(const s32 *end, u32 back, u32 d)
{
	const s32 *sample = end - back;

	if (d == 0)
		return bounded(sample[0]);
	if (d == 1)
		return bounded(sample[0]) - bounded(sample[-1]);
	return bounded(sample[0]) - 2 * bounded(sample[-1]) +
	       bounded(sample[-2]);
}

static s32 mean_of(const s32 *end, u32 nr, u32 d)
{
	s64 sum = 0;
	u32 back;

	for (back = 1; back <= nr; back++)
		sum += difference(end, back, d);
	return psh_fixed_divide(sum, nr);
}

static s64 autocovariance(const s32 *end, u32 nr, u32 d, s32 mean, u32 lag)
{
	s64 sum = 0;
	u32 back;

	for (back = 1; back + lag <= nr; back++)
		sum += (s64)(difference(end, back, d) - mean) *
		       (difference(end, back + lag, d) - mean);
	return psh_fixed_divide(sum, nr);
}

/* One order more: @gamma are the autocovariances, @left the variance left. */
static u64 levinson(struct psh_arima *model, u32 order, const s64 *gamma,
		    u64 left)
{
	s16 before[PSH_ARIMA_ORDER];
	s64 rest = gamma[order + 1], k_q12;
	u32 i;

	for (i = 0; i < order; i++) {
		before[i] = model->phi_q12[i];
		rest -= psh_fixed_shift(before[i] * gamma[order - i], 12);
	}
	k_q12 = psh_fixed_divide(rest * ONE_Q12, left ? left : 1);
	k_q12 = psh_fixed_clamp(k_q12, -ONE_Q12 + 16, ONE_Q12 - 16);
	for (i = 0; i < order; i++) {
		s64 phi = before[i];

		phi -= psh_fixed_shift(k_q12 * before[order - 1 - i], 12);
		model->phi_q12[i] = psh_fixed_clamp(phi, S16_MIN, S16_MAX);
	}
	model->phi_q12[order] = k_q12;
	return left -
	       (u64)psh_fixed_shift((s64)(left >> 12) * k_q12 * k_q12, 12);
}

void psh_arima_fit(struct psh_arima *model, const s32 *sample, u32 nr)
{
	const s32 *end = sample + nr;
	s64 gamma[PSH_ARIMA_ORDER + 1];
	u32 i, used;

	model->q = 0;
	memset(model->phi_q12, 0, sizeof(model->phi_q12));
	memset(model->theta_q12, 0, sizeof(model->theta_q12));
	model->mean = 0;
	model->variance = 0;
	if (nr <= 4U * (model->p + 1) + model->d)
		return;
	used = nr - model->d < SAMPLES_MOST ? nr - model->d : SAMPLES_MOST;
	model->mean = mean_of(end, used, model->d);
	for (i = 0; i <= model->p; i++)
		gamma[i] = autocovariance(end, used, model->d, model->mean, i);
	model->variance = gamma[0];
	for (i = 0; i < model->p; i++)
		model->variance = levinson(model, i, gamma, model->variance);
}

/* What the model expects after @value and @shock, the last ones first. */
static s64 expectation(const struct psh_arima *model, const s32 *value,
		       const s32 *shock)
{
	s64 sum_q12 = 0;
	u32 i;

	for (i = 0; i < model->p; i++)
		sum_q12 += (s64)model->phi_q12[i] * (value[i] - model->mean);
	for (i = 0; i < model->q; i++)
		sum_q12 += (s64)model->theta_q12[i] * shock[i];
	return psh_fixed_clamp(model->mean + psh_fixed_shift(sum_q12, 12),
			       -4LL * PSH_ARIMA_LIMIT, 4LL * PSH_ARIMA_LIMIT);
}

static void push(s32 *last, s32 value)
{
	memmove(last + 1, last, (PSH_ARIMA_ORDER - 1) * sizeof(*last));
	last[0] = value;
}

static void run_in(const struct psh_arima *model, const s32 *end, u32 nr,
		   s32 *value, s32 *shock)
{
	u32 back = nr > RUN_IN ? RUN_IN : nr, i;

	for (i = 0; i < PSH_ARIMA_ORDER; i++) {
		value[i] = model->mean;
		shock[i] = 0;
	}
	for (; back; back--) {
		s32 this = difference(end, back, model->d);
		s64 expected = expectation(model, value, shock);

		push(shock,
		     psh_fixed_clamp(this - expected, -8LL * PSH_ARIMA_LIMIT,
				     8LL * PSH_ARIMA_LIMIT));
		push(value, this);
	}
}

/*
 * Variance of each step: the sum of squares of the model's answer to one shock,
 * in Q12, differences added up again.
 */
static void spread(const struct psh_arima *model, u32 steps, u64 *variance)
{
	s32 value[PSH_ARIMA_ORDER] = {}, shock[PSH_ARIMA_ORDER] = {};
	struct psh_arima answer = *model;
	s64 sum = 0, total_q12[PSH_ARIMA_DIFFERENCES] = {};
	u64 squares_q12 = 0, this;
	u32 step, i;

	answer.mean = 0;
	for (step = 0; step < steps; step++) {
		s64 psi_q12 = step ? expectation(&answer, value, shock) :
				     ONE_Q12;

		push(value, psi_q12);
		push(shock, step ? 0 : ONE_Q12);
		sum = psi_q12;
		for (i = 0; i < model->d; i++) {
			total_q12[i] = bounded(total_q12[i] + sum);
			sum = total_q12[i];
		}
		sum = psh_fixed_clamp(sum, -ONE_Q12 * 16, ONE_Q12 * 16);
		squares_q12 += (u64)(sum * sum) >> 12;
		this = (model->variance >> 8) * squares_q12 >> 4;
		variance[step] = psh_fixed_clamp(this, 0, 1LL << 44);
	}
}

void psh_arima_forecast(const struct psh_arima *model, const s32 *sample,
			u32 nr, u32 steps, s32 *forecast, u64 *variance)
{
	const s32 *end = sample + nr;
	s32 value[PSH_ARIMA_ORDER], shock[PSH_ARIMA_ORDER];
	s64 last, slope = 0;
	u32 step;

	run_in(model, end, nr > model->d ? nr - model->d : 0, value, shock);
	last = bounded(end[-1]);
	if (model->d == 2 && nr > 1)
		slope = difference(end, 1, 1);
	for (step = 0; step < steps; step++) {
		s64 next = expectation(model, value, shock);

		push(value, next);
		push(shock, 0);
		slope = bounded(model->d == 2 ? slope + next : next);
		last = bounded(model->d ? last + slope : next);
		forecast[step] = last;
	}
	if (variance)
		spread(model, steps, variance);
}
