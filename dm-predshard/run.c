// SPDX-License-Identifier: GPL-2.0
/*
 * run: see run.h. Plain sequential code that waits for members.
 *
 * Buffered writes go on meanwhile. They lie in stripes behind the last one that
 * was durable when the index was looked at first, so all that is compared with
 * that number is what was there then: newer sectors are left out of what is
 * gathered, and keep their place in the index.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat.h"
#include "fanout.h"
#include "run.h"

#define CHUNK_SECTORS	(PSH_RUN_SECTORS / PSH_RUN_CHUNKS)
#define CHUNK_BYTES	(CHUNK_SECTORS << SECTOR_SHIFT)
#define CHUNK_ORDER	get_order(CHUNK_BYTES)

/* A piece that is read from the log. */
struct log_read {
	struct psh_fetch fetch;
	struct psh_run *run;
	u32 at;
};

/* --- its memory --------------------------------------------------------------- */

/* Each part of @sectors from @at of the run's memory, as it lies there. */
static u8 *part_at(struct psh_run *run, u32 at, u32 sectors, u32 *part)
{
	u32 within = at % CHUNK_SECTORS;

	*part = min(sectors, CHUNK_SECTORS - within);
	return run->chunk[at / CHUNK_SECTORS] + (within << SECTOR_SHIFT);
}

static void copy_to(struct psh_run *run, u32 at, u32 sectors,
		    const u8 *from)
{
	while (sectors) {
		u32 part;
		u8 *to = part_at(run, at, sectors, &part);

		if (from)
			memcpy(to, from, part << SECTOR_SHIFT);
		else
			memset(to, 0, part << SECTOR_SHIFT);
		from = from ? from + (part << SECTOR_SHIFT) : NULL;
		at += part;
		sectors -= part;
	}
}

static void add_parts(struct psh_run *run, struct bio *bio, u32 at,
		      u32 sectors)
{
	while (sectors) {
		u32 part;
		u8 *data = part_at(run, at, sectors, &part);

		__bio_add_page(bio, virt_to_page(data), part << SECTOR_SHIFT,
			       offset_in_page(data));
		at += part;
		sectors -= part;
	}
}

/* --- reading -------------------------------------------------------------------- */

static void put_read(struct psh_run *run)
{
	if (atomic_dec_and_test(&run->pending))
		complete(&run->read_done);
}

static void log_read_done(struct psh_fetch *fetch, const u8 *data, int error)
{
	struct log_read *read = container_of(fetch, struct log_read, fetch);
	struct psh_run *run = read->run;

	if (data)
		copy_to(run, read->at, fetch->piece.sectors, data);
	else
		WRITE_ONCE(run->failed, error);
	psh_buffer_put(run->buffer, PSH_SOURCE_LOG, fetch->piece.slot);
	mempool_free(read, run->reads);
	put_read(run);
}

static void read_log(struct psh_run *run, u32 at, u64 sector,
		     const struct psh_buffer_piece *piece)
{
	struct log_read *read = mempool_alloc(run->reads, GFP_NOIO);

	read->run = run;
	read->at = at;
	read->fetch.fetcher = run->fetcher;
	read->fetch.piece = *piece;
	read->fetch.sector = sector;
	read->fetch.whole = false;
	read->fetch.done = log_read_done;
	atomic_inc(&run->pending);
	psh_fetch(&read->fetch);
}

/*
 * Lay what is durable in the log, up to a stripe, over what the home has. -EAGAIN
 * if something newer came there and the home was not read.
 */
static int gather(struct psh_run *run, u32 start, u32 sectors, u64 last,
		  bool gaps)
{
	u64 begin = run->segment << run->buffer->route->shift;
	u32 at = start, end = start + sectors;

	atomic_set(&run->pending, 1);
	run->failed = 0;
	reinit_completion(&run->read_done);
	while (at < end) {
		struct psh_buffer_piece piece;
		bool newer;

		psh_buffer_look(run->buffer, run->segment, at, end - at,
				&piece);
		newer = piece.source == PSH_SOURCE_HOME ||
			piece.sequence > last;
		if (newer && !gaps)
			WRITE_ONCE(run->failed, -EAGAIN);
		if (piece.source == PSH_SOURCE_LOG && !newer) {
			read_log(run, at - start, begin + at, &piece);
		} else {
			if (!newer)
				copy_to(run, at - start, piece.sectors,
					piece.memory);
			psh_buffer_put(run->buffer, piece.source, piece.slot);
		}
		at += piece.sectors;
	}
	put_read(run);
	wait_for_completion(&run->read_done);
	return READ_ONCE(run->failed);
}

