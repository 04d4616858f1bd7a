/* SPDX-License-Identifier: GPL-2.0 */
/*
 * near: what the network is told about the next quarter of an hour.
 *
 * Turns a history at 5-minute steps into one row of small numbers per step
 * ahead: the last samples, recent means, the same slot on earlier days and the
 * same minute of earlier hours, and how often each of them was a spike. A
 * spike is a sample above the line, which lies as far above the day's 95th
 * percentile as that lies above its median. It raises no alarm itself.
 */
#ifndef PSH_NEAR_H
#define PSH_NEAR_H

#include "seasonal.h"

#define PSH_NEAR_FEATURES	36
#define PSH_NEAR_DAY		288	/* steps */

/**
 * struct psh_near - what is common to all steps ahead; logarithms in Q10
 * @seasonal: profile of the day
 * @log_q10: history, oldest first
 * @nr: samples of history, at least one day
 * @base: forecast that the rows are distances from
 * @scale: mean change from step to step in the last day, at least 1/64
 * @per_scale_q26: its reciprocal
 * @line: above it a sample is a spike
 * @common: features that do not depend on the step ahead
 */
struct psh_near {
	struct psh_seasonal seasonal;
	const s32 *log_q10;
	u32 nr;
	s32 base;
	s32 scale;
	u32 per_scale_q26;
	s32 line;
	s16 common[PSH_NEAR_FEATURES];
};

/**
 * psh_near_look() - prepare for the steps ahead
 * @near: result
 * @log_q10: history at 5-minute steps, logarithms to base 2, oldest first
 * @nr: samples, at least %PSH_NEAR_DAY
 * @line: the line, from psh_near_line()
 */
void psh_near_look(struct psh_near *near, const s32 *log_q10, u32 nr, s32 line);

/**
 * psh_near_row() - the features of one step ahead
 * @near: from psh_near_look()
 * @step: steps ahead, 0 for the next one
 * @row: result, Q8, each within 8
 */
void psh_near_row(const struct psh_near *near, u32 step,
		  s16 row[PSH_NEAR_FEATURES]);

#endif /* PSH_NEAR_H */
