/* SPDX-License-Identifier: GPL-2.0 */
/*
 * series: what a meter showed, at three resolutions.
 *
 * Samples of one metric become means over 10 s (kept for an hour), 5 min (a
 * week) and 1 h (eight weeks), each in a ring of 16-bit logarithms, 0.07 %
 * apart: 7.3 KiB for one metric. A slot without a sample repeats the one
 * before; a clock that goes back adds to the slot that is open; a gap longer
 * than a ring starts that ring anew. It reads no clock and saves nothing.
 */
#ifndef PSH_SERIES_H
#define PSH_SERIES_H

#include "base.h"

#define PSH_SERIES_TENS		360	/* 10 s: 1 h */
#define PSH_SERIES_FIVES	2016	/* 5 min: 7 days, for spikes by slot */
#define PSH_SERIES_HOURS	1344	/* 1 h: 56 days */
#define PSH_SERIES_VALUE_MOST	((1ULL << 46) - 1)
#define PSH_SERIES_CODE_SHIFT	10

enum psh_series_ring {
	PSH_SERIES_10S,
	PSH_SERIES_5MIN,
	PSH_SERIES_1H,
	PSH_SERIES_RINGS
};

/**
 * struct psh_series_slot - the slot of one ring that is being filled
 * @number: which one, counted from the clock's beginning
 * @sum: of its samples
 * @samples: in it
 * @head: place in the ring of the next one
 * @filled: places in the ring that hold a value
 */
struct psh_series_slot {
	u64 number;
	u64 sum;
	u32 samples;
	u16 head;
	u16 filled;
};

/**
 * struct psh_series - one metric
 * @slot: the open slot of each ring
 * @started: a sample was added
 * @code: the rings, one after the other
 */
struct psh_series {
	struct psh_series_slot slot[PSH_SERIES_RINGS];
	bool started;
	u16 code[PSH_SERIES_TENS + PSH_SERIES_FIVES + PSH_SERIES_HOURS];
};

/**
 * psh_series_code() - the logarithm that a value is kept as
 * @value: above %PSH_SERIES_VALUE_MOST counts as that
 *
 * Return: log2(1 + @value) in Q10.
 */
u16 psh_series_code(u64 value);

/**
 * psh_series_value() - the value that a logarithm stands for
 * @code: from psh_series_code()
 *
 * Return: the value within 1/1024 of itself plus one.
 */
u64 psh_series_value(u16 code);

/**
 * psh_series_begin() - nothing was seen
 * @series: the metric
 */
void psh_series_begin(struct psh_series *series);

/**
 * psh_series_add() - take one sample into account
 * @series: the metric
 * @now_s: the caller's wall clock; before 1970 counts as 1970
 * @value: the metric now
 */
void psh_series_add(struct psh_series *series, s64 now_s, u64 value);

/**
 * psh_series_read() - the history of one ring
 * @series: the metric
 * @ring: which resolution
 * @code: result, oldest first; slots that are full only
 * @most: room of @code
 *
 * Return: how many.
 */
u32 psh_series_read(const struct psh_series *series, enum psh_series_ring ring,
		    u16 *code, u32 most);

#endif /* PSH_SERIES_H */
