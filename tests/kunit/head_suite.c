// SPDX-License-Identifier: GPL-2.0
/*
 * head_suite: the rows of tests/vectors/head.h in the kernel.
 *
 * The same comparisons as tests/unit/head_test.c; what needs no second machine
 * stays there. Blocks are allocated: the kernel's stack is small.
 */
#include <linux/slab.h>

#include "rows.h"
#include "../vectors/head.h"

ROWS(head_rows);
ROWS(head_crc_rows);

static void judges(struct kunit *test)
{
	const struct head_row *row = test->param_value;
	u8 *block = kunit_kzalloc(test, PSH_BLOCK_SIZE, GFP_KERNEL);
	struct psh_head head = {
		.magic = PSH_MAGIC_MAP,
		.address = HEAD_PLACE,
		.epoch = 3,
		.sequence = 5,
	};

	KUNIT_ASSERT_NOT_NULL(test, block);
	memset(block, 0x5a, PSH_BLOCK_SIZE);
	memcpy(head.uuid, HEAD_UUID, PSH_UUID_SIZE);
	psh_head_seal(block, &head);
	if (row->at < PSH_BLOCK_SIZE)
		block[row->at] ^= 1;
	if (row->seal) {
		const struct psh_disk_head *disk = (void *)block;

		head.magic = le32_to_cpu(disk->magic);
		memcpy(head.uuid, disk->uuid, sizeof(head.uuid));
		head.address = le64_to_cpu(disk->address);
		head.epoch = le64_to_cpu(disk->epoch);
		head.sequence = le64_to_cpu(disk->sequence);
		psh_head_seal(block, &head);
	}
	KUNIT_EXPECT_EQ(test,
			psh_head_check(block, PSH_MAGIC_MAP,
				       row->any_volume ? NULL : (u8 *)HEAD_UUID,
				       row->place, &head),
			row->state);
}

static void seals(struct kunit *test)
{
	const struct head_crc_row *row = test->param_value;
	u8 *block = kunit_kzalloc(test, PSH_BLOCK_SIZE, GFP_KERNEL);
	const struct psh_disk_head *disk = (void *)block;

	KUNIT_ASSERT_NOT_NULL(test, block);
	psh_head_seal(block, &row->head);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(disk->crc), row->crc);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(judges, head_rows_gen_params),
	KUNIT_CASE_PARAM(seals, head_crc_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_head",
	.test_cases = cases,
};

kunit_test_suite(suite);
