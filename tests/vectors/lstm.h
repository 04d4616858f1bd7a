/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lstm: rows for blobs of weights that are refused, and for networks that run.
 *
 * Data, and the maker of small networks from a seed, so that a blob of any
 * shape and any weights can be had in user space and in the kernel.
 */
#ifndef PSH_VECTORS_LSTM_H
#define PSH_VECTORS_LSTM_H

#include "../../dm-predshard/core/lstm.h"
#include "random.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define LSTM_BLOB	(PSH_LSTM_HEADER + 2 * PSH_LSTM_WEIGHTS)

enum lstm_weights { LSTM_RANDOM, LSTM_ZERO, LSTM_HIGH, LSTM_LOW, LSTM_MIXED };

struct lstm_blob_row {
	const char *name;
	struct psh_lstm_shape shape;
	s32 longer;		/* bytes that the blob is longer than right */
	u32 spoilt;		/* byte that is changed afterwards, or 0 */
	const char *error;
};

#define LSTM_SMALL	{ 1, 4, 2, 3, 4, 3, 3 }

static const struct lstm_blob_row lstm_blob_rows[] = {
	{ "a small network", LSTM_SMALL, 0, 0, NULL },
	{ "no memory at all", { 1, 0, 0, 3, 4, 3, 3 }, 0, 0, NULL },
	{ "the largest", { 1, 8, 32, 64, 64, 32, 8 }, 0, 0, NULL },
	{ "a header only", LSTM_SMALL, -1000, 0,
	  "as many weights as the header says" },
	{ "nothing", LSTM_SMALL, -100000, 0, "a header of 16 bytes" },
	{ "one weight less", LSTM_SMALL, -2, 0,
	  "as many weights as the header says" },
	{ "half a weight more", LSTM_SMALL, 1, 0,
	  "as many weights as the header says" },
	{ "another beginning", LSTM_SMALL, 0, 3,
	  "weights that begin with PSHW" },
	{ "a byte that must be 0", LSTM_SMALL, 0, 11,
	  "weights that begin with PSHW" },
	{ "another checksum", LSTM_SMALL, 0, 12,
	  "the checksum of the weights" },
	{ "another version under the same checksum", LSTM_SMALL, 0, 4,
	  "the checksum of the weights" },
	{ "one weight changed", LSTM_SMALL, 0, 30,
	  "the checksum of the weights" },
	{ "too many units", { 1, 4, 33, 3, 4, 3, 3 }, 0, 0,
	  "at most 32 units" },
	{ "units without a past", { 1, 0, 2, 3, 4, 3, 3 }, 0, 0,
	  "1 to 8 numbers per past step, 0 without units" },
	{ "a past without units", { 1, 4, 0, 3, 4, 3, 3 }, 0, 0,
	  "1 to 8 numbers per past step, 0 without units" },
	{ "too long a past", { 1, 9, 2, 3, 4, 3, 3 }, 0, 0,
	  "1 to 8 numbers per past step, 0 without units" },
	{ "no inputs", { 1, 4, 2, 0, 4, 3, 3 }, 0, 0, "1 to 64 inputs" },
	{ "too many inputs", { 1, 4, 2, 65, 4, 3, 3 }, 0, 0,
	  "1 to 64 inputs" },
	{ "no first layer", { 1, 4, 2, 3, 0, 3, 3 }, 0, 0,
	  "1 to 64 in the first layer" },
	{ "too large a second layer", { 1, 4, 2, 3, 4, 33, 3 }, 0, 0,
	  "1 to 32 in the second layer" },
	{ "no outputs", { 1, 4, 2, 3, 4, 3, 0 }, 0, 0, "1 to 8 outputs" },
	{ "everything too large", { 255, 255, 255, 255, 255, 255, 255 }, 0, 0,
	  "at most 32 units" },
};

struct lstm_walk_row {
	const char *name;
	struct psh_lstm_shape shape;
	enum lstm_weights weights;
	u64 seed;		/* of weights and of inputs */
	u64 hash;		/* of all answers */
};

