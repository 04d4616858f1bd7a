/* SPDX-License-Identifier: GPL-2.0 */
/*
 * score: how good the forecasts of one metric turned out.
 *
 * Keeps what was said of each hour an hour, a day and three days before, and
 * when that hour has come compares it with what did: the error of p50 beside
 * that of seasonal naive (the same hour of the last day that was known then),
 * and how often the load was within p10..p90. Running means over the last 128
 * hours, 1.2 KB. It makes no forecast, and the forecasters do not learn from it.
 */
#ifndef PSH_SCORE_H
#define PSH_SCORE_H

#include "base.h"

#define PSH_SCORE_AHEADS 3
#define PSH_SCORE_ROOM 97 /* 1 + 24 + 72 hours */
#define PSH_SCORE_HISTORY 73 /* hours that a comparison looks at */
#define PSH_SCORE_MOST 99999 /* permille */

/**
 * struct psh_score_said - a forecast of one hour, as psh_series_code() makes it
 * @hour: since the clock's beginning; 0 for nothing said
 * @low: p10
 * @middle: p50
 * @high: p90
 */
struct psh_score_said {
	u32 hour;
	u16 low;
	u16 middle;
	u16 high;
};

/**
 * struct psh_score_row - how forecasts of one distance did
 * @error_q8: mean distance of p50 from what came
 * @naive_q8: likewise of seasonal naive
 * @inside_q16: share of hours within p10..p90
 * @scored: hours, sticks
 */
struct psh_score_row {
	s64 error_q8;
	s64 naive_q8;
	s32 inside_q16;
	u32 scored;
};

/**
 * struct psh_score - one metric
 * @row: by distance: an hour, a day, three days ahead
 * @said: what waits for its hour, by distance one after the other
 */
struct psh_score {
	struct psh_score_row row[PSH_SCORE_AHEADS];
	struct psh_score_said said[PSH_SCORE_ROOM];
};

/**
 * psh_score_ahead() - how far ahead a row looks
 * @row: 0..%PSH_SCORE_AHEADS - 1
 *
 * Return: hours, 1 for the hour that begins when the forecast is made.
 */
u32 psh_score_ahead(u32 row);

/**
 * psh_score_begin() - nothing was said
 * @score: the metric
 */
void psh_score_begin(struct psh_score *score);

/**
 * psh_score_say() - a forecast was made
 * @score: the metric
 * @row: of the distance psh_score_ahead(@row)
 * @said: the forecast of that hour
 */
void psh_score_say(struct psh_score *score, u32 row,
		   const struct psh_score_said *said);

/**
 * psh_score_came() - an hour is over
 * @score: the metric
 * @hour: which, since the clock's beginning
 * @code: the history up to it, oldest first, of which it is the last
 * @nr: hours in @code; the last %PSH_SCORE_HISTORY are enough
 *
 * What was said of it counts, where the hour that seasonal naive would repeat
 * is known too. No division.
 */
void psh_score_came(struct psh_score *score, u32 hour, const u16 *code, u32 nr);

/**
 * psh_score_error() - the error as a share of that of seasonal naive
 * @row: one distance
 *
 * Return: permille, less is better, at most %PSH_SCORE_MOST; 1000 where neither
 * had one.
 */
u32 psh_score_error(const struct psh_score_row *row);

/**
 * psh_score_inside() - how often the load was within p10..p90
 * @row: one distance
 *
 * Return: permille; it should be 800.
 */
u32 psh_score_inside(const struct psh_score_row *row);

#endif /* PSH_SCORE_H */
