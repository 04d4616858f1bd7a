/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copier: the one engine that moves data: it fills missing copies, resyncs
 * stale ones and rewrites what could not be read.
 *
 * A few workers each take a run of neighbouring segments that lack the same
 * member (a job), mark their words COPYING and drain the writes that did not
 * see the mark. From then on every write to these segments also goes to the
 * job's target. The data is copied in pieces; for each the worker
 *
 *	i)   watches the range and reads it from the source,
 *	ii)  holds the range, which waits for writes inside it and keeps new
 *	     ones out, and reads again if one wrote there meanwhile,
 *	iii) takes the crc32c and writes the target,
 *	iv)  lets go, and reads back if the knob says so, watching again.
 *
 * When all pieces are done and no write to the target failed, the target is
 * flushed, the copy is made durable and then published; from that instant writes
 * reach it as any copy.
 *
 * If the machine stops before it is durable the copy is simply not there. If a
 * job fails or is stopped its segments go on as before and are tried again
 * later. A member that hangs is left with the pages of our own that it holds.
 *
 * Rate: one token bucket per member (core/pace) for source and target.
 */
#ifndef PSH_COPIER_H
#define PSH_COPIER_H

#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "flight.h"
#include "member.h"
#include "metadata.h"
#include "range.h"
#include "route.h"

#define PSH_COPIER_WORKERS	4
#define PSH_COPIER_JOB_BYTES	SZ_4M	/* neighbouring segments per drain */
#define PSH_COPIER_PIECE_BYTES	SZ_1M	/* one request, when idle */
#define PSH_COPIER_BUSY_BYTES	SZ_64K	/* one request, next to user I/O */
#define PSH_COPIER_REPAIRS	64	/* repairs waiting, others are dropped */

enum psh_verify {
	PSH_VERIFY_NONE,
	PSH_VERIFY_SAMPLE,	/* 1 of 16 pieces */
	PSH_VERIFY_ALL,
};

/**
 * struct psh_copy_job - what a worker copies
 * @first: first segment
 * @count: segments; 0 when the worker has no job
 * @start: first sector
 * @end: first sector behind
 * @source: member to read from
 * @target: member to write to
 * @repair: @target is a copy or the home already, only its data is bad
 * @async: writes do not go to @target, and end the job instead
 * @spoilt: a write to the target failed, or a member was lost
 * @gaining: it is being made durable: until it is published or undone every
 *	     write must reach the target, or be told to the metadata
 * @wrote: the target was written; what is there now may be anything. Worker
 */
struct psh_copy_job {
	u64 first;
	u64 count;
	u64 start;
	u64 end;
	unsigned int source;
	unsigned int target;
	bool repair;
	bool async;
	bool spoilt;
	bool gaining;
	bool wrote;
};

struct psh_copy_buffer;
struct psh_copier;

/**
 * struct psh_copy_worker - one of the copier's hands
 * @work: runs until there is nothing to do
 * @copier: whose
 * @job: what it does. Copier's lock
 * @buffer: pages and bio of its own; replaced if a member keeps them
 * @gain: what makes its copy durable
 */
struct psh_copy_worker {
	struct work_struct work;
	struct psh_copier *copier;
	struct psh_copy_job job;
	struct psh_copy_buffer *buffer;
	struct psh_change gain;
};

/**
 * struct psh_copier - the copier of one volume
 * @route: the routing table
 * @members: the members
 * @flight: what is inside
 * @ranges: ranges in use
 * @metadata: makes copies durable
 * @meter: the volume's counters
 * @len_sectors: length of the volume; changes only while stopped
 * @queue: where the workers run
 * @lock: protects the jobs, @repair, @retry_at, @async_at, @careful_from,
 *	  @careful_to and the members' pace; taken from any context
 * @worker: the workers
 * @repair: ring of repairs that wait
 * @repair_head: next to be taken
 * @repair_count: waiting
 * @cursor: where to look for the next segment to copy. @searching
 * @retry_at: jiffies before which no search begins, after one that failed
 * @careful_from: from this segment on they are copied one by one, after jobs
 *		  for several failed: one bad sector shall not keep its
 *		  neighbours back
 * @careful_to: and up to before this one; equal if nowhere
 * @async_at: jiffies before which no async copy is brought up to date
 * @searching: one worker at a time looks for work
 * @stop: give up and do not begin. Owner's mutex
 * @busy: user I/O was seen in the last tick. Tick
 * @verify: how much is read back. Knob
 * @pieces: pieces copied, to take the sample by. Racing
 * @kick: workers that wait for tokens wait here
 * @in_sync: called when the last missing copy came in
 * @owner: for @in_sync
 */
