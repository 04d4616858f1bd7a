// SPDX-License-Identifier: GPL-2.0
/*
 * word_test: a routing word packs, unpacks, loses and gains as documented.
 *
 * The rows of tests/vectors/word.h, and the invariants of a word over every
 * word with four members. Who may change words when is route.c's and is not
 * tested here.
 */
#include "rows.h"
#include "../vectors/random.h"
#include "../vectors/word.h"

static void unpacks(void **state)
{
	const struct word_fields_row *row = *state;

	assert_int_equal(psh_word_slot(row->word), row->slot);
	assert_int_equal(psh_word_home(row->word), row->home);
	assert_int_equal(psh_word_rule(row->word), row->rule);
	assert_int_equal(psh_word_copies(row->word), row->copies);
	assert_int_equal(psh_word_valid(row->word), row->valid);
}

static void packs(void **state)
{
	const struct word_fields_row *row = *state;

	assert_int_equal(psh_word_make(row->slot, row->home, row->rule),
			 WORD(row->slot, 0, row->home, row->rule, 0));
}

static void loses(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_lose(row->before, row->member, row->trusted),
			 row->after);
}

static void gains(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_gain(row->before, row->member, row->trusted),
			 row->after);
}

static void sets_rule(void **state)
{
	const struct word_rule_row *row = *state;

	assert_int_equal(psh_word_set_rule(row->before, row->rule), row->after);
}

static void walks(void **state)
{
	const struct word_walk_row *row = *state;
	u64 word = WORD(SLOT, 0, 3, 5, 0);
	u64 random = row->seed, hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (i = 0; i < row->steps; i++) {
		u64 dice = random_next(&random);

		if (dice & 16)
			word = psh_word_gain(word, dice & 15, 3);
		else
			word = psh_word_lose(word, dice & 15, 3);
		hash = (hash ^ word) * 0x100000001b3ULL;
	}
	assert_int_equal(hash, row->hash);
}

/* What must hold of @after, however it came from @before. */
static void assert_sound(u64 before, u64 after, unsigned int trusted)
{
	u64 untouched = ~(u64)(PSH_WORD_COPIES_MASK | PSH_WORD_HOME_MASK |
			       PSH_WORD_WRITE_REFUSED);
	bool refused = after & PSH_WORD_WRITE_REFUSED;

	assert_int_equal(before & untouched, after & untouched);
	assert_false(psh_word_copies(after) >> psh_word_home(after) & 1);
	assert_true(refused == (psh_word_home(after) != trusted));
}

static void assert_change_sound(u64 word, unsigned int member,
				unsigned int trusted)
{
	u32 bit = 1U << member, valid = psh_word_valid(word);
	u64 lost = psh_word_lose(word, member, trusted);
	u64 gained = psh_word_gain(word, member, trusted);

	assert_sound(word, lost, trusted);
	assert_sound(word, gained, trusted);
	assert_int_equal(psh_word_valid(lost),
			 valid == bit ? valid : valid & ~bit);
	assert_int_equal(psh_word_valid(gained), valid | bit);
	assert_int_equal(psh_word_gain(gained, member, trusted), gained);
}

static void every_change_keeps_a_word_sound(void **state)
{
	unsigned int i;

	(void)state;
	/* With four members: two bits each for three of them, four of copies. */
	for (i = 0; i < 1 << 10; i++) {
		unsigned int home = i & 3, trusted = i >> 2 & 3;
		unsigned int member = i >> 4 & 3, copies = i >> 6;
		unsigned int flags = home == trusted ? 0 : REFUSED;
		u64 word = WORD(SLOT, flags, home, 9, copies & ~(1U << home));

		assert_change_sound(word, member, trusted);
		assert_change_sound(word | PSH_WORD_COPYING, member, trusted);
	}
}

static void reads_leave_the_fast_path_only_with_copies(void **state)
{
	u64 plain = WORD(SLOT, COPYING | REFUSED, 15, 63, 0);

	(void)state;
	assert_false(plain & PSH_WORD_SLOW_READ);
	assert_true((plain | 1) & PSH_WORD_SLOW_READ);
	assert_true((plain | 0x8000) & PSH_WORD_SLOW_READ);
}

static void writes_leave_the_fast_path_with_anything_unusual(void **state)
{
	(void)state;
	assert_false(WORD(SLOT, 0, 15, 63, 0) & PSH_WORD_SLOW_WRITE);
	assert_true(WORD(0, 0, 0, 0, 1) & PSH_WORD_SLOW_WRITE);
	assert_true(WORD(0, COPYING, 0, 0, 0) & PSH_WORD_SLOW_WRITE);
	assert_true(WORD(0, REFUSED, 0, 0, 0) & PSH_WORD_SLOW_WRITE);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, word_fields_rows, unpacks);
	ROWS_ADD(&rows, word_fields_rows, packs);
	ROWS_ADD(&rows, word_lose_rows, loses);
	ROWS_ADD(&rows, word_gain_rows, gains);
	ROWS_ADD(&rows, word_rule_rows, sets_rule);
	ROWS_ADD(&rows, word_walk_rows, walks);
	rows_add(&rows, "every change keeps a word sound",
		 every_change_keeps_a_word_sound);
	rows_add(&rows, "reads leave the fast path only with copies",
		 reads_leave_the_fast_path_only_with_copies);
	rows_add(&rows, "writes leave the fast path with anything unusual",
		 writes_leave_the_fast_path_with_anything_unusual);
	return rows_run("word", &rows);
}
