/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spike: a load that rises out of what is usual, seen within a minute.
 *
 * Watches one ring of one metric, slot by slot, and keeps 32 bytes: a running
 * median, how far the highest sixteenth of slots lies above it, and how much
 * evidence against "as usual" has come together. One wild slot is no spike, a
 * rise that lasts is one until it falls or has become usual. What a forecast
 * expected counts as usual. Also flags an anomaly: a load outside the band of
 * its forecast, either way. It forecasts nothing and reads no clock: near says
 * which spikes recur, this sees those that nobody expected.
 */
#ifndef PSH_SPIKE_H
#define PSH_SPIKE_H

#include "base.h"

#define PSH_SPIKE_UNKNOWN	0	/* nothing was expected of this slot */

/**
 * struct psh_spike_policy - what counts as a spike in one ring
 * @rise_q10: least rise above the usual, as a logarithm to base 2
 * @floor_q10: least deviation that is assumed, so that a constant load does
 *	       not make a spike of any change
 * @clip: deviations above one that a single slot can count at most
 * @evidence: deviations above one, summed over slots, that make a spike
 * @leave: slots below half of @rise_q10 that end it
 * @warm: slots that are watched before the first
 * @odd: slots in a row outside the band that are an anomaly
 * @pace: the running median moves by deviation >> pace per slot; 1..12
 *
 * Neither @floor_q10 nor @evidence may be 0.
 */
struct psh_spike_policy {
	u16 rise_q10;
	u16 floor_q10;
	u8 clip;
	u8 evidence;
	u8 leave;
	u8 warm;
	u8 odd;
	u8 pace;
};

/* For slots of 10 s and of 5 min; tests/unit/spike_test.c holds their rates. */
extern const struct psh_spike_policy psh_spike_tens;
extern const struct psh_spike_policy psh_spike_fives;

/**
 * struct psh_spike - one metric in one ring
 * @mean_q12: slow mean of the values, for the unit below which all is little
 * @level_q16: running median, as psh_series_code() in Q16
 * @deviation_q16: what one slot in sixteen exceeds the usual by
 * @evidence_q16: sum of what slots exceeded it by
 * @excess_q16: of the last slot over the usual
 * @slots: watched so far, sticks
 * @quiet: slots in a row below half the rise
 * @outside: slots in a row outside the band, or inside once it is an anomaly
 * @active: a spike is on
 * @anomaly: the load is not as forecast
 */
struct psh_spike {
	s64 mean_q12;
	s32 level_q16;
	s32 deviation_q16;
	s32 evidence_q16;
	s32 excess_q16;
	u16 slots;
	u8 quiet;
	u8 outside;
	bool active;
	bool anomaly;
};

/**
 * struct psh_spike_band - what was forecast of one slot
 * @low: p10 as psh_series_code() makes it
 * @high: p90 likewise; %PSH_SPIKE_UNKNOWN for no forecast
 */
struct psh_spike_band {
	u16 low;
	u16 high;
};

enum psh_spike_turn {
	PSH_SPIKE_SAME,
	PSH_SPIKE_BEGINS,
	PSH_SPIKE_ENDS,
};

/**
 * psh_spike_begin() - nothing was seen
 * @spike: the metric
 */
void psh_spike_begin(struct psh_spike *spike);

/**
 * psh_spike_look() - take the next slot into account
 * @spike: the metric
 * @policy: of this ring
 * @code: the slot's value as psh_series_code() makes it
 * @expected: what was forecast of this slot
 *
 * Some 500 instructions, no loop, no division.
 *
 * Return: whether a spike begins or ends with this slot.
 */
enum psh_spike_turn psh_spike_look(struct psh_spike *spike,
				   const struct psh_spike_policy *policy,
				   u16 code, struct psh_spike_band expected);

/**
 * psh_spike_usual() - the load that the rise is measured from
 * @spike: the metric
 *
 * Return: the running median in the metric's unit.
 */
u64 psh_spike_usual(const struct psh_spike *spike);

#endif /* PSH_SPIKE_H */
