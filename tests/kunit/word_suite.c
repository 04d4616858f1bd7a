// SPDX-License-Identifier: GPL-2.0
/*
 * word_suite: the rows of tests/vectors/word.h in the kernel.
 *
 * The same comparisons as tests/unit/word_test.c; what needs no second machine,
 * such as the exhaustive properties, stays there.
 */
#include "rows.h"
#include "../vectors/random.h"
#include "../vectors/word.h"

ROWS(word_fields_rows);
ROWS(word_intent_rows);
ROWS(word_needs_intent_rows);
ROWS(word_lose_rows);
ROWS(word_gain_rows);
ROWS(word_away_rows);
ROWS(word_recover_rows);
ROWS(word_rule_rows);
ROWS(word_walk_rows);

static void packs_and_unpacks(struct kunit *test)
{
	const struct word_fields_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_word_slot(row->word), row->slot);
	KUNIT_EXPECT_EQ(test, psh_word_home(row->word), row->home);
	KUNIT_EXPECT_EQ(test, psh_word_rule(row->word), row->rule);
	KUNIT_EXPECT_EQ(test, psh_word_copies(row->word), row->copies);
	KUNIT_EXPECT_EQ(test, psh_word_valid(row->word), row->valid);
	KUNIT_EXPECT_EQ(test, psh_word_make(row->slot, row->home, row->rule),
			WORD(row->slot, 0, row->home, row->rule, 0));
}

static void marks_intent(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			psh_word_intent(row->before, row->first, row->second),
			row->after);
}

static void needs_intent(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			(u64)psh_word_needs_intent(row->before, row->first,
						   row->second),
			row->after);
}

static void loses(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			psh_word_lose(row->before, row->first, row->second),
			row->after);
}

static void gains(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			psh_word_gain(row->before, row->first, row->second),
			row->after);
}

static void goes_away(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_word_away(row->before, row->first),
			row->after);
}

static void recovers(struct kunit *test)
{
	const struct word_change_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_word_recover(row->before, row->first),
			row->after);
}

static void sets_rule(struct kunit *test)
{
	const struct word_rule_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_word_set_rule(row->before, row->rule),
			row->after);
}

static void walks(struct kunit *test)
{
	const struct word_walk_row *row = test->param_value;
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
	KUNIT_EXPECT_EQ(test, hash, row->hash);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(packs_and_unpacks, word_fields_rows_gen_params),
	KUNIT_CASE_PARAM(marks_intent, word_intent_rows_gen_params),
	KUNIT_CASE_PARAM(needs_intent, word_needs_intent_rows_gen_params),
	KUNIT_CASE_PARAM(loses, word_lose_rows_gen_params),
	KUNIT_CASE_PARAM(gains, word_gain_rows_gen_params),
	KUNIT_CASE_PARAM(goes_away, word_away_rows_gen_params),
	KUNIT_CASE_PARAM(recovers, word_recover_rows_gen_params),
	KUNIT_CASE_PARAM(sets_rule, word_rule_rows_gen_params),
	KUNIT_CASE_PARAM(walks, word_walk_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_word",
	.test_cases = cases,
};

kunit_test_suite(suite);
