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
#define INTENT	4
#define CLEARING	8
#define BUFFERED	16
#define SLOT	0xfedcba98U
#define W(flags, home, copies)	WORD(SLOT, flags, home, 7, copies)

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

/* A change by sets of members; what a change does not take is 0. */
struct word_change_row {
	const char *name;
	u64 before;
	u32 first;	/* lost, usable, away, here, or the member */
	u32 second;	/* usable, async, or the primary */
	u64 after;
};

/* first: usable, second: async */
static const struct word_change_row word_intent_rows[] = {
	{ "copies that can be written stay",
	  W(0, 0, 0x6), 0x7, 0, W(INTENT, 0, 0x6) },
	{ "a copy that cannot be written goes",
	  W(0, 0, 0x6), 0x5, 0, W(INTENT, 0, 0x4) },
	{ "an async copy goes",
	  W(0, 0, 0x6), 0x7, 0x2, W(INTENT, 0, 0x4) },
	{ "an async home stays",
	  W(0, 1, 0x5), 0x7, 0x2, W(INTENT, 1, 0x5) },
	{ "a home that cannot be written moves to the lowest copy",
	  W(0, 0, 0xc), 0xc, 0, W(INTENT, 2, 0x8) },
	{ "a home moves past an async copy",
	  W(0, 0, 0xc), 0xc, 0x4, W(0, 3, 0) },
	{ "a home moves to an async copy if there is no other",
	  W(0, 0, 0xc), 0xc, 0xc, W(0, 2, 0) },
	{ "without a copy there is no intent",
	  W(0, 0, 0), 0x7, 0, W(0, 0, 0) },
	{ "with the last copy gone there is no intent",
	  W(INTENT, 0, 0x2), 0x1, 0, W(0, 0, 0) },
	{ "with nobody to write to nothing changes",
	  W(0, 0, 0x6), 0x8, 0, W(0, 0, 0x6) },
	{ "asking again changes nothing",
	  W(INTENT, 0, 0x6), 0xf, 0, W(INTENT, 0, 0x6) },
	{ "intent leaves other flags alone",
	  W(COPYING | BUFFERED | CLEARING, 0, 0x2), 0x3, 0,
	  W(COPYING | BUFFERED | CLEARING | INTENT, 0, 0x2) },
};

/* first: usable, second: async; after: 1 if intent must be asked for */
static const struct word_change_row word_needs_intent_rows[] = {
	{ "a segment without copies needs none", W(0, 0, 0), 0x1, 0, 0 },
	{ "nor if its home is not usable", W(0, 0, 0), 0, 0, 0 },
	{ "copies without intent need it", W(0, 0, 0x2), 0x3, 0, 1 },
	{ "copies with intent do not", W(INTENT, 0, 0x2), 0x3, 0, 0 },
	{ "intent that is being taken back does not count",
	  W(INTENT | CLEARING, 0, 0x2), 0x3, 0, 1 },
	{ "an async copy needs it", W(INTENT, 0, 0x2), 0x3, 0x2, 1 },
	{ "an async home does not", W(INTENT, 0, 0x2), 0x3, 0x1, 0 },
	{ "a copy that is not usable needs it", W(INTENT, 0, 0x6), 0x5, 0, 1 },
	{ "a home that is not usable needs it", W(INTENT, 0, 0x6), 0x6, 0, 1 },
	{ "a usable member without the data does not matter",
	  W(INTENT, 0, 0x2), 0xf, 0x8, 0 },
};

/* first: lost, second: usable */
static const struct word_change_row word_lose_rows[] = {
	{ "a lost copy leaves the copies",
	  W(INTENT, 0, 0x6), 0x2, 0xf, W(INTENT, 0, 0x4) },
	{ "the last copy takes intent with it",
	  W(INTENT, 0, 0x8000), 0x8000, 0xf, W(0, 0, 0) },
	{ "several copies are lost at once",
	  W(INTENT, 0, 0xe), 0xa, 0xf, W(INTENT, 0, 0x4) },
	{ "a member that holds nothing changes nothing",
	  W(0, 0, 0x6), 0x8, 0xf, W(0, 0, 0x6) },
	{ "a lost home moves to the lowest usable copy",
	  W(INTENT, 0, 0xe), 0x1, 0xc, W(INTENT, 2, 0xa) },
	{ "a lost home moves to the lowest copy if none is usable",
	  W(INTENT, 0, 0xc), 0x1, 0x1, W(INTENT, 2, 0x8) },
	{ "home and a copy lost together",
	  W(INTENT, 0, 0x6), 0x3, 0xf, W(0, 2, 0) },
	{ "a home that is alone stays",
	  W(0, 5, 0), 0x20, 0xf, W(0, 5, 0) },
	{ "when all are lost the home stays alone",
	  W(INTENT, 5, 0x3), 0x23, 0xf, W(0, 5, 0) },
	{ "losing nobody changes nothing",
	  W(INTENT, 0, 0x6), 0, 0xf, W(INTENT, 0, 0x6) },
	{ "losing leaves other flags alone",
	  W(COPYING | CLEARING | BUFFERED | INTENT, 0, 0x6), 0x1, 0xf,
	  W(COPYING | CLEARING | BUFFERED | INTENT, 1, 0x4) },
};

