/* SPDX-License-Identifier: GPL-2.0 */
/*
 * classify: rows for traffic, shape and application, each a few runs of equal
 * windows.
 *
 * Data only; tests/unit/classify_test.c and the KUnit suite compare the same
 * rows. Windows have 30 slots unless a row says otherwise.
 */
#ifndef PSH_VECTORS_CLASSIFY_H
#define PSH_VECTORS_CLASSIFY_H

#include "../../dm-predshard/core/classify.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define CLASSIFY_RUNS	4

struct classify_run {
	u32 windows;
	struct psh_window window;
};

struct classify_row {
	const char *name;
	struct classify_run run[CLASSIFY_RUNS];
	u8 traffic;
	u8 shape;
	u8 application;
	u32 changes;	/* windows after which an answer had changed */
};

/* Requests of 8 sectors, nothing known of their order. */
#define RW(r, w)	{ .reads = r, .writes = w, \
			  .read_sectors = 8 * (r), .write_sectors = 8 * (w), \
			  .busiest = ((r) + (w)) / 20, .slots = 30 }
/* All that tells an application: sizes in sectors, shares in permille. */
#define APP(r, w, rs, ws, flush, seq, touch) \
			{ .reads = r, .writes = w, \
			  .read_sectors = (r) * (rs), \
			  .write_sectors = (w) * (ws), \
			  .flushes = (w) * (flush) / 1000, \
			  .sampled = 1000, .sequential = seq, \
			  .busiest = ((r) + (w)) / 20, .slots = 30, \
			  .touched = touch, .segments = 1000 }
#define BURST(n, top)	{ .reads = n, .read_sectors = 8 * (n), \
			  .busiest = top, .slots = 30 }

#define IDLE		PSH_TRAFFIC_IDLE
#define READS		PSH_TRAFFIC_READ
#define WRITES		PSH_TRAFFIC_WRITE
#define MIXED		PSH_TRAFFIC_MIXED
#define EVEN		PSH_SHAPE_SUSTAINED
#define BURSTY		PSH_SHAPE_BURSTY
#define UNKNOWN		PSH_APPLICATION_UNKNOWN
#define DATABASE	PSH_APPLICATION_DATABASE
#define WEB		PSH_APPLICATION_WEB
#define MEDIA		PSH_APPLICATION_MEDIA
#define BACKUP		PSH_APPLICATION_BACKUP
#define LOG		PSH_APPLICATION_LOG

