/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lstm: rows for blobs of weights that are refused, and for networks that run.
 *
 * Data only; tests/unit/lstm_test.c and the KUnit suite compare the same rows, on
 * networks that blob.h makes.
 */
#ifndef PSH_VECTORS_LSTM_H
#define PSH_VECTORS_LSTM_H

#include "blob.h"

/* Rows are laid out for their reader. */
/* clang-format off */

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

#endif /* PSH_VECTORS_LSTM_H */
