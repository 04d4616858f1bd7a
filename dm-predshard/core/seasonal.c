// SPDX-License-Identifier: GPL-2.0
/*
 * seasonal: medians over the same slot of the last days.
 *
 * Called once per forecast. Days are counted back from the end of the history,
 * not from midnight, so that the profile never has a seam within the day that
 * is forecast and needs no clock. Logarithms are below 2^20 in size, sums of 8
 * below 2^24: nothing here can overflow.
 */
#include "seasonal.h"

#define LEVEL_SAMPLES	24	/* a day's level is the median of so many */

s32 psh_seasonal_median(s32 *value, u32 nr)
{
	u32 i, j;

	for (i = 1; i < nr; i++) {
		s32 moved = value[i];

		for (j = i; j && value[j - 1] > moved; j--)
			value[j] = value[j - 1];
		value[j] = moved;
	}
	if (nr & 1)
		return value[nr / 2];
	return (value[nr / 2 - 1] + value[nr / 2]) >> 1;
}

/* The median of up to 24 means of neighbouring slots: cheap and as robust. */
static s32 day_level(const s32 *day, u32 period)
{
	u32 nr = period < LEVEL_SAMPLES ? period : LEVEL_SAMPLES;
	u32 run = period / nr, i, j;
	s32 mean[LEVEL_SAMPLES];

	for (i = 0; i < nr; i++) {
		s64 sum = 0;

		for (j = 0; j < run; j++)
			sum += day[i * run + j];
		mean[i] = run == 1 ? sum : (s32)sum / (s32)run;
	}
	return psh_seasonal_median(mean, nr);
}

/* Weights of 5/8 per day, to 1024 in all: the last of 1..8 days first. */
static s32 recent_mean(const s32 *value, u32 nr)
{
	s32 mean = value[nr - 1];
	u32 i;

	/* From the oldest on, each day takes over 3/8. */
	for (i = nr - 1; i; i--)
		mean += ((value[i - 1] - mean) * 3) >> 3;
	return mean;
}

static void learn_slot(struct psh_seasonal *seasonal, const s32 *end, u32 slot)
{
	s32 value[PSH_SEASONAL_DAYS], deviation[PSH_SEASONAL_DAYS];
	u32 day;

	for (day = 0; day < seasonal->days; day++) {
		value[day] = *(end - (day + 1) * seasonal->period + slot);
		deviation[day] = value[day] - seasonal->level[day];
	}
	seasonal->recent[slot] = recent_mean(value, seasonal->days);
	seasonal->median[slot] = psh_seasonal_median(value, seasonal->days);
	seasonal->low[slot] = value[0];
	seasonal->high[slot] = value[seasonal->days - 1];
	seasonal->deviation[slot] =
		psh_seasonal_median(deviation, seasonal->days);
}

void psh_seasonal_learn(struct psh_seasonal *seasonal, const s32 *log_q10,
			u32 nr, u32 period)
{
	const s32 *end = log_q10 + nr;
	u32 day, slot;

	seasonal->period = period;
	seasonal->days = nr / period;
	if (seasonal->days > PSH_SEASONAL_DAYS)
		seasonal->days = PSH_SEASONAL_DAYS;
	for (day = 0; day < seasonal->days; day++)
		seasonal->level[day] =
			day_level(end - (day + 1) * period, period);
	for (slot = 0; slot < period && seasonal->days; slot++)
		learn_slot(seasonal, end, slot);
}

u32 psh_seasonal_week(const s32 *log_q10, u32 nr, u32 week, u32 ahead,
		      s32 *value)
{
	s32 same[PSH_SEASONAL_DAYS];
	u32 weeks;

	for (weeks = 0; weeks < PSH_SEASONAL_DAYS; weeks++) {
		if (nr + ahead < (weeks + 1) * week)
			break;
		same[weeks] = log_q10[nr + ahead - (weeks + 1) * week];
	}
	if (weeks)
		*value = psh_seasonal_median(same, weeks);
	return weeks;
}
