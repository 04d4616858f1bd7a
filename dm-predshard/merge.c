// SPDX-License-Identifier: GPL-2.0
/*
 * merge: see merge.h. A worker of plain sequential code, that plans and waits for
 * runs, and a worker for each run.
 *
 * A write that was on the fast path when the segment's first record was staged
 * held no range, and might reach the home after what is merged: all such are
 * drained before a segment is begun, and only merge says that a segment has left
 * the buffer, so none comes later unnoticed.
 *
 * It never waits for a cycle that waits for it (buffer->starved).
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "cycle.h"
#include "fanout.h"
#include "merge.h"

#define BATCH		64	/* segments for one drain */
#define LEAST_SECTORS	128U	/* of a run that may be as long as one likes */

/* Of a home that is not known yet. */
#define SERVICE_NS	1000000
#define HOME_BPS	(200ULL << 20)

/* The log is broken, and what it holds is to come home. */
static bool is_rescue(const struct psh_merge *merge)
{
	return psh_buffer_state(merge->buffer) == PSH_LOG_BROKEN;
}

static bool must_run(const struct psh_merge *merge)
{
	return READ_ONCE(merge->buffer->starved) || is_rescue(merge);
}

/* Places that are used for little do not count if they can be cleaned. */
static unsigned int full_percent(const struct psh_merge *merge)
{
	return !psh_cleaner_helps(&merge->cleaner) ?
	       psh_buffer_used_percent(merge->buffer) :
	       psh_buffer_needed_percent(merge->buffer);
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
	    full_percent(merge) < PSH_MERGE_URGENT)
		wait_event_timeout(buffer->wait, READ_ONCE(merge->stop) ||
				   must_run(merge),
				   nsecs_to_jiffies(wait_ns) + 1);
}

/* --- runs -------------------------------------------------------------------------- */

static void run_work(struct work_struct *work)
{
	struct psh_run *run = container_of(work, struct psh_run, work);
	struct psh_merge *merge = run->owner;
	bool rescue = READ_ONCE(merge->buffer->rescuing);
	bool epoch = false;

	/* Then no log makes up for a copy that differs: INTENT must wait. */
	if (rescue) {
		preempt_disable();
		epoch = psh_flight_enter(merge->flight, WRITE);
		preempt_enable();
	}
	psh_run_carry(run);
	if (rescue)
		psh_flight_leave(merge->flight, WRITE, epoch);
	spin_lock_irq(&merge->lock);
	merge->carried += run->carried;
	if (run->request_sectors)
		psh_merge_learn(&merge->home, run->request_sectors,
				run->request_ns);
	run->busy = false;
	spin_unlock_irq(&merge->lock);
	wake_up(&merge->run_wait);
}

static struct psh_run *take_run(struct psh_merge *merge)
{
	struct psh_run *run = NULL;
	unsigned int i;

	spin_lock_irq(&merge->lock);
	for (i = 0; i < PSH_MERGE_RUNS && !run; i++)
		if (!merge->run[i].busy)
			run = &merge->run[i];
	if (run)
		run->busy = true;
	spin_unlock_irq(&merge->lock);
	return run;
}

static void begin_run(struct psh_merge *merge, u64 segment, u32 start,
		      u32 sectors)
{
	struct psh_run *run;

	wait_event(merge->run_wait, (run = take_run(merge)));
	run->segment = segment;
	run->start = start;
	run->sectors = sectors;
	queue_work(merge->run_queue, &run->work);
}

