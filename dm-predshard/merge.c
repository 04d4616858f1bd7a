// SPDX-License-Identifier: GPL-2.0
/*
 * merge: see merge.h. A worker of plain sequential code that waits for members.
 *
 * A write that was on the fast path when the segment's first record was staged
 * held no range, and might reach the home after what is merged: all such are
 * drained before a segment is begun, and only merge says that a segment has left
 * the buffer, so none comes later unnoticed.
 *
 * It never waits for a cycle that waits for it (buffer->starved).
 */
#include <linux/highmem.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat.h"
#include "fanout.h"
#include "merge.h"

#define CHUNK_SECTORS	(PSH_MERGE_SECTORS / PSH_MERGE_CHUNKS)
#define CHUNK_BYTES	(CHUNK_SECTORS << SECTOR_SHIFT)
#define CHUNK_ORDER	get_order(CHUNK_BYTES)
#define BATCH		64	/* segments for one drain */
#define SERVICE_NS	1000000	/* of a home that is not known yet */
#define HOME_BPS	(200ULL << 20)

/* A piece of a run that is read from the log. */
struct log_read {
	struct psh_fetch fetch;
	struct psh_merge *merge;
	u32 at;
};

struct hold {
	struct psh_range range;
	struct completion granted;
};

static void granted(struct psh_range *range)
{
	complete(&container_of(range, struct hold, range)->granted);
}

/* The log is broken, and what it holds is to come home. */
static bool is_rescue(const struct psh_merge *merge)
{
	return psh_buffer_state(merge->buffer) == PSH_LOG_BROKEN;
}

static bool must_run(const struct psh_merge *merge)
{
	return READ_ONCE(merge->buffer->starved) || is_rescue(merge);
}

/* --- memory of a run ---------------------------------------------------------- */

/* Each part of @sectors from @at of the run's memory, as it lies there. */
static u8 *part_at(struct psh_merge *merge, u32 at, u32 sectors, u32 *part)
{
	u32 within = at % CHUNK_SECTORS;

	*part = min(sectors, CHUNK_SECTORS - within);
	return merge->chunk[at / CHUNK_SECTORS] + (within << SECTOR_SHIFT);
}

static void copy_to(struct psh_merge *merge, u32 at, u32 sectors,
		    const u8 *from)
{
	while (sectors) {
		u32 part;
		u8 *to = part_at(merge, at, sectors, &part);

		if (from)
			memcpy(to, from, part << SECTOR_SHIFT);
		else
			memset(to, 0, part << SECTOR_SHIFT);
		from = from ? from + (part << SECTOR_SHIFT) : NULL;
		at += part;
		sectors -= part;
	}
}

static void add_parts(struct psh_merge *merge, struct bio *bio, u32 at,
		      u32 sectors)
{
	while (sectors) {
		u32 part;
		u8 *data = part_at(merge, at, sectors, &part);

		__bio_add_page(bio, virt_to_page(data), part << SECTOR_SHIFT,
			       offset_in_page(data));
		at += part;
		sectors -= part;
	}
}

/* --- reading -------------------------------------------------------------------- */

static void put_read(struct psh_merge *merge)
{
	if (atomic_dec_and_test(&merge->pending))
		complete(&merge->read_done);
}

static void log_read_done(struct psh_fetch *fetch, const u8 *data, int error)
{
	struct log_read *read = container_of(fetch, struct log_read, fetch);
	struct psh_merge *merge = read->merge;

	if (data)
		copy_to(merge, read->at, fetch->piece.sectors, data);
	else
		WRITE_ONCE(merge->failed, error);
	psh_buffer_put(merge->buffer, PSH_SOURCE_LOG, fetch->piece.slot);
	mempool_free(read, merge->fetches);
	put_read(merge);
}

static void read_log(struct psh_merge *merge, u32 at, u64 sector,
		     const struct psh_buffer_piece *piece)
{
	struct log_read *read = mempool_alloc(merge->fetches, GFP_NOIO);

	read->merge = merge;
	read->at = at;
	read->fetch.fetcher = merge->fetcher;
	read->fetch.piece = *piece;
	read->fetch.sector = sector;
	read->fetch.done = log_read_done;
	atomic_inc(&merge->pending);
	psh_fetch(&read->fetch);
}

