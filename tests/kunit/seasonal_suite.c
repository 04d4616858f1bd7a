// SPDX-License-Identifier: GPL-2.0
/*
 * seasonal_suite: the rows of tests/vectors/seasonal.h in the kernel.
 *
 * The same comparisons as tests/unit/seasonal_test.c; a profile does not fit a
 * kernel stack and is allocated.
 */
#include "rows.h"
#include "../vectors/seasonal.h"

ROWS(seasonal_median_rows);
ROWS(seasonal_learn_rows);
ROWS(seasonal_week_rows);

static void finds_median(struct kunit *test)
{
	const struct seasonal_median_row *row = test->param_value;
	s32 value[ARRAY_SIZE(row->value)];

	memcpy(value, row->value, sizeof(value));
	KUNIT_EXPECT_EQ(test, psh_seasonal_median(value, row->nr), row->median);
}

static void learns(struct kunit *test)
{
	const struct seasonal_learn_row *row = test->param_value;
	struct psh_seasonal *seasonal =
		kunit_kzalloc(test, sizeof(*seasonal), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, seasonal);
	psh_seasonal_learn(seasonal, row->history, row->nr, SEASONAL_PERIOD);
	KUNIT_EXPECT_EQ(test, seasonal->days, row->days);
	for (i = 0; i < SEASONAL_PERIOD && row->days; i++) {
		KUNIT_EXPECT_EQ(test, seasonal->deviation[i],
				row->deviation[i]);
		KUNIT_EXPECT_EQ(test, seasonal->median[i], row->median[i]);
		KUNIT_EXPECT_EQ(test, seasonal->high[i], row->high[i]);
		KUNIT_EXPECT_EQ(test, seasonal->low[i], row->low[i]);
	}
}

static void finds_week(struct kunit *test)
{
	const struct seasonal_week_row *row = test->param_value;
	s32 value = -1;

	KUNIT_EXPECT_EQ(test,
			psh_seasonal_week(row->history, row->nr, row->week,
					  row->ahead, &value),
			row->weeks);
	KUNIT_EXPECT_EQ(test, value, row->value);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds_median, seasonal_median_rows_gen_params),
	KUNIT_CASE_PARAM(learns, seasonal_learn_rows_gen_params),
	KUNIT_CASE_PARAM(finds_week, seasonal_week_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_seasonal",
	.test_cases = cases,
};

kunit_test_suite(suite);
