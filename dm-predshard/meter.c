// SPDX-License-Identifier: GPL-2.0
/*
 * meter: summing what meter.h counts. The structures are nothing but u64, so
 * a sum is a sum of arrays. A sum is not an instant: counters go on while it
 * is taken. What ends is read before what begins, so that the difference, the
 * number in flight, is never negative.
 */
#include <linux/cpumask.h>
#include <linux/string.h>

#include "meter.h"

static_assert(sizeof(struct psh_meter_volume) % sizeof(u64) == 0);
static_assert(sizeof(struct psh_meter_member) % sizeof(u64) == 0);

void psh_meter_sample(struct psh_meter_volume __percpu *meter, int dir,
		      u32 sectors, bool sequential)
{
	unsigned int size = min(fls(sectors - 1), PSH_METER_SIZES - 1);

	this_cpu_inc(meter->sampled[dir]);
	this_cpu_inc(meter->size[dir][size]);
	if (sequential)
		this_cpu_inc(meter->sequential[dir]);
}

static void add(u64 *sum, const u64 *counter, size_t size)
{
	size_t i;

	for (i = 0; i < size / sizeof(u64); i++)
		sum[i] += READ_ONCE(counter[i]);
}

void psh_meter_volume_sum(struct psh_meter_volume __percpu *meter,
			  struct psh_meter_volume *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu)
		add((u64 *)sum, (const u64 *)per_cpu_ptr(meter, cpu),
		    sizeof(*sum));
}

void psh_meter_volume_load(struct psh_meter_volume __percpu *meter,
			   struct psh_meter_load *load)
{
	unsigned int dir;
	int cpu;

	memset(load, 0, sizeof(*load));
	for_each_possible_cpu(cpu) {
		const struct psh_meter_volume *of = per_cpu_ptr(meter, cpu);

		for (dir = READ; dir <= WRITE; dir++) {
			load->ops[dir] += READ_ONCE(of->ops[dir]);
			load->sectors[dir] += READ_ONCE(of->sectors[dir]);
			load->sampled[dir] += READ_ONCE(of->sampled[dir]);
			load->sequential[dir] += READ_ONCE(of->sequential[dir]);
		}
		load->flushes += READ_ONCE(of->flushes);
	}
}

void psh_meter_member_sum(struct psh_meter_member __percpu *meter,
			  struct psh_meter_member *sum)
{
	u64 done[2] = { 0, 0 };
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		done[READ] += READ_ONCE(per_cpu_ptr(meter, cpu)->done[READ]);
		done[WRITE] += READ_ONCE(per_cpu_ptr(meter, cpu)->done[WRITE]);
	}
	smp_rmb(); /* done before begun, see above */
	for_each_possible_cpu(cpu)
		add((u64 *)sum, (const u64 *)per_cpu_ptr(meter, cpu),
		    sizeof(*sum));
	sum->done[READ] = done[READ];
	sum->done[WRITE] = done[WRITE];
}

void psh_meter_subtract(void *sum, const void *base, size_t size)
{
	const u64 *before = base;
	u64 *now = sum;
	size_t i;

	for (i = 0; i < size / sizeof(u64); i++)
		now[i] -= before[i];
}
