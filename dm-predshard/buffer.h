/* SPDX-License-Identifier: GPL-2.0 */
/*
 * buffer: writes that go to a log on other members first, and what is where.
 *
 * A buffered write is copied into the open stripe in memory, enters the index,
 * and is acknowledged, as by a device with a volatile cache. Stripes are sealed
 * in order and written to the buffers of their lane, several at a time. What is
 * newest of a sector, in the log or at home, is known by the index alone.
 *
 * Here: staging, the index, the stripes on their way, and what a write that went
 * past the log leaves in the index. A FLUSH, and when a place is used again, is
 * cycle's; bringing home is merge's; what lies on the devices is replay's. The
 * protocol and why nothing is lost: docs/design.md, "Write buffer".
 *
 * A write finds no room when the log or the index is full or a lane has no
 * buffer left: then it goes home, past the log.
 */
#ifndef PSH_BUFFER_H
#define PSH_BUFFER_H

#include <linux/bio.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core/buflog.h"
#include "core/extent.h"
#include "core/tail.h"
#include "member.h"
#include "range.h"
#include "route.h"

#define PSH_BUFFER_STRIPE_BLOCKS 65U /* a head, and four writes of 64 KiB */
#define PSH_BUFFER_IMAGES	8U	/* stripes in memory */
#define PSH_BUFFER_SEAL_MS	1000U	/* a stripe is not kept open for longer */
#define PSH_BUFFER_STUCK_MS	500U	/* without an image: writes go home */
#define PSH_BUFFER_BYPASS	128U	/* sectors; larger writes go home */
#define PSH_BUFFER_BYPASS_MAX	256U

struct psh_ahead;
struct psh_buffer;
struct psh_buffer_image;
struct psh_fanout;

/**
 * struct psh_image_bio - a stripe on its way to one buffer
 * @again: in the list of those to be sent once more
 * @image: whose
 * @index: the buffer
 * @tried: it failed once
 * @bio: the request
 */
struct psh_image_bio {
	struct llist_node again;
	struct psh_buffer_image *image;
	unsigned int index;
	bool tried;
	struct bio bio;
};

/**
 * struct psh_buffer_image - a stripe in memory
 * @node: in the list of free ones. Buffer's lock
 * @buffer: whose
 * @memory: its blocks, the head first; virtually contiguous
 * @vec: their pages
 * @sequence: its number. Buffer's lock
 * @stripe: being filled. Buffer's lock
 * @pending: records whose data is not copied yet. Buffer's lock
 * @readers: those who copy from it. Buffer's lock
 * @closed: takes no more records. Buffer's lock
 * @sent: its requests are on their way or done. Buffer's lock
 * @inside: buffers that have not taken it and are not lost. Buffer's lock
 * @took: buffers that have. Buffer's lock
 * @flying: requests that are not back. Buffer's lock
 * @orphan: no buffer in use has it inside, and it is not among the images any
 *	    more. Buffer's lock
 * @opened: when, in jiffies. Buffer's lock
 * @request: one for each copy
 */
struct psh_buffer_image {
	struct list_head node;
	struct psh_buffer *buffer;
	u8 *memory;
	struct bio_vec *vec;
	u64 sequence;
	struct psh_stripe stripe;
	unsigned int pending;
	unsigned int readers;
	bool closed;
	bool sent;
	u32 inside;
	u32 took;
	unsigned int flying;
	bool orphan;
	unsigned long opened;
	struct psh_image_bio *request;
};

/**
 * struct psh_buffer_slot - a place of the ring
 * @image: the stripe, while it is in memory
 * @tail: that its head says
 * @readers: requests that read it from a buffer; it is not used again before
 */
struct psh_buffer_slot {
	struct psh_buffer_image *image;
	u64 tail;
	unsigned int readers;
};

