// SPDX-License-Identifier: GPL-2.0
/*
 * buffer: see buffer.h. First the index, then stripes: opened, filled, sealed,
 * sent, lost; then writes and reads of the user; last memory.
 *
 * A record is reserved under the lock, its data copied without it, and entered
 * into the index under it again; a stripe is sealed when no copying is left. The
 * writer holds its range all the time, so the order of records of a sector is
 * that of its writes, and nobody reads what is not copied yet.
 *
 * An image is free again when every buffer has its stripe, or is lost, and
 * nobody reads it; a place is not used again while somebody reads it there.
 */
#include <linux/completion.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "compat.h"

#define NODES_KEPT	4096U	/* for what must be noted: 64 KiB */
#define PLACES_KEPT	4U	/* for records of the home, not of writes */
#define PLACES_CLEAN	16U	/* one place in so many is for clean besides */
#define PLACES_CLEAN_MAX 64U
#define ROOM_MS		20U	/* that a write waits for room, or goes home */
#define NO_ROOM_MS	400U	/* and then none waits, so that little is lost by it */
#define ROOM_SECTORS	32U	/* larger ones are no burden for the home */

/* --- the index -------------------------------------------------------------- */

u64 psh_extent_place(const struct psh_buffer *buffer,
		     const struct psh_extent *extent)
{
	return extent->kind == PSH_EXTENT_DATA ?
	       div64_u64(extent->place, psh_buffer_stripe_sectors(buffer)) :
	       extent->place;
}

static void count_cut(void *owner, const struct psh_extent *extent)
{
	struct psh_buffer *buffer = owner;

	if (psh_extent_is_buffered(extent->kind)) {
		psh_tail_dead(&buffer->tail, psh_extent_place(buffer, extent),
			      extent->sectors);
		buffer->buffered_sectors -= extent->sectors;
		if (extent->kind == PSH_EXTENT_DATA)
			buffer->data_sectors -= extent->sectors;
	} else if (extent->kind >= PSH_EXTENT_WRITTEN) {
		buffer->written_sectors[extent->kind - PSH_EXTENT_WRITTEN] -=
			extent->sectors;
	}
}

static bool add_chunk(struct psh_buffer *buffer, gfp_t gfp)
{
	struct psh_extent_node *chunk;

	lockdep_assert_held(&buffer->lock);
	if (buffer->pool.nr_chunks == buffer->chunks_max)
		return false;
	chunk = (void *)__get_free_page(gfp);
	if (chunk)
		psh_extent_pool_add(&buffer->pool, chunk);
	return chunk;
}

bool psh_buffer_grow(struct psh_buffer *buffer, gfp_t gfp)
{
	u32 want = NODES_KEPT + 2 * PSH_EXTENT_CHUNK_NODES;
	struct psh_extent_node *chunk;
	bool grown;

	static_assert(PSH_EXTENT_CHUNK_NODES * sizeof(*chunk) <= PAGE_SIZE);
	while (READ_ONCE(buffer->pool.nr_free) <
	       READ_ONCE(buffer->promised) + want) {
		chunk = (void *)__get_free_page(gfp);
		if (!chunk)
			return false;
		spin_lock_irq(&buffer->lock);
		grown = buffer->pool.nr_chunks < buffer->chunks_max;
		if (grown)
			psh_extent_pool_add(&buffer->pool, chunk);
		spin_unlock_irq(&buffer->lock);
		if (!grown) {
			free_page((unsigned long)chunk);
			return false;
		}
	}
	return true;
}

/* Nodes that nobody was promised; those kept are for this. */
static bool has_nodes(struct psh_buffer *buffer, u32 nr)
{
	return buffer->pool.nr_free >= buffer->promised + nr ||
	       add_chunk(buffer, GFP_ATOMIC | __GFP_NOWARN);
}

static void insert(struct psh_buffer *buffer, u64 segment,
		   const struct psh_extent *extent)
{
	/* Merge looks at the tree without the lock, drains, and relies on it. */
	if (!(psh_route_word(buffer->route, segment) & PSH_WORD_BUFFERED))
		psh_route_flag(buffer->route, segment, PSH_WORD_BUFFERED, 0);
	psh_extent_insert(&buffer->pool, &buffer->roots[segment], extent);
	if (extent->kind == PSH_EXTENT_DATA)
		buffer->data_sectors += extent->sectors;
	if (psh_extent_is_buffered(extent->kind))
		buffer->buffered_sectors += extent->sectors;
	else if (extent->kind >= PSH_EXTENT_WRITTEN)
		buffer->written_sectors[extent->kind - PSH_EXTENT_WRITTEN] +=
			extent->sectors;
}

bool psh_buffer_insert(struct psh_buffer *buffer, u64 segment,
		       const struct psh_extent *extent)
{
	lockdep_assert_held(&buffer->lock);
	if (!has_nodes(buffer, PSH_EXTENT_INSERT_NODES))
		return false;
	insert(buffer, segment, extent);
	return true;
}

void psh_buffer_replace(struct psh_buffer *buffer, u64 segment,
			const struct psh_extent *extent)
{
	lockdep_assert_held(&buffer->lock);
	insert(buffer, segment, extent);
}

bool psh_buffer_erase(struct psh_buffer *buffer, u64 segment, u32 start,
		      u32 sectors)
{
	lockdep_assert_held(&buffer->lock);
	if (!has_nodes(buffer, PSH_EXTENT_ERASE_NODES))
		return false;
	psh_extent_erase(&buffer->pool, &buffer->roots[segment], start,
			 sectors);
	return true;
}

