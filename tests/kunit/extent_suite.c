// SPDX-License-Identifier: GPL-2.0
/*
 * extent_suite: the rows of tests/vectors/extent.h in the kernel.
 *
 * The same comparisons as tests/unit/extent_test.c; the random walks stay there.
 */
#include "rows.h"
#include "../vectors/extent.h"

ROWS(extent_rows);

static void apply(struct psh_extent_pool *pool, u32 *root,
		  const struct psh_extent *change)
{
	if (change->place)
		psh_extent_insert(pool, root, change);
	else
		psh_extent_erase(pool, root, change->start, change->sectors);
}

static void leaves(struct kunit *test)
{
	const struct extent_row *row = test->param_value;
	struct psh_extent_node *chunk;
	struct psh_extent_pool pool = { .chunk = &chunk };
	struct psh_extent extent;
	u32 i, at = 0, root = 0;

	chunk = kunit_kcalloc(test, PSH_EXTENT_CHUNK_NODES, sizeof(*chunk),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, chunk);
	psh_extent_pool_add(&pool, chunk);
	for (i = 0; row->change[i].sectors; i++)
		apply(&pool, &root, &row->change[i]);
	for (i = 0; psh_extent_find(&pool, root, at, &extent); i++) {
		KUNIT_EXPECT_EQ(test, extent.start, row->left[i].start);
		KUNIT_EXPECT_EQ(test, extent.sectors, row->left[i].sectors);
		KUNIT_EXPECT_EQ(test, extent.kind, row->left[i].kind);
		KUNIT_EXPECT_EQ(test, extent.place, row->left[i].place);
		at = extent.start + extent.sectors;
	}
	KUNIT_EXPECT_EQ(test, row->left[i].sectors, 0);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(leaves, extent_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_extent",
	.test_cases = cases,
};

kunit_test_suite(suite);
