// SPDX-License-Identifier: GPL-2.0
/*
 * mergeplan_test: no way to part the ranges is cheaper than the plan.
 *
 * The rows of tests/vectors/mergeplan.h, and random segments against every
 * partition there is. That costs are measured well is not its business.
 */
#include "rows.h"
#include "../vectors/mergeplan.h"
#include "../vectors/random.h"

#define NR 11

static u32 count(const struct psh_merge_range *range)
{
	u32 nr = 0;

	while (range[nr].sectors)
		nr++;
	return nr;
}

static void plans(void **state)
{
	const struct mergeplan_row *row = *state;
	struct psh_merge_range range[MERGEPLAN_RANGES];
	struct psh_merge_step step[MERGEPLAN_RANGES];
	u32 i, nr;
	u64 total;

	memcpy(range, row->before, sizeof(range));
	nr = psh_merge_plan(&row->cost, row->max_sectors, range, count(range),
			    step, &total);
	assert_int_equal(nr, count(row->after));
	for (i = 0; i < nr; i++) {
		assert_int_equal(range[i].start, row->after[i].start);
		assert_int_equal(range[i].sectors, row->after[i].sectors);
		assert_int_equal(range[i].read_first, row->after[i].read_first);
	}
	assert_int_equal(total, row->total);
}

/* What ranges @first..@last cost as one run, straight from the definition. */
static u64 run_cost(const struct psh_merge_cost *cost, u32 max_sectors,
		    const struct psh_merge_range *range, u32 first, u32 last)
{
	u32 start = range[first].start;
	u32 end = range[last].start + range[last].sectors;

	if (first == last)
		return cost->write + (end - start) * cost->write_sector;
	if (end - start > max_sectors)
		return 1ULL << 50;
	return cost->write + (end - start) * cost->write_sector + cost->read +
	       (range[last].start - range[first].start - range[first].sectors) *
		       cost->read_sector;
}

/* Bit i of @cuts: a run ends behind range i. */
static u64 partition_cost(const struct psh_merge_cost *cost, u32 max_sectors,
			  const struct psh_merge_range *range, u32 nr, u32 cuts)
{
	u64 total = 0;
	u32 i, first = 0;

	for (i = 0; i < nr; i++) {
		if (i + 1 < nr && !(cuts >> i & 1))
			continue;
		total += run_cost(cost, max_sectors, range, first, i);
		first = i + 1;
	}
	return total;
}

static void nothing_is_cheaper(void **state)
{
	u64 random = 1;
	u32 i, round;

	(void)state;
	for (round = 0; round < 3000; round++) {
		struct psh_merge_range range[NR], runs[NR];
		struct psh_merge_step step[NR];
		struct psh_merge_cost cost = {
			.read = random_next(&random) % 200,
			.read_sector = random_next(&random) % 4,
			.write = random_next(&random) % 200,
			.write_sector = random_next(&random) % 4,
		};
		u32 max_sectors = 1 + random_next(&random) % 400;
		u32 at = 0, nr = 1 + random_next(&random) % NR, cuts;
		u64 total, best = 1ULL << 63, sum = 0;

		for (i = 0; i < nr; i++) {
			range[i].start = at + 1 + random_next(&random) % 60;
			range[i].sectors = 1 + random_next(&random) % 20;
			at = range[i].start + range[i].sectors;
		}
		for (cuts = 0; cuts < 1U << (nr - 1); cuts++) {
			u64 here = partition_cost(&cost, max_sectors, range, nr,
						  cuts);

			if (here < best)
				best = here;
		}
		memcpy(runs, range, sizeof(runs));
		cuts = psh_merge_plan(&cost, max_sectors, runs, nr, step,
				      &total);
		assert_int_equal(total, best);
		/* And the runs are what it says they cost. */
		for (i = 0, at = 0; i < cuts; i++) {
			u32 first = at;

			assert_int_equal(range[first].start, runs[i].start);
			while (range[at].start + range[at].sectors !=
			       runs[i].start + runs[i].sectors)
				at++;
			assert_int_equal(runs[i].read_first, at != first);
			sum += run_cost(&cost, max_sectors, range, first, at);
			at++;
		}
		assert_int_equal(at, nr);
		assert_int_equal(sum, total);
	}
}

static void costs_are_capped(void **state)
{
	(void)state;
	assert_int_equal(psh_merge_service(5000000), 5000000ULL << 10);
	assert_int_equal(psh_merge_service(U64_MAX), PSH_MERGE_REQUEST_MAX);
	/* 200 MB/s: 2560 ns */
	assert_int_equal(psh_merge_sector(200000000), 2560 << 10);
	assert_int_equal(psh_merge_sector(0), 0);
	assert_int_equal(psh_merge_sector(1), PSH_MERGE_SECTOR_MAX);
}

/* A disk of 5 ms and 200 MB/s, and one of 80 us and 1 GB/s. */
static void the_home_is_learnt(void **state)
{
	static const struct {
		u64 service_ns;
		u64 Bps;
	} disk[] = { { 5000000, 200000000 }, { 80000, 1000000000 } };
	static const u32 sizes[] = { 8, 1024, 16, 512, 64 };
	unsigned int d, i;

	(void)state;
	for (d = 0; d < 2; d++) {
		struct psh_merge_home home = { psh_merge_service(1000000),
					       psh_merge_sector(500000000) };
		u64 service = psh_merge_service(disk[d].service_ns);
		u64 sector = psh_merge_sector(disk[d].Bps);

		for (i = 0; i < 400; i++) {
			u32 sectors = sizes[i % 5];

			psh_merge_learn(&home, sectors,
					(service + sectors * sector) >> 10);
		}
		assert_in_range(home.service, service * 9 / 10,
				service * 11 / 10);
		assert_in_range(home.sector, sector * 9 / 10, sector * 11 / 10);
	}
}

static void nothing_teaches_nonsense(void **state)
{
	struct psh_merge_home home = { psh_merge_service(1000000),
				       psh_merge_sector(500000000) };
	unsigned int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		psh_merge_learn(&home, 1024, U64_MAX);
		psh_merge_learn(&home, 8, U64_MAX);
	}
	assert_in_range(home.service, 1, PSH_MERGE_REQUEST_MAX);
	assert_in_range(home.sector, 1, PSH_MERGE_SECTOR_MAX);
	for (i = 0; i < 300; i++) {
		psh_merge_learn(&home, 1024, 0);
		psh_merge_learn(&home, 8, 0);
	}
	assert_in_range(home.service, 1, PSH_MERGE_REQUEST_MAX);
	assert_in_range(home.sector, 1, PSH_MERGE_SECTOR_MAX);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, mergeplan_rows, plans);
	rows_add(&rows, "no other partition is cheaper", nothing_is_cheaper);
	rows_add(&rows, "costs are capped", costs_are_capped);
	rows_add(&rows, "the home is learnt", the_home_is_learnt);
	rows_add(&rows, "nothing teaches nonsense", nothing_teaches_nonsense);
	return rows_run("mergeplan", &rows);
}