/**
 * struct psh_buffer - the write buffer of one volume
 * @route: the routing table
 * @members: the members
 * @ranges: ranges in use
 * @fanout: for the cycle, which flushes the home
 * @number: member number of each of the log's buffers. Immutable
 * @bdev: their devices, for replay. Changes only suspended
 * @offset: where their shares begin
 * @log: the log as it was begun; its shape is immutable
 * @ahead: heads that were read ahead of each buffer, while replay reads; or NULL
 * @error: of @log, for messages
 * @lock: protects the index, the counters, stripes and images; taken from any
 *	  context, and a leaf
 * @pool: nodes of the index
 * @chunks_max: entries of @pool's table
 * @promised: nodes that records which are being copied will need
 * @roots: by segment. Volume suspended: the table itself
 * @nr_roots: entries of @roots
 * @buffered_sectors: sectors whose newest is in the log
 * @data_sectors: those of them that lie in stripes: not zeroes and discards
 * @merged_sectors: those that merge brought home since the activation
 * @written_sectors: sectors of WRITTEN and of WRITTEN_TOO
 * @written_kind: what a write past the log leaves
 * @tail: what is needed
 * @last_used: last stripe with a record
 * @slot: by place
 * @open: stripe being filled, or NULL
 * @free: images not in use
 * @image: all of them; those in a buffer that was lost are replaced
 * @orphans: of these, those whose requests are back
 * @flying: requests that are not back
 * @encoded: last stripe that was sealed and sent
 * @chain: checksum of its head
 * @here: buffers that took part when the log was begun
 * @live: those of them in use
 * @failing: buffers that missed something; not yet lost durably
 * @broken: some stripe is on no buffer: nothing is staged any more, and merge
 *	    brings home what can be read
 * @rescued: it is done, and the metadata says that the log is void
 * @stranded: it is done, but for what cannot be read. Cleared to try again
 * @rescuer: merge may run
 * @rescuing: nothing is being staged any more, and merge brings home all that the
 *	      index knows
 * @stuck: no image came free for long; until one does, writes go home
 * @starved: a FLUSH waits until merge has made room. Cycle
 * @merging: merge brings home what it finds. Racing
 * @draining: merge waits for writes. Racing
 * @making_room: clean is at it: writes may wait for it. Racing
 * @no_room_until: but not before, in jiffies, for one has waited in vain. Racing
 * @bypass_sectors: larger writes go home. Knob
 * @deferred: writes that wait for a range or an image. Guarded by @lock
 * @waiters: bios that wait to be durable. Guarded by @lock
 * @again: requests to be sent once more. lock-free list
 * @write: seals and sends stripes
 * @defer: stages @deferred
 * @cycle: makes @waiters durable; cycle's
 * @queue: where @write runs
 * @defer_queue: where @defer runs; it waits for ranges
 * @cycle_queue: where @cycle runs; it waits for the other two's work
 * @wait: who waits for stripes, images or buffers
 * @past: send a bio home
 * @part: a user's bio has done what it does, and only waits
 * @trouble: called, from any context, when a buffer failed a request
 * @crowded: called, locked, when few places are free
 * @make_void: make durable that nothing in the log counts; may sleep
 * @owner: for these
 */
struct psh_buffer {
	struct psh_route *route;
	struct psh_members *members;
	struct psh_ranges *ranges;
	struct psh_fanout *fanout;
	unsigned int number[PSH_BUFFERS_MAX];
	struct block_device *bdev[PSH_BUFFERS_MAX];
	u64 offset[PSH_BUFFERS_MAX];
	struct psh_buflog log;
	struct psh_ahead *ahead;
	char error[PSH_ERROR_SIZE];
	spinlock_t lock; /* all that follows */
	struct psh_extent_pool pool;
	u32 chunks_max;
	u32 promised;
	u32 *roots;
	u64 nr_roots;
	u64 buffered_sectors;
	u64 data_sectors;
	u64 merged_sectors;
	u64 written_sectors[2];
	u32 written_kind;
	struct psh_tail tail;
	u64 last_used;
	struct psh_buffer_slot *slot;
	struct psh_buffer_image *open;
	struct list_head free;
	struct psh_buffer_image *image[PSH_BUFFER_IMAGES];
	struct list_head orphans;
	unsigned int flying;
	u64 encoded;
	u32 chain;
	u32 here;
	u32 live;
	u32 failing;
	bool broken;
	bool rescued;
	bool stranded;
	bool rescuer;
	bool rescuing;
	bool stuck;
	bool starved;
	bool merging;
	bool draining;
	bool making_room;
	unsigned long no_room_until;
	unsigned int bypass_sectors;
	struct bio_list deferred;
	struct bio_list waiters;
	struct llist_head again;
	struct work_struct write;
	struct work_struct defer;
	struct work_struct cycle;
	struct workqueue_struct *queue;
	struct workqueue_struct *defer_queue;
	struct workqueue_struct *cycle_queue;
	wait_queue_head_t wait;
	void (*past)(void *owner, struct bio *bio);
	void (*part)(void *owner, struct bio *bio);
	void (*trouble)(void *owner);
	void (*crowded)(void *owner);
	int (*make_void)(void *owner);
	void *owner;
};