/* first: the member, second: the primary */
static const struct word_change_row word_gain_rows[] = {
	{ "a gained member becomes a copy, with intent",
	  W(0, 0, 0x2), 2, 0, W(INTENT, 0, 0x6) },
	{ "the highest member becomes a copy",
	  W(0, 0, 0), 15, 0, W(INTENT, 0, 0x8000) },
	{ "gaining a copy twice changes nothing",
	  W(INTENT, 0, 0x6), 2, 0, W(INTENT, 0, 0x6) },
	{ "gaining a home that is alone changes nothing",
	  W(0, 0, 0), 0, 0, W(0, 0, 0) },
	{ "the primary takes home back",
	  W(0, 2, 0), 0, 0, W(INTENT, 0, 0x4) },
	{ "taking home back keeps the other copies",
	  W(INTENT, 2, 0x8018), 0, 0, W(INTENT, 0, 0x801c) },
	{ "another copy does not move home",
	  W(0, 2, 0), 3, 0, W(INTENT, 2, 0x8) },
	{ "gaining leaves other flags alone",
	  W(COPYING | REFUSED | BUFFERED, 2, 0), 1, 1,
	  W(COPYING | REFUSED | BUFFERED | INTENT, 1, 0x4) },
};

/* first: away */
static const struct word_change_row word_away_rows[] = {
	{ "a copy that is away stays while nothing is written",
	  W(0, 0, 0x6), 0x2, 0, W(0, 0, 0x6) },
	{ "a copy that is away goes where writes may be inside",
	  W(INTENT, 0, 0x6), 0x2, 0, W(INTENT, 0, 0x4) },
	{ "the last copy takes intent with it",
	  W(INTENT, 0, 0x2), 0x2, 0, W(0, 0, 0) },
	{ "a home that is away becomes a copy",
	  W(0, 0, 0x6), 0x1, 0, W(0, 1, 0x5) },
	{ "a home that is away goes where writes may be inside",
	  W(INTENT, 0, 0x6), 0x1, 0, W(INTENT, 1, 0x4) },
	{ "home moves past copies that are away",
	  W(0, 0, 0x6), 0x3, 0, W(0, 2, 0x3) },
	{ "with everybody away nothing changes",
	  W(INTENT, 0, 0x6), 0x7, 0, W(INTENT, 0, 0x6) },
	{ "a home that is alone stays", W(0, 3, 0), 0x8, 0, W(0, 3, 0) },
	{ "nobody away changes nothing",
	  W(INTENT, 0, 0x6), 0, 0, W(INTENT, 0, 0x6) },
	{ "members without the data do not matter",
	  W(INTENT, 0, 0x2), 0xfffc, 0, W(INTENT, 0, 0x2) },
};

/* first: here */
static const struct word_change_row word_recover_rows[] = {
	{ "copies without intent are believed",
	  W(0, 0, 0x6), 0x7, 0, W(0, 0, 0x6) },
	{ "of copies that may differ the home is left",
	  W(INTENT, 1, 0x5), 0x7, 0, W(0, 1, 0) },
	{ "without the home the lowest copy that is here is left",
	  W(INTENT, 0, 0xe), 0xc, 0, W(0, 2, 0) },
	{ "with nobody here nothing changes",
	  W(INTENT, 0, 0x6), 0x8, 0, W(INTENT, 0, 0x6) },
	{ "buffered blocks stay buffered",
	  W(INTENT | BUFFERED, 0, 0x2), 0x3, 0, W(BUFFERED, 0, 0) },
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
 * A walk of all changes: all words on the way, FNV-1a folded. The hash is
 * from a model in another language that keeps the copies as a set.
 */
struct word_walk_row {
	const char *name;
	u64 seed;
	u32 steps;
	u64 hash;
};

static const struct word_walk_row word_walk_rows[] = {
	{ "a long walk of all changes ends alike everywhere",
	  1, 100000, 0x693bacae55a6c0bdULL },
};

#endif /* PSH_VECTORS_WORD_H */
