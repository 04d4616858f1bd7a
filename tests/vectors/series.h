/* SPDX-License-Identifier: GPL-2.0 */
/*
 * series: rows for logarithms and for the rings of a metric.
 *
 * Data only; tests/unit/series_test.c and the KUnit suite compare the same
 * rows.
 */
#ifndef PSH_VECTORS_SERIES_H
#define PSH_VECTORS_SERIES_H

#include "../../dm-predshard/core/series.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct series_code_row {
	const char *name;
	u64 value;
	u16 code;
	u64 back;
};

static const struct series_code_row series_code_rows[] = {
	{ "nothing", 0, 0, 0 },
	{ "one", 1, 1024, 1 },
	{ "a thousand", 1000, 10206, 1000 },
	{ "a million", 1000000, 20410, 1000052 },
	{ "the most", PSH_SERIES_VALUE_MOST, 47104, PSH_SERIES_VALUE_MOST },
	{ "more than the most sticks", U64_MAX, 47104, PSH_SERIES_VALUE_MOST },
};

#define SERIES_SAMPLES	6
#define SERIES_READ	5

struct series_add_row {
	const char *name;
	enum psh_series_ring ring;
	u32 samples;
	struct {
		s64 now_s;
		u64 value;
	} sample[SERIES_SAMPLES];
	u32 nr;
	u64 read[SERIES_READ];	/* values, oldest first */
};

static const struct series_add_row series_add_rows[] = {
	{ "an open slot is not read", PSH_SERIES_10S,
	  2, { { 100, 5 }, { 109, 7 } }, 0 },
	{ "a slot is the mean of its samples", PSH_SERIES_10S,
	  3, { { 100, 5 }, { 109, 9 }, { 110, 1 } }, 1, { 7 } },
	{ "a gap repeats the slot before", PSH_SERIES_10S,
	  2, { { 100, 5 }, { 135, 9 } }, 3, { 5, 5, 5 } },
	{ "a gap longer than the ring starts anew", PSH_SERIES_10S,
	  3, { { 100, 5 }, { 10000, 9 }, { 10010, 1 } }, 1, { 9 } },
	{ "a clock that goes back adds to the open slot", PSH_SERIES_10S,
	  4, { { 100, 4 }, { 110, 8 }, { 50, 10 }, { 120, 0 } }, 2, { 4, 9 } },
	{ "time before 1970 counts as 1970", PSH_SERIES_10S,
	  3, { { -500, 4 }, { S32_MIN, 8 }, { 10, 0 } }, 1, { 6 } },
	{ "the end of time is a gap", PSH_SERIES_10S,
	  2, { { 100, 4 }, { S64_MAX, 8 } }, 0 },
	{ "the most does not overflow", PSH_SERIES_10S,
	  3, { { 0, U64_MAX }, { 1, U64_MAX }, { 10, 0 } },
	  1, { PSH_SERIES_VALUE_MOST } },
	{ "an hour is the mean of its samples", PSH_SERIES_1H,
	  4, { { 0, 0 }, { 10, 0 }, { 20, 30 }, { 3600, 0 } }, 1, { 10 } },
	{ "five minutes are kept beside", PSH_SERIES_5MIN,
	  4, { { 0, 0 }, { 10, 0 }, { 20, 30 }, { 700, 0 } }, 2, { 10, 10 } },
};

#endif /* PSH_VECTORS_SERIES_H */
