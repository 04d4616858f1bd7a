// SPDX-License-Identifier: GPL-2.0
/*
 * fetch: see fetch.h. A worker of plain sequential code for each fetch.
 *
 * A place has room for a whole stripe, and each of its blocks is read to where it
 * lies in the stripe; so core's functions for stripes can be used as they are.
 * The head is read together with the piece, which mostly is the whole record; if
 * it is not, the rest of the record is read then.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "fetch.h"
#include "late.h"

#define DM_MSG_PREFIX "predshard"

#define LAST_RESORT_JIFFIES (2 * HZ) /* that a failed buffer has to answer */
#define MEMORY_MS	20	/* until memory is asked for again */

/**
 * struct place - room for a stripe, and the requests that read into it
 * @node: in the list of free ones
 * @memory: of the stripe's blocks
 * @vec: their pages
 * @late: who waits for the requests
 * @gone: the member, when they were left and are back
 * @free: gives the place back then
 * @queue: where
 * @members: the volume's members
 * @number: that they are sent to
 * @status: of one that failed. Racing
 * @head_bio: for the head
 * @data_bio: for data
 */
struct place {
	struct list_head node;
	u8 *memory;
	struct bio_vec *vec;
	struct psh_late late;
	struct psh_member *gone;
	struct work_struct free;
	struct workqueue_struct *queue;
	struct psh_members *members;
	unsigned int number;
	blk_status_t status;
	struct bio head_bio;
	struct bio data_bio;
};

/**
 * struct psh_fetcher - what fetches of one volume share
 * @buffer: the write buffer
 * @queue: where they run
 * @lock: protects @free
 * @free: places
 * @wait: for one
 */
struct psh_fetcher {
	struct psh_buffer *buffer;
	struct workqueue_struct *queue;
	spinlock_t lock; /* free */
	struct list_head free;
	wait_queue_head_t wait;
};

/* --- places ------------------------------------------------------------------- */

static void place_free(struct place *place)
{
	if (!place)
		return;
	vfree(place->memory);
	kvfree(place->vec);
	kfree(place);
}

static void place_free_late(struct work_struct *work)
{
	struct place *place = container_of(work, struct place, free);
	struct psh_member *member = place->gone;

	place_free(place);
	psh_late_gone(member);
}

static struct place *place_create(struct psh_fetcher *fetcher, gfp_t gfp)
{
	u32 blocks = fetcher->buffer->log.super.shape.stripe_blocks, i;
	struct place *place = kzalloc(sizeof(*place), gfp);

	if (!place)
		return NULL;
	INIT_WORK(&place->free, place_free_late);
	place->queue = fetcher->queue;
	place->memory = __vmalloc(blocks * PSH_BLOCK_SIZE, gfp);
	place->vec = kcalloc(blocks, sizeof(*place->vec), gfp);
	if (!place->memory || !place->vec) {
		place_free(place);
		return NULL;
	}
	for (i = 0; i < blocks; i++) {
		u8 *block = place->memory + i * PSH_BLOCK_SIZE;

		bvec_set_page(&place->vec[i], vmalloc_to_page(block),
			      PSH_BLOCK_SIZE, offset_in_page(block));
	}
	return place;
}

static struct place *place_pop(struct psh_fetcher *fetcher)
{
	struct place *place;

	spin_lock(&fetcher->lock);
	place = list_first_entry_or_null(&fetcher->free, struct place, node);
	if (place)
		list_del(&place->node);
	spin_unlock(&fetcher->lock);
	return place;
}

static struct place *place_take(struct psh_fetcher *fetcher)
{
	struct place *place;

	wait_event(fetcher->wait, (place = place_pop(fetcher)));
	return place;
}

static void place_put(struct psh_fetcher *fetcher, struct place *place)
{
	spin_lock(&fetcher->lock);
	list_add(&place->node, &fetcher->free);
	spin_unlock(&fetcher->lock);
	wake_up(&fetcher->wait);
}

/* --- reading -------------------------------------------------------------------- */

static void read_end(struct bio *bio)
{
	struct place *place = bio->bi_private;
	struct psh_meter_member __percpu *meter =
		place->members->path[place->number].meter;
	struct psh_member *member;

	this_cpu_inc(meter->done[READ]);
	if (bio->bi_status) {
		this_cpu_inc(meter->errors[READ]);
		WRITE_ONCE(place->status, bio->bi_status);
	}
	bio_uninit(bio);
	member = psh_late_end(&place->late);
	if (member) {
		/* Where that may sleep. */
		place->gone = member;
		queue_work(place->queue, &place->free);
	}
}

