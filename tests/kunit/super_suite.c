// SPDX-License-Identifier: GPL-2.0
/*
 * super_suite: the rows of tests/vectors/super.h in the kernel.
 *
 * The same comparisons as tests/unit/super_test.c; what needs no second machine
 * stays there. Blocks are allocated: the kernel's stack is small.
 */
#include <linux/slab.h>

#include "rows.h"
#include "../vectors/super.h"

ROWS(super_rows);
ROWS(super_layout_rows);

static void judges(struct kunit *test)
{
	const struct super_row *row = test->param_value;
	struct psh_super *super =
		kunit_kzalloc(test, sizeof(*super), GFP_KERNEL);
	u8 *block = kunit_kzalloc(test, PSH_BLOCK_SIZE, GFP_KERNEL);
	char error[PSH_ERROR_SIZE] = "", wanted[64];
	unsigned int device;
	struct psh_head head;
	int r;

	KUNIT_ASSERT_NOT_NULL(test, super);
	KUNIT_ASSERT_NOT_NULL(test, block);
	super_fill(row, super, block);
	KUNIT_ASSERT_EQ(test,
			psh_head_check(block, PSH_MAGIC_SUPER, NULL, 1, &head),
			PSH_HEAD_GOOD);
	r = psh_super_decode(block, &head, SUPER_BLOCKS, super, &device, error);
	KUNIT_EXPECT_EQ(test, r, row->field ? -EINVAL : 0);
	if (!row->field)
		return;
	snprintf(wanted, sizeof(wanted), "field %s ", row->field);
	KUNIT_EXPECT_NOT_NULL(test, strstr(error, wanted));
}

static void lays_out(struct kunit *test)
{
	const struct super_layout_row *row = test->param_value;
	struct psh_super *super =
		kunit_kzalloc(test, sizeof(*super), GFP_KERNEL);
	char error[PSH_ERROR_SIZE];

	KUNIT_ASSERT_NOT_NULL(test, super);
	super->nr_segments = row->segments;
	KUNIT_EXPECT_EQ(test, psh_super_layout(super, row->blocks, error),
			row->result);
	KUNIT_EXPECT_EQ(test, super->journal_blocks, row->journal);
	KUNIT_EXPECT_EQ(test, super->map_blocks, row->map);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(judges, super_rows_gen_params),
	KUNIT_CASE_PARAM(lays_out, super_layout_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_super",
	.test_cases = cases,
};

kunit_test_suite(suite);
