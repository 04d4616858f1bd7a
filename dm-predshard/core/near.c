// SPDX-License-Identifier: GPL-2.0
/*
 * near: the rows that the network of the next quarter of an hour reads.
 *
 * Jobs that start by the clock come back in the same minute of the hour or the
 * same slot of the day, which the level of the load does not show: hence the
 * counts of spikes by slot and by minute. As in feature.c the order of a row is
 * part of the weights' meaning, and the numbers have the same bounds.
 */
#include "fixed.h"
#include "near.h"

#define DAY		PSH_NEAR_DAY
#define HOUR		12
#define LOG_ONE		(1 << 10)
#define SCALE_LEAST	(LOG_ONE / 64)
#define LIMIT		(8 << 8)

static s16 limit(s64 q8)
{
	return psh_fixed_clamp(q8, -LIMIT, LIMIT);
}

/* A distance in units of the scale, Q8, a quarter of it. */
static s16 scaled(const struct psh_near *near, s32 distance)
{
	return limit(((s64)distance * near->per_scale_q26) >> 19);
}

static s32 sample(const struct psh_near *near, u32 back)
{
	return near->log_q10[near->nr - (back < near->nr ? back : near->nr)];
}

static bool is_spike(const struct psh_near *near, u32 back)
{
	return back <= near->nr && sample(near, back) > near->line;
}

static s32 mean_of_last(const struct psh_near *near, u32 nr)
{
	s64 sum = 0;
	u32 back;

	for (back = 1; back <= nr; back++)
		sum += sample(near, back);
	return psh_fixed_divide(sum, nr);
}

static s32 mean_change(const struct psh_near *near, u32 lag, u32 nr)
{
	s64 sum = 0;
	u32 back;

	for (back = 1; back <= nr; back++) {
		s32 change = sample(near, back) - sample(near, back + lag);

		sum += change < 0 ? -change : change;
	}
	return psh_fixed_divide(sum, nr);
}

static s16 ratio(s32 a, s32 b)
{
	return limit(psh_fixed_divide((s64)a << 8, b > 0 ? b : 1));
}

static void look_at_all(struct psh_near *near)
{
	s16 *common = near->common;
	u32 back, spikes = 0, hour = 0;

	for (back = 1; back < DAY; back++) {
		spikes += is_spike(near, back);
		hour += back <= HOUR && is_spike(near, back);
	}
	memset(common, 0, sizeof(near->common));
	for (back = 1; back <= 6; back++)
		common[back - 1] =
			scaled(near, sample(near, back) - near->base);
	common[6] = scaled(near, mean_of_last(near, HOUR) - near->base);
	common[7] = scaled(near, mean_of_last(near, 4 * HOUR) - near->base);
	common[8] = scaled(near, mean_of_last(near, DAY) - near->base);
	common[9] = limit(near->seasonal.days << 6);
	common[10] = limit((psh_fixed_log2(near->scale) >> 8) - 7 * 256);
	common[11] = limit(near->base >> 4);
	common[12] = ratio(mean_change(near, 1, HOUR), near->scale);
	common[13] = ratio(mean_change(near, DAY, DAY), near->scale);
	common[14] = ratio(mean_change(near, 2, DAY), near->scale);
	common[15] = limit(spikes << 5);
	common[16] = limit(hour << 7);
	common[17] = scaled(near, near->line - near->base);
}

void psh_near_look(struct psh_near *near, const s32 *log_q10, u32 nr, s32 line)
{
	near->log_q10 = log_q10;
	near->nr = nr;
	near->line = line;
	psh_seasonal_learn(&near->seasonal, log_q10, nr, DAY);
	near->scale = psh_fixed_clamp(mean_change(near, 1, DAY), SCALE_LEAST,
				      64 * LOG_ONE);
	near->per_scale_q26 = div64_u64(1ULL << 26, near->scale);
	near->base = (sample(near, 1) + mean_of_last(near, HOUR)) >> 1;
	look_at_all(near);
}

/* The same minute of the last six hours. */
static void look_at_hours(const struct psh_near *near, u32 step, s16 *row)
{
	s32 high = S32_MIN, sum = 0, spikes = 0;
	u32 hour;

	for (hour = 1; hour <= 6; hour++) {
		s32 value = sample(near, hour * HOUR - step);

		sum += value;
		high = value > high ? value : high;
		spikes += is_spike(near, hour * HOUR - step);
	}
	row[18] = scaled(near, sample(near, HOUR - step) - near->base);
	row[19] = scaled(near, sum / 6 - near->base);
	row[20] = scaled(near, high - near->base);
	row[21] = limit(spikes << 8);
}

/* The same slot of the last days, and its neighbours. */
static void look_at_days(const struct psh_near *near, u32 step, s16 *row)
{
	const struct psh_seasonal *seasonal = &near->seasonal;
	u32 day, spikes = 0, around = 0, recent = 0;

	for (day = 1; day <= seasonal->days; day++) {
		u32 back = day * DAY - step;
		bool spike = is_spike(near, back);

		spikes += spike;
		recent += spike && day <= 2;
		around += spike || is_spike(near, back + 1) ||
			  is_spike(near, back - 1);
	}
	row[22] = limit(spikes << 8);
	row[23] = limit(recent << 8);
	row[24] = limit(around << 8);
	row[25] = scaled(near, sample(near, DAY - step) - near->base);
	row[26] = scaled(near, sample(near, DAY - step + 1) - near->base);
	row[27] = scaled(near, sample(near, DAY - step - 1) - near->base);
	row[28] = scaled(near, seasonal->median[step] - near->base);
	row[29] = scaled(near, seasonal->recent[step] - near->base);
	row[30] = scaled(near, seasonal->high[step] - near->base);
	row[31] = scaled(near, seasonal->low[step] - near->base);
	/* How the profile goes on from the last sample's slot. */
	row[32] = scaled(near, seasonal->deviation[step] -
				       seasonal->deviation[DAY - 1]);
	row[33] =
		scaled(near, sample(near, DAY - step) - sample(near, DAY + 1));
	row[34] = ratio(spikes << 10, seasonal->days << 10);
}

void psh_near_row(const struct psh_near *near, u32 step,
		  s16 row[PSH_NEAR_FEATURES])
{
	memcpy(row, near->common, sizeof(near->common));
	look_at_hours(near, step, row);
	look_at_days(near, step, row);
	row[35] = limit((step + 1) << 7);
}
