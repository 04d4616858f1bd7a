// SPDX-License-Identifier: GPL-2.0
/*
 * clean: see clean.h. A worker of plain sequential code, one stripe after another,
 * each read as a whole.
 *
 * The range of a record is held against all, also against merge: if a record were brought home
 * between the look into the index and the entry of its copy, a write that went home
 * since might not know that it has to leave a record, and the copy would win.
 */
#include <linux/completion.h>
#include <linux/sched.h>

#include "clean.h"
#include "cycle.h"

#define SOON_MS	20	/* until merge has brought more home */
#define BATCHES	4	/* of all places, with a cycle behind each */
#define BATCH_MOST	128	/* stripes */
#define ROUNDS_IN_VAIN	3	/* without a place that came free */
#define AGAIN_MS	500	/* after one that failed */

/* The stripe may hold what is newer than the record, too. */
static bool is_of(struct psh_cleaner *cleaner,
		  const struct psh_stripe_record *record, u32 start,
		  const struct psh_extent *extent)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u64 slot = cleaner->fetch.piece.slot;

	if (record->kind == PSH_STRIPE_WRITE)
		return extent->kind == PSH_EXTENT_DATA &&
		       extent->place ==
		       slot * psh_buffer_stripe_sectors(buffer) +
		       record->place + (extent->start - start);
	return extent->kind == (record->kind == PSH_STRIPE_ZEROES ?
				PSH_EXTENT_ZEROES : PSH_EXTENT_DISCARD) &&
	       extent->place == slot;
}

/* The next piece of a record, from @at on, that nobody else has. */
static bool find_needed(struct psh_cleaner *cleaner, u64 segment,
			const struct psh_stripe_record *record, u32 start,
			u32 at, struct psh_extent *piece)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u32 end = start + record->sectors;
	bool found = false;

	spin_lock_irq(&buffer->lock);
	for (; at < end && !found; at += piece->sectors)
		found = psh_extent_lookup(&buffer->pool, buffer->roots[segment],
					  at, end - at, piece) &&
			is_of(cleaner, record, start, piece);
	spin_unlock_irq(&buffer->lock);
	return found;
}

/* Stage what is needed of a record, its range held. */
static int stage_needed(struct psh_cleaner *cleaner, u64 segment,
			const struct psh_stripe_record *record, const u8 *data)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u64 begin = segment << buffer->route->shift;
	u32 start = record->sector - begin, at = start;
	struct psh_extent piece;
	int r = 0;

	while (!r && find_needed(cleaner, segment, record, start, at, &piece)) {
		struct psh_stripe_record again = {
			.kind = record->kind,
			.sector = begin + piece.start,
			.sectors = piece.sectors,
		};

		at = piece.start + piece.sectors;
		r = psh_buffer_stage_again(buffer, &again, data +
					   ((piece.start - start) <<
					    SECTOR_SHIFT));
		if (r)
			break;
		cleaner->records++;
		if (record->kind == PSH_STRIPE_WRITE)
			cleaner->sectors += again.sectors;
	}
	return r;
}

/*
 * Who waits for a range keeps others from it; so this does not: merge may be long in
 * it. -EBUSY if somebody holds it.
 */
static int clean_record(struct psh_cleaner *cleaner,
			const struct psh_stripe_record *record, const u8 *data)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u64 segment = record->sector >> buffer->route->shift;
	u32 start = record->sector - (segment << buffer->route->shift);
	struct psh_extent piece;
	int r;

	if (!find_needed(cleaner, segment, record, start, start, &piece))
		return 0;
	do {
		struct psh_range range = {
			.start = record->sector,
			.end = record->sector + record->sectors,
		};

		if (!psh_range_hold(buffer->ranges, &range, false))
			return -EBUSY;
		r = stage_needed(cleaner, segment, record, data);
		psh_range_release(buffer->ranges, &range);
		if (r == -EAGAIN)
			wait_event(buffer->wait, psh_buffer_has_image(buffer) ||
				   READ_ONCE(cleaner->stop));
	} while (r == -EAGAIN && !READ_ONCE(cleaner->stop));
	return r;
}

