// SPDX-License-Identifier: GPL-2.0
/*
 * ensemble_test: trust follows losses, and bands cover what they say.
 *
 * The rows of tests/vectors/ensemble.h, a simulated series whose band starts
 * too narrow, and random losses.
 */
#include "rows.h"
#include "../vectors/ensemble.h"
#include "../vectors/random.h"

static void shares(void **state)
{
	const struct ensemble_share_row *row = *state;
	struct psh_ensemble ensemble;
	u32 kind;

	psh_ensemble_begin(&ensemble);
	if (row->scored)
		psh_ensemble_fade(&ensemble);
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		psh_ensemble_lose(&ensemble, 0, kind, row->loss[kind]);
	psh_ensemble_weigh(&ensemble, row->present);
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		assert_int_equal(ensemble.share_q15[0][kind],
				 row->share_q15[kind]);
}

static void widens(void **state)
{
	const struct ensemble_widen_row *row = *state;
	struct psh_ensemble ensemble;
	u32 i;

	psh_ensemble_begin(&ensemble);
	for (i = 0; i < row->hits; i++)
		psh_ensemble_calibrate(&ensemble, 6, false, false);
	for (i = 0; i < row->misses; i++)
		psh_ensemble_calibrate(&ensemble, 6, false, true);
	assert_int_equal(ensemble.widen_q10[1][0], row->widen_q10[0]);
	assert_int_equal(ensemble.widen_q10[1][1], row->widen_q10[1]);
}

static void a_band_settles_at_one_miss_in_ten(void **state)
{
	struct psh_ensemble ensemble;
	u64 random = 9;
	u32 i, misses = 0;

	(void)state;
	psh_ensemble_begin(&ensemble);
	for (i = 0; i < 20000; i++) {
		/* Alike up to 1000; the band says 600. */
		bool above = random_next(&random) % 1000 >
			     600U * ensemble.widen_q10[0][1] / 1024;

		psh_ensemble_calibrate(&ensemble, 0, false, above);
		misses += above && i >= 1000;
	}
	assert_in_range(misses, 1800, 2000);
}

static void shares_are_whole_and_the_floor_stands(void **state)
{
	struct psh_ensemble ensemble;
	u64 random = 4;
	u32 round, kind, band;

	(void)state;
	psh_ensemble_begin(&ensemble);
	for (round = 0; round < 20000; round++) {
		u32 present = (random_next(&random) & 127) | 1;
		s32 forecast[PSH_FORECASTER_NR];

		psh_ensemble_fade(&ensemble);
		for (kind = 0; kind < PSH_FORECASTER_NR; kind++) {
			psh_ensemble_lose(&ensemble, round % 72, kind,
					  random_magnitude(&random));
			forecast[kind] = 1 << 20;
		}
		psh_ensemble_weigh(&ensemble, present);
		for (band = 0; band < PSH_ENSEMBLE_BANDS; band++)
			assert_in_range(ensemble.share_q15[band][0], 1024,
					32768);
		assert_int_equal(psh_ensemble_mix(&ensemble, round % 72,
						  forecast),
				 1 << 20);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, ensemble_share_rows, shares);
	ROWS_ADD(&rows, ensemble_widen_rows, widens);
	rows_add(&rows, "a band settles at one miss in ten",
		 a_band_settles_at_one_miss_in_ten);
	rows_add(&rows, "shares are whole and the floor stands",
		 shares_are_whole_and_the_floor_stands);
	return rows_run("ensemble", &rows);
}