/* From whoever holds the segment. */
static int read_home(struct psh_run *run, u64 sector, u32 sectors)
{
	struct psh_members *members = run->buffer->members;
	u64 word = psh_route_word(run->buffer->route, run->segment);
	u32 rest = psh_word_valid(word) & READ_ONCE(members->usable);
	unsigned int number = psh_word_home(word);
	struct bio_vec vec[PSH_RUN_CHUNKS];
	int r = -EIO;

	while (rest && r) {
		struct psh_path *path;
		struct bio bio;

		if (!(rest & BIT(number)))
			number = __ffs(rest);
		rest &= ~BIT(number);
		path = &members->path[number];
		bio_init(&bio, path->bdev, vec, PSH_RUN_CHUNKS, REQ_OP_READ);
		add_parts(run, &bio, 0, sectors);
		bio.bi_iter.bi_sector = path->offset + sector;
		this_cpu_inc(path->meter->begun[READ]);
		this_cpu_add(path->meter->sectors[READ], sectors);
		r = submit_bio_wait(&bio);
		this_cpu_inc(path->meter->done[READ]);
		bio_uninit(&bio);
	}
	return r;
}

/* --- the way home -------------------------------------------------------------- */

/* What a run is made of. */
struct content {
	bool gaps;
	bool data;
	bool zeroes;
	bool discards;
};

static void note_piece(struct content *content, bool buffered, u32 kind)
{
	content->gaps |= !buffered;
	content->data |= buffered && kind == PSH_EXTENT_DATA;
	content->zeroes |= buffered && kind == PSH_EXTENT_ZEROES;
	content->discards |= buffered && kind == PSH_EXTENT_DISCARD;
}

u64 psh_run_last(const struct psh_buffer *buffer)
{
	lockdep_assert_held(&buffer->lock);
	return buffer->rescuing ? U64_MAX : buffer->tail.durable;
}

bool psh_run_takes(struct psh_buffer *buffer, const struct psh_extent *extent,
		   u64 last)
{
	lockdep_assert_held(&buffer->lock);
	return psh_extent_is_buffered(extent->kind) &&
	       psh_tail_sequence(&buffer->tail,
				 psh_extent_place(buffer, extent)) <= last;
}

/*
 * What is not durable yet is as a gap: the home keeps what it has. False if
 * there is nothing to bring home.
 */
static bool look(struct psh_run *run, u32 start, u32 sectors,
		 struct content *content, u64 *last)
{
	struct psh_buffer *buffer = run->buffer;
	u32 at = start, end = start + sectors;

	memset(content, 0, sizeof(*content));
	spin_lock_irq(&buffer->lock);
	*last = psh_run_last(buffer);
	while (at < end) {
		struct psh_extent piece;

		note_piece(content, psh_extent_lookup(&buffer->pool,
						      buffer->roots[run->segment],
						      at, end - at, &piece) &&
			   psh_run_takes(buffer, &piece, *last), piece.kind);
		at += piece.sectors;
	}
	spin_unlock_irq(&buffer->lock);
	return content->data || content->zeroes || content->discards;
}

/* The home has it now; the range is still held. */
static void note_home(struct psh_run *run, u32 start, u32 sectors, u64 last)
{
	struct psh_buffer *buffer = run->buffer;
	u32 at = start, end = start + sectors;

	spin_lock_irq(&buffer->lock);
	while (at < end) {
		struct psh_extent piece;

		if (psh_extent_lookup(&buffer->pool,
				      buffer->roots[run->segment], at,
				      end - at, &piece) &&
		    psh_run_takes(buffer, &piece, last)) {
			piece.place = psh_extent_place(buffer, &piece);
			piece.kind = PSH_EXTENT_HOME;
			/* Without nodes it is merged once more. */
			if (!psh_buffer_insert(buffer, run->segment, &piece))
				break;
			buffer->merged_sectors += piece.sectors;
		}
		at += piece.sectors;
	}
	spin_unlock_irq(&buffer->lock);
}

/* To home and copies. */
static int send_home(struct psh_run *run, struct psh_fan *fan,
		     struct bio *bio, u64 sector)
{
	int r;

	bio->bi_iter.bi_sector = sector;
	r = psh_fanout_write_own(fan, bio);
	bio_uninit(bio);
	return r;
}

static struct block_device *primary(const struct psh_run *run)
{
	struct psh_buffer *buffer = run->buffer;

	return buffer->members->path[buffer->route->primary].bdev;
}

static int write_home(struct psh_run *run, struct psh_fan *fan, u64 sector,
		      u32 sectors)
{
	struct bio_vec vec[PSH_RUN_CHUNKS];
	u64 begun_ns = psh_meter_now();
	struct bio bio;
	int r;

	bio_init(&bio, primary(run), vec, PSH_RUN_CHUNKS, REQ_OP_WRITE);
	add_parts(run, &bio, 0, sectors);
	r = send_home(run, fan, &bio, sector);
	if (!r) {
		run->request_sectors = sectors;
		run->request_ns = psh_meter_now() - begun_ns;
	}
	return r;
}

