// SPDX-License-Identifier: GPL-2.0
/*
 * cycle: see cycle.h. One worker, plain sequential code that waits for devices;
 * the model of it is tests/simbuf/volume.c.
 *
 * A cycle that fails acknowledges nothing and takes its beginning back: what
 * went past the log since is due together with what it did not get to say.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/sched.h>

#include "cycle.h"
#include "fanout.h"
#include "flush.h"

#define WEDGED_JIFFIES	(30 * HZ) /* that a FLUSH waits while nothing comes home */
#define STARVED_MS	20	/* between two looks whether merge has made room */

/* --- extents ------------------------------------------------------------------ */

static u64 stripe_of(const struct psh_buffer *buffer,
		     const struct psh_extent *extent)
{
	return psh_tail_sequence(&buffer->tail,
				 psh_extent_place(buffer, extent));
}

static u32 other_kind(u32 kind)
{
	return kind == PSH_EXTENT_WRITTEN ? PSH_EXTENT_WRITTEN_TOO :
					    PSH_EXTENT_WRITTEN;
}

/* What each() gets: an extent of a segment, locked. */
struct visit {
	struct psh_buffer *buffer;
	int (*each)(struct visit *visit, u64 segment,
		    struct psh_extent *extent);
	u32 kind;
	u64 released;
	u64 durable;
};

/* Walk the index; -EAGAIN of @each waits for an image and asks again. */
static int walk_segment(struct visit *visit, u64 segment)
{
	struct psh_buffer *buffer = visit->buffer;
	struct psh_extent extent = { };
	u32 at = 0;
	int r = 0;

	spin_lock_irq(&buffer->lock);
	while (!r && psh_extent_find(&buffer->pool, buffer->roots[segment], at,
				     &extent)) {
		at = extent.start + extent.sectors;
		r = visit->each(visit, segment, &extent);
	}
	spin_unlock_irq(&buffer->lock);
	return r;
}

static int walk(struct visit *visit)
{
	struct psh_buffer *buffer = visit->buffer;
	u64 segment;
	int r = 0;

	for (segment = 0; !r && segment < buffer->nr_roots; segment++) {
		if (!(segment % 4096))
			cond_resched();
		if (!READ_ONCE(buffer->roots[segment]))
			continue;
		r = walk_segment(visit, segment);
		if (r == -EAGAIN) {
			wait_event(buffer->wait, psh_buffer_has_image(buffer));
			segment--;
			r = 0;
		}
		cond_resched();
	}
	return r;
}

/* The home is newer, and flushed: a record says so. */
static int say_one(struct visit *visit, u64 segment, struct psh_extent *extent)
{
	struct psh_buffer *buffer = visit->buffer;
	struct psh_stripe_record record = {
		.kind = PSH_STRIPE_HOME,
		.sectors = extent->sectors,
		.sector = (segment << buffer->route->shift) + extent->start,
	};
	int r;

	if (extent->kind != visit->kind)
		return 0;
	if (buffer->open && !psh_stripe_fits(&buffer->open->stripe,
					     PSH_STRIPE_HOME))
		psh_buffer_close(buffer);
	r = psh_buffer_open(buffer, 0);
	if (r)
		return r;
	psh_stripe_add(&buffer->open->stripe, &record);
	extent->kind = PSH_EXTENT_SAID;
	extent->place = psh_tail_place(&buffer->tail, buffer->tail.next);
	psh_buffer_replace(buffer, segment, extent);
	return 0;
}

static int say(struct psh_buffer *buffer, u32 kind)
{
	struct visit visit = {
		.buffer = buffer, .each = say_one, .kind = kind,
	};

	if (!READ_ONCE(buffer->written_sectors[kind - PSH_EXTENT_WRITTEN]))
		return 0;
	return walk(&visit);
}

/* Extents that are only there for records which are gone, or made void. */
static int forget_one(struct visit *visit, u64 segment,
		      struct psh_extent *extent)
{
	struct psh_buffer *buffer = visit->buffer;
	u64 stripe;

	if (psh_extent_is_buffered(extent->kind))
		return 0;
	stripe = stripe_of(buffer, extent);
	if (extent->kind == PSH_EXTENT_SAID ? stripe <= visit->durable :
					      stripe < visit->released)
		psh_buffer_erase(buffer, segment, extent->start,
				 extent->sectors);
	return 0;
}

