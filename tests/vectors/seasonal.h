/* SPDX-License-Identifier: GPL-2.0 */
/*
 * seasonal: rows for medians and for the profile of a day.
 *
 * Data only; tests/unit/seasonal_test.c and the KUnit suite compare the same
 * rows. Days have four slots here.
 */
#ifndef PSH_VECTORS_SEASONAL_H
#define PSH_VECTORS_SEASONAL_H

#include "../../dm-predshard/core/seasonal.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct seasonal_median_row {
	const char *name;
	u32 nr;
	s32 value[5];
	s32 median;
};

static const struct seasonal_median_row seasonal_median_rows[] = {
	{ "of one", 1, { 7 }, 7 },
	{ "of two is between", 2, { 10, 4 }, 7 },
	{ "of three is the middle one", 3, { 9, -9, 1 }, 1 },
	{ "one odd number moves nothing", 5, { 3, 1 << 20, 2, 3, 4 }, 3 },
	{ "of four is between the middle two", 4, { 4, 1, 3, 2 }, 2 },
	{ "of all alike", 5, { 6, 6, 6, 6, 6 }, 6 },
};

#define SEASONAL_PERIOD		4
#define SEASONAL_HISTORY	13

struct seasonal_learn_row {
	const char *name;
	u32 nr;
	s32 history[SEASONAL_HISTORY];
	u32 days;
	s32 deviation[SEASONAL_PERIOD];
	s32 median[SEASONAL_PERIOD];
	s32 high[SEASONAL_PERIOD];
	s32 low[SEASONAL_PERIOD];
};

static const struct seasonal_learn_row seasonal_learn_rows[] = {
	{ "less than a day has no profile", 3, { 1, 2, 3 }, 0 },
	{ "one day is its own profile", 4, { 10, 20, 30, 20 }, 1,
	  { -10, 0, 10, 0 }, { 10, 20, 30, 20 }, { 10, 20, 30, 20 },
	  { 10, 20, 30, 20 } },
	{ "days are counted from the end", 5, { 99, 10, 20, 30, 20 }, 1,
	  { -10, 0, 10, 0 }, { 10, 20, 30, 20 }, { 10, 20, 30, 20 },
	  { 10, 20, 30, 20 } },
	{ "an odd day moves nothing", 12,
	  { 10, 20, 30, 20, 900, 900, 900, 900, 10, 20, 30, 20 }, 3,
	  { -10, 0, 10, 0 }, { 10, 20, 30, 20 }, { 900, 900, 900, 900 },
	  { 10, 20, 30, 20 } },
	{ "a level is no deviation", 8,
	  { 10, 20, 30, 20, 110, 120, 130, 120 }, 2,
	  { -10, 0, 10, 0 }, { 60, 70, 80, 70 }, { 110, 120, 130, 120 },
	  { 10, 20, 30, 20 } },
};

struct seasonal_week_row {
	const char *name;
	u32 nr;
	s32 history[SEASONAL_HISTORY];
	u32 week;
	u32 ahead;
	u32 weeks;
	s32 value;
};

static const struct seasonal_week_row seasonal_week_rows[] = {
	{ "too short for a week", 4, { 1, 2, 3, 4 }, 5, 0, 0, -1 },
	{ "reaches back from ahead", 4, { 1, 2, 3, 4 }, 5, 1, 1, 1 },
	{ "one week", 5, { 1, 2, 3, 4, 5 }, 5, 0, 1, 1 },
	{ "two weeks are averaged", 10,
	  { 1, 2, 3, 4, 5, 11, 12, 13, 14, 15 }, 5, 2, 2, 8 },
};

#endif /* PSH_VECTORS_SEASONAL_H */
