// SPDX-License-Identifier: GPL-2.0
/*
 * lstm: decoding of weights and the arithmetic of the network.
 *
 * Called from the worker that forecasts; a network is read only once decoded
 * and may be shared. Sums are 64 bits wide: a row has at most 2^7 products of
 * two 16-bit numbers, which is below 2^38, and nothing that follows widens it
 * by more than 2^7. Between layers numbers are cut to 16 bits, cells to 16,
 * so that weights of any value give bounded results.
 */
#include "fixed.h"
#include "lstm.h"

#define CELL_LIMIT	(16 << 12)

enum {
	GATE_INPUT,
	GATE_FORGET,
	GATE_CELL,
	GATE_OUTPUT,
	GATES
};

/* CRC-32C bit by bit: a blob is read once in its life. */
static u32 crc32c_add(u32 crc, const u8 *data, size_t size)
{
	unsigned int bit;

	for (; size; size--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78U : 0);
	}
	return crc;
}

u32 psh_lstm_checksum(const u8 *blob, size_t size)
{
	u32 crc = crc32c_add(~0U, blob, 12);

	return ~crc32c_add(crc, blob + PSH_LSTM_HEADER, size - PSH_LSTM_HEADER);
}

static const char *check_shape(const struct psh_lstm_shape *shape)
{
	if (shape->units > PSH_LSTM_UNITS)
		return "at most 32 units";
	if (shape->past > PSH_LSTM_PAST || !shape->past != !shape->units)
		return "1 to 8 numbers per past step, 0 without units";
	if (!shape->inputs || shape->inputs > PSH_LSTM_INPUTS)
		return "1 to 64 inputs";
	if (!shape->hidden || shape->hidden > PSH_LSTM_HIDDEN)
		return "1 to 64 in the first layer";
	if (!shape->second || shape->second > PSH_LSTM_SECOND)
		return "1 to 32 in the second layer";
	if (!shape->outputs || shape->outputs > PSH_LSTM_OUTPUTS)
		return "1 to 8 outputs";
	return NULL;
}

static u32 weights_of(const struct psh_lstm_shape *shape)
{
	return 4 * shape->units * (shape->past + shape->units + 1) +
	       shape->hidden * (shape->inputs + shape->units + 1) +
	       shape->second * (shape->hidden + 1) +
	       shape->outputs * (shape->second + 1);
}

static u32 u32_at(const u8 *bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (u32)bytes[3] << 24;
}

static const char *read_header(struct psh_lstm_shape *shape, const u8 *blob,
			       size_t size)
{
	const char *error;

	if (size < PSH_LSTM_HEADER)
		return "a header of 16 bytes";
	if (memcmp(blob, "PSHW", 4) || blob[11])
		return "weights that begin with PSHW";
	shape->version = blob[4];
	shape->past = blob[5];
	shape->units = blob[6];
	shape->inputs = blob[7];
	shape->hidden = blob[8];
	shape->second = blob[9];
	shape->outputs = blob[10];
	error = check_shape(shape);
	if (error)
		return error;
	if (size != PSH_LSTM_HEADER + 2 * weights_of(shape))
		return "as many weights as the header says";
	if (u32_at(blob + 12) != psh_lstm_checksum(blob, size))
		return "the checksum of the weights";
	return NULL;
}

static s16 weight_at(const u8 *blob, u32 i)
{
	blob += PSH_LSTM_HEADER + 2 * i;
	return blob[0] | blob[1] << 8;
}

int psh_lstm_decode(struct psh_lstm *lstm, const u8 *blob, size_t size,
		    const char **error)
{
	struct psh_lstm_shape shape;
	u32 i;

	*error = read_header(&shape, blob, size);
	if (*error)
		return -EINVAL;
	for (i = 0; i < weights_of(&shape); i++) {
		if (weight_at(blob, i) == S16_MIN) {
			*error = "weights from -32767 to 32767";
			return -EINVAL;
		}
	}
	lstm->shape = shape;
	for (i = 0; i < weights_of(&shape); i++)
		lstm->weight[i] = weight_at(blob, i);
	return 0;
}

void psh_lstm_begin(const struct psh_lstm *lstm, struct psh_lstm_state *state)
{
	memset(state->cell_q12, 0,
	       lstm->shape.units * sizeof(state->cell_q12[0]));
	memset(state->output_q15, 0,
	       lstm->shape.units * sizeof(state->output_q15[0]));
}

/*
 * Two products of a weight within 32767 and any 16-bit number fit 32 bits, which
 * halves the work of summing in 64.
 */
static s64 products(const s16 *weight, const s16 *value, u32 nr)
{
	s64 sum = 0;
	u32 i;

	for (i = 0; i + 4 <= nr; i += 4) {
		s32 even = weight[i] * value[i] + weight[i + 1] * value[i + 1];
		s32 odd = weight[i + 2] * value[i + 2] +
			  weight[i + 3] * value[i + 3];

		sum += (s64)even + odd;
	}
	for (; i < nr; i++)
		sum += weight[i] * value[i];
	return sum;
}

