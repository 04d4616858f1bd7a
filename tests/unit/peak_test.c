// SPDX-License-Identifier: GPL-2.0
/*
 * peak_test: the next peak is the first steps above the line.
 *
 * The rows of tests/vectors/peak.h; chances that fall as the line rises; and
 * forecasts and clocks of any kind.
 */
#include "rows.h"
#include "../vectors/peak.h"
#include "../vectors/random.h"

static void finds(void **state)
{
	const struct peak_row *row = *state;
	struct psh_peak peak;

	peak_run_row(row, &peak);
	assert_int_equal(peak.kind, row->peak.kind);
	assert_int_equal(peak.on, row->peak.on);
	assert_int_equal(peak.begin_s, row->peak.begin_s);
	assert_int_equal(peak.end_s, row->peak.end_s);
	assert_int_equal(peak.top, row->peak.top);
	assert_int_equal(peak.permille, row->peak.permille);
	assert_int_equal(peak.units, row->peak.units);
}

static void chances(void **state)
{
	const struct peak_chance_row *row = *state;

	assert_int_equal(psh_peak_chance(&row->step, row->line), row->permille);
}

static void starts(void **state)
{
	const struct peak_start_row *row = *state;

	assert_int_equal(psh_peak_start(row->peak_s, row->bytes, row->rate_Bps,
					row->margin_s),
			 row->start_s);
}

static void a_higher_line_is_less_likely(void **state)
{
	u64 random = 3;
	u32 i, k;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct psh_forecast_step step = { .p10 = 0 };
		u32 before = 1000, chance;
		u64 line = 0;

		step.p10 = random_magnitude(&random) >> 20;
		step.p50 = step.p10 + (random_magnitude(&random) >> 20);
		step.p90 = step.p50 + (random_magnitude(&random) >> 20);
		for (k = 0; k < 20; k++) {
			chance = psh_peak_chance(&step, line);
			assert_in_range(chance, 50, before);
			before = chance;
			line += step.p90 / 15 + 1;
		}
	}
}

static void no_forecast_breaks_it(void **state)
{
	static struct psh_forecast_step step[PSH_FORECAST_STEPS];
	u64 random = 5;
	u32 i, k;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct psh_peak_view view = {
			.step = random_next(&random) % 8 ? step : NULL,
			.steps = random_next(&random) % 97,
			.step_s = 1 + random_next(&random) % 86400,
			.first_s = (s64)(random_magnitude(&random) >> 4),
			.now_s = (s64)(random_magnitude(&random) >> 4),
			.load = random_magnitude(&random),
			.spike = random_next(&random) & 1,
			.high = random_magnitude(&random) >> 16,
			.trust_q10 = random_next(&random) % 1025,
			.hold_s = random_next(&random) % (1 << 20),
		};
		struct psh_peak peak;

		view.low = view.high / 2;
		for (k = 0; k < PSH_FORECAST_STEPS; k++) {
			step[k].p10 = random_magnitude(&random);
			step[k].p50 = random_magnitude(&random);
			step[k].p90 = random_magnitude(&random);
		}
		psh_peak_look(&view, &peak);
		assert_true(peak.begin_s <= peak.end_s);
		assert_true(!peak.kind || peak.end_s >= view.now_s);
		assert_true(peak.on ==
			    (peak.kind && peak.begin_s <= view.now_s));
		assert_true(peak.permille <= 1000);
		assert_true(peak.units < 1ULL << 60);
		assert_true(view.high || !peak.kind);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, peak_rows, finds);
	ROWS_ADD(&rows, peak_chance_rows, chances);
	ROWS_ADD(&rows, peak_start_rows, starts);
	rows_add(&rows, "a higher line is less likely",
		 a_higher_line_is_less_likely);
	rows_add(&rows, "no forecast breaks it", no_forecast_breaks_it);
	return rows_run("peak", &rows);
}