/*
 * A record that is being staged says more than those that are due
 * there, which are not needed any more; and they must not be staged behind it, as
 * they could be until it is in the index. The nodes kept are enough: only the first
 * and the last can be cut.
 */
static void call_off(struct psh_buffer *buffer, u64 segment, u32 start,
		     u32 sectors)
{
	u32 at = start, end = start + sectors;

	if (!buffer->written_sectors[0] && !buffer->written_sectors[1])
		return;
	while (at < end) {
		struct psh_extent piece;

		if (psh_extent_lookup(&buffer->pool, buffer->roots[segment], at,
				      end - at, &piece) &&
		    piece.kind >= PSH_EXTENT_WRITTEN) {
			piece.kind = PSH_EXTENT_HOME;
			insert(buffer, segment, &piece);
		}
		at += piece.sectors;
	}
}

/*
 * Where a record is due already, it stays due when it is: a newer write must not
 * put off what a FLUSH waits for.
 */
int psh_buffer_wrote(struct psh_buffer *buffer, u64 sector, u32 sectors)
{
	u64 segment = sector >> buffer->route->shift;
	u32 at = sector - (segment << buffer->route->shift);
	u32 end = at + sectors;
	struct psh_extent piece;
	unsigned long flags;
	int r = 0;

	spin_lock_irqsave(&buffer->lock, flags);
	for (; at < end && r >= 0; at += piece.sectors) {
		if (!psh_extent_lookup(&buffer->pool, buffer->roots[segment],
				       at, end - at, &piece))
			continue;
		r = 1;
		if (piece.kind >= PSH_EXTENT_SAID)
			continue;
		piece.place = psh_extent_place(buffer, &piece);
		piece.kind = buffer->written_kind;
		if (!psh_buffer_insert(buffer, segment, &piece))
			r = -ENOMEM;
	}
	spin_unlock_irqrestore(&buffer->lock, flags);
	return r;
}

/* --- images ------------------------------------------------------------------- */

static void image_free(struct psh_buffer_image *image)
{
	if (!image)
		return;
	vfree(image->memory);
	kvfree(image->vec);
	kfree(image->request);
	kfree(image);
}

static struct psh_buffer_image *image_create(struct psh_buffer *buffer,
					     gfp_t gfp)
{
	const struct psh_buflog_shape *shape = &buffer->log.super.shape;
	struct psh_buffer_image *image = kzalloc(sizeof(*image), gfp);
	u32 i;

	if (!image)
		return NULL;
	image->buffer = buffer;
	image->memory = __vmalloc(shape->stripe_blocks * PSH_BLOCK_SIZE, gfp);
	image->vec = kcalloc(shape->stripe_blocks, sizeof(*image->vec), gfp);
	image->request = kcalloc(shape->copies, sizeof(*image->request), gfp);
	if (!image->memory || !image->vec || !image->request) {
		image_free(image);
		return NULL;
	}
	for (i = 0; i < shape->stripe_blocks; i++) {
		u8 *block = image->memory + i * PSH_BLOCK_SIZE;

		bvec_set_page(&image->vec[i], vmalloc_to_page(block),
			      PSH_BLOCK_SIZE, offset_in_page(block));
	}
	for (i = 0; i < shape->copies; i++)
		image->request[i].image = image;
	return image;
}

/* --- stripes ------------------------------------------------------------------ */

static void image_put(struct psh_buffer_image *image)
{
	struct psh_buffer *buffer = image->buffer;
	u64 place;

	lockdep_assert_held(&buffer->lock);
	if (!image->sent || image->inside || image->flying || image->readers ||
	    !image->took)
		return;
	buffer->stuck = false;
	place = psh_tail_place(&buffer->tail, image->sequence);
	if (buffer->slot[place].image == image)
		buffer->slot[place].image = NULL;
	image->sent = false;
	list_add(&image->node, &buffer->free);
}

static u64 free_places(const struct psh_buffer *buffer)
{
	return buffer->tail.ring - (buffer->tail.next - buffer->tail.released);
}

u32 psh_buffer_clean_places(const struct psh_buffer *buffer)
{
	return min_t(u64, div_u64(buffer->tail.ring, PLACES_CLEAN),
		     PLACES_CLEAN_MAX);
}

/* Or writes would find no room, of a small log. */
static bool is_crowded(const struct psh_buffer *buffer)
{
	u64 free = free_places(buffer);

	return 5 * free <= buffer->tail.ring ||
	       free <= PLACES_KEPT + psh_buffer_clean_places(buffer) + 1;
}

bool psh_buffer_is_crowded(struct psh_buffer *buffer)
{
	bool is;

	spin_lock_irq(&buffer->lock);
	is = is_crowded(buffer);
	spin_unlock_irq(&buffer->lock);
	return is;
}

