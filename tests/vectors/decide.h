/* SPDX-License-Identifier: GPL-2.0 */
/*
 * decide: rows from forecasts and states to lists of actions.
 *
 * Data only; tests/unit/decide_test.c and the KUnit suite compare the same
 * rows. Steps are hours, the first begins at 0, p10 is half and p90 twice of
 * p50. The home can do 1000 reads and 1000 writes a second, so that the lines
 * of the usual policy are 800 and 500, and half the way to p90 is reckoned with.
 */
#ifndef PSH_VECTORS_DECIDE_H
#define PSH_VECTORS_DECIDE_H

#include "../../dm-predshard/core/decide.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define DECIDE_STEPS	6
#define DECIDE_LIST	3
#define HOUR		3600LL
#define MiB		(1ULL << 20)
#define GiB		(1ULL << 30)

/* What most rows share; a row overrides what it is about. */
#define STATE		STATE_OF(1ULL << 40)
#define STATE_OF(budget) \
			.reads_most = 1000, .writes_most = 1000, \
			.copy_reads = 1000, .write_bytes = 4096, \
			.merge_Bps = 100 * MiB, .copy_Bps = 100 * MiB, \
			.budget_bytes = budget, .provision_s = 300
#define BUFFER		.buffer_bytes = 100 * GiB
#define HOT		HOT_OF(10 * GiB)
#define HOT_OF(bytes)	.hot_bytes = bytes, .zones_with_room = 0x6, \
			.zone_permille = { 100, 300, 600 }

struct decide_row {
	const char *name;
	u64 reads[DECIDE_STEPS];	/* p50 */
	u64 writes[DECIDE_STEPS];
	u32 steps;
	struct psh_capacity_outlook space;
	struct psh_decide_state state;
	u32 zones_wanted;
	u32 zones_forbidden;
	u32 losses[PSH_DECISION_NR];	/* booked at 0 */
	u32 changed;			/* bit set of decisions, at 0 */
	u32 nr;
	struct psh_action list[DECIDE_LIST];
};