static const struct classify_row classify_rows[] = {
	{ "nothing is idle", { { 10, RW(0, 0) } },
	  IDLE, EVEN, UNKNOWN, 0 },
	{ "the first window counts at once", { { 1, RW(900, 100) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "70 % are read", { { 1, RW(700, 300) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "69 % are mixed", { { 1, RW(690, 310) } },
	  MIXED, EVEN, UNKNOWN, 1 },
	{ "30 % are write", { { 1, RW(300, 700) } },
	  WRITES, EVEN, UNKNOWN, 1 },
	{ "31 % are mixed", { { 1, RW(310, 690) } },
	  MIXED, EVEN, UNKNOWN, 1 },
	{ "two windows change nothing",
	  { { 10, RW(900, 100) }, { 2, RW(100, 900) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "three windows do",
	  { { 10, RW(900, 100) }, { 3, RW(100, 900) } },
	  WRITES, EVEN, UNKNOWN, 2 },
	{ "three that are not in a row do not",
	  { { 10, RW(900, 100) }, { 2, RW(100, 900) }, { 1, RW(900, 100) },
	    { 2, RW(100, 900) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "66 % stay read",
	  { { 10, RW(900, 100) }, { 10, RW(660, 340) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "64 % do not",
	  { { 10, RW(900, 100) }, { 10, RW(640, 360) } },
	  MIXED, EVEN, UNKNOWN, 2 },
	{ "34 % stay write",
	  { { 10, RW(100, 900) }, { 10, RW(340, 660) } },
	  WRITES, EVEN, UNKNOWN, 1 },
	{ "a twentieth of the mean is idle",
	  { { 100, RW(900, 100) }, { 3, RW(40, 5) } },
	  IDLE, EVEN, UNKNOWN, 2 },
	{ "a tenth is not",
	  { { 100, RW(900, 100) }, { 3, RW(90, 10) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "idle stays at a little more than a twentieth",
	  { { 100, RW(900, 100) }, { 3, RW(40, 5) }, { 9, RW(54, 6) } },
	  IDLE, EVEN, UNKNOWN, 2 },
	{ "a burst of three times the mean", { { 3, BURST(3000, 310) } },
	  READS, BURSTY, UNKNOWN, 2 },
	{ "twice and a half is not yet", { { 3, BURST(3000, 250) } },
	  READS, EVEN, UNKNOWN, 1 },
	{ "twice and a half is still",
	  { { 3, BURST(3000, 310) }, { 9, BURST(3000, 250) } },
	  READS, BURSTY, UNKNOWN, 2 },
	{ "less than twice is not",
	  { { 3, BURST(3000, 310) }, { 3, BURST(3000, 190) } },
	  READS, EVEN, UNKNOWN, 3 },
	{ "pages at random with flushes are a database",
	  { { 3, APP(6000, 4000, 16, 16, 60, 100, 300) } },
	  MIXED, EVEN, DATABASE, 2 },
	{ "small reads at random are the web",
	  { { 3, APP(9500, 500, 32, 8, 5, 200, 300) } },
	  READS, EVEN, WEB, 2 },
	{ "long reads in order are media",
	  { { 3, APP(9900, 100, 1024, 8, 5, 900, 20) } },
	  READS, EVEN, MEDIA, 2 },
	{ "long reads of everything are a backup of it",
	  { { 3, APP(9900, 100, 1024, 8, 5, 950, 500) } },
	  READS, EVEN, BACKUP, 2 },
	{ "long writes in order are a backup into it",
	  { { 3, APP(100, 9900, 8, 1024, 0, 950, 200) } },
	  WRITES, EVEN, BACKUP, 2 },
	{ "short writes in order with flushes are a log",
	  { { 3, APP(10, 9990, 8, 16, 500, 900, 5) } },
	  WRITES, EVEN, LOG, 2 },
	{ "long writes at random are nobody's",
	  { { 3, APP(3000, 7000, 512, 1024, 0, 100, 900) } },
	  WRITES, EVEN, UNKNOWN, 1 },
	{ "too few requests say nothing",
	  { { 3, APP(6000, 4000, 16, 16, 60, 100, 300) },
	    { 9, APP(20, 10, 1024, 8, 5, 900, 20) } },
	  IDLE, EVEN, DATABASE, 3 },
	{ "the most requests do not overflow",
	  { { 9, { U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX,
		   U64_MAX, U64_MAX, U32_MAX, U64_MAX, U64_MAX } } },
	  MIXED, BURSTY, UNKNOWN, 2 },
	{ "no slots have no shape",
	  { { 9, { .reads = 1000, .busiest = 1000 } } },
	  READS, EVEN, UNKNOWN, 1 },
};

#undef RW
#undef APP
#undef BURST
#undef IDLE
#undef READS
#undef WRITES
#undef MIXED
#undef EVEN
#undef BURSTY
#undef UNKNOWN
#undef DATABASE
#undef WEB
#undef MEDIA
#undef BACKUP
#undef LOG

static inline u32 classify_run_row(const struct classify_row *row,
				   struct psh_classify *classify)
{
	u32 changes = 0, run, i;

	psh_classify_begin(classify);
	for (run = 0; run < CLASSIFY_RUNS; run++)
		for (i = 0; i < row->run[run].windows; i++)
			changes += psh_classify_look(classify,
						     &psh_classify_fives,
						     &row->run[run].window);
	return changes;
}

#endif /* PSH_VECTORS_CLASSIFY_H */
