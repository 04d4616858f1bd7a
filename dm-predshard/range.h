/* SPDX-License-Identifier: GPL-2.0 */
/*
 * range: exclusive use of sector ranges of segments that have several copies.
 *
 * Two writes that overlap and are in flight together could reach two copies in
 * different order and leave them different for ever, and a copier's read and
 * write could bring back what a write between them replaced. So every write
 * that goes to more than one member, and every copy, holds the range it
 * changes; who overlaps waits, first come, first served. Ranges that do not
 * overlap never wait for each other.
 *
 * A copier may also watch a range while it reads: watching stops nobody, but
 * tells afterwards whether anybody wrote there meanwhile.
 *
 * A range lies within one segment. Reads and segments with one copy do not
 * come here.
 */
#ifndef PSH_RANGE_H
#define PSH_RANGE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define PSH_RANGE_BUCKETS 64

/* A buffered write touches the log only; merge does not touch what is new there. */
#define PSH_RANGE_HOME	1U
#define PSH_RANGE_LOG	2U

/**
 * struct psh_range - a range held, waited for or watched
 * @held: in the bucket's list of held ranges. Guarded by the bucket's lock
 * @node: in one of its other lists. Guarded by the bucket's lock
 * @start: first sector
 * @end: first sector behind it; equal to @start for what overlaps nothing
 * @spares: what the holder leaves alone, PSH_RANGE_HOME or _LOG; who spares the
 *	    one does not exclude who spares the other
 * @writes: the holder writes new data, which those who watch must know
 * @touched: watch only: new data was written. Guarded by the bucket's lock
 * @next: among those granted by one release
 * @granted: called once a range that had to wait is held, from the context of
 *	     the one who let go, maybe hard interrupt
 */
struct psh_range {
	struct hlist_node held;
	struct list_head node;
	u64 start;
	u64 end;
	u8 spares;
	bool writes;
	bool touched;
	struct psh_range *next;
	void (*granted)(struct psh_range *range);
};

/**
 * struct psh_range_bucket - the ranges of some segments
 * @lock: protects the lists and the ranges on them; taken from any context
 * @held: ranges in use
 * @waiting: ranges that overlap one of @held or an earlier one here
 * @watching: ranges watched
 */
struct psh_range_bucket {
	spinlock_t lock; /* the lists */
	struct hlist_head held;
	struct list_head waiting;
	struct list_head watching;
};

/**
 * struct psh_ranges - all ranges of a volume
 * @shift: log2 of the segment size in sectors
 * @bucket: by segment number
 */
struct psh_ranges {
	unsigned int shift;
	struct psh_range_bucket bucket[PSH_RANGE_BUCKETS];
};

void psh_ranges_init(struct psh_ranges *ranges, unsigned int shift);

/**
 * psh_range_hold() - hold a range, now or later
 * @ranges: the volume's ranges
 * @range: with start, end, writes and granted set
 * @wait: whether to queue if it must wait
 *
 * Context: process, interrupts on.
 * Return: true if it is held now; otherwise it is queued if
 * @wait, and granted() will be called.
 */
bool psh_range_hold(struct psh_ranges *ranges, struct psh_range *range,
		    bool wait);

/**
 * struct psh_hold - a range, and who waits to hold it
 * @range: with start, end, spares and writes set
 * @held: it is
 */
struct psh_hold {
	struct psh_range range;
	struct completion held;
};

/** psh_range_hold_wait() - hold a range, and wait for that. Sleeps. */
void psh_range_hold_wait(struct psh_ranges *ranges,
			 struct psh_hold *hold);

/** psh_range_release() - let go of a held range. Context: any. */
void psh_range_release(struct psh_ranges *ranges, struct psh_range *range);

/** psh_range_watch() - begin to watch. Context: process, interrupts on. */
void psh_range_watch(struct psh_ranges *ranges, struct psh_range *range);

/**
 * psh_range_unwatch() - end watching
 * @ranges: the volume's ranges
 * @range: the range watched
 *
 * Context: process, interrupts on.
 * Return: true if new data was written there meanwhile.
 */
bool psh_range_unwatch(struct psh_ranges *ranges, struct psh_range *range);

/**
 * psh_ranges_each() - look at every range that is held
 * @ranges: the volume's ranges
 * @look: called with the bucket's lock held and interrupts off
 * @context: for @look
 */
void psh_ranges_each(struct psh_ranges *ranges,
		     void (*look)(struct psh_range *range, void *context),
		     void *context);

#endif /* PSH_RANGE_H */
