// SPDX-License-Identifier: GPL-2.0
/*
 * heat_suite: the rows of tests/vectors/heat.h in the kernel.
 *
 * The same comparisons as tests/unit/heat_test.c; its random volumes stay
 * there.
 */
#include "rows.h"
#include "../vectors/heat.h"

ROWS(heat_code_rows);
ROWS(heat_bump_rows);
ROWS(heat_set_rows);
ROWS(heat_hottest_rows);

static void codes(struct kunit *test)
{
	const struct heat_code_row *row = test->param_value;
	u8 byte = row->heat;

	KUNIT_EXPECT_EQ(test, psh_heat_of(row->value), row->heat);
	KUNIT_EXPECT_EQ(test, psh_heat_value(row->heat), row->back);
	psh_heat_fade(&byte, 1);
	KUNIT_EXPECT_EQ(test, byte, row->halved);
}

static void bumps(struct kunit *test)
{
	const struct heat_bump_row *row = test->param_value;
	u8 byte = row->before;

	psh_heat_bump(&byte, row->random);
	KUNIT_EXPECT_EQ(test, byte, row->after);
}

static void sets(struct kunit *test)
{
	const struct heat_set_row *row = test->param_value;
	u32 *segments = kunit_kzalloc(test, PSH_HEAT_LEVELS * sizeof(*segments),
				      GFP_KERNEL);
	struct psh_heat_set set;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, segments);
	for (i = 0; i < HEAT_LEVELS; i++)
		segments[row->level[i].heat] += row->level[i].segments;
	psh_heat_set(segments, row->permille, row->most, &set);
	KUNIT_EXPECT_EQ(test, set.threshold, row->set.threshold);
	KUNIT_EXPECT_EQ(test, set.segments, row->set.segments);
	KUNIT_EXPECT_EQ(test, set.permille, row->set.permille);
}

static void finds(struct kunit *test)
{
	const struct heat_hottest_row *row = test->param_value;
	struct psh_heat_spot spot[HEAT_ROOM];
	u32 nr, i;

	nr = psh_heat_hottest(spot, 0, row->room, row->heat, 0, 5);
	nr = psh_heat_hottest(spot, nr, row->room, row->heat + 5, 5,
			      HEAT_SEGMENTS - 5);
	psh_heat_sort(spot, nr);
	KUNIT_EXPECT_EQ(test, nr, row->nr);
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ(test, spot[i].segment, row->spot[i].segment);
		KUNIT_EXPECT_EQ(test, spot[i].heat, row->spot[i].heat);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(codes, heat_code_rows_gen_params),
	KUNIT_CASE_PARAM(bumps, heat_bump_rows_gen_params),
	KUNIT_CASE_PARAM(sets, heat_set_rows_gen_params),
	KUNIT_CASE_PARAM(finds, heat_hottest_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_heat",
	.test_cases = cases,
};

kunit_test_suite(suite);
