// SPDX-License-Identifier: GPL-2.0
/*
 * pattern_test: the busiest hours are the fewest that have the share.
 *
 * The rows of tests/vectors/pattern.h, and every span of random days.
 */
#include "rows.h"
#include "../vectors/pattern.h"
#include "../vectors/random.h"

static void finds(void **state)
{
	const struct pattern_row *row = *state;
	struct psh_pattern_span span;
	struct psh_pattern pattern;
	u32 i;

	psh_pattern_begin(&pattern);
	for (i = 0; i < row->nr; i++)
		psh_pattern_add(&pattern, row->use[i].hour, row->use[i].uses);
	for (i = 0; i < row->fades; i++)
		psh_pattern_fade(&pattern);
	psh_pattern_busiest(&pattern, row->permille, &span);
	assert_int_equal(span.begin, row->span.begin);
	assert_int_equal(span.hours, row->span.hours);
	assert_int_equal(span.permille, row->span.permille);
}

static u64 sum_of(const struct psh_pattern *pattern, u32 begin, u32 hours)
{
	u64 sum = 0;

	for (; hours; hours--, begin++)
		sum += pattern->hour[begin % PSH_PATTERN_HOURS];
	return sum;
}

static void assert_busiest(const struct psh_pattern *pattern, u32 permille)
{
	u64 all = sum_of(pattern, 0, PSH_PATTERN_HOURS), sum;
	struct psh_pattern_span span;
	u32 begin, hours;

	psh_pattern_busiest(pattern, permille, &span);
	assert_int_equal(!span.hours, !all);
	if (!all)
		return;
	sum = sum_of(pattern, span.begin, span.hours);
	assert_true(sum * 1000 >= all * permille);
	for (hours = 1; hours <= span.hours; hours++)
		for (begin = 0; begin < PSH_PATTERN_HOURS; begin++) {
			u64 other = sum_of(pattern, begin, hours);

			assert_true(other <= sum);
			if (hours < span.hours)
				assert_true(other * 1000 < all * permille);
		}
}

static void the_busiest_hours_of_any_day_are_found(void **state)
{
	struct psh_pattern pattern;
	u64 random = 3;
	u32 i, day;

	(void)state;
	psh_pattern_begin(&pattern);
	for (day = 0; day < 2000; day++) {
		for (i = 0; i < 10; i++)
			psh_pattern_add(&pattern, random_next(&random),
					random_magnitude(&random) >> 30);
		assert_busiest(&pattern, 1 + random_next(&random) % 1000);
		psh_pattern_fade(&pattern);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, pattern_rows, finds);
	rows_add(&rows, "the busiest hours of any day are found",
		 the_busiest_hours_of_any_day_are_found);
	return rows_run("pattern", &rows);
}
