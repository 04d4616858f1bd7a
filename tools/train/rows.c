// SPDX-License-Identifier: GPL-2.0
/*
 * rows: core's features for many histories at once, for the training.
 *
 * A shared library that train.py builds from this file and from core, so that
 * a network is trained on exactly the rows that it will read in the kernel. It
 * computes nothing itself. One thread at a time.
 */
#include "../../dm-predshard/core/feature.h"
#include "../../dm-predshard/core/load.h"
#include "../../dm-predshard/core/near.h"
#include "../../dm-predshard/core/series.h"

static struct psh_load load;

/* Rows, base and past of @steps hours ahead of one history. */
void hours_rows(const u64 *value, u32 nr, u32 steps, s16 *row, s16 *past,
		s32 *base, s32 *scale, u64 *unit);
/* The same of three steps of 5 minutes. */
void minutes_rows(const u64 *value, u32 nr, s16 *row, s32 *base, s32 *scale,
		  u64 *unit);

static void look(const u64 *value, u32 nr)
{
	static u16 code[PSH_LOAD_SAMPLES];
	u32 i;

	for (i = 0; i < nr; i++)
		code[i] = psh_series_code(value[i]);
	psh_load_look(&load, code, nr);
}

void hours_rows(const u64 *value, u32 nr, u32 steps, s16 *row, s16 *past,
		s32 *base, s32 *scale, u64 *unit)
{
	static struct psh_outlook outlook;
	u32 i;

	look(value, nr);
	psh_feature_look(&outlook, load.log_q10, load.nr);
	for (i = 0; i < steps; i++) {
		psh_feature_row(&outlook, i, row + i * PSH_FEATURES);
		base[i] = psh_feature_base(&outlook, i);
	}
	for (i = 0; i < PSH_FEATURE_HOURS; i++)
		psh_feature_past(&outlook, PSH_FEATURE_HOURS - i,
				 past + i * PSH_FEATURES_PAST);
	*scale = outlook.scale;
	*unit = load.unit;
}

void minutes_rows(const u64 *value, u32 nr, s16 *row, s32 *base, s32 *scale,
		  u64 *unit)
{
	static struct psh_near near;
	u32 i;

	look(value, nr);
	psh_near_look(&near, load.log_q10, load.nr, psh_load_spike_line(&load));
	for (i = 0; i < 3; i++)
		psh_near_row(&near, i, row + i * PSH_NEAR_FEATURES);
	*base = near.base;
	*scale = near.scale;
	*unit = load.unit;
}
