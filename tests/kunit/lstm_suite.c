// SPDX-License-Identifier: GPL-2.0
/*
 * lstm_suite: the rows of tests/vectors/lstm.h in the kernel.
 *
 * The same comparisons as tests/unit/lstm_test.c; the flipped bits and the
 * comparison with libm stay there.
 */
#include "rows.h"
#include "../vectors/lstm.h"

ROWS(lstm_blob_rows);
ROWS(lstm_walk_rows);

static void *room(struct kunit *test, size_t size)
{
	void *memory = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	return memory;
}

static void decodes(struct kunit *test)
{
	const struct lstm_blob_row *row = test->param_value;
	struct psh_lstm *lstm = room(test, sizeof(*lstm));
	u8 *blob = room(test, LSTM_BLOB + 1);
	long size = lstm_blob(blob, &row->shape, LSTM_RANDOM, 1) + row->longer;
	const char *error = NULL;
	int status;

	if (row->longer == -1000)
		size = PSH_LSTM_HEADER;
	if (row->spoilt)
		blob[row->spoilt] ^= 1;
	status = psh_lstm_decode(lstm, blob, size > 0 ? size : 0, &error);
	KUNIT_EXPECT_EQ(test, status, row->error ? -EINVAL : 0);
	KUNIT_EXPECT_EQ(test, !error, !row->error);
	if (error && row->error)
		KUNIT_EXPECT_STREQ(test, error, row->error);
}

static void walks(struct kunit *test)
{
	const struct lstm_walk_row *row = test->param_value;
	struct psh_lstm *lstm = room(test, sizeof(*lstm));
	struct psh_lstm_state *state = room(test, sizeof(*state));
	u8 *blob = room(test, LSTM_BLOB);
	size_t size = lstm_blob(blob, &row->shape, row->weights, row->seed);
	const char *error;

	KUNIT_ASSERT_EQ(test, psh_lstm_decode(lstm, blob, size, &error), 0);
	KUNIT_EXPECT_EQ(test, lstm_walk(lstm, state, row->seed), row->hash);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(decodes, lstm_blob_rows_gen_params),
	KUNIT_CASE_PARAM(walks, lstm_walk_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_lstm",
	.test_cases = cases,
};

kunit_test_suite(suite);