static const struct lstm_walk_row lstm_walk_rows[] = {
	{ "small", LSTM_SMALL, LSTM_RANDOM, 3, 0x9ab1029ed001d21bULL },
	{ "largest", { 1, 8, 32, 64, 64, 32, 8 }, LSTM_RANDOM, 5, 0x29232e640d9fb052ULL },
	{ "zero answers with its zeros", LSTM_SMALL, LSTM_ZERO, 7, 0x42a3110292eaa1dULL },
	{ "saturated upwards", { 1, 8, 32, 64, 64, 32, 8 }, LSTM_HIGH, 9, 0xa1435dc37695d515ULL },
	{ "saturated downwards", { 1, 8, 32, 64, 64, 32, 8 }, LSTM_LOW, 11, 0x8ea1c87fe2cb0965ULL },
	{ "saturated both ways", { 1, 8, 32, 64, 64, 32, 8 }, LSTM_MIXED, 13,
	  0x602247594109403aULL },
};

/* clang-format on */

static inline u32 lstm_weights_of(const struct psh_lstm_shape *shape)
{
	return 4 * shape->units * (shape->past + shape->units + 1) +
	       shape->hidden * (shape->inputs + shape->units + 1) +
	       shape->second * (shape->hidden + 1) +
	       shape->outputs * (shape->second + 1);
}

static inline s16 lstm_weight(enum lstm_weights weights, u64 *random)
{
	u64 dice = random_next(random);

	if (weights == LSTM_ZERO)
		return 0;
	if (weights == LSTM_HIGH)
		return S16_MAX;
	if (weights == LSTM_LOW)
		return -S16_MAX;
	if (weights == LSTM_MIXED)
		return dice & 1 ? S16_MAX : -S16_MAX;
	return (s16)(dice & 0x1fff) - 0x1000;
}

/*
 * A right blob of @shape, of whatever size @blob, of LSTM_BLOB bytes, has room
 * for. Return: its size.
 */
static inline size_t lstm_blob(u8 *blob, const struct psh_lstm_shape *shape,
			       enum lstm_weights weights, u64 seed)
{
	u32 nr = lstm_weights_of(shape), i, crc;

	if (nr > PSH_LSTM_WEIGHTS)
		nr = 0;
	memcpy(blob, "PSHW", 4);
	blob[4] = shape->version;
	blob[5] = shape->past;
	blob[6] = shape->units;
	blob[7] = shape->inputs;
	blob[8] = shape->hidden;
	blob[9] = shape->second;
	blob[10] = shape->outputs;
	blob[11] = 0;
	for (i = 0; i < nr; i++) {
		u16 weight = lstm_weight(weights, &seed);

		blob[PSH_LSTM_HEADER + 2 * i] = weight & 0xff;
		blob[PSH_LSTM_HEADER + 2 * i + 1] = weight >> 8;
	}
	crc = psh_lstm_checksum(blob, PSH_LSTM_HEADER + 2 * nr);
	for (i = 0; i < 4; i++)
		blob[12 + i] = crc >> (8 * i);
	return PSH_LSTM_HEADER + 2 * nr;
}

/* Reads 50 steps of noise, answers 10 rows. Return: hash of the answers. */
static inline u64 lstm_walk(const struct psh_lstm *lstm,
			    struct psh_lstm_state *state, u64 seed)
{
	u64 hash = 0xcbf29ce484222325ULL;
	s32 answer[PSH_LSTM_OUTPUTS];
	s16 row[PSH_LSTM_INPUTS];
	u32 step, i;

	psh_lstm_begin(lstm, state);
	for (step = 0; step < 60; step++) {
		for (i = 0; i < PSH_LSTM_INPUTS; i++)
			row[i] = (s16)(random_next(&seed) & 0xfff) - 0x800;
		if (step < 50) {
			psh_lstm_step(lstm, state, row);
			continue;
		}
		psh_lstm_settle(lstm, state);
		psh_lstm_answer(lstm, state, row, answer);
		for (i = 0; i < lstm->shape.outputs; i++)
			hash = (hash ^ (u32)answer[i]) * 0x100000001b3ULL;
	}
	return hash;
}

#endif /* PSH_VECTORS_LSTM_H */