int psh_buffer_open(struct psh_buffer *buffer, unsigned int spare)
{
	struct psh_tail *tail = &buffer->tail;
	struct psh_buffer_image *image;
	struct psh_buffer_slot *slot;

	lockdep_assert_held(&buffer->lock);
	if (buffer->broken)
		return -EIO;
	/* Nor what another one has opened, who may leave less. */
	if (free_places(buffer) <= spare)
		return -ENOSPC;
	if (buffer->open)
		return 0;
	slot = &buffer->slot[psh_tail_place(tail, tail->next)];
	if (!psh_tail_may_open(tail) || slot->readers || slot->image)
		return -ENOSPC;
	if (list_empty(&buffer->free))
		return buffer->stuck ? -ENOSPC : -EAGAIN;
	image = list_first_entry(&buffer->free, struct psh_buffer_image, node);
	list_del(&image->node);
	image->sequence = tail->next;
	image->opened = jiffies;
	image->closed = false;
	image->sent = false;
	image->took = 0;
	psh_stripe_open(&image->stripe, image->memory,
			buffer->log.super.shape.stripe_blocks);
	slot->image = image;
	buffer->open = image;
	return 0;
}

void psh_buffer_close(struct psh_buffer *buffer)
{
	lockdep_assert_held(&buffer->lock);
	if (!buffer->open)
		return;
	if (buffer->open->stripe.nr)
		buffer->last_used = buffer->open->sequence;
	buffer->open->closed = true;
	buffer->open = NULL;
	psh_tail_seal(&buffer->tail);
	if (is_crowded(buffer))
		buffer->crowded(buffer->owner);
	queue_work(buffer->queue, &buffer->write);
}

void psh_buffer_fails(struct psh_buffer *buffer, u32 buffers)
{
	unsigned long flags;

	spin_lock_irqsave(&buffer->lock, flags);
	buffer->failing |= buffers & buffer->live;
	spin_unlock_irqrestore(&buffer->lock, flags);
	buffer->trouble(buffer->owner);
}

static void request_end(struct bio *bio)
{
	struct psh_image_bio *request = container_of(bio, struct psh_image_bio,
						     bio);
	struct psh_buffer_image *image = request->image;
	struct psh_buffer *buffer = image->buffer;
	unsigned int number = buffer->number[request->index];
	struct psh_meter_member __percpu *meter =
		buffer->members->path[number].meter;
	blk_status_t status = bio->bi_status;
	unsigned long flags;

	this_cpu_inc(meter->done[WRITE]);
	if (status)
		this_cpu_inc(meter->errors[WRITE]);
	if (status && !request->tried &&
	    READ_ONCE(buffer->live) & BIT(request->index)) {
		request->tried = true;
		llist_add(&request->again, &buffer->again);
		queue_work(buffer->queue, &buffer->write);
		return;
	}
	bio_uninit(bio);
	if (status)
		psh_buffer_fails(buffer, BIT(request->index));
	else
		psh_member_wrote(buffer->members, number);
	spin_lock_irqsave(&buffer->lock, flags);
	if (!status) {
		image->inside &= ~BIT(request->index);
		image->took |= BIT(request->index) & buffer->live;
	}
	image->flying--;
	if (image->orphan && !image->flying) {
		/* Freed where that may sleep. */
		list_add(&image->node, &buffer->orphans);
		queue_work(buffer->queue, &buffer->write);
	} else if (!image->orphan) {
		image_put(image);
	}
	/* The last one: the volume may go as soon as the lock is let go of. */
	buffer->flying--;
	wake_up_all(&buffer->wait);
	spin_unlock_irqrestore(&buffer->lock, flags);
}

static void request_send(struct psh_image_bio *request)
{
	struct psh_buffer_image *image = request->image;
	struct psh_buffer *buffer = image->buffer;
	unsigned int number = buffer->number[request->index];
	struct psh_path *path = &buffer->members->path[number];
	u32 blocks = psh_stripe_blocks(image->stripe.data_sectors);
	u32 buffers;
	u64 block = psh_buflog_locate(&buffer->log.super.shape,
				      image->sequence, &buffers);
	struct bio *bio = &request->bio;

	bio_init(bio, path->bdev, image->vec, blocks,
		 REQ_OP_WRITE | REQ_SYNC | REQ_IDLE);
	bio->bi_vcnt = blocks;
	bio->bi_iter.bi_size = blocks * PSH_BLOCK_SIZE;
	bio->bi_iter.bi_sector = path->offset + block * PSH_BLOCK_SECTORS;
	bio->bi_end_io = request_end;
	this_cpu_inc(path->meter->begun[WRITE]);
	this_cpu_add(path->meter->sectors[WRITE], blocks * PSH_BLOCK_SECTORS);
	submit_bio_noacct(bio);
}

static void send_again(struct psh_buffer *buffer)
{
	struct psh_image_bio *request, *next;

	llist_for_each_entry_safe(request, next, llist_del_all(&buffer->again),
				  again) {
		bio_uninit(&request->bio);
		request_send(request);
	}
}

/* The next stripe to be sealed, with its head but for what core fills. */
static struct psh_buffer_image *next_closed(struct psh_buffer *buffer,
					    struct psh_stripe_head *head,
					    u32 *inside)
{
	u64 sequence = buffer->encoded + 1;
	struct psh_buffer_image *image = NULL;
	struct psh_buffer_slot *slot;
	u32 buffers;

	spin_lock_irq(&buffer->lock);
	slot = &buffer->slot[psh_tail_place(&buffer->tail, sequence)];
	if (sequence < buffer->tail.next && !slot->image->pending) {
		image = slot->image;
		head->epoch = buffer->log.super.epoch;
		head->sequence = sequence;
		head->tail = buffer->tail.tail;
		head->durable = buffer->tail.durable;
		head->chain = buffer->chain;
		slot->tail = head->tail;
		head->address = psh_buflog_locate(&buffer->log.super.shape,
						  sequence, &buffers);
		memcpy(head->uuid, buffer->log.uuid, sizeof(head->uuid));
		image->inside = buffers & buffer->live;
		image->flying = hweight32(image->inside);
		buffer->flying += image->flying;
		*inside = image->inside;
		if (!image->inside)
			buffer->broken = true;
	}
	spin_unlock_irq(&buffer->lock);
	return image;
}

