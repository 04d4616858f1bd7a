// SPDX-License-Identifier: GPL-2.0
/*
 * lstm_test: weights are believed when they are right, and bounded always.
 *
 * The rows of tests/vectors/lstm.h, the shipped weights, every single flipped
 * bit of a small blob, and the arithmetic against libm.
 */
#include <math.h>
#include <stdlib.h>

#include "rows.h"
#include "../../dm-predshard/core/weights.h"
#include "../vectors/lstm.h"

static struct psh_lstm lstm;
static struct psh_lstm_state memory;

static void decodes(void **state)
{
	const struct lstm_blob_row *row = *state;
	u8 *blob = calloc(1, LSTM_BLOB + 1);
	long size = lstm_blob(blob, &row->shape, LSTM_RANDOM, 1) + row->longer;
	const char *error = NULL;

	if (row->longer == -1000)
		size = PSH_LSTM_HEADER;
	if (row->spoilt)
		blob[row->spoilt] ^= 1;
	memset(&lstm, 0xa5, sizeof(lstm));
	assert_int_equal(psh_lstm_decode(&lstm, blob, size > 0 ? size : 0,
					 &error),
			 row->error ? -EINVAL : 0);
	assert_int_equal(!error, !row->error);
	if (error) {
		assert_string_equal(error, row->error);
		assert_int_equal(lstm.shape.units, 0xa5);
	}
	free(blob);
}

static void walks(void **state)
{
	const struct lstm_walk_row *row = *state;
	u8 *blob = calloc(1, LSTM_BLOB);
	size_t size = lstm_blob(blob, &row->shape, row->weights, row->seed);
	const char *error;

	assert_int_equal(psh_lstm_decode(&lstm, blob, size, &error), 0);
	assert_int_equal(lstm_walk(&lstm, &memory, row->seed), row->hash);
	free(blob);
}

static void the_shipped_weights_are_right(void **state)
{
	const char *error;

	(void)state;
	assert_int_equal(psh_lstm_decode(&lstm, psh_weights_hours,
					 sizeof(psh_weights_hours), &error),
			 0);
	assert_int_equal(psh_lstm_decode(&lstm, psh_weights_minutes,
					 sizeof(psh_weights_minutes), &error),
			 0);
}

static void every_flipped_bit_is_seen(void **state)
{
	const struct psh_lstm_shape shape = LSTM_SMALL;
	u8 *blob = calloc(1, LSTM_BLOB);
	size_t size = lstm_blob(blob, &shape, LSTM_RANDOM, 2), i;
	const char *error;

	(void)state;
	for (i = 0; i < 8 * size; i++) {
		blob[i / 8] ^= 1 << (i % 8);
		assert_int_equal(psh_lstm_decode(&lstm, blob, size, &error),
				 -EINVAL);
		blob[i / 8] ^= 1 << (i % 8);
	}
	free(blob);
}

static void the_lowest_weight_is_refused(void **state)
{
	const struct psh_lstm_shape shape = LSTM_SMALL;
	u8 *blob = calloc(1, LSTM_BLOB);
	size_t size = lstm_blob(blob, &shape, LSTM_ZERO, 2);
	const char *error;
	u32 crc, i;

	(void)state;
	blob[size - 1] = 0x80;
	crc = psh_lstm_checksum(blob, size);
	for (i = 0; i < 4; i++)
		blob[12 + i] = crc >> (8 * i);
	assert_int_equal(psh_lstm_decode(&lstm, blob, size, &error), -EINVAL);
	assert_string_equal(error, "weights from -32767 to 32767");
	free(blob);
}

/* One unit whose gates have biases of 1 and nothing else, for one step. */
static void one_step_is_as_libm_says(void **state)
{
	const s16 past[PSH_LSTM_PAST] = { 0 };
	double gate = 1 / (1 + exp(-1.0)), cell = gate * tanh(1.0);

	(void)state;
	memset(&lstm, 0, sizeof(lstm));
	lstm.shape = (struct psh_lstm_shape){ 1, 1, 1, 1, 1, 1, 1 };
	lstm.weight[0] = 4096;
	lstm.weight[3] = 4096;
	lstm.weight[6] = 4096;
	lstm.weight[9] = 4096;
	psh_lstm_begin(&lstm, &memory);
	psh_lstm_step(&lstm, &memory, past);
	assert_true(fabs(memory.cell_q12[0] - 4096 * cell) <= 2);
	assert_true(fabs(memory.output_q15[0] - 32768 * gate * tanh(cell)) <=
		    20);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, lstm_blob_rows, decodes);
	ROWS_ADD(&rows, lstm_walk_rows, walks);
	rows_add(&rows, "the shipped weights are right",
		 the_shipped_weights_are_right);
	rows_add(&rows, "every flipped bit is seen", every_flipped_bit_is_seen);
	rows_add(&rows, "the lowest weight is refused",
		 the_lowest_weight_is_refused);
	rows_add(&rows, "one step is as libm says", one_step_is_as_libm_says);
	return rows_run("lstm", &rows);
}
