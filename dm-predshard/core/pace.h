/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pace: how fast background copies may go.
 *
 * A token bucket whose rate follows the foreground: idle, it doubles up to the
 * limit; busy, it halves down to the floor, below which it never falls, so
 * that a copy always finishes. The clock is the caller's.
 */
#ifndef PSH_PACE_H
#define PSH_PACE_H

#include "base.h"

#define PSH_PACE_UNLIMITED	(1ULL << 40)	/* bytes per second */

/**
 * struct psh_pace - one member's bucket
 * @rate_Bps: rate now, bytes per second
 * @next_ns: time from which the next request may start
 */
struct psh_pace {
	u64 rate_Bps;
	u64 next_ns;
};

/**
 * psh_pace_adapt() - set the rate for the next tick
 * @pace: the bucket
 * @busy: foreground I/O was seen in the last tick
 * @floor_Bps: lowest rate, at least 1
 * @limit_Bps: highest rate, 0 for no limit; wins over @floor_Bps
 */
void psh_pace_adapt(struct psh_pace *pace, bool busy, u64 floor_Bps,
		    u64 limit_Bps);

/**
 * psh_pace_take() - book a request and say how long to wait before it
 * @pace: the bucket
 * @bytes: size of the request, at most 64 MiB
 * @now_ns: the caller's monotonic clock
 *
 * Unused time is not saved up beyond 10 ms, so a pause is not followed by a
 * burst.
 *
 * Return: nanoseconds to wait; 0 to go at once.
 */
u64 psh_pace_take(struct psh_pace *pace, u32 bytes, u64 now_ns);

#endif /* PSH_PACE_H */
