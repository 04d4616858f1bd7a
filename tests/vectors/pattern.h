/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pattern: rows for the busiest hours of a day.
 *
 * Data only; tests/unit/pattern_test.c and the KUnit suite compare the same
 * rows.
 */
#ifndef PSH_VECTORS_PATTERN_H
#define PSH_VECTORS_PATTERN_H

#include "../../dm-predshard/core/pattern.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define PATTERN_USES	6

struct pattern_row {
	const char *name;
	u32 nr;
	struct {
		u32 hour;
		u32 uses;
	} use[PATTERN_USES];
	u32 fades;
	u32 permille;
	struct psh_pattern_span span;	/* begin, hours, permille */
};

static const struct pattern_row pattern_rows[] = {
	{ "no use", 0, { { 0 } }, 0, 800, { 0, 0, 0 } },
	{ "one hour", 1, { { 9, 100 } }, 0, 800, { 9, 1, 1000 } },
	{ "a morning", 4, { { 8, 100 }, { 9, 300 }, { 10, 100 }, { 20, 20 } },
	  0, 800, { 8, 3, 961 } },
	{ "around midnight", 3, { { 23, 100 }, { 0, 100 }, { 12, 10 } },
	  0, 800, { 23, 2, 952 } },
	{ "two peaks far apart are one span", 2, { { 2, 100 }, { 22, 100 } },
	  0, 800, { 22, 5, 1000 } },
	{ "the larger of two peaks", 2, { { 2, 100 }, { 14, 110 } },
	  0, 500, { 14, 1, 523 } },
	{ "the earliest of two alike", 2, { { 5, 100 }, { 15, 100 } },
	  0, 500, { 5, 1, 500 } },
	{ "hour 25 is hour 1", 1, { { 25, 100 } }, 0, 800, { 1, 1, 1000 } },
	{ "faded a little", 2, { { 3, 1000 }, { 4, 10 } }, 5, 800,
	  { 3, 1, 992 } },
	{ "faded away", 1, { { 3, 100 } }, 60, 800, { 0, 0, 0 } },
	{ "the most uses do not overflow", 2, { { 3, U32_MAX }, { 4, U32_MAX } },
	  0, 800, { 4, 1, 1000 } },
	{ "all is scaled together", 3,
	  { { 3, 60000 }, { 4, 30000 }, { 3, 60000 } },
	  0, 800, { 3, 1, 800 } },
};

#endif /* PSH_VECTORS_PATTERN_H */
