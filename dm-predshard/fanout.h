/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fanout: requests that go to several members: writes (and discard,
 * write-zeroes, secure erase) of segments with copies, and flushes.
 *
 * The user's bio is not sent itself. Each member gets a leg: a bio of ours
 * with a vector of ours over the same pages. The user's bio ends when every leg
 * has ended or was given up on. A leg that fails is tried once more.
 *
 * A write to a segment with copies is sent only once INTENT is durable. Members
 * that then did not take it lose the segment, durably, before the bio ends; if
 * the home is among them it moves to a copy that did. So a write is acknowledged
 * if the member that is home now has it and every copy that is left has it too,
 * and a crash cannot take that back.
 *
 * A flush is acknowledged when every member that acknowledged a write has done
 * it, or is away, durably, and holds nothing alone.
 *
 * A leg inside a member that was lost is given up on; its pages are pinned
 * until it comes back, and the member cannot be used again before that. It
 * may write what the user has put into these pages meanwhile, but only to a
 * member whose copies are stale.
 */
#ifndef PSH_FANOUT_H
#define PSH_FANOUT_H

#include <linux/bio.h>
#include <linux/llist.h>
#include <linux/mempool.h>
#include <linux/workqueue.h>

#include "buffer.h"
#include "copier.h"
#include "intent.h"
#include "member.h"
#include "metadata.h"
#include "range.h"
#include "route.h"

struct psh_fan;

#define PSH_FAN_SIZES	4	/* legs a fan has room for: 2, 4, 8, 16 */

/**
 * struct psh_fan_stash - fans that one CPU keeps for its next writes
 * @first: the fans
 * @count: their number
 *
 * Interrupts off. Saves the writes two trips through mempool and slab, a
 * tenth of what a write to two members costs.
 */
struct psh_fan_stash {
	struct llist_node *first;
	unsigned int count;
};

/**
 * struct psh_fanout - fan-out of one volume
 * @route: the routing table
 * @members: the members
 * @copier: the copier
 * @ranges: ranges in use
 * @intent: the volume's intent
 * @metadata: where changes of words are asked for
 * @buffer: the write buffer, or NULL; changes only while suspended
 * @fans: memory for fans by size, NULL where not needed yet
 * @stash: fans of @size at hand. per-CPU
 * @vecs: memory for vectors that do not fit into the fan
 * @size: of fans made now; changes only while suspended, but who ends late
 *	  looks at it at any time
 * @starved: bios for which there was no memory. Guarded by @lock
 * @lock: protects @starved; taken from any context
 * @granted: fans whose range is held by now. lock-free list
 * @again: legs to be tried once more. lock-free list
 * @judging: flushes that some member failed. lock-free list
 * @due: those of them that were there when the tick began. Tick
 * @feed: makes fans for @starved, where waiting for memory is allowed. Only
 *	  this waits, and all that it waits for goes on without it
 * @send: sends @granted
 * @resend: sends @again
 * @queue: where @send and @resend run
 * @feed_queue: where @feed runs: a queue has one rescuer, and who waits for
 *		memory must not keep it from those that free it
 * @trouble: called, from any context, when a member failed a request
 * @owner: for @trouble
 */
struct psh_fanout {
	struct psh_route *route;
	struct psh_members *members;
	struct psh_copier *copier;
	struct psh_ranges *ranges;
	struct psh_intent *intent;
	struct psh_metadata *metadata;
	struct psh_buffer *buffer;
	mempool_t *fans[PSH_FAN_SIZES];
	struct psh_fan_stash __percpu *stash;
	mempool_t *vecs;
	unsigned int size;
	struct bio_list starved;
	spinlock_t lock; /* starved */
	struct llist_head granted;
	struct llist_head again;
	struct llist_head judging;
	struct llist_head due;
	struct work_struct feed;
	struct work_struct send;
	struct work_struct resend;
	struct workqueue_struct *queue;
	struct workqueue_struct *feed_queue;
	void (*trouble)(void *owner);
	void *owner;
};

/** psh_fan_caches_create() - what fans are made of. Module init. */
int psh_fan_caches_create(void);

/** psh_fan_caches_destroy() - undo psh_fan_caches_create(). Module exit. */
void psh_fan_caches_destroy(void);

/** psh_fanout_init() - set up; pointers to neighbours set by the caller. */
int psh_fanout_init(struct psh_fanout *fanout);
void psh_fanout_exit(struct psh_fanout *fanout);