struct psh_copier {
	struct psh_route *route;
	struct psh_members *members;
	struct psh_flight *flight;
	struct psh_ranges *ranges;
	struct psh_metadata *metadata;
	struct psh_meter_volume __percpu *meter;
	u64 len_sectors;
	struct workqueue_struct *queue;
	spinlock_t lock; /* jobs, repairs, pace */
	struct psh_copy_worker worker[PSH_COPIER_WORKERS];
	struct psh_copy_job repair[PSH_COPIER_REPAIRS];
	unsigned int repair_head;
	unsigned int repair_count;
	u64 cursor;
	unsigned long retry_at;
	u64 careful_from;
	u64 careful_to;
	unsigned long async_at;
	struct mutex searching; /* one at a time */
	bool stop;
	bool busy;
	enum psh_verify verify;
	unsigned int pieces;
	wait_queue_head_t kick;
	void (*in_sync)(void *owner);
	void *owner;
};

/**
 * psh_copier_init() - set up a stopped copier
 * @copier: the copier, whose pointers to its neighbours the caller has set
 *
 * Return: 0, or -ENOMEM.
 */
int psh_copier_init(struct psh_copier *copier);
void psh_copier_exit(struct psh_copier *copier);

/** psh_copier_start() - let it look for work. Owner's mutex. */
void psh_copier_start(struct psh_copier *copier);

/**
 * psh_copier_stop() - give up what is being copied, and begin nothing
 * @copier: the copier
 *
 * Context: process. Returns when no request of the copier is inside any member
 * that is usable.
 */
void psh_copier_stop(struct psh_copier *copier);

/** psh_copier_wake() - something may be there to do. Context: any. */
void psh_copier_wake(struct psh_copier *copier);

/**
 * psh_copier_targets() - members that a write must reach because of a job
 * @copier: the copier
 * @segment: the segment
 * @word: its word as it is while the jobs are looked at
 * @gaining: of the result, those that may be durable as copies already
 *
 * A job whose target is kept asynchronously ends instead: the write shall not
 * wait for it.
 *
 * The word and the answer belong together: a copy is published, and its job
 * ended, under the lock that this takes.
 *
 * Context: any.
 * Return: the members, as a bit set.
 */
u32 psh_copier_targets(struct psh_copier *copier, u64 segment, u64 *word,
		       u32 *gaining);

/**
 * psh_copier_spoil() - a write to a member failed
 * @copier: the copier
 * @segment: its segment
 * @member: the member; jobs that copy this segment from or to it fail
 *
 * To be called before the write is acknowledged, and before the metadata is
 * asked to take the segment from the member. Context: any.
 */
void psh_copier_spoil(struct psh_copier *copier, u64 segment,
		      unsigned int member);

/** psh_copier_forget() - end jobs that use a member that was lost. */
void psh_copier_forget(struct psh_copier *copier, unsigned int member);

/**
 * psh_copier_repair() - rewrite what could not be read
 * @copier: the copier
 * @segment: its segment
 * @start: first sector
 * @sectors: length, within the segment
 * @source: member that could read it
 * @target: member that could not
 *
 * Context: any. A repair that finds no room is dropped: the next read that
 * fails asks again.
 */
void psh_copier_repair(struct psh_copier *copier, u64 segment, u64 start,
		       u32 sectors, unsigned int source, unsigned int target);

#endif /* PSH_COPIER_H */
