/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mergeplan: rows of ranges and the cheapest runs for them.
 *
 * Ranges and runs are {start, sectors, read first}, ended by one without
 * sectors. Data only; tests/unit/mergeplan_test.c and the KUnit suite compare
 * the same rows.
 */
#ifndef PSH_VECTORS_MERGEPLAN_H
#define PSH_VECTORS_MERGEPLAN_H

#include "../../dm-predshard/core/mergeplan.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define MERGEPLAN_RANGES 8

struct mergeplan_row {
	const char *name;
	struct psh_merge_cost cost;
	u32 max_sectors;
	struct psh_merge_range before[MERGEPLAN_RANGES];
	struct psh_merge_range after[MERGEPLAN_RANGES];
	u64 total;
};

/* A request costs as much as 100 sectors. */
#define FAIR { .read = 100, .read_sector = 1, .write = 100, .write_sector = 1 }

static const struct mergeplan_row mergeplan_rows[] = {
	{ "nothing to merge", FAIR, 2048, { { 0 } }, { { 0 } }, 0 },
	{ "one range is written", FAIR, 2048, { { 8, 8 } }, { { 8, 8 } }, 108 },
	{ "touching ranges are one request", FAIR, 2048,
	  { { 0, 8 }, { 8, 8 }, { 16, 1 } }, { { 0, 17 } }, 117 },
	{ "two ranges save nothing by a read", FAIR, 2048,
	  { { 0, 8 }, { 16, 8 } }, { { 0, 8 }, { 16, 8 } }, 216 },
	{ "three ranges are cheaper with their gaps", FAIR, 2048,
	  { { 0, 8 }, { 16, 8 }, { 32, 8 } }, { { 0, 40, true } }, 264 },
	{ "a far one is written alone", FAIR, 2048,
	  { { 0, 8 }, { 16, 8 }, { 32, 8 }, { 1000, 8 } },
	  { { 0, 40, true }, { 1000, 8 } }, 372 },
	{ "no run is longer than can be held", FAIR, 40,
	  { { 0, 8 }, { 16, 8 }, { 32, 8 }, { 48, 8 } },
	  { { 0, 40, true }, { 48, 8 } }, 372 },
	{ "too long to be held: each alone", FAIR, 16,
	  { { 0, 8 }, { 16, 8 }, { 32, 8 } },
	  { { 0, 8 }, { 16, 8 }, { 32, 8 } }, 324 },
	{ "reads that cost nothing are always made",
	  { .write = 100, .write_sector = 1 }, 2048,
	  { { 0, 8 }, { 16, 8 } }, { { 0, 24, true } }, 124 },
	{ "requests that cost nothing are never saved",
	  { .read_sector = 1, .write_sector = 1 }, 2048,
	  { { 0, 8 }, { 9, 8 }, { 18, 8 } },
	  { { 0, 8 }, { 9, 8 }, { 18, 8 } }, 24 },
	{ "a tie is written without reading",
	  { .read = 92, .write = 100, .write_sector = 1 }, 2048,
	  { { 0, 8 }, { 16, 8 } }, { { 0, 8 }, { 16, 8 } }, 216 },
	{ "the largest costs do not overflow",
	  { .read = PSH_MERGE_REQUEST_MAX, .read_sector = PSH_MERGE_SECTOR_MAX,
	    .write = PSH_MERGE_REQUEST_MAX, .write_sector = PSH_MERGE_SECTOR_MAX },
	  1U << 17,
	  { { 0, 8 }, { 65536, 8 }, { 131064, 8 } },
	  { { 0, 8 }, { 65536, 8 }, { 131064, 8 } },
	  3 * PSH_MERGE_REQUEST_MAX + 24 * PSH_MERGE_SECTOR_MAX },
};

/* clang-format on */

#endif /* PSH_VECTORS_MERGEPLAN_H */
