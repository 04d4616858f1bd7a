// SPDX-License-Identifier: GPL-2.0
/*
 * score_test: a forecast is compared with its own hour, and with naive.
 *
 * The rows of tests/vectors/score.h; that what was said of an hour which never
 * came is not taken for another; and numbers of any kind.
 */
#include "rows.h"
#include "../vectors/random.h"
#include "../vectors/score.h"

static void scores(void **state)
{
	const struct score_row *row = *state;
	struct psh_score score;
	u32 ahead;

	score_run_row(row, &score);
	for (ahead = 0; ahead < PSH_SCORE_AHEADS; ahead++) {
		const struct psh_score_row *have = &score.row[ahead];

		assert_int_equal(have->scored, row->scored[ahead]);
		assert_int_equal(psh_score_error(have), row->error[ahead]);
		assert_int_equal(psh_score_inside(have), row->inside[ahead]);
	}
}

static void an_hour_that_never_came_is_not_scored(void **state)
{
	u16 code[PSH_SCORE_HISTORY] = { 0 };
	struct psh_score_said said = { .hour = 5000, .high = 1 };
	struct psh_score score;

	(void)state;
	psh_score_begin(&score);
	psh_score_say(&score, 1, &said);
	psh_score_came(&score, 5024, code, ARRAY_SIZE(code));
	assert_int_equal(score.row[1].scored, 0);
	psh_score_came(&score, 5000, code, ARRAY_SIZE(code));
	assert_int_equal(score.row[1].scored, 1);
}

static void no_number_breaks_it(void **state)
{
	u16 code[PSH_SCORE_HISTORY];
	struct psh_score score;
	u64 random = 3;
	u32 i, j;

	(void)state;
	psh_score_begin(&score);
	for (i = 0; i < 100000; i++) {
		struct psh_score_said said = {
			.hour = random_next(&random) % 200,
			.low = random_next(&random),
			.middle = random_next(&random),
			.high = random_next(&random),
		};

		psh_score_say(&score, random_next(&random) % PSH_SCORE_AHEADS,
			      &said);
		for (j = 0; j < ARRAY_SIZE(code); j++)
			code[j] = random_next(&random);
		psh_score_came(&score, random_next(&random) % 200, code,
			       random_next(&random) % (ARRAY_SIZE(code) + 1));
		for (j = 0; j < PSH_SCORE_AHEADS; j++) {
			assert_true(psh_score_error(&score.row[j]) <=
				    PSH_SCORE_MOST);
			assert_true(psh_score_inside(&score.row[j]) <= 1000);
		}
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, score_rows, scores);
	rows_add(&rows, "an hour that never came is not scored",
		 an_hour_that_never_came_is_not_scored);
	rows_add(&rows, "no number breaks it", no_number_breaks_it);
	return rows_run("score", &rows);
}