static void read_blocks(struct place *place, struct bio *bio, u64 stripe_block,
			u32 first, u32 nr)
{
	struct psh_path *path = &place->members->path[place->number];

	bio_init(bio, path->bdev, place->vec + first, nr, REQ_OP_READ);
	bio->bi_vcnt = nr;
	bio->bi_iter.bi_size = nr * PSH_BLOCK_SIZE;
	bio->bi_iter.bi_sector = path->offset +
				 (stripe_block + first) * PSH_BLOCK_SECTORS;
	bio->bi_private = place;
	bio->bi_end_io = read_end;
	this_cpu_inc(path->meter->begun[READ]);
	this_cpu_add(path->meter->sectors[READ], nr * PSH_BLOCK_SECTORS);
	submit_bio_noacct(bio);
}

/*
 * Read blocks @first to @last of a stripe, and its head. -ETIMEDOUT if the place
 * was left with the requests.
 */
static int place_read(struct place *place, u64 stripe_block, u32 first,
		      u32 last, bool head)
{
	bool apart = head && first > 1;

	place->status = BLK_STS_OK;
	psh_late_begin(&place->late, &place->members->member[place->number],
		       1 + apart);
	if (apart)
		read_blocks(place, &place->head_bio, stripe_block, 0, 1);
	else if (head)
		first = 0;
	read_blocks(place, &place->data_bio, stripe_block, first,
		    last - first + 1);
	if (!psh_late_wait(&place->late, LAST_RESORT_JIFFIES))
		return -ETIMEDOUT;
	invalidate_kernel_vmap_range(place->memory,
				     (last + 1) * PSH_BLOCK_SIZE);
	return blk_status_to_errno(READ_ONCE(place->status));
}

/* The record that holds these sectors of a stripe's data. */
static bool find_record(const void *block, u32 nr, u32 sector, u32 sectors,
			struct psh_stripe_record *record)
{
	u32 i;

	memset(record, 0, sizeof(*record));
	for (i = 0; i < nr; i++) {
		psh_stripe_record(block, i, record);
		if (record->kind == PSH_STRIPE_WRITE &&
		    sector >= record->place &&
		    sector + sectors <= record->place + record->sectors)
			return true;
	}
	return false;
}

static u32 block_of(u32 sector)
{
	return sector / PSH_BLOCK_SECTORS;
}

/* A lost buffer may have an older namesake of the stripe. */
static bool is_head_right(const struct place *place,
			  const struct psh_fetch *fetch, u64 stripe_block,
			  struct psh_stripe_head *head)
{
	const struct psh_buflog *log = &fetch->fetcher->buffer->log;
	u64 sequence = fetch->piece.sequence;

	return psh_stripe_decode(place->memory, log->uuid, stripe_block,
				 log->super.shape.stripe_blocks, head) &&
	       head->sequence == sequence &&
	       (head->epoch == log->super.epoch) == (sequence >= log->start);
}

/* From the buffer that the place is for; -EILSEQ if what is there is not it. */
static int read_stripe(struct place *place, const struct psh_fetch *fetch,
		       u64 stripe_block)
{
	struct psh_stripe_head head;
	int r = place_read(place, stripe_block, 0, 0, false);

	if (!r && !is_head_right(place, fetch, stripe_block, &head))
		r = -EILSEQ;
	if (r || !head.data_sectors)
		return r;
	return place_read(place, stripe_block, 1,
			  psh_stripe_blocks(head.data_sectors) - 1, false);
}

static int read_piece(struct place *place, const struct psh_fetch *fetch,
		      u64 stripe_block)
{
	const struct psh_buffer_piece *piece = &fetch->piece;
	u32 first = block_of(piece->sector);
	u32 last = block_of(piece->sector + piece->sectors - 1);
	u32 within = piece->sector - PSH_BLOCK_SECTORS, begin, end;
	struct psh_stripe_record record;
	struct psh_stripe_head head;
	int r;

	r = place_read(place, stripe_block, first, last, true);
	if (r)
		return r;
	if (!is_head_right(place, fetch, stripe_block, &head) ||
	    !find_record(place->memory, head.nr, within, piece->sectors,
			 &record) ||
	    record.sector + (within - record.place) != fetch->sector)
		return -EILSEQ;
	begin = block_of(PSH_BLOCK_SECTORS + record.place);
	end = block_of(PSH_BLOCK_SECTORS + record.place + record.sectors - 1);
	if (begin < first || end > last)
		r = place_read(place, stripe_block, begin, end, false);
	if (r)
		return r;
	return psh_stripe_data_crc(0, place->memory + PSH_BLOCK_SIZE +
				   (record.place << SECTOR_SHIFT),
				   record.sectors << SECTOR_SHIFT) ==
	       record.crc ? 0 : -EILSEQ;
}