static void seal_and_send(struct psh_buffer *buffer,
			  struct psh_buffer_image *image,
			  struct psh_stripe_head *head, u32 rest)
{
	u32 bytes = image->stripe.data_sectors << SECTOR_SHIFT;
	unsigned int i = 0;

	memset(image->memory + PSH_BLOCK_SIZE + bytes, 0,
	       round_up(bytes, PSH_BLOCK_SIZE) - bytes);
	psh_stripe_seal(&image->stripe, head);
	flush_kernel_vmap_range(image->memory,
				psh_stripe_blocks(image->stripe.data_sectors) *
				PSH_BLOCK_SIZE);
	buffer->chain = head->crc;
	buffer->encoded = head->sequence;
	spin_lock_irq(&buffer->lock);
	image->sent = true;
	spin_unlock_irq(&buffer->lock);
	for (; rest; rest &= rest - 1) {
		image->request[i].index = __ffs(rest);
		image->request[i].tried = false;
		request_send(&image->request[i++]);
	}
}

static void free_orphans(struct psh_buffer *buffer)
{
	struct psh_buffer_image *image, *next;
	LIST_HEAD(orphans);

	spin_lock_irq(&buffer->lock);
	list_splice_init(&buffer->orphans, &orphans);
	spin_unlock_irq(&buffer->lock);
	list_for_each_entry_safe(image, next, &orphans, node)
		image_free(image);
}

static void write_stripes(struct work_struct *work)
{
	struct psh_buffer *buffer = container_of(work, struct psh_buffer,
						 write);
	struct psh_stripe_head head = { };
	struct psh_buffer_image *image;
	u32 inside;

	free_orphans(buffer);
	send_again(buffer);
	while ((image = next_closed(buffer, &head, &inside)))
		seal_and_send(buffer, image, &head, inside);
	wake_up_all(&buffer->wait);
}

/* --- buffers that are lost ------------------------------------------------------ */

u32 psh_buffer_failing(struct psh_buffer *buffer)
{
	u32 rest = READ_ONCE(buffer->failing) & READ_ONCE(buffer->live);
	u32 members = 0;

	for (; rest; rest &= rest - 1)
		members |= BIT(buffer->number[__ffs(rest)]);
	return members;
}

static u32 lane_of(const struct psh_buffer *buffer, unsigned int index)
{
	u32 buffers;

	psh_buflog_locate(&buffer->log.super.shape, index %
			  psh_buflog_lanes(&buffer->log.super.shape), &buffers);
	return buffers;
}

bool psh_buffer_only_on(struct psh_buffer *buffer, unsigned int member)
{
	u32 live = READ_ONCE(buffer->live), rest;
	unsigned int i;

	for (rest = live; rest; rest &= rest - 1)
		if (psh_member_is_failed(psh_buffer_member(buffer,
							   __ffs(rest))))
			live &= ~BIT(__ffs(rest));
	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++)
		if (buffer->number[i] == member &&
		    !(lane_of(buffer, i) & live & ~BIT(i)))
			return true;
	return false;
}

u32 psh_buffer_spare(struct psh_buffer *buffer, u32 members, u32 lost)
{
	u32 live = READ_ONCE(buffer->live), spare = 0;
	unsigned int i;

	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++)
		if (lost & BIT(buffer->number[i]))
			live &= ~BIT(i);
	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++)
		if (members & BIT(buffer->number[i]) &&
		    lane_of(buffer, i) & live & ~BIT(i)) {
			live &= ~BIT(i);
			spare |= BIT(buffer->number[i]);
		}
	return spare;
}

/* Only requests in buffers that are lost keep it, and a buffer has it. */
static bool is_late(const struct psh_buffer_image *image)
{
	return image->sent && image->flying && image->took &&
	       !image->inside && !image->readers;
}

/* An image is the requests' until they come back: another takes its place. */
static void replace(struct psh_buffer *buffer, unsigned int i)
{
	struct psh_buffer_image *fresh = NULL, *image;
	u64 place;

	if (is_late(buffer->image[i]))
		fresh = image_create(buffer, GFP_NOIO);
	if (!fresh)
		return;
	spin_lock_irq(&buffer->lock);
	image = buffer->image[i];
	if (is_late(image)) {
		place = psh_tail_place(&buffer->tail, image->sequence);
		if (buffer->slot[place].image == image)
			buffer->slot[place].image = NULL;
		image->orphan = true;
		buffer->image[i] = fresh;
		list_add_tail(&fresh->node, &buffer->free);
		fresh = NULL;
	}
	spin_unlock_irq(&buffer->lock);
	image_free(fresh);
}

