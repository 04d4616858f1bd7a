// SPDX-License-Identifier: GPL-2.0
/*
 * feature: the rows that the network reads.
 *
 * The order of a row is part of the weights' meaning: a new feature makes old
 * weights useless, which the weights' own version says. A value that the
 * history is too short for is 0, which is "as the base says". Logarithms are
 * below 2^20 in size, the reciprocal of the scale below 2^12 in Q16 times 2^5:
 * products stay below 2^48.
 */
#include "feature.h"
#include "fixed.h"

#define DAY		24
#define WEEK		(7 * DAY)
#define LOG_ONE		(1 << 10)
#define SCALE_LEAST	(LOG_ONE / 32)
#define ALL_SAMPLES	(8 * DAY)	/* of statistics on the whole */

static s16 limit(s64 q8)
{
	return psh_fixed_clamp(q8, -PSH_FEATURE_LIMIT, PSH_FEATURE_LIMIT);
}

/* A distance in units of the scale, Q8. */
static s16 scaled(const struct psh_outlook *outlook, s32 distance)
{
	/* Q26 of the ratio, of which 8 bits stay. */
	return limit(((s64)distance * outlook->per_scale_q26) >> 18);
}

static s32 sample(const struct psh_outlook *outlook, u32 back)
{
	return outlook->log_q10[outlook->nr - back];
}

static s32 mean_of_last(const struct psh_outlook *outlook, u32 from, u32 to)
{
	s64 sum = 0;
	u32 back;

	if (to > outlook->nr)
		to = outlook->nr;
	if (from > to)
		return sample(outlook, 1);
	for (back = from; back <= to; back++)
		sum += sample(outlook, back);
	return psh_fixed_divide(sum, to - from + 1);
}

/* Mean change against @lag earlier, over the samples @from..@to back. */
static s32 mean_change(const struct psh_outlook *outlook, u32 lag, u32 from,
		       u32 to)
{
	s64 sum = 0;
	u32 back;

	if (to + lag > outlook->nr)
		to = outlook->nr > lag ? outlook->nr - lag : 0;
	if (from > to)
		return 0;
	for (back = from; back <= to; back++) {
		s32 change =
			sample(outlook, back) - sample(outlook, back + lag);

		sum += change < 0 ? -change : change;
	}
	return psh_fixed_divide(sum, to - from + 1);
}

/* What the profile leaves of the sample @back, 1 for the last. */
static s32 rest(const struct psh_outlook *outlook, u32 back)
{
	return sample(outlook, back) -
	       outlook->seasonal.deviation[(8 * WEEK - back) % DAY];
}

static s32 median_rest(const struct psh_outlook *outlook, u32 nr)
{
	s32 value[3 * DAY];
	u32 i;

	if (nr > outlook->nr)
		nr = outlook->nr;
	for (i = 0; i < nr; i++)
		value[i] = rest(outlook, i + 1);
	return psh_seasonal_median(value, nr);
}

/* AR(1) of what the profile leaves, from the last 8 days. */
static s32 persistence(const struct psh_outlook *outlook)
{
	u32 nr = outlook->nr < ALL_SAMPLES ? outlook->nr : ALL_SAMPLES, back;
	s64 product = 0, square = 1;
	s32 next = rest(outlook, 1) - outlook->level;

	for (back = 2; back <= nr; back++) {
		s32 this = rest(outlook, back) - outlook->level;

		product += (s64)this * next;
		square += (s64)this * this;
		next = this;
	}
	if (product <= 0)
		return 0;
	/* Products are below 2^40, so this fits. */
	return psh_fixed_clamp(psh_fixed_divide(product << 10, square), 0,
			       1000);
}

/* Share of samples at the lowest value seen, Q8. */
static s32 share_at_low(const struct psh_outlook *outlook, u32 nr)
{
	s32 low = S32_MAX;
	u32 back, count = 0;

	for (back = 1; back <= nr; back++)
		if (sample(outlook, back) < low)
			low = sample(outlook, back);
	for (back = 1; back <= nr; back++)
		count += sample(outlook, back) < low + LOG_ONE / 16;
	return psh_fixed_divide((s64)count << 8, nr);
}

static s32 profile_size(const struct psh_outlook *outlook)
{
	s64 sum = 0;
	u32 slot;

	for (slot = 0; slot < DAY; slot++) {
		s32 size = outlook->seasonal.deviation[slot];

		sum += size < 0 ? -size : size;
	}
	return psh_fixed_divide(sum, DAY);
}

/* a / b in Q8, at most 8. */
static s16 ratio(s32 a, s32 b)
{
	return limit(psh_fixed_divide((s64)a << 8, b > 0 ? b : 1));
}