/* It says so, and counts as any read that failed. */
static void tell_damage(const struct psh_fetch *fetch, unsigned int number)
{
	struct psh_path *path =
		&fetch->fetcher->buffer->members->path[number];

	this_cpu_inc(path->meter->errors[READ]);
	DMERR_LIMIT("%pg: sectors %llu+%u of the volume are damaged in stripe %llu of the log",
		    path->bdev, fetch->sector, fetch->piece.sectors,
		    fetch->piece.sequence);
}

/* A place with the piece in it; or NULL. */
static struct place *read_any(struct psh_fetch *fetch, int *error)
{
	struct psh_fetcher *fetcher = fetch->fetcher;
	struct psh_buffer *buffer = fetcher->buffer;
	struct place *place = NULL;
	u32 tried = 0;

	*error = -EIO;
	for (;;) {
		unsigned int number = 0, index = 0;
		u64 block = psh_buffer_place(buffer, fetch->piece.slot, tried,
					     &number, &index);
		int r;

		if (block == U64_MAX)
			break;
		tried |= BIT(index);
		/* One that does not answer is not asked without end. */
		if (psh_member_is_failed(&buffer->members->member[number]) &&
		    atomic_read(&buffer->members->member[number].late) >=
		    PSH_FETCHES)
			continue;
		if (!place)
			place = place_take(fetcher);
		place->members = buffer->members;
		place->number = number;
		r = fetch->whole ? read_stripe(place, fetch, block) :
				   read_piece(place, fetch, block);
		if (!r)
			return place;
		*error = r;
		if (r == -EILSEQ)
			tell_damage(fetch, number);
		if (r != -ETIMEDOUT)
			continue;
		/* It is with the requests now. */
		while (!(place = place_create(fetcher, GFP_NOIO)))
			msleep(MEMORY_MS);
	}
	if (place)
		place_put(fetcher, place);
	return NULL;
}

static void fetch_work(struct work_struct *work)
{
	struct psh_fetch *fetch = container_of(work, struct psh_fetch, work);
	struct psh_fetcher *fetcher = fetch->fetcher;
	u32 at = fetch->whole ? 0 : fetch->piece.sector << SECTOR_SHIFT;
	struct place *place;
	int error;

	place = read_any(fetch, &error);
	fetch->done(fetch, place ? place->memory + at : NULL,
		    place ? 0 : error);
	if (place)
		place_put(fetcher, place);
}

void psh_fetch(struct psh_fetch *fetch)
{
	INIT_WORK(&fetch->work, fetch_work);
	queue_work(fetch->fetcher->queue, &fetch->work);
}

/* --- memory --------------------------------------------------------------------- */

struct psh_fetcher *psh_fetcher_create(struct psh_buffer *buffer)
{
	struct psh_fetcher *fetcher = kzalloc(sizeof(*fetcher), GFP_KERNEL);
	struct place *place;
	unsigned int i;

	if (!fetcher)
		return NULL;
	fetcher->buffer = buffer;
	spin_lock_init(&fetcher->lock);
	INIT_LIST_HEAD(&fetcher->free);
	init_waitqueue_head(&fetcher->wait);
	fetcher->queue = alloc_workqueue("predshard-fetch", WQ_UNBOUND |
					 WQ_HIGHPRI | WQ_MEM_RECLAIM,
					 PSH_FETCHES);
	for (i = 0; fetcher->queue && i < PSH_FETCHES; i++) {
		place = place_create(fetcher, GFP_KERNEL);
		if (!place)
			break;
		list_add(&place->node, &fetcher->free);
	}
	if (i == PSH_FETCHES)
		return fetcher;
	psh_fetcher_free(fetcher);
	return NULL;
}

void psh_fetcher_free(struct psh_fetcher *fetcher)
{
	struct place *place;

	if (!fetcher)
		return;
	if (fetcher->queue)
		destroy_workqueue(fetcher->queue);
	while ((place = place_pop(fetcher)))
		place_free(place);
	kfree(fetcher);
}