/* Lay what is durable in the log, up to a stripe, over what the home has. */
static int gather(struct psh_merge *merge, u64 segment, u32 start, u32 sectors,
		  u64 durable)
{
	u64 begin = segment << merge->buffer->route->shift;
	u32 at = start, end = start + sectors;

	atomic_set(&merge->pending, 1);
	merge->failed = 0;
	reinit_completion(&merge->read_done);
	while (at < end) {
		struct psh_buffer_piece piece;

		psh_buffer_look(merge->buffer, segment, at, end - at, &piece);
		if (piece.source == PSH_SOURCE_LOG &&
		    piece.sequence <= durable) {
			read_log(merge, at - start, begin + at, &piece);
		} else {
			if (piece.source != PSH_SOURCE_HOME &&
			    piece.sequence <= durable)
				copy_to(merge, at - start, piece.sectors,
					piece.memory);
			psh_buffer_put(merge->buffer, piece.source, piece.slot);
		}
		at += piece.sectors;
	}
	put_read(merge);
	wait_for_completion(&merge->read_done);
	return READ_ONCE(merge->failed);
}

/* From whoever holds the segment. */
static int read_home(struct psh_merge *merge, u64 segment, u64 sector,
		     u32 sectors)
{
	struct psh_members *members = merge->buffer->members;
	u64 word = psh_route_word(merge->buffer->route, segment);
	u32 rest = psh_word_valid(word) & READ_ONCE(members->usable);
	unsigned int number = psh_word_home(word);
	struct bio_vec vec[PSH_MERGE_CHUNKS];
	int r = -EIO;

	while (rest && r) {
		struct psh_path *path;
		struct bio bio;

		if (!(rest & BIT(number)))
			number = __ffs(rest);
		rest &= ~BIT(number);
		path = &members->path[number];
		bio_init(&bio, path->bdev, vec, PSH_MERGE_CHUNKS, REQ_OP_READ);
		add_parts(merge, &bio, 0, sectors);
		bio.bi_iter.bi_sector = path->offset + sector;
		this_cpu_inc(path->meter->begun[READ]);
		this_cpu_add(path->meter->sectors[READ], sectors);
		r = submit_bio_wait(&bio);
		this_cpu_inc(path->meter->done[READ]);
		bio_uninit(&bio);
	}
	return r;
}

/* --- a run ------------------------------------------------------------------------ */

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

/* The last stripe that may go home: any, if the log is of no use otherwise. */
static u64 last_durable(const struct psh_buffer *buffer)
{
	return buffer->broken ? U64_MAX : buffer->tail.durable;
}

static bool is_durable(struct psh_buffer *buffer,
		       const struct psh_extent *extent, u64 durable)
{
	return psh_extent_is_buffered(extent->kind) &&
	       psh_tail_sequence(&buffer->tail,
				 psh_extent_place(buffer, extent)) <= durable;
}

/*
 * What is not durable yet is as a gap: the home keeps what it has. False if
 * there is nothing to bring home.
 */
static bool look_at_run(struct psh_merge *merge, u64 segment, u32 start,
			u32 sectors, struct content *content, u64 *durable)
{
	struct psh_buffer *buffer = merge->buffer;
	u32 at = start, end = start + sectors;

	memset(content, 0, sizeof(*content));
	spin_lock_irq(&buffer->lock);
	*durable = last_durable(buffer);
	while (at < end) {
		struct psh_extent piece;

		note_piece(content, psh_extent_lookup(&buffer->pool,
						      buffer->roots[segment],
						      at, end - at, &piece) &&
			   is_durable(buffer, &piece, *durable), piece.kind);
		at += piece.sectors;
	}
	spin_unlock_irq(&buffer->lock);
	return content->data || content->zeroes || content->discards;
}

/* The home has it now; the range is still held. */
static void note_home(struct psh_merge *merge, u64 segment, u32 start,
		      u32 sectors, u64 durable)
{
	struct psh_buffer *buffer = merge->buffer;
	u32 at = start, end = start + sectors;

	spin_lock_irq(&buffer->lock);
	while (at < end) {
		struct psh_extent piece;

		if (psh_extent_lookup(&buffer->pool, buffer->roots[segment],
				      at, end - at, &piece) &&
		    is_durable(buffer, &piece, durable)) {
			piece.place = psh_extent_place(buffer, &piece);
			piece.kind = PSH_EXTENT_HOME;
			/* Without nodes it is merged once more. */
			if (!psh_buffer_insert(buffer, segment, &piece))
				break;
			buffer->merged_sectors += piece.sectors;
		}
		at += piece.sectors;
	}
	spin_unlock_irq(&buffer->lock);
}

