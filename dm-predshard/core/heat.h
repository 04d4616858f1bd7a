/* SPDX-License-Identifier: GPL-2.0 */
/*
 * heat: how hot each segment is, in one byte.
 *
 * The byte is a small floating number (four bits of exponent, four of
 * mantissa) of decayed accesses, up to a million. A sampled access raises it
 * with the chance that keeps its expectation right, so the hotter a segment is,
 * the rarer its byte is written. Fading halves all, a part of the volume at a
 * time. Answers which segments are the hot set, by a threshold from a histogram
 * or the hottest few in one pass. It does not sample, and knows no copies.
 */
#ifndef PSH_HEAT_H
#define PSH_HEAT_H

#include "base.h"

#define PSH_HEAT_LEVELS	256

/**
 * psh_heat_value() - what a byte stands for
 * @heat: the byte
 *
 * Return: accesses, 0..1015792, rising with @heat.
 */
static inline u32 psh_heat_value(u8 heat)
{
	return ((16U + (heat & 15)) << (heat >> 4)) - 16;
}

/**
 * psh_heat_of() - the byte that stands for a number of accesses
 * @value: what is more than a byte can say sticks
 *
 * Return: the highest byte whose value is not above @value.
 */
u8 psh_heat_of(u32 value);

/**
 * psh_heat_bump() - one sampled access
 * @heat: the segment's byte; others may bump it at the same time, and one of
 *	  them may be lost
 * @random: any numbers, a new one each time
 *
 * Some ten instructions, and a write in one of 2^exponent cases.
 *
 * Context: any; takes no lock.
 */
static inline void psh_heat_bump(u8 *heat, u32 random)
{
	u8 now = READ_ONCE(*heat);

	if (now != U8_MAX && !(random & ((1U << (now >> 4)) - 1)))
		WRITE_ONCE(*heat, now + 1);
}

/**
 * psh_heat_fade() - halve a part of the volume
 * @heat: one byte per segment
 * @nr: how many to halve
 *
 * To be called for parts of the volume in turn; bumps may go on meanwhile.
 * About 5 instructions for eight segments that are cold, 100 for eight of which
 * one is not.
 */
void psh_heat_fade(u8 *heat, u64 nr);

/**
 * psh_heat_count() - add segments to a histogram
 * @heat: one byte per segment
 * @nr: segments
 * @segments: how many have each byte; raised
 */
void psh_heat_count(const u8 *heat, u64 nr, u32 segments[PSH_HEAT_LEVELS]);

/**
 * struct psh_heat_set - the segments at or above a threshold
 * @threshold: least byte of the set, at least 1
 * @segments: how many they are
 * @permille: their share of all heat
 */
struct psh_heat_set {
	u32 threshold;
	u32 segments;
	u32 permille;
};

/**
 * psh_heat_set() - the smallest set that has a share of the heat
 * @segments: histogram
 * @permille: the share that is wanted, 0..1000
 * @most: segments that the set may have
 * @set: result; empty, with a threshold of 256, if nothing is hot
 *
 * Segments of one byte are taken together or not at all, so that the answer
 * can be given as a threshold; the set is never larger than @most, and has
 * less than @permille if that does not suffice.
 */
void psh_heat_set(const u32 segments[PSH_HEAT_LEVELS], u32 permille, u32 most,
		  struct psh_heat_set *set);

/**
 * struct psh_heat_spot - a hot segment
 * @segment: its number
 * @heat: its byte
 */
struct psh_heat_spot {
	u32 segment;
	u8 heat;
};

/**
 * psh_heat_hottest() - keep the hottest of what is looked at
 * @spot: the hottest so far
 * @nr: how many there are
 * @room: of @spot, at least 1
 * @heat: bytes of some segments
 * @first: number of the first of them
 * @segments: how many
 *
 * To be called for parts of the volume in turn, from 0 spots on. @spot is a
 * heap with the coolest first, see psh_heat_sort(). Of segments alike those
 * with lower numbers are kept.
 *
 * Return: how many spots there are now.
 */
u32 psh_heat_hottest(struct psh_heat_spot *spot, u32 nr, u32 room,
		     const u8 *heat, u32 first, u32 segments);

/**
 * psh_heat_sort() - put the spots in order
 * @spot: from psh_heat_hottest(); a heap no longer
 * @nr: how many
 *
 * The hottest first, of those alike the one with the lower number.
 */
void psh_heat_sort(struct psh_heat_spot *spot, u32 nr);

#endif /* PSH_HEAT_H */