enum psh_staged {
	PSH_STAGED,		/* it ends by itself */
	PSH_STAGE_HOME,		/* it must go home */
	PSH_STAGE_AGAIN,	/* it may not wait, and would have to */
};

/* What can be expected of the log. */
enum psh_log_state {
	PSH_LOG_OK,
	PSH_LOG_BROKEN,		/* what it holds is being brought home */
	PSH_LOG_RESCUED,	/* all of it is there */
	PSH_LOG_STRANDED,	/* but for what cannot be read */
};

/* Where a piece is read. */
enum psh_source {
	PSH_SOURCE_HOME,
	PSH_SOURCE_ZEROES,
	PSH_SOURCE_IMAGE,
	PSH_SOURCE_LOG,
};

/**
 * struct psh_buffer_piece - sectors that lie in one place
 * @source: where
 * @sectors: how many
 * @slot: place of the stripe, if the home has it not; of IMAGE and LOG it, or its
 *	  image, is kept until psh_buffer_put()
 * @sector: sector within the stripe, the head included
 * @sequence: number of the stripe
 * @memory: of IMAGE
 */
struct psh_buffer_piece {
	enum psh_source source;
	u32 sectors;
	u64 slot;
	u32 sector;
	u64 sequence;
	const u8 *memory;
};

/** psh_buffer_member() - one of the log's buffers. */
static inline struct psh_member *
psh_buffer_member(const struct psh_buffer *buffer, unsigned int index)
{
	return &buffer->members->member[buffer->number[index]];
}

/** psh_extent_is_buffered() - is the newest in the log? */
static inline bool psh_extent_is_buffered(u32 kind)
{
	return kind <= PSH_EXTENT_DISCARD;
}

/** psh_buffer_stripe_sectors() - of a stripe, its head included. */
static inline u64 psh_buffer_stripe_sectors(const struct psh_buffer *buffer)
{
	return (u64)buffer->log.super.shape.stripe_blocks * PSH_BLOCK_SECTORS;
}

/**
 * psh_buffer_create() - a buffer that can look for its log
 *
 * Context: process, sleeps for memory.
 * Return: the buffer, or NULL.
 */
struct psh_buffer *psh_buffer_create(void);

/**
 * psh_buffer_prepare() - memory for the log
 * @buffer: with the shape of its log set
 * @nr_segments: of the volume
 *
 * Context: process, sleeps for memory.
 * Return: 0 or -ENOMEM.
 */
int psh_buffer_prepare(struct psh_buffer *buffer, u64 nr_segments);

/** psh_buffer_free() - give it back; nothing of it is in use. NULL is fine. */
void psh_buffer_free(struct psh_buffer *buffer);

/** psh_buffer_resize() - use roots for so many segments. Volume suspended. */
void psh_buffer_resize(struct psh_buffer *buffer, u32 *roots, u64 nr_roots);

