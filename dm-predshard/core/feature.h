/* SPDX-License-Identifier: GPL-2.0 */
/*
 * feature: what the network is told about one hour ahead.
 *
 * Turns an hourly history into one row of small numbers per hour ahead: the
 * same hour of the last days, its neighbours, the profile, recent levels, all
 * as distances from a base forecast in units of the usual day-to-day change,
 * plus a few numbers on the series as a whole. Training and forecasting use
 * this same code, so that they cannot differ. It forecasts nothing itself but
 * the base.
 */
#ifndef PSH_FEATURE_H
#define PSH_FEATURE_H

#include "seasonal.h"

#define PSH_FEATURES		40
#define PSH_FEATURES_PAST	4	/* of one past hour */
#define PSH_FEATURE_HOURS	48	/* past hours that are told */
#define PSH_FEATURE_SHIFT	8	/* Q8 */
#define PSH_FEATURE_LIMIT	(8 << PSH_FEATURE_SHIFT)

/**
 * struct psh_outlook - what is common to all hours ahead; logarithms in Q10
 * @seasonal: profile of the day
 * @log_q10: history, oldest first
 * @nr: samples of history, at least one day
 * @scale: mean change from day to day, at least 1/32
 * @per_scale_q26: its reciprocal
 * @level: level of the last days, profile taken out
 * @last: the last sample's distance from @level, profile taken out
 * @phi_q10: how much of it is left one hour later, 0..1
 * @common: features that do not depend on the hour ahead
 */
struct psh_outlook {
	struct psh_seasonal seasonal;
	const s32 *log_q10;
	u32 nr;
	s32 scale;
	u32 per_scale_q26;
	s32 level;
	s32 last;
	s32 phi_q10;
	s16 common[PSH_FEATURES];
};

/**
 * psh_feature_look() - prepare for the hours ahead
 * @outlook: result
 * @log_q10: hourly history, logarithms to base 2, oldest first
 * @nr: samples, at least 24
 */
void psh_feature_look(struct psh_outlook *outlook, const s32 *log_q10, u32 nr);

/**
 * psh_feature_base() - profile plus what is left of the last deviation
 * @outlook: from psh_feature_look()
 * @hour: hours ahead, 0 for the next one
 *
 * Return: logarithm in Q10.
 */
s32 psh_feature_base(const struct psh_outlook *outlook, u32 hour);

/**
 * psh_feature_row() - the features of one hour ahead
 * @outlook: from psh_feature_look()
 * @hour: hours ahead, 0 for the next one
 * @row: result, Q8, each within 8
 */
void psh_feature_row(const struct psh_outlook *outlook, u32 hour,
		     s16 row[PSH_FEATURES]);

/**
 * psh_feature_past() - what one past hour was like
 * @outlook: from psh_feature_look()
 * @back: hours back, 1 for the last sample
 * @row: result, Q8, each within 8; 0 before the history begins
 */
void psh_feature_past(const struct psh_outlook *outlook, u32 back,
		      s16 row[PSH_FEATURES_PAST]);

#endif /* PSH_FEATURE_H */
