// SPDX-License-Identifier: GPL-2.0
/*
 * spike_suite: the rows of tests/vectors/spike.h in the kernel.
 *
 * The same comparisons as tests/unit/spike_test.c; its walks over random loads
 * stay there.
 */
#include "rows.h"
#include "../vectors/spike.h"

ROWS(spike_rows);

static void spikes(struct kunit *test)
{
	const struct spike_row *row = test->param_value;
	struct psh_spike spike;
	struct spike_seen seen = spike_run_row(row, &spike);

	KUNIT_EXPECT_EQ(test, seen.begins, row->begins);
	KUNIT_EXPECT_EQ(test, seen.ends, row->ends);
	KUNIT_EXPECT_EQ(test, seen.spikes, row->spikes);
	KUNIT_EXPECT_EQ(test, seen.anomaly, row->anomaly);
	KUNIT_EXPECT_EQ(test, spike.level_q16, row->level_q16);
	KUNIT_EXPECT_EQ(test, spike.deviation_q16, row->deviation_q16);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(spikes, spike_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_spike",
	.test_cases = cases,
};

kunit_test_suite(suite);
