/* SPDX-License-Identifier: GPL-2.0 */
/*
 * base: rows for what core borrows from its surroundings.
 *
 * In user space they test base.h's own functions, in the kernel they show that
 * the kernel's mean the same. Data only; tests/unit/base_test.c and the KUnit
 * suite compare the same rows.
 */
#ifndef PSH_VECTORS_BASE_H
#define PSH_VECTORS_BASE_H

#include "../../dm-predshard/core/base.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct base_number_row {
	const char *name;
	const char *text;
	int status;
	u64 value;		/* 7 is left alone by a failure */
};

static const struct base_number_row base_number_rows[] = {
	{ "0", "0", 0, 0 },
	{ "9", "9", 0, 9 },
	{ "leading zeros", "0010", 0, 10 },
	{ "the highest", "18446744073709551615", 0, U64_MAX },
	{ "one above the highest", "18446744073709551616", -ERANGE, 7 },
	{ "ten times the highest", "184467440737095516150", -ERANGE, 7 },
	{ "an overflow that wraps above itself", "99999999999999999999",
	  -ERANGE, 7 },
	{ "an overflow with garbage", "18446744073709551616x", -ERANGE, 7 },
	{ "a plus", "+5", 0, 5 },
	{ "two pluses", "++5", -EINVAL, 7 },
	{ "a minus", "-5", -EINVAL, 7 },
	{ "a newline", "5\n", 0, 5 },
	{ "two newlines", "5\n\n", -EINVAL, 7 },
	{ "a newline first", "\n5", -EINVAL, 7 },
	{ "a space first", " 5", -EINVAL, 7 },
	{ "a space last", "5 ", -EINVAL, 7 },
	{ "a letter", "a", -EINVAL, 7 },
	{ "the byte below 0", "/", -EINVAL, 7 },
	{ "the byte above 9", ":", -EINVAL, 7 },
	{ "a letter after digits", "5a", -EINVAL, 7 },
	{ "hexadecimal", "0x5", -EINVAL, 7 },
	{ "nothing", "", -EINVAL, 7 },
	{ "a plus alone", "+", -EINVAL, 7 },
	{ "a newline alone", "\n", -EINVAL, 7 },
};

struct base_log2_row {
	const char *name;
	u64 x;
	unsigned int log2;
};

static const struct base_log2_row base_log2_rows[] = {
	{ "log2 of 1", 1, 0 },
	{ "log2 of 2", 2, 1 },
	{ "log2 of 3", 3, 1 },
	{ "log2 of 4", 4, 2 },
	{ "log2 of 2^32 - 1", 0xffffffffULL, 31 },
	{ "log2 of 2^32", 1ULL << 32, 32 },
	{ "log2 of 2^63", 1ULL << 63, 63 },
	{ "log2 of the highest", ~0ULL, 63 },
};

struct base_power_row {
	const char *name;
	unsigned long n;
	bool is_power;
};

static const struct base_power_row base_power_rows[] = {
	{ "0 is no power of two", 0, false },
	{ "1 is a power of two", 1, true },
	{ "2 is a power of two", 2, true },
	{ "3 is no power of two", 3, false },
	{ "the highest bit is a power of two", ~(~0UL >> 1), true },
	{ "all bits are no power of two", ~0UL, false },
};

struct base_division_row {
	const char *name;
	u64 dividend;
	u64 divisor;
	u64 quotient;
};

static const struct base_division_row base_division_rows[] = {
	{ "a quotient is rounded down", 7, 2, 3 },
	{ "numbers of 64 bits divide", ~0ULL, 1ULL << 32, 0xffffffffULL },
	{ "the highest by itself is 1", ~0ULL, ~0ULL, 1 },
	{ "below the divisor is 0", ~0ULL - 1, ~0ULL, 0 },
};

#endif /* PSH_VECTORS_BASE_H */
