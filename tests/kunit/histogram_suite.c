// SPDX-License-Identifier: GPL-2.0
/*
 * histogram_suite: the rows of tests/vectors/histogram.h in the kernel.
 *
 * The same comparisons as tests/unit/histogram_test.c; the bounds against exact
 * quantiles are checked there.
 */
#include "rows.h"
#include "../vectors/histogram.h"
#include "../vectors/random.h"

ROWS(hist_bucket_rows);
ROWS(hist_quantile_rows);
ROWS(hist_mean_rows);
ROWS(hist_walk_rows);

static void buckets(struct kunit *test)
{
	const struct hist_bucket_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_hist_bucket(row->ns), row->bucket);
	KUNIT_EXPECT_EQ(test, psh_hist_limit(row->bucket), row->limit_ns);
}

static u64 *filled(struct kunit *test, const struct hist_samples *samples)
{
	u64 *count = kunit_kcalloc(test, PSH_HIST_BUCKETS, sizeof(*count),
				   GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, count);
	for (i = 0; i < HIST_SAMPLES; i++)
		count[samples[i].bucket] += samples[i].count;
	return count;
}

static void finds_quantile(struct kunit *test)
{
	const struct hist_quantile_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test,
			psh_hist_quantile(filled(test, row->samples),
					  row->permille),
			row->expected_ns);
}

static void finds_mean(struct kunit *test)
{
	const struct hist_mean_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, psh_hist_mean(filled(test, row->samples)),
			row->expected_ns);
}

static void walks(struct kunit *test)
{
	static const struct hist_samples none[HIST_SAMPLES];
	const struct hist_walk_row *row = test->param_value;
	u64 *count = filled(test, none);
	u64 random = row->seed, sum = 0;
	u32 i;

	for (i = 0; i < row->samples; i++)
		count[psh_hist_bucket(random_magnitude(&random))]++;
	for (i = 0; i <= 1000; i++)
		sum += psh_hist_quantile(count, i);
	KUNIT_EXPECT_EQ(test, psh_hist_mean(count), row->mean_ns);
	KUNIT_EXPECT_EQ(test, sum, row->permilles_ns);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(buckets, hist_bucket_rows_gen_params),
	KUNIT_CASE_PARAM(finds_quantile, hist_quantile_rows_gen_params),
	KUNIT_CASE_PARAM(finds_mean, hist_mean_rows_gen_params),
	KUNIT_CASE_PARAM(walks, hist_walk_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_histogram",
	.test_cases = cases,
};

kunit_test_suite(suite);
