// SPDX-License-Identifier: GPL-2.0
/*
 * mergeplan_suite: the rows of tests/vectors/mergeplan.h in the kernel.
 *
 * The same comparisons as tests/unit/mergeplan_test.c; the search for a cheaper
 * partition stays there.
 */
#include "rows.h"
#include "../vectors/mergeplan.h"

ROWS(mergeplan_rows);

static void plans(struct kunit *test)
{
	const struct mergeplan_row *row = test->param_value;
	struct psh_merge_range range[MERGEPLAN_RANGES];
	struct psh_merge_step step[MERGEPLAN_RANGES];
	u32 i, nr = 0;
	u64 total;

	memcpy(range, row->before, sizeof(range));
	while (range[nr].sectors)
		nr++;
	nr = psh_merge_plan(&row->cost, row->max_sectors, range, nr, step,
			    &total);
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ(test, range[i].start, row->after[i].start);
		KUNIT_EXPECT_EQ(test, range[i].sectors, row->after[i].sectors);
		KUNIT_EXPECT_EQ(test, range[i].read_first,
				row->after[i].read_first);
	}
	KUNIT_EXPECT_EQ(test, row->after[i].sectors, 0);
	KUNIT_EXPECT_EQ(test, total, row->total);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(plans, mergeplan_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_mergeplan",
	.test_cases = cases,
};

kunit_test_suite(suite);
