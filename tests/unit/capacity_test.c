// SPDX-License-Identifier: GPL-2.0
/*
 * capacity_test: time to full is right where there is a trend, and not given
 * where there is none.
 *
 * The rows of tests/vectors/capacity.h; random histories of several kinds, of
 * which it is counted how many get a date and how many come to be full outside
 * the interval; and samples and clocks of any kind.
 */
#include "rows.h"
#include "../vectors/capacity.h"
#include "../vectors/random.h"

#define HISTORIES 1000
#define HOUR_S 3600

static void tells(void **state)
{
	const struct capacity_row *row = *state;
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;

	capacity_run_row(row, &capacity, &outlook);
	assert_int_equal(outlook.trend, row->outlook.trend);
	assert_int_equal(outlook.used, row->outlook.used);
	assert_int_equal(outlook.per_day, row->outlook.per_day);
	assert_int_equal(outlook.low_s, row->outlook.low_s);
	assert_int_equal(outlook.middle_s, row->outlook.middle_s);
	assert_int_equal(outlook.high_s, row->outlook.high_s);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(psh_trend_name(PSH_TREND_GROWING), "growing");
	assert_string_equal(psh_trend_name(PSH_TREND_FULL), "full");
	assert_string_equal(psh_trend_name(PSH_TREND_NR), "unknown");
}

/* Sum of four: spread of about 577 around 0. */
static s64 noise(u64 *random)
{
	s64 sum = -2000;
	u32 i;

	for (i = 0; i < 4; i++)
		sum += random_next(random) % 1001;
	return sum;
}

/* Return: how many of walks without a drift get a date. */
static u32 dates_of_walks(u32 hours, u64 seed)
{
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	u32 i, hour, dates = 0;
	u64 random = seed;

	for (i = 0; i < HISTORIES; i++) {
		s64 used = 1000000000;

		psh_capacity_begin(&capacity);
		for (hour = 0; hour < hours; hour++) {
			used += noise(&random);
			psh_capacity_add(&capacity, (s64)hour * HOUR_S, used);
		}
		psh_capacity_look(&capacity, used + 1000000, &outlook);
		dates += outlook.trend == PSH_TREND_GROWING;
	}
	return dates;
}

static void a_walk_without_drift_has_no_date(void **state)
{
	static const u32 hours[] = { 25, 40, 50, 100, 300, 1000, 5000 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(hours); i++)
		assert_in_range(dates_of_walks(hours[i], 3 + i), 0,
				HISTORIES / 100);
}

static void noise_around_a_level_has_no_date(void **state)
{
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	u64 random = 17;
	u32 i, hour;

	(void)state;
	for (i = 0; i < HISTORIES; i++) {
		psh_capacity_begin(&capacity);
		for (hour = 0; hour < 24 + i; hour++)
			psh_capacity_add(&capacity, (s64)hour * HOUR_S,
					 1000000 + noise(&random));
		psh_capacity_look(&capacity, 1100000, &outlook);
		assert_true(outlook.trend == PSH_TREND_FLAT ||
			    outlook.trend == PSH_TREND_UNKNOWN);
		assert_true(outlook.middle_s == PSH_CAPACITY_NEVER);
	}
}

/* Goes on as it was until it is full. Return: seconds. */
static u64 fill(s64 used, s64 limit, s64 drift, u64 *random)
{
	u64 hours = 0;

	for (; used < limit; hours++)
		used += drift + noise(random);
	return hours * HOUR_S;
}

static void a_walk_with_drift_is_full_within_the_interval(void **state)
{
	u32 i, hour, dates = 0, early = 0, late = 0;
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	u64 random = 19, full_s;

	(void)state;
	for (i = 0; i < HISTORIES; i++) {
		s64 used = 1000000, limit;

		psh_capacity_begin(&capacity);
		for (hour = 0; hour < 24 * 30; hour++) {
			used += 200 + noise(&random);
			psh_capacity_add(&capacity, (s64)hour * HOUR_S, used);
		}
		limit = used + 24 * 20 * 200;
		psh_capacity_look(&capacity, limit, &outlook);
		if (outlook.trend != PSH_TREND_GROWING)
			continue;
		full_s = fill(used, limit, 200, &random);
		dates++;
		early += full_s < outlook.low_s;
		late += full_s > outlook.high_s;
	}
	assert_in_range(dates, HISTORIES * 9 / 10, HISTORIES);
	assert_in_range(early, dates / 100, dates * 12 / 100);
	assert_in_range(late, dates / 100, dates * 12 / 100);
}

/* Files come at work and are thinned out on Sundays. */
static void a_weekly_saw_is_dated_by_its_trend(void **state)
{
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	u32 hour;

	(void)state;
	psh_capacity_begin(&capacity);
	for (hour = 0; hour < 24 * 70; hour++)
		psh_capacity_add(&capacity, (s64)hour * HOUR_S,
				 1000000 + 100 * hour + hour / 24 % 7 * 4000);
	psh_capacity_look(&capacity, 1000000 + 100 * hour + 24 * 30 * 100,
			  &outlook);
	assert_int_equal(outlook.trend, PSH_TREND_GROWING);
	assert_in_range(outlook.per_day, 2000, 2800);
	assert_true(outlook.low_s <= 30 * 86400);
	assert_true(outlook.high_s >= 30 * 86400);
}

static void no_input_breaks_it(void **state)
{
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	u64 random = 23;
	s64 now_s = 0;
	u32 i;

	(void)state;
	psh_capacity_begin(&capacity);
	for (i = 0; i < 300000; i++) {
		switch (random_next(&random) % 64) {
		case 0:
			now_s = (s64)random_magnitude(&random);
			break;
		case 1:
			now_s -= (s64)(random_magnitude(&random) >> 40);
			break;
		default:
			now_s = (s64)((u64)now_s + HOUR_S);
		}
		psh_capacity_add(&capacity, now_s, random_magnitude(&random));
		psh_capacity_look(&capacity, random_magnitude(&random),
				  &outlook);
		assert_true(outlook.low_s <= outlook.middle_s);
		assert_true(outlook.middle_s <= outlook.high_s);
		assert_true(outlook.trend == PSH_TREND_GROWING ||
			    outlook.trend == PSH_TREND_FULL ||
			    outlook.low_s == PSH_CAPACITY_NEVER);
		assert_true(capacity.nr <= PSH_CAPACITY_SAMPLES);
		assert_true(capacity.shift <= 5);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, capacity_rows, tells);
	rows_add(&rows, "names", names);
	rows_add(&rows, "a walk without drift has no date",
		 a_walk_without_drift_has_no_date);
	rows_add(&rows, "noise around a level has no date",
		 noise_around_a_level_has_no_date);
	rows_add(&rows, "a walk with drift is full within the interval",
		 a_walk_with_drift_is_full_within_the_interval);
	rows_add(&rows, "a weekly saw is dated by its trend",
		 a_weekly_saw_is_dated_by_its_trend);
	rows_add(&rows, "no input breaks it", no_input_breaks_it);
	return rows_run("capacity", &rows);
}
