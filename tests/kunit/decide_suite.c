// SPDX-License-Identifier: GPL-2.0
/*
 * decide_suite: the rows of tests/vectors/decide.h in the kernel.
 *
 * The same comparisons as tests/unit/decide_test.c; its lives of
 * volumes and its random states stay there.
 */
#include "rows.h"
#include "../vectors/decide.h"

ROWS(decide_rows);

static void decides(struct kunit *test)
{
	const struct decide_row *row = test->param_value;
	struct psh_action *action = kunit_kcalloc(test, PSH_DECIDE_ACTIONS,
						  sizeof(*action), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, action);
	KUNIT_ASSERT_EQ(test, decide_run_row(row, action), row->nr);
	for (i = 0; i < row->nr; i++) {
		const struct psh_action *wanted = &row->list[i];

		KUNIT_EXPECT_EQ(test, action[i].kind, wanted->kind);
		KUNIT_EXPECT_EQ(test, action[i].reason, wanted->reason);
		KUNIT_EXPECT_EQ(test, action[i].held, wanted->held);
		KUNIT_EXPECT_EQ(test, action[i].start_s, wanted->start_s);
		KUNIT_EXPECT_EQ(test, action[i].deadline_s, wanted->deadline_s);
		KUNIT_EXPECT_EQ(test, action[i].bytes, wanted->bytes);
		KUNIT_EXPECT_EQ(test, action[i].zones, wanted->zones);
		KUNIT_EXPECT_EQ(test, action[i].copies, wanted->copies);
		KUNIT_EXPECT_EQ(test, action[i].permille, wanted->permille);
		KUNIT_EXPECT_EQ(test, action[i].number[0], wanted->number[0]);
		KUNIT_EXPECT_EQ(test, action[i].number[1], wanted->number[1]);
	}
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(decides, decide_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_decide",
	.test_cases = cases,
};

kunit_test_suite(suite);
