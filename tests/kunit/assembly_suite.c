// SPDX-License-Identifier: GPL-2.0
/*
 * assembly_suite: the rows of tests/vectors/assembly.h in the kernel.
 *
 * The same comparisons as tests/unit/assembly_test.c; what needs no second machine
 * stays there. Blocks are allocated: the kernel's stack is small.
 */
#include <linux/slab.h>

#include "rows.h"
#include "../vectors/assembly.h"

ROWS(assembly_rows);

static void assembles(struct kunit *test)
{
	const struct assembly_row *row = test->param_value;
	struct psh_super *super =
		kunit_kzalloc(test, sizeof(*super), GFP_KERNEL);
	size_t room = sizeof(struct psh_candidate) * ASSEMBLY_ROOM;
	struct psh_candidate *candidate = kunit_kzalloc(test, room, GFP_KERNEL);
	struct psh_assembly assembly;
	char error[PSH_ERROR_SIZE];
	unsigned int i;
	int r;

	KUNIT_ASSERT_NOT_NULL(test, super);
	KUNIT_ASSERT_NOT_NULL(test, candidate);
	r = assembly_run(row, super, candidate, &assembly, error);
	KUNIT_EXPECT_EQ(test, r, row->error ? -EINVAL : 0);
	if (row->error) {
		KUNIT_EXPECT_NOT_NULL(test, strstr(error, row->error));
		KUNIT_EXPECT_EQ(test, assembly.culprit, row->culprit);
		return;
	}
	for (i = 0; i < row->nr; i++)
		KUNIT_EXPECT_EQ(test, candidate[i].number,
				row->device[i].number);
	KUNIT_EXPECT_EQ(test, assembly.fill, row->fill);
	KUNIT_EXPECT_EQ(test, assembly.unsure, row->unsure);
	KUNIT_EXPECT_EQ(test, assembly.mark, row->mark);
	KUNIT_EXPECT_EQ(test, assembly_with(super, PSH_MEMBER_AWAY), row->away);
	KUNIT_EXPECT_EQ(test, assembly_with(super, PSH_MEMBER_ABSENT),
			row->absents);
}

static struct kunit_case cases[] = { KUNIT_CASE_PARAM(assembles,
						      assembly_rows_gen_params),
				     {} };

static struct kunit_suite suite = {
	.name = "predshard_assembly",
	.test_cases = cases,
};

kunit_test_suite(suite);