static const struct decide_row decide_rows[] = {
	{ "nothing to do", { 100, 100, 100 }, { 100, 100, 100 }, 3, { 0 },
	  { STATE, BUFFER, HOT, .reads = 100, .writes = 100 } },
	{ "nothing is known", { 0 }, { 0 }, 0, { 0 }, { 0 } },
	{ "nothing without limits of the home", { 9000 }, { 9000 }, 1, { 0 },
	  { .reads = 9000, .writes = 9000, BUFFER, HOT } },
	{ "a peak of writes ahead", { 100, 100, 100 }, { 100, 100, 900 }, 3,
	  { 0 }, { STATE, BUFFER },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      6600, 7200, 0, 0, 0, 588, { 1350, 800 } } } },
	{ "a peak of writes is on", { 100, 100 }, { 100, 100 }, 2, { 0 },
	  { STATE, BUFFER, .writes = 850 },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_LOAD, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 850, 800 } } } },
	{ "a spike of writes", { 100, 100 }, { 100, 100 }, 2, { 0 },
	  { STATE, BUFFER, .writes = 600, .writes_spike = true },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_SPIKE, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 600, 500 } } } },
	{ "buffering stays on at the line", { 100 }, { 520 }, 1, { 0 },
	  { STATE, BUFFER, .writes = 510, .buffering = true } },
	{ "buffering stays on with a peak within the dwell", { 100, 100 },
	  { 100, 900 }, 2, { 0 },
	  { STATE, BUFFER, .now_s = 1500, .writes = 100, .buffering = true } },
	{ "buffering goes off", { 100, 100 }, { 100, 100 }, 2, { 0 },
	  { STATE, BUFFER, .writes = 100, .buffering = true },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_OFF, PSH_REASON_QUIET, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 100, 500 } } } },
	{ "a buffer that is too small is asked for", { 0 },
	  { 100, 2000, 2000, 100 }, 4, { 0 },
	  { STATE, .buffer_bytes = GiB, .buffering = true, .writes = 900 },
	  .nr = 1, .list = {
	    { PSH_ACTION_ASK_BUFFER, PSH_REASON_SMALL, PSH_HOLD_NONE,
	      0, 0, 5561647104, 0, 0, 1000, { 6635388928, 1073741824 } } } },
	{ "without any buffer one is asked for", { 0 }, { 100, 2000, 100 }, 3,
	  { 0 }, { STATE },
	  .nr = 1, .list = {
	    { PSH_ACTION_ASK_BUFFER, PSH_REASON_SMALL, PSH_HOLD_NONE,
	      2700, 3600, 44233129984, 0, 0, 950, { 44233129984, 0 } } } },
	{ "a merge in the quietest hour", { 300, 100, 50, 100, 100 },
	  { 100, 100, 10, 100, 900 }, 5, { 0 },
	  { STATE, BUFFER, .buffered_bytes = 10 * GiB, .buffering = true,
	    .writes = 510 },
	  .nr = 1, .list = {
	    { PSH_ACTION_MERGE, PSH_REASON_WINDOW, PSH_HOLD_NONE,
	      7200, 13800, 10737418240, 0, 0, 1000, { 10737418240, 90 } } } },
	{ "a merge before the peak in any case", { 100, 100 }, { 100, 900 }, 2,
	  { 0 }, { STATE, .buffer_bytes = 1024 * GiB, .buffering = true,
		   .buffered_bytes = 500 * GiB, .writes = 510 },
	  .nr = 1, .list = {
	    { PSH_ACTION_MERGE, PSH_REASON_LATE, PSH_HOLD_NONE,
	      0, 5121, 536870912000, 0, 0, 1000, { 536870912000, 314572800000 } } } },
	{ "a merge at once when it is full", { 100 }, { 900 }, 1, { 0 },
	  { STATE, BUFFER, .buffered_bytes = 80 * GiB, .buffering = true,
	    .writes = 900 }, 0, 0, { 0, 9 },
	  .nr = 1, .list = {
	    { PSH_ACTION_MERGE, PSH_REASON_FULL, PSH_HOLD_NONE,
	      0, 820, 85899345920, 0, 0, 1000, { 85899345920, 107374182400 } } } },
	{ "no merge while one is on", { 100 }, { 100 }, 1, { 0 },
	  { STATE, BUFFER, .buffered_bytes = 80 * GiB, .merging = true } },
	{ "a merge without any forecast", { 0 }, { 0 }, 0, { 0 },
	  { STATE, BUFFER, .buffered_bytes = GiB, .writes = 100 },
	  .nr = 1, .list = {
	    { PSH_ACTION_MERGE, PSH_REASON_QUIET, PSH_HOLD_NONE,
	      0, 0, 1073741824, 0, 0, 1000, { 100, 500 } } } },
	{ "no merge in a peak without any forecast", { 0 }, { 0 }, 0, { 0 },
	  { STATE, BUFFER, .buffered_bytes = GiB, .writes = 900,
	    .buffering = true } },
	{ "copies ahead of a peak of reads", { 100, 100, 100, 1000 },
	  { 10, 10, 10, 10 }, 4, { 0 }, { STATE, HOT },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      10098, 10800, 10737418240, 0x4, 1, 660, { 1500, 800 } } } },
	{ "copies where most reads come from", { 100, 100, 600 },
	  { 10, 10, 10 }, 3, { 0 }, { STATE, HOT },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      6498, 7200, 10737418240, 0x4, 1, 366, { 900, 800 } } } },
	{ "copies where they are wanted", { 100, 100, 600 },
	  { 10, 10, 10 }, 3, { 0 }, { STATE, HOT }, 0x2,
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      6498, 7200, 10737418240, 0x2, 1, 366, { 900, 800 } } } },
	{ "no copies where they are forbidden", { 100, 100, 600 },
	  { 10, 10, 10 }, 3, { 0 }, { STATE, HOT }, 0, 0x4,
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      6498, 7200, 10737418240, 0x2, 1, 366, { 900, 800 } } } },
	{ "a replica is asked for where no zone has room", { 100, 600 },
	  { 10, 10 }, 2, { 0 }, { STATE, .hot_bytes = 10 * GiB }, 0x1,
	  .nr = 1, .list = {
	    { PSH_ACTION_ASK_REPLICA, PSH_REASON_ZONES, PSH_HOLD_NONE,
	      2598, 3600, 10737418240, 0x1, 1, 366, { 1, 0 } } } },
	{ "copies that come late", { 100, 600 }, { 10, 10 }, 2, { 0 },
	  { STATE, HOT_OF(1024 * GiB) },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_LATE, PSH_HOLD_NONE,
	      0, 3600, 377487360000, 0x4, 1, 366, { 1099511627776, 377487360000 } } } },
	{ "copies for a spike of reads", { 100, 100 }, { 10, 10 }, 2, { 0 },
	  { STATE, HOT, .reads = 700, .reads_spike = true },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_SPIKE, PSH_HOLD_NONE,
	      0, 0, 10737418240, 0x4, 1, 1000, { 700, 500 } } } },
	{ "copies that are there are no more work", { 100, 600 }, { 10, 10 }, 2,
	  { 0 }, { STATE, HOT, .copies = 1, .copied_bytes = 10 * GiB } },
	{ "copies within the budget", { 100, 600 }, { 10, 10 }, 2, { 0 },
	  { STATE_OF(GiB), HOT },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      2898, 3600, 1073741824, 0x4, 1, 366, { 900, 800 } } } },
	{ "copies without a budget", { 100, 600 }, { 10, 10 }, 2, { 0 },
	  { STATE_OF(0), HOT },
	  .nr = 1, .list = {
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_BUDGET,
	      2898, 3600, 0, 0x4, 1, 366, { 900, 800 } } } },
	{ "reads and writes share the budget", { 100, 600 }, { 10, 1800 }, 2,
	  { 0 }, { STATE_OF(GiB), BUFFER, HOT },
	  .nr = 2, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      3000, 3600, 0, 0, 0, 950, { 2700, 800 } },
	    { PSH_ACTION_COPY, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      2898, 3600, 268435456, 0x4, 1, 366, { 900, 800 } } } },
	{ "copies go when no peak is ahead", { 100, 100 }, { 10, 10 }, 2, { 0 },
	  { STATE, HOT, .copies = 1, .reads = 100 },
	  .nr = 1, .list = {
	    { PSH_ACTION_DROP, PSH_REASON_QUIET, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 100, 500 } } } },
	{ "copies stay for a peak that is far", { 100, 100, 100, 100, 600 },
	  { 10, 10, 10, 10, 10 }, 5, { 0 },
	  { STATE, HOT, .copies = 1, .copied_bytes = 10 * GiB, .reads = 9 } },
	{ "a shadow is warmed before the next peak", { 100, 100, 100 },
	  { 100, 100, 900 }, 3, { 0 },
	  { STATE, .buffer_bytes = 1024 * GiB, .buffering = true,
	    .writes = 510, .shadow_bytes = 100 * GiB },
	  .nr = 1, .list = {
	    { PSH_ACTION_WARM, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      5576, 7200, 107374182400, 0, 0, 588, { 1350, 800 } } } },
	{ "space is asked for", { 100 }, { 10 }, 1,
	  { PSH_TREND_GROWING, 0, 10 * GiB, 86400, 172800, 259200 },
	  { STATE },
	  .nr = 1, .list = {
	    { PSH_ACTION_ASK_SPACE, PSH_REASON_FILLING, PSH_HOLD_NONE,
	      0, 86400, 42949672960, 0, 0, 900, { 86400, 172800 } } } },
	{ "space that lasts is not", { 100 }, { 10 }, 1,
	  { PSH_TREND_GROWING, 0, 10 * GiB, 864000, 1728000, 2592000 },
	  { STATE } },
	{ "space without a trend is not", { 100 }, { 10 }, 1,
	  { PSH_TREND_FLAT, 0, 10 * GiB, PSH_CAPACITY_NEVER,
	    PSH_CAPACITY_NEVER, PSH_CAPACITY_NEVER }, { STATE } },
	{ "no space is left", { 100 }, { 10 }, 1, { PSH_TREND_FULL },
	  { STATE },
	  .nr = 1, .list = {
	    { PSH_ACTION_ASK_SPACE, PSH_REASON_FILLING, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 0, 0 } } } },
	{ "held by the dwell", { 100, 100 }, { 100, 100 }, 2, { 0 },
	  { STATE, BUFFER, .now_s = 1799, .writes = 900 }, 0, 0, { 0 },
	  1 << PSH_DECISION_BUFFER,
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_LOAD, PSH_HOLD_DWELL,
	      1799, 1799, 0, 0, 0, 1000, { 900, 800 } } } },
	{ "not held when it begins after the dwell", { 100, 100 }, { 100, 900 },
	  2, { 0 }, { STATE, BUFFER, .now_s = 1799 }, 0, 0, { 0 },
	  1 << PSH_DECISION_BUFFER,
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_PEAK, PSH_HOLD_NONE,
	      3000, 3600, 0, 0, 0, 588, { 1350, 800 } } } },
	{ "held by losses", { 100, 100 }, { 100, 900 }, 2, { 0 },
	  { STATE, BUFFER }, 0, 0, { 1 },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_ON, PSH_REASON_PEAK, PSH_HOLD_LOSING,
	      3000, 3600, 0, 0, 0, 588, { 1350, 800 } } } },
	{ "to go off is not held by losses", { 100, 100 }, { 100, 100 }, 2,
	  { 0 }, { STATE, BUFFER, .buffering = true }, 0, 0, { 1 },
	  .nr = 1, .list = {
	    { PSH_ACTION_BUFFER_OFF, PSH_REASON_QUIET, PSH_HOLD_NONE,
	      0, 0, 0, 0, 0, 1000, { 0, 500 } } } },
};