/* To home and copies. */
static int send_home(struct psh_merge *merge, struct psh_fan *fan,
		     struct bio *bio, u64 sector)
{
	int r;

	bio->bi_iter.bi_sector = sector;
	r = psh_fanout_write_own(fan, bio);
	bio_uninit(bio);
	return r;
}

static struct block_device *primary(const struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;

	return buffer->members->path[buffer->route->primary].bdev;
}

static int write_home(struct psh_merge *merge, struct psh_fan *fan, u64 sector,
		      u32 sectors)
{
	struct bio_vec vec[PSH_MERGE_CHUNKS];
	struct bio bio;

	bio_init(&bio, primary(merge), vec, PSH_MERGE_CHUNKS, REQ_OP_WRITE);
	add_parts(merge, &bio, 0, sectors);
	return send_home(merge, fan, &bio, sector);
}

/*
 * What was discarded reads as zeroes from the log, and must read so afterwards
 * too; it may be unmapped, what was zeroed may only if the user said so.
 */
static int zero_home(struct psh_merge *merge, struct psh_fan *fan, u64 sector,
		     u32 sectors, bool unmap)
{
	struct bio bio;
	int r;

	bio_init(&bio, primary(merge), NULL, 0, REQ_OP_WRITE_ZEROES |
		 (unmap ? 0 : REQ_NOUNMAP));
	bio.bi_iter.bi_size = sectors << SECTOR_SHIFT;
	r = send_home(merge, fan, &bio, sector);
	/* Then as data, the next time. */
	if (r == -EOPNOTSUPP)
		merge->zeroes_refused = true;
	return r;
}

/* The fan before the range: who holds a range waits for no memory of fans. */
static int merge_run(struct psh_merge *merge, u64 segment, u32 start,
		     u32 sectors)
{
	struct psh_buffer *buffer = merge->buffer;
	u64 sector = (segment << buffer->route->shift) + start;
	struct psh_fan *fan = psh_fanout_take(buffer->fanout);
	struct hold hold = {
		.range.start = sector,
		.range.end = sector + sectors,
		.range.writes = true,
		.range.granted = granted,
	};
	struct content content;
	u64 durable;
	bool zeroes;
	int r = 0;

	init_completion(&hold.granted);
	if (!psh_range_hold(buffer->ranges, &hold.range, true))
		wait_for_completion(&hold.granted);
	if (!look_at_run(merge, segment, start, sectors, &content, &durable))
		r = -ENODATA;
	zeroes = !content.gaps && !content.data && !merge->zeroes_refused;
	if (!r && content.gaps)
		r = read_home(merge, segment, sector, sectors);
	if (!r && !zeroes)
		r = gather(merge, segment, start, sectors, durable);
	if (!r) {
		r = zeroes ? zero_home(merge, fan, sector, sectors,
				       !content.zeroes) :
			     write_home(merge, fan, sector, sectors);
		fan = NULL;
	}
	if (!r)
		note_home(merge, segment, start, sectors, durable);
	psh_range_release(buffer->ranges, &hold.range);
	if (fan)
		psh_fanout_put(fan);
	return r;
}

static void wait_turn(struct psh_merge *merge, u32 sectors)
{
	struct psh_buffer *buffer = merge->buffer;
	u64 wait_ns;

	spin_lock_irq(&merge->lock);
	wait_ns = psh_pace_take(&merge->pace, (u64)sectors << SECTOR_SHIFT,
				psh_meter_now());
	spin_unlock_irq(&merge->lock);
	if (wait_ns && !must_run(merge) &&
	    psh_buffer_used_percent(buffer) < PSH_MERGE_URGENT)
		wait_event_timeout(buffer->wait, READ_ONCE(merge->stop) ||
				   must_run(merge),
				   nsecs_to_jiffies(wait_ns) + 1);
}

/* --- a segment ---------------------------------------------------------------------- */

