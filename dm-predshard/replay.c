// SPDX-License-Identifier: GPL-2.0
/*
 * replay: see replay.h. The log's blocks are read and written one request after
 * another, but for heads: these are read many at once, for an activation reads all
 * of them. Only what was found goes into the index.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "block.h"
#include "compat.h"
#include "replay.h"

#define IO_BLOCKS	128U	/* in one request */
#define LEAST_PLACES	8U	/* of a log of some use */
#define AHEAD		32U	/* heads in flight */

/* --- what core/buflog stands on ------------------------------------------- */

static u64 share_blocks(struct block_device *bdev, u64 offset)
{
	u64 sectors = bdev_nr_sectors(bdev);

	return (sectors - min(sectors, offset)) / PSH_BLOCK_SECTORS;
}

static int log_io(struct psh_buffer *buffer, unsigned int i, blk_opf_t opf,
		  u64 block, u32 nr, u8 *data)
{
	int r = 0;

	while (nr && !r) {
		u32 part = min(nr, IO_BLOCKS), done;
		struct bio *bio = bio_alloc(buffer->bdev[i], part, opf,
					    GFP_NOIO);

		bio->bi_iter.bi_sector = buffer->offset[i] +
					 block * PSH_BLOCK_SECTORS;
		for (done = 0; done < part; done++, data += PSH_BLOCK_SIZE)
			__bio_add_page(bio, vmalloc_to_page(data),
				       PSH_BLOCK_SIZE, offset_in_page(data));
		r = submit_bio_wait(bio);
		bio_put(bio);
		block += part;
		nr -= part;
	}
	return r;
}

/* A head on its way. */
struct head_read {
	struct bio_vec vec;
	struct bio bio;
};

/**
 * struct psh_ahead - heads of stripes that lie behind one another on a buffer
 * @block: of the first
 * @good: those that could be read
 * @memory: their blocks
 * @pending: requests that are not back. atomic
 * @done: all are
 * @read: the requests
 */
struct psh_ahead {
	u64 block;
	u32 good;
	u8 *memory;
	atomic_t pending;
	struct completion done;
	struct head_read *read;
};

static void ahead_end(struct psh_buffer *buffer)
{
	u32 i;

	if (!buffer->ahead)
		return;
	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++) {
		vfree(buffer->ahead[i].memory);
		kvfree(buffer->ahead[i].read);
	}
	kfree(buffer->ahead);
	buffer->ahead = NULL;
}

/* Each buffer's, for those of the copies of a stripe are asked for in turn. */
static void ahead_begin(struct psh_buffer *buffer)
{
	u32 nr = buffer->log.super.shape.nr_buffers, i;
	struct psh_ahead *ahead = kcalloc(nr, sizeof(*ahead), GFP_KERNEL);

	buffer->ahead = ahead;
	for (i = 0; ahead && i < nr; i++) {
		ahead[i].memory = vzalloc(AHEAD * PSH_BLOCK_SIZE);
		ahead[i].read = kvcalloc(AHEAD, sizeof(*ahead[i].read),
					 GFP_KERNEL);
		/* Without, one head after another is read. */
		if (!ahead[i].memory || !ahead[i].read) {
			ahead_end(buffer);
			return;
		}
	}
}

static void ahead_put(struct psh_ahead *ahead)
{
	if (atomic_dec_and_test(&ahead->pending))
		complete(&ahead->done);
}

static void ahead_read(struct bio *bio)
{
	ahead_put(bio->bi_private);
}

