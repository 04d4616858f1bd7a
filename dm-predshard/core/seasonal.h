/* SPDX-License-Identifier: GPL-2.0 */
/*
 * seasonal: what is usual at this time of day, and at this hour of the week.
 *
 * A profile of one day, made of the last days by medians, so that one odd day
 * or one lost sample moves nothing: per slot of the day the deviation from its
 * day's level, the median, the extremes and a mean that forgets. It needs one
 * day, is better with three and uses eight. It says nothing about how today
 * differs from usual: that is arima's.
 */
#ifndef PSH_SEASONAL_H
#define PSH_SEASONAL_H

#include "base.h"

#define PSH_SEASONAL_DAYS	8
#define PSH_SEASONAL_SLOTS	288	/* 5 min */

/**
 * struct psh_seasonal - the profile of a day; logarithms in Q10
 * @period: slots per day
 * @days: whole days that it is made of, 0..8
 * @level: median of each day, the last day first
 * @deviation: median over the days of slot minus the day's level
 * @median: median over the days
 * @recent: mean over the days, each day back counts 5/8 of the one after it
 * @high: highest of the days
 * @low: lowest of the days
 *
 * Slot 0 is the first sample after the end of the history.
 */
struct psh_seasonal {
	u32 period;
	u32 days;
	s32 level[PSH_SEASONAL_DAYS];
	s32 deviation[PSH_SEASONAL_SLOTS];
	s32 median[PSH_SEASONAL_SLOTS];
	s32 recent[PSH_SEASONAL_SLOTS];
	s32 high[PSH_SEASONAL_SLOTS];
	s32 low[PSH_SEASONAL_SLOTS];
};

/**
 * psh_seasonal_learn() - make the profile anew
 * @seasonal: the profile
 * @log_q10: history, oldest first
 * @nr: samples of history
 * @period: slots per day, 1..288
 *
 * About 500 operations per slot of the day.
 */
void psh_seasonal_learn(struct psh_seasonal *seasonal, const s32 *log_q10,
			u32 nr, u32 period);

/**
 * psh_seasonal_week() - the usual at the same hour of the week
 * @log_q10: history, oldest first
 * @nr: samples of history
 * @week: samples of a week
 * @ahead: samples after the end of the history, 0 for the next one; less
 *	   than @week
 * @value: result, median of up to 8 weeks; untouched without a result
 *
 * Return: how many weeks it is made of; 0 for none.
 */
u32 psh_seasonal_week(const s32 *log_q10, u32 nr, u32 week, u32 ahead,
		      s32 *value);

/**
 * psh_seasonal_median() - median of a few numbers
 * @value: the numbers; they are sorted
 * @nr: how many, at least 1
 *
 * Insertion sort: for up to some tens of numbers.
 *
 * Return: the median; of an even number the mean of the middle two.
 */
s32 psh_seasonal_median(s32 *value, u32 nr);

#endif /* PSH_SEASONAL_H */
