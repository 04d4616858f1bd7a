/* SPDX-License-Identifier: GPL-2.0 */
/*
 * forecast: rows for whole forecasts of histories good and hostile.
 *
 * Data, and the maker of histories from a kind and a seed, so that a thousand
 * samples need no table. A row's hash is that of all its quantiles, after two
 * days were scored if its steps are hours: every bit of every forecaster is in
 * it.
 */
#ifndef PSH_VECTORS_FORECAST_H
#define PSH_VECTORS_FORECAST_H

#include "../../dm-predshard/core/forecast.h"
#include "../../dm-predshard/core/series.h"
#include "blob.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define FORECAST_HISTORY	2100

enum forecast_history {
	FORECAST_ZERO, FORECAST_CONSTANT, FORECAST_MOST, FORECAST_DAILY,
	FORECAST_OUTLIER, FORECAST_NOISE, FORECAST_EXTREMES, FORECAST_SHIFT,
	FORECAST_JOB,
};

enum forecast_weights {
	FORECAST_NO_WEIGHTS, FORECAST_SHIPPED, FORECAST_WILD, FORECAST_OTHER,
};

struct forecast_row {
	const char *name;
	enum forecast_history history;
	u32 nr;
	u32 step_s;
	u32 steps;
	enum forecast_weights weights;
	int status;
	u64 hash;
};

static const struct forecast_row forecast_rows[] = {
	{ "no history", FORECAST_ZERO, 0, 3600, 24, FORECAST_SHIPPED,
	  -ENODATA, 0 },
	{ "no steps", FORECAST_DAILY, 100, 3600, 0, FORECAST_SHIPPED,
	  -EINVAL, 0 },
	{ "too many steps", FORECAST_DAILY, 100, 3600, 97, FORECAST_SHIPPED,
	  -EINVAL, 0 },
	{ "one sample", FORECAST_DAILY, 1, 3600, 24, FORECAST_SHIPPED, 0, 0x18aa8b2952188ae5ULL },
	{ "a day", FORECAST_DAILY, 24, 3600, 24, FORECAST_SHIPPED, 0, 0x12689521e6c7d471ULL },
	{ "two days", FORECAST_DAILY, 48, 3600, 24, FORECAST_SHIPPED, 0, 0x6fe0d2a299122bf2ULL },
	{ "five days", FORECAST_DAILY, 120, 3600, 72, FORECAST_SHIPPED, 0, 0xc9b57092a65f5f0fULL },
	{ "eight weeks", FORECAST_DAILY, 1344, 3600, 96, FORECAST_SHIPPED,
	  0, 0xe95491ccb560f6bbULL },
	{ "without weights", FORECAST_DAILY, 400, 3600, 72,
	  FORECAST_NO_WEIGHTS, 0, 0x376e5c7f8c4dc23eULL },
	{ "wild weights", FORECAST_DAILY, 400, 3600, 72, FORECAST_WILD, 0, 0x48338d542f33cfadULL },
	{ "weights of another shape", FORECAST_DAILY, 400, 3600, 72,
	  FORECAST_OTHER, 0, 0x376e5c7f8c4dc23eULL },
	{ "nothing ever", FORECAST_ZERO, 400, 3600, 24, FORECAST_SHIPPED,
	  0, 0x243cfa845185aa5ULL },
	{ "always the same", FORECAST_CONSTANT, 400, 3600, 24,
	  FORECAST_SHIPPED, 0, 0xa46f86973d0ae8ddULL },
	{ "always the most", FORECAST_MOST, 400, 3600, 24, FORECAST_SHIPPED,
	  0, 0xd4a67388334b4f65ULL },
	{ "one huge outlier", FORECAST_OUTLIER, 400, 3600, 24,
	  FORECAST_SHIPPED, 0, 0x4c0b17f23cfc9995ULL },
	{ "noise of every size", FORECAST_NOISE, 400, 3600, 72,
	  FORECAST_SHIPPED, 0, 0xdb4a7ec2b2e39025ULL },
	{ "nothing and the most by turns", FORECAST_EXTREMES, 400, 3600, 72,
	  FORECAST_SHIPPED, 0, 0xe99a4f3859cb08e5ULL },
	{ "nothing and the most, wild weights", FORECAST_EXTREMES, 400, 3600,
	  72, FORECAST_WILD, 0, 0xb1d84cf3cc5edda2ULL },
	{ "a level that shifts", FORECAST_SHIFT, 400, 3600, 24,
	  FORECAST_SHIPPED, 0, 0xc716ec8bad9368b6ULL },
	{ "a week of 5 minutes", FORECAST_JOB, 2016, 300, 3, FORECAST_SHIPPED,
	  0, 0xe656d11371c8e790ULL },
	{ "more than a week of 5 minutes", FORECAST_JOB, 2100, 300, 12,
	  FORECAST_SHIPPED, 0, 0x17c367199f9e39b9ULL },
	{ "half a day of 5 minutes", FORECAST_JOB, 144, 300, 3,
	  FORECAST_SHIPPED, 0, 0xb309364910f1562eULL },
	{ "5 minutes of extremes, wild weights", FORECAST_EXTREMES, 700, 300,
	  3, FORECAST_WILD, 0, 0x4e459ff938a3b009ULL },
	{ "5 minutes of nothing", FORECAST_ZERO, 700, 300, 3,
	  FORECAST_SHIPPED, 0, 0x5467b0da1d106495ULL },
	{ "an hour of 10 s", FORECAST_NOISE, 360, 10, 90, FORECAST_SHIPPED,
	  0, 0x8b50a837bb0ac15ULL },
	{ "10 s of the most", FORECAST_MOST, 360, 10, 90, FORECAST_SHIPPED,
	  0, 0x88382da5d75d9835ULL },
};

/* clang-format on */

static inline u64 forecast_sample(enum forecast_history kind, u32 i,
				  u64 *random)
{
	u64 dice = random_next(random);

	switch (kind) {
	case FORECAST_ZERO:
		return 0;
	case FORECAST_CONSTANT:
		return 123456;
	case FORECAST_MOST:
		return U64_MAX;
	case FORECAST_DAILY:
		return (i % 24 >= 8 && i % 24 < 18 ? 9000 : 1000) + dice % 500;
	case FORECAST_OUTLIER:
		return i == 333 ? U64_MAX : 1000 + dice % 100;
	case FORECAST_NOISE:
		return random_magnitude(random);
	case FORECAST_EXTREMES:
		return dice & 1 ? U64_MAX : 0;
	case FORECAST_SHIFT:
		return (i < 350 ? 100 : 100000) + dice % 50;
	case FORECAST_JOB:
		return (i % 288 == 30 ? 50000 : 1000) + dice % 200;
	}
	return 0;
}

/* @code: room for FORECAST_HISTORY */
static inline void forecast_fill(const struct forecast_row *row, u16 *code)
{
	u64 random = 17;
	u32 i;

	for (i = 0; i < row->nr; i++) {
		u64 value = forecast_sample(row->history, i, &random);

		code[i] = psh_series_code(value);
	}
}

static inline u64 forecast_hash(const struct psh_forecast_step *step, u32 nr)
{
	u64 hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (i = 0; i < nr; i++) {
		hash = (hash ^ step[i].p10) * 0x100000001b3ULL;
		hash = (hash ^ step[i].p50) * 0x100000001b3ULL;
		hash = (hash ^ step[i].p90) * 0x100000001b3ULL;
		hash = (hash ^ step[i].peak) * 0x100000001b3ULL;
	}
	return hash;
}

#endif /* PSH_VECTORS_FORECAST_H */
