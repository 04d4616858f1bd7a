// SPDX-License-Identifier: GPL-2.0
/*
 * series: filling of the three rings.
 *
 * Called by the predictor's worker, which alone writes a series. Every ring is
 * fed with the samples themselves, so that an hour is the mean of its samples
 * and not of its 5 minutes' logarithms. A sum cannot overflow: 2^46 times the
 * 2^17 samples to which a slot is cut.
 */
#include "fixed.h"
#include "series.h"

#define SAMPLES_MOST	(1U << 17)	/* per slot; more than 30 per second */

struct ring {
	u32 seconds;
	u32 places;
	u32 start;
};

static const struct ring rings[PSH_SERIES_RINGS] = {
	[PSH_SERIES_10S] = { 10, PSH_SERIES_TENS, 0 },
	[PSH_SERIES_5MIN] = { 300, PSH_SERIES_FIVES, PSH_SERIES_TENS },
	[PSH_SERIES_1H] = { 3600, PSH_SERIES_HOURS,
			    PSH_SERIES_TENS + PSH_SERIES_FIVES },
};

u16 psh_series_code(u64 value)
{
	if (value > PSH_SERIES_VALUE_MOST)
		value = PSH_SERIES_VALUE_MOST;
	return psh_fixed_shift(psh_fixed_log2(value + 1), 6);
}

u64 psh_series_value(u16 code)
{
	u64 power_q16 = psh_fixed_exp2((s32)code << 6);

	return ((power_q16 + 0x8000) >> 16) - 1;
}

void psh_series_begin(struct psh_series *series)
{
	memset(series, 0, sizeof(*series));
}

static void put(struct psh_series *series, u32 ring, u16 code)
{
	struct psh_series_slot *slot = &series->slot[ring];

	series->code[rings[ring].start + slot->head] = code;
	slot->head = slot->head + 1U < rings[ring].places ? slot->head + 1 : 0;
	if (slot->filled < rings[ring].places)
		slot->filled++;
}

/* The open slot is full: keep its mean, and repeat it over a gap. */
static void close_slot(struct psh_series *series, u32 ring, u64 number)
{
	struct psh_series_slot *slot = &series->slot[ring];
	u16 code = psh_series_code(div64_u64(slot->sum, slot->samples));
	u64 missing = number - slot->number - 1;

	if (missing >= rings[ring].places) {
		slot->filled = 0;
		slot->head = 0;
		return;
	}
	put(series, ring, code);
	for (; missing; missing--)
		put(series, ring, code);
}

static void add_to(struct psh_series *series, u32 ring, u64 now_s, u64 value)
{
	struct psh_series_slot *slot = &series->slot[ring];
	u64 number = div64_u64(now_s, rings[ring].seconds);

	if (!series->started) {
		slot->number = number;
	} else if (number > slot->number) {
		close_slot(series, ring, number);
		slot->number = number;
		slot->sum = 0;
		slot->samples = 0;
	}
	if (slot->samples == SAMPLES_MOST)
		return;
	slot->sum += value;
	slot->samples++;
}

void psh_series_add(struct psh_series *series, s64 now_s, u64 value)
{
	u32 ring;

	if (value > PSH_SERIES_VALUE_MOST)
		value = PSH_SERIES_VALUE_MOST;
	for (ring = 0; ring < PSH_SERIES_RINGS; ring++)
		add_to(series, ring, now_s > 0 ? now_s : 0, value);
	series->started = true;
}

u32 psh_series_read(const struct psh_series *series, enum psh_series_ring ring,
		    u16 *code, u32 most)
{
	const struct psh_series_slot *slot = &series->slot[ring];
	u32 nr = slot->filled < most ? slot->filled : most, i;
	u32 places = rings[ring].places;
	u32 place = slot->head >= nr ? slot->head - nr :
				       slot->head + places - nr;

	for (i = 0; i < nr; i++) {
		code[i] = series->code[rings[ring].start + place];
		place = place + 1 < places ? place + 1 : 0;
	}
	return nr;
}
