/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pace: rows for the rate and for the waiting times of a token bucket.
 *
 * Data only; tests/unit/pace_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_PACE_H
#define PSH_VECTORS_PACE_H

#include "../../dm-predshard/core/pace.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define MiB	(1ULL << 20)
#define MS	1000000ULL	/* nanoseconds */
#define S	1000000000ULL

struct pace_adapt_row {
	const char *name;
	u64 rate_Bps;
	bool busy;
	u64 floor_Bps;
	u64 limit_Bps;
	u64 expected_Bps;
};

static const struct pace_adapt_row pace_adapt_rows[] = {
	{ "idle doubles", 10 * MiB, false, MiB, 100 * MiB, 20 * MiB },
	{ "busy halves", 10 * MiB, true, MiB, 100 * MiB, 5 * MiB },
	{ "idle doubles up to just below the limit", 49 * MiB, false, MiB,
	  100 * MiB, 98 * MiB },
	{ "idle stops at the limit", 60 * MiB, false, MiB, 100 * MiB,
	  100 * MiB },
	{ "idle at the limit stays", 100 * MiB, false, MiB, 100 * MiB,
	  100 * MiB },
	{ "half the limit doubles to it", 50 * MiB, false, MiB, 100 * MiB,
	  100 * MiB },
	{ "busy stops at the floor", MiB + 2, true, MiB, 100 * MiB, MiB },
	{ "busy at the floor stays", MiB, true, MiB, 100 * MiB, MiB },
	{ "below the floor rises to it while busy", 1, true, MiB, 0, MiB },
	{ "a new bucket starts at the floor", 0, false, MiB, 0, MiB },
	{ "a floor of 0 counts as 1", 0, true, 0, 0, 1 },
	{ "a rate of 1 doubles", 1, false, 1, 0, 2 },
	{ "above a lowered limit falls to it", 100 * MiB, false, MiB, 10 * MiB,
	  10 * MiB },
	{ "the limit wins over the floor while idle", 5 * MiB, false,
	  100 * MiB, 10 * MiB, 10 * MiB },
	{ "the limit wins over the floor while busy", 5 * MiB, true, 100 * MiB,
	  10 * MiB, 10 * MiB },
	{ "no limit ends at unlimited", PSH_PACE_UNLIMITED - 1, false, MiB, 0,
	  PSH_PACE_UNLIMITED },
	{ "no limit reaches unlimited and stays", PSH_PACE_UNLIMITED, false,
	  MiB, 0, PSH_PACE_UNLIMITED },
	{ "doubling does not overflow", 1ULL << 63, false, 1, U64_MAX,
	  U64_MAX },
	{ "the highest numbers do not overflow", U64_MAX, false, U64_MAX,
	  U64_MAX, U64_MAX },
	{ "a floor above unlimited counts as unlimited", 1, true, U64_MAX, 0,
	  PSH_PACE_UNLIMITED },
};

struct pace_take_row {
	const char *name;
	u64 rate_Bps;
	u64 next_ns;
	u32 bytes;
	u64 now_ns;
	u64 wait_ns;
	u64 next_after_ns;
};

static const struct pace_take_row pace_take_rows[] = {
	{ "on time goes at once and books its time",
	  100 * MiB, 50 * S, MiB, 50 * S, 0, 50 * S + 10 * MS },
	{ "early waits its turn",
	  100 * MiB, 50 * S + 3 * MS, MiB, 50 * S, 3 * MS,
	  50 * S + 13 * MS },
	{ "10 ms late are made up",
	  100 * MiB, 50 * S - 10 * MS, MiB, 50 * S, 0, 50 * S },
	{ "more than 10 ms late are lost",
	  100 * MiB, 50 * S - 11 * MS, MiB, 50 * S, 0, 50 * S },
	{ "a pause of a minute earns 10 ms",
	  100 * MiB, 50 * S, MiB, 110 * S, 0, 110 * S },
	{ "the clock may begin at 0",
	  100 * MiB, 0, MiB, 0, 0, 10 * MS },
	{ "a clock below 10 ms does not wrap",
	  100 * MiB, 0, MiB, 9 * MS, 0, 10 * MS },
	{ "a rate of 0 counts as 1 byte per second",
	  0, 0, 1, 0, 0, S },
	{ "64 MiB at 1 byte per second do not overflow",
	  1, 0, 64 << 20, 0, 0, 67108864 * S },
	{ "4 GiB at 1 byte per second do not overflow",
	  1, 0, U32_MAX, 0, 0, 4294967295ULL * S },
	{ "the end of time is the end",
	  1, U64_MAX - 5, 1, 0, U64_MAX - 5, U64_MAX },
	{ "unlimited costs next to nothing",
	  PSH_PACE_UNLIMITED, 50 * S, 1 << 20, 50 * S, 0, 50 * S + 953 },
	{ "no bytes cost nothing",
	  100 * MiB, 50 * S, 0, 50 * S, 0, 50 * S },
};

#undef MiB
#undef MS
#undef S

#endif /* PSH_VECTORS_PACE_H */
