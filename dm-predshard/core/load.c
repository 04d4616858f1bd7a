// SPDX-License-Identifier: GPL-2.0
/*
 * load: conversions between a load and its logarithm.
 *
 * Called once per forecast by the worker. Values are below 2^46, so the sum of
 * 2^11 of them is below 2^57. A converted value carries the error of the 16-bit
 * logarithm it came from, 0.07 %, which is far below any forecast's.
 */
#include "fixed.h"
#include "load.h"
#include "series.h"

#define DAY	288	/* 5-minute steps */

/* A logarithm on the models' scale; the unit must be known. */
static s32 log_of(const struct psh_load *load, u64 value)
{
	return (psh_fixed_log2(value + load->unit) - load->unit_log2_q16) >> 6;
}

void psh_load_look(struct psh_load *load, const u16 *code, u32 nr)
{
	u64 sum = 0, high = 0, count = 0;
	u32 i;

	if (nr > PSH_LOAD_SAMPLES) {
		code += nr - PSH_LOAD_SAMPLES;
		nr = PSH_LOAD_SAMPLES;
	}
	for (i = 0; i < nr; i++) {
		u64 value = psh_series_value(code[i]);

		sum += value;
		count += !!value;
		high = value > high ? value : high;
	}
	load->nr = nr;
	load->unit = div64_u64(sum, 10 * (count ? count : 1)) + 1;
	load->unit_log2_q16 = psh_fixed_log2(load->unit);
	load->most = 4 * high;
	for (i = 0; i < nr; i++)
		load->log_q10[i] = log_of(load, psh_series_value(code[i]));
}

u64 psh_load_value(const struct psh_load *load, s32 log_q10)
{
	s32 bounded = psh_fixed_clamp(log_q10, 0, 47 << 10);
	u64 power_q16 = psh_fixed_exp2((bounded << 6) + load->unit_log2_q16);
	u64 value = (power_q16 + 0x8000) >> 16;

	value = value > load->unit ? value - load->unit : 0;
	return value < load->most ? value : load->most;
}

static void sort(s32 *value, u32 nr)
{
	static const u8 gaps[] = { 132, 57, 23, 10, 4, 1 };
	u32 round, i, j;

	for (round = 0; round < ARRAY_SIZE(gaps); round++)
		for (i = gaps[round]; i < nr; i++) {
			s32 moved = value[i];

			for (j = i;
			     j >= gaps[round] && value[j - gaps[round]] > moved;
			     j -= gaps[round])
				value[j] = value[j - gaps[round]];
			value[j] = moved;
		}
}

s32 psh_load_quantile(struct psh_load *load, u32 samples, u32 percent)
{
	u32 nr = samples < load->nr ? samples : load->nr, place, rest;
	s32 *sorted = load->sorted;

	if (!nr)
		return 0;
	memcpy(sorted, load->log_q10 + load->nr - nr, nr * sizeof(*sorted));
	sort(sorted, nr);
	place = (nr - 1) * percent / 100;
	rest = (nr - 1) * percent % 100;
	if (!rest)
		return sorted[place];
	return sorted[place] +
	       (s32)((sorted[place + 1] - sorted[place]) * rest) / 100;
}

s32 psh_load_spike_line(struct psh_load *load)
{
	u64 high = psh_load_value(load, psh_load_quantile(load, DAY, 95));
	u64 middle = psh_load_value(load, psh_load_quantile(load, DAY, 50));

	return log_of(load, 2 * high - middle);
}