static void read_ahead(struct psh_buffer *buffer, unsigned int i, u64 block)
{
	u32 step = buffer->log.super.shape.stripe_blocks, nr, n;
	u64 blocks = share_blocks(buffer->bdev[i], buffer->offset[i]);
	struct psh_ahead *ahead = &buffer->ahead[i];

	atomic_set(&ahead->pending, 1);
	init_completion(&ahead->done);
	for (nr = 0; nr < AHEAD && block + (u64)nr * step < blocks; nr++) {
		u8 *data = ahead->memory + nr * PSH_BLOCK_SIZE;
		struct bio *bio = &ahead->read[nr].bio;

		bio_init(bio, buffer->bdev[i], &ahead->read[nr].vec, 1,
			 REQ_OP_READ | REQ_META);
		__bio_add_page(bio, vmalloc_to_page(data), PSH_BLOCK_SIZE,
			       offset_in_page(data));
		bio->bi_iter.bi_sector = buffer->offset[i] +
			(block + (u64)nr * step) * PSH_BLOCK_SECTORS;
		bio->bi_end_io = ahead_read;
		bio->bi_private = ahead;
		atomic_inc(&ahead->pending);
		submit_bio(bio);
	}
	ahead_put(ahead);
	wait_for_completion(&ahead->done);
	ahead->block = block;
	ahead->good = 0;
	for (n = 0; n < nr; n++) {
		ahead->good |= ahead->read[n].bio.bi_status ? 0 : BIT(n);
		bio_uninit(&ahead->read[n].bio);
	}
	invalidate_kernel_vmap_range(ahead->memory, AHEAD * PSH_BLOCK_SIZE);
}

/* False if it must be read by itself. */
static bool read_head(struct psh_buffer *buffer, unsigned int i, u64 block,
		      void *data)
{
	u32 step = buffer->log.super.shape.stripe_blocks;
	struct psh_ahead *ahead = &buffer->ahead[i];
	u64 n, within;

	n = div64_u64_rem(block - ahead->block, step, &within);
	if (!ahead->good || block < ahead->block || within || n >= AHEAD) {
		read_ahead(buffer, i, block);
		n = 0;
	}
	if (!(ahead->good & BIT(n)))
		return false;
	memcpy(data, ahead->memory + n * PSH_BLOCK_SIZE, PSH_BLOCK_SIZE);
	return true;
}

/* Where psh_buflog_locate() puts them. */
static bool is_head(const struct psh_buffer *buffer, u64 block)
{
	u32 step = buffer->log.super.shape.stripe_blocks;
	u64 within = 1;

	if (block >= step)
		div64_u64_rem(block, step, &within);
	return !within;
}

static int log_read(void *owner, unsigned int i, u64 block, u32 nr, void *data)
{
	struct psh_buffer *buffer = owner;
	int r;

	cond_resched();
	if (buffer->ahead && nr == 1 && is_head(buffer, block) &&
	    read_head(buffer, i, block, data))
		return 0;
	r = log_io(buffer, i, REQ_OP_READ | REQ_META, block, nr, data);
	invalidate_kernel_vmap_range(data, nr * PSH_BLOCK_SIZE);
	return r;
}

static int log_write(void *owner, unsigned int i, u64 block, u32 nr,
		     const void *data, bool fua)
{
	struct psh_buffer *buffer = owner;

	if (buffer->ahead)
		buffer->ahead[i].good = 0;
	flush_kernel_vmap_range((void *)data, nr * PSH_BLOCK_SIZE);
	return log_io(owner, i, REQ_OP_WRITE | REQ_META | REQ_SYNC | REQ_IDLE |
		      (fua ? REQ_FUA : 0), block, nr, (u8 *)data);
}

static int log_flush(void *owner, unsigned int i)
{
	struct psh_buffer *buffer = owner;

	return psh_block_flush(buffer->bdev[i]);
}

static u64 log_blocks(void *owner, unsigned int i)
{
	struct psh_buffer *buffer = owner;

	return share_blocks(buffer->bdev[i], buffer->offset[i]);
}