/* What is durable in the log, from @at on; where to go on is left there. */
static u32 find_ranges(struct psh_merge *merge, u64 segment, u32 *at)
{
	struct psh_buffer *buffer = merge->buffer;
	struct psh_merge_range *range = merge->range;
	struct psh_extent extent;
	u32 nr = 0;

	spin_lock_irq(&buffer->lock);
	while (psh_extent_find(&buffer->pool, buffer->roots[segment], *at,
			       &extent)) {
		u32 end = extent.start + extent.sectors;
		bool touches = nr && range[nr - 1].start +
			       range[nr - 1].sectors == extent.start;

		if (nr == PSH_MERGE_RANGES && !touches)
			goto unlock;
		*at = end;
		if (!is_durable(buffer, &extent, last_durable(buffer)))
			continue;
		if (touches) {
			range[nr - 1].sectors += extent.sectors;
			continue;
		}
		range[nr].start = extent.start;
		range[nr].read_first = false;
		range[nr++].sectors = extent.sectors;
	}
	*at = U32_MAX;
unlock:
	spin_unlock_irq(&buffer->lock);
	return nr;
}

static void home_cost(struct psh_merge *merge, u64 segment,
		      struct psh_merge_cost *cost)
{
	struct psh_buffer *buffer = merge->buffer;
	unsigned int home = psh_word_home(psh_route_word(buffer->route,
							 segment));
	u64 ns = psh_latency_expect(&buffer->members->member[home].latency, 1);

	cost->read = psh_merge_service(ns ? ns : SERVICE_NS);
	cost->write = cost->read;
	cost->read_sector = psh_merge_sector(HOME_BPS);
	cost->write_sector = cost->read_sector;
}

/* Something in a run cannot be read: what can be read goes home without it. */
static u64 merge_apart(struct psh_merge *merge, u64 segment, u32 start, u32 end)
{
	struct psh_buffer *buffer = merge->buffer;
	struct psh_extent extent;
	u64 merged = 0;
	bool found;

	while (start < end && !READ_ONCE(merge->stop)) {
		u32 first, sectors;

		spin_lock_irq(&buffer->lock);
		found = psh_extent_find(&buffer->pool, buffer->roots[segment],
					start, &extent);
		spin_unlock_irq(&buffer->lock);
		if (!found || extent.start >= end)
			break;
		first = max(start, extent.start);
		sectors = min(end, extent.start + extent.sectors) - first;
		if (psh_extent_is_buffered(extent.kind) &&
		    !merge_run(merge, segment, first, sectors))
			merged += sectors;
		start = first + sectors;
	}
	return merged;
}

/* Part of a run. Returns sectors that were brought home, with their gaps. */
static u64 merge_part(struct psh_merge *merge, u64 segment, u32 start,
		      u32 sectors)
{
	int r = merge_run(merge, segment, start, sectors);

	if (r == -EIO || r == -EILSEQ)
		return merge_apart(merge, segment, start, start + sectors);
	return r ? 0 : sectors;
}

/* Returns sectors that were brought home, with their gaps. */
static u64 merge_segment(struct psh_merge *merge, u64 segment)
{
	struct psh_merge_cost cost;
	u64 merged = 0;
	u32 at = 0;

	home_cost(merge, segment, &cost);
	while (at != U32_MAX) {
		u32 nr = find_ranges(merge, segment, &at), i, done;

		if (nr)
			nr = psh_merge_plan(&cost, PSH_MERGE_SECTORS,
					    merge->range, nr, merge->step,
					    NULL);
		for (i = 0; i < nr; i++)
			for (done = 0; done < merge->range[i].sectors;) {
				u32 part = min(merge->range[i].sectors - done,
					       PSH_MERGE_SECTORS);

				wait_turn(merge, part);
				if (READ_ONCE(merge->stop))
					return merged;
				merged += merge_part(merge, segment,
						     merge->range[i].start +
						     done, part);
				done += part;
				cond_resched();
			}
	}
	return merged;
}

/* --- the worker ------------------------------------------------------------------------ */

static void cycle_end(struct bio *bio)
{
	struct psh_merge *merge = container_of(bio, struct psh_merge, cycle);
	struct psh_buffer *buffer = merge->buffer;

	smp_store_release(&merge->cycling, false); /* pairs with run_cycle() */
	wake_up_all(&buffer->wait);
}

