// SPDX-License-Identifier: GPL-2.0
/*
 * classify_test: a load gets the right words, and keeps them on the border.
 *
 * The rows of tests/vectors/classify.h; loads that waver around each limit;
 * without margin and dwell the plain rule, for any counts; and counters of any
 * kind.
 */
#include "rows.h"
#include "../vectors/classify.h"
#include "../vectors/random.h"

static void classifies(void **state)
{
	const struct classify_row *row = *state;
	struct psh_classify classify;

	assert_int_equal(classify_run_row(row, &classify), row->changes);
	assert_int_equal(classify.traffic.now, row->traffic);
	assert_int_equal(classify.shape.now, row->shape);
	assert_int_equal(classify.application.now, row->application);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(psh_traffic_name(PSH_TRAFFIC_IDLE), "idle");
	assert_string_equal(psh_traffic_name(PSH_TRAFFIC_MIXED), "mixed");
	assert_string_equal(psh_traffic_name(PSH_TRAFFIC_NR), "unknown");
	assert_string_equal(psh_shape_name(PSH_SHAPE_BURSTY), "bursty");
	assert_string_equal(psh_shape_name(U32_MAX), "unknown");
	assert_string_equal(psh_application_name(PSH_APPLICATION_LOG), "log");
	assert_string_equal(psh_application_name(PSH_APPLICATION_NR),
			    "unknown");
}

static bool look(struct psh_classify *classify, const struct psh_window *window)
{
	return psh_classify_look(classify, &psh_classify_fives, window);
}

static void a_border_is_not_crossed_by_wavering(void **state)
{
	static const u32 borders[] = { 700, 300 };
	struct psh_classify classify;
	u64 random = 3;
	u32 i, which, changes;

	(void)state;
	for (which = 0; which < ARRAY_SIZE(borders); which++) {
		psh_classify_begin(&classify);
		changes = 0;
		for (i = 0; i < 100000; i++) {
			u32 reads = borders[which] + random_next(&random) % 91;
			struct psh_window window = { .reads = reads - 45,
						     .writes = 1045 - reads };

			changes += look(&classify, &window);
		}
		assert_in_range(changes, 1, 2);
	}
}

/* The rule of the scorer: of the sum of both, and of the mean load. */
static u8 plainly(u64 reads, u64 writes, u64 mean)
{
	if (20 * (reads + writes) <= mean)
		return PSH_TRAFFIC_IDLE;
	if (10 * reads >= 7 * (reads + writes))
		return PSH_TRAFFIC_READ;
	return 10 * reads <= 3 * (reads + writes) ? PSH_TRAFFIC_WRITE :
						    PSH_TRAFFIC_MIXED;
}

static void without_margin_it_is_the_plain_rule(void **state)
{
	static const struct psh_classify_policy policy = { .dwell = 1 };
	struct psh_classify classify;
	u64 random = 5;
	u32 i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		struct psh_window window = {
			.reads = random_magnitude(&random) >> 30,
			.writes = random_magnitude(&random) >> 30,
		};
		u64 sum = window.reads + window.writes;

		psh_classify_begin(&classify);
		psh_classify_look(&classify, &policy, &window);
		assert_int_equal(classify.traffic.now,
				 plainly(window.reads, window.writes, sum));
	}
}

static void no_counters_break_it(void **state)
{
	struct psh_classify classify;
	u64 random = 7;
	u32 i;

	(void)state;
	psh_classify_begin(&classify);
	for (i = 0; i < 200000; i++) {
		struct psh_window window = {
			random_magnitude(&random), random_magnitude(&random),
			random_magnitude(&random), random_magnitude(&random),
			random_magnitude(&random), random_magnitude(&random),
			random_magnitude(&random), random_magnitude(&random),
			random_magnitude(&random), random_magnitude(&random),
			random_magnitude(&random)
		};
		const struct psh_classify_policy policy = {
			random_next(&random) % 4, random_next(&random) % 1001,
			random_next(&random) % 17
		};

		psh_classify_look(&classify, &policy, &window);
		assert_true(classify.traffic.now < PSH_TRAFFIC_NR);
		assert_true(classify.shape.now < PSH_SHAPE_NR);
		assert_true(classify.application.now < PSH_APPLICATION_NR);
		assert_true(classify.mean_q8 <= 1ULL << 57);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, classify_rows, classifies);
	rows_add(&rows, "names", names);
	rows_add(&rows, "a border is not crossed by wavering",
		 a_border_is_not_crossed_by_wavering);
	rows_add(&rows, "without margin it is the plain rule",
		 without_margin_it_is_the_plain_rule);
	rows_add(&rows, "no counters break it", no_counters_break_it);
	return rows_run("classify", &rows);
}
