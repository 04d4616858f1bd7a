/* SPDX-License-Identifier: GPL-2.0 */
/*
 * base: what core borrows from its surroundings.
 *
 * The only place that knows whether it is compiled for the kernel or for user
 * space. In the kernel it includes, in user space it defines the same few
 * names with the same meaning, so that all else in core compiles unchanged in
 * both and gives the same results bit by bit. It offers no floating point, no
 * allocation, no I/O and no locks, because core has none; and no character
 * classes, because the kernel's are Latin-1 and libc's follow the locale.
 */
#ifndef PSH_BASE_H
#define PSH_BASE_H

#ifdef __KERNEL__

#include <asm/byteorder.h>

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/crc32c.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/types.h>

#else /* user space */

#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The kernel's own choice, so that %llu and %d fit everywhere. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

/* Known to sparse only. */
#ifdef __CHECKER__
#define __force			__attribute__((force))
#else
#define __force
#endif

#define U8_MAX			((u8)~0U)
#define S16_MAX			((s16)0x7fff)
#define S16_MIN			((s16)(-S16_MAX - 1))
#define S32_MAX			((s32)0x7fffffff)
#define S32_MIN			((s32)(-S32_MAX - 1))
#define U16_MAX			((u16)~0U)
#define U32_MAX			((u32)~0U)
#define U64_MAX			((u64)~0ULL)
#define S64_MAX			((s64)0x7fffffffffffffffLL)
#define S64_MIN			((s64)(-S64_MAX - 1))

#define cpu_to_le16(x)		((__force __le16)htole16(x))
#define cpu_to_le32(x)		((__force __le32)htole32(x))
#define cpu_to_le64(x)		((__force __le64)htole64(x))
#define le16_to_cpu(x)		le16toh((__force __u16)(x))
#define le32_to_cpu(x)		le32toh((__force __u32)(x))
#define le64_to_cpu(x)		le64toh((__force __u64)(x))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#define static_assert(condition, ...)	_Static_assert(condition, #condition)

#ifndef __printf
#define __printf(format, first) \
	__attribute__((__format__(__printf__, format, first)))
#endif

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

#ifdef __SSE4_2__
/* Three lanes at once, since each step waits for the one before: most of a block. */
#define CRC_LANE_BYTES 1360

/* What becomes of @crc over a lane of zeroes: of its bits, one by one. */
static inline u32 crc32c_pass_lane(u32 crc)
{
	static u32 passed[32];
	u32 sum = 0;
	int bit, i;

	for (bit = 31; bit >= 0 && !passed[0]; bit--) {
		u64 one = 1U << bit;

		for (i = 0; i < CRC_LANE_BYTES / 8; i++)
			one = __builtin_ia32_crc32di(one, 0);
		passed[bit] = one;
	}
	for (; crc; crc &= crc - 1)
		sum ^= passed[__builtin_ctz(crc)];
	return sum;
}

static inline u32 crc32c_lanes(u32 crc, const u8 *byte)
{
	u64 lane[3] = { crc };
	int i;

	for (i = 0; i < CRC_LANE_BYTES; i += 8, byte += 8) {
		u64 word[3];

		memcpy(&word[0], byte, 8);
		memcpy(&word[1], byte + CRC_LANE_BYTES, 8);
		memcpy(&word[2], byte + 2 * CRC_LANE_BYTES, 8);
		lane[0] = __builtin_ia32_crc32di(lane[0], word[0]);
		lane[1] = __builtin_ia32_crc32di(lane[1], word[1]);
		lane[2] = __builtin_ia32_crc32di(lane[2], word[2]);
	}
	return crc32c_pass_lane(crc32c_pass_lane(lane[0]) ^ lane[1]) ^ lane[2];
}
#endif

/* Castagnoli's polynomial, reflected; neither end is inverted here. */
static inline u32 crc32c(u32 crc, const void *data, size_t size)
{
	const u8 *byte = data;

#ifdef __SSE4_2__
	for (; size >= 3 * CRC_LANE_BYTES; size -= 3 * CRC_LANE_BYTES) {
		crc = crc32c_lanes(crc, byte);
		byte += 3 * CRC_LANE_BYTES;
	}
	for (; size >= 8; size -= 8, byte += 8) {
		u64 word;

		memcpy(&word, byte, 8);
		crc = __builtin_ia32_crc32di(crc, word);
	}
#endif
	while (size--) {
		crc ^= *byte++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78U : 0);
	}
	return crc;
}

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/*
 * The kernel's rules: an optional plus, at least one digit, an optional
 * newline, nothing else. Base 10 is the only one core uses.
 */
static inline int kstrtou64(const char *text, unsigned int base, u64 *result)
{
	u64 value = 0;
	bool overflow = false;

	if (*text == '+')
		text++;
	if (base != 10 || *text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		unsigned int digit = *text - '0';

		overflow |= value > (U64_MAX - digit) / 10;
		value = value * 10 + digit;
	}
	if (overflow)
		return -ERANGE;
	if (*text == '\n')
		text++;
	if (*text)
		return -EINVAL;
	*result = value;
	return 0;
}

#endif /* __KERNEL__ */

/**
 * psh_log2() - floor of the logarithm to base 2
 * @x: not 0
 *
 * Return: 0..63.
 */
static inline unsigned int psh_log2(u64 x)
{
	return fls64(x) - 1;
}

#endif /* PSH_BASE_H */