/** psh_buffer_takes() - is a bio of those that may be staged? Context: any. */
static inline bool psh_buffer_takes(const struct psh_buffer *buffer,
				    struct bio *bio)
{
	return bio_op(bio) == REQ_OP_WRITE ?
	       bio_sectors(bio) <= READ_ONCE(buffer->bypass_sectors) :
	       bio_op(bio) == REQ_OP_DISCARD ||
	       bio_op(bio) == REQ_OP_WRITE_ZEROES;
}

/**
 * psh_buffer_write() - stage a write, a discard or zeroes
 * @buffer: the volume's buffer
 * @bio: one that it takes, within one segment
 *
 * Context: map.
 * Return: what becomes of it.
 */
enum psh_staged psh_buffer_write(struct psh_buffer *buffer, struct bio *bio);

/**
 * psh_buffer_wrote() - the home has newer sectors than the log
 * @buffer: the volume's buffer
 * @sector: first sector of the volume, its range held
 * @sectors: how many, within one segment
 *
 * To be called before the write is acknowledged and the range is released.
 *
 * Context: any.
 * Return: 0 if the log knows nothing of them; 1 if a record is due; -ENOMEM if
 * that cannot be noted: then the write must not be acknowledged.
 */
int psh_buffer_wrote(struct psh_buffer *buffer, u64 sector, u32 sectors);

/**
 * psh_buffer_await() - end a user's bio when all staged before is durable
 * @buffer: the volume's buffer
 * @bio: a FLUSH, or a write whose data has arrived
 *
 * It leaves the flight: merge drains writes, and a cycle may wait for merge.
 *
 * Context: any.
 */
void psh_buffer_await(struct psh_buffer *buffer, struct bio *bio);

/** psh_buffer_await_own() - the same for a bio of ours. Context: any. */
void psh_buffer_await_own(struct psh_buffer *buffer, struct bio *bio);

/**
 * psh_buffer_look() - where the first piece of a range lies
 * @buffer: the volume's buffer
 * @segment: its segment
 * @start: first sector within the segment
 * @sectors: length of the range
 * @piece: filled
 *
 * Context: any.
 */
void psh_buffer_look(struct psh_buffer *buffer, u64 segment, u32 start,
		     u32 sectors, struct psh_buffer_piece *piece);

/** psh_buffer_put() - a piece was read. Context: any. */
void psh_buffer_put(struct psh_buffer *buffer, enum psh_source source,
		    u64 slot);

/**
 * psh_buffer_place() - where a stripe lies on a buffer
 * @buffer: the volume's buffer
 * @slot: its place in the ring
 * @exclude: buffers that failed it
 * @number: filled with the member
 * @index: filled with the buffer
 *
 * Return: the block of its head in the member's share, or U64_MAX if no buffer
 * has it.
 */
u64 psh_buffer_place(struct psh_buffer *buffer, u64 slot, u32 exclude,
		     unsigned int *number, unsigned int *index);

/**
 * psh_buffer_insert() - put an extent into the index
 * @buffer: the volume's buffer, locked
 * @segment: its segment
 * @extent: the newest
 *
 * Return: false, and nothing changed, if there are not enough nodes.
 */
bool psh_buffer_insert(struct psh_buffer *buffer, u64 segment,
		       const struct psh_extent *extent);

/**
 * psh_buffer_replace() - the same for an extent that is in the index as a whole
 * @buffer: the volume's buffer, locked
 * @segment: its segment
 * @extent: of another kind or place; this needs no nodes
 */
void psh_buffer_replace(struct psh_buffer *buffer, u64 segment,
			const struct psh_extent *extent);

/** psh_buffer_erase() - take sectors out of the index. Locked. */
bool psh_buffer_erase(struct psh_buffer *buffer, u64 segment, u32 start,
		      u32 sectors);

/** psh_buffer_grow() - have nodes to spare; true if there are. Not locked. */
bool psh_buffer_grow(struct psh_buffer *buffer, gfp_t gfp);

/** psh_extent_place() - place of the stripe that an extent names. */
u64 psh_extent_place(const struct psh_buffer *buffer,
		     const struct psh_extent *extent);

