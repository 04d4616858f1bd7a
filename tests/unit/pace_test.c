// SPDX-License-Identifier: GPL-2.0
/*
 * pace_test: background copies keep between floor and limit, without bursts.
 *
 * The rows of tests/vectors/pace.h, and a copier simulated on a clock that
 * jumps from request to request.
 */
#include "rows.h"
#include "../vectors/pace.h"
#include "../vectors/random.h"

#define MiB	1048576ULL
#define SECOND	1000000000ULL
#define TICK	(SECOND / 10)

static void adapts(void **state)
{
	const struct pace_adapt_row *row = *state;
	struct psh_pace pace = { .rate_Bps = row->rate_Bps, .next_ns = 77 };

	psh_pace_adapt(&pace, row->busy, row->floor_Bps, row->limit_Bps);
	assert_int_equal(pace.rate_Bps, row->expected_Bps);
	assert_int_equal(pace.next_ns, 77);
}

static void takes(void **state)
{
	const struct pace_take_row *row = *state;
	struct psh_pace pace = { row->rate_Bps, row->next_ns };

	assert_int_equal(psh_pace_take(&pace, row->bytes, row->now_ns),
			 row->wait_ns);
	assert_int_equal(pace.next_ns, row->next_after_ns);
	assert_int_equal(pace.rate_Bps, row->rate_Bps);
}

/* Copy for @duration_ns as fast as allowed. Return: bytes. */
static u64 copy_for(struct psh_pace *pace, u64 start_ns, u64 duration_ns,
		    u32 bytes)
{
	u64 now = start_ns, copied = 0;

	for (;;) {
		now += psh_pace_take(pace, bytes, now);
		if (now >= start_ns + duration_ns)
			return copied;
		copied += bytes;
	}
}

static void a_steady_rate_is_met_within_one_request(void **state)
{
	struct psh_pace pace = { .rate_Bps = 40 * MiB };
	u64 copied;

	(void)state;
	pace.next_ns = SECOND;
	copied = copy_for(&pace, SECOND, 10 * SECOND, MiB);
	assert_in_range(copied, 399 * MiB, 401 * MiB);
}

static void a_pause_is_followed_by_10_ms_worth_at_most(void **state)
{
	struct psh_pace pace = { .rate_Bps = 400 * MiB };
	u64 copied;

	(void)state;
	copy_for(&pace, SECOND, SECOND, 64 << 10);
	copied = copy_for(&pace, 100 * SECOND, 1, 64 << 10);
	assert_in_range(copied, 1, 4 * MiB + (64 << 10));
}

static void a_busy_volume_still_copies_at_the_floor(void **state)
{
	struct psh_pace pace = { .rate_Bps = 800 * MiB, .next_ns = SECOND };
	u64 now, copied = 0;
	unsigned int tick;

	(void)state;
	for (tick = 0; tick < 20; tick++)
		psh_pace_adapt(&pace, true, 10 * MiB, 0);
	for (now = SECOND; now < 11 * SECOND; now += TICK) {
		psh_pace_adapt(&pace, true, 10 * MiB, 0);
		copied += copy_for(&pace, now, TICK, 64 << 10);
	}
	/* The request that ends each tick is booked and not counted. */
	assert_in_range(copied, 90 * MiB, 101 * MiB);
}

static void an_idle_volume_reaches_the_limit_in_10_ticks(void **state)
{
	struct psh_pace pace = { .rate_Bps = MiB };
	unsigned int tick;

	(void)state;
	for (tick = 0; tick < 10; tick++)
		psh_pace_adapt(&pace, false, MiB, 1000 * MiB);
	assert_int_equal(pace.rate_Bps, 1000 * MiB);
}

static void the_rate_stays_within_any_bounds(void **state)
{
	struct psh_pace pace = { 0, 0 };
	u64 random = 3;
	unsigned int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		u64 floor = random_magnitude(&random);
		u64 limit = random_magnitude(&random);
		u64 high = limit ? limit : PSH_PACE_UNLIMITED;

		psh_pace_adapt(&pace, random_next(&random) & 1, floor, limit);
		assert_true(pace.rate_Bps >= 1);
		assert_true(pace.rate_Bps >= (floor < high ? floor : high));
		assert_true(pace.rate_Bps <= high);
	}
}

static void time_never_runs_backwards(void **state)
{
	struct psh_pace pace = { 0, 0 };
	u64 random = 5, now = 0, before;
	unsigned int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		now += random_magnitude(&random) >> 24;
		pace.rate_Bps = random_magnitude(&random);
		before = pace.next_ns;
		psh_pace_take(&pace, random_magnitude(&random) >> 38, now);
		assert_true(pace.next_ns >= before);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, pace_adapt_rows, adapts);
	ROWS_ADD(&rows, pace_take_rows, takes);
	rows_add(&rows, "a steady rate is met within one request",
		 a_steady_rate_is_met_within_one_request);
	rows_add(&rows, "a pause is followed by 10 ms worth at most",
		 a_pause_is_followed_by_10_ms_worth_at_most);
	rows_add(&rows, "a busy volume still copies at the floor",
		 a_busy_volume_still_copies_at_the_floor);
	rows_add(&rows, "an idle volume reaches the limit in 10 ticks",
		 an_idle_volume_reaches_the_limit_in_10_ticks);
	rows_add(&rows, "the rate stays within any bounds",
		 the_rate_stays_within_any_bounds);
	rows_add(&rows, "time never runs backwards", time_never_runs_backwards);
	return rows_run("pace", &rows);
}
