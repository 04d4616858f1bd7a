// SPDX-License-Identifier: GPL-2.0
/*
 * spike_test: a flash crowd is seen within a minute, and little else is.
 *
 * The rows of tests/vectors/spike.h; surges of all sizes on noisy loads, with
 * the time that passes until they are seen; days of noise without any; and
 * input of any kind, after which the state keeps its bounds.
 */
#include "rows.h"
#include "../vectors/random.h"
#include "../vectors/spike.h"

#define HOUR	360	/* slots of 10 s */

static const struct psh_spike_band none = { 0, PSH_SPIKE_UNKNOWN };

static void spikes(void **state)
{
	const struct spike_row *row = *state;
	struct psh_spike spike;
	struct spike_seen seen = spike_run_row(row, &spike);

	assert_int_equal(seen.begins, row->begins);
	assert_int_equal(seen.ends, row->ends);
	assert_int_equal(seen.spikes, row->spikes);
	assert_int_equal(seen.anomaly, row->anomaly);
	assert_int_equal(spike.level_q16, row->level_q16);
	assert_int_equal(spike.deviation_q16, row->deviation_q16);
}

/* A load around @level: a sum of four, so that far values are rare. */
static u64 noisy(u64 level, u32 percent, u64 *random)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < 4; i++)
		sum += random_next(random) % 1000;
	return level * (200000 + (sum - 2000) * percent) / 200000;
}

static bool look(struct psh_spike *spike, u64 value)
{
	return psh_spike_look(spike, &psh_spike_tens, psh_series_code(value),
			      none) == PSH_SPIKE_BEGINS;
}

static void watch_an_hour(struct psh_spike *spike, u64 level, u64 *random)
{
	u32 i;

	psh_spike_begin(spike);
	for (i = 0; i < HOUR; i++)
		look(spike, noisy(level, 20, random));
	assert_false(spike->active);
}

static void any_surge_of_three_times_is_seen_within_60_s(void **state)
{
	struct psh_spike spike;
	u64 random = 11, level;
	u32 factor, i;

	(void)state;
	for (level = 10; level < 1ULL << 40; level *= 7)
		for (factor = 3; factor <= 20; factor++) {
			watch_an_hour(&spike, level, &random);
			for (i = 1; i <= 6; i++)
				if (look(&spike,
					 noisy(level * factor, 20, &random)))
					break;
			assert_in_range(i, 3, 6);
		}
}

/* 12 minutes up, as tools/train and the shared generator have it. */
static void a_growing_surge_is_seen_60_s_after_it_doubled(void **state)
{
	struct psh_spike spike;
	u64 random = 13;
	u32 factor, i, doubled;

	(void)state;
	for (factor = 4; factor <= 15; factor++) {
		watch_an_hour(&spike, 1000, &random);
		doubled = 72 / (factor - 1);
		for (i = 0; i < 72; i++)
			if (look(&spike,
				 noisy(1000 + 1000 * (factor - 1) * i / 72, 20,
				       &random)))
				break;
		assert_in_range(i, 1, doubled + 6);
	}
}

static void thirty_days_of_noise_have_no_spike(void **state)
{
	struct psh_spike spike;
	u64 random = 17;
	u32 i, begun = 0;

	(void)state;
	psh_spike_begin(&spike);
	for (i = 0; i < 30 * 24 * HOUR; i++)
		begun += look(&spike, noisy(1000, 60, &random));
	assert_int_equal(begun, 0);
}

/* A wave of a day from 1 to 4, up and down in straight lines. */
static void a_daily_wave_has_no_spike(void **state)
{
	struct psh_spike spike;
	u64 random = 19;
	u32 day = 24 * HOUR, i, begun = 0;

	(void)state;
	psh_spike_begin(&spike);
	for (i = 0; i < 30 * day; i++) {
		u32 at = i % day < day / 2 ? i % day : day - i % day;
		u64 level = 1000 + 3000ULL * at / (day / 2);

		begun += look(&spike, noisy(level, 30, &random));
	}
	assert_int_equal(begun, 0);
}

static void single_bursts_every_5_minutes_are_no_spike(void **state)
{
	struct psh_spike spike;
	u64 random = 23, level;
	u32 i, begun = 0;

	(void)state;
	psh_spike_begin(&spike);
	for (i = 0; i < 10 * 24 * HOUR; i++) {
		level = i % 30 ? 1000 : 30000;
		begun += look(&spike, noisy(level, 30, &random));
	}
	assert_int_equal(begun, 0);
}

static void assert_bounded(const struct psh_spike *spike,
			   const struct psh_spike_policy *policy)
{
	assert_in_range(spike->level_q16, 0, 47104 << 6);
	assert_in_range(spike->deviation_q16, policy->floor_q10 << 6, 8 << 16);
	assert_true(spike->evidence_q16 >= 0);
	assert_true(spike->evidence_q16 <= 2 * 255 * (8 << 16));
	assert_true(spike->mean_q12 >= 0 && !(spike->mean_q12 >> 58));
	assert_true(spike->excess_q16 <= 47 << 16);
	assert_true(psh_spike_usual(spike) <= PSH_SERIES_VALUE_MOST);
}

/* Codes that no value has, bands upside down, policies at their ends. */
static void no_input_breaks_it(void **state)
{
	static const struct psh_spike_policy wild = {
		.rise_q10 = U16_MAX,
		.floor_q10 = 1,
		.clip = 255,
		.evidence = 255,
		.leave = 255,
		.odd = 255,
		.pace = 12,
	};
	const struct psh_spike_policy *policies[] = { &psh_spike_tens,
						      &psh_spike_fives, &wild };
	struct psh_spike spike;
	u64 random = 29;
	u32 i, which;

	(void)state;
	for (which = 0; which < ARRAY_SIZE(policies); which++) {
		psh_spike_begin(&spike);
		for (i = 0; i < 200000; i++) {
			u32 hold = random_next(&random) % 4 ? 0 : 40;
			u16 code = random_next(&random);
			struct psh_spike_band band = { random_next(&random),
						       random_next(&random) };

			if (random_next(&random) & 1)
				band.high = PSH_SPIKE_UNKNOWN;
			do
				psh_spike_look(&spike, policies[which], code,
					       band);
			while (hold--);
			assert_bounded(&spike, policies[which]);
		}
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, spike_rows, spikes);
	rows_add(&rows, "any surge of three times is seen within 60 s",
		 any_surge_of_three_times_is_seen_within_60_s);
	rows_add(&rows, "a growing surge is seen 60 s after it doubled",
		 a_growing_surge_is_seen_60_s_after_it_doubled);
	rows_add(&rows, "thirty days of noise have no spike",
		 thirty_days_of_noise_have_no_spike);
	rows_add(&rows, "a daily wave has no spike", a_daily_wave_has_no_spike);
	rows_add(&rows, "single bursts every 5 minutes are no spike",
		 single_bursts_every_5_minutes_are_no_spike);
	rows_add(&rows, "no input breaks it", no_input_breaks_it);
	return rows_run("spike", &rows);
}
