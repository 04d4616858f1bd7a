// SPDX-License-Identifier: GPL-2.0
/*
 * flight: see flight.h for the promise; this is why it holds.
 *
 * The drainer publishes what it wants seen (a route word), stores the new
 * epoch, waits for an RCU grace period, then for the old epoch's counters to
 * sum to zero. A bio that read the old epoch number did so in a read section
 * that began before the grace period ended, so its increment is visible when
 * the sum is taken; from then on the old epoch is only ever decremented, so
 * counters read one after another cannot add up to zero too early. A bio that
 * read the new epoch number saw the published word.
 *
 * The grace period is expedited: a drain stands between an administrator's or
 * the copier's decision and its effect, never in the path of a bio.
 */
#include <linux/jiffies.h>

#include "flight.h"

int psh_flight_init(struct psh_flight *flight)
{
	memset(flight, 0, sizeof(*flight));
	flight->cpu = alloc_percpu(struct psh_flight_cpu);
	if (!flight->cpu)
		return -ENOMEM;
	init_waitqueue_head(&flight->wait);
	mutex_init(&flight->lock);
	return 0;
}

void psh_flight_exit(struct psh_flight *flight)
{
	free_percpu(flight->cpu);
	mutex_destroy(&flight->lock);
}

static long inside(struct psh_flight *flight, int dir, unsigned int epoch)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(flight->cpu, cpu)->inside[dir][epoch]);
	return sum;
}

static int wait_empty(struct psh_flight *flight, int dir, unsigned int epoch,
		      const bool *stop)
{
	while (!wait_event_timeout(flight->wait,
				   !inside(flight, dir, epoch),
				   max(1UL, msecs_to_jiffies(4))))
		if (stop && READ_ONCE(*stop))
			return -EINTR;
	return 0;
}

int psh_flight_drain(struct psh_flight *flight, int dir, const bool *stop)
{
	unsigned int old;
	int r;

	mutex_lock(&flight->lock);
	WRITE_ONCE(flight->draining, true);
	old = flight->epoch[dir];
	/* Only after a drain that was stopped can anybody be left in here. */
	r = wait_empty(flight, dir, !old, stop);
	if (!r) {
		/* pairs with the acquire in psh_flight_enter() */
		smp_store_release(&flight->epoch[dir], !old);
		synchronize_rcu_expedited();
		r = wait_empty(flight, dir, old, stop);
	}
	WRITE_ONCE(flight->draining, false);
	mutex_unlock(&flight->lock);
	return r;
}

unsigned long psh_flight_inside(struct psh_flight *flight, int dir)
{
	long sum = inside(flight, dir, 0) + inside(flight, dir, 1);

	return sum > 0 ? sum : 0;
}
