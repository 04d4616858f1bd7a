/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pair: which segments are used together.
 *
 * Takes a sampled stream of accesses and counts pairs of segments that follow
 * each other within four samples, in 3 KiB whatever the volume's size. A pair
 * that is new takes the place of a rare one by chance, the less likely the more
 * often that was seen, so that a stream of random pairs does not wash out the
 * ones that recur. How often a pair was surely seen is never too high. It says
 * who belongs together; where they go is placement's.
 */
#ifndef PSH_PAIR_H
#define PSH_PAIR_H

#include "base.h"

#define PSH_PAIR_RECENT	4
#define PSH_PAIR_WAYS	4
#define PSH_PAIR_SETS	64
#define PSH_PAIRS	(PSH_PAIR_SETS * PSH_PAIR_WAYS)

/**
 * struct psh_pair - two segments
 * @low: the lower number
 * @high: the higher one
 * @count: seen together since it is here, plus @error; sticks
 * @error: count of the pair that was here before
 */
struct psh_pair {
	u32 low;
	u32 high;
	u16 count;
	u16 error;
};

/**
 * struct psh_pairs - one volume
 * @recent: segments of the last samples, in no order
 * @next: which of them goes next
 * @filled: how many there are
 * @pair: the counters, set after set; a pair is in one set only
 */
struct psh_pairs {
	u32 recent[PSH_PAIR_RECENT];
	u8 next;
	u8 filled;
	struct psh_pair pair[PSH_PAIRS];
};

/**
 * psh_pairs_begin() - nothing was seen
 * @pairs: the volume
 */
void psh_pairs_begin(struct psh_pairs *pairs);

/**
 * psh_pairs_see() - one sampled access
 * @pairs: the volume
 * @segment: its segment; one that is among the last ones is not counted
 * @random: any number, a new one each time
 *
 * At most 4 look-ups of 4 places, some 350 instructions.
 */
void psh_pairs_see(struct psh_pairs *pairs, u32 segment, u32 random);

/**
 * psh_pairs_fade() - halve all counts
 * @pairs: the volume
 */
void psh_pairs_fade(struct psh_pairs *pairs);

/**
 * psh_pairs_best() - the pairs that were surely seen most
 * @pairs: the volume
 * @least: how often at least, at least 1
 * @best: result, most often first; of those alike lower numbers first
 * @room: of @best
 *
 * Return: how many.
 */
u32 psh_pairs_best(const struct psh_pairs *pairs, u32 least,
		   struct psh_pair *best, u32 room);

#endif /* PSH_PAIR_H */