static void run_cycle(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;

	/* pairs with cycle_end() */
	if (!smp_load_acquire(&merge->cycling)) {
		bio_init(&merge->cycle,
			 buffer->members->path[buffer->number[0]].bdev, NULL, 0,
			 REQ_OP_WRITE | REQ_PREFLUSH);
		merge->cycle.bi_end_io = cycle_end;
		merge->cycling = true;
		psh_buffer_await_own(buffer, &merge->cycle);
	}
	/* pairs with cycle_end() */
	wait_event(buffer->wait, !smp_load_acquire(&merge->cycling) ||
		   must_run(merge));
}

/* A segment that the log knows nothing of is as any other again. */
static bool let_go(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;
	bool left = false;
	u64 segment;

	for (segment = 0; segment < buffer->nr_roots; segment++) {
		if (!(segment % 4096))
			cond_resched();
		if (!(psh_route_word(buffer->route, segment) &
		      PSH_WORD_BUFFERED))
			continue;
		spin_lock_irq(&buffer->lock);
		if (buffer->roots[segment])
			left = true;
		else
			psh_route_flag(buffer->route, segment, 0,
				       PSH_WORD_BUFFERED);
		spin_unlock_irq(&buffer->lock);
	}
	return left;
}

/* The next segments that the log knows something of. */
static unsigned int find_batch(struct psh_merge *merge, u64 *batch)
{
	struct psh_buffer *buffer = merge->buffer;
	unsigned long asked;
	unsigned int nr = 0;
	u64 looked;

	for (looked = 0; nr < BATCH && looked < buffer->nr_roots; looked++) {
		/* Once round after an order is all that was there then. */
		asked = READ_ONCE(merge->asked);
		if (asked)
			cmpxchg(&merge->asked, asked, asked - 1);
		if (merge->cursor >= buffer->nr_roots)
			merge->cursor = 0;
		if (READ_ONCE(buffer->roots[merge->cursor]))
			batch[nr++] = merge->cursor;
		merge->cursor++;
		if (!(looked % 4096))
			cond_resched();
	}
	return nr;
}

static bool is_wanted(struct psh_merge *merge)
{
	unsigned int used = psh_buffer_used_percent(merge->buffer);

	if (used >= READ_ONCE(merge->high_percent))
		merge->filling = true;
	else if (used <= READ_ONCE(merge->low_percent))
		merge->filling = false;
	if (must_run(merge))
		return true;
	if (READ_ONCE(merge->paused) ||
	    psh_buffer_state(merge->buffer) != PSH_LOG_OK)
		return false;
	return merge->filling ||
	       ((READ_ONCE(merge->drain) || READ_ONCE(merge->asked)) &&
		psh_buffer_is_in_use(merge->buffer));
}

/*
 * All of it, also what is in memory only. Writes that are being staged are in
 * the index when they have been drained, and none comes after them.
 */
static bool rescue(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;
	bool done = false;
	u64 segment;

	if (psh_flight_drain(merge->flight, WRITE, &merge->stop))
		return false;
	for (segment = 0; segment < buffer->nr_roots; segment++) {
		if (READ_ONCE(merge->stop))
			return false;
		if (READ_ONCE(buffer->roots[segment]))
			merge_segment(merge, segment);
		if (!(segment % 4096))
			cond_resched();
	}
	/* At home, durably, before the metadata says that the log is void. */
	if (!READ_ONCE(buffer->buffered_sectors))
		done = !psh_fanout_flush_own(buffer->fanout) &&
		       !buffer->make_void(buffer->owner);
	if (done)
		WRITE_ONCE(buffer->rescued, true);
	else
		WRITE_ONCE(buffer->stranded, true);
	wake_up_all(&buffer->wait);
	buffer->trouble(buffer->owner);
	return false;
}

/* True if something came of it. */
static bool pass(struct psh_merge *merge)
{
	u64 released = READ_ONCE(merge->buffer->tail.released);
	u64 batch[BATCH], merged = 0;
	unsigned int nr, i;

	run_cycle(merge);
	nr = find_batch(merge, batch);
	if (psh_flight_drain(merge->flight, WRITE, &merge->stop))
		return false;
	for (i = 0; i < nr && !READ_ONCE(merge->stop); i++)
		merged += merge_segment(merge, batch[i]);
	if (merged)
		run_cycle(merge);
	if (!let_go(merge))
		WRITE_ONCE(merge->asked, 0);
	return merged || released != READ_ONCE(merge->buffer->tail.released);
}