/* Nothing waits for them any more; what no buffer has stays in memory. */
void psh_buffer_lost(struct psh_buffer *buffer, u32 members, bool durable)
{
	unsigned int i;

	spin_lock_irq(&buffer->lock);
	if (!durable) {
		buffer->broken = true;
		members = 0;
	}
	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++)
		if (members & BIT(buffer->number[i])) {
			buffer->live &= ~BIT(i);
			if (!(lane_of(buffer, i) & buffer->live))
				buffer->broken = true;
		}
	buffer->failing &= buffer->live;
	for (i = 0; i < PSH_BUFFER_IMAGES; i++) {
		struct psh_buffer_image *image = buffer->image[i];

		image->inside &= buffer->live;
		if (image->sent && !image->inside && !image->took)
			buffer->broken = true;
		image_put(image);
	}
	spin_unlock_irq(&buffer->lock);
	for (i = 0; i < PSH_BUFFER_IMAGES; i++)
		replace(buffer, i);
	wake_up_all(&buffer->wait);
}

const char *psh_log_state_text(enum psh_log_state state)
{
	static const char * const text[] = {
		[PSH_LOG_OK] = "it works",
		[PSH_LOG_BROKEN] = "a lane has no buffer left, what the log holds is brought home",
		[PSH_LOG_RESCUED] = "all that the log held is home, and writes go there",
		[PSH_LOG_STRANDED] = "some of what the log holds cannot be read and is not home",
	};

	return text[state];
}

void psh_buffer_tick(struct psh_buffer *buffer)
{
	struct psh_buffer_image *image;

	spin_lock_irq(&buffer->lock);
	image = buffer->open;
	if (image && image->stripe.nr &&
	    time_after(jiffies, image->opened +
		       msecs_to_jiffies(PSH_BUFFER_SEAL_MS)))
		psh_buffer_close(buffer);
	spin_unlock_irq(&buffer->lock);
}

void psh_buffer_wait(struct psh_buffer *buffer)
{
	wait_event(buffer->wait, !READ_ONCE(buffer->flying));
	/* Who took the last one out still holds the lock. */
	spin_lock_irq(&buffer->lock);
	spin_unlock_irq(&buffer->lock);
}

bool psh_buffer_is_empty(struct psh_buffer *buffer)
{
	u64 i;

	for (i = 0; i < buffer->nr_roots; i++)
		if (buffer->roots[i])
			return false;
	return !buffer->open || !buffer->open->stripe.nr;
}

unsigned int psh_buffer_used_percent(struct psh_buffer *buffer)
{
	unsigned int used;

	spin_lock_irq(&buffer->lock);
	used = div64_u64(100 * (buffer->tail.next - buffer->tail.released),
			 buffer->tail.ring);
	spin_unlock_irq(&buffer->lock);
	return used;
}

unsigned int psh_buffer_needed_percent(struct psh_buffer *buffer)
{
	u32 room = psh_stripe_room_sectors(buffer->log.super.shape.stripe_blocks);

	return min_t(u64, 100, div64_u64(100 * READ_ONCE(buffer->data_sectors),
					 buffer->tail.ring * room));
}

/* --- writes ----------------------------------------------------------------------- */

/* A record that is being staged. */
struct reserved {
	struct psh_buffer_image *image;
	struct psh_stripe_record record;
	u32 nr;
};

static u32 record_kind(struct bio *bio)
{
	switch (bio_op(bio)) {
	case REQ_OP_DISCARD:
		return PSH_STRIPE_DISCARD;
	case REQ_OP_WRITE_ZEROES:
		return PSH_STRIPE_ZEROES;
	default:
		return PSH_STRIPE_WRITE;
	}
}

static u32 extent_kind(u32 record_kind)
{
	switch (record_kind) {
	case PSH_STRIPE_DISCARD:
		return PSH_EXTENT_DISCARD;
	case PSH_STRIPE_ZEROES:
		return PSH_EXTENT_ZEROES;
	default:
		return PSH_EXTENT_DATA;
	}
}

/*
 * Room for the record, and @spare places left; the stripe stays as it is until it
 * is filled.
 */
static int reserve(struct psh_buffer *buffer, struct reserved *reserved,
		   unsigned int spare)
{
	struct psh_stripe_record *record = &reserved->record;
	struct psh_buffer_image *image;
	int r;

	record->crc = 0;
	psh_buffer_grow(buffer, GFP_NOWAIT | __GFP_NOWARN);
	spin_lock_irq(&buffer->lock);
	r = buffer->pool.nr_free < NODES_KEPT + buffer->promised +
	    PSH_EXTENT_INSERT_NODES ? -ENOMEM : 0;
	if (!r && free_places(buffer) > spare && buffer->open &&
	    psh_stripe_fits(&buffer->open->stripe, record->kind) <
	    record->sectors)
		psh_buffer_close(buffer);
	if (!r)
		r = psh_buffer_open(buffer, spare);
	if (!r && psh_stripe_fits(&buffer->open->stripe, record->kind) <
	    record->sectors)
		r = -ENOSPC;
	if (!r) {
		u64 segment = record->sector >> buffer->route->shift;

		call_off(buffer, segment, record->sector -
			 (segment << buffer->route->shift), record->sectors);
		image = buffer->open;
		reserved->image = image;
		reserved->nr = image->stripe.nr;
		psh_stripe_add(&image->stripe, record);
		psh_tail_live(&buffer->tail, image->sequence, record->sectors);
		image->pending++;
		buffer->promised += PSH_EXTENT_INSERT_NODES;
	}
	spin_unlock_irq(&buffer->lock);
	return r;
}

static u8 *data_of(const struct reserved *reserved)
{
	return reserved->image->memory + PSH_BLOCK_SIZE +
	       (reserved->record.place << SECTOR_SHIFT);
}

