/* SPDX-License-Identifier: GPL-2.0 */
/*
 * extent: rows of changes to a segment's extents, and what is left.
 *
 * A change without place erases; lists end with one without sectors. Data only;
 * tests/unit/extent_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_EXTENT_H
#define PSH_VECTORS_EXTENT_H

#include "../../dm-predshard/core/extent.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define EXTENT_CHANGES 6
#define D PSH_EXTENT_DATA
#define Z PSH_EXTENT_ZEROES

struct extent_row {
	const char *name;
	struct psh_extent change[EXTENT_CHANGES];
	struct psh_extent left[EXTENT_CHANGES];
};

static const struct extent_row extent_rows[] = {
	{ "nothing is nowhere", { { 0 } }, { { 0 } } },
	{ "one is where it is", { { 8, 8, D, 100 } }, { { 8, 8, D, 100 } } },
	{ "two lie side by side", { { 8, 8, D, 100 }, { 0, 8, D, 200 } },
	  { { 0, 8, D, 200 }, { 8, 8, D, 100 } } },
	{ "the newest wins", { { 8, 8, D, 100 }, { 8, 8, D, 200 } },
	  { { 8, 8, D, 200 } } },
	{ "the end is cut off", { { 0, 16, D, 100 }, { 12, 8, D, 200 } },
	  { { 0, 12, D, 100 }, { 12, 8, D, 200 } } },
	{ "the beginning is cut off", { { 8, 16, D, 100 }, { 4, 8, D, 200 } },
	  { { 4, 8, D, 200 }, { 12, 12, D, 104 } } },
	{ "the middle is cut out", { { 0, 24, D, 100 }, { 8, 1, D, 200 } },
	  { { 0, 8, D, 100 }, { 8, 1, D, 200 }, { 9, 15, D, 109 } } },
	{ "many are covered by one",
	  { { 0, 4, D, 1 }, { 4, 4, D, 9 }, { 10, 2, Z, 7 }, { 0, 12, D, 50 } },
	  { { 0, 12, D, 50 } } },
	{ "the place of zeroes does not move",
	  { { 0, 24, Z, 5 }, { 8, 8, D, 200 } },
	  { { 0, 8, Z, 5 }, { 8, 8, D, 200 }, { 16, 8, Z, 5 } } },
	{ "a whole segment of zeroes is one",
	  { { 0, 131072, Z, 134217727 } }, { { 0, 131072, Z, 134217727 } } },
	{ "the largest data at the last place",
	  { { 129024, 2048, D, 8589934591ULL } },
	  { { 129024, 2048, D, 8589934591ULL } } },
	{ "what is erased is nowhere",
	  { { 0, 24, D, 100 }, { 8, 8 } },
	  { { 0, 8, D, 100 }, { 16, 8, D, 116 } } },
};

#undef D
#undef Z
/* clang-format on */

#endif /* PSH_VECTORS_EXTENT_H */