/**
 * psh_buffer_open() - have a stripe to add to
 * @buffer: the volume's buffer, locked
 * @spare: places to leave free
 *
 * Return: 0; -ENOSPC if the log is full; -EAGAIN if all images are in use; -EIO
 * if it is broken.
 */
int psh_buffer_open(struct psh_buffer *buffer, unsigned int spare);

/**
 * psh_buffer_stage_again() - stage what is in the log already
 * @buffer: the volume's buffer
 * @record: its kind, sector and sectors; the range is held against all, and the
 *	    newest of it is @data
 * @data: of a write
 *
 * Context: process.
 * Return: 0; -EAGAIN if all images are in use; another error if there is no room.
 */
int psh_buffer_stage_again(struct psh_buffer *buffer,
			   const struct psh_stripe_record *record,
			   const u8 *data);

/** psh_buffer_clean_places() - places that writes leave for clean. */
u32 psh_buffer_clean_places(const struct psh_buffer *buffer);

/** psh_buffer_has_image() - could psh_buffer_open() do it now? */
bool psh_buffer_has_image(struct psh_buffer *buffer);

/** psh_buffer_close() - seal the open stripe, if there is one. Locked. */
void psh_buffer_close(struct psh_buffer *buffer);

/**
 * psh_buffer_lost() - buffers are away
 * @buffer: the volume's buffer
 * @members: all that are, as a set of numbers
 * @durable: and the metadata says so of those that were to spare; if it cannot,
 *	     the log is of no use
 *
 * Context: process.
 */
void psh_buffer_lost(struct psh_buffer *buffer, u32 members, bool durable);

/** psh_buffer_tick() - seal what is open for long. Context: the tick. */
void psh_buffer_tick(struct psh_buffer *buffer);

/** psh_buffer_wait() - wait for requests inside buffers that were lost. */
void psh_buffer_wait(struct psh_buffer *buffer);

/** psh_buffer_state() - what can be expected of the log. Context: any. */
static inline enum psh_log_state
psh_buffer_state(const struct psh_buffer *buffer)
{
	if (!READ_ONCE(buffer->broken))
		return PSH_LOG_OK;
	if (READ_ONCE(buffer->rescued))
		return PSH_LOG_RESCUED;
	return READ_ONCE(buffer->stranded) ? PSH_LOG_STRANDED : PSH_LOG_BROKEN;
}

/** psh_log_state_text() - a sentence about it. */
const char *psh_log_state_text(enum psh_log_state state);

/** psh_buffer_is_in_use() - does the index know anything? Context: any. */
static inline bool psh_buffer_is_in_use(const struct psh_buffer *buffer)
{
	u32 nodes = READ_ONCE(buffer->pool.nr_chunks) * PSH_EXTENT_CHUNK_NODES;

	return nodes && READ_ONCE(buffer->pool.nr_free) != nodes - 1;
}

/** psh_buffer_is_empty() - would replay find nothing? Volume suspended. */
bool psh_buffer_is_empty(struct psh_buffer *buffer);

/** psh_buffer_fails() - these buffers missed something. Context: any. */
void psh_buffer_fails(struct psh_buffer *buffer, u32 buffers);

/** psh_buffer_failing() - members that missed something. Context: any. */
u32 psh_buffer_failing(struct psh_buffer *buffer);

/** psh_buffer_spare() - those of some members that no lane needs without @lost. */
u32 psh_buffer_spare(struct psh_buffer *buffer, u32 members, u32 lost);

/** psh_buffer_only_on() - would the log lose a lane without this member? */
bool psh_buffer_only_on(struct psh_buffer *buffer, unsigned int member);

/** psh_buffer_used_percent() - places of the ring that are in use. */
unsigned int psh_buffer_used_percent(struct psh_buffer *buffer);

/** psh_buffer_is_crowded() - are so few places free that clean should run? */
bool psh_buffer_is_crowded(struct psh_buffer *buffer);

/** psh_buffer_needed_percent() - data that the log alone has, of what it could hold. */
unsigned int psh_buffer_needed_percent(struct psh_buffer *buffer);

#endif /* PSH_BUFFER_H */
