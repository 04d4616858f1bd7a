// SPDX-License-Identifier: GPL-2.0
/*
 * histogram: what the buckets stand for, and quantiles and mean over them.
 *
 * Reads counters that others may be raising meanwhile; the answer then belongs
 * to some moment in between. It never resets or merges: the callers own the
 * counters. All sums below assume fewer than 2^64 samples.
 */
#include "histogram.h"

#define UNIT_SHIFT	10	/* 1024 ns */

static u64 bucket_start(unsigned int bucket)
{
	if (bucket < 4)
		return (u64)bucket << UNIT_SHIFT;
	/* Octave o begins in bucket (o - 1) * 4 with 4 << (o - 2) units. */
	return (u64)(4 + bucket % 4) << (bucket / 4 - 1 + UNIT_SHIFT);
}

u64 psh_hist_limit(unsigned int bucket)
{
	return bucket_start(bucket + 1);
}

static u64 total(const u64 *count)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < PSH_HIST_BUCKETS; i++)
		sum += READ_ONCE(count[i]);
	return sum;
}

/* The permille of samples, rounded up; split so that it cannot overflow. */
static u64 rank_of(u64 samples, unsigned int permille)
{
	u64 thousands = div64_u64(samples, 1000);
	unsigned int rest = samples - thousands * 1000;

	return thousands * permille + (rest * permille + 999) / 1000;
}

u64 psh_hist_quantile(const u64 *count, unsigned int permille)
{
	u64 samples = total(count);
	u64 rank, seen = 0;
	unsigned int i;

	if (!samples)
		return 0;
	rank = rank_of(samples, permille < 1000 ? permille : 1000);
	if (!rank)
		rank = 1;
	for (i = 0; i < PSH_HIST_BUCKETS - 1; i++) {
		seen += READ_ONCE(count[i]);
		if (seen >= rank)
			break;
	}
	return psh_hist_limit(i);
}

/*
 * Counters are scaled down together until they sum to less than 2^28. A
 * middle is below 2^35 ns, so the weighted sum stays below 2^63; what scaling
 * cuts off is less than 96 in 2^27 samples.
 */
u64 psh_hist_mean(const u64 *count)
{
	u64 samples = total(count);
	unsigned int scale = samples >> 28 ? psh_log2(samples) - 27 : 0;
	u64 sum = 0, weight, weights = 0;
	unsigned int i;

	for (i = 0; i < PSH_HIST_BUCKETS; i++) {
		weight = READ_ONCE(count[i]) >> scale;
		sum += weight * ((bucket_start(i) + psh_hist_limit(i)) / 2);
		weights += weight;
	}
	return weights ? div64_u64(sum, weights) : 0;
}
