/* SPDX-License-Identifier: GPL-2.0 */
/*
 * run: neighbouring sectors of a segment on their way home from the buffer log.
 *
 * Carried so: hold the range against all but buffered writes, take from the index
 * what of it is durable in the log, read the gaps from the home and the rest from
 * the log, write home and copies through the fan-out, and note in the index that
 * the home has it. What was staged meanwhile is newer and stays. If a part cannot
 * be read, each part goes home alone.
 *
 * Which runs, when, and how many at once is merge's.
 */
#ifndef PSH_RUN_H
#define PSH_RUN_H

#include <linux/completion.h>
#include <linux/mempool.h>
#include <linux/workqueue.h>

#include "fetch.h"

#define PSH_RUN_SECTORS		1024U	/* of the longest */
#define PSH_RUN_CHUNKS		8U	/* pieces of memory that it lies in */

/**
 * struct psh_run - a run, and memory for it
 * @buffer: the write buffer
 * @fetcher: reads the log
 * @reads: where orders for it come from
 * @stop: points at whether to stop between two parts
 * @segment: where it lies
 * @start: first sector within the segment
 * @sectors: 1..PSH_RUN_SECTORS
 * @carried: sectors that were brought home, with their gaps
 * @request_sectors: of the last request to the home
 * @request_ns: and how long it took
 * @busy: somebody uses it. Owner's
 * @work: the worker, if it has one. Owner's
 * @owner: for @work
 * @zeroes_refused: members cannot write zeroes without data
 * @pending: reads of the log that are not back. atomic
 * @failed: how one failed. Racing
 * @read_done: all are back
 * @chunk: memory, each PSH_RUN_SECTORS / PSH_RUN_CHUNKS sectors
 */
struct psh_run {
	struct psh_buffer *buffer;
	struct psh_fetcher *fetcher;
	mempool_t *reads;
	const bool *stop;
	u64 segment;
	u32 start;
	u32 sectors;
	u64 carried;
	u32 request_sectors;
	u64 request_ns;
	bool busy;
	struct work_struct work;
	void *owner;
	bool zeroes_refused;
	atomic_t pending;
	int failed;
	struct completion read_done;
	u8 *chunk[PSH_RUN_CHUNKS];
};

/** psh_run_init() - memory for a run. Sleeps. Return: 0 or -ENOMEM. */
int psh_run_init(struct psh_run *run, struct psh_buffer *buffer,
		 struct psh_fetcher *fetcher, const bool *stop);

/** psh_run_exit() - give it back. */
void psh_run_exit(struct psh_run *run);

/**
 * psh_run_last() - the last stripe that may go home
 * @buffer: the volume's buffer, locked
 *
 * Return: the last durable one; any, if a broken log is brought home.
 */
u64 psh_run_last(const struct psh_buffer *buffer);

/** psh_run_takes() - is an extent to go home, up to a stripe? Buffer locked. */
bool psh_run_takes(struct psh_buffer *buffer, const struct psh_extent *extent,
		   u64 last);

/** psh_run_carry() - bring it home. Context: process; waits for members. */
void psh_run_carry(struct psh_run *run);

#endif /* PSH_RUN_H */