/* The argument of one gate of one unit: Q12 weights times Q8 and Q15. */
static s32 gate_q12(const struct psh_lstm *lstm,
		    const struct psh_lstm_state *state, const s16 *past_q8,
		    u32 gate, u32 unit)
{
	u32 width = 1 + lstm->shape.past + lstm->shape.units;
	const s16 *weight =
		lstm->weight + (gate * lstm->shape.units + unit) * width;
	s64 sum_q27 = (s64)weight[0] * 32768;

	sum_q27 += products(weight + 1, past_q8, lstm->shape.past) * 128;
	sum_q27 += products(weight + 1 + lstm->shape.past, state->output_q15,
			    lstm->shape.units);
	return psh_fixed_clamp(psh_fixed_shift(sum_q27, 15), -CELL_LIMIT,
			       CELL_LIMIT);
}

static s16 step_unit(const struct psh_lstm *lstm, struct psh_lstm_state *state,
		     const s16 *past_q8, u32 unit)
{
	s64 in, keep, new, out, cell;
	s32 q12[GATES];
	u32 gate;

	for (gate = 0; gate < GATES; gate++)
		q12[gate] = gate_q12(lstm, state, past_q8, gate, unit);
	in = psh_fixed_sigmoid(q12[GATE_INPUT]);
	keep = psh_fixed_sigmoid(q12[GATE_FORGET]);
	new = psh_fixed_tanh(q12[GATE_CELL]);
	out = psh_fixed_sigmoid(q12[GATE_OUTPUT]);
	cell = psh_fixed_shift(keep * state->cell_q12[unit], 15) +
	       psh_fixed_shift(in * new, 18);
	state->cell_q12[unit] = psh_fixed_clamp(cell, -CELL_LIMIT, CELL_LIMIT);
	out *= psh_fixed_tanh(state->cell_q12[unit]);
	return psh_fixed_clamp(psh_fixed_shift(out, 15), -S16_MAX, S16_MAX);
}

void psh_lstm_step(const struct psh_lstm *lstm, struct psh_lstm_state *state,
		   const s16 *past_q8)
{
	s16 output[PSH_LSTM_UNITS];
	u32 unit;

	for (unit = 0; unit < lstm->shape.units; unit++)
		output[unit] = step_unit(lstm, state, past_q8, unit);
	memcpy(state->output_q15, output,
	       lstm->shape.units * sizeof(output[0]));
}

static const s16 *first_layer(const struct psh_lstm *lstm)
{
	return lstm->weight +
	       4 * lstm->shape.units *
		       (1 + lstm->shape.past + lstm->shape.units);
}

void psh_lstm_settle(const struct psh_lstm *lstm, struct psh_lstm_state *state)
{
	u32 width = 1 + lstm->shape.inputs + lstm->shape.units, i;
	const s16 *weight = first_layer(lstm);

	for (i = 0; i < lstm->shape.hidden; i++, weight += width) {
		s64 sum_q27 = products(weight + 1 + lstm->shape.inputs,
				       state->output_q15, lstm->shape.units);

		state->first_q20[i] =
			psh_fixed_shift(sum_q27, 7) + (s64)weight[0] * 256;
	}
}

/* Rectified, Q20 or Q22 to Q10. */
static s16 rectified(s64 sum, u32 shift)
{
	return psh_fixed_clamp(psh_fixed_shift(sum, shift), 0, S16_MAX);
}

void psh_lstm_answer(const struct psh_lstm *lstm,
		     const struct psh_lstm_state *state, const s16 *row_q8,
		     s32 *answer_q10)
{
	s16 hidden[PSH_LSTM_HIDDEN], second[PSH_LSTM_SECOND];
	const s16 *weight = first_layer(lstm);
	u32 i;

	for (i = 0; i < lstm->shape.hidden; i++) {
		hidden[i] = rectified(state->first_q20[i] +
					      products(weight + 1, row_q8,
						       lstm->shape.inputs),
				      10);
		weight += 1 + lstm->shape.inputs + lstm->shape.units;
	}
	for (i = 0; i < lstm->shape.second; i++) {
		second[i] = rectified((s64)weight[0] * 1024 +
					      products(weight + 1, hidden,
						       lstm->shape.hidden),
				      12);
		weight += 1 + lstm->shape.hidden;
	}
	for (i = 0; i < lstm->shape.outputs; i++) {
		s64 sum = (s64)weight[0] * 1024 +
			  products(weight + 1, second, lstm->shape.second);

		answer_q10[i] = psh_fixed_clamp(psh_fixed_shift(sum, 12),
						-S16_MAX, S16_MAX);
		weight += 1 + lstm->shape.second;
	}
}
