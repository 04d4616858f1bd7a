/* SPDX-License-Identifier: GPL-2.0 */
/*
 * peak: the next time that a load is above a line.
 *
 * Found in a forecast by quantiles, of which p50 plus a share of the way to p90
 * is reckoned with, or in what the load is now. It ends below a second, lower
 * line, so that a load which wavers around the first is one peak. Also says how
 * likely a forecast is above a line, and when to begin with what has to be
 * ready. It takes no decision and reads no clock.
 */
#ifndef PSH_PEAK_H
#define PSH_PEAK_H

#include "forecast.h"

#define PSH_PEAK_AMOUNT_MOST	((1ULL << 48) - 1)
#define PSH_PEAK_TIME_MOST	(1LL << 60)

/**
 * struct psh_peak_view - one load, ahead and now
 * @step: forecast in units per second, or NULL
 * @steps: how many, at most %PSH_FORECAST_STEPS
 * @step_s: seconds of a step, 1..86400
 * @first_s: when the first begins; steps that are over do not count
 * @now_s: the caller's clock
 * @load: now, per second
 * @spike: the detector says that it is a spike; then the lower line counts
 * @high: the line; 0 for none
 * @low: the line down
 * @trust_q10: share of the way from p50 to p90, 0..1024
 * @hold_s: how long a peak that is only seen now is taken to last, below 2^20
 *
 * Times are within 2^60 s of 1970, loads above 2^48 count as that.
 */
struct psh_peak_view {
	const struct psh_forecast_step *step;
	u32 steps;
	u32 step_s;
	s64 first_s;
	s64 now_s;
	u64 load;
	bool spike;
	u64 high;
	u64 low;
	u32 trust_q10;
	u32 hold_s;
};

enum psh_peak_kind {
	PSH_PEAK_NONE,
	PSH_PEAK_FORECAST,
	PSH_PEAK_LOAD,		/* the load is above the line */
	PSH_PEAK_SPIKE,		/* it is a spike, above the lower line */
};

/**
 * struct psh_peak - what was found
 * @kind: where; all else is 0 if nowhere
 * @on: it has begun
 * @begin_s: of its first step; now if it is seen now
 * @end_s: of its last step
 * @top: highest load that is reckoned with
 * @permille: chance of its likeliest step; 1000 if it is seen now
 * @units: in all its steps, below 2^60
 */
struct psh_peak {
	enum psh_peak_kind kind;
	bool on;
	s64 begin_s;
	s64 end_s;
	u64 top;
	u32 permille;
	u64 units;
};

/**
 * psh_peak_look() - find the peak that is on, or the next one
 * @view: what to look at
 * @peak: result
 */
void psh_peak_look(const struct psh_peak_view *view, struct psh_peak *peak);

/**
 * psh_peak_load() - what is reckoned with in one step
 * @view: for the trust
 * @step: the forecast
 *
 * Return: p50 and a share of what p90 is above it.
 */
u64 psh_peak_load(const struct psh_peak_view *view,
		  const struct psh_forecast_step *step);

/**
 * psh_peak_chance() - how likely a forecast is above a line
 * @step: the forecast
 * @line: the line
 *
 * Straight lines between the quantiles, and no more than they say.
 *
 * Return: permille, 50..950.
 */
u32 psh_peak_chance(const struct psh_forecast_step *step, u64 line);

/**
 * psh_peak_start() - when to begin, to be done in time
 * @peak_s: when it has to be ready
 * @bytes: to be moved; above 2^48 counts as that
 * @rate_Bps: how fast; 0 counts as 1
 * @margin_s: to be ready before that
 *
 * Return: @peak_s - @bytes / @rate_Bps - @margin_s.
 */
s64 psh_peak_start(s64 peak_s, u64 bytes, u64 rate_Bps, u32 margin_s);

#endif /* PSH_PEAK_H */
