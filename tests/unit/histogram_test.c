// SPDX-License-Identifier: GPL-2.0
/*
 * histogram_test: buckets partition all latencies, quantiles are within bounds.
 *
 * The rows of tests/vectors/histogram.h, and quantile and mean against the
 * exact ones of sorted samples.
 */
#include <stdlib.h>

#include "rows.h"
#include "../vectors/histogram.h"
#include "../vectors/random.h"

#define SAMPLES	1000

static void buckets(void **state)
{
	const struct hist_bucket_row *row = *state;

	assert_int_equal(psh_hist_bucket(row->ns), row->bucket);
	assert_int_equal(psh_hist_limit(row->bucket), row->limit_ns);
}

static void fill(u64 *count, const struct hist_samples *samples)
{
	unsigned int i;

	memset(count, 0, PSH_HIST_BUCKETS * sizeof(*count));
	for (i = 0; i < HIST_SAMPLES; i++)
		count[samples[i].bucket] += samples[i].count;
}

static void finds_quantile(void **state)
{
	const struct hist_quantile_row *row = *state;
	u64 count[PSH_HIST_BUCKETS];

	fill(count, row->samples);
	assert_int_equal(psh_hist_quantile(count, row->permille),
			 row->expected_ns);
}

static void finds_mean(void **state)
{
	const struct hist_mean_row *row = *state;
	u64 count[PSH_HIST_BUCKETS];

	fill(count, row->samples);
	assert_int_equal(psh_hist_mean(count), row->expected_ns);
}

static void walks(void **state)
{
	const struct hist_walk_row *row = *state;
	u64 count[PSH_HIST_BUCKETS] = { 0 };
	u64 random = row->seed, sum = 0;
	u32 i;

	for (i = 0; i < row->samples; i++)
		count[psh_hist_bucket(random_magnitude(&random))]++;
	for (i = 0; i <= 1000; i++)
		sum += psh_hist_quantile(count, i);
	assert_int_equal(psh_hist_mean(count), row->mean_ns);
	assert_int_equal(sum, row->permilles_ns);
}

static void every_bucket_ends_where_the_next_begins(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(psh_hist_bucket(0), 0);
	for (i = 0; i < PSH_HIST_BUCKETS - 1; i++) {
		assert_int_equal(psh_hist_bucket(psh_hist_limit(i) - 1), i);
		assert_int_equal(psh_hist_bucket(psh_hist_limit(i)), i + 1);
	}
}

static void buckets_are_a_quarter_wide_at_most(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 4; i < PSH_HIST_BUCKETS; i++) {
		u64 start = psh_hist_limit(i - 1);

		assert_true(psh_hist_limit(i) - start <= start / 4);
	}
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

/* Below the start of the last bucket, where nothing saturates. */
static u64 random_latency(u64 *random)
{
	return random_magnitude(random) % psh_hist_limit(PSH_HIST_BUCKETS - 2);
}

static void quantiles_are_at_most_25_percent_above_the_exact_ones(void **state)
{
	u64 sample[SAMPLES], count[PSH_HIST_BUCKETS] = { 0 }, random = 7;
	unsigned int i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		sample[i] = random_latency(&random);
		count[psh_hist_bucket(sample[i])]++;
	}
	qsort(sample, SAMPLES, sizeof(sample[0]), compare);
	for (i = 1; i <= SAMPLES; i++) {
		u64 exact = sample[i - 1], found = psh_hist_quantile(count, i);

		assert_true(found > exact);
		assert_true(found - exact <= 1024 + exact / 4);
	}
}

static void the_mean_is_within_13_percent_of_the_exact_one(void **state)
{
	u64 count[PSH_HIST_BUCKETS] = { 0 }, random = 9, sum = 0, mean, exact;
	unsigned int i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		u64 ns = random_latency(&random);

		sum += ns;
		count[psh_hist_bucket(ns)]++;
	}
	exact = sum / SAMPLES;
	mean = psh_hist_mean(count);
	assert_true(mean > exact - exact / 8 && mean < exact + exact / 8);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, hist_bucket_rows, buckets);
	ROWS_ADD(&rows, hist_quantile_rows, finds_quantile);
	ROWS_ADD(&rows, hist_mean_rows, finds_mean);
	ROWS_ADD(&rows, hist_walk_rows, walks);
	rows_add(&rows, "every bucket ends where the next begins",
		 every_bucket_ends_where_the_next_begins);
	rows_add(&rows, "buckets are a quarter wide at most",
		 buckets_are_a_quarter_wide_at_most);
	rows_add(&rows, "quantiles are at most 25 % above the exact ones",
		 quantiles_are_at_most_25_percent_above_the_exact_ones);
	rows_add(&rows, "the mean is within 13 % of the exact one",
		 the_mean_is_within_13_percent_of_the_exact_one);
	return rows_run("histogram", &rows);
}