static int rename_one(struct visit *visit, u64 segment,
		      struct psh_extent *extent)
{
	if (extent->kind == other_kind(visit->kind)) {
		extent->kind = visit->kind;
		psh_buffer_replace(visit->buffer, segment, extent);
	}
	return 0;
}

/* --- the steps ------------------------------------------------------------------ */

/* Is there something before the tail, or has merge freed something? */
static void propose(struct psh_buffer *buffer)
{
	struct psh_tail *tail = &buffer->tail;
	bool staged = buffer->open && buffer->open->stripe.nr;

	lockdep_assert_held(&buffer->lock);
	if (staged || tail->tail <= buffer->last_used)
		psh_tail_propose(tail, staged);
}

static int flush_home(struct psh_buffer *buffer)
{
	int r = psh_fanout_flush_own(buffer->fanout);

	spin_lock_irq(&buffer->lock);
	if (r)
		psh_tail_drop(&buffer->tail);
	else
		psh_tail_flushed(&buffer->tail);
	spin_unlock_irq(&buffer->lock);
	return r;
}

/* A head must say the new tail, if that frees a place that was used. */
static bool has_tail_to_say(const struct psh_buffer *buffer)
{
	return buffer->tail.tail > buffer->tail.released &&
	       buffer->tail.released <= buffer->last_used;
}

static u64 seal(struct psh_buffer *buffer)
{
	u64 target;
	int r = 0;

	do {
		if (r)
			wait_event(buffer->wait, psh_buffer_has_image(buffer));
		spin_lock_irq(&buffer->lock);
		r = has_tail_to_say(buffer) ? psh_buffer_open(buffer, 0) : 0;
		if (r != -EAGAIN)
			psh_buffer_close(buffer);
		target = buffer->tail.next - 1;
		spin_unlock_irq(&buffer->lock);
	} while (r == -EAGAIN);
	return target;
}

static bool is_complete(struct psh_buffer *buffer, u64 target)
{
	bool complete = true;
	u64 i;

	spin_lock_irq(&buffer->lock);
	for (i = buffer->tail.durable + 1; complete && i <= target; i++) {
		struct psh_buffer_image *image =
			buffer->slot[psh_tail_place(&buffer->tail, i)].image;

		complete = !image || (image->sent && !image->inside &&
				      image->took);
	}
	spin_unlock_irq(&buffer->lock);
	return complete;
}

static u32 live_members(const struct psh_buffer *buffer)
{
	u32 rest = READ_ONCE(buffer->live), members = 0;

	for (; rest; rest &= rest - 1)
		members |= BIT(buffer->number[__ffs(rest)]);
	return members;
}

/* Nobody in use is one that does not have all of it. */
static bool is_settled(struct psh_buffer *buffer)
{
	u32 rest = READ_ONCE(buffer->live);

	if (READ_ONCE(buffer->broken))
		return true;
	for (; rest; rest &= rest - 1)
		if (psh_member_is_failed(psh_buffer_member(buffer,
							   __ffs(rest))))
			return false;
	return !psh_buffer_failing(buffer);
}

/* What failed is away, durably, before anything is acknowledged. */
static int flush_buffers(struct psh_buffer *buffer)
{
	int r = psh_flush_members(buffer->members, live_members(buffer));
	u32 rest, failing = 0;

	for (rest = READ_ONCE(buffer->live); r && rest; rest &= rest - 1)
		if (READ_ONCE(psh_buffer_member(buffer,
						__ffs(rest))->flush_failed))
			failing |= BIT(__ffs(rest));
	if (failing)
		psh_buffer_fails(buffer, failing);
	wait_event(buffer->wait, is_settled(buffer));
	return READ_ONCE(buffer->broken) ? -EIO : 0;
}

/* All up to now is durable, and what its head says of the tail counts. */
static int make_durable(struct psh_buffer *buffer)
{
	struct visit visit = { .buffer = buffer, .each = forget_one };
	u64 target = seal(buffer);
	int r;

	if (target <= buffer->tail.durable)
		return 0;
	wait_event(buffer->wait, is_complete(buffer, target) ||
		   READ_ONCE(buffer->broken));
	if (!is_complete(buffer, target))
		return -EIO;
	r = flush_buffers(buffer);
	if (r)
		return r;
	visit.released = buffer->slot[psh_tail_place(&buffer->tail,
						     target)].tail;
	visit.durable = target;
	if (visit.released > buffer->tail.released)
		walk(&visit);
	spin_lock_irq(&buffer->lock);
	psh_tail_durable(&buffer->tail, target, visit.released);
	spin_unlock_irq(&buffer->lock);
	wake_up_all(&buffer->wait); /* there may be room */
	return 0;
}

