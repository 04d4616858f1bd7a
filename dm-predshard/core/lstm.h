/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lstm: a small network with a memory, in integers.
 *
 * One LSTM layer reads the past, step by step; what it holds at the end is
 * added to the row of each step ahead, which two dense layers turn into a few
 * outputs. Without units it is the dense layers alone. Weights come as a blob
 * that is believed only after its checksum, its dimensions, its length and the
 * range of every weight are right; whatever the weights then are, saturated
 * ones included, every result is bounded and nothing overflows. It does not
 * learn: tools/train does.
 */
#ifndef PSH_LSTM_H
#define PSH_LSTM_H

#include "base.h"

#define PSH_LSTM_UNITS		32	/* most of each; a blob may have less */
#define PSH_LSTM_PAST		8
#define PSH_LSTM_INPUTS		64
#define PSH_LSTM_HIDDEN		64
#define PSH_LSTM_SECOND		32
#define PSH_LSTM_OUTPUTS	8
#define PSH_LSTM_HEADER		16	/* bytes of a blob before the weights */
#define PSH_LSTM_WEIGHTS                                             \
	(4 * PSH_LSTM_UNITS * (PSH_LSTM_PAST + PSH_LSTM_UNITS + 1) + \
	 PSH_LSTM_HIDDEN * (PSH_LSTM_INPUTS + PSH_LSTM_UNITS + 1) +  \
	 PSH_LSTM_SECOND * (PSH_LSTM_HIDDEN + 1) +                   \
	 PSH_LSTM_OUTPUTS * (PSH_LSTM_SECOND + 1))

/**
 * struct psh_lstm_shape - what a network is for, and how large
 * @version: which rows it was trained on; the caller compares it
 * @past: numbers per step of the past
 * @units: of the LSTM; 0 for none
 * @inputs: numbers per step ahead
 * @hidden: of the first dense layer
 * @second: of the second dense layer
 * @outputs: results per step ahead
 */
struct psh_lstm_shape {
	u8 version;
	u8 past;
	u8 units;
	u8 inputs;
	u8 hidden;
	u8 second;
	u8 outputs;
};

/**
 * struct psh_lstm - a network
 * @shape: its dimensions
 * @weight: all weights in Q12: for each gate (input, forget, cell, output) and
 *	    unit its bias, its past and its units; then for each of @hidden
 *	    its bias, inputs and units; then for each of @second, and of
 *	    @outputs, its bias and its inputs
 */
struct psh_lstm {
	struct psh_lstm_shape shape;
	s16 weight[PSH_LSTM_WEIGHTS];
};

/**
 * struct psh_lstm_state - what the network remembers
 * @cell_q12: of each unit, within 16
 * @output_q15: of each unit
 * @first_q20: what the memory adds to each of the first dense layer
 */
struct psh_lstm_state {
	s32 cell_q12[PSH_LSTM_UNITS];
	s16 output_q15[PSH_LSTM_UNITS];
	s64 first_q20[PSH_LSTM_HIDDEN];
};

/**
 * psh_lstm_decode() - believe a blob, or not
 * @lstm: result; untouched on failure
 * @blob: "PSHW", seven bytes in the order of struct psh_lstm_shape, a byte 0, the
 *	  CRC-32C of all but itself, then the weights; little endian
 * @size: bytes of it
 * @error: on failure what was expected
 *
 * Return: 0, or -EINVAL.
 */
int psh_lstm_decode(struct psh_lstm *lstm, const u8 *blob, size_t size,
		    const char **error);

/**
 * psh_lstm_checksum() - the checksum that a blob of weights must carry
 * @blob: at least %PSH_LSTM_HEADER bytes
 * @size: bytes of it
 *
 * Return: CRC-32C of the blob without its bytes 12..15.
 */
u32 psh_lstm_checksum(const u8 *blob, size_t size);

/**
 * psh_lstm_begin() - forget everything
 * @lstm: the network
 * @state: its state
 */
void psh_lstm_begin(const struct psh_lstm *lstm, struct psh_lstm_state *state);

/**
 * psh_lstm_step() - read one step of the past
 * @lstm: the network
 * @state: its state
 * @past_q8: @lstm->shape.past numbers
 *
 * 4 * units * (past + units) multiplications.
 */
void psh_lstm_step(const struct psh_lstm *lstm, struct psh_lstm_state *state,
		   const s16 *past_q8);

/**
 * psh_lstm_settle() - prepare for answers, after the last step of the past
 * @lstm: the network
 * @state: its state
 */
void psh_lstm_settle(const struct psh_lstm *lstm, struct psh_lstm_state *state);

/**
 * psh_lstm_answer() - outputs for one step ahead
 * @lstm: the network
 * @state: settled
 * @row_q8: @lstm->shape.inputs numbers
 * @answer_q10: @lstm->shape.outputs results, each within 32
 *
 * inputs * hidden + hidden * second + second * outputs multiplications.
 */
void psh_lstm_answer(const struct psh_lstm *lstm,
		     const struct psh_lstm_state *state, const s16 *row_q8,
		     s32 *answer_q10);

#endif /* PSH_LSTM_H */
