/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pair: rows for segments that are used together.
 *
 * Data only; tests/unit/pair_test.c and the KUnit suite compare the same rows.
 * A stream is a sequence that is repeated.
 */
#ifndef PSH_VECTORS_PAIR_H
#define PSH_VECTORS_PAIR_H

#include "../../dm-predshard/core/pair.h"
#include "random.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define PAIR_STREAM	12
#define PAIR_BEST	3

struct pair_row {
	const char *name;
	u32 nr;
	u32 segment[PAIR_STREAM];
	u32 times;
	u32 fades;
	u32 least;
	u32 found;
	struct psh_pair best[PAIR_BEST];
};

static const struct pair_row pair_rows[] = {
	{ "no sample", 0, { 0 }, 0, 0, 1, 0 },
	{ "one segment is no pair", 1, { 5 }, 100, 0, 1, 0 },
	{ "two segments in turn stay among the last",
	  2, { 5, 9 }, 100, 0, 1, 1, { { 5, 9, 1, 0 } } },
	{ "pairs in a long stream", 12,
	  { 1, 2, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 }, 10, 0,
	  10, 3, { { 1, 2, 10, 0 }, { 1, 30, 10, 0 }, { 1, 31, 10, 0 } } },
	{ "the higher number first is the same pair",
	  12,
	  { 2, 1, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 }, 10, 0,
	  10, 3, { { 1, 2, 10, 0 }, { 1, 30, 10, 0 }, { 1, 31, 10, 0 } } },
	{ "halved", 12,
	  { 1, 2, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 }, 10, 1,
	  5, 3, { { 1, 2, 5, 0 }, { 1, 30, 5, 0 }, { 1, 31, 5, 0 } } },
	{ "forgotten", 12,
	  { 1, 2, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 }, 10, 4, 1, 0 },
	{ "a count sticks", 12,
	  { 1, 2, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 }, 70000, 0,
	  65535, 3, { { 1, 2, 65535, 0 }, { 1, 30, 65535, 0 },
		      { 1, 31, 65535, 0 } } },
	{ "the highest numbers", 3, { U32_MAX, U32_MAX - 1, U32_MAX - 2 }, 3, 0,
	  1, 3, { { U32_MAX - 2, U32_MAX - 1, 1, 0 },
		  { U32_MAX - 2, U32_MAX, 1, 0 },
		  { U32_MAX - 1, U32_MAX, 1, 0 } } },
};

static inline void pair_run_row(const struct pair_row *row,
				struct psh_pairs *pairs)
{
	u64 random = 1;
	u32 i, time;

	psh_pairs_begin(pairs);
	for (time = 0; time < row->times; time++)
		for (i = 0; i < row->nr; i++)
			psh_pairs_see(pairs, row->segment[i],
				      random_next(&random) >> 20);
	for (i = 0; i < row->fades; i++)
		psh_pairs_fade(pairs);
}

#endif /* PSH_VECTORS_PAIR_H */
