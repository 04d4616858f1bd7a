// SPDX-License-Identifier: GPL-2.0
/*
 * pair: space-saving counters in sets of four, with admission by chance.
 *
 * Called by the predictor's worker, which drains what the fast path sampled. A
 * pair that is not in its set takes over the least count there, plus one, with
 * a chance of about one in that count, and remembers it as its error. With
 * certain admission 256 counters hold only what is a 256th of the stream; by
 * chance far rarer pairs stay, as tests/unit/pair_test.c shows.
 */
#include "pair.h"

void psh_pairs_begin(struct psh_pairs *pairs)
{
	memset(pairs, 0, sizeof(*pairs));
}

/* Fibonacci hashing; the high bits of the product are the well mixed ones. */
static u32 set_of(u32 low, u32 high)
{
	u64 both = (u64)high << 32 | low;

	both ^= both >> 29;
	return ((both * 0x9e3779b97f4a7c15ULL) >> 58) * PSH_PAIR_WAYS;
}

static void count(struct psh_pairs *pairs, u32 a, u32 b, u32 random)
{
	u32 low = a < b ? a : b, high = a < b ? b : a, i;
	struct psh_pair *set = pairs->pair + set_of(low, high);
	struct psh_pair *least = set;

	for (i = 0; i < PSH_PAIR_WAYS; i++) {
		if (set[i].count && set[i].low == low && set[i].high == high) {
			set[i].count += set[i].count < U16_MAX;
			return;
		}
		if (set[i].count < least->count)
			least = &set[i];
	}
	if (random & ((1U << fls64(least->count)) - 1))
		return;
	least->low = low;
	least->high = high;
	least->error = least->count;
	least->count += least->count < U16_MAX;
}

void psh_pairs_see(struct psh_pairs *pairs, u32 segment, u32 random)
{
	u32 i;

	for (i = 0; i < pairs->filled; i++)
		if (pairs->recent[i] == segment)
			return;
	for (i = 0; i < pairs->filled; i++)
		count(pairs, pairs->recent[i], segment, random >> 4 * i);
	pairs->recent[pairs->next] = segment;
	pairs->next = (pairs->next + 1) % PSH_PAIR_RECENT;
	pairs->filled += pairs->filled < PSH_PAIR_RECENT;
}

void psh_pairs_fade(struct psh_pairs *pairs)
{
	u32 i;

	for (i = 0; i < PSH_PAIRS; i++) {
		struct psh_pair *pair = &pairs->pair[i];

		pair->count /= 2;
		pair->error = (pair->error + 1) / 2;
		if (pair->error > pair->count)
			pair->error = pair->count;
	}
}

static u32 surely(const struct psh_pair *pair)
{
	return pair->count - pair->error;
}

static bool is_before(const struct psh_pair *a, const struct psh_pair *b)
{
	if (surely(a) != surely(b))
		return surely(a) > surely(b);
	return a->low != b->low ? a->low < b->low : a->high < b->high;
}

u32 psh_pairs_best(const struct psh_pairs *pairs, u32 least,
		   struct psh_pair *best, u32 room)
{
	u32 nr = 0, i, at;

	for (i = 0; i < PSH_PAIRS && room; i++) {
		const struct psh_pair *pair = &pairs->pair[i];

		if (surely(pair) < least)
			continue;
		if (nr == room && !is_before(pair, &best[nr - 1]))
			continue;
		nr += nr < room;
		for (at = nr - 1; at && is_before(pair, &best[at - 1]); at--)
			best[at] = best[at - 1];
		best[at] = *pair;
	}
	return nr;
}