/* Who cannot write zeroes would lose the segment for it. */
static bool can_write_zeroes(const struct psh_run *run)
{
	struct psh_members *members = run->buffer->members;
	u32 rest = psh_word_valid(psh_route_word(run->buffer->route,
						 run->segment));

	for (; rest; rest &= rest - 1)
		if (!bdev_write_zeroes_sectors(members->path[__ffs(rest)].bdev))
			return false;
	return true;
}

/*
 * What was discarded reads as zeroes from the log, and must read so afterwards
 * too; it may be unmapped, what was zeroed may only if the user said so.
 */
static int zero_home(struct psh_run *run, struct psh_fan *fan, u64 sector,
		     u32 sectors, bool unmap)
{
	struct bio bio;
	int r;

	bio_init(&bio, primary(run), NULL, 0, REQ_OP_WRITE_ZEROES |
		 (unmap ? 0 : REQ_NOUNMAP));
	bio.bi_iter.bi_size = sectors << SECTOR_SHIFT;
	r = send_home(run, fan, &bio, sector);
	/* Then as data, the next time. */
	if (r == -EOPNOTSUPP)
		run->zeroes_refused = true;
	return r;
}

/* The fan before the range: who holds a range waits for no memory of fans. */
static int carry(struct psh_run *run, u32 start, u32 sectors)
{
	struct psh_buffer *buffer = run->buffer;
	u64 sector = (run->segment << buffer->route->shift) + start;
	struct psh_fan *fan = psh_fanout_take(buffer->fanout);
	struct psh_hold hold = {
		.range.start = sector,
		.range.end = sector + sectors,
		.range.spares = PSH_RANGE_LOG,
		.range.writes = true,
	};
	struct content content;
	bool zeroes;
	u64 last;
	int r;

	psh_range_hold_wait(buffer->ranges, &hold);
	do {
		if (!look(run, start, sectors, &content, &last)) {
			r = -ENODATA;
			break;
		}
		zeroes = !content.gaps && !content.data &&
			 !run->zeroes_refused && can_write_zeroes(run);
		r = content.gaps ? read_home(run, sector, sectors) : 0;
		if (!r && !zeroes)
			r = gather(run, start, sectors, last, content.gaps);
	} while (r == -EAGAIN);
	if (!r) {
		r = zeroes ? zero_home(run, fan, sector, sectors,
				       !content.zeroes) :
			     write_home(run, fan, sector, sectors);
		fan = NULL;
	}
	if (!r)
		note_home(run, start, sectors, last);
	psh_range_release(buffer->ranges, &hold.range);
	if (fan)
		psh_fanout_put(fan);
	return r;
}

/* Something in it cannot be read: what can be read goes home without it. */
static void carry_parts(struct psh_run *run)
{
	u32 start = run->start, end = start + run->sectors;
	struct psh_buffer *buffer = run->buffer;
	struct psh_extent extent;
	bool found;

	while (start < end && !READ_ONCE(*run->stop)) {
		u32 first, sectors;

		spin_lock_irq(&buffer->lock);
		found = psh_extent_find(&buffer->pool,
					buffer->roots[run->segment], start,
					&extent);
		spin_unlock_irq(&buffer->lock);
		if (!found || extent.start >= end)
			return;
		first = max(start, extent.start);
		sectors = min(end, extent.start + extent.sectors) - first;
		if (psh_extent_is_buffered(extent.kind) &&
		    !carry(run, first, sectors))
			run->carried += sectors;
		start = first + sectors;
	}
}

void psh_run_carry(struct psh_run *run)
{
	int r;

	run->request_sectors = 0;
	r = carry(run, run->start, run->sectors);

	run->carried = r ? 0 : run->sectors;
	if (r == -EIO || r == -EILSEQ)
		carry_parts(run);
}

int psh_run_init(struct psh_run *run, struct psh_buffer *buffer,
		 struct psh_fetcher *fetcher, const bool *stop)
{
	unsigned int i;

	run->buffer = buffer;
	run->fetcher = fetcher;
	run->stop = stop;
	init_completion(&run->read_done);
	run->reads = mempool_create_kmalloc_pool(PSH_FETCHES,
						 sizeof(struct log_read));
	if (!run->reads)
		return -ENOMEM;
	for (i = 0; i < PSH_RUN_CHUNKS; i++) {
		run->chunk[i] = (u8 *)__get_free_pages(GFP_KERNEL, CHUNK_ORDER);
		if (!run->chunk[i])
			return -ENOMEM;
	}
	return 0;
}

void psh_run_exit(struct psh_run *run)
{
	unsigned int i;

	mempool_destroy(run->reads);
	for (i = 0; i < PSH_RUN_CHUNKS; i++)
		free_pages((unsigned long)run->chunk[i], CHUNK_ORDER);
}
