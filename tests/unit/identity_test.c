// SPDX-License-Identifier: GPL-2.0
/*
 * identity_test: a member's superblock is read as it was written, where it lies.
 *
 * The rows of tests/vectors/identity.h. What follows from what is found is
 * assembly_test's question.
 */
#include "rows.h"
#include "../vectors/identity.h"

static u8 block[PSH_BLOCK_SIZE];

static void lies(void **state)
{
	const struct identity_place_row *row = *state;

	assert_int_equal(psh_identity_block(row->offset, row->len), row->block);
}

static void finds(void **state)
{
	const struct identity_found_row *row = *state;
	struct psh_identity identity;

	identity_fill(row, block);
	assert_int_equal(psh_identity_decode(block, row->place, &identity),
			 row->found);
}

static void what_is_written_is_read(void **state)
{
	struct psh_identity after;

	(void)state;
	psh_identity_encode(&identity_sound, IDENTITY_PLACE, block);
	memset(&after, 0, sizeof(after));
	assert_int_equal(psh_identity_decode(block, IDENTITY_PLACE, &after),
			 PSH_FOUND_IDENTITY);
	assert_memory_equal(&after, &identity_sound, sizeof(after));
}

static void no_flipped_bit_is_an_identity(void **state)
{
	struct psh_identity identity;
	unsigned int bit;

	(void)state;
	psh_identity_encode(&identity_sound, IDENTITY_PLACE, block);
	for (bit = 0; bit < 512 * 8; bit++) {
		block[bit / 8] ^= 1U << bit % 8;
		assert_int_equal(psh_identity_decode(block, IDENTITY_PLACE,
						     &identity),
				 PSH_FOUND_FOREIGN);
		block[bit / 8] ^= 1U << bit % 8;
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, identity_place_rows, lies);
	ROWS_ADD(&rows, identity_found_rows, finds);
	rows_add(&rows, "what is written is read", what_is_written_is_read);
	rows_add(&rows, "no flipped bit is an identity",
		 no_flipped_bit_is_an_identity);
	return rows_run("identity", &rows);
}