static void look_at_all(struct psh_outlook *outlook)
{
	u32 nr = outlook->nr < ALL_SAMPLES ? outlook->nr : ALL_SAMPLES;
	s16 *common = outlook->common;
	s32 hourly = mean_change(outlook, 1, 1, ALL_SAMPLES);

	memset(common, 0, sizeof(outlook->common));
	common[22] = limit((psh_fixed_log2(outlook->scale) >> 8) - 8 * 256);
	common[23] = limit(outlook->level >> 4);
	common[24] = limit(2 * share_at_low(outlook, nr));
	common[25] = limit(outlook->phi_q10 >> 1);
	common[26] = limit(outlook->seasonal.days << 6);
	common[29] = scaled(outlook, outlook->last);
	common[31] = ratio(profile_size(outlook), outlook->scale);
	common[32] = ratio(mean_change(outlook, DAY, 1, DAY), outlook->scale);
	common[33] = scaled(outlook,
			    mean_of_last(outlook, 1, DAY) -
				    mean_of_last(outlook, DAY + 1, 2 * DAY));
	common[34] = ratio(hourly, outlook->scale);
	common[35] = scaled(outlook, mean_of_last(outlook, 1, DAY) -
					     mean_of_last(outlook, 1, WEEK));
	common[36] = outlook->nr >= WEEK ?
			     ratio(mean_change(outlook, WEEK, 1, ALL_SAMPLES),
				   outlook->scale) :
			     256;
}

void psh_feature_look(struct psh_outlook *outlook, const s32 *log_q10, u32 nr)
{
	s32 level;

	outlook->log_q10 = log_q10;
	outlook->nr = nr;
	psh_seasonal_learn(&outlook->seasonal, log_q10, nr, DAY);
	outlook->scale =
		psh_fixed_clamp(mean_change(outlook, DAY, 1, ALL_SAMPLES),
				SCALE_LEAST, 64 * LOG_ONE);
	outlook->per_scale_q26 = div64_u64(1ULL << 26, outlook->scale);
	level = median_rest(outlook, DAY) + median_rest(outlook, 3 * DAY);
	outlook->level = level >> 1;
	outlook->last = rest(outlook, 1) - outlook->level;
	outlook->phi_q10 = persistence(outlook);
	look_at_all(outlook);
}

s32 psh_feature_base(const struct psh_outlook *outlook, u32 hour)
{
	s32 left = outlook->last;
	u32 i;

	for (i = 0; i <= hour && left; i++)
		left = (left * outlook->phi_q10) >> 10;
	return outlook->level + outlook->seasonal.deviation[hour % DAY] + left;
}

/* The same hour on the last eight days. */
static void look_at_days(const struct psh_outlook *outlook, u32 slot, s32 base,
			 s16 *row)
{
	u32 day;

	for (day = 0; day < 7 && day < outlook->seasonal.days; day++) {
		s32 same = sample(outlook, (day + 1) * DAY - slot);

		row[day] = scaled(outlook, same - base);
	}
}

void psh_feature_row(const struct psh_outlook *outlook, u32 hour,
		     s16 row[PSH_FEATURES])
{
	const struct psh_seasonal *seasonal = &outlook->seasonal;
	s32 base = psh_feature_base(outlook, hour), week;
	u32 slot = hour % DAY;
	u32 before = (slot + DAY - 1) % DAY, after = (slot + 1) % DAY;

	memcpy(row, outlook->common, sizeof(outlook->common));
	look_at_days(outlook, slot, base, row);
	row[7] = scaled(outlook, sample(outlook, DAY - before) - base);
	row[8] = scaled(outlook, sample(outlook, DAY - after) - base);
	row[9] = scaled(outlook, seasonal->deviation[before] -
					 seasonal->deviation[slot]);
	row[10] = scaled(outlook, seasonal->deviation[after] -
					  seasonal->deviation[slot]);
	row[11] = scaled(outlook, seasonal->median[slot] - base);
	row[12] = scaled(outlook, seasonal->recent[slot] - base);
	row[13] = scaled(outlook, seasonal->high[slot] - base);
	row[14] = scaled(outlook, seasonal->low[slot] - base);
	row[15] = scaled(outlook, sample(outlook, 1) - base);
	row[16] = scaled(outlook, mean_of_last(outlook, 1, 3) - base);
	row[17] = scaled(outlook, mean_of_last(outlook, 1, 6) - base);
	row[18] = scaled(outlook, mean_of_last(outlook, 1, DAY) - base);
	row[19] = scaled(outlook, mean_of_last(outlook, 1, WEEK) - base);
	if (psh_seasonal_week(outlook->log_q10, outlook->nr, WEEK, hour % WEEK,
			      &week)) {
		row[20] = scaled(outlook,
				 sample(outlook, WEEK - hour % WEEK) - base);
		row[21] = scaled(outlook, week - base);
		row[37] = 256;
	}
	row[27] = 256 * 4 / (4 + hour);
	row[28] = limit((256 * hour) / DAY);
	row[30] = scaled(outlook, seasonal->deviation[slot]);
	row[38] = scaled(outlook, seasonal->recent[before] - base);
	row[39] = scaled(outlook, seasonal->recent[after] - base);
}

void psh_feature_past(const struct psh_outlook *outlook, u32 back,
		      s16 row[PSH_FEATURES_PAST])
{
	memset(row, 0, PSH_FEATURES_PAST * sizeof(*row));
	if (back > outlook->nr)
		return;
	row[0] = scaled(outlook, sample(outlook, back) - outlook->level);
	row[1] = scaled(outlook, rest(outlook, back) - outlook->level);
	if (back + DAY <= outlook->nr)
		row[2] = scaled(outlook, sample(outlook, back) -
						 sample(outlook, back + DAY));
	if (back + 1 <= outlook->nr)
		row[3] = scaled(outlook, sample(outlook, back) -
						 sample(outlook, back + 1));
}
