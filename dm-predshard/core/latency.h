/* SPDX-License-Identifier: GPL-2.0 */
/*
 * latency: how long a member will take for one more read.
 *
 * Two numbers per member, learnt from completions: the floor (latency of a
 * member that has nothing else to do) and the slope (latency per request in
 * flight, which is what a saturated device shows). Expected completion time
 * with n requests in flight, the new one included, is the larger of floor and
 * n * slope. A quick fall and a slow rise of both let a member that recovered
 * be used again after a few probes while one that became slow is shunned after
 * some tens of samples. Both are plain 32-bit stores: racing updates from
 * several CPUs lose a sample, nothing else.
 */
#ifndef PSH_LATENCY_H
#define PSH_LATENCY_H

#include "base.h"

/**
 * struct psh_latency - what is known of one member's latency
 * @floor_ns: latency when idle; 0 until the first sample
 * @slope_ns: latency per request in flight
 */
struct psh_latency {
	u32 floor_ns;
	u32 slope_ns;
};

/**
 * psh_latency_learn() - take one completion into account
 * @latency: the estimate
 * @ns: measured latency; above 4 s counts as 4 s
 * @load: requests in flight on the member when this one was sent, itself
 *	  included; at least 1
 *
 * The slope moves by 1/8 of the difference upwards and 1/4 downwards, the
 * floor by 1/8 upwards and at once downwards. Only a request that took over a
 * quarter longer than the floor moves the slope upwards, only one that was
 * alone (@load 1) the floor. No division: the reciprocal of @load comes
 * from a table.
 *
 * Context: any, also hard interrupt.
 */
void psh_latency_learn(struct psh_latency *latency, u64 ns, unsigned int load);

/**
 * psh_latency_expect() - expected completion time of one more request
 * @latency: the estimate
 * @load: requests in flight, the new one included
 *
 * Return: nanoseconds; 0 for a member without samples, so that it is tried.
 */
static inline u64 psh_latency_expect(const struct psh_latency *latency,
				     unsigned int load)
{
	u64 queued = (u64)READ_ONCE(latency->slope_ns) * load;
	u32 floor = READ_ONCE(latency->floor_ns);

	return queued > floor ? queued : floor;
}

#endif /* PSH_LATENCY_H */
