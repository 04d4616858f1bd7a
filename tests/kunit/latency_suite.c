// SPDX-License-Identifier: GPL-2.0
/*
 * latency_suite: the rows of tests/vectors/latency.h in the kernel.
 *
 * The same comparisons as tests/unit/latency_test.c; its simulated members stay
 * there.
 */
#include "rows.h"
#include "../vectors/latency.h"
#include "../vectors/random.h"

ROWS(latency_rows);
ROWS(latency_walk_rows);

static void learns(struct kunit *test)
{
	const struct latency_row *row = test->param_value;
	struct psh_latency latency = { 0, 0 };
	unsigned int run, i;

	for (run = 0; run < LATENCY_RUNS; run++)
		for (i = 0; i < row->runs[run].samples; i++)
			psh_latency_learn(&latency, row->runs[run].ns,
					  row->runs[run].load);
	KUNIT_EXPECT_EQ(test, latency.floor_ns, row->floor_ns);
	KUNIT_EXPECT_EQ(test, latency.slope_ns, row->slope_ns);
	KUNIT_EXPECT_EQ(test, psh_latency_expect(&latency, row->load),
			row->expect_ns);
}

static void walks(struct kunit *test)
{
	const struct latency_walk_row *row = test->param_value;
	struct psh_latency latency = { 0, 0 };
	u64 random = row->seed, hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (i = 0; i < row->samples; i++) {
		u64 ns = random_next(&random) & 0x7fffff;

		psh_latency_learn(&latency, ns, 1 + (random_next(&random) & 7));
		hash ^= (u64)latency.floor_ns << 32 | latency.slope_ns;
		hash *= 0x100000001b3ULL;
	}
	KUNIT_EXPECT_EQ(test, hash, row->hash);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(learns, latency_rows_gen_params),
	KUNIT_CASE_PARAM(walks, latency_walk_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_latency",
	.test_cases = cases,
};

kunit_test_suite(suite);
