/* SPDX-License-Identifier: GPL-2.0 */
/*
 * peak: rows for the next peak, for chances and for beginnings.
 *
 * Data only; tests/unit/peak_test.c and the KUnit suite compare the same rows.
 * Steps are hours from 0 on; p10 is half and p90 twice of p50.
 */
#ifndef PSH_VECTORS_PEAK_H
#define PSH_VECTORS_PEAK_H

#include "../../dm-predshard/core/peak.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define PEAK_STEPS	8
#define HOUR		3600LL

struct peak_row {
	const char *name;
	u64 p50[PEAK_STEPS];
	u32 steps;
	s64 now_s;
	u64 load;
	bool spike;
	u32 trust_q10;
	struct psh_peak peak;	/* lines are at 800 and 500 */
};

static const struct peak_row peak_rows[] = {
	{ "no forecast, no load", { 0 }, 0, 0, 0, false, 0, { 0 } },
	{ "nothing above the line", { 799, 799, 799 }, 3, 0, 10, false, 0,
	  { 0 } },
	{ "the line is a peak", { 100, 800, 100 }, 3, 0, 10, false, 0,
	  { PSH_PEAK_FORECAST, false, HOUR, 2 * HOUR, 800, 500, 800 * HOUR } },
	{ "half the way to p90 counts", { 100, 600, 100 }, 3, 0, 10, false, 512,
	  { PSH_PEAK_FORECAST, false, HOUR, 2 * HOUR, 900, 366, 900 * HOUR } },
	{ "what stays above the lower line is one peak",
	  { 100, 900, 600, 900, 499, 900 }, 6, 0, 10, false, 0,
	  { PSH_PEAK_FORECAST, false, HOUR, 4 * HOUR, 900, 588,
	    2400 * HOUR } },
	{ "steps that are over do not count", { 900, 100, 900 }, 3, HOUR, 10,
	  false, 0,
	  { PSH_PEAK_FORECAST, false, 2 * HOUR, 3 * HOUR, 900, 588,
	    900 * HOUR } },
	{ "a step that has begun is on", { 900, 100 }, 2, 10, 10, false, 0,
	  { PSH_PEAK_FORECAST, true, 0, HOUR, 900, 588, 900 * HOUR } },
	{ "the load now is a peak", { 100, 100 }, 2, 10, 800, false, 0,
	  { PSH_PEAK_LOAD, true, 10, 1810, 800, 1000, 800 * 1800 } },
	{ "a load below the line is none", { 100, 100 }, 2, 10, 799, false, 0,
	  { 0 } },
	{ "a spike counts from the lower line", { 100, 100 }, 2, 10, 500, true,
	  0, { PSH_PEAK_SPIKE, true, 10, 1810, 500, 1000, 500 * 1800 } },
	{ "a spike below that is none", { 100, 100 }, 2, 10, 499, true, 0,
	  { 0 } },
	{ "the load in a peak that was forecast", { 900, 900, 100 }, 3, 10,
	  1000, false, 0,
	  { PSH_PEAK_LOAD, true, 10, 2 * HOUR, 1000, 1000, 1800 * HOUR } },
	{ "the load before a peak that was forecast", { 100, 900, 100 }, 3, 10,
	  820, false, 0,
	  { PSH_PEAK_LOAD, true, 10, 1810, 820, 1000, 820 * 1800 } },
	{ "the highest loads do not overflow",
	  { U64_MAX, U64_MAX, U64_MAX, U64_MAX }, 4, 0, U64_MAX, false, 1024,
	  { PSH_PEAK_LOAD, true, 0, 4 * HOUR, PSH_PEAK_AMOUNT_MOST, 1000,
	    ((1ULL << 36) - 1) * 4 * HOUR } },
};

struct peak_chance_row {
	const char *name;
	struct psh_forecast_step step;	/* p10, p50, p90 */
	u64 line;
	u32 permille;
};

static const struct peak_chance_row peak_chance_rows[] = {
	{ "below p10", { 100, 200, 400 }, 99, 950 },
	{ "at p10", { 100, 200, 400 }, 100, 900 },
	{ "between p10 and p50", { 100, 200, 400 }, 150, 700 },
	{ "at p50", { 100, 200, 400 }, 200, 500 },
	{ "between p50 and p90", { 100, 200, 400 }, 300, 300 },
	{ "at p90", { 100, 200, 400 }, 400, 100 },
	{ "above p90", { 100, 200, 400 }, 401, 50 },
	{ "no band, below", { 200, 200, 200 }, 199, 950 },
	{ "no band, on it", { 200, 200, 200 }, 200, 900 },
	{ "no band, above", { 200, 200, 200 }, 201, 50 },
	{ "quantiles upside down", { 400, 200, 100 }, 300, 950 },
	{ "the highest numbers", { 0, U64_MAX, U64_MAX }, U64_MAX, 500 },
};

struct peak_start_row {
	const char *name;
	s64 peak_s;
	u64 bytes;
	u64 rate_Bps;
	u32 margin_s;
	s64 start_s;
};

static const struct peak_start_row peak_start_rows[] = {
	{ "a hundred seconds of copying", 10000, 1000, 10, 600, 9300 },
	{ "nothing to copy", 10000, 0, 10, 600, 9400 },
	{ "a rate of 0 counts as 1", 10000, 1000, 0, 600, 8400 },
	{ "in the past", 100, 1000, 1, 600, -1500 },
	{ "the end of time", S64_MAX, U64_MAX, 1, U32_MAX,
	  (1LL << 60) - ((1LL << 48) - 1) - 4294967295LL },
	{ "before time", S64_MIN, U64_MAX, 1, U32_MAX,
	  -(1LL << 60) - ((1LL << 48) - 1) - 4294967295LL },
};

static inline void peak_run_row(const struct peak_row *row,
				struct psh_peak *peak)
{
	struct psh_forecast_step step[PEAK_STEPS];
	struct psh_peak_view view = {
		.step = step,
		.steps = row->steps,
		.step_s = HOUR,
		.now_s = row->now_s,
		.load = row->load,
		.spike = row->spike,
		.high = 800,
		.low = 500,
		.trust_q10 = row->trust_q10,
		.hold_s = 1800,
	};
	u32 i;

	for (i = 0; i < PEAK_STEPS; i++) {
		step[i].p10 = row->p50[i] / 2;
		step[i].p50 = row->p50[i];
		step[i].p90 = row->p50[i] > U64_MAX / 2 ? U64_MAX :
							  2 * row->p50[i];
	}
	psh_peak_look(&view, peak);
}

#undef HOUR

#endif /* PSH_VECTORS_PEAK_H */
