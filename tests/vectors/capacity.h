/* SPDX-License-Identifier: GPL-2.0 */
/*
 * capacity: rows for time to full, each a history told in runs.
 *
 * Data only; tests/unit/capacity_test.c and the KUnit suite compare the same
 * rows. A run of hours adds the same each hour, after a jump of the level and
 * one of the clock.
 */
#ifndef PSH_VECTORS_CAPACITY_H
#define PSH_VECTORS_CAPACITY_H

#include "../../dm-predshard/core/capacity.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define CAPACITY_RUNS	4
#define GiB		(1LL << 30)
#define NEVER		PSH_CAPACITY_NEVER
#define DAYS(n)		(86400ULL * (n))

struct capacity_run {
	u32 hours;
	s64 per_hour;
	s64 jump;	/* of the level, before it */
	s64 clock_s;	/* of the clock, before it */
};

struct capacity_row {
	const char *name;
	u64 start;
	struct capacity_run run[CAPACITY_RUNS];
	u64 limit;
	struct psh_capacity_outlook outlook;
};

static const struct capacity_row capacity_rows[] = {
	{ "no sample", 0, { { 0 } }, 100 * GiB,
	  { PSH_TREND_UNKNOWN, 0, 0,
	    NEVER, NEVER, NEVER } },
	{ "less than a day", 50 * GiB, { { 23, GiB } }, 100 * GiB,
	  { PSH_TREND_UNKNOWN, 77309411328, 0,
	    NEVER, NEVER, NEVER } },
	{ "a constant level", 50 * GiB, { { 500, 0 } }, 100 * GiB,
	  { PSH_TREND_FLAT, 53687091200, 0,
	    NEVER, NEVER, NEVER } },
	{ "a day of growth", 20 * GiB, { { 25, GiB } }, 117 * GiB,
	  { PSH_TREND_GROWING, 47244640256, 25769803776,
	    256394, 262800, 269535 } },
	{ "a month of growth", 0, { { 721, GiB } }, 1440 * GiB,
	  { PSH_TREND_GROWING, 773094113280, 25769803776,
	    2528832, 2592002, 2658445 } },
	{ "a year of growth", 0, { { 8761, GiB } }, 17520 * GiB,
	  { PSH_TREND_GROWING, 9405978378240, 25769803776,
	    30767277, 31536018, 32344337 } },
	{ "a level that falls", 900 * GiB, { { 500, -GiB } }, 1000 * GiB,
	  { PSH_TREND_FLAT, 430570471424, -25769803776,
	    NEVER, NEVER, NEVER } },
	{ "a single jump", 50 * GiB, { { 200, 0 }, { 200, 0, 40 * GiB } },
	  100 * GiB,
	  { PSH_TREND_FLAT, 96636764160, 2863310848,
	    NEVER, NEVER, NEVER } },
	{ "a single wild sample", 50 * GiB,
	  { { 200, 0 }, { 1, 0, 40 * GiB }, { 200, 0, -40 * GiB } },
	  100 * GiB,
	  { PSH_TREND_FLAT, 53687091200, 0,
	    NEVER, NEVER, NEVER } },
	{ "growth that stopped", 50 * GiB, { { 400, GiB }, { 150, 0 } },
	  1000 * GiB,
	  { PSH_TREND_STOPPED, 483183820800, 18522046464,
	    NEVER, NEVER, NEVER } },
	{ "growth that became slower", 50 * GiB,
	  { { 400, GiB }, { 150, GiB / 2 } }, 1000 * GiB,
	  { PSH_TREND_GROWING, 563177586688, 22145925120,
	    1718345, 1991937, 2369176 } },
	{ "growth that became faster is sooner", 50 * GiB,
	  { { 400, GiB }, { 150, 3 * GiB } }, 2000 * GiB,
	  { PSH_TREND_GROWING, 963146416128, 40265318400,
	    1323594, 2541300, 3836416 } },
	{ "full", 50 * GiB, { { 60, GiB } }, 100 * GiB,
	  { PSH_TREND_FULL, 117037858816, 0,
	    0, 0, 0 } },
	{ "full from the first sample", 50 * GiB, { { 1, 0 } }, 50 * GiB,
	  { PSH_TREND_FULL, 53687091200, 0,
	    0, 0, 0 } },
	{ "no room at all", 0, { { 1, 0 } }, 0,
	  { PSH_TREND_FULL, 0, 0,
	    0, 0, 0 } },
	{ "a gap of a day repeats what was", 50 * GiB,
	  { { 60, GiB }, { 60, GiB, 24 * GiB, DAYS(1) } }, 1000 * GiB,
	  { PSH_TREND_GROWING, 207232172032, 25769803776,
	    1995097, 2905224, 5342373 } },
	{ "a gap of a month begins anew", 50 * GiB,
	  { { 60, GiB }, { 10, GiB, 0, DAYS(30) } }, 1000 * GiB,
	  { PSH_TREND_UNKNOWN, 127775277056, 0,
	    NEVER, NEVER, NEVER } },
	{ "a clock that goes back by an hour", 50 * GiB,
	  { { 60, GiB }, { 60, GiB, 0, -3600 } }, 1000 * GiB,
	  { PSH_TREND_GROWING, 181462368256, 26056134912,
	    2886595, 2958719, 3034556 } },
	{ "a clock that goes back by a month begins anew", 50 * GiB,
	  { { 60, GiB }, { 10, GiB, 0, -(s64)DAYS(30) } }, 1000 * GiB,
	  { PSH_TREND_UNKNOWN, 127775277056, 0,
	    NEVER, NEVER, NEVER } },
	{ "time before 1970", 50 * GiB, { { 60, GiB, 0, -2000000000 } },
	  1000 * GiB,
	  { PSH_TREND_UNKNOWN, 117037858816, 0,
	    NEVER, NEVER, NEVER } },
	{ "more than 32 bits of inodes", 1LL << 33, { { 200, 1LL << 30 } },
	  1LL << 39,
	  { PSH_TREND_GROWING, 222264557568, 25769803776,
	    1071231, 1097996, 1126139 } },
	{ "one inode in three days", 5, { { 72, 0 }, { 72, 0, 1 } }, 1000,
	  { PSH_TREND_FLAT, 6, 0,
	    NEVER, NEVER, NEVER } },
	{ "the highest numbers do not overflow", 0,
	  { { 200, S64_MAX / 100 } }, U64_MAX,
	  { PSH_TREND_GROWING, 18354510353341003842ULL, 2213609239367122944,
	    3512, 3600, 3692 } },
	{ "a hundred years are never", 50 * GiB, { { 400, 1 } }, U64_MAX,
	  { PSH_TREND_GROWING, 53687091599, 24,
	    NEVER, NEVER, NEVER } },
};

static inline void capacity_run_row(const struct capacity_row *row,
				    struct psh_capacity *capacity,
				    struct psh_capacity_outlook *outlook)
{
	s64 now_s = 1400000000;
	u64 used = row->start;
	u32 run, hour;

	psh_capacity_begin(capacity);
	for (run = 0; run < CAPACITY_RUNS; run++) {
		used += row->run[run].jump;
		now_s += row->run[run].clock_s;
		for (hour = 0; hour < row->run[run].hours; hour++) {
			psh_capacity_add(capacity, now_s, used);
			used += row->run[run].per_hour;
			now_s += 3600;
		}
	}
	psh_capacity_look(capacity, row->limit, outlook);
}

#undef GiB
#undef NEVER
#undef DAYS

#endif /* PSH_VECTORS_CAPACITY_H */
