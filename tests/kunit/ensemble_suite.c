// SPDX-License-Identifier: GPL-2.0
/*
 * ensemble_suite: the rows of tests/vectors/ensemble.h in the kernel.
 *
 * The same comparisons as tests/unit/ensemble_test.c; its simulated series stay
 * there.
 */
#include "rows.h"
#include "../vectors/ensemble.h"

ROWS(ensemble_share_rows);
ROWS(ensemble_widen_rows);

static void shares(struct kunit *test)
{
	const struct ensemble_share_row *row = test->param_value;
	struct psh_ensemble ensemble;
	u32 kind;

	psh_ensemble_begin(&ensemble);
	if (row->scored)
		psh_ensemble_fade(&ensemble);
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		psh_ensemble_lose(&ensemble, 0, kind, row->loss[kind]);
	psh_ensemble_weigh(&ensemble, row->present);
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		KUNIT_EXPECT_EQ(test, ensemble.share_q15[0][kind],
				row->share_q15[kind]);
}

static void widens(struct kunit *test)
{
	const struct ensemble_widen_row *row = test->param_value;
	struct psh_ensemble ensemble;
	u32 i;

	psh_ensemble_begin(&ensemble);
	for (i = 0; i < row->hits; i++)
		psh_ensemble_calibrate(&ensemble, 6, false, false);
	for (i = 0; i < row->misses; i++)
		psh_ensemble_calibrate(&ensemble, 6, false, true);
	KUNIT_EXPECT_EQ(test, ensemble.widen_q10[1][0], row->widen_q10[0]);
	KUNIT_EXPECT_EQ(test, ensemble.widen_q10[1][1], row->widen_q10[1]);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(shares, ensemble_share_rows_gen_params),
	KUNIT_CASE_PARAM(widens, ensemble_widen_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_ensemble",
	.test_cases = cases,
};

kunit_test_suite(suite);
