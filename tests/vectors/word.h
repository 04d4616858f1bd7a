/* SPDX-License-Identifier: GPL-2.0 */
/*
 * word: rows for packing, unpacking and changing a routing word.
 *
 * Words are written bit by bit, without the macros under test. Data only;
 * tests/unit/word_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_WORD_H
#define PSH_VECTORS_WORD_H

#include "../../dm-predshard/core/word.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define WORD(slot, flags, home, rule, copies) \
	((u64)(slot) << 32 | (u64)(flags) << 26 | (u64)(home) << 22 | \
	 (u64)(rule) << 16 | (u64)(copies))
#define COPYING	1	/* of flags */
#define REFUSED	2
#define SLOT	0xfedcba98U

struct word_fields_row {
	const char *name;
	u64 word;
	u32 slot;
	unsigned int home;
	unsigned int rule;
	u32 copies;
	u32 valid;
};

static const struct word_fields_row word_fields_rows[] = {
	{ "nothing set", 0, 0, 0, 0, 0, 0x1 },
	{ "everything set", ~0ULL, U32_MAX, 15, 63, 0xffff, 0xffff },
	{ "slot alone", 0xffffffff00000000ULL, U32_MAX, 0, 0, 0, 0x1 },
	{ "flags alone", 0x00000000fc000000ULL, 0, 0, 0, 0, 0x1 },
	{ "home alone", 0x0000000003c00000ULL, 0, 15, 0, 0, 0x8000 },
	{ "rule alone", 0x00000000003f0000ULL, 0, 0, 63, 0, 0x1 },
	{ "copies alone", 0x000000000000ffffULL, 0, 0, 0, 0xffff, 0xffff },
	{ "home is valid besides its copies", WORD(SLOT, 0, 3, 5, 0x6),
	  SLOT, 3, 5, 0x6, 0xe },
};

struct word_change_row {
	const char *name;
	u64 before;
	unsigned int member;
	unsigned int trusted;
	u64 after;
};

static const struct word_change_row word_lose_rows[] = {
	{ "a lost copy leaves the copies",
	  WORD(SLOT, 0, 0, 7, 0x6), 1, 0, WORD(SLOT, 0, 0, 7, 0x4) },
	{ "the last copy leaves the copies",
	  WORD(SLOT, 0, 0, 7, 0x8000), 15, 0, WORD(SLOT, 0, 0, 7, 0) },
	{ "a member that holds nothing changes nothing",
	  WORD(SLOT, 0, 0, 7, 0x6), 3, 0, WORD(SLOT, 0, 0, 7, 0x6) },
	{ "home moves to the lowest copy and writes are refused",
	  WORD(SLOT, 0, 0, 7, 0xc), 0, 0, WORD(SLOT, REFUSED, 2, 7, 0x8) },
	{ "home moves to the only copy",
	  WORD(SLOT, 0, 0, 7, 0x8000), 0, 0, WORD(SLOT, REFUSED, 15, 7, 0) },
	{ "home without copies stays, writes as before",
	  WORD(SLOT, 0, 5, 7, 0), 5, 5, WORD(SLOT, 0, 5, 7, 0) },
	{ "an untrusted home without copies stays, writes refused",
	  WORD(SLOT, REFUSED, 5, 7, 0), 5, 0, WORD(SLOT, REFUSED, 5, 7, 0) },
	{ "home moves on while writes stay refused",
	  WORD(SLOT, REFUSED, 2, 7, 0x18), 2, 0,
	  WORD(SLOT, REFUSED, 3, 7, 0x10) },
	{ "home moves back to the trusted member and writes are accepted",
	  WORD(SLOT, REFUSED, 2, 7, 0x9), 2, 0, WORD(SLOT, 0, 0, 7, 0x8) },
	{ "losing a copy keeps writes refused",
	  WORD(SLOT, REFUSED, 2, 7, 0x18), 3, 0,
	  WORD(SLOT, REFUSED, 2, 7, 0x10) },
	{ "losing a copy keeps the copying flag",
	  WORD(SLOT, COPYING, 0, 7, 0x6), 1, 0,
	  WORD(SLOT, COPYING, 0, 7, 0x4) },
	{ "losing home keeps the copying flag",
	  WORD(SLOT, COPYING, 0, 63, 0x6), 0, 0,
	  WORD(SLOT, COPYING | REFUSED, 1, 63, 0x4) },
	{ "losing keeps flags it does not know",
	  WORD(SLOT, 0x3c, 0, 7, 0x2), 0, 0,
	  WORD(SLOT, 0x3c | REFUSED, 1, 7, 0) },
};

