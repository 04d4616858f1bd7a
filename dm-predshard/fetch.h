/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fetch: reads of the buffer log, checked.
 *
 * A record is read with the head of its stripe, and what is given to anybody has
 * the checksum, the place and the sectors that the head says. If a buffer does
 * not answer, or has it wrong, the next one of the lane is asked, at last such as
 * were lost, since what they have right is right; if none has it right, it is an
 * error and never data. What is bad is not rewritten: merge
 * brings the good copy home, and the place is used anew.
 *
 * At most PSH_FETCHES at once, each with room for a stripe; the others wait in
 * order. A buffer that hangs is left as soon as it is failed.
 */
#ifndef PSH_FETCH_H
#define PSH_FETCH_H

#include <linux/workqueue.h>

#include "buffer.h"

#define PSH_FETCHES 8U

struct psh_fetcher;

/**
 * struct psh_fetch - a piece of the log that is wanted
 * @fetcher: by whom
 * @piece: where it lies; kept until psh_buffer_put() after @done
 * @sector: its first sector of the volume
 * @whole: the stripe of @piece from its head on, and nothing checked but that
 * @done: called once, in process context: with the data, which is there until
 *	  it returns; or with NULL and the error
 * @work: the worker
 */
struct psh_fetch {
	struct psh_fetcher *fetcher;
	struct psh_buffer_piece piece;
	u64 sector;
	bool whole;
	void (*done)(struct psh_fetch *fetch, const u8 *data, int error);
	struct work_struct work;
};

/**
 * psh_fetcher_create() - memory and workers for fetches
 * @buffer: prepared
 *
 * Context: process, sleeps for memory.
 * Return: the fetcher, or NULL.
 */
struct psh_fetcher *psh_fetcher_create(struct psh_buffer *buffer);

/** psh_fetcher_free() - give it back, not in use. NULL is fine. */
void psh_fetcher_free(struct psh_fetcher *fetcher);

/** psh_fetch() - begin; all but @work is set. Context: any. */
void psh_fetch(struct psh_fetch *fetch);

#endif /* PSH_FETCH_H */
