// SPDX-License-Identifier: GPL-2.0
/*
 * pair_test: segments that are used together are found in a noisy stream.
 *
 * The rows of tests/vectors/pair.h; pairs hidden among random segments; and
 * counts that never claim more than was seen.
 */
#include "rows.h"
#include "../vectors/pair.h"
#include "../vectors/random.h"

static struct psh_pairs pairs;

static void finds(void **state)
{
	const struct pair_row *row = *state;
	struct psh_pair best[PAIR_BEST];
	u32 i;

	pair_run_row(row, &pairs);
	assert_int_equal(psh_pairs_best(&pairs, row->least, best, PAIR_BEST),
			 row->found);
	for (i = 0; i < row->found; i++) {
		assert_int_equal(best[i].low, row->best[i].low);
		assert_int_equal(best[i].high, row->best[i].high);
		assert_int_equal(best[i].count, row->best[i].count);
		assert_int_equal(best[i].error, row->best[i].error);
	}
}

static void see(u32 segment, u64 *random)
{
	psh_pairs_see(&pairs, segment, random_next(random) >> 20);
}

/* One access of ten begins one of 8 pairs, the rest is anywhere. */
static void pairs_are_found_among_noise(void **state)
{
	struct psh_pair best[8];
	u64 random = 3;
	u32 i, round;

	(void)state;
	psh_pairs_begin(&pairs);
	for (round = 0; round < 24; round++) {
		for (i = 0; i < 2000; i++) {
			u32 which = random_next(&random) % 80;

			if (which < 8) {
				see(1000 + which, &random);
				see(90000 + which, &random);
			}
			see(random_next(&random) % 100000, &random);
		}
		psh_pairs_fade(&pairs);
	}
	assert_int_equal(psh_pairs_best(&pairs, 2, best, 8), 8);
	for (i = 0; i < 8; i++)
		assert_int_equal(best[i].high - best[i].low, 89000);
}

static void no_stream_is_overcounted(void **state)
{
	static u32 seen[64][64];
	struct psh_pair best[PSH_PAIRS];
	u32 recent[PSH_PAIR_RECENT] = { 0 }, filled = 0, i, k, nr;
	u64 random = 5;

	(void)state;
	psh_pairs_begin(&pairs);
	for (i = 0; i < 100000; i++) {
		u32 segment = random_magnitude(&random) % 64;
		bool known = false;

		for (k = 0; k < filled; k++)
			known |= recent[k] == segment;
		for (k = 0; k < filled && !known; k++) {
			seen[recent[k]][segment]++;
			seen[segment][recent[k]]++;
		}
		see(segment, &random);
		filled = pairs.filled;
		memcpy(recent, pairs.recent, sizeof(recent));
	}
	nr = psh_pairs_best(&pairs, 1, best, PSH_PAIRS);
	assert_true(nr > 100);
	for (i = 0; i < nr; i++)
		assert_in_range(best[i].count - best[i].error, 1,
				seen[best[i].low][best[i].high]);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, pair_rows, finds);
	rows_add(&rows, "pairs are found among noise",
		 pairs_are_found_among_noise);
	rows_add(&rows, "no stream is overcounted", no_stream_is_overcounted);
	return rows_run("pair", &rows);
}