static void run(struct work_struct *work)
{
	struct psh_merge *merge = container_of(work, struct psh_merge, work);

	while (!READ_ONCE(merge->stop) && is_wanted(merge) &&
	       (is_rescue(merge) ? rescue(merge) : pass(merge)))
		cond_resched();
	/* Nothing came of it: not at once again. */
	WRITE_ONCE(merge->again_at, jiffies + HZ / 2);
}

/* May there be something to do? The worker looks more closely. */
static bool may_run(const struct psh_merge *merge)
{
	if (must_run(merge))
		return true;
	if (time_before(jiffies, READ_ONCE(merge->again_at)))
		return false;
	return psh_buffer_used_percent(merge->buffer) >
	       READ_ONCE(merge->low_percent) ||
	       ((merge->drain || merge->asked) &&
		psh_buffer_is_in_use(merge->buffer));
}

void psh_merge_tick(struct psh_merge *merge, bool busy)
{
	bool comes = busy && !merge->busy;

	merge->busy = busy;
	spin_lock_irq(&merge->lock);
	if (comes)
		merge->pace.rate_Bps = merge->floor_Bps;
	psh_pace_adapt(&merge->pace, busy, merge->floor_Bps, 0);
	spin_unlock_irq(&merge->lock);
	if (!READ_ONCE(merge->stop) && may_run(merge))
		queue_work(merge->queue, &merge->work);
}

void psh_merge_order(struct psh_merge *merge, bool ask, bool pause)
{
	WRITE_ONCE(merge->asked, ask ? merge->buffer->nr_roots : 0);
	WRITE_ONCE(merge->paused, pause);
	WRITE_ONCE(merge->again_at, jiffies);
	psh_merge_tick(merge, merge->busy);
}

void psh_merge_start(struct psh_merge *merge)
{
	WRITE_ONCE(merge->stop, false);
	WRITE_ONCE(merge->buffer->rescuer, true);
}

void psh_merge_stop(struct psh_merge *merge)
{
	WRITE_ONCE(merge->stop, true);
	WRITE_ONCE(merge->buffer->rescuer, false);
	wake_up_all(&merge->buffer->wait);
	cancel_work_sync(&merge->work);
	/* pairs with cycle_end() */
	wait_event(merge->buffer->wait, !smp_load_acquire(&merge->cycling));
}

struct psh_merge *psh_merge_create(struct psh_buffer *buffer,
				   struct psh_fetcher *fetcher,
				   struct psh_flight *flight)
{
	struct psh_merge *merge = kvzalloc(sizeof(*merge), GFP_KERNEL);
	unsigned int i;

	if (!merge)
		return NULL;
	merge->buffer = buffer;
	merge->fetcher = fetcher;
	merge->flight = flight;
	merge->stop = true;
	merge->floor_Bps = PSH_MERGE_FLOOR_BPS;
	merge->high_percent = PSH_MERGE_HIGH;
	merge->low_percent = PSH_MERGE_LOW;
	merge->pace.rate_Bps = PSH_PACE_UNLIMITED;
	merge->again_at = jiffies;
	spin_lock_init(&merge->lock);
	init_completion(&merge->read_done);
	INIT_WORK(&merge->work, run);
	for (i = 0; i < PSH_MERGE_CHUNKS; i++) {
		merge->chunk[i] = (u8 *)__get_free_pages(GFP_KERNEL,
							 CHUNK_ORDER);
		if (!merge->chunk[i])
			goto free;
	}
	merge->queue = alloc_workqueue("predshard-merge", WQ_UNBOUND |
				       WQ_MEM_RECLAIM, 1);
	merge->fetches = mempool_create_kmalloc_pool(PSH_FETCHES,
						     sizeof(struct log_read));
	if (merge->queue && merge->fetches)
		return merge;
free:
	psh_merge_free(merge);
	return NULL;
}

void psh_merge_free(struct psh_merge *merge)
{
	unsigned int i;

	if (!merge)
		return;
	if (merge->queue)
		destroy_workqueue(merge->queue);
	mempool_destroy(merge->fetches);
	for (i = 0; i < PSH_MERGE_CHUNKS; i++)
		free_pages((unsigned long)merge->chunk[i], CHUNK_ORDER);
	kvfree(merge);
}
