/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spike: rows for the detector, each a load told as runs of equal slots.
 *
 * Data only; tests/unit/spike_test.c and the KUnit suite compare the same
 * rows. Slots count from 0; a turn that never comes is NEVER.
 */
#ifndef PSH_VECTORS_SPIKE_H
#define PSH_VECTORS_SPIKE_H

#include "../../dm-predshard/core/series.h"
#include "../../dm-predshard/core/spike.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define SPIKE_RUNS	5
#define NEVER		U32_MAX
#define TENS		(&psh_spike_tens)
#define FIVES		(&psh_spike_fives)

struct spike_run {
	u32 slots;
	u64 value;
	u64 low;	/* what was forecast */
	u64 high;	/* 0 for nothing */
};

struct spike_row {
	const char *name;
	const struct psh_spike_policy *policy;
	struct spike_run run[SPIKE_RUNS];
	u32 begins;	/* slot of the first */
	u32 ends;	/* slot of the last */
	u32 spikes;
	u32 anomaly;	/* first slot with the flag */
	s32 level_q16;	/* in the end */
	s32 deviation_q16;
};

static const struct spike_row spike_rows[] = {
	{ "nothing is no spike", TENS, { { 500, 0 } },
	  NEVER, NEVER, 0, NEVER, 0, 9600 },
	{ "a constant load is none", TENS, { { 500, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 9600 },
	{ "the most is none", TENS, { { 500, U64_MAX } },
	  NEVER, NEVER, 0, NEVER, 3014656, 9600 },
	{ "four times as much is one in 30 s", TENS,
	  { { 360, 1000 }, { 60, 4000 }, { 60, 1000 } },
	  362, 431, 1, NEVER, 653184, 9624 },
	{ "one wild slot is none", TENS,
	  { { 360, 1000 }, { 1, U64_MAX }, { 100, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 9600 },
	{ "two wild slots are none", TENS,
	  { { 360, 1000 }, { 2, U64_MAX }, { 100, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 9600 },
	{ "a third more is none", TENS,
	  { { 360, 1000 }, { 360, 1333 } },
	  NEVER, NEVER, 0, NEVER, 680384, 11023 },
	{ "a little where there was nothing is one", TENS,
	  { { 360, 0 }, { 30, 100 } },
	  362, NEVER, 1, NEVER, 5196, 10056 },
	{ "what is little beside the mean is none", TENS,
	  { { 100, 0 }, { 200, 10000 }, { 200, 0 }, { 10, 200 } },
	  102, 311, 1, NEVER, 3469, 11872 },
	{ "a rise that stays becomes usual", TENS,
	  { { 360, 1000 }, { 2000, 4000 } },
	  362, 1062, 1, NEVER, 784192, 9600 },
	{ "a pause of a minute does not end it", TENS,
	  { { 360, 1000 }, { 30, 8000 }, { 6, 1000 }, { 30, 8000 } },
	  362, NEVER, 1, NEVER, 662172, 10056 },
	{ "none while warming up", TENS,
	  { { 20, 1000 }, { 10, 9000 }, { 50, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 41343 },
	{ "what was forecast is none", TENS,
	  { { 360, 1000 }, { 60, 8000, 4000, 9000 }, { 60, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 9600 },
	{ "more than was forecast is one", TENS,
	  { { 360, 1000 }, { 60, 20000, 4000, 9000 }, { 60, 1000 } },
	  362, 431, 1, 369, 653184, 9624 },
	{ "less than was forecast is an anomaly", TENS,
	  { { 360, 1000, 800, 1200 }, { 60, 100, 800, 1200 } },
	  NEVER, NEVER, 0, 365, 635124, 9600 },
	{ "within the band is none", TENS,
	  { { 360, 1000, 800, 1200 }, { 60, 700, 800, 1200 } },
	  NEVER, NEVER, 0, NEVER, 635124, 9600 },
	{ "a band upside down is a line", TENS,
	  { { 360, 1000, 5000, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 9600 },
	{ "ten times as much is one in 5 min", FIVES,
	  { { 100, 1000 }, { 12, 10000 }, { 12, 1000 } },
	  101, 114, 1, NEVER, 653184, 25816 },
	{ "half as much again is none in 5 min", FIVES,
	  { { 100, 1000 }, { 24, 1500 }, { 24, 1000 } },
	  NEVER, NEVER, 0, NEVER, 653184, 25333 },
	{ "from nothing to the most and back", TENS,
	  { { 100, 0 }, { 100, U64_MAX }, { 100, 0 } },
	  102, 211, 1, NEVER, 0, 11165 },
};

/* What a row says, as the detector said it. */
struct spike_seen {
	u32 begins;
	u32 ends;
	u32 spikes;
	u32 anomaly;
};

static inline void spike_look(const struct spike_row *row,
			      const struct spike_run *run,
			      struct psh_spike *spike, u32 slot,
			      struct spike_seen *seen)
{
	struct psh_spike_band band = { psh_series_code(run->low),
				       psh_series_code(run->high) };
	u16 code = psh_series_code(run->value);
	enum psh_spike_turn turn =
		psh_spike_look(spike, row->policy, code, band);

	if (turn == PSH_SPIKE_BEGINS && !seen->spikes++)
		seen->begins = slot;
	if (turn == PSH_SPIKE_ENDS)
		seen->ends = slot;
	if (spike->anomaly && seen->anomaly == NEVER)
		seen->anomaly = slot;
}

static inline struct spike_seen spike_run_row(const struct spike_row *row,
					      struct psh_spike *spike)
{
	struct spike_seen seen = { NEVER, NEVER, 0, NEVER };
	u32 slot = 0, run, i;

	psh_spike_begin(spike);
	for (run = 0; run < SPIKE_RUNS; run++)
		for (i = 0; i < row->run[run].slots; i++, slot++)
			spike_look(row, &row->run[run], spike, slot, &seen);
	return seen;
}

#undef TENS
#undef FIVES

#endif /* PSH_VECTORS_SPIKE_H */