static const struct word_change_row word_gain_rows[] = {
	{ "a gained member becomes a copy",
	  WORD(SLOT, 0, 0, 7, 0x2), 2, 0, WORD(SLOT, 0, 0, 7, 0x6) },
	{ "the highest member becomes a copy",
	  WORD(SLOT, 0, 0, 7, 0), 15, 0, WORD(SLOT, 0, 0, 7, 0x8000) },
	{ "gaining a copy twice changes nothing",
	  WORD(SLOT, 0, 0, 7, 0x6), 2, 0, WORD(SLOT, 0, 0, 7, 0x6) },
	{ "gaining home changes nothing",
	  WORD(SLOT, 0, 0, 7, 0x6), 0, 0, WORD(SLOT, 0, 0, 7, 0x6) },
	{ "gaining an untrusted home changes nothing",
	  WORD(SLOT, REFUSED, 2, 7, 0x8), 2, 0,
	  WORD(SLOT, REFUSED, 2, 7, 0x8) },
	{ "the trusted member takes home back, writes are accepted",
	  WORD(SLOT, REFUSED, 2, 7, 0), 0, 0, WORD(SLOT, 0, 0, 7, 0x4) },
	{ "taking home back keeps the other copies",
	  WORD(SLOT, REFUSED, 2, 7, 0x8018), 0, 0,
	  WORD(SLOT, 0, 0, 7, 0x801c) },
	{ "another copy does not make writes accepted",
	  WORD(SLOT, REFUSED, 2, 7, 0), 3, 0, WORD(SLOT, REFUSED, 2, 7, 0x8) },
	{ "gaining a copy keeps the copying flag",
	  WORD(SLOT, COPYING, 0, 7, 0), 1, 0,
	  WORD(SLOT, COPYING, 0, 7, 0x2) },
	{ "taking home back keeps the copying flag",
	  WORD(SLOT, COPYING | REFUSED, 2, 63, 0), 1, 1,
	  WORD(SLOT, COPYING, 1, 63, 0x4) },
	{ "gaining keeps flags it does not know",
	  WORD(SLOT, 0x3c | REFUSED, 2, 7, 0), 1, 1,
	  WORD(SLOT, 0x3c, 1, 7, 0x4) },
};

struct word_rule_row {
	const char *name;
	u64 before;
	unsigned int rule;
	u64 after;
};

static const struct word_rule_row word_rule_rows[] = {
	{ "a rule replaces the one before",
	  WORD(SLOT, 0x3f, 15, 63, 0xffff), 0,
	  WORD(SLOT, 0x3f, 15, 0, 0xffff) },
	{ "the highest rule touches nothing else",
	  WORD(0, 0, 0, 21, 0), 63, WORD(0, 0, 0, 63, 0) },
};

/*
 * A walk of losses and gains: all words on the way, FNV-1a folded. The hash is
 * from a model in another language that keeps the copies as a set.
 */
struct word_walk_row {
	const char *name;
	u64 seed;
	u32 steps;
	u64 hash;
};

static const struct word_walk_row word_walk_rows[] = {
	{ "a long walk of losses and gains ends alike everywhere",
	  1, 100000, 0xf0395063d3ec75ebULL },
};

#endif /* PSH_VECTORS_WORD_H */
