// SPDX-License-Identifier: GPL-2.0
/*
 * range: see range.h. The order of the waiting list is the order of arrival,
 * and a newcomer also waits for an earlier waiter that it overlaps, so nobody
 * starves. Lists are short: they hold what is in flight on one 64th of the
 * segments.
 */
#include <linux/hash.h>

#include "range.h"

void psh_ranges_init(struct psh_ranges *ranges, unsigned int shift)
{
	int i;

	ranges->shift = shift;
	for (i = 0; i < PSH_RANGE_BUCKETS; i++) {
		struct psh_range_bucket *bucket = &ranges->bucket[i];

		spin_lock_init(&bucket->lock);
		INIT_HLIST_HEAD(&bucket->held);
		INIT_LIST_HEAD(&bucket->waiting);
		INIT_LIST_HEAD(&bucket->watching);
	}
}

static struct psh_range_bucket *bucket_of(struct psh_ranges *ranges,
					  struct psh_range *range)
{
	return &ranges->bucket[hash_64(range->start >> ranges->shift,
				       ilog2(PSH_RANGE_BUCKETS))];
}

static bool overlap(const struct psh_range *a, const struct psh_range *b)
{
	return a->start < b->end && b->start < a->end;
}

static bool excludes(const struct psh_range *a, const struct psh_range *b)
{
	return overlap(a, b) &&
	       (a->spares | b->spares) != (PSH_RANGE_HOME | PSH_RANGE_LOG);
}

static bool is_held(const struct psh_range_bucket *bucket,
		    const struct psh_range *range)
{
	const struct psh_range *other;

	hlist_for_each_entry(other, &bucket->held, held)
		if (excludes(other, range))
			return true;
	return false;
}

/* Does somebody wait who came before @range and overlaps it? */
static bool is_awaited(const struct psh_range_bucket *bucket,
		       const struct psh_range *range)
{
	const struct psh_range *other;

	list_for_each_entry(other, &bucket->waiting, node) {
		if (other == range)
			return false;
		if (excludes(other, range))
			return true;
	}
	return false;
}

static __always_inline void take(struct psh_range_bucket *bucket, struct psh_range *range)
{
	struct psh_range *watch;

	if (range->writes)
		list_for_each_entry(watch, &bucket->watching, node)
			if (overlap(watch, range))
				watch->touched = true;
	hlist_add_head(&range->held, &bucket->held);
}

bool psh_range_hold(struct psh_ranges *ranges, struct psh_range *range,
		    bool wait)
{
	struct psh_range_bucket *bucket = bucket_of(ranges, range);
	bool held;

	spin_lock_irq(&bucket->lock);
	held = !is_held(bucket, range) && !is_awaited(bucket, range);
	if (held)
		take(bucket, range);
	else if (wait)
		list_add_tail(&range->node, &bucket->waiting);
	spin_unlock_irq(&bucket->lock);
	return held;
}

static void granted(struct psh_range *range)
{
	complete(&container_of(range, struct psh_hold, range)->held);
}

void psh_range_hold_wait(struct psh_ranges *ranges,
			 struct psh_hold *hold)
{
	hold->range.granted = granted;
	init_completion(&hold->held);
	if (!psh_range_hold(ranges, &hold->range, true))
		wait_for_completion(&hold->held);
}

/*
 * A granted range is held from here on, but its holder does not know yet, so
 * it cannot go away before granted() is called; afterwards it can at any time.
 */
void psh_range_release(struct psh_ranges *ranges, struct psh_range *range)
{
	struct psh_range_bucket *bucket = bucket_of(ranges, range);
	struct psh_range *granted = NULL, **tail = &granted;
	struct psh_range *waiter, *next;
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	hlist_del(&range->held);
	list_for_each_entry_safe(waiter, next, &bucket->waiting, node) {
		if (is_held(bucket, waiter) || is_awaited(bucket, waiter))
			continue;
		list_del(&waiter->node);
		take(bucket, waiter);
		waiter->next = NULL;
		*tail = waiter;
		tail = &waiter->next;
	}
	spin_unlock_irqrestore(&bucket->lock, flags);

	while (granted) {
		waiter = granted;
		granted = waiter->next;
		waiter->granted(waiter);
	}
}

void psh_range_watch(struct psh_ranges *ranges, struct psh_range *range)
{
	struct psh_range_bucket *bucket = bucket_of(ranges, range);

	spin_lock_irq(&bucket->lock);
	range->touched = is_held(bucket, range);
	list_add_tail(&range->node, &bucket->watching);
	spin_unlock_irq(&bucket->lock);
}

bool psh_range_unwatch(struct psh_ranges *ranges, struct psh_range *range)
{
	struct psh_range_bucket *bucket = bucket_of(ranges, range);

	spin_lock_irq(&bucket->lock);
	list_del(&range->node);
	spin_unlock_irq(&bucket->lock);
	return range->touched;
}

void psh_ranges_each(struct psh_ranges *ranges,
		     void (*look)(struct psh_range *range, void *context),
		     void *context)
{
	struct psh_range *range;
	int i;

	for (i = 0; i < PSH_RANGE_BUCKETS; i++) {
		struct psh_range_bucket *bucket = &ranges->bucket[i];

		spin_lock_irq(&bucket->lock);
		hlist_for_each_entry(range, &bucket->held, held)
			look(range, context);
		spin_unlock_irq(&bucket->lock);
	}
}