/* Wait for all, and say how many sectors they brought home since the last time. */
static u64 end_runs(struct psh_merge *merge)
{
	u64 carried;

	flush_workqueue(merge->run_queue);
	spin_lock_irq(&merge->lock);
	carried = merge->carried;
	merge->carried = 0;
	spin_unlock_irq(&merge->lock);
	return carried;
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
		if (!psh_run_takes(buffer, &extent, psh_run_last(buffer)))
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

static void home_cost(struct psh_merge *merge, struct psh_merge_cost *cost)
{
	spin_lock_irq(&merge->lock);
	cost->read = merge->home.service;
	cost->write = merge->home.service;
	cost->read_sector = merge->home.sector;
	cost->write_sector = merge->home.sector;
	spin_unlock_irq(&merge->lock);
}

/* What the home takes as one request is enough: there are several. */
static u32 longest_run(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;
	struct block_device *bdev =
		buffer->members->path[buffer->route->primary].bdev;

	return clamp(queue_max_sectors(bdev_get_queue(bdev)), LEAST_SECTORS,
		     PSH_RUN_SECTORS);
}

static void merge_segment(struct psh_merge *merge, u64 segment)
{
	u32 at = 0, longest = longest_run(merge);
	struct psh_merge_cost cost;

	home_cost(merge, &cost);
	while (at != U32_MAX) {
		u32 nr = find_ranges(merge, segment, &at), i, done;

		if (nr)
			nr = psh_merge_plan(&cost, longest,
					    merge->range, nr, merge->step,
					    NULL);
		for (i = 0; i < nr; i++)
			for (done = 0; done < merge->range[i].sectors;) {
				u32 part = min(merge->range[i].sectors - done,
					       longest);

				wait_turn(merge, part);
				if (READ_ONCE(merge->stop))
					return;
				begin_run(merge, segment,
					  merge->range[i].start + done, part);
				done += part;
			}
	}
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
	unsigned int full = full_percent(merge);

	if (full >= READ_ONCE(merge->high_percent))
		merge->filling = true;
	else if (full <= READ_ONCE(merge->low_percent))
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
	WRITE_ONCE(buffer->rescuing, true);
	for (segment = 0; segment < buffer->nr_roots; segment++) {
		if (READ_ONCE(merge->stop))
			return false;
		if (READ_ONCE(buffer->roots[segment]))
			merge_segment(merge, segment);
		if (!(segment % 4096))
			cond_resched();
	}
	end_runs(merge);
	/* At home, durably, before the metadata says that the log is void. */
	if (!READ_ONCE(buffer->buffered_sectors))
		done = !psh_fanout_flush_own(buffer->fanout) &&
		       !buffer->make_void(buffer->owner);
	if (done) {
		psh_cycle_forget(buffer);
		let_go(merge);
		WRITE_ONCE(buffer->rescued, true);
	} else {
		WRITE_ONCE(buffer->stranded, true);
	}
	wake_up_all(&buffer->wait);
	buffer->trouble(buffer->owner);
	return false;
}

/* Writes that wait for room are in the flight too: these go home. */
static int drain(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;
	int r;

	WRITE_ONCE(buffer->draining, true);
	wake_up_all(&buffer->wait);
	r = psh_flight_drain(merge->flight, WRITE, &merge->stop);
	WRITE_ONCE(buffer->draining, false);
	return r;
}

/* What it stages again is not durable, and would be missed. */
static void hold_cleaner(struct psh_merge *merge)
{
	struct psh_buffer *buffer = merge->buffer;
	bool all = READ_ONCE(merge->drain) || READ_ONCE(merge->asked);

	WRITE_ONCE(merge->cleaner.off, all);
	smp_mb(); /* pairs with clean_work(): one of us sees the other */
	if (all)
		wait_event(buffer->wait, !READ_ONCE(buffer->making_room) ||
			   must_run(merge));
}

/* True if something came of it. */
static bool pass(struct psh_merge *merge)
{
	u64 released = READ_ONCE(merge->buffer->tail.released);
	u64 batch[BATCH], merged;
	unsigned int nr, i;

	hold_cleaner(merge);
	run_cycle(merge);
	nr = find_batch(merge, batch);
	if (drain(merge))
		return false;
	for (i = 0; i < nr && !READ_ONCE(merge->stop); i++)
		merge_segment(merge, batch[i]);
	merged = end_runs(merge);
	if (merged)
		run_cycle(merge);
	if (!let_go(merge))
		WRITE_ONCE(merge->asked, 0);
	return merged || released != READ_ONCE(merge->buffer->tail.released);
}

static void merge_work(struct work_struct *work)
{
	struct psh_merge *merge = container_of(work, struct psh_merge, work);

	WRITE_ONCE(merge->buffer->merging, true);
	while (!READ_ONCE(merge->stop) && is_wanted(merge) &&
	       (is_rescue(merge) ? rescue(merge) : pass(merge)))
		cond_resched();
	WRITE_ONCE(merge->buffer->merging, false);
	WRITE_ONCE(merge->cleaner.off, READ_ONCE(merge->drain));
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
	return full_percent(merge) > READ_ONCE(merge->low_percent) ||
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
	psh_cleaner_wake(&merge->cleaner);
}

void psh_merge_hurry(struct psh_merge *merge)
{
	if (!READ_ONCE(merge->stop) &&
	    !time_before(jiffies, READ_ONCE(merge->again_at)))
		queue_work(merge->queue, &merge->work);
	psh_cleaner_wake(&merge->cleaner);
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
	psh_cleaner_start(&merge->cleaner);
}

void psh_merge_stop(struct psh_merge *merge)
{
	WRITE_ONCE(merge->stop, true);
	WRITE_ONCE(merge->buffer->rescuer, false);
	wake_up_all(&merge->buffer->wait);
	psh_cleaner_stop(&merge->cleaner);
	cancel_work_sync(&merge->work);
	flush_workqueue(merge->run_queue);
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
	merge->flight = flight;
	merge->stop = true;
	merge->floor_Bps = PSH_MERGE_FLOOR_BPS;
	merge->high_percent = PSH_MERGE_HIGH;
	merge->low_percent = PSH_MERGE_LOW;
	merge->pace.rate_Bps = PSH_PACE_UNLIMITED;
	merge->again_at = jiffies;
	merge->home.service = psh_merge_service(SERVICE_NS);
	merge->home.sector = psh_merge_sector(HOME_BPS);
	spin_lock_init(&merge->lock);
	init_waitqueue_head(&merge->run_wait);
	INIT_WORK(&merge->work, merge_work);
	merge->queue = alloc_workqueue("predshard-merge", WQ_UNBOUND |
				       WQ_MEM_RECLAIM, 1);
	merge->run_queue = alloc_workqueue("predshard-run", WQ_UNBOUND |
					   WQ_MEM_RECLAIM, PSH_MERGE_RUNS);
	if (psh_cleaner_init(&merge->cleaner, buffer, fetcher)) {
		psh_merge_free(merge);
		return NULL;
	}
	for (i = 0; i < PSH_MERGE_RUNS; i++) {
		merge->run[i].owner = merge;
		INIT_WORK(&merge->run[i].work, run_work);
		if (!merge->queue || !merge->run_queue ||
		    psh_run_init(&merge->run[i], buffer, fetcher,
				 &merge->stop)) {
			psh_merge_free(merge);
			return NULL;
		}
	}
	return merge;
}

void psh_merge_free(struct psh_merge *merge)
{
	unsigned int i;

	if (!merge)
		return;
	if (merge->queue)
		destroy_workqueue(merge->queue);
	if (merge->run_queue)
		destroy_workqueue(merge->run_queue);
	psh_cleaner_exit(&merge->cleaner);
	for (i = 0; i < PSH_MERGE_RUNS; i++)
		psh_run_exit(&merge->run[i]);
	kvfree(merge);
}
