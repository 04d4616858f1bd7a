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
	}
	return r;
}

static int clean_record(struct psh_cleaner *cleaner,
			const struct psh_stripe_record *record, const u8 *data)
{
	struct psh_buffer *buffer = cleaner->buffer;
	u64 segment = record->sector >> buffer->route->shift;
	int r;

	do {
		struct psh_hold hold = {
			.range.start = record->sector,
			.range.end = record->sector + record->sectors,
		};

		psh_range_hold_wait(buffer->ranges, &hold);
		r = stage_needed(cleaner, segment, record, data);
		psh_range_release(buffer->ranges, &hold.range);
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
	       psh_buffer_used_percent(buffer) >= PSH_CLEAN_USED;
}

/* As much as there are places for what is needed; an error of the oldest ends it. */
static int clean_oldest(struct psh_cleaner *cleaner)
{
	struct psh_buffer *buffer = cleaner->buffer;
	struct psh_buffer_piece *piece = &cleaner->fetch.piece;
	u64 left = max(div_u64(buffer->tail.ring, BATCHES), 1ULL);
	u64 sequence = 0;
	int r = 0;

	for (; left && !r && is_wanted(cleaner) &&
	     find_oldest(buffer, sequence, piece); left--) {
		reinit_completion(&cleaner->fetched);
		psh_fetch(&cleaner->fetch);
		wait_for_completion(&cleaner->fetched);
		psh_buffer_put(buffer, piece->source, piece->slot);
		sequence = piece->sequence + 1;
		r = cleaner->error;
	}
	/* Full is only until the next cycle. */
	return r == -ENOSPC ? 0 : r;
}

static bool is_worth_it(struct psh_buffer *buffer)
{
	return psh_buffer_needed_percent(buffer) <= PSH_CLEAN_NEEDED;
}

static void clean_work(struct work_struct *work)
{
	struct psh_cleaner *cleaner = container_of(work, struct psh_cleaner,
						   work);
	struct psh_buffer *buffer = cleaner->buffer;
	int r = 0;

	if (!is_wanted(cleaner))
		return;
	WRITE_ONCE(buffer->making_room, true);
	while (!r && is_wanted(cleaner)) {
		if (is_worth_it(buffer)) {
			r = clean_oldest(cleaner);
			if (!r)
				r = psh_cycle_do(buffer);
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
	WRITE_ONCE(buffer->making_room, false);
	wake_up_all(&buffer->wait);
}

void psh_cleaner_wake(struct psh_cleaner *cleaner)
{
	if (!READ_ONCE(cleaner->stop))
		queue_work(cleaner->queue, &cleaner->work);
}

void psh_cleaner_start(struct psh_cleaner *cleaner)
{
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
