/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blob: networks of any shape and any weights, from a seed.
 *
 * Makes the blob and walks the network, the same in user space and in the
 * kernel, for the rows of lstm and of forecast. It has no rows of its own, so
 * that who needs a network need not have them all.
 */
#ifndef PSH_VECTORS_BLOB_H
#define PSH_VECTORS_BLOB_H

#include "../../dm-predshard/core/lstm.h"
#include "random.h"

#define LSTM_BLOB	(PSH_LSTM_HEADER + 2 * PSH_LSTM_WEIGHTS)

enum lstm_weights {
	LSTM_RANDOM,
	LSTM_ZERO,
	LSTM_HIGH,
	LSTM_LOW,
	LSTM_MIXED
};

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

#endif /* PSH_VECTORS_BLOB_H */
