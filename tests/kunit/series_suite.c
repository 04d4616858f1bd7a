// SPDX-License-Identifier: GPL-2.0
/*
 * series_suite: the rows of tests/vectors/series.h in the kernel.
 *
 * The same comparisons as tests/unit/series_test.c; its walks over random
 * clocks stay there.
 */
#include "rows.h"
#include "../vectors/series.h"

ROWS(series_code_rows);
ROWS(series_add_rows);

static void codes(struct kunit *test)
{
	const struct series_code_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_series_code(row->value), row->code);
	KUNIT_EXPECT_EQ(test, psh_series_value(row->code), row->back);
}

static void adds(struct kunit *test)
{
	const struct series_add_row *row = test->param_value;
	struct psh_series *series =
		kunit_kzalloc(test, sizeof(*series), GFP_KERNEL);
	u16 code[SERIES_READ] = { 0 };
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, series);
	psh_series_begin(series);
	for (i = 0; i < row->samples; i++)
		psh_series_add(series, row->sample[i].now_s,
			       row->sample[i].value);
	KUNIT_EXPECT_EQ(test,
			psh_series_read(series, row->ring, code, SERIES_READ),
			row->nr);
	for (i = 0; i < row->nr; i++)
		KUNIT_EXPECT_EQ(test, psh_series_value(code[i]), row->read[i]);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(codes, series_code_rows_gen_params),
	KUNIT_CASE_PARAM(adds, series_add_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_series",
	.test_cases = cases,
};

kunit_test_suite(suite);
