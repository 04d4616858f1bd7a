/* SPDX-License-Identifier: GPL-2.0 */
/*
 * random: the tests' source of varied but repeatable numbers.
 *
 * Marsaglia's xorshift64 (13, 7, 17): the same seed gives the same numbers in
 * user space and in the kernel, so that a walk of a million steps can be
 * compared by its end. Good enough to vary inputs; no statistics are made of
 * it.
 */
#ifndef PSH_VECTORS_RANDOM_H
#define PSH_VECTORS_RANDOM_H

#include "../../dm-predshard/core/base.h"

/* @state: not 0 */
static inline u64 random_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A number of any magnitude: as many of 20 bits long as of 60 bits. */
static inline u64 random_magnitude(u64 *state)
{
	unsigned int shift = random_next(state) & 63;

	return random_next(state) >> shift;
}

#endif /* PSH_VECTORS_RANDOM_H */
