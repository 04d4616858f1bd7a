/* SPDX-License-Identifier: GPL-2.0 */
/*
 * histogram: latencies in log-linear buckets.
 *
 * Unit 1024 ns (about a microsecond), four buckets an octave, so that a
 * quantile is never too low and at most 25 % too high (1 us below 4 us). The
 * last bucket holds all from about 30 s on.
 * Counting is the caller's (per-CPU counters); this file says which bucket a
 * value falls in, what a bucket stands for, and where a quantile lies.
 */
#ifndef PSH_HISTOGRAM_H
#define PSH_HISTOGRAM_H

#include "base.h"

#define PSH_HIST_BUCKETS	96

/**
 * psh_hist_bucket() - the bucket of a latency
 * @ns: latency in nanoseconds, any value
 *
 * Context: any.
 * Return: 0..PSH_HIST_BUCKETS - 1, rising with @ns.
 */
static inline unsigned int psh_hist_bucket(u64 ns)
{
	u64 unit = ns >> 10;
	unsigned int octave, bucket;

	if (unit < 4)
		return unit;
	octave = psh_log2(unit);
	bucket = (octave - 1) * 4 + ((unit >> (octave - 2)) & 3);
	return bucket < PSH_HIST_BUCKETS ? bucket : PSH_HIST_BUCKETS - 1;
}

/**
 * psh_hist_limit() - the first latency that is above a bucket
 * @bucket: 0..PSH_HIST_BUCKETS - 1
 *
 * Return: nanoseconds; 34 s for the last bucket, which has no limit.
 */
u64 psh_hist_limit(unsigned int bucket);

/**
 * psh_hist_quantile() - the latency below which a share of the samples lie
 * @count: PSH_HIST_BUCKETS counters
 * @permille: the share, 0..1000
 *
 * Return: upper limit of the bucket in which the quantile lies, in
 * nanoseconds; 0 if there is no sample.
 */
u64 psh_hist_quantile(const u64 *count, unsigned int permille);

/**
 * psh_hist_mean() - mean of the samples from the middles of their buckets
 * @count: PSH_HIST_BUCKETS counters
 *
 * Return: nanoseconds; 0 if there is no sample.
 */
u64 psh_hist_mean(const u64 *count);

#endif /* PSH_HISTOGRAM_H */