static bool is_data_right(const struct psh_stripe_record *record, const u8 *data)
{
	return record->kind != PSH_STRIPE_WRITE ||
	       psh_stripe_data_crc(0, data, record->sectors << SECTOR_SHIFT) ==
	       record->crc;
}

static void fetched(struct psh_fetch *fetch, const u8 *block, int error)
{
	struct psh_cleaner *cleaner = container_of(fetch, struct psh_cleaner,
						   fetch);
	u32 nr = block ? psh_stripe_nr(block) : 0, i;
	struct psh_stripe_record record = { };

	for (i = 0; i < nr && !error; i++) {
		const u8 *data;

		psh_stripe_record(block, i, &record);
		data = block + PSH_BLOCK_SIZE + (record.place << SECTOR_SHIFT);
		if (record.kind == PSH_STRIPE_HOME)
			continue;
		error = is_data_right(&record, data) ?
			clean_record(cleaner, &record, data) : -EILSEQ;
	}
	cleaner->error = error;
	complete(&cleaner->fetched);
}

/* The oldest stripe from @sequence on that is needed and not in memory any more. */
static bool find_oldest(struct psh_buffer *buffer, u64 sequence,
			struct psh_buffer_piece *piece)
{
	struct psh_tail *tail = &buffer->tail;
	bool found = false;

	spin_lock_irq(&buffer->lock);
	sequence = max(sequence, tail->tail);
	for (; sequence <= tail->durable && !found; sequence++) {
		u64 place = psh_tail_place(tail, sequence);

		if (!tail->live[place] || buffer->slot[place].image)
			continue;
		found = true;
		/* It is not used again meanwhile. */
		buffer->slot[place].readers++;
		piece->source = PSH_SOURCE_LOG;
		piece->slot = place;
		piece->sequence = sequence;
	}
	spin_unlock_irq(&buffer->lock);
	return found;
}

static bool is_wanted(const struct psh_cleaner *cleaner)
{
	struct psh_buffer *buffer = cleaner->buffer;

	return !READ_ONCE(cleaner->stop) && !READ_ONCE(cleaner->off) &&
	       psh_buffer_state(buffer) == PSH_LOG_OK &&
	       psh_buffer_is_crowded(buffer);
}

/* Did it take nearly as many stripes as it emptied? */
static bool is_in_vain(const struct psh_cleaner *cleaner, u64 stripes)
{
	u32 blocks = cleaner->buffer->log.super.shape.stripe_blocks;
	u64 data = 10 * cleaner->sectors, records = 10 * cleaner->records;

	return data >= 9 * stripes * psh_stripe_room_sectors(blocks) ||
	       records >= 9 * stripes * PSH_STRIPE_RECORDS;
}

/* As much as there are places for what is needed; an error of the oldest ends it. */
static int clean_oldest(struct psh_cleaner *cleaner)
{
	struct psh_buffer *buffer = cleaner->buffer;
	struct psh_buffer_piece *piece = &cleaner->fetch.piece;
	u64 most = clamp(div_u64(buffer->tail.ring, BATCHES), 1ULL,
			 (u64)BATCH_MOST);
	u64 sequence = 0, nr = 0;
	int r = 0;

	cleaner->sectors = 0;
	cleaner->records = 0;
	for (; nr < most && !r && is_wanted(cleaner) &&
	     find_oldest(buffer, sequence, piece); nr++) {
		reinit_completion(&cleaner->fetched);
		psh_fetch(&cleaner->fetch);
		wait_for_completion(&cleaner->fetched);
		psh_buffer_put(buffer, piece->source, piece->slot);
		sequence = piece->sequence + 1;
		r = cleaner->error;
	}
	if (!r && nr && is_in_vain(cleaner, nr))
		r = -ENODATA;
	/* Full is only until the next cycle, perhaps. */
	return r == -ENOSPC ? 0 : r;
}

