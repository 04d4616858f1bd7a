// SPDX-License-Identifier: GPL-2.0
/*
 * pace_suite: the rows of tests/vectors/pace.h in the kernel.
 *
 * The same comparisons as tests/unit/pace_test.c; its simulated copier stays
 * there.
 */
#include "rows.h"
#include "../vectors/pace.h"

ROWS(pace_adapt_rows);
ROWS(pace_take_rows);

static void adapts(struct kunit *test)
{
	const struct pace_adapt_row *row = test->param_value;
	struct psh_pace pace = { .rate_Bps = row->rate_Bps, .next_ns = 77 };

	psh_pace_adapt(&pace, row->busy, row->floor_Bps, row->limit_Bps);
	KUNIT_EXPECT_EQ(test, pace.rate_Bps, row->expected_Bps);
	KUNIT_EXPECT_EQ(test, pace.next_ns, 77);
}

static void takes(struct kunit *test)
{
	const struct pace_take_row *row = test->param_value;
	struct psh_pace pace = { row->rate_Bps, row->next_ns };

	KUNIT_EXPECT_EQ(test, psh_pace_take(&pace, row->bytes, row->now_ns),
			row->wait_ns);
	KUNIT_EXPECT_EQ(test, pace.next_ns, row->next_after_ns);
	KUNIT_EXPECT_EQ(test, pace.rate_Bps, row->rate_Bps);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(adapts, pace_adapt_rows_gen_params),
	KUNIT_CASE_PARAM(takes, pace_take_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_pace",
	.test_cases = cases,
};

kunit_test_suite(suite);