/* The log is full of what only merge can bring home. */
static int make_room(struct psh_buffer *buffer)
{
	int r = make_durable(buffer);

	if (r)
		return r;
	msleep(STARVED_MS);
	spin_lock_irq(&buffer->lock);
	propose(buffer);
	spin_unlock_irq(&buffer->lock);
	return flush_home(buffer);
}

/* A number that changes while merge makes room. */
static u64 progress(const struct psh_buffer *buffer)
{
	return READ_ONCE(buffer->merged_sectors) +
	       READ_ONCE(buffer->tail.released);
}

static int run_cycle(struct psh_buffer *buffer)
{
	struct visit undo = { .buffer = buffer, .each = rename_one };
	unsigned long since = jiffies;
	u64 done = 0;
	u32 kind;
	int r;

	spin_lock_irq(&buffer->lock);
	kind = buffer->written_kind;
	buffer->written_kind = other_kind(kind);
	propose(buffer);
	spin_unlock_irq(&buffer->lock);
	r = flush_home(buffer);
	if (!r)
		r = say(buffer, kind);
	while (r == -ENOSPC) {
		if (!buffer->starved) {
			WRITE_ONCE(buffer->starved, true);
			wake_up_all(&buffer->wait);
			buffer->trouble(buffer->owner);
		}
		if (progress(buffer) != done) {
			done = progress(buffer);
			since = jiffies;
		}
		/* What cannot be read, or not be written home, keeps it full. */
		r = time_after(jiffies, since + WEDGED_JIFFIES) ||
		    !READ_ONCE(buffer->rescuer) ? -EIO : make_room(buffer);
		if (!r)
			r = say(buffer, kind);
	}
	WRITE_ONCE(buffer->starved, false);
	if (!r)
		return make_durable(buffer);
	spin_lock_irq(&buffer->lock);
	buffer->written_kind = kind;
	spin_unlock_irq(&buffer->lock);
	undo.kind = kind;
	walk(&undo);
	return r;
}

void psh_cycle_forget(struct psh_buffer *buffer)
{
	struct visit visit = {
		.buffer = buffer,
		.each = forget_one,
		.released = U64_MAX,
		.durable = U64_MAX,
	};

	walk(&visit);
}

/* Nothing can be added to the log: FLUSHes wait until all of it is home. */
static int rescue(struct psh_buffer *buffer)
{
	WRITE_ONCE(buffer->stranded, false);
	buffer->trouble(buffer->owner);
	wait_event(buffer->wait, READ_ONCE(buffer->rescued) ||
		   READ_ONCE(buffer->stranded) || !READ_ONCE(buffer->rescuer));
	if (!READ_ONCE(buffer->rescued))
		return -EIO;
	return psh_fanout_flush_own(buffer->fanout);
}

static void cycle(struct work_struct *work)
{
	struct psh_buffer *buffer = container_of(work, struct psh_buffer,
						 cycle);
	struct bio_list waiters;
	struct bio *bio;
	int r;

	for (;;) {
		spin_lock_irq(&buffer->lock);
		waiters = buffer->waiters;
		bio_list_init(&buffer->waiters);
		spin_unlock_irq(&buffer->lock);
		if (bio_list_empty(&waiters))
			return;
		r = READ_ONCE(buffer->broken) ? -EIO : run_cycle(buffer);
		if (r && READ_ONCE(buffer->broken))
			r = rescue(buffer);
		while ((bio = bio_list_pop(&waiters))) {
			bio->bi_status = errno_to_blk_status(r);
			bio_endio(bio);
		}
	}
}

void psh_cycle_init(struct psh_buffer *buffer)
{
	INIT_WORK(&buffer->cycle, cycle);
}

static void own_end(struct bio *bio)
{
	complete(bio->bi_private);
}

int psh_cycle_do(struct psh_buffer *buffer)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct bio bio;
	int r;

	bio_init(&bio, buffer->members->path[buffer->number[0]].bdev, NULL, 0,
		 REQ_OP_WRITE | REQ_PREFLUSH);
	bio.bi_end_io = own_end;
	bio.bi_private = &done;
	psh_buffer_await_own(buffer, &bio);
	wait_for_completion(&done);
	r = blk_status_to_errno(bio.bi_status);
	bio_uninit(&bio);
	return r;
}
