/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arima: ARIMA(p, d, q) with orders and coefficients given at run time.
 *
 * Forecasts any number of steps ahead from a model and a history, with the
 * variance of each step; fits the autoregressive part to a history by the
 * Levinson-Durbin recursion, which always gives a stable model. A moving
 * average part is used when given, not fitted. Forecasts and variances of
 * models that grow without bound stick at their limits.
 */
#ifndef PSH_ARIMA_H
#define PSH_ARIMA_H

#include "base.h"

#define PSH_ARIMA_ORDER		4	/* highest p and q */
#define PSH_ARIMA_DIFFERENCES	2	/* highest d */
#define PSH_ARIMA_STEPS		96	/* most steps ahead */
#define PSH_ARIMA_LIMIT		(1 << 20)	/* of samples and forecasts */

/**
 * struct psh_arima - a model
 * @p: order of the autoregressive part
 * @d: differences taken
 * @q: order of the moving average
 * @phi_q12: autoregressive coefficients, of the last sample first
 * @theta_q12: coefficients of the moving average, of the last shock first
 * @mean: mean of the differenced samples
 * @variance: of a shock, in squared units
 */
struct psh_arima {
	u8 p;
	u8 d;
	u8 q;
	s16 phi_q12[PSH_ARIMA_ORDER];
	s16 theta_q12[PSH_ARIMA_ORDER];
	s32 mean;
	u64 variance;
};

/**
 * psh_arima_check() - may a model be used
 * @model: from anywhere
 *
 * Return: NULL, or what was expected of it.
 */
const char *psh_arima_check(const struct psh_arima *model);

/**
 * psh_arima_fit() - coefficients and variance from a history
 * @model: @p and @d are read, all else is set; @q becomes 0
 * @sample: history, oldest first, each within %PSH_ARIMA_LIMIT
 * @nr: samples; more than 4 * (@p + 1) + @d, else the model is a constant
 *
 * @p + 2 multiplications per sample; divides @p + 3 times.
 */
void psh_arima_fit(struct psh_arima *model, const s32 *sample, u32 nr);

/**
 * psh_arima_forecast() - steps ahead
 * @model: one that psh_arima_check() has nothing against
 * @sample: history, oldest first, each within %PSH_ARIMA_LIMIT
 * @nr: samples, at least 1
 * @steps: steps ahead, 1..%PSH_ARIMA_STEPS
 * @forecast: result, one per step
 * @variance: result, one per step, or NULL
 */
void psh_arima_forecast(const struct psh_arima *model, const s32 *sample,
			u32 nr, u32 steps, s32 *forecast, u64 *variance);

#endif /* PSH_ARIMA_H */