/* Copy the data to its place, and take its checksum on the way. */
static u32 copy_in(const struct reserved *reserved, struct bio *bio)
{
	u8 *to = data_of(reserved);
	struct bvec_iter iter;
	struct bio_vec vec;
	u32 crc = 0;

	if (reserved->record.kind != PSH_STRIPE_WRITE)
		return 0;
	bio_for_each_segment(vec, bio, iter) {
		memcpy_from_bvec(to, &vec);
		crc = psh_stripe_data_crc(crc, to, vec.bv_len);
		to += vec.bv_len;
	}
	return crc;
}

static void enter(struct psh_buffer *buffer, const struct reserved *reserved,
		  u32 crc)
{
	const struct psh_stripe_record *record = &reserved->record;
	struct psh_buffer_image *image = reserved->image;
	u64 segment = record->sector >> buffer->route->shift;
	struct psh_extent extent = {
		.start = record->sector - (segment << buffer->route->shift),
		.sectors = record->sectors,
		.kind = extent_kind(record->kind),
	};

	spin_lock_irq(&buffer->lock);
	extent.place = psh_tail_place(&buffer->tail, image->sequence);
	if (extent.kind == PSH_EXTENT_DATA)
		extent.place = extent.place *
			       psh_buffer_stripe_sectors(buffer) +
			       record->place;
	psh_stripe_set_crc(&image->stripe, reserved->nr, crc);
	buffer->promised -= PSH_EXTENT_INSERT_NODES;
	insert(buffer, segment, &extent);
	if (!--image->pending && image->closed)
		queue_work(buffer->queue, &buffer->write);
	spin_unlock_irq(&buffer->lock);
}

/* With its range held, which is released unless a room must be waited for. */
static int stage(struct psh_buffer *buffer, struct bio *bio,
		 struct psh_range *range)
{
	struct reserved reserved = {
		.record.kind = record_kind(bio),
		.record.sector = bio->bi_iter.bi_sector,
		.record.sectors = bio_sectors(bio),
	};
	int r = reserve(buffer, &reserved, PLACES_KEPT +
			psh_buffer_clean_places(buffer));

	if (!r)
		enter(buffer, &reserved, copy_in(&reserved, bio));
	psh_range_release(buffer->ranges, range);
	if (r)
		return r;
	if (bio->bi_opf & REQ_FUA)
		psh_buffer_await(buffer, bio);
	else
		bio_endio(bio);
	return 0;
}

int psh_buffer_stage_again(struct psh_buffer *buffer,
			   const struct psh_stripe_record *record,
			   const u8 *data)
{
	u32 bytes = record->sectors << SECTOR_SHIFT, crc = 0;
	struct reserved reserved = { .record = *record };
	int r = reserve(buffer, &reserved, PLACES_KEPT);

	if (r)
		return r;
	if (record->kind == PSH_STRIPE_WRITE) {
		memcpy(data_of(&reserved), data, bytes);
		crc = psh_stripe_data_crc(0, data_of(&reserved), bytes);
	}
	enter(buffer, &reserved, crc);
	return 0;
}

static void range_of(struct psh_range *range, struct bio *bio)
{
	memset(range, 0, sizeof(*range));
	range->start = bio->bi_iter.bi_sector;
	range->end = bio_end_sector(bio);
	range->spares = PSH_RANGE_HOME;
}

static void put_off(struct psh_buffer *buffer, struct bio *bio)
{
	spin_lock_irq(&buffer->lock);
	bio_list_add(&buffer->deferred, bio);
	spin_unlock_irq(&buffer->lock);
	queue_work(buffer->defer_queue, &buffer->defer);
}

/*
 * For small writes that is sooner than the home, which merge needs; but merge must
 * not wait for them.
 */
static bool may_await_room(const struct psh_buffer *buffer, struct bio *bio)
{
	return bio_sectors(bio) <= ROOM_SECTORS &&
	       READ_ONCE(buffer->making_room) && !READ_ONCE(buffer->draining) &&
	       time_after(jiffies, READ_ONCE(buffer->no_room_until));
}

enum psh_staged psh_buffer_write(struct psh_buffer *buffer, struct bio *bio)
{
	struct psh_range range;
	int r = -EAGAIN;

	range_of(&range, bio);
	if (psh_range_hold(buffer->ranges, &range, false))
		r = stage(buffer, bio, &range);
	if (!r)
		return PSH_STAGED;
	if (r == -ENOSPC && may_await_room(buffer, bio) &&
	    !(bio->bi_opf & REQ_NOWAIT))
		r = -EAGAIN;
	if (r != -EAGAIN)
		return PSH_STAGE_HOME;
	if (bio->bi_opf & REQ_NOWAIT)
		return PSH_STAGE_AGAIN;
	put_off(buffer, bio);
	return PSH_STAGED;
}

bool psh_buffer_has_image(struct psh_buffer *buffer)
{
	bool has;

	spin_lock_irq(&buffer->lock);
	has = buffer->open || !list_empty(&buffer->free) || buffer->broken;
	spin_unlock_irq(&buffer->lock);
	return has;
}

/* Buffers that do not answer do not keep writes: these can go home. */
static void await_image(struct psh_buffer *buffer)
{
	if (wait_event_timeout(buffer->wait, psh_buffer_has_image(buffer) ||
			       READ_ONCE(buffer->stuck),
			       msecs_to_jiffies(PSH_BUFFER_STUCK_MS)))
		return;
	spin_lock_irq(&buffer->lock);
	buffer->stuck = !buffer->open && list_empty(&buffer->free);
	spin_unlock_irq(&buffer->lock);
}

