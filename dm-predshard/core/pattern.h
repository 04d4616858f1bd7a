/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pattern: at which hours of the day a group of segments is used.
 *
 * 24 small counters per group, 48 bytes, that fade by an eighth a day, so that
 * last week counts more than last month. Finds the hours, around midnight too,
 * that have most of a group's use. It keeps hours of the caller's clock and
 * knows no segments.
 */
#ifndef PSH_PATTERN_H
#define PSH_PATTERN_H

#include "base.h"

#define PSH_PATTERN_HOURS	24

/**
 * struct psh_pattern - one group
 * @hour: use by hour of the day, scaled down together when one would overflow
 */
struct psh_pattern {
	u16 hour[PSH_PATTERN_HOURS];
};

/**
 * struct psh_pattern_span - hours of the day in a row
 * @begin: first hour, 0..23
 * @hours: how many, 1..24; 0 for none
 * @permille: their share of all use
 */
struct psh_pattern_span {
	u8 begin;
	u8 hours;
	u16 permille;
};

/**
 * psh_pattern_begin() - nothing was seen
 * @pattern: the group
 */
void psh_pattern_begin(struct psh_pattern *pattern);

/**
 * psh_pattern_add() - book use
 * @pattern: the group
 * @hour: of the day; 24 and above count modulo 24
 * @uses: sampled accesses, or any other measure
 */
void psh_pattern_add(struct psh_pattern *pattern, u32 hour, u32 uses);

/**
 * psh_pattern_fade() - a day has passed
 * @pattern: the group
 */
void psh_pattern_fade(struct psh_pattern *pattern);

/**
 * psh_pattern_busiest() - the fewest hours in a row with a share of all use
 * @pattern: the group
 * @permille: the share, 1..1000
 * @span: result; of equally many hours those with the most use, of these the
 *	  earliest; no hours if there was no use
 *
 * Some 8,500 instructions; for once a day.
 */
void psh_pattern_busiest(const struct psh_pattern *pattern, u32 permille,
			 struct psh_pattern_span *span);

#endif /* PSH_PATTERN_H */
