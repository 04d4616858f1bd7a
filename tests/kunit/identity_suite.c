// SPDX-License-Identifier: GPL-2.0
/*
 * identity_suite: the rows of tests/vectors/identity.h in the kernel.
 *
 * The same comparisons as tests/unit/identity_test.c; what needs no second machine
 * stays there. Blocks are allocated: the kernel's stack is small.
 */
#include <linux/slab.h>

#include "rows.h"
#include "../vectors/identity.h"

ROWS(identity_place_rows);
ROWS(identity_found_rows);

static void lies(struct kunit *test)
{
	const struct identity_place_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_identity_block(row->offset, row->len),
			row->block);
}

static void finds(struct kunit *test)
{
	const struct identity_found_row *row = test->param_value;
	u8 *block = kunit_kzalloc(test, PSH_BLOCK_SIZE, GFP_KERNEL);
	struct psh_identity identity;

	KUNIT_ASSERT_NOT_NULL(test, block);
	identity_fill(row, block);
	KUNIT_EXPECT_EQ(test, psh_identity_decode(block, row->place, &identity),
			row->found);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(lies, identity_place_rows_gen_params),
	KUNIT_CASE_PARAM(finds, identity_found_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_identity",
	.test_cases = cases,
};

kunit_test_suite(suite);
