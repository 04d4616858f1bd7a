// SPDX-License-Identifier: GPL-2.0
/*
 * mergeplan: see mergeplan.h. With f(j) the cheapest way for the ranges up to j,
 *
 *	f(j) = min(f(j - 1) + alone(j),
 *		   min over i < j of f(i - 1) + run(i, j))
 *	run(i, j) = write + read
 *		  + end(j) x write_sector + start(j) x read_sector
 *		  - start(i) x write_sector - end(i) x read_sector
 *
 * since the gaps of a run lie between the end of its first range and the start
 * of its last. What depends on i is kept in a queue whose values rise from front
 * to back: the front is the best, and leaves when a run from it would be too
 * long. Each range enters and leaves once.
 */
#include "mergeplan.h"

/* Of what a run that begins with range @i costs, the part that @i decides. */
static s64 begin_cost(const struct psh_merge_cost *cost,
		      const struct psh_merge_range *range,
		      const struct psh_merge_step *step, u32 i)
{
	u64 before = i ? step[i - 1].cost : 0;

	return (s64)(before - range[i].start * cost->write_sector -
		     (range[i].start + range[i].sectors) * cost->read_sector);
}

/* And the part that its last range decides. */
static s64 end_cost(const struct psh_merge_cost *cost,
		    const struct psh_merge_range *last)
{
	return (s64)(cost->write + cost->read +
		     (last->start + last->sectors) * cost->write_sector +
		     last->start * cost->read_sector);
}

/* Touching ranges are one. */
static u32 join(struct psh_merge_range *range, u32 nr)
{
	u32 i, last = 0;

	for (i = 0; i < nr; i++) {
		range[i].read_first = false;
		if (i &&
		    range[last].start + range[last].sectors == range[i].start)
			range[last].sectors += range[i].sectors;
		else if (i)
			range[++last] = range[i];
	}
	return nr ? last + 1 : 0;
}

static void choose(const struct psh_merge_cost *cost, u32 max_sectors,
		   const struct psh_merge_range *range, u32 nr,
		   struct psh_merge_step *step)
{
	u32 front = 0, back = 0, j;

	for (j = 0; j < nr; j++) {
		u32 end = range[j].start + range[j].sectors;
		s64 best, here;

		step[j].cost = (j ? step[j - 1].cost : 0) + cost->write +
			       range[j].sectors * cost->write_sector;
		step[j].first = j;
		while (front < back &&
		       end - range[step[front].queue].start > max_sectors)
			front++;
		if (front < back) {
			u32 first = step[front].queue;

			best = begin_cost(cost, range, step, first) +
			       end_cost(cost, &range[j]);
			if ((u64)best < step[j].cost) {
				step[j].cost = best;
				step[j].first = first;
			}
		}
		here = begin_cost(cost, range, step, j);
		while (front < back && begin_cost(cost, range, step,
						  step[back - 1].queue) >= here)
			back--;
		step[back++].queue = j;
	}
}

u32 psh_merge_plan(const struct psh_merge_cost *cost, u32 max_sectors,
		   struct psh_merge_range *range, u32 nr,
		   struct psh_merge_step *step, u64 *total)
{
	u32 out, i;

	nr = join(range, nr);
	choose(cost, max_sectors, range, nr, step);
	if (total)
		*total = nr ? step[nr - 1].cost : 0;
	/* Runs come out last one first: put them at the end, then move them. */
	out = nr;
	for (i = nr; i;) {
		u32 last = i - 1, first = step[last].first;
		struct psh_merge_range run = range[first];

		run.sectors =
			range[last].start + range[last].sectors - run.start;
		run.read_first = first != last;
		range[--out] = run;
		i = first;
	}
	memmove(range, range + out, (nr - out) * sizeof(*range));
	return nr - out;
}

#define SMALL_SECTORS	64U
#define LARGE_SECTORS	256U

/* An eighth of the way, and never 0: then it would not move any more. */
static u64 approach(u64 from, u64 to, u64 most)
{
	u64 next = to > from ? from + (to - from + 7) / 8 :
			       from - (from - to) / 8;

	return next < 1 ? 1 : next > most ? most : next;
}

void psh_merge_learn(struct psh_merge_home *home, u32 sectors, u64 ns)
{
	u64 cost = psh_merge_service(ns), moving = sectors * home->sector;
	u64 alone = cost > moving ? cost - moving : 1, each;

	if (cost < home->service)
		home->service = cost ? cost : 1;
	else if (sectors <= SMALL_SECTORS)
		home->service =
			approach(home->service, alone, PSH_MERGE_REQUEST_MAX);
	if (sectors < LARGE_SECTORS)
		return;
	each = div64_u64(cost - home->service, sectors);
	home->sector = approach(home->sector, each, PSH_MERGE_SECTOR_MAX);
}