static bool has_room(struct psh_buffer *buffer)
{
	bool has;

	spin_lock_irq(&buffer->lock);
	has = !buffer->stuck &&
	      free_places(buffer) > PLACES_KEPT + psh_buffer_clean_places(buffer);
	spin_unlock_irq(&buffer->lock);
	return has;
}

static bool await_room(struct psh_buffer *buffer, struct bio *bio,
		       unsigned long until)
{
	long left = until - jiffies;

	/* There is, but the next place is still read or written. */
	if (left > 0 && has_room(buffer))
		schedule_timeout_uninterruptible(1);
	else if (left > 0 && may_await_room(buffer, bio))
		wait_event_timeout(buffer->wait, has_room(buffer) ||
				   !may_await_room(buffer, bio), left);
	if (left > 0 && has_room(buffer))
		return true;
	if (may_await_room(buffer, bio))
		WRITE_ONCE(buffer->no_room_until, jiffies +
			   msecs_to_jiffies(NO_ROOM_MS));
	return false;
}

/* Those that had to wait, one after another; nobody we wait for waits for us. */
static void stage_deferred(struct work_struct *work)
{
	struct psh_buffer *buffer = container_of(work, struct psh_buffer,
						 defer);
	struct psh_hold hold;
	unsigned long until;
	struct bio *bio;
	int r;

	for (;;) {
		spin_lock_irq(&buffer->lock);
		bio = bio_list_pop(&buffer->deferred);
		spin_unlock_irq(&buffer->lock);
		if (!bio)
			return;
		until = jiffies + msecs_to_jiffies(ROOM_MS);
		do {
			await_image(buffer);
			range_of(&hold.range, bio);
			psh_range_hold_wait(buffer->ranges, &hold);
			r = stage(buffer, bio, &hold.range);
		} while (r == -EAGAIN ||
			 (r == -ENOSPC && await_room(buffer, bio, until)));
		if (r)
			buffer->past(buffer->owner, bio);
		cond_resched();
	}
}

void psh_buffer_await(struct psh_buffer *buffer, struct bio *bio)
{
	buffer->part(buffer->owner, bio);
	psh_buffer_await_own(buffer, bio);
}

void psh_buffer_await_own(struct psh_buffer *buffer, struct bio *bio)
{
	unsigned long flags;

	spin_lock_irqsave(&buffer->lock, flags);
	bio_list_add(&buffer->waiters, bio);
	spin_unlock_irqrestore(&buffer->lock, flags);
	queue_work(buffer->cycle_queue, &buffer->cycle);
}

/* --- reads ------------------------------------------------------------------------- */

/* The home has this and what follows, as far as that is so. */
static u32 home_sectors(struct psh_buffer *buffer, u64 segment, u32 start,
			u32 end)
{
	u32 at = start;

	while (at < end) {
		struct psh_extent piece;

		if (psh_extent_lookup(&buffer->pool, buffer->roots[segment], at,
				      end - at, &piece) &&
		    psh_extent_is_buffered(piece.kind))
			break;
		at += piece.sectors;
	}
	return at - start;
}

void psh_buffer_look(struct psh_buffer *buffer, u64 segment, u32 start,
		     u32 sectors, struct psh_buffer_piece *piece)
{
	u64 stripe_sectors = psh_buffer_stripe_sectors(buffer);
	struct psh_buffer_slot *slot;
	struct psh_extent extent;
	unsigned long flags;
	u64 within;

	memset(piece, 0, sizeof(*piece));
	spin_lock_irqsave(&buffer->lock, flags);
	piece->sectors = home_sectors(buffer, segment, start, start + sectors);
	if (piece->sectors)
		goto unlock;
	psh_extent_lookup(&buffer->pool, buffer->roots[segment], start, sectors,
			  &extent);
	piece->sectors = extent.sectors;
	piece->source = PSH_SOURCE_ZEROES;
	piece->slot = psh_extent_place(buffer, &extent);
	piece->sequence = psh_tail_sequence(&buffer->tail, piece->slot);
	if (extent.kind != PSH_EXTENT_DATA)
		goto unlock;
	div64_u64_rem(extent.place, stripe_sectors, &within);
	piece->sector = PSH_BLOCK_SECTORS + within;
	slot = &buffer->slot[piece->slot];
	if (slot->image) {
		piece->source = PSH_SOURCE_IMAGE;
		piece->memory = slot->image->memory +
				((size_t)piece->sector << SECTOR_SHIFT);
		slot->image->readers++;
	} else {
		piece->source = PSH_SOURCE_LOG;
		slot->readers++;
	}
unlock:
	spin_unlock_irqrestore(&buffer->lock, flags);
}

void psh_buffer_put(struct psh_buffer *buffer, enum psh_source source,
		    u64 slot)
{
	unsigned long flags;
	bool freed = false;

	if (source != PSH_SOURCE_IMAGE && source != PSH_SOURCE_LOG)
		return;
	spin_lock_irqsave(&buffer->lock, flags);
	if (source == PSH_SOURCE_LOG) {
		buffer->slot[slot].readers--;
	} else {
		struct psh_buffer_image *image = buffer->slot[slot].image;

		image->readers--;
		image_put(image);
		freed = !buffer->slot[slot].image;
	}
	spin_unlock_irqrestore(&buffer->lock, flags);
	if (freed)
		wake_up_all(&buffer->wait);
}

