// SPDX-License-Identifier: GPL-2.0
/*
 * health_test: a member's state steps down as its signs say, and never up.
 *
 * The rows of tests/vectors/health.h, and the ladder over every combination of
 * state and signs around the rungs.
 */
#include "rows.h"
#include "../vectors/health.h"

static void steps(void **state)
{
	const struct health_row *row = *state;
	const char *reason = NULL;

	assert_int_equal(psh_health_next(row->before, &row->signs, &row->policy,
					 &reason),
			 row->after);
	if (row->reason)
		assert_string_equal(reason, row->reason);
	else
		assert_null(reason);
}

static void names(void **state)
{
	const struct health_name_row *row = *state;

	assert_string_equal(psh_state_name(row->state), row->word);
}

static void assert_never_better(enum psh_state before,
				const struct psh_health_signs *signs)
{
	static const struct psh_health_policy policy = { 2, 4, 2, 4 };
	const char *reason = NULL;
	enum psh_state after = psh_health_next(before, signs, &policy, &reason);

	assert_true(after >= before);
	assert_true(after <= PSH_STATE_FAILED);
	assert_true(!reason == (after == before));
	assert_int_equal(psh_health_next(before, signs, &policy, NULL), after);
	assert_int_equal(psh_health_next(after, signs, &policy, NULL), after);
}

static void the_ladder_is_never_climbed(void **state)
{
	unsigned int i;

	(void)state;
	/* Every digit of i is one sign, or the state. */
	for (i = 0; i < 3 * 6 * 6 * 2; i++) {
		struct psh_health_signs signs = {
			.errors = i / 3 % 6,
			.stall_ms = i / 3 / 6 % 6,
			.flush_failed = i / 3 / 6 / 6,
		};

		assert_never_better(i % 3, &signs);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, health_rows, steps);
	ROWS_ADD(&rows, health_name_rows, names);
	rows_add(&rows, "the ladder is never climbed",
		 the_ladder_is_never_climbed);
	return rows_run("health", &rows);
}
