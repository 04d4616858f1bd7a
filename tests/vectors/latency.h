/* SPDX-License-Identifier: GPL-2.0 */
/*
 * latency: rows for what is learnt from completions.
 *
 * Each row feeds runs of equal samples to a member without history and gives
 * floor, slope and the expectation for one load, to the nanosecond. Data only;
 * tests/unit/latency_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_LATENCY_H
#define PSH_VECTORS_LATENCY_H

#include "../../dm-predshard/core/latency.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define LATENCY_RUNS	4

struct latency_run {
	unsigned int samples;
	u64 ns;
	unsigned int load;
};

struct latency_row {
	const char *name;
	struct latency_run runs[LATENCY_RUNS];
	u32 floor_ns;
	u32 slope_ns;
	unsigned int load;
	u64 expect_ns;
};

static const struct latency_row latency_rows[] = {
	{ "a member without samples is expected at once",
	  { { 0 } }, 0, 0, 7, 0 },
	{ "the first sample is taken whole",
	  { { 1, 500000, 1 } }, 500000, 500000, 1, 500000 },
	{ "the first sample is shared among its load",
	  { { 1, 512000, 4 } }, 512000, 128000, 8, 1024000 },
	{ "the floor holds below it",
	  { { 1, 512000, 4 } }, 512000, 128000, 2, 512000 },
	{ "no load is below one",
	  { { 1, 500000, 1 } }, 500000, 500000, 0, 500000 },
	{ "a latency of 0 still counts as a sample",
	  { { 1, 0, 1 } }, 1, 1, 1, 1 },
	{ "above 4 s counts as 4 s",
	  { { 1, ~0ULL, 1 } }, 4000000000U, 4000000000U, 1, 4000000000ULL },
	{ "4 s at the highest load does not overflow",
	  { { 1, 4000000000ULL, 1 } }, 4000000000U, 4000000000U, U32_MAX,
	  17179869180000000000ULL },
	{ "alone and slower, both rise by an eighth",
	  { { 1, 500000, 1 }, { 1, 5000000, 1 } }, 1062500, 1062500, 1,
	  1062500 },
	{ "behind others and slower, only the slope rises",
	  { { 1, 500000, 1 }, { 1, 5000000, 2 } }, 500000, 750000, 1, 750000 },
	{ "faster, the floor falls at once and the slope by a quarter",
	  { { 1, 5000000, 1 }, { 1, 500000, 1 } }, 500000, 3812500, 1,
	  3812500 },
	{ "faster behind others, the floor falls at once too",
	  { { 1, 5000000, 1 }, { 1, 512000, 4 } }, 512000, 3766000, 1,
	  3766000 },
	{ "equal samples keep the floor and say half the slope",
	  { { 1, 512000, 4 }, { 1000, 512000, 4 } }, 512000, 64003, 4,
	  512000 },
	{ "loads up to 127 divide exactly",
	  { { 1, 127000, 127 } }, 127000, 999, 127, 127000 },
	{ "a load of 128 is a load of 64 halved",
	  { { 1, 128000, 128 } }, 128000, 1000, 128, 128000 },
	{ "a load of 255 loses its low bit",
	  { { 1, 254000, 255 } }, 254000, 999, 1, 254000 },
	{ "a load of 65536 still divides",
	  { { 1, 65536000, 65536 } }, 65536000, 1000, 1, 65536000 },
	{ "the highest load does not overflow",
	  { { 1, ~0ULL, U32_MAX } }, 4000000000U, 0, 1, 4000000000ULL },
	{ "a load of 0 counts as 1",
	  { { 1, 500000, 0 } }, 500000, 500000, 1, 500000 },
	{ "alone and 10 times slower is known to 10 % after 20 samples",
	  { { 64, 500000, 1 }, { 20, 5000000, 1 } }, 4688557, 2654502, 1,
	  4688557 },
	{ "among 8 and 10 times slower is known to 10 % after 20 samples",
	  { { 64, 4000000, 8 }, { 20, 40000000, 8 } }, 4000000, 4671255, 8,
	  37370040 },
	{ "10 times slower is known to 1 % after 39 samples",
	  { { 64, 4000000, 8 }, { 39, 40000000, 8 } }, 4000000, 4973995, 1,
	  4973995 },
	{ "recovered is known to 10 % after 16 probes",
	  { { 64, 500000, 1 }, { 64, 5000000, 1 }, { 16, 500000, 1 } },
	  500000, 272552, 1, 500000 },
	{ "a quarter above the floor is no queue and leaves the slope",
	  { { 1, 512000, 8 }, { 1, 640000, 1 } }, 528000, 64000, 1, 528000 },
	{ "more than a quarter above the floor is a queue",
	  { { 1, 512000, 8 }, { 1, 640001, 1 } }, 528000, 136000, 1, 528000 },
	{ "4 s and a quarter do not overflow",
	  { { 1, 4000000000ULL, 8 }, { 1, 4000000000ULL, 1 } }, 4000000000U,
	  500000000, 1, 4000000000ULL },
};

/*
 * Random samples below 8 ms, loads 1 to 8: floor and slope after each, FNV-1a
 * folded. The hash is from a model in another language.
 */
struct latency_walk_row {
	const char *name;
	u64 seed;
	u32 samples;
	u64 hash;
};

static const struct latency_walk_row latency_walk_rows[] = {
	{ "random samples of any size end alike everywhere", 1, 100000,
	  0x54dcaa1e48e14734ULL },
};

#endif /* PSH_VECTORS_LATENCY_H */