static inline u32 decide_run_row(const struct decide_row *row,
				 struct psh_action *action)
{
	struct psh_forecast_step reads[DECIDE_STEPS], writes[DECIDE_STEPS];
	struct psh_decide_policy policy = psh_decide_usual;
	struct psh_decide_outlook outlook = {
		reads, writes, row->steps, HOUR, 0, row->space
	};
	struct psh_book book;
	u32 i, k;

	for (i = 0; i < DECIDE_STEPS; i++) {
		reads[i].p10 = row->reads[i] / 2;
		reads[i].p50 = row->reads[i];
		reads[i].p90 = 2 * row->reads[i];
		writes[i].p10 = row->writes[i] / 2;
		writes[i].p50 = row->writes[i];
		writes[i].p90 = 2 * row->writes[i];
	}
	policy.zones_wanted = row->zones_wanted;
	policy.zones_forbidden = row->zones_forbidden;
	psh_book_begin(&book);
	for (i = 0; i < PSH_DECISION_NR; i++) {
		for (k = 0; k < row->losses[i]; k++)
			psh_book_end(&book, i, 1, 0, 0);
		if (row->changed & 1U << i)
			psh_book_change(&book, i, 0);
	}
	return psh_decide(&outlook, &row->state, &policy, &book, action);
}

#undef STATE
#undef STATE_OF
#undef BUFFER
#undef HOT
#undef HOT_OF
#undef HOUR
#undef MiB
#undef GiB

#endif /* PSH_VECTORS_DECIDE_H */
