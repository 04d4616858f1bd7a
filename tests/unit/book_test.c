// SPDX-License-Identifier: GPL-2.0
/*
 * book_test: decisions dwell, and what loses is taken ever more rarely.
 *
 * The rows of tests/vectors/book.h; how often a kind that always loses is
 * taken in a month; and entries and clocks of any kind.
 */
#include "rows.h"
#include "../vectors/book.h"
#include "../vectors/random.h"

#define MINUTE 60

static void holds(void **state)
{
	const struct book_row *row = *state;
	struct psh_book book;

	book_run_row(row, &book);
	assert_int_equal(psh_book_hold(&book, PSH_DECISION_BUFFER, 1800,
				       row->asked_s),
			 row->hold);
	assert_int_equal(psh_book_hold(&book, PSH_DECISION_MERGE, 1800,
				       row->asked_s),
			 PSH_HOLD_NONE);
	assert_int_equal(book.page[PSH_DECISION_BUFFER].cost, row->cost);
	assert_int_equal(book.page[PSH_DECISION_BUFFER].gain, row->gain);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(psh_hold_name(PSH_HOLD_NONE), "none");
	assert_string_equal(psh_hold_name(PSH_HOLD_BUDGET), "budget");
	assert_string_equal(psh_hold_name(PSH_HOLD_NR), "unknown");
}

/* Wanted every minute; of each so many one gains. Return: how often taken. */
static u32 taken_in_a_month(u32 gains_one_in)
{
	struct psh_book book;
	u32 taken = 0;
	s64 now_s;

	psh_book_begin(&book);
	for (now_s = 0; now_s < 30 * 86400; now_s += MINUTE) {
		if (psh_book_hold(&book, PSH_DECISION_COPIES, 1800, now_s))
			continue;
		psh_book_change(&book, PSH_DECISION_COPIES, now_s);
		taken++;
		psh_book_end(&book, PSH_DECISION_COPIES, 10,
			     taken % gains_one_in ? 0 : 20, now_s);
	}
	return taken;
}

static void what_always_loses_is_taken_11_times_a_month(void **state)
{
	(void)state;
	assert_int_equal(taken_in_a_month(U32_MAX), 11);
}

static void what_always_gains_is_taken_every_half_hour(void **state)
{
	(void)state;
	assert_int_equal(taken_in_a_month(1), 30 * 48);
}

static void no_entry_breaks_it(void **state)
{
	struct psh_book book;
	u64 random = 3;
	u32 i;

	(void)state;
	psh_book_begin(&book);
	for (i = 0; i < 200000; i++) {
		enum psh_decision kind = random_next(&random) % PSH_DECISION_NR;
		s64 now_s = (s64)random_magnitude(&random);

		if (random_next(&random) & 1)
			now_s = -(now_s / 2);
		if (random_next(&random) & 1)
			psh_book_change(&book, kind, now_s);
		else
			psh_book_end(&book, kind, random_magnitude(&random),
				     random_magnitude(&random), now_s);
		assert_true(psh_book_hold(&book, kind, random_next(&random),
					  (s64)random_next(&random)) <
			    PSH_HOLD_NR);
		assert_true(book.page[kind].cost < 1ULL << 59);
		assert_true(book.page[kind].losses <= 7);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, book_rows, holds);
	rows_add(&rows, "names", names);
	rows_add(&rows, "what always loses is taken 11 times a month",
		 what_always_loses_is_taken_11_times_a_month);
	rows_add(&rows, "what always gains is taken every half hour",
		 what_always_gains_is_taken_every_half_hour);
	rows_add(&rows, "no entry breaks it", no_entry_breaks_it);
	return rows_run("book", &rows);
}