static bool is_worth_it(struct psh_buffer *buffer)
{
	unsigned int needed = psh_buffer_needed_percent(buffer);

	return needed <= PSH_CLEAN_NEEDED &&
	       needed + PSH_CLEAN_GAIN <= psh_buffer_used_percent(buffer);
}

/* One round, with the cycle that makes it count. */
static int clean_round(struct psh_cleaner *cleaner, unsigned int *in_vain)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u64 released = READ_ONCE(buffer->tail.released);
	int r = clean_oldest(cleaner), done;

	if (r == -EBUSY) {
		wait_event_timeout(buffer->wait, !is_wanted(cleaner),
				   msecs_to_jiffies(SOON_MS));
		r = 0;
	}
	done = psh_cycle_do(buffer);
	*in_vain = released == READ_ONCE(buffer->tail.released) ?
		   *in_vain + 1 : 0;
	if (!r && *in_vain >= ROUNDS_IN_VAIN)
		r = -ENOSPC;
	return r ? r : done;
}

static void clean_work(struct work_struct *work)
{
	struct psh_cleaner *cleaner = container_of(work, struct psh_cleaner,
						   work);
	struct psh_buffer *buffer = cleaner->buffer;
	unsigned int in_vain = 0;
	int r = 0;

	if (!is_wanted(cleaner))
		return;
	WRITE_ONCE(buffer->making_room, true);
	smp_mb(); /* pairs with hold_cleaner(): one of us sees the other */
	while (!r && is_wanted(cleaner)) {
		if (is_worth_it(buffer)) {
			r = clean_round(cleaner, &in_vain);
		} else if (READ_ONCE(buffer->merging)) {
			wait_event_timeout(buffer->wait, is_worth_it(buffer) ||
					   !is_wanted(cleaner),
					   msecs_to_jiffies(SOON_MS));
		} else {
			break;
		}
		cond_resched();
	}
	WRITE_ONCE(cleaner->failed, r);
	if (r)
		WRITE_ONCE(cleaner->again_at, jiffies +
			   msecs_to_jiffies(AGAIN_MS));
	WRITE_ONCE(buffer->making_room, false);
	wake_up_all(&buffer->wait);
}

void psh_cleaner_wake(struct psh_cleaner *cleaner)
{
	if (!READ_ONCE(cleaner->stop) &&
	    !time_before(jiffies, READ_ONCE(cleaner->again_at)))
		queue_work(cleaner->queue, &cleaner->work);
}

void psh_cleaner_start(struct psh_cleaner *cleaner)
{
	WRITE_ONCE(cleaner->failed, false);
	WRITE_ONCE(cleaner->again_at, jiffies);
	WRITE_ONCE(cleaner->stop, false);
}

void psh_cleaner_stop(struct psh_cleaner *cleaner)
{
	WRITE_ONCE(cleaner->stop, true);
	wake_up_all(&cleaner->buffer->wait);
	cancel_work_sync(&cleaner->work);
}

int psh_cleaner_init(struct psh_cleaner *cleaner, struct psh_buffer *buffer,
		     struct psh_fetcher *fetcher)
{
	cleaner->buffer = buffer;
	cleaner->fetch.fetcher = fetcher;
	cleaner->fetch.whole = true;
	cleaner->fetch.done = fetched;
	cleaner->stop = true;
	init_completion(&cleaner->fetched);
	INIT_WORK(&cleaner->work, clean_work);
	cleaner->queue = alloc_workqueue("predshard-clean", WQ_UNBOUND |
					 WQ_MEM_RECLAIM, 1);
	return cleaner->queue ? 0 : -ENOMEM;
}

void psh_cleaner_exit(struct psh_cleaner *cleaner)
{
	if (cleaner->queue)
		destroy_workqueue(cleaner->queue);
}
