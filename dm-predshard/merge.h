/* SPDX-License-Identifier: GPL-2.0 */
/*
 * merge: brings home what is in the buffer log.
 *
 * One worker goes over the segments in order of address. Of each it takes what
 * is durable in the log, asks core/mergeplan in which runs it goes home, and for
 * each run holds the range, reads the gaps from the home and the rest from the
 * log, writes home and copies through the fan-out, and notes in the index that
 * the home has it. The cycle then moves the tail past it.
 *
 * It runs when the log is fuller than a high mark until it is below a low one,
 * when a message asks, when small writes go home, and when the log is broken:
 * then until nothing is left. Next to the user's requests it keeps to a rate that
 * falls to a floor, so that it ends however much is written.
 */
#ifndef PSH_MERGE_H
#define PSH_MERGE_H

#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/mempool.h>
#include <linux/workqueue.h>

#include "core/mergeplan.h"
#include "core/pace.h"
#include "fetch.h"
#include "flight.h"

#define PSH_MERGE_HIGH		70	/* percent of places, knobs */
#define PSH_MERGE_LOW		30
#define PSH_MERGE_URGENT	90	/* no rate is kept above this */
#define PSH_MERGE_SECTORS	2048U	/* of the longest run */
#define PSH_MERGE_CHUNKS	16U	/* pieces of memory that it lies in */
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
 * @zeroes_refused: members cannot write zeroes without data. Work
 * @busy: the user's requests were seen in the last tick. Tick
 * @filling: it was above the high mark, and not below the low one since. Work
 * @stop: begin nothing. Owner's mutex
 * @again_at: not before, in jiffies. Racing
 * @work: the worker
 * @queue: where it runs
 * @cursor: segment to go on with. Work
 * @lock: protects @pace
 * @pace: its rate
 * @floor_Bps: that it may always have. Knob
 * @high_percent: of the places of the log: where it begins by itself. Knob
 * @low_percent: and where it ends. Knob
 * @fetcher: reads the log
 * @fetches: where its orders come from
 * @pending: of them, not back. atomic
 * @failed: one failed. Racing
 * @read_done: all are back
 * @cycle: what waits for a cycle
 * @cycling: it does. Racing
 * @chunk: memory of a run, each PSH_MERGE_SECTORS / PSH_MERGE_CHUNKS sectors
 * @range: what to bring home, then the runs
 * @step: scratch of the plan
 */
struct psh_merge {
	struct psh_buffer *buffer;
	struct psh_flight *flight;
	bool drain;
	unsigned long asked;
	bool paused;
	bool zeroes_refused;
	bool busy;
	bool filling;
	bool stop;
	unsigned long again_at;
	struct work_struct work;
	struct workqueue_struct *queue;
	u64 cursor;
	spinlock_t lock; /* pace */
	struct psh_pace pace;
	u64 floor_Bps;
	unsigned int high_percent;
	unsigned int low_percent;
	struct psh_fetcher *fetcher;
	mempool_t *fetches;
	atomic_t pending;
	int failed;
	struct completion read_done;
	struct bio cycle;
	bool cycling;
	u8 *chunk[PSH_MERGE_CHUNKS];
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

/** psh_merge_tick() - look whether to run, and how fast. Context: the tick. */
void psh_merge_tick(struct psh_merge *merge, bool busy);

#endif /* PSH_MERGE_H */
