// SPDX-License-Identifier: GPL-2.0
/*
 * stripe_suite: the rows of tests/vectors/stripe.h in the kernel.
 *
 * The same comparisons as tests/unit/buflog_test.c, on a stripe without data;
 * logs stay there.
 */
#include "rows.h"
#include "../vectors/stripe.h"

ROWS(stripe_rows);

static const struct psh_stripe_record records[] = {
	{ .kind = PSH_STRIPE_WRITE, .sectors = 3, .sector = 100 },
	{ .kind = PSH_STRIPE_DISCARD, .sectors = 80, .sector = 8 },
	{ .kind = PSH_STRIPE_WRITE, .sectors = 2, .sector = 5 },
};

static void judges(struct kunit *test)
{
	const struct stripe_row *row = test->param_value;
	struct psh_stripe_head head = {
		.uuid = "volume",
		.address = 12,
		.epoch = 3,
		.sequence = 9,
		.tail = 4,
		.durable = 6,
		.chain = 77,
	};
	__le64 value = cpu_to_le64(row->value);
	struct psh_stripe stripe;
	__le32 crc;
	u8 *block;
	u32 i;

	block = kunit_kzalloc(test, PSH_BLOCK_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, block);
	psh_stripe_open(&stripe, block, 3);
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		struct psh_stripe_record record = records[i];

		psh_stripe_add(&stripe, &record);
	}
	psh_stripe_seal(&stripe, &head);
	memcpy(block + row->offset, &value, row->size);
	crc = cpu_to_le32(~crc32c(~0U, block + 4, PSH_BLOCK_SIZE - 4));
	memcpy(block, &crc, sizeof(crc));
	KUNIT_EXPECT_EQ(test, psh_stripe_decode(block, head.uuid, 12, 3, &head),
			row->good);
}

/* clang-format off */
static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(judges, stripe_rows_gen_params),
	{}
};

/* clang-format on */

static struct kunit_suite suite = {
	.name = "predshard_stripe",
	.test_cases = cases,
};

kunit_test_suite(suite);
