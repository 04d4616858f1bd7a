// SPDX-License-Identifier: GPL-2.0
/*
 * peak: one pass over the steps, then a look at the present.
 *
 * Called by decide. Loads are cut to 2^48, so that times 1024 they stay below
 * 2^58; in sums to 2^36, so that a day's 2^17 seconds of 96 steps stay below
 * 2^60.
 */
#include "fixed.h"
#include "peak.h"

#define UNITS_MOST ((1ULL << 36) - 1) /* per second, in sums */

static u64 cut(u64 amount)
{
	return amount < PSH_PEAK_AMOUNT_MOST ? amount : PSH_PEAK_AMOUNT_MOST;
}

static s64 bounded(s64 time_s)
{
	return psh_fixed_clamp(time_s, -PSH_PEAK_TIME_MOST, PSH_PEAK_TIME_MOST);
}

u64 psh_peak_load(const struct psh_peak_view *view,
		  const struct psh_forecast_step *step)
{
	u64 p50 = cut(step->p50), p90 = cut(step->p90);

	if (p90 <= p50)
		return p50;
	return p50 + ((p90 - p50) * view->trust_q10 >> 10);
}

/* From @high where @line is at @from to @low where it is at @to. */
static u32 between(u64 line, u64 from, u64 to, u32 low, u32 high)
{
	if (to <= from)
		return high;
	return low + div64_u64((to - line) * (high - low), to - from);
}

u32 psh_peak_chance(const struct psh_forecast_step *step, u64 line)
{
	u64 p10 = cut(step->p10), p50 = cut(step->p50), p90 = cut(step->p90);

	line = cut(line);
	if (line < p10)
		return 950;
	if (line <= p50)
		return between(line, p10, p50, 500, 900);
	if (line <= p90)
		return between(line, p50, p90, 100, 500);
	return 50;
}

s64 psh_peak_start(s64 peak_s, u64 bytes, u64 rate_Bps, u32 margin_s)
{
	u64 takes_s = div64_u64(cut(bytes), rate_Bps ? rate_Bps : 1);

	return bounded(peak_s) - (s64)takes_s - margin_s;
}

static u64 units_of(u64 load, u32 seconds)
{
	return (load < UNITS_MOST ? load : UNITS_MOST) * seconds;
}

static void take(const struct psh_peak_view *view, u32 at, u64 load,
		 struct psh_peak *peak)
{
	u32 permille = psh_peak_chance(&view->step[at], view->high);

	peak->end_s = view->first_s + (s64)(at + 1) * view->step_s;
	peak->units += units_of(load, view->step_s);
	if (load > peak->top)
		peak->top = load;
	if (permille > peak->permille)
		peak->permille = permille;
}

static void look_ahead(const struct psh_peak_view *view, struct psh_peak *peak)
{
	u32 i;

	for (i = 0; view->step && i < view->steps; i++) {
		u64 load = psh_peak_load(view, &view->step[i]);
		s64 begin_s = view->first_s + (s64)i * view->step_s;

		if (begin_s + view->step_s <= view->now_s)
			continue;
		if (peak->kind && load < view->low)
			return;
		if (!peak->kind) {
			if (load < view->high)
				continue;
			peak->kind = PSH_PEAK_FORECAST;
			peak->begin_s = begin_s;
			peak->on = begin_s <= view->now_s;
		}
		take(view, i, load, peak);
	}
}

/* What is now counts more than what was forecast of now. */
static void look_now(const struct psh_peak_view *view, struct psh_peak *peak)
{
	u64 load = cut(view->load);
	bool above = load >= view->high;

	if (!above && !(view->spike && load >= view->low))
		return;
	if (!peak->on) {
		peak->end_s = view->now_s + view->hold_s;
		peak->units = units_of(load, view->hold_s);
		peak->top = 0;
	}
	peak->kind = above ? PSH_PEAK_LOAD : PSH_PEAK_SPIKE;
	peak->on = true;
	peak->begin_s = view->now_s;
	peak->permille = 1000;
	if (load > peak->top)
		peak->top = load;
}

void psh_peak_look(const struct psh_peak_view *view, struct psh_peak *peak)
{
	memset(peak, 0, sizeof(*peak));
	if (!view->high)
		return;
	look_ahead(view, peak);
	look_now(view, peak);
}
