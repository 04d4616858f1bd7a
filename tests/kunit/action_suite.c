// SPDX-License-Identifier: GPL-2.0
/*
 * action_suite: the rows of tests/vectors/action.h in the kernel.
 *
 * The same comparisons as tests/unit/action_test.c; its walk over all
 * kinds and reasons stays there.
 */
#include "rows.h"
#include "../vectors/action.h"

ROWS(action_rows);

static void tells(struct kunit *test)
{
	const struct action_row *row = test->param_value;
	size_t size = 2 * PSH_ACTION_TEXT;
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_EQ(test, psh_action_tell(&row->action, 1000, text, size),
			strlen(row->text));
	KUNIT_EXPECT_STREQ(test, text, row->text);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(tells, action_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_action",
	.test_cases = cases,
};

kunit_test_suite(suite);
