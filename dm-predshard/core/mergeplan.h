/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mergeplan: in which requests the buffered sectors of a segment go home.
 *
 * Each range of buffered sectors may be written alone, or with the next ones as
 * one run, for which the gaps between them are read from the home first. A
 * request costs its service time, a sector its share of the bandwidth:
 *
 *	range alone:	write + sectors x write_sector
 *	run of several:	write + (whole run) x write_sector
 *			+ read + (first gap to last gap) x read_sector
 *
 * The plan is the cheapest of all ways to part the ranges into runs; so it is
 * never worse than writing each alone or all as one. It is found in one pass:
 * the cost of a run splits into a part that only its first range decides and one
 * that only its last decides, so the best first range for each last one is a
 * running minimum. Runs that would be longer than the caller can hold are not
 * considered, which makes it a minimum over a sliding window.
 *
 * It decides; reading, writing, locks and order are merge's.
 */
#ifndef PSH_MERGEPLAN_H
#define PSH_MERGEPLAN_H

#include "base.h"

/* Above any cost that measuring gives: 16 s and 1 ms, in 1/1024 ns. */
#define PSH_MERGE_REQUEST_MAX (1ULL << 44)
#define PSH_MERGE_SECTOR_MAX (1ULL << 30)

/**
 * struct psh_merge_cost - what requests to the home cost, in 1/1024 ns
 * @read: service time of a read
 * @read_sector: and of each of its sectors
 * @write: service time of a write, of all members together that take it
 * @write_sector: and of each of its sectors
 */
struct psh_merge_cost {
	u64 read;
	u64 read_sector;
	u64 write;
	u64 write_sector;
};

/**
 * struct psh_merge_home - what is learnt of the home, in 1/1024 ns
 * @service: of a request
 * @sector: of each of its sectors
 */
struct psh_merge_home {
	u64 service;
	u64 sector;
};

/**
 * psh_merge_learn() - a request to the home ended
 * @home: begun with a guess
 * @sectors: of the request, at least 1
 * @ns: from when it was sent
 *
 * No request is faster than its service time, so a faster one corrects that at
 * once; otherwise small requests tell of it, and large ones of the bandwidth, an
 * eighth each time.
 */
void psh_merge_learn(struct psh_merge_home *home, u32 sectors, u64 ns);

/**
 * struct psh_merge_range - sectors to bring home
 * @start: first sector within the segment
 * @sectors: at least 1
 * @read_first: of a run: it has gaps, whose sectors must be read
 */
struct psh_merge_range {
	u32 start;
	u32 sectors;
	bool read_first;
};

/* Scratch of one range: cheapest cost up to it, how, and the window. */
struct psh_merge_step {
	u64 cost;
	u32 first;
	u32 queue;
};

/** psh_merge_service() - a service time as a cost. */
static inline u64 psh_merge_service(u64 service_ns)
{
	return service_ns < PSH_MERGE_REQUEST_MAX >> 10 ? service_ns << 10 :
							  PSH_MERGE_REQUEST_MAX;
}

/** psh_merge_sector() - a bandwidth as the cost of a sector; 0 is unknown: free. */
static inline u64 psh_merge_sector(u64 bytes_per_second)
{
	u64 cost;

	if (!bytes_per_second)
		return 0;
	cost = div64_u64((512ULL * 1000000000ULL) << 10, bytes_per_second);
	return cost < PSH_MERGE_SECTOR_MAX ? cost : PSH_MERGE_SECTOR_MAX;
}

/**
 * psh_merge_plan() - the cheapest runs
 * @cost: of requests; each at most PSH_MERGE_REQUEST_MAX or _SECTOR_MAX
 * @max_sectors: longest run with gaps
 * @range: in order of sector, not overlapping; touching ones are one. Replaced
 *	   by the runs
 * @nr: of ranges
 * @step: scratch, @nr of them
 * @total: what it costs, filled; may be NULL
 *
 * Cannot overflow: a segment has at most 2^17 sectors, so at most 2^17 requests
 * and twice as many sectors moved: 2^17 x 2 x 2^44 + 2^18 x 2^30 < 2^63.
 *
 * Return: the number of runs.
 */
u32 psh_merge_plan(const struct psh_merge_cost *cost, u32 max_sectors,
		   struct psh_merge_range *range, u32 nr,
		   struct psh_merge_step *step, u64 *total);

#endif /* PSH_MERGEPLAN_H */
