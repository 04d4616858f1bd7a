/* SPDX-License-Identifier: GPL-2.0 */
/*
 * merge: brings home what is in the buffer log.
 *
 * One worker goes over the segments in order of address. Of each it takes what
 * is durable in the log, and asks core/mergeplan in which runs it goes home. A few
 * runs are on their way at once. The cycle then moves the tail past them.
 *
 * It runs when the log is fuller than a high mark until it is below a low one,
 * when a message asks, when small writes go home, and when the log is broken:
 * then until nothing is left. Next to the user's requests it keeps to a rate that
 * falls to a floor, so that it ends however much is written.
 */
#ifndef PSH_MERGE_H
#define PSH_MERGE_H

#include <linux/bio.h>
#include <linux/workqueue.h>

#include "core/mergeplan.h"
#include "core/pace.h"
#include "clean.h"
#include "flight.h"
#include "run.h"

#define PSH_MERGE_HIGH		70	/* percent of places, knobs */
#define PSH_MERGE_LOW		30
#define PSH_MERGE_URGENT	90	/* no rate is kept above this */
#define PSH_MERGE_RUNS		8U	/* at once: 4 MiB of memory */
#define PSH_MERGE_RANGES	512U	/* planned at once */
#define PSH_MERGE_FLOOR_BPS	(16ULL << 20)

/**
 * struct psh_merge - the merge of one volume
 * @buffer: the write buffer
 * @flight: what is inside
 * @drain: small writes go home: go on until nothing is left. Racing
 * @asked: segments to look at until all that was there at a message is home.
 *	   Racing
 * @paused: a message said so. Racing
 * @busy: the user's requests were seen in the last tick. Tick
 * @filling: it was above the high mark, and not below the low one since. Work
 * @stop: begin nothing. Owner's mutex
 * @again_at: not before, in jiffies. Racing
 * @work: the worker
 * @queue: where it runs
 * @cursor: segment to go on with. Work
 * @lock: protects @pace, @carried and which runs are busy
 * @pace: its rate
 * @floor_Bps: that it may always have. Knob
 * @high_percent: of the places of the log: where it begins by itself. Knob
 * @low_percent: and where it ends. Knob
 * @run: what is on its way
 * @run_queue: where
 * @run_wait: for one that is free
 * @carried: sectors that runs brought home. Guarded by @lock
 * @cleaner: takes what is needed out of the oldest stripes
 * @home: what they taught of it. Guarded by @lock
 * @cycle: what waits for a cycle
 * @cycling: it does. Racing
 * @range: what to bring home, then the runs
 * @step: scratch of the plan
 */
struct psh_merge {
	struct psh_buffer *buffer;
	struct psh_flight *flight;
	bool drain;
	unsigned long asked;
	bool paused;
	bool busy;
	bool filling;
	bool stop;
	unsigned long again_at;
	struct work_struct work;
	struct workqueue_struct *queue;
	u64 cursor;
	spinlock_t lock; /* pace, runs */
	struct psh_pace pace;
	u64 floor_Bps;
	unsigned int high_percent;
	unsigned int low_percent;
	struct psh_run run[PSH_MERGE_RUNS];
	struct workqueue_struct *run_queue;
	wait_queue_head_t run_wait;
	u64 carried;
	struct psh_cleaner cleaner;
	struct psh_merge_home home;
	struct bio cycle;
	bool cycling;
	struct psh_merge_range range[PSH_MERGE_RANGES];
	struct psh_merge_step step[PSH_MERGE_RANGES];
};

/** psh_merge_create() - a stopped merge, or NULL. Process, sleeps for memory. */
struct psh_merge *psh_merge_create(struct psh_buffer *buffer,
				   struct psh_fetcher *fetcher,
				   struct psh_flight *flight);

/** psh_merge_free() - give it back, stopped. NULL is fine. */
void psh_merge_free(struct psh_merge *merge);

/** psh_merge_order() - bring home what is there now; or do not, or no more. */
void psh_merge_order(struct psh_merge *merge, bool ask, bool pause);

/** psh_merge_start() - it may run. Owner's mutex. */
void psh_merge_start(struct psh_merge *merge);

/** psh_merge_stop() - begin nothing, and wait for what it does. Sleeps. */
void psh_merge_stop(struct psh_merge *merge);

/** psh_merge_hurry() - few places are free. Context: the buffer is locked. */
void psh_merge_hurry(struct psh_merge *merge);

/** psh_merge_tick() - look whether to run, and how fast. Context: the tick. */
void psh_merge_tick(struct psh_merge *merge, bool busy);

#endif /* PSH_MERGE_H */
