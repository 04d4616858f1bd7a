// SPDX-License-Identifier: GPL-2.0
/*
 * super_test: a superblock is read as it was written, and nothing else is.
 *
 * The rows of tests/vectors/super.h. Which of several superblocks counts is
 * store_test's question.
 */
#include "rows.h"
#include "../vectors/super.h"

static u8 block[PSH_BLOCK_SIZE];

static int decode(u64 blocks, struct psh_super *super, char *error)
{
	unsigned int device;
	struct psh_head head;

	assert_int_equal(psh_head_check(block, PSH_MAGIC_SUPER, NULL, 1, &head),
			 PSH_HEAD_GOOD);
	return psh_super_decode(block, &head, blocks, super, &device, error);
}

static void judges(void **state)
{
	const struct super_row *row = *state;
	char error[PSH_ERROR_SIZE] = "", wanted[64];
	struct psh_super super;

	super_fill(row, &super, block);
	if (!row->field) {
		assert_int_equal(decode(SUPER_BLOCKS, &super, error), 0);
		return;
	}
	assert_int_equal(decode(SUPER_BLOCKS, &super, error), -EINVAL);
	snprintf(wanted, sizeof(wanted), "field %s ", row->field);
	if (!strstr(error, wanted))
		fail_msg("%s", error);
	assert_non_null(strstr(error, ", expected "));
}

static void lays_out(void **state)
{
	const struct super_layout_row *row = *state;
	struct psh_super super = { .nr_segments = row->segments };
	char error[PSH_ERROR_SIZE];

	assert_int_equal(psh_super_layout(&super, row->blocks, error),
			 row->result);
	if (row->result)
		return;
	assert_int_equal(super.journal_blocks, row->journal);
	assert_int_equal(super.map_blocks, row->map);
	assert_int_equal(super.forecast_start, 16);
	assert_int_equal(super.journal_start, 80);
	assert_int_equal(super.map_start[0], 80 + row->journal);
	assert_int_equal(super.map_start[1], 80 + row->journal + row->map);
	assert_true(super.map_start[1] + row->map <= row->blocks);
}

static void what_is_written_is_read(void **state)
{
	struct psh_super before = super_sound(), after;
	char error[PSH_ERROR_SIZE];

	(void)state;
	before.flags = PSH_SUPER_CLEAN;
	before.write_mode = PSH_WRITE_BUFFER;
	before.ro_compat = 1ULL << 63;
	before.map_current = 1;
	psh_super_encode(&before, 0, block);
	assert_int_equal(decode(SUPER_BLOCKS, &after, error), 0);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void a_shorter_device_is_refused(void **state)
{
	struct psh_super super = super_sound();
	char error[PSH_ERROR_SIZE] = "";
	u64 blocks, end = super.map_start[1] + super.map_blocks;

	(void)state;
	psh_super_encode(&super, 0, block);
	for (blocks = 0; blocks < end; blocks++) {
		assert_int_equal(decode(blocks, &super, error), -EINVAL);
		assert_non_null(strstr(error, "field "));
	}
	assert_int_equal(decode(end, &super, error), 0);
}

static void members_that_are_away_are_known(void **state)
{
	struct psh_super super = super_sound();

	(void)state;
	super.member[2].flags |= PSH_MEMBER_AWAY;
	super.member[3].flags |= PSH_MEMBER_AWAY | PSH_MEMBER_ABSENT;
	assert_int_equal(psh_super_away(&super), 0xc);
	assert_int_equal(psh_super_used(&super), 0xf);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, super_rows, judges);
	ROWS_ADD(&rows, super_layout_rows, lays_out);
	rows_add(&rows, "what is written is read", what_is_written_is_read);
	rows_add(&rows, "a shorter device is refused",
		 a_shorter_device_is_refused);
	rows_add(&rows, "members that are away are known",
		 members_that_are_away_are_known);
	return rows_run("super", &rows);
}
