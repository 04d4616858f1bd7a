/* SPDX-License-Identifier: GPL-2.0 */
/*
 * load: a history on the scale that the models work on.
 *
 * Loads differ by orders of magnitude within a day. Models see log2(1 + x / u)
 * with u a tenth of the mean: about linear for what is little, logarithmic for
 * what is much, and the same for any unit of x. This converts both ways and
 * finds the lines above which a value is a peak or a spike.
 */
#ifndef PSH_LOAD_H
#define PSH_LOAD_H

#include "base.h"

#define PSH_LOAD_SAMPLES	2016

/**
 * struct psh_load - a history
 * @nr: samples
 * @unit: a tenth of the mean of what is not 0, at least 1
 * @unit_log2_q16: its logarithm
 * @most: four times the highest sample, above which no forecast goes
 * @log_q10: the samples, oldest first
 * @sorted: room to find quantiles
 */
struct psh_load {
	u32 nr;
	u64 unit;
	s32 unit_log2_q16;
	u64 most;
	s32 log_q10[PSH_LOAD_SAMPLES];
	s32 sorted[PSH_LOAD_SAMPLES / 7];
};

/**
 * psh_load_look() - take a history over
 * @load: result
 * @code: samples as psh_series_code() made them, oldest first
 * @nr: samples, of which the last %PSH_LOAD_SAMPLES are taken
 */
void psh_load_look(struct psh_load *load, const u16 *code, u32 nr);

/**
 * psh_load_value() - from the models' scale to the load's
 * @load: from psh_load_look()
 * @log_q10: below 0 counts as 0
 *
 * Return: the value, at most @load->most.
 */
u64 psh_load_value(const struct psh_load *load, s32 log_q10);

/**
 * psh_load_quantile() - of the last samples
 * @load: from psh_load_look()
 * @samples: how many of the last; 1..288
 * @percent: 0..100
 *
 * Return: the quantile on the models' scale, between two samples by share.
 */
s32 psh_load_quantile(struct psh_load *load, u32 samples, u32 percent);

/**
 * psh_load_spike_line() - above it a value of the near term is a spike
 * @load: from psh_load_look(), of 5-minute steps
 *
 * As far above the last day's 95th percentile as that is above its median.
 *
 * Return: the line on the models' scale.
 */
s32 psh_load_spike_line(struct psh_load *load);

#endif /* PSH_LOAD_H */
