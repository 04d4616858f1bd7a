/* SPDX-License-Identifier: GPL-2.0 */
/*
 * book: rows for dwell and backing off, each a few entries and a question.
 *
 * Data only; tests/unit/book_test.c and the KUnit suite compare the same rows.
 * Everything is about the buffer; the question is asked with a dwell of 30 min.
 */
#ifndef PSH_VECTORS_BOOK_H
#define PSH_VECTORS_BOOK_H

#include "../../dm-predshard/core/book.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define BOOK_ENTRIES	9
#define LOSS(at)	{ false, at, 100, 99 }
#define GAIN(at)	{ false, at, 100, 100 }
#define HOUR		3600LL

struct book_entry {
	bool change;
	s64 at_s;
	u64 cost;
	u64 gain;
};

struct book_row {
	const char *name;
	u32 nr;
	struct book_entry entry[BOOK_ENTRIES];
	s64 asked_s;
	enum psh_held hold;
	u64 cost;	/* in the end */
	u64 gain;
};

static const struct book_row book_rows[] = {
	{ "nothing was decided", 0, { { 0 } }, 0, PSH_HOLD_NONE, 0, 0 },
	{ "just now", 1, { { true, 100 } }, 100, PSH_HOLD_DWELL, 0, 0 },
	{ "half an hour ago, less a second", 1, { { true, 100 } }, 1899,
	  PSH_HOLD_DWELL, 0, 0 },
	{ "half an hour ago", 1, { { true, 100 } }, 1900, PSH_HOLD_NONE, 0, 0 },
	{ "the clock went back", 1, { { true, 100 } }, 99, PSH_HOLD_NONE,
	  0, 0 },
	{ "a gain holds nothing", 1, { GAIN(0) }, 0, PSH_HOLD_NONE, 100, 100 },
	{ "a loss holds for two hours", 1, { LOSS(0) }, 2 * HOUR - 1,
	  PSH_HOLD_LOSING, 100, 99 },
	{ "and no longer", 1, { LOSS(0) }, 2 * HOUR, PSH_HOLD_NONE, 100, 99 },
	{ "two losses hold for four", 2, { LOSS(0), LOSS(0) }, 4 * HOUR - 1,
	  PSH_HOLD_LOSING, 188, 186 },
	{ "nine hold for five days and a third", 9,
	  { LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0),
	    LOSS(0), LOSS(0) }, 128 * HOUR - 1, PSH_HOLD_LOSING, 562, 556 },
	{ "and no longer than that", 9,
	  { LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0), LOSS(0),
	    LOSS(0), LOSS(0) }, 128 * HOUR, PSH_HOLD_NONE, 562, 556 },
	{ "a gain ends the hold", 3, { LOSS(0), LOSS(0), GAIN(0) }, 0,
	  PSH_HOLD_NONE, 265, 263 },
	{ "but one step is left for the next loss", 4,
	  { LOSS(0), LOSS(0), GAIN(0), LOSS(0) }, 4 * HOUR - 1,
	  PSH_HOLD_LOSING, 332, 330 },
	{ "a hold from a clock that went back is none", 1, { LOSS(100 * HOUR) },
	  50 * HOUR, PSH_HOLD_NONE, 100, 99 },
	{ "the highest amounts do not overflow", 2,
	  { { false, 0, U64_MAX, U64_MAX }, { false, 0, U64_MAX, U64_MAX } },
	  0, PSH_HOLD_NONE, 135107988821114880ULL, 135107988821114880ULL },
	{ "the end of time", 2, { { true, S64_MAX }, LOSS(S64_MAX) }, S64_MAX,
	  PSH_HOLD_LOSING, 100, 99 },
	{ "before time", 2, { { true, S64_MIN }, LOSS(S64_MIN) }, S64_MAX,
	  PSH_HOLD_NONE, 100, 99 },
};

static inline void book_run_row(const struct book_row *row,
				struct psh_book *book)
{
	u32 i;

	psh_book_begin(book);
	for (i = 0; i < row->nr; i++) {
		const struct book_entry *entry = &row->entry[i];

		if (entry->change)
			psh_book_change(book, PSH_DECISION_BUFFER,
					entry->at_s);
		else
			psh_book_end(book, PSH_DECISION_BUFFER, entry->cost,
				     entry->gain, entry->at_s);
	}
}

#undef LOSS
#undef GAIN
#undef HOUR

#endif /* PSH_VECTORS_BOOK_H */
