/* SPDX-License-Identifier: GPL-2.0 */
/*
 * score: rows of hours that came, with what had been said of them.
 *
 * Data only; tests/unit/score_test.c and the KUnit suite compare the same rows.
 * A load alternates between two values from day to day; each hour the same is
 * said at all distances.
 */
#ifndef PSH_VECTORS_SCORE_H
#define PSH_VECTORS_SCORE_H

#include "../../dm-predshard/core/score.h"
#include "../../dm-predshard/core/series.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct score_row {
	const char *name;
	u32 hours;	/* that are lived through */
	u64 even;	/* load of even days */
	u64 odd;	/* and of odd ones */
	u64 low;	/* what is said */
	u64 middle;
	u64 high;
	u32 scored[PSH_SCORE_AHEADS];
	u32 error[PSH_SCORE_AHEADS];	/* permille */
	u32 inside[PSH_SCORE_AHEADS];	/* permille */
};

static const struct score_row score_rows[] = {
	{ "nothing has come", 0, 0, 0, 0, 0, 0,
	  { 0, 0, 0 }, { 1000, 1000, 1000 }, { 0, 0, 0 } },
	{ "nothing to compare with on the first day", 24, 100, 100, 90, 100, 110,
	  { 0, 0, 0 }, { 1000, 1000, 1000 }, { 0, 0, 0 } },
	{ "a constant load has no error", 100, 100, 100, 90, 100, 110,
	  { 76, 76, 28 }, { 1000, 1000, 1000 }, { 1000, 1000, 1000 } },
	{ "worse than what repeats itself", 100, 100, 100, 90, 120, 130,
	  { 76, 76, 28 }, { 99999, 99999, 99999 }, { 1000, 1000, 1000 } },
	{ "half way between is half as wrong", 120, 100, 200, 90, 150, 210,
	  { 96, 96, 48 }, { 500, 500, 500 }, { 1000, 1000, 1000 } },
	{ "outside the band", 100, 100, 200, 140, 150, 160,
	  { 76, 76, 28 }, { 500, 500, 500 }, { 0, 0, 0 } },
	{ "the highest loads do not overflow", 300,
	  PSH_SERIES_VALUE_MOST, 0, 0, 0, U64_MAX,
	  { 276, 276, 228 }, { 489, 489, 483 }, { 1000, 1000, 1000 } },
};

/* clang-format on */

static inline void score_run_row(const struct score_row *row,
				 struct psh_score *score)
{
	static u16 code[300];
	struct psh_score_said said = {
		.low = psh_series_code(row->low),
		.middle = psh_series_code(row->middle),
		.high = psh_series_code(row->high),
	};
	u32 hour, ahead;

	psh_score_begin(score);
	for (hour = 0; hour < row->hours; hour++) {
		for (ahead = 0; ahead < PSH_SCORE_AHEADS; ahead++) {
			said.hour = 1000 + hour + psh_score_ahead(ahead) - 1;
			psh_score_say(score, ahead, &said);
		}
		code[hour] =
			psh_series_code(hour / 24 % 2 ? row->odd : row->even);
		psh_score_came(score, 1000 + hour, code, hour + 1);
	}
}

#endif /* PSH_VECTORS_SCORE_H */
