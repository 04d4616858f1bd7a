// SPDX-License-Identifier: GPL-2.0
/*
 * heat: codes, fading, and the hot set.
 *
 * Bumps come from the fast path, everything else from the predictor's worker.
 * No lock: a bump that races with another or with fading loses one access of
 * one segment, which sampling does more often. Values are below 2^20, so that
 * the sum over 2^32 segments is below 2^52, and a thousand times that
 * below 2^62.
 */
#include "heat.h"

#define VALUE_MOST 1015792 /* of the byte 255 */
#define WORD sizeof(u64)

u8 psh_heat_of(u32 value)
{
	u32 raised = (value < VALUE_MOST ? value : VALUE_MOST) + 16;
	u32 exponent = psh_log2(raised) - 4;

	return exponent << 4 | ((raised >> exponent) & 15);
}

/* A word of cold segments is one comparison. */
static bool is_cold(const u8 *heat)
{
	u64 word;

	memcpy(&word, heat, WORD);
	return !word;
}

static void halve(u8 *heat)
{
	u8 now = READ_ONCE(*heat);

	if (now)
		WRITE_ONCE(*heat, psh_heat_of(psh_heat_value(now) / 2));
}

void psh_heat_fade(u8 *heat, u64 nr)
{
	u32 i;

	for (; nr >= WORD; nr -= WORD, heat += WORD) {
		if (is_cold(heat))
			continue;
		for (i = 0; i < WORD; i++)
			halve(heat + i);
	}
	while (nr--)
		halve(heat++);
}

void psh_heat_count(const u8 *heat, u64 nr, u32 segments[PSH_HEAT_LEVELS])
{
	for (; nr >= WORD; nr -= WORD, heat += WORD) {
		u32 i;

		if (is_cold(heat)) {
			segments[0] += WORD;
			continue;
		}
		for (i = 0; i < WORD; i++)
			segments[READ_ONCE(heat[i])]++;
	}
	while (nr--)
		segments[READ_ONCE(*heat++)]++;
}

static u64 heat_of_level(const u32 segments[PSH_HEAT_LEVELS], u32 level)
{
	return (u64)segments[level] * psh_heat_value(level);
}

void psh_heat_set(const u32 segments[PSH_HEAT_LEVELS], u32 permille, u32 most,
		  struct psh_heat_set *set)
{
	u64 all = 0, sum = 0, nr = 0;
	u32 level;

	set->threshold = PSH_HEAT_LEVELS;
	for (level = 1; level < PSH_HEAT_LEVELS; level++)
		all += heat_of_level(segments, level);
	for (level = PSH_HEAT_LEVELS - 1; level; level--) {
		if (sum * 1000 >= all * permille || nr + segments[level] > most)
			break;
		if (!segments[level])
			continue;
		nr += segments[level];
		sum += heat_of_level(segments, level);
		set->threshold = level;
	}
	set->segments = nr;
	set->permille = all ? div64_u64(sum * 1000, all) : 0;
}

static bool is_cooler(const struct psh_heat_spot *a,
		      const struct psh_heat_spot *b)
{
	return a->heat < b->heat ||
	       (a->heat == b->heat && a->segment > b->segment);
}

static void swap_spots(struct psh_heat_spot *a, struct psh_heat_spot *b)
{
	struct psh_heat_spot moved = *a;

	*a = *b;
	*b = moved;
}

static void sink(struct psh_heat_spot *spot, u32 nr, u32 at)
{
	u32 child;

	while ((child = 2 * at + 1) < nr) {
		if (child + 1 < nr && is_cooler(&spot[child + 1], &spot[child]))
			child++;
		if (!is_cooler(&spot[child], &spot[at]))
			return;
		swap_spots(&spot[at], &spot[child]);
		at = child;
	}
}

static void rise(struct psh_heat_spot *spot, u32 at)
{
	while (at && is_cooler(&spot[at], &spot[(at - 1) / 2])) {
		swap_spots(&spot[at], &spot[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

u32 psh_heat_hottest(struct psh_heat_spot *spot, u32 nr, u32 room,
		     const u8 *heat, u32 first, u32 segments)
{
	u32 i;

	for (i = 0; i < segments; i++) {
		struct psh_heat_spot here = { first + i, READ_ONCE(heat[i]) };

		if (!here.heat)
			continue;
		if (nr < room) {
			spot[nr] = here;
			rise(spot, nr++);
		} else if (is_cooler(&spot[0], &here)) {
			spot[0] = here;
			sink(spot, nr, 0);
		}
	}
	return nr;
}

void psh_heat_sort(struct psh_heat_spot *spot, u32 nr)
{
	while (nr > 1) {
		swap_spots(&spot[0], &spot[--nr]);
		sink(spot, nr, 0);
	}
}
