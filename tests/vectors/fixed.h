/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fixed: rows for the arithmetic of the forecasters.
 *
 * Data only; tests/unit/fixed_test.c and the KUnit suite compare the same rows.
 * Their values are what the tables give, not what mathematics would; how far
 * apart the two are is measured in fixed_test.c.
 */
#ifndef PSH_VECTORS_FIXED_H
#define PSH_VECTORS_FIXED_H

#include "../../dm-predshard/core/fixed.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct fixed_log2_row {
	const char *name;
	u64 x;
	s32 log2_q16;
};

static const struct fixed_log2_row fixed_log2_rows[] = {
	{ "nothing counts as one", 0, 0 },
	{ "one", 1, 0 },
	{ "two", 2, 1 << 16 },
	{ "three", 3, 103872 },
	{ "a thousand", 1000, 653118 },
	{ "32 bits", 1ULL << 32, 32 << 16 },
	{ "just below 32 bits", (1ULL << 32) - 1, (32 << 16) },
	{ "the largest is 64 within rounding", U64_MAX, 64 << 16 },
};

struct fixed_exp2_row {
	const char *name;
	s32 exponent_q16;
	u64 power_q16;
};

static const struct fixed_exp2_row fixed_exp2_rows[] = {
	{ "one", 0, 1 << 16 },
	{ "two", 1 << 16, 1 << 17 },
	{ "a half", -(1 << 16), 1 << 15 },
	{ "the root of two", 1 << 15, 92682 },
	{ "the smallest that is seen", -(17 << 16), 1 },
	{ "below it is nothing", -(18 << 16), 0 },
	{ "the most negative is nothing", S32_MIN, 0 },
	{ "the largest that fits", 46 << 16, 1ULL << 62 },
	{ "more sticks", 47 << 16, 1ULL << 63 },
	{ "the largest exponent sticks", S32_MAX, 1ULL << 63 },
};

struct fixed_sigmoid_row {
	const char *name;
	s32 x_q12;
	s32 sigmoid_q15;
	s32 tanh_q15;
};

static const struct fixed_sigmoid_row fixed_sigmoid_rows[] = {
	{ "the middle", 0, 16384, 0 },
	{ "one", 1 << 12, 23955, 24956 },
	{ "minus one mirrors one", -(1 << 12), 8813, -24956 },
	{ "eight is nearly all", 8 << 12, 32757, 32768 },
	{ "far out is all", S32_MAX, 32768, 32768 },
	{ "far out below is nothing", S32_MIN, 0, -32768 },
};

struct fixed_divide_row {
	const char *name;
	s64 dividend;
	u64 divisor;
	s64 quotient;
};

static const struct fixed_divide_row fixed_divide_rows[] = {
	{ "towards nothing", 7, 2, 3 },
	{ "towards nothing from below", -7, 2, -3 },
	{ "the largest", S64_MAX, 1, S64_MAX },
	{ "the smallest but one", -S64_MAX, 1, -S64_MAX },
	{ "a divisor above any", -5, U64_MAX, 0 },
};

#endif /* PSH_VECTORS_FIXED_H */
