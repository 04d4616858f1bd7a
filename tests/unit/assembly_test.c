// SPDX-License-Identifier: GPL-2.0
/*
 * assembly_test: every device of a table is the member that it was, or refused.
 *
 * The rows of tests/vectors/assembly.h, and the raising of epochs. That what
 * follows is also done is the module's and tests/sim's question.
 */
#include "rows.h"
#include "../vectors/assembly.h"

static void assembles(void **state)
{
	const struct assembly_row *row = *state;
	struct psh_candidate candidate[ASSEMBLY_ROOM];
	struct psh_assembly assembly;
	struct psh_super super;
	char error[PSH_ERROR_SIZE];
	unsigned int i;
	int r = assembly_run(row, &super, candidate, &assembly, error);

	if (row->error) {
		assert_int_equal(r, -EINVAL);
		if (!strstr(error, row->error))
			fail_msg("%s", error);
		assert_int_equal(assembly.culprit, row->culprit);
		return;
	}
	if (r)
		fail_msg("%s", error);
	for (i = 0; i < row->nr; i++)
		assert_int_equal(candidate[i].number, row->device[i].number);
	assert_int_equal(assembly.fill, row->fill);
	assert_int_equal(assembly.unsure, row->unsure);
	assert_int_equal(assembly.mark, row->mark);
	assert_int_equal(assembly_with(&super, PSH_MEMBER_AWAY), row->away);
	assert_int_equal(assembly_with(&super, PSH_MEMBER_ABSENT),
			 row->absents);
}

static void a_new_member_has_the_fresh_uuid(void **state)
{
	struct psh_candidate candidate[ASSEMBLY_ROOM];
	struct psh_assembly assembly;
	struct psh_super super;
	char error[PSH_ERROR_SIZE];

	(void)state;
	assembly_run(&assembly_rows[0], &super, candidate, &assembly, error);
	assert_memory_equal(super.member[1].uuid, candidate[1].uuid,
			    PSH_UUID_SIZE);
	assert_int_equal(super.member[1].role, PSH_ROLE_REPLICA);
	assert_int_equal(super.member[2].offset_sectors, 8);
	assert_int_equal(super.member[1].flags,
			 PSH_MEMBER_USED | PSH_MEMBER_MARKED);
	assert_int_equal(super.member[2].flags, PSH_MEMBER_USED);
}

static void an_epoch_is_raised_and_settles(void **state)
{
	struct psh_super super = { .epoch = 9, .flags = PSH_SUPER_CLEAN };

	(void)state;
	super.member[1].epoch = 9;
	super.member[2].epoch = 7;
	psh_assembly_raise(&super, 0x3);
	assert_int_equal(super.epoch, 10);
	assert_int_equal(super.flags, PSH_SUPER_SETTLING);
	assert_int_equal(super.member[1].epoch, 9);
	assert_int_equal(super.member[1].next_epoch, 10);
	assert_int_equal(super.member[2].next_epoch, 0);
	psh_assembly_settle(&super, 0x1);
	assert_int_equal(super.flags, 0);
	assert_int_equal(super.member[0].epoch, 10);
	assert_int_equal(super.member[1].epoch, 9);
	assert_int_equal(super.member[2].epoch, 7);
}

/*
 * The machine stops again and again in the activation, the member learns the
 * epoch or not, and is there or not.
 */
static void a_member_is_known_however_often_it_stops(void **state)
{
	static const struct assembly_row trio = {
		.known = TRIO,
		.device = { DEV_P(0), DEV_B(2), DEV_A(1) },
		.nr = 3,
	};
	struct psh_candidate candidate[ASSEMBLY_ROOM];
	struct psh_assembly assembly;
	struct psh_super super;
	char error[PSH_ERROR_SIZE];
	unsigned int i, j;

	(void)state;
	assembly_run(&trio, &super, candidate, &assembly, error);
	for (i = 0; i < 64; i++) {
		unsigned int nr = i % 3 ? 3 : 2;

		for (j = 0; j < 3; j++)
			candidate[j].number = PSH_UNBOUND;
		assert_int_equal(psh_assemble(&super, candidate, nr, &assembly,
					      error),
				 0);
		assert_int_equal(assembly.fill, 0);
		psh_assembly_raise(&super, nr == 3 ? 0x7 : 0x5);
		if (i & 1 && nr == 3)
			candidate[2].identity.epoch = super.epoch;
		candidate[1].identity.epoch = super.epoch;
		if (i & 2)
			psh_assembly_settle(&super, i & 1 && nr == 3 ? 0x7 : 5);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, assembly_rows, assembles);
	rows_add(&rows, "a new member has the fresh uuid",
		 a_new_member_has_the_fresh_uuid);
	rows_add(&rows, "an epoch is raised and settles",
		 an_epoch_is_raised_and_settles);
	rows_add(&rows, "a member is known however often it stops",
		 a_member_is_known_however_often_it_stops);
	return rows_run("assembly", &rows);
}
