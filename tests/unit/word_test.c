// SPDX-License-Identifier: GPL-2.0
/*
 * word_test: a routing word packs, unpacks and changes as documented.
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

static void marks_intent(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_intent(row->before, row->first, row->second),
			 row->after);
}

static void needs_intent(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_needs_intent(row->before, row->first,
					       row->second),
			 row->after);
}

static void loses(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_lose(row->before, row->first, row->second),
			 row->after);
}

static void gains(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_gain(row->before, row->first, row->second),
			 row->after);
}

static void goes_away(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_away(row->before, row->first), row->after);
}

static void recovers(void **state)
{
	const struct word_change_row *row = *state;

	assert_int_equal(psh_word_recover(row->before, row->first), row->after);
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
		u32 first = dice & 0xffff, second = dice >> 16 & 0xffff;

		switch ((u32)(dice >> 40) % 5) {
		case 0:
			word = psh_word_intent(word, first, second);
			break;
		case 1:
			word = psh_word_lose(word, first, second);
			break;
		case 2:
			word = psh_word_gain(word, first & 15, 3);
			break;
		case 3:
			word = psh_word_away(word, first);
			break;
		default:
			word = psh_word_recover(word, first);
		}
		hash = (hash ^ word) * 0x100000001b3ULL;
	}
	assert_int_equal(hash, row->hash);
}

/* What must hold of @after, however it came from @before. */
static void assert_sound(u64 before, u64 after)
{
	u64 changed = PSH_WORD_COPIES_MASK | PSH_WORD_HOME_MASK |
		      PSH_WORD_INTENT;

	assert_int_equal(before & ~changed, after & ~changed);
	assert_false(psh_word_copies(after) >> psh_word_home(after) & 1);
	assert_false(after & PSH_WORD_INTENT && !psh_word_copies(after));
}

/* Nobody gains data by it, and somebody keeps it. */
static void assert_fewer(u64 before, u64 after)
{
	assert_sound(before, after);
	assert_false(psh_word_valid(after) & ~psh_word_valid(before));
}

static void assert_changes_sound(u64 word, u32 set, u32 other)
{
	u32 valid = psh_word_valid(word);
	u64 marked = psh_word_intent(word, set, other);
	u64 lost = psh_word_lose(word, set, other);
	u64 away = psh_word_away(word, set);
	u64 recovered = psh_word_recover(word, set);

	assert_fewer(word, marked);
	assert_fewer(word, lost);
	assert_fewer(word, away);
	assert_fewer(word, recovered);
	assert_int_equal(psh_word_intent(marked, set, other), marked);
	assert_int_equal(psh_word_lose(lost, set, other), lost);
	assert_int_equal(psh_word_away(away, set), away);
	assert_int_equal(psh_word_recover(recovered, set), recovered);
	if (valid & set)
		assert_false(psh_word_needs_intent(marked, set, other));
	if (valid & ~set)
		assert_int_equal(psh_word_valid(lost), valid & ~set);
	else
		assert_int_equal(psh_word_valid(lost),
				 1U << psh_word_home(word));
	assert_false(recovered & PSH_WORD_INTENT && valid & set);
}

static void assert_gain_sound(u64 word, unsigned int member,
			      unsigned int primary)
{
	u64 gained = psh_word_gain(word, member, primary);

	assert_sound(word, gained);
	assert_int_equal(psh_word_valid(gained),
			 psh_word_valid(word) | 1U << member);
	assert_int_equal(psh_word_gain(gained, member, primary), gained);
	assert_int_equal(psh_word_home(gained),
			 member == primary ? primary : psh_word_home(word));
}

/* A sound word of four members from six bits. */
static u64 small_word(unsigned int i)
{
	unsigned int home = i & 3, copies = i >> 2 & 15 & ~(1U << home);
	unsigned int flags = i >> 6 & 1 && copies ? INTENT : 0;

	return WORD(SLOT, flags, home, 9, copies);
}

static void every_change_keeps_a_word_sound(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < 1 << 7; i++) {
		u64 word = small_word(i);

		for (j = 0; j < 1 << 8; j++) {
			assert_changes_sound(word, j & 15, j >> 4);
			assert_changes_sound(word | PSH_WORD_COPYING, j & 15,
					     j >> 4);
		}
		for (j = 0; j < 1 << 4; j++)
			assert_gain_sound(word, j & 3, j >> 2);
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
	ROWS_ADD(&rows, word_intent_rows, marks_intent);
	ROWS_ADD(&rows, word_needs_intent_rows, needs_intent);
	ROWS_ADD(&rows, word_lose_rows, loses);
	ROWS_ADD(&rows, word_gain_rows, gains);
	ROWS_ADD(&rows, word_away_rows, goes_away);
	ROWS_ADD(&rows, word_recover_rows, recovers);
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
