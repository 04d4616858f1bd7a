/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arima: rows for models that are given, refused and fitted.
 *
 * Data only; tests/unit/arima_test.c and the KUnit suite compare the same rows.
 * Coefficients are written as 4096ths.
 */
#ifndef PSH_VECTORS_ARIMA_H
#define PSH_VECTORS_ARIMA_H

#include "../../dm-predshard/core/arima.h"
#include "random.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct arima_check_row {
	const char *name;
	struct psh_arima model;
	const char *error;
};

static const struct arima_check_row arima_check_rows[] = {
	{ "nothing at all is a constant", { 0 }, NULL },
	{ "the highest orders", { .p = 4, .d = 2, .q = 4 }, NULL },
	{ "p too high", { .p = 5 }, "orders p and q of at most 4" },
	{ "q too high", { .q = 255 }, "orders p and q of at most 4" },
	{ "d too high", { .d = 3 }, "at most 2 differences" },
	{ "a mean beyond any difference", { .mean = S32_MIN },
	  "a mean within 2^22" },
	{ "variance too high", { .variance = U64_MAX },
	  "a variance below 2^44" },
	{ "shocks that never die",
	  { .q = 2, .theta_q12 = { 3000, -1500 } },
	  "a moving average with a sum of sizes below 1" },
};

#define ARIMA_HISTORY	6
#define ARIMA_STEPS	4

struct arima_forecast_row {
	const char *name;
	struct psh_arima model;
	u32 nr;
	s32 history[ARIMA_HISTORY];
	s32 forecast[ARIMA_STEPS];
	u64 variance[ARIMA_STEPS];
};

static const struct arima_forecast_row arima_forecast_rows[] = {
	{ "a constant is its mean", { .mean = 70, .variance = 1 << 20 },
	  1, { 5 }, { 70, 70, 70, 70 },
	  { 1 << 20, 1 << 20, 1 << 20, 1 << 20 } },
	{ "half of the last distance remains",
	  { .p = 1, .phi_q12 = { 2048 }, .variance = 1 << 20 },
	  2, { 0, 1000 }, { 500, 250, 125, 63 },
	  { 1048576, 1310720, 1376256, 1392640 } },
	{ "a shock is remembered once",
	  { .q = 1, .theta_q12 = { 2048 } },
	  1, { 1000 }, { 500, 0, 0, 0 } },
	{ "a random walk stays", { .d = 1, .variance = 1 << 20 },
	  3, { 1, 5, 9 }, { 9, 9, 9, 9 },
	  { 1 << 20, 2 << 20, 3 << 20, 4 << 20 } },
	{ "a drift goes on", { .d = 1, .mean = 4 },
	  3, { 1, 5, 9 }, { 13, 17, 21, 25 } },
	{ "two differences keep the slope", { .d = 2 },
	  4, { 10, 20, 30, 40 }, { 50, 60, 70, 80 } },
	{ "one sample is enough", { .p = 4, .d = 2, .q = 4 },
	  1, { 42 }, { 42, 42, 42, 42 } },
	{ "what grows without bound sticks",
	  { .p = 1, .phi_q12 = { 32767 }, .variance = (1ULL << 44) - 1 },
	  2, { 0, 1 << 20 }, { 1 << 20, 1 << 20, 1 << 20, 1 << 20 },
	  { 17592186044160ULL, 17592186044416ULL, 17592186044416ULL,
	    17592186044416ULL } },
	{ "samples out of range are cut", { .p = 1, .phi_q12 = { 4096 } },
	  2, { S32_MIN, S32_MAX }, { 1 << 20, 1 << 20, 1 << 20, 1 << 20 } },
};

struct arima_fit_row {
	const char *name;
	u8 p;
	u8 d;
	u32 nr;
	u64 seed;		/* 0 for a constant of 500 */
	s16 phi_q12;		/* of the process that makes the samples */
	u64 hash;		/* of the fitted model */
};

static const struct arima_fit_row arima_fit_rows[] = {
	{ "a constant has no variance", 2, 0, 200, 0, 0, 0xd141c4fa23f9c529ULL },
	{ "too short for its order", 4, 0, 20, 7, 2048, 0xd7e4fcfa299d713dULL },
	{ "first order", 1, 0, 1000, 7, 2048, 0x7ee93352e5ee15adULL },
	{ "second order of a first order process", 2, 0, 1000, 7, 3686, 0xb2226a321f497716ULL },
	{ "all orders", 4, 2, 4096, 9, 1000, 0xb568f57057c32d45ULL },
};

/* clang-format on */

#define ARIMA_SAMPLES	4096

/* A first order process with shocks of up to 512. */
static inline void arima_fill(const struct arima_fit_row *row, s32 *sample)
{
	u64 random = row->seed;
	u32 i;

	for (i = 0; i < row->nr; i++) {
		s32 shock = random ? (s32)(random_next(&random) & 1023) - 512 :
				     500;

		sample[i] = shock;
		if (i && row->seed)
			sample[i] += sample[i - 1] * row->phi_q12 / 4096;
	}
}

static inline u64 arima_hash(const struct psh_arima *model)
{
	u64 hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (i = 0; i < PSH_ARIMA_ORDER; i++)
		hash = (hash ^ (u16)model->phi_q12[i]) * 0x100000001b3ULL;
	hash = (hash ^ (u32)model->mean) * 0x100000001b3ULL;
	return (hash ^ model->variance) * 0x100000001b3ULL;
}

#endif /* PSH_VECTORS_ARIMA_H */
