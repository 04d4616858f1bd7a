/* SPDX-License-Identifier: GPL-2.0 */
/*
 * book: what each kind of decision has cost and gained, and when it may be
 * taken again.
 *
 * A decision that was carried out is held for a dwell, so that nothing flaps.
 * When it has ended, its cost and gain are booked; a kind that lost is not
 * taken again for two hours, then four, and so on up to five days, and comes
 * back by one step for each time it gained. Costs and gains are in one unit of
 * the caller's. It takes no decision, and reads no clock.
 */
#ifndef PSH_BOOK_H
#define PSH_BOOK_H

#include "base.h"

enum psh_decision {
	PSH_DECISION_BUFFER,	/* the buffer mode goes on or off */
	PSH_DECISION_MERGE,	/* what is buffered goes home */
	PSH_DECISION_COPIES,	/* copies of hot segments, more or fewer */
	PSH_DECISION_WARM,	/* a shadow is filled */
	PSH_DECISION_MEMBER,	/* a member is asked for */
	PSH_DECISION_NR
};

enum psh_held {
	PSH_HOLD_NONE,
	PSH_HOLD_DWELL,		/* changed not long ago */
	PSH_HOLD_LOSING,	/* cost more than it gained */
	PSH_HOLD_BUDGET,	/* no background bytes are left today */
	PSH_HOLD_NR
};

/**
 * struct psh_book_page - one kind of decision
 * @cost: of those that ended; older ones fade by an eighth with each
 * @gain: likewise
 * @ended: how many, sticks
 * @changed_s: when it was last carried out
 * @changed: it was
 * @losses: steps of backing off
 * @until_s: not before, if @losses is not 0
 */
struct psh_book_page {
	u64 cost;
	u64 gain;
	u32 ended;
	s64 changed_s;
	bool changed;
	u8 losses;
	s64 until_s;
};

/**
 * struct psh_book - one volume
 * @page: by kind of decision
 */
struct psh_book {
	struct psh_book_page page[PSH_DECISION_NR];
};

/**
 * psh_book_begin() - nothing was decided
 * @book: the volume
 */
void psh_book_begin(struct psh_book *book);

/**
 * psh_book_change() - a decision was carried out
 * @book: the volume
 * @kind: of decision
 * @now_s: the caller's clock
 */
void psh_book_change(struct psh_book *book, enum psh_decision kind, s64 now_s);

/**
 * psh_book_end() - what a decision has cost and gained is known
 * @book: the volume
 * @kind: of decision
 * @cost: what is above 2^56 counts as that
 * @gain: likewise
 * @now_s: the caller's clock
 *
 * A gain that equals the cost is no loss.
 */
void psh_book_end(struct psh_book *book, enum psh_decision kind, u64 cost,
		  u64 gain, s64 now_s);

/**
 * psh_book_hold() - may a decision be taken
 * @book: the volume
 * @kind: of decision
 * @dwell_s: how long the last one is held
 * @now_s: the caller's clock; where it has gone back nothing is held
 *
 * Return: why not, or %PSH_HOLD_NONE.
 */
enum psh_held psh_book_hold(const struct psh_book *book, enum psh_decision kind,
			    u32 dwell_s, s64 now_s);

/**
 * psh_hold_name() - the word for a hold
 * @hold: enum psh_held
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_hold_name(u32 hold);

#endif /* PSH_BOOK_H */
