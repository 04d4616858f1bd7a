/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clean: takes what is still needed out of the oldest stripes of the log.
 *
 * Places of the log are free in order only, and a stripe is needed as long as one
 * record of it is. So a log can be full of stripes of which little is needed: merge
 * goes by segment, and each stripe has some of many; a FLUSH seals a stripe however
 * little is in it. What is left of the oldest is read, checked, and staged again as
 * if it had been written anew; with the next cycles their places are free.
 *
 * It runs when few places are free and enough of the others is not needed, or soon
 * will not be, because merge runs; but not while all is to come home. Small writes
 * that find no room may wait for it. It reads and writes buffers only, never the
 * home. What cannot be read is left to merge.
 */
#ifndef PSH_CLEAN_H
#define PSH_CLEAN_H

#include "fetch.h"

#define PSH_CLEAN_NEEDED	85	/* percent of the log: above that it is in vain */
#define PSH_CLEAN_GAIN		10	/* percent, at least, that is used and not needed */

/**
 * struct psh_cleaner - the cleaner of one volume
 * @buffer: the write buffer
 * @fetch: reads a stripe of it
 * @fetched: it has, and what was needed is staged
 * @error: why not. Fetch
 * @sectors: of data that were staged again in a round. Fetch
 * @records: so of records. Fetch
 * @failed: the oldest stripes cannot be cleaned, or it gains nothing. Racing
 * @again_at: then not before, in jiffies. Racing
 * @off: all is to come home: then what is staged again is in the way. Racing
 * @stop: begin nothing. Owner's mutex
 * @work: the worker
 * @queue: where it runs
 */
struct psh_cleaner {
	struct psh_buffer *buffer;
	struct psh_fetch fetch;
	struct completion fetched;
	int error;
	u64 sectors;
	u64 records;
	bool failed;
	unsigned long again_at;
	bool off;
	bool stop;
	struct work_struct work;
	struct workqueue_struct *queue;
};

/** psh_cleaner_init() - a stopped cleaner. Sleeps. Return: 0 or -ENOMEM. */
int psh_cleaner_init(struct psh_cleaner *cleaner, struct psh_buffer *buffer,
		     struct psh_fetcher *fetcher);

/** psh_cleaner_exit() - give it back, stopped. */
void psh_cleaner_exit(struct psh_cleaner *cleaner);

/** psh_cleaner_start() - it may run. Owner's mutex. */
void psh_cleaner_start(struct psh_cleaner *cleaner);

/** psh_cleaner_stop() - begin nothing, and wait for what it does. Sleeps. */
void psh_cleaner_stop(struct psh_cleaner *cleaner);

/** psh_cleaner_helps() - does it make room of places that are used for little? */
static inline bool psh_cleaner_helps(const struct psh_cleaner *cleaner)
{
	return !READ_ONCE(cleaner->failed) && !READ_ONCE(cleaner->off) &&
	       psh_buffer_clean_places(cleaner->buffer) > 1;
}

/** psh_cleaner_wake() - look whether to run. Context: any. */
void psh_cleaner_wake(struct psh_cleaner *cleaner);

#endif /* PSH_CLEAN_H */
