// SPDX-License-Identifier: GPL-2.0
/*
 * pattern: counters by hour, and the span that holds a share of them.
 *
 * Called by the predictor's worker once an hour per group. Counters are below
 * 2^16, a day's sum below 2^21, a thousand times that below 2^31.
 */
#include "pattern.h"

void psh_pattern_begin(struct psh_pattern *pattern)
{
	memset(pattern, 0, sizeof(*pattern));
}

static void halve(struct psh_pattern *pattern)
{
	u32 i;

	for (i = 0; i < PSH_PATTERN_HOURS; i++)
		pattern->hour[i] /= 2;
}

/* At most 17 rounds of halving: 2^32 does not fit 16 bits before. */
void psh_pattern_add(struct psh_pattern *pattern, u32 hour, u32 uses)
{
	u16 *counter = &pattern->hour[hour % PSH_PATTERN_HOURS];

	while (uses > U16_MAX || *counter + uses > U16_MAX) {
		halve(pattern);
		uses /= 2;
	}
	*counter += uses;
}

void psh_pattern_fade(struct psh_pattern *pattern)
{
	u32 i;

	for (i = 0; i < PSH_PATTERN_HOURS; i++)
		pattern->hour[i] -= (pattern->hour[i] + 7) / 8;
}

/* Use of the best span of so many hours; its beginning in @begin. */
static u32 best_of(const struct psh_pattern *pattern, u32 hours, u32 *begin)
{
	u32 sum = 0, best, i;

	for (i = 0; i < hours; i++)
		sum += pattern->hour[i];
	best = sum;
	*begin = 0;
	for (i = 1; i < PSH_PATTERN_HOURS; i++) {
		sum -= pattern->hour[i - 1];
		sum += pattern->hour[(i - 1 + hours) % PSH_PATTERN_HOURS];
		if (sum > best) {
			best = sum;
			*begin = i;
		}
	}
	return best;
}

void psh_pattern_busiest(const struct psh_pattern *pattern, u32 permille,
			 struct psh_pattern_span *span)
{
	u32 begin, all = best_of(pattern, PSH_PATTERN_HOURS, &begin);
	u32 hours, sum;

	memset(span, 0, sizeof(*span));
	if (!all)
		return;
	for (hours = 1; hours < PSH_PATTERN_HOURS; hours++) {
		sum = best_of(pattern, hours, &begin);
		if (sum * 1000 >= all * permille)
			break;
	}
	sum = best_of(pattern, hours, &begin);
	span->begin = begin;
	span->hours = hours;
	span->permille = sum * 1000 / all;
}
