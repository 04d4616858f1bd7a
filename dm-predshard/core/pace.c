// SPDX-License-Identifier: GPL-2.0
/*
 * pace: the arithmetic of a member's token bucket.
 *
 * Called by the copier with the bucket's lock held: psh_pace_adapt() once a
 * tick, psh_pace_take() before each request. It sleeps for nobody and reads no
 * clock. The bucket is a single time stamp: a request moves it by bytes / rate,
 * and a request that finds it in the future waits until then.
 */
#include "pace.h"

#define NS_PER_S	1000000000ULL
#define CREDIT_NS	10000000ULL	/* 10 ms: a timer's lateness, no more */

void psh_pace_adapt(struct psh_pace *pace, bool busy, u64 floor_Bps,
		    u64 limit_Bps)
{
	u64 high = limit_Bps ? limit_Bps : PSH_PACE_UNLIMITED;
	u64 low = floor_Bps ? floor_Bps : 1;
	u64 rate = pace->rate_Bps;

	if (busy)
		rate /= 2;
	else
		rate = rate < high / 2 ? rate * 2 : high;
	if (rate < low)
		rate = low;
	pace->rate_Bps = rate < high ? rate : high;
}

/*
 * Cannot overflow: bytes is below 2^32, NS_PER_S below 2^30; the time stamp
 * sticks at the end of time.
 */
u64 psh_pace_take(struct psh_pace *pace, u32 bytes, u64 now_ns)
{
	u64 rate = pace->rate_Bps ? pace->rate_Bps : 1;
	u64 cost_ns = div64_u64(bytes * NS_PER_S, rate);
	u64 earliest = now_ns > CREDIT_NS ? now_ns - CREDIT_NS : 0;
	u64 start = pace->next_ns > earliest ? pace->next_ns : earliest;

	pace->next_ns = start < U64_MAX - cost_ns ? start + cost_ns : U64_MAX;
	return start > now_ns ? start - now_ns : 0;
}
