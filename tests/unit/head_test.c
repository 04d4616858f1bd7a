// SPDX-License-Identifier: GPL-2.0
/*
 * head_test: a block is told from what should be there instead.
 *
 * The rows of tests/vectors/head.h, and every single bit of the first 512 bytes.
 * What follows from a bad block is store's and is not tested here.
 */
#include "rows.h"
#include "../vectors/head.h"

static u8 block[PSH_BLOCK_SIZE];

static struct psh_head sealed(void)
{
	struct psh_head head = {
		.magic = PSH_MAGIC_MAP,
		.address = HEAD_PLACE,
		.epoch = 3,
		.sequence = 5,
	};

	memcpy(head.uuid, HEAD_UUID, PSH_UUID_SIZE);
	memset(block, 0x5a, sizeof(block));
	psh_head_seal(block, &head);
	return head;
}

/* Seals what the block says now. */
static void seal_again(void)
{
	const struct psh_disk_head *disk = (void *)block;
	struct psh_head head = {
		.magic = le32_to_cpu(disk->magic),
		.address = le64_to_cpu(disk->address),
		.epoch = le64_to_cpu(disk->epoch),
		.sequence = le64_to_cpu(disk->sequence),
	};

	memcpy(head.uuid, disk->uuid, sizeof(head.uuid));
	psh_head_seal(block, &head);
}

static void judges(void **state)
{
	const struct head_row *row = *state;
	struct psh_head head;

	sealed();
	if (row->at < sizeof(block))
		block[row->at] ^= 1;
	if (row->seal)
		seal_again();
	assert_int_equal(psh_head_check(block, PSH_MAGIC_MAP,
					row->any_volume ? NULL :
							  (u8 *)HEAD_UUID,
					row->place, &head),
			 row->state);
}

static void seals(void **state)
{
	const struct head_crc_row *row = *state;
	const struct psh_disk_head *disk = (void *)block;

	memset(block, 0, sizeof(block));
	psh_head_seal(block, &row->head);
	assert_int_equal(le32_to_cpu(disk->crc), row->crc);
}

static void what_was_sealed_is_read(void **state)
{
	struct psh_head head, before = sealed();

	(void)state;
	memset(&head, 0, sizeof(head));
	assert_int_equal(psh_head_check(block, PSH_MAGIC_MAP, NULL, HEAD_PLACE,
					&head),
			 PSH_HEAD_GOOD);
	assert_memory_equal(&head, &before, sizeof(head));
}

static void a_block_of_zeroes_is_blank(void **state)
{
	struct psh_head head;
	unsigned int i;

	(void)state;
	memset(block, 0, sizeof(block));
	assert_int_equal(psh_head_check(block, PSH_MAGIC_MAP, NULL, 0, &head),
			 PSH_HEAD_BLANK);
	for (i = 0; i < sizeof(block); i++) {
		block[i] = 1;
		assert_int_equal(psh_head_check(block, PSH_MAGIC_MAP, NULL, 0,
						&head),
				 PSH_HEAD_FOREIGN);
		block[i] = 0;
	}
}

static void no_flipped_bit_is_good(void **state)
{
	struct psh_head head;
	unsigned int bit;

	(void)state;
	sealed();
	for (bit = 0; bit < 512 * 8; bit++) {
		enum psh_head_state found;

		block[bit / 8] ^= 1U << bit % 8;
		found = psh_head_check(block, PSH_MAGIC_MAP, (u8 *)HEAD_UUID,
				       HEAD_PLACE, &head);
		assert_true(found == PSH_HEAD_DAMAGED ||
			    found == PSH_HEAD_FOREIGN);
		block[bit / 8] ^= 1U << bit % 8;
	}
}

static void every_state_has_a_name(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = PSH_HEAD_GOOD; i <= PSH_HEAD_FOREIGN; i++)
		for (j = PSH_HEAD_GOOD; j < i; j++)
			assert_string_not_equal(psh_head_state_name(i),
						psh_head_state_name(j));
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, head_rows, judges);
	ROWS_ADD(&rows, head_crc_rows, seals);
	rows_add(&rows, "what was sealed is read", what_was_sealed_is_read);
	rows_add(&rows, "a block of zeroes is blank",
		 a_block_of_zeroes_is_blank);
	rows_add(&rows, "no flipped bit is good", no_flipped_bit_is_good);
	rows_add(&rows, "every state has a name", every_state_has_a_name);
	return rows_run("head", &rows);
}