u64 psh_buffer_place(struct psh_buffer *buffer, u64 slot, u32 exclude,
		     unsigned int *number, unsigned int *index)
{
	u32 buffers;
	u64 block = psh_buflog_locate(&buffer->log.super.shape, slot, &buffers);

	buffers &= buffer->here & ~exclude;
	if (!buffers)
		return U64_MAX;
	*index = __ffs(buffers & READ_ONCE(buffer->live) ? : buffers);
	*number = buffer->number[*index];
	return block;
}

/* --- memory ------------------------------------------------------------------------- */

static bool create_parts(struct psh_buffer *buffer,
			 const struct psh_buflog_shape *shape)
{
	u64 ring = psh_buflog_ring(shape);
	unsigned int i;

	/* As many as there are blocks, twice, in case all are cut. */
	buffer->chunks_max = div64_u64(2 * ring * shape->stripe_blocks,
				       PSH_EXTENT_CHUNK_NODES) +
			     NODES_KEPT / PSH_EXTENT_CHUNK_NODES + 16;
	buffer->pool.chunk = kvcalloc(buffer->chunks_max,
				      sizeof(*buffer->pool.chunk), GFP_KERNEL);
	buffer->roots = kvcalloc(buffer->nr_roots, sizeof(*buffer->roots),
				 GFP_KERNEL);
	buffer->slot = kvcalloc(ring, sizeof(*buffer->slot), GFP_KERNEL);
	buffer->tail.live = kvcalloc(ring, sizeof(*buffer->tail.live),
				     GFP_KERNEL);
	buffer->queue = alloc_workqueue("predshard-log", WQ_UNBOUND |
					WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	buffer->defer_queue = alloc_workqueue("predshard-stage", WQ_UNBOUND |
					      WQ_MEM_RECLAIM, 1);
	buffer->cycle_queue = alloc_workqueue("predshard-cycle", WQ_UNBOUND |
					      WQ_HIGHPRI | WQ_MEM_RECLAIM, 1);
	if (!buffer->pool.chunk || !buffer->roots || !buffer->slot ||
	    !buffer->tail.live || !buffer->queue ||
	    !buffer->defer_queue || !buffer->cycle_queue)
		return false;
	for (i = 0; i < PSH_BUFFER_IMAGES; i++) {
		buffer->image[i] = image_create(buffer, GFP_KERNEL);
		if (!buffer->image[i])
			return false;
		list_add_tail(&buffer->image[i]->node, &buffer->free);
	}
	return true;
}

struct psh_buffer *psh_buffer_create(void)
{
	struct psh_buffer *buffer = kvzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return NULL;
	buffer->log.error = buffer->error;
	buffer->pool.cut = count_cut;
	buffer->pool.owner = buffer;
	buffer->written_kind = PSH_EXTENT_WRITTEN;
	buffer->bypass_sectors = PSH_BUFFER_BYPASS;
	buffer->no_room_until = jiffies - 1;
	spin_lock_init(&buffer->lock);
	init_waitqueue_head(&buffer->wait);
	INIT_LIST_HEAD(&buffer->free);
	INIT_LIST_HEAD(&buffer->orphans);
	init_llist_head(&buffer->again);
	bio_list_init(&buffer->deferred);
	bio_list_init(&buffer->waiters);
	INIT_WORK(&buffer->write, write_stripes);
	INIT_WORK(&buffer->defer, stage_deferred);
	buffer->log.memory = vzalloc(PSH_STRIPE_BLOCKS_MAX * PSH_BLOCK_SIZE);
	if (buffer->log.memory)
		return buffer;
	psh_buffer_free(buffer);
	return NULL;
}

int psh_buffer_prepare(struct psh_buffer *buffer, u64 nr_segments)
{
	const struct psh_buflog_shape *shape = &buffer->log.super.shape;

	buffer->nr_roots = nr_segments;
	buffer->tail.ring = psh_buflog_ring(shape);
	return create_parts(buffer, shape) ? 0 : -ENOMEM;
}

void psh_buffer_free(struct psh_buffer *buffer)
{
	unsigned int i;

	if (!buffer)
		return;
	if (buffer->cycle_queue)
		destroy_workqueue(buffer->cycle_queue);
	if (buffer->defer_queue)
		destroy_workqueue(buffer->defer_queue);
	if (buffer->queue)
		destroy_workqueue(buffer->queue);
	for (i = 0; i < PSH_BUFFER_IMAGES; i++)
		image_free(buffer->image[i]);
	for (i = 0; buffer->pool.chunk && i < buffer->pool.nr_chunks; i++)
		free_page((unsigned long)buffer->pool.chunk[i]);
	vfree(buffer->log.memory);
	kvfree(buffer->pool.chunk);
	kvfree(buffer->tail.live);
	kvfree(buffer->slot);
	kvfree(buffer->roots);
	kvfree(buffer);
}

void psh_buffer_resize(struct psh_buffer *buffer, u32 *roots, u64 nr_roots)
{
	memcpy(roots, buffer->roots,
	       min(nr_roots, buffer->nr_roots) * sizeof(*roots));
	kvfree(buffer->roots);
	buffer->roots = roots;
	buffer->nr_roots = nr_roots;
}
