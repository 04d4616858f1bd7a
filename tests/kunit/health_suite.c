// SPDX-License-Identifier: GPL-2.0
/*
 * health_suite: the rows of tests/vectors/health.h in the kernel.
 *
 * The same comparisons as tests/unit/health_test.c; its exhaustive walk over
 * the ladder stays there.
 */
#include "rows.h"
#include "../vectors/health.h"

ROWS(health_rows);
ROWS(health_name_rows);

static void steps(struct kunit *test)
{
	const struct health_row *row = test->param_value;
	const char *reason = NULL;

	KUNIT_EXPECT_EQ(test,
			psh_health_next(row->before, &row->signs, &row->policy,
					&reason),
			row->after);
	KUNIT_EXPECT_EQ(test, !reason, !row->reason);
	if (reason && row->reason)
		KUNIT_EXPECT_STREQ(test, reason, row->reason);
}

static void names(struct kunit *test)
{
	const struct health_name_row *row = test->param_value;

	KUNIT_EXPECT_STREQ(test, psh_state_name(row->state), row->word);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(steps, health_rows_gen_params),
	KUNIT_CASE_PARAM(names, health_name_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_health",
	.test_cases = cases,
};

kunit_test_suite(suite);
