/* SPDX-License-Identifier: GPL-2.0 */
/*
 * heat: rows for the byte, its halving, and the hot set.
 *
 * Data only; tests/unit/heat_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_HEAT_H
#define PSH_VECTORS_HEAT_H

#include "../../dm-predshard/core/heat.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct heat_code_row {
	const char *name;
	u32 value;
	u8 heat;
	u32 back;
	u8 halved;
};

static const struct heat_code_row heat_code_rows[] = {
	{ "cold", 0, 0, 0, 0 },
	{ "one access", 1, 1, 1, 0 },
	{ "fifteen", 15, 15, 15, 7 },
	{ "sixteen", 16, 16, 16, 8 },
	{ "seventeen is sixteen", 17, 16, 16, 8 },
	{ "forty-eight", 48, 32, 48, 20 },
	{ "a thousand", 1000, 95, 976, 79 },
	{ "a hundred thousand", 100000, 200, 98288, 184 },
	{ "the most", 1015792, 255, 1015792, 239 },
	{ "more than the most", U32_MAX, 255, 1015792, 239 },
};

struct heat_bump_row {
	const char *name;
	u8 before;
	u32 random;
	u8 after;
};

static const struct heat_bump_row heat_bump_rows[] = {
	{ "the first access counts", 0, U32_MAX, 1 },
	{ "the sixteenth counts", 15, U32_MAX, 16 },
	{ "then one of two", 16, 1, 16 },
	{ "the other of two", 16, 2, 17 },
	{ "one of 2^15 at the top", 254, 1 << 15, 255 },
	{ "no other at the top", 254, 1 << 14, 254 },
	{ "the most is the most", 255, 0, 255 },
};

#define HEAT_LEVELS	4

struct heat_set_row {
	const char *name;
	struct {
		u8 heat;
		u32 segments;
	} level[HEAT_LEVELS];
	u32 permille;
	u32 most;
	struct psh_heat_set set;	/* threshold, segments, permille */
};

static const struct heat_set_row heat_set_rows[] = {
	{ "nothing is hot", { { 0, 1000 } }, 900, 1000, { 256, 0, 0 } },
	{ "one hot segment has it all", { { 0, 999 }, { 200, 1 } }, 900, 10,
	  { 200, 1, 1000 } },
	{ "the hottest suffice", { { 10, 1000 }, { 200, 2 } }, 900, 100,
	  { 200, 2, 951 } },
	{ "the next are needed", { { 10, 1000 }, { 100, 20 }, { 200, 1 } },
	  920, 100, { 100, 21, 925 } },
	{ "no more than may be", { { 10, 1000 }, { 100, 20 }, { 200, 1 } },
	  920, 20, { 200, 1, 735 } },
	{ "all of the heat", { { 10, 5 }, { 100, 20 }, { 200, 1 } },
	  1000, 100, { 10, 26, 1000 } },
	{ "no share wants no segment", { { 200, 5 } }, 0, 100, { 256, 0, 0 } },
	{ "no room has no segment", { { 200, 5 } }, 900, 0, { 256, 0, 0 } },
	{ "2^32 segments do not overflow", { { 255, U32_MAX } }, 1000, U32_MAX,
	  { 255, U32_MAX, 1000 } },
};

#define HEAT_SEGMENTS	12
#define HEAT_ROOM	4

struct heat_hottest_row {
	const char *name;
	u8 heat[HEAT_SEGMENTS];
	u32 room;
	u32 nr;
	struct psh_heat_spot spot[HEAT_ROOM];
};

static const struct heat_hottest_row heat_hottest_rows[] = {
	{ "none is hot", { 0 }, 4, 0 },
	{ "fewer than asked for", { 0, 0, 7, 0, 0, 9 }, 4, 2,
	  { { 5, 9 }, { 2, 7 } } },
	{ "the hottest of many", { 1, 12, 3, 10, 5, 8, 7, 6, 9, 4, 11, 2 },
	  3, 3, { { 1, 12 }, { 10, 11 }, { 3, 10 } } },
	{ "the first of those alike",
	  { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 }, 4, 4,
	  { { 0, 5 }, { 1, 5 }, { 2, 5 }, { 3, 5 } } },
	{ "room for one", { 1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1 }, 1, 1,
	  { { 5, 6 } } },
	{ "the hottest byte last", { 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 255 },
	  2, 2, { { 11, 255 }, { 0, 1 } } },
};

#endif /* PSH_VECTORS_HEAT_H */
