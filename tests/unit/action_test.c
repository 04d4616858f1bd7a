// SPDX-License-Identifier: GPL-2.0
/*
 * action_test: every action has words, and they fit.
 *
 * The rows of tests/vectors/action.h, and every kind with every reason and
 * hold.
 */
#include "rows.h"
#include "../vectors/action.h"

static void tells(void **state)
{
	const struct action_row *row = *state;
	char text[2 * PSH_ACTION_TEXT];
	int length = psh_action_tell(&row->action, 1000, text, sizeof(text));

	assert_string_equal(text, row->text);
	assert_int_equal(length, strlen(row->text));
}

static void every_action_has_words_that_fit(void **state)
{
	struct psh_action action;
	char text[PSH_ACTION_TEXT];
	u32 i;

	(void)state;
	memset(&action, 0xff, sizeof(action));
	/* What decide gives: within 2^48, and 2^61 seconds from now. */
	action.bytes = 1ULL << 48;
	action.number[0] = 1ULL << 48;
	action.number[1] = 1ULL << 48;
	action.zones = U16_MAX;
	action.copies = 16;
	action.permille = 1000;
	for (i = 0; i < PSH_ACTION_NR * PSH_REASON_NR * PSH_HOLD_NR; i++) {
		action.kind = i % PSH_ACTION_NR;
		action.reason = i / PSH_ACTION_NR % PSH_REASON_NR;
		action.held = i / PSH_ACTION_NR / PSH_REASON_NR;
		action.start_s = 1LL << 61;
		action.deadline_s = 1LL << 61;
		assert_true(psh_action_decision(action.kind) < PSH_DECISION_NR);
		assert_in_range(psh_action_tell(&action, -(1LL << 61), text,
						sizeof(text)),
				40, sizeof(text) - 1);
		assert_null(strstr(text, "unknown"));
	}
}

static void little_room_is_not_overrun(void **state)
{
	char text[8] = "abcdefg";

	(void)state;
	assert_true(psh_action_tell(&action_rows[0].action, 0, text, 4) > 100);
	assert_string_equal(text, "buf");
	assert_int_equal(text[4], 'e');
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, action_rows, tells);
	rows_add(&rows, "every action has words that fit",
		 every_action_has_words_that_fit);
	rows_add(&rows, "little room is not overrun",
		 little_room_is_not_overrun);
	return rows_run("action", &rows);
}