/**
 * psh_fanout_reserve() - have memory for writes to so many members
 * @fanout: the volume's fan-out
 * @legs: data members, 1..PSH_MEMBERS_MAX
 *
 * Context: process, one caller at a time; sleeps for memory.
 * Return: 0 or -ENOMEM.
 */
int psh_fanout_reserve(struct psh_fanout *fanout, unsigned int legs);

/**
 * psh_fanout_resize() - write to so many members from now on
 * @fanout: the volume's fan-out
 * @legs: data members, reserved before
 *
 * Context: process, volume suspended.
 */
void psh_fanout_resize(struct psh_fanout *fanout, unsigned int legs);

/** psh_bio_has_one_vec() - do a bio's data lie in one vector? Context: any. */
static __always_inline bool psh_bio_has_one_vec(struct bio *bio)
{
	return bio_has_data(bio) &&
	       mp_bvec_iter_len(bio->bi_io_vec, bio->bi_iter) ==
	       bio->bi_iter.bi_size;
}

/** psh_fanout_trim_many() - see psh_fanout_trim(). */
bool psh_fanout_trim_many(struct bio *bio);

/**
 * psh_fanout_trim() - shorten a write to what a leg can carry
 * @bio: the write, as mapped; what io_uring maps may have any number of vectors
 *
 * Context: map; dm maps the rest by itself (dm_accept_partial_bio()).
 * Return: false if not one logical block of it can be sent.
 */
static __always_inline bool psh_fanout_trim(struct bio *bio)
{
	return likely(psh_bio_has_one_vec(bio)) || psh_fanout_trim_many(bio);
}

/**
 * psh_fanout_write() - send a write to home and copies
 * @fanout: the volume's fan-out
 * @bio: the write, trimmed and within one segment; ends when all is done
 * @measured: take the latency of its legs
 *
 * Context: map.
 * Return: false if a REQ_NOWAIT bio would have to wait; nothing was done then.
 */
bool psh_fanout_write(struct psh_fanout *fanout, struct bio *bio,
		      bool measured);

/**
 * psh_fanout_flush() - send a flush to every member that needs it
 * @fanout: the volume's fan-out
 * @bio: the flush; ends when all is done
 *
 * Context: map.
 */
void psh_fanout_flush(struct psh_fanout *fanout, struct bio *bio);

/**
 * psh_fanout_flush_own() - the same on our own account, and wait
 * @fanout: the volume's fan-out
 *
 * Context: process; waits for memory and members.
 * Return: 0 or a negative error.
 */
int psh_fanout_flush_own(struct psh_fanout *fanout);

/**
 * psh_fanout_take() - memory for a write of our own
 * @fanout: the volume's fan-out
 *
 * To be called before a range is held. Context: process, sleeps.
 * Return: the fan; never NULL.
 */
struct psh_fan *psh_fanout_take(struct psh_fanout *fanout);

/** psh_fanout_put() - it was not needed after all. */
void psh_fanout_put(struct psh_fan *fan);

/**
 * psh_fanout_write_own() - write to home and copies, and wait
 * @fan: from psh_fanout_take()
 * @bio: a write of ours, of few vectors, whose range is held; for others it is
 *	 no new data
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int psh_fanout_write_own(struct psh_fan *fan, struct bio *bio);

/**
 * psh_fanout_oldest() - since when each member has not answered a leg
 * @fanout: the volume's fan-out
 * @age: PSH_MEMBERS_MAX ages in jiffies, 0 where nothing waits
 *
 * Context: process.
 */
void psh_fanout_oldest(struct psh_fanout *fanout, unsigned long *age);

/**
 * psh_fanout_give_up() - end the legs inside members that are not usable
 * @fanout: the volume's fan-out
 *
 * Context: process, after the members were made unusable.
 */
void psh_fanout_give_up(struct psh_fanout *fanout);

/**
 * psh_fanout_collect() - note the flushes that some member failed so far
 * @fanout: the volume's fan-out
 *
 * What is found out of the members afterwards counts for them.
 * Context: the tick.
 */
void psh_fanout_collect(struct psh_fanout *fanout);

/**
 * psh_fanout_judge() - end the flushes that were collected
 * @fanout: the volume's fan-out
 * @durable: whether every member that is not usable is away, durably: what could
 *	     be moved from it was moved
 *
 * Context: the tick; sleeps.
 */
void psh_fanout_judge(struct psh_fanout *fanout, bool durable);

#endif /* PSH_FANOUT_H */
