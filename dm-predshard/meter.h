/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meter: counters of a volume and of its members.
 *
 * Everything is counted per CPU with plain increments and summed by whoever
 * asks. Numbers of operations and sectors are exact; sizes, the sequential share
 * and latencies are sampled (one in PSH_METER_SAMPLE). "stats reset" does not touch
 * the counters: it remembers them and subtracts, so nothing that is counted
 * meanwhile is lost.
 */
#ifndef PSH_METER_H
#define PSH_METER_H

#include <linux/ktime.h>
#include <linux/percpu.h>

#include "core/histogram.h"

#define PSH_METER_SAMPLE	16	/* a power of two */
#define PSH_METER_SIZES		12	/* 512 B, 1 KiB .. 1 MiB and above */

/**
 * struct psh_meter_volume - what the user asked of the volume
 * @ops: reads and writes
 * @sectors: sectors read and written
 * @next: where the last one on this CPU ended; not a counter
 * @sampled: those that were looked at closer, for the next three
 * @sequential: those that began where the one before had ended
 * @size: by log2 of the size in sectors, rounded up
 * @latency: sampled, from map to end
 * @errors: reads and writes that failed
 * @discards: discard, secure erase and write zeroes
 * @flushes: flushes
 * @retries: reads sent to another copy after an error
 * @repairs: ranges rewritten after a read error
 */
struct psh_meter_volume {
	u64 ops[2];
	u64 sectors[2];
	u64 next[2];
	u64 sampled[2];
	u64 sequential[2];
	u64 size[2][PSH_METER_SIZES];
	u64 latency[2][PSH_HIST_BUCKETS];
	u64 errors[2];
	u64 discards;
	u64 flushes;
	u64 retries;
	u64 repairs;
};

/**
 * struct psh_meter_member - what the volume asked of a member
 * @begun: requests sent, by READ and WRITE; flushes and copies included
 * @done: those that came back
 * @sectors: sectors read and written
 * @errors: those that failed
 * @flushes: flushes sent
 * @copied_sectors: sectors written by the copier
 * @latency: sampled, but for reads of segments with copies
 */
struct psh_meter_member {
	u64 begun[2];
	u64 done[2];
	u64 sectors[2];
	u64 errors[2];
	u64 flushes;
	u64 copied_sectors;
	u64 latency[2][PSH_HIST_BUCKETS];
};

/**
 * psh_meter_sample() - look closer at a read or write of the user
 * @meter: the volume's counters
 * @dir: READ or WRITE
 * @sectors: its length, at least 1
 * @sequential: it begins where the one before ended
 *
 * Context: any.
 */
void psh_meter_sample(struct psh_meter_volume __percpu *meter, int dir,
		      u32 sectors, bool sequential);

/**
 * psh_meter_request() - count a read or write of the user
 * @meter: the volume's counters
 * @dir: READ or WRITE
 * @sector: where it begins
 * @sectors: its length, at least 1
 *
 * Context: any.
 * Return: true if this one's latency shall be measured.
 */
static __always_inline bool
psh_meter_request(struct psh_meter_volume __percpu *meter, unsigned int dir,
		  u64 sector, u32 sectors)
{
	u64 ops = this_cpu_inc_return(meter->ops[dir]);
	bool sample = !(ops & (PSH_METER_SAMPLE - 1));

	this_cpu_add(meter->sectors[dir], sectors);
	if (unlikely(sample))
		psh_meter_sample(meter, dir, sectors,
				 this_cpu_read(meter->next[dir]) == sector);
	this_cpu_write(meter->next[dir], sector + sectors);
	return sample;
}

/* A clock for latencies that is the same on every CPU. */
static inline u64 psh_meter_now(void)
{
	return ktime_get_ns();
}

/**
 * psh_meter_volume_sum() - add up a volume's counters
 * @meter: the counters
 * @sum: the result
 */
void psh_meter_volume_sum(struct psh_meter_volume __percpu *meter,
			  struct psh_meter_volume *sum);

/**
 * psh_meter_member_sum() - add up a member's counters
 * @meter: the counters
 * @sum: the result
 */
void psh_meter_member_sum(struct psh_meter_member __percpu *meter,
			  struct psh_meter_member *sum);

/**
 * struct psh_meter_load - what was asked of a volume, in short
 * @ops: reads and writes
 * @sectors: sectors read and written
 * @sampled: those that were looked at closer
 * @sequential: of them those that began where the one before had ended
 * @flushes: flushes
 */
struct psh_meter_load {
	u64 ops[2];
	u64 sectors[2];
	u64 sampled[2];
	u64 sequential[2];
	u64 flushes;
};

/**
 * psh_meter_volume_load() - add up what a predictor needs, each second
 * @meter: the counters
 * @load: the result
 *
 * Reads a tenth of what psh_meter_volume_sum() does.
 */
void psh_meter_volume_load(struct psh_meter_volume __percpu *meter,
			   struct psh_meter_load *load);

/**
 * psh_meter_subtract() - what was counted since a remembered sum
 * @sum: a sum, replaced by the difference
 * @base: an earlier sum of the same counters
 * @size: bytes of either; both are arrays of u64
 */
void psh_meter_subtract(void *sum, const void *base, size_t size);

#endif /* PSH_METER_H */
