// SPDX-License-Identifier: GPL-2.0
/*
 * intent: see intent.h. A round that cannot flush all members takes nothing
 * back: the marks are left, and the next write or round deals with them.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "flush.h"
#include "intent.h"

#define ROUND_JIFFIES	(PSH_INTENT_ROUND_S * HZ)

unsigned long *psh_intent_alloc(u64 nr_segments)
{
	return kvcalloc(BITS_TO_LONGS(nr_segments), sizeof(long), GFP_KERNEL);
}

void psh_intent_use(struct psh_intent *intent, unsigned long *recent)
{
	kvfree(intent->recent);
	intent->recent = recent;
}

/* Mark what nobody wrote to lately, or all; the members that hold it. */
static u32 mark(struct psh_intent *intent, bool all)
{
	u32 usable = READ_ONCE(intent->members->usable);
	struct psh_route *route = intent->route;
	u32 holders = 0;
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);

		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
		if (!(word & PSH_WORD_INTENT))
			continue;
		/* A mark that a round left which ended early goes with this one. */
		if (psh_word_valid(word) & ~usable) {
			psh_route_flag(route, segment, 0, PSH_WORD_CLEARING);
			continue;
		}
		if (test_and_clear_bit(segment, intent->recent) && !all &&
		    !(word & PSH_WORD_CLEARING))
			continue;
		psh_route_flag(route, segment, PSH_WORD_CLEARING, 0);
		holders |= psh_word_valid(word);
	}
	return holders;
}

/* Is keeping INTENT worth more than copying less after a crash? */
static bool is_due(struct psh_intent *intent)
{
	u64 intents = atomic64_read(&intent->route->intents);
	bool quiet = READ_ONCE(intent->quiet);

	WRITE_ONCE(intent->quiet, true);
	if (!intents || !psh_metadata_can_change(intent->metadata))
		return false;
	return quiet || intents > PSH_INTENT_MOST ||
	       ++intent->rounds * PSH_INTENT_ROUND_S >= PSH_INTENT_KEEP_S;
}

static void take_back(struct psh_intent *intent, bool all)
{
	struct psh_change clear = {
		.kind = PSH_CHANGE_CLEAR,
		.count = intent->route->nr_segments,
	};
	u32 holders = mark(intent, all);

	intent->rounds = 0;
	if (!holders ||
	    psh_flight_drain(intent->flight, WRITE, all ? NULL : &intent->stop) ||
	    psh_flush_members(intent->members, holders))
		return;
	psh_metadata_do(intent->metadata, &clear);
}

static void make_round(struct work_struct *work)
{
	struct psh_intent *intent = container_of(to_delayed_work(work),
						 struct psh_intent, round);

	if (is_due(intent))
		take_back(intent, false);
	if (!READ_ONCE(intent->stop))
		queue_delayed_work(intent->queue, &intent->round,
				   ROUND_JIFFIES);
}

void psh_intent_init(struct psh_intent *intent)
{
	INIT_DELAYED_WORK(&intent->round, make_round);
	intent->stop = true;
}

void psh_intent_exit(struct psh_intent *intent)
{
	kvfree(intent->recent);
}

void psh_intent_start(struct psh_intent *intent)
{
	WRITE_ONCE(intent->stop, false);
	queue_delayed_work(intent->queue, &intent->round, ROUND_JIFFIES);
}

void psh_intent_stop(struct psh_intent *intent)
{
	WRITE_ONCE(intent->stop, true);
	cancel_delayed_work_sync(&intent->round);
}

void psh_intent_close(struct psh_intent *intent)
{
	if (intent->recent && psh_metadata_can_change(intent->metadata))
		take_back(intent, true);
}