static int log_record(void *owner, u64 sequence,
		      const struct psh_stripe_record *record)
{
	struct psh_buffer *buffer = owner;
	u64 segment = record->sector >> buffer->route->shift;
	u64 last = (record->sector + record->sectors - 1) >>
		   buffer->route->shift;
	struct psh_extent extent = {
		.start = record->sector - (segment << buffer->route->shift),
		.sectors = record->sectors,
		.kind = record->kind == PSH_STRIPE_ZEROES ?
			PSH_EXTENT_ZEROES : PSH_EXTENT_DISCARD,
	};
	bool done;

	if (segment != last || segment >= buffer->nr_roots) {
		scnprintf(buffer->error, PSH_ERROR_SIZE,
			  "stripe %llu has sectors %llu+%u, expected some of one segment of the volume",
			  sequence, record->sector, record->sectors);
		return -EINVAL;
	}
	if (!psh_buffer_grow(buffer, GFP_NOIO))
		goto no_memory;
	spin_lock_irq(&buffer->lock);
	extent.place = psh_tail_place(&buffer->tail, sequence);
	if (record->kind == PSH_STRIPE_WRITE) {
		extent.kind = PSH_EXTENT_DATA;
		extent.place = extent.place *
			       psh_buffer_stripe_sectors(buffer) +
			       record->place;
	}
	if (record->kind == PSH_STRIPE_HOME) {
		done = psh_buffer_erase(buffer, segment, extent.start,
					extent.sectors);
	} else {
		psh_tail_live(&buffer->tail, sequence, record->sectors);
		done = psh_buffer_insert(buffer, segment, &extent);
	}
	spin_unlock_irq(&buffer->lock);
	if (done)
		return 0;
no_memory:
	strscpy(buffer->error, "no memory for the index", PSH_ERROR_SIZE);
	return -ENOMEM;
}

static const struct psh_buflog_ops log_ops = {
	.read = log_read,
	.write = log_write,
	.flush = log_flush,
	.blocks = log_blocks,
	.record = log_record,
};

/* --- finding it -------------------------------------------------------------- */

enum psh_found psh_replay_identity(struct block_device *bdev, u64 offset,
				   void *block, struct psh_identity *identity)
{
	u64 blocks = share_blocks(bdev, offset), newest = 0, i;
	enum psh_found found = PSH_FOUND_BLANK;
	struct psh_buflog_super super;
	char error[PSH_ERROR_SIZE];
	struct psh_head head;

	if (offset % PSH_BLOCK_SECTORS || blocks < PSH_SUPER_BLOCKS)
		return PSH_FOUND_NO_ROOM;
	for (i = 0; i < PSH_SUPER_BLOCKS; i++) {
		enum psh_head_state state;

		if (psh_block_io(bdev, REQ_OP_READ | REQ_META,
				 offset / PSH_BLOCK_SECTORS + i, 1, block))
			return PSH_FOUND_UNREADABLE;
		state = psh_head_check(block, PSH_MAGIC_BUFFER, NULL, i, &head);
		if (state != PSH_HEAD_BLANK && found == PSH_FOUND_BLANK)
			found = PSH_FOUND_FOREIGN;
		if (state != PSH_HEAD_GOOD ||
		    psh_buflog_super_decode(block, &head, blocks, &super,
					    error) ||
		    super.epoch < newest)
			continue;
		found = PSH_FOUND_IDENTITY;
		newest = super.epoch;
		memset(identity, 0, sizeof(*identity));
		memcpy(identity->uuid, super.uuid, PSH_UUID_SIZE);
		memcpy(identity->member_uuid, super.member_uuid,
		       PSH_UUID_SIZE);
		identity->epoch = super.epoch;
		identity->role = PSH_ROLE_BUFFER;
		identity->offset_sectors = offset;
	}
	return found;
}

/* What the metadata says of the buffers. */
static void take_super(struct psh_buffer *buffer,
		       const struct psh_super *super)
{
	struct psh_buflog *log = &buffer->log;
	unsigned int i;

	log->ops = &log_ops;
	log->owner = buffer;
	log->given = 0;
	log->settled = 0;
	log->epoch = super->epoch;
	memcpy(log->uuid, super->uuid, sizeof(log->uuid));
	for (i = 0; i < log->super.shape.nr_buffers; i++) {
		const struct psh_super_member *member =
			&super->member[buffer->number[i]];

		log->settled = max(log->settled, member->epoch);
		if (buffer->bdev[i] && !(member->flags & PSH_MEMBER_LOST))
			log->given |= BIT(i);
	}
}

