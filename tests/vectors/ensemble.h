/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ensemble: rows for shares and for the width of bands.
 *
 * Data only; tests/unit/ensemble_test.c and the KUnit suite compare the same
 * rows. Losses are of the first hour, in the order of the forecasters: naive,
 * profile, recent, median, arima, week, network.
 */
#ifndef PSH_VECTORS_ENSEMBLE_H
#define PSH_VECTORS_ENSEMBLE_H

#include "../../dm-predshard/core/ensemble.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define ENSEMBLE_ALL	0x7f

struct ensemble_share_row {
	const char *name;
	u32 present;
	bool scored;
	u64 loss[PSH_FORECASTER_NR];
	u16 share_q15[PSH_FORECASTER_NR];
};

static const struct ensemble_share_row ensemble_share_rows[] = {
	{ "alone it has all", 1, true, { 5 }, { 32768, 0, 0, 0, 0, 0, 0 } },
	{ "alone without losses too", 1, true, { 0 },
	  { 32768, 0, 0, 0, 0, 0, 0 } },
	{ "two alike share what the floor leaves", 3, true,
	  { 3200, 3200 }, { 16896, 15872, 0, 0, 0, 0, 0 } },
	{ "half the loss has sixteen times the share", 3, true,
	  { 64000, 32000 }, { 2892, 29876, 0, 0, 0, 0, 0 } },
	{ "the naive one keeps its floor", 3, true,
	  { U64_MAX, 1 }, { 1024, 31744, 0, 0, 0, 0, 0 } },
	{ "an absent one has nothing", 5, true,
	  { 3200, 1, 3200 }, { 16896, 0, 15872, 0, 0, 0, 0 } },
	{ "the network is preferred", 0x41, true,
	  { 3200, 0, 0, 0, 0, 0, 3200 }, { 4552, 0, 0, 0, 0, 0, 28216 } },
	{ "before any score more so", 0x41, false,
	  { 0, 0, 0, 0, 0, 0, 0 }, { 2294, 0, 0, 0, 0, 0, 30474 } },
	{ "a bad network has next to nothing", ENSEMBLE_ALL, true,
	  { 3200, 3200, 3200, 3200, 3200, 3200, 1 << 20 },
	  { 6318, 5290, 5290, 5290, 5290, 5290, 0 } },
	{ "losses without bound do not overflow", ENSEMBLE_ALL, true,
	  { U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX },
	  { 3294, 2267, 2267, 2267, 2267, 2267, 18139 } },
};

struct ensemble_widen_row {
	const char *name;
	u32 hits;
	u32 misses;		/* after the hits, above */
	s16 widen_q10[2];
};

static const struct ensemble_widen_row ensemble_widen_rows[] = {
	{ "nothing learnt is as it is", 0, 0, { 1024, 1024 } },
	{ "nine hits make up for one miss", 9, 1, { 1004, 1024 } },
	{ "it narrows to three quarters at most", 10000, 0, { 768, 768 } },
	{ "it widens to twice at most", 0, 10000, { 768, 2048 } },
};

#endif /* PSH_VECTORS_ENSEMBLE_H */
