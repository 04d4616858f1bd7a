/* SPDX-License-Identifier: GPL-2.0 */
/*
 * capacity: when something that fills up will be full.
 *
 * Keeps up to 96 samples of what is used (bytes, inodes, segments) in 800
 * bytes: hours at first, coarser as the history grows, up to 32 hours each. A
 * date is given only if growth cannot be chance: increments between medians of
 * blocks of samples must be far from 0 for their own scatter, so that a
 * wandering level, a single jump, or growth that has stopped has no date. The
 * interval is as wide as the scatter says, and open where "never" is possible.
 * It reads no clock and does not know what is used.
 */
#ifndef PSH_CAPACITY_H
#define PSH_CAPACITY_H

#include "base.h"

#define PSH_CAPACITY_SAMPLES	96
#define PSH_CAPACITY_NEVER	U64_MAX

enum psh_trend {
	PSH_TREND_UNKNOWN,	/* less than a day of samples */
	PSH_TREND_FLAT,		/* no growth that could not be chance */
	PSH_TREND_STOPPED,	/* it grew, and lately much slower */
	PSH_TREND_GROWING,
	PSH_TREND_FULL,		/* nothing is left now */
	PSH_TREND_NR
};

/**
 * struct psh_capacity - the history of one thing that fills up
 * @slot: number of the open slot, counted from the clock's beginning
 * @now: last sample, of the open slot
 * @nr: closed slots in @used
 * @shift: a slot is 2^@shift hours
 * @started: a sample was added
 * @used: last sample of each slot, oldest first
 */
struct psh_capacity {
	u64 slot;
	u64 now;
	u8 nr;
	u8 shift;
	bool started;
	u64 used[PSH_CAPACITY_SAMPLES];
};

/**
 * struct psh_capacity_outlook - when it will be full
 * @trend: only %PSH_TREND_GROWING has a date
 * @used: now
 * @per_day: growth, where the trend is known; 0 when full
 * @low_s: seconds from now; in one of ten cases earlier
 * @middle_s: as likely before as after
 * @high_s: in one of ten cases later, or %PSH_CAPACITY_NEVER
 *
 * Without a date all three are %PSH_CAPACITY_NEVER; when full, 0.
 */
struct psh_capacity_outlook {
	enum psh_trend trend;
	u64 used;
	s64 per_day;
	u64 low_s;
	u64 middle_s;
	u64 high_s;
};

/**
 * psh_capacity_begin() - nothing was seen
 * @capacity: the history
 */
void psh_capacity_begin(struct psh_capacity *capacity);

/**
 * psh_capacity_add() - take one sample into account
 * @capacity: the history
 * @now_s: the caller's wall clock; before 1970 counts as 1970
 * @used: what is used now
 *
 * A gap repeats the sample before it. A clock that goes back a little adds to
 * the open slot; one that jumps by more than the history begins anew.
 */
void psh_capacity_add(struct psh_capacity *capacity, s64 now_s, u64 used);

/**
 * psh_capacity_look() - when will it be full
 * @capacity: the history
 * @limit: what can be used in all
 * @outlook: result
 *
 * Some 3,000 instructions; for once an hour.
 */
void psh_capacity_look(const struct psh_capacity *capacity, u64 limit,
		       struct psh_capacity_outlook *outlook);

/**
 * psh_trend_name() - the word for a trend
 * @trend: enum psh_trend
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_trend_name(u32 trend);

#endif /* PSH_CAPACITY_H */
