// SPDX-License-Identifier: GPL-2.0
/*
 * peak_suite: the rows of tests/vectors/peak.h in the kernel.
 *
 * The same comparisons as tests/unit/peak_test.c; its random
 * forecasts stay there.
 */
#include "rows.h"
#include "../vectors/peak.h"

ROWS(peak_rows);
ROWS(peak_chance_rows);
ROWS(peak_start_rows);

static void finds(struct kunit *test)
{
	const struct peak_row *row = test->param_value;
	struct psh_peak peak;

	peak_run_row(row, &peak);
	KUNIT_EXPECT_EQ(test, peak.kind, row->peak.kind);
	KUNIT_EXPECT_EQ(test, peak.on, row->peak.on);
	KUNIT_EXPECT_EQ(test, peak.begin_s, row->peak.begin_s);
	KUNIT_EXPECT_EQ(test, peak.end_s, row->peak.end_s);
	KUNIT_EXPECT_EQ(test, peak.top, row->peak.top);
	KUNIT_EXPECT_EQ(test, peak.permille, row->peak.permille);
	KUNIT_EXPECT_EQ(test, peak.units, row->peak.units);
}

static void chances(struct kunit *test)
{
	const struct peak_chance_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_peak_chance(&row->step, row->line),
			row->permille);
}

static void starts(struct kunit *test)
{
	const struct peak_start_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			psh_peak_start(row->peak_s, row->bytes, row->rate_Bps,
				       row->margin_s),
			row->start_s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds, peak_rows_gen_params),
	KUNIT_CASE_PARAM(chances, peak_chance_rows_gen_params),
	KUNIT_CASE_PARAM(starts, peak_start_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_peak",
	.test_cases = cases,
};

kunit_test_suite(suite);