static int shape_new(struct psh_buffer *buffer, u32 nr, u32 copies,
		     char *error)
{
	struct psh_buflog_shape shape = {
		.nr_buffers = nr,
		.copies = copies,
		.stripe_blocks = PSH_BUFFER_STRIPE_BLOCKS,
	};
	u64 blocks = U64_MAX, most;
	unsigned int i;
	int r;

	for (i = 0; i < nr; i++)
		if (buffer->bdev[i])
			blocks = min(blocks, log_blocks(buffer, i));
	r = psh_buflog_shape(&shape, blocks, error);
	if (r)
		return r;
	/* What the index can name. */
	most = div64_u64(PSH_EXTENT_DATA_PLACES,
			 (u64)nr * shape.stripe_blocks * PSH_BLOCK_SECTORS);
	shape.rows = min(shape.rows, most);
	if (psh_buflog_ring(&shape) < LEAST_PLACES) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "the log has room for %llu stripes of %u blocks, expected %u or more",
			  psh_buflog_ring(&shape), shape.stripe_blocks,
			  LEAST_PLACES);
		return -ENOSPC;
	}
	psh_buflog_format(&buffer->log, &shape);
	return 0;
}

int psh_replay_find(struct psh_buffer *buffer, const struct psh_super *super,
		    char *error)
{
	struct psh_buflog *log = &buffer->log;
	u32 nr = log->super.shape.nr_buffers;
	u32 copies = log->super.shape.copies;
	int r;

	take_super(buffer, super);
	if (!log->settled)
		return shape_new(buffer, nr, copies, error);
	r = psh_buflog_find(log);
	if (!r && psh_buflog_ring(&log->super.shape) >
	    div64_u64(PSH_EXTENT_DATA_PLACES, log->super.shape.stripe_blocks *
		      PSH_BLOCK_SECTORS)) {
		strscpy(error, "the buffer log is longer than this module can use",
			PSH_ERROR_SIZE);
		return -EINVAL;
	}
	if (!r && log->super.shape.nr_buffers == nr &&
	    log->super.shape.copies == copies)
		return 0;
	if (r == -ENODATA) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "all buffers are lost, missing or blank (%#x of %u are there): what was not merged would be lost (predshard repair --abandon-log gives it up)",
			  log->given, nr);
		return -ENODEV;
	}
	if (r)
		scnprintf(error, PSH_ERROR_SIZE, "%.180s", log->error);
	else
		scnprintf(error, PSH_ERROR_SIZE,
			  "the buffer log is on %u buffers, %u copies of each stripe, expected %u and %u as the table and the metadata say",
			  log->super.shape.nr_buffers, log->super.shape.copies,
			  nr, copies);
	return r ? r : -EINVAL;
}

/* --- using it ------------------------------------------------------------------ */

int psh_replay_read(struct psh_buffer *buffer, char *error)
{
	struct psh_buflog *log = &buffer->log;
	int r;

	if (!log->settled)
		return 0;
	ahead_begin(buffer);
	r = psh_buflog_replay(log);
	ahead_end(buffer);
	if (r)
		scnprintf(error, PSH_ERROR_SIZE, "%.180s", log->error);
	return r;
}

int psh_replay_begin(struct psh_buffer *buffer, u64 epoch, char *error)
{
	struct psh_buflog *log = &buffer->log;
	u32 here = 0;
	unsigned int i;
	int r;

	for (i = 0; i < log->super.shape.nr_buffers; i++)
		if (buffer->bdev[i])
			here |= BIT(i);
	ahead_begin(buffer);
	r = psh_buflog_begin(log, epoch, here);
	ahead_end(buffer);
	if (r) {
		scnprintf(error, PSH_ERROR_SIZE, "%.180s", log->error);
		return r;
	}
	buffer->here = here;
	buffer->live = here;
	buffer->chain = log->chain;
	buffer->encoded = log->end;
	buffer->last_used = log->end;
	psh_tail_begin(&buffer->tail, log->tail, log->end);
	return 0;
}

int psh_replay_close(struct psh_buffer *buffer)
{
	return psh_buflog_close(&buffer->log, buffer->tail.released,
				buffer->tail.next - 1, buffer->live);
}
