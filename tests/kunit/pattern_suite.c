// SPDX-License-Identifier: GPL-2.0
/*
 * pattern_suite: the rows of tests/vectors/pattern.h in the kernel.
 *
 * The same comparisons as tests/unit/pattern_test.c; its random days stay
 * there.
 */
#include "rows.h"
#include "../vectors/pattern.h"

ROWS(pattern_rows);

static void finds(struct kunit *test)
{
	const struct pattern_row *row = test->param_value;
	struct psh_pattern_span span;
	struct psh_pattern pattern;
	u32 i;

	psh_pattern_begin(&pattern);
	for (i = 0; i < row->nr; i++)
		psh_pattern_add(&pattern, row->use[i].hour, row->use[i].uses);
	for (i = 0; i < row->fades; i++)
		psh_pattern_fade(&pattern);
	psh_pattern_busiest(&pattern, row->permille, &span);
	KUNIT_EXPECT_EQ(test, span.begin, row->span.begin);
	KUNIT_EXPECT_EQ(test, span.hours, row->span.hours);
	KUNIT_EXPECT_EQ(test, span.permille, row->span.permille);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds, pattern_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_pattern",
	.test_cases = cases,
};

kunit_test_suite(suite);
