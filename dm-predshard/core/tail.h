/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tail: which stripes of the buffer log are still needed, and when their place
 * may be used again.
 *
 * Each stripe has a counter of its live sectors: those that it alone has. A
 * record that is staged raises its stripe's; a newer record, and a write to the
 * home, lower those of what they replace. A stripe at 0 is not needed *now*;
 * after a crash it is, for as long as what replaced it is not durable. So the tail
 * moves in steps, one at a time:
 *
 *  1. psh_tail_propose(): the first stripe that is live, or the next; and which
 *     stripe holds the newest record of now;
 *  2. the caller flushes the home (and what else merges were written to), after
 *     1 and after those writes that lowered counters before it ended;
 *  3. psh_tail_flushed(); and the log becomes durable up to that stripe;
 *  4. then heads that are sealed from now on say the new tail;
 *  5. when one of them is durable, the places before it are *released*.
 *
 * The last free place is only for a stripe whose head releases others, so a full
 * log can always be emptied.
 *
 * It counts and decides. It takes no locks and sends nothing; that nobody still
 * reads from a released place is for the caller to see to.
 */
#ifndef PSH_TAIL_H
#define PSH_TAIL_H

#include "base.h"

/**
 * struct psh_tail - the log's counters
 * @live: live sectors of each place, the caller's
 * @ring: how many places there are, at least 2
 * @next: stripe that is being filled, not yet sealed
 * @durable: all stripes up to this one are durable
 * @tail: what the next head says
 * @released: what the newest durable head says
 * @proposed: the tail that is being made safe, 0 if none
 * @need: stripe that must be durable for it
 * @flushed: the home was flushed for it
 */
struct psh_tail {
	u64 *live;
	u64 ring;
	u64 next;
	u64 durable;
	u64 tail;
	u64 released;
	u64 proposed;
	u64 need;
	bool flushed;
};

/**
 * psh_tail_begin() - the log after replay
 * @tail: @ring set, and @live to what is left of the records that replay told
 * @first: oldest stripe that is needed
 * @end: last stripe that counts
 */
void psh_tail_begin(struct psh_tail *tail, u64 first, u64 end);

/** psh_tail_place() - the place in the ring of a stripe. */
static inline u64 psh_tail_place(const struct psh_tail *tail, u64 sequence)
{
	u64 place;

	div64_u64_rem(sequence, tail->ring, &place);
	return place;
}

/**
 * psh_tail_sequence() - the stripe of a place
 * @tail: the counters
 * @place: of a stripe from @released on; so ask before psh_tail_durable() moves
 *	   it
 *
 * Return: its number.
 */
u64 psh_tail_sequence(const struct psh_tail *tail, u64 place);

/** psh_tail_live() - a stripe's record has so many sectors. */
static inline void psh_tail_live(struct psh_tail *tail, u64 sequence,
				 u64 sectors)
{
	tail->live[psh_tail_place(tail, sequence)] += sectors;
}

/** psh_tail_dead() - so many of the sectors at a place were replaced. */
static inline void psh_tail_dead(struct psh_tail *tail, u64 place, u64 sectors)
{
	tail->live[place] -= sectors;
}

/**
 * psh_tail_may_open() - may stripe @next be sealed and written?
 * @tail: the counters
 *
 * Return: true if its place is released and one is left besides, or its head
 * will release some.
 */
bool psh_tail_may_open(const struct psh_tail *tail);

/**
 * psh_tail_seal() - stripe @next was sealed with tail and durable of now
 * @tail: the counters
 */
static inline void psh_tail_seal(struct psh_tail *tail)
{
	tail->next++;
}

/**
 * psh_tail_durable() - the log was flushed
 * @tail: the counters
 * @sequence: all stripes up to it were complete before the flush was sent
 * @said: the tail in the head of that stripe
 */
void psh_tail_durable(struct psh_tail *tail, u64 sequence, u64 said);

/**
 * psh_tail_propose() - can the tail move?
 * @tail: the counters
 * @staged: stripe @next holds a record already
 *
 * Does nothing while a proposal is on its way.
 *
 * Return: true if the home must be flushed and psh_tail_flushed() called.
 */
bool psh_tail_propose(struct psh_tail *tail, bool staged);

/** psh_tail_flushed() - the home was flushed after psh_tail_propose(). */
void psh_tail_flushed(struct psh_tail *tail);

/** psh_tail_drop() - the home's flush failed: the tail stays. */
static inline void psh_tail_drop(struct psh_tail *tail)
{
	tail->proposed = 0;
}

#endif /* PSH_TAIL_H */
