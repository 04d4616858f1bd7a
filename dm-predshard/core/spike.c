// SPDX-License-Identifier: GPL-2.0
/*
 * spike: a clipped cumulative sum over a running median.
 *
 * Called by the predictor's worker once per closed slot. Median and deviation
 * move by bounded steps, up or down by the sign of what came, so that no value
 * can drag them far. Logarithms are of values plus an eighth of the slow mean:
 * from 0 to 3 requests is no rise where hundreds are usual.
 *
 * Ranges: codes are below 2^16, in Q16 below 2^22; deviations are cut to 2^19;
 * evidence is cut to twice the line, 2^20 times 255, below 2^28. The slow mean is at
 * most 2^46 in Q12.
 */
#include "fixed.h"
#include "series.h"
#include "spike.h"

#define CODE_MOST	47104	/* of %PSH_SERIES_VALUE_MOST */
#define MEAN_SHIFT	12	/* slots that the slow mean remembers: 4096 */
#define UNIT_SHIFT	(MEAN_SHIFT + 3)	/* an eighth of the mean */
#define DEVIATION_MOST	(8 << 16)
#define GROW_SHIFT	6	/* sixteen steps down make up for one up, */
#define SHRINK_SHIFT	10	/* so that one in sixteen is above */
#define HURRY		3	/* median and deviation, while warming up */

/*
 * Set by what a spike is to mean, and tried on generated loads only. Deviation
 * grows slowly, so that a surge which takes minutes to rise is not taken for a
 * load that has become restless.
 */
const struct psh_spike_policy psh_spike_tens = {
	.rise_q10 = 599, /* 1.5 times */
	.floor_q10 = 150, /* 10 % */
	.clip = 3,
	.evidence = 8,
	.leave = 12,
	.warm = 60,
	.odd = 6,
	.pace = 5,
};

const struct psh_spike_policy psh_spike_fives = {
	.rise_q10 = 1024, /* twice */
	.floor_q10 = 256, /* 19 % */
	.clip = 3,
	.evidence = 3,
	.leave = 3,
	.warm = 24,
	.odd = 3,
	.pace = 3,
};

void psh_spike_begin(struct psh_spike *spike)
{
	memset(spike, 0, sizeof(*spike));
}

static s32 logarithm(const struct psh_spike *spike, u16 code)
{
	u64 unit = (spike->mean_q12 >> UNIT_SHIFT) + 1;

	return psh_fixed_log2(psh_series_value(code) + unit);
}

static void take_mean(struct psh_spike *spike, u16 code)
{
	s64 value_q12 = psh_series_value(code) << MEAN_SHIFT;
	u32 shift = psh_log2(spike->slots + 1);

	if (shift > MEAN_SHIFT)
		shift = MEAN_SHIFT;
	spike->mean_q12 += (value_q12 - spike->mean_q12) >> shift;
}

static void take_level(struct psh_spike *spike, u16 code, u32 pace)
{
	s32 step = (spike->deviation_q16 >> pace) + 1;
	s32 distance = ((s32)code << 6) - spike->level_q16;

	spike->level_q16 += psh_fixed_clamp(distance, -step, step);
}

static void take_deviation(struct psh_spike *spike, s32 floor_q16, u32 hurry)
{
	s32 deviation = spike->deviation_q16;

	if (spike->excess_q16 > deviation)
		deviation += deviation >> (GROW_SHIFT - hurry);
	else
		deviation -= deviation >> (SHRINK_SHIFT - hurry);
	spike->deviation_q16 =
		psh_fixed_clamp(deviation, floor_q16, DEVIATION_MOST);
}

static void take_evidence(struct psh_spike *spike,
			  const struct psh_spike_policy *policy)
{
	s32 deviation = spike->deviation_q16;
	s64 more = psh_fixed_clamp(spike->excess_q16 - deviation, -deviation,
				   (s64)policy->clip * deviation);

	spike->evidence_q16 =
		psh_fixed_clamp(spike->evidence_q16 + more, 0,
				2LL * policy->evidence * deviation);
}

static enum psh_spike_turn turn(struct psh_spike *spike,
				const struct psh_spike_policy *policy)
{
	s32 rise_q16 = (s32)policy->rise_q10 << 6;
	s64 line = (s64)policy->evidence * spike->deviation_q16;

	if (!spike->active) {
		if (spike->slots <= policy->warm ||
		    spike->excess_q16 <= rise_q16 || spike->evidence_q16 < line)
			return PSH_SPIKE_SAME;
		spike->active = true;
		spike->quiet = 0;
		return PSH_SPIKE_BEGINS;
	}
	spike->quiet = spike->excess_q16 < rise_q16 / 2 ? spike->quiet + 1 : 0;
	if (spike->quiet < policy->leave)
		return PSH_SPIKE_SAME;
	spike->active = false;
	spike->evidence_q16 = 0;
	return PSH_SPIKE_ENDS;
}

/* Farther outside than the band is wide, and by a rise at least. */
static bool is_outside(const struct psh_spike *spike,
		       const struct psh_spike_policy *policy, u16 code,
		       struct psh_spike_band expected)
{
	s32 now = logarithm(spike, code);
	s32 low = logarithm(spike, expected.low);
	s32 high = logarithm(spike, expected.high);
	s32 room = high - low;

	if (room < (s32)policy->rise_q10 << 6)
		room = (s32)policy->rise_q10 << 6;
	return now > high + room || now < low - room;
}

/* As many slots inside end it as slots outside began it. */
static void take_band(struct psh_spike *spike,
		      const struct psh_spike_policy *policy, u16 code,
		      struct psh_spike_band expected)
{
	bool outside = expected.high != PSH_SPIKE_UNKNOWN &&
		       is_outside(spike, policy, code, expected);

	spike->outside = outside != spike->anomaly ? spike->outside + 1 : 0;
	if (spike->outside < policy->odd)
		return;
	spike->anomaly = outside;
	spike->outside = 0;
}

enum psh_spike_turn psh_spike_look(struct psh_spike *spike,
				   const struct psh_spike_policy *policy,
				   u16 code, struct psh_spike_band expected)
{
	s32 floor_q16 = (s32)policy->floor_q10 << 6, usual;
	u32 hurry = spike->slots < policy->warm ? HURRY : 0;
	u32 pace = policy->pace;

	if (code > CODE_MOST)
		code = CODE_MOST;
	if (expected.high > CODE_MOST)
		expected.high = CODE_MOST;
	if (expected.low > expected.high)
		expected.low = expected.high;
	if (!spike->slots) {
		spike->level_q16 = (s32)code << 6;
		spike->deviation_q16 = 2 * floor_q16;
	}
	spike->slots += spike->slots < U16_MAX;
	take_mean(spike, code);
	usual = spike->level_q16 >> 6;
	usual = usual > expected.high ? usual : expected.high;
	spike->excess_q16 = logarithm(spike, code) - logarithm(spike, usual);
	take_evidence(spike, policy);
	if (!spike->active)
		take_deviation(spike, floor_q16, hurry);
	/* A spike becomes usual half as fast as anything else. */
	if (spike->active)
		pace++;
	else if (pace > hurry)
		pace -= hurry;
	take_level(spike, code, pace);
	take_band(spike, policy, code, expected);
	return turn(spike, policy);
}

u64 psh_spike_usual(const struct psh_spike *spike)
{
	return psh_series_value(spike->level_q16 >> 6);
}
