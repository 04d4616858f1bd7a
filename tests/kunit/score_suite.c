// SPDX-License-Identifier: GPL-2.0
/*
 * score_suite: the rows of tests/vectors/score.h in the kernel.
 *
 * The same comparisons as tests/unit/score_test.c; its random numbers stay
 * there.
 */
#include "rows.h"
#include "../vectors/score.h"

ROWS(score_rows);

static void scores(struct kunit *test)
{
	const struct score_row *row = test->param_value;
	struct psh_score *score =
		kunit_kzalloc(test, sizeof(*score), GFP_KERNEL);
	u32 ahead;

	KUNIT_ASSERT_NOT_NULL(test, score);
	score_run_row(row, score);
	for (ahead = 0; ahead < PSH_SCORE_AHEADS; ahead++) {
		const struct psh_score_row *have = &score->row[ahead];

		KUNIT_EXPECT_EQ(test, have->scored, row->scored[ahead]);
		KUNIT_EXPECT_EQ(test, psh_score_error(have), row->error[ahead]);
		KUNIT_EXPECT_EQ(test, psh_score_inside(have),
				row->inside[ahead]);
	}
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(scores, score_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_score",
	.test_cases = cases,
};

kunit_test_suite(suite);
