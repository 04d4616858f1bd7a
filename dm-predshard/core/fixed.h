/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fixed: arithmetic of the forecasters, without floating point.
 *
 * Numbers are integers with a stated number of fraction bits: _q16 has 16,
 * _q10 has 10, and so on. Everything saturates where it could overflow, no
 * function divides by what is only known at run time unless its name says
 * "divide", and the same input gives the same bits on every machine. It knows
 * nothing about series or models.
 */
#ifndef PSH_FIXED_H
#define PSH_FIXED_H

#include "base.h"

#define PSH_FIXED_SHIFT	16
#define PSH_FIXED_ONE	(1 << PSH_FIXED_SHIFT)

/**
 * psh_fixed_clamp() - the nearest number in a range
 * @x: any number
 * @low: lower end
 * @high: upper end, not below @low
 *
 * Return: @low..@high.
 */
static inline s64 psh_fixed_clamp(s64 x, s64 low, s64 high)
{
	return x < low ? low : x > high ? high : x;
}

/**
 * psh_fixed_shift() - divide by a power of two, to the nearest
 * @x: any number below 2^62
 * @shift: 1..62
 *
 * Return: @x / 2^@shift; halves go up.
 */
static inline s64 psh_fixed_shift(s64 x, unsigned int shift)
{
	return (x + (1LL << (shift - 1))) >> shift;
}

/**
 * psh_fixed_divide() - quotient of signed numbers, towards 0
 * @dividend: any number above -2^63
 * @divisor: more than 0
 *
 * Not for loops that run per sample.
 *
 * Return: the quotient.
 */
static inline s64 psh_fixed_divide(s64 dividend, u64 divisor)
{
	return dividend < 0 ? -(s64)div64_u64(-dividend, divisor) :
			      (s64)div64_u64(dividend, divisor);
}

/**
 * psh_fixed_log2() - logarithm to base 2
 * @x: 0 counts as 1
 *
 * Return: log2(@x) in Q16, 0..64 * 65536, within 2 / 65536.
 */
s32 psh_fixed_log2(u64 x);

/**
 * psh_fixed_exp2() - power of 2
 * @exponent_q16: exponent in Q16
 *
 * Return: 2^@exponent in Q16, within 1 / 65536 of itself plus one unit;
 * sticks at 2^63 from an exponent of 47 upwards, is 0 below -26.
 */
u64 psh_fixed_exp2(s32 exponent_q16);

/**
 * psh_fixed_sigmoid() - the logistic function
 * @x_q12: argument in Q12
 *
 * Return: 1 / (1 + e^-x) in Q15, 0..32768, within 4 / 32768.
 */
s32 psh_fixed_sigmoid(s32 x_q12);

/**
 * psh_fixed_tanh() - hyperbolic tangent
 * @x_q12: argument in Q12
 *
 * Return: tanh(x) in Q15, -32768..32768, within 8 / 32768.
 */
s32 psh_fixed_tanh(s32 x_q12);

#endif /* PSH_FIXED_H */
