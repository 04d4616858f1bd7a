// SPDX-License-Identifier: GPL-2.0
/*
 * recall_test: what is remembered comes back, or is refused.
 *
 * A metric that has lived for weeks is the same after it was written and read;
 * the same metric goes on from it as if nothing had been; sections that are not
 * known are skipped; each byte that is damaged, every length, and random bytes
 * are refused or give a metric that forecasts.
 */
#include "rows.h"
#include "../../dm-predshard/core/forecast.h"
#include "../../dm-predshard/core/recall.h"
#include "../vectors/random.h"

#define TAG 7

struct metric {
	struct psh_series series;
	struct psh_ensemble ensemble;
	struct psh_score score;
};

static struct metric lived, again;
static u8 bytes[2 * PSH_RECALL_METRIC_BYTES];
static struct psh_forecast work;

static void begin(struct metric *metric)
{
	psh_series_begin(&metric->series);
	psh_ensemble_begin(&metric->ensemble);
	psh_score_begin(&metric->score);
}

/* Three weeks of anything. */
static void live(struct metric *metric)
{
	u16 code[PSH_SCORE_HISTORY];
	u64 random = 3;
	s64 now_s;
	u32 i;

	begin(metric);
	for (now_s = 1700000000; now_s < 1700000000 + 21 * 86400; now_s += 60)
		psh_series_add(&metric->series, now_s,
			       random_next(&random) % 100000);
	psh_ensemble_fade(&metric->ensemble);
	for (i = 0; i < 200; i++) {
		struct psh_score_said said = { i + 1, 100, 200, 300 };

		psh_ensemble_lose(&metric->ensemble, i % 48,
				  i % PSH_FORECASTER_NR, random_next(&random));
		psh_ensemble_calibrate(&metric->ensemble, i % 48, i & 1, i & 2);
		psh_score_say(&metric->score, i % PSH_SCORE_AHEADS, &said);
		psh_series_read(&metric->series, PSH_SERIES_1H, code,
				ARRAY_SIZE(code));
		psh_score_came(&metric->score, i + 1, code, ARRAY_SIZE(code));
	}
}

/* Return: bytes written. */
static u32 write_metric(struct metric *metric, u32 tag, u32 at)
{
	struct psh_recall recall;

	psh_recall_write(&recall, bytes + at, sizeof(bytes) - at);
	assert_true(psh_recall_metric(&recall, tag, &metric->series,
				      &metric->ensemble, &metric->score));
	return recall.at;
}

static bool read_metric(u8 *byte, u32 size, struct metric *metric)
{
	struct psh_recall recall;

	begin(metric);
	psh_recall_read(&recall, byte, size);
	return psh_recall_find(&recall, TAG) &&
	       psh_recall_metric(&recall, 0, &metric->series, &metric->ensemble,
				 &metric->score);
}

/* As bytes, since structures have holes. */
static void assert_alike(void)
{
	static u8 first[PSH_RECALL_METRIC_BYTES];
	u32 size = write_metric(&lived, TAG, 0);

	memcpy(first, bytes, size);
	assert_int_equal(write_metric(&again, TAG, 0), size);
	assert_memory_equal(bytes, first, size);
}

static void what_was_written_comes_back(void **state)
{
	u32 size;

	(void)state;
	live(&lived);
	size = write_metric(&lived, TAG, 0);
	assert_true(size <= PSH_RECALL_METRIC_BYTES);
	assert_true(read_metric(bytes, size, &again));
	assert_alike();
}

static void nothing_comes_back_as_nothing(void **state)
{
	u32 size;

	(void)state;
	begin(&lived);
	size = write_metric(&lived, TAG, 0);
	assert_true(read_metric(bytes, size, &again));
	assert_alike();
}

static void a_section_that_is_not_known_is_skipped(void **state)
{
	u32 first, second;

	(void)state;
	live(&lived);
	first = write_metric(&again, TAG + 1, 0);
	second = write_metric(&lived, TAG, first);
	assert_true(read_metric(bytes, first + second, &again));
	assert_false(read_metric(bytes, first, &lived));
	live(&lived);
	assert_alike();
}

static void any_other_length_is_refused(void **state)
{
	u32 size, i;

	(void)state;
	live(&lived);
	size = write_metric(&lived, TAG, 0);
	for (i = 0; i < size; i++)
		assert_false(read_metric(bytes, i, &again));
}

static void go_on(struct metric *metric)
{
	static struct psh_forecast_step step[72];
	static u16 code[PSH_LOAD_SAMPLES];
	struct psh_forecast_networks none = { NULL, NULL };
	u32 nr;

	psh_series_add(&metric->series, 1703000000, 5);
	psh_series_add(&metric->series, 1703007200, 5);
	nr = psh_series_read(&metric->series, PSH_SERIES_1H, code,
			     ARRAY_SIZE(code));
	psh_forecast_score(&work, &none, &metric->ensemble, code, nr);
	psh_forecast_make(&work, &none, &metric->ensemble, code, nr, 3600, 72,
			  step);
}

/* A checksum is not all that stands between a disk and the forecasters. */
static void damage_is_refused_or_harmless(void **state)
{
	u32 size, i, refused = 0;
	u64 random = 3;
	u8 before;

	(void)state;
	live(&lived);
	size = write_metric(&lived, TAG, 0);
	for (i = 0; i < 3000; i++) {
		u32 at = i < 200 ? i : random_next(&random) % size;

		before = bytes[at];
		bytes[at] = random_next(&random);
		if (read_metric(bytes, size, &again))
			go_on(&again);
		else
			refused++;
		bytes[at] = before;
	}
	assert_true(refused > 100);
	for (i = 0; i < 300; i++) {
		u32 at;

		for (at = 8; at < size; at++)
			bytes[at] = random_next(&random);
		assert_false(read_metric(bytes, size, &again));
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	rows_add(&rows, "what was written comes back",
		 what_was_written_comes_back);
	rows_add(&rows, "nothing comes back as nothing",
		 nothing_comes_back_as_nothing);
	rows_add(&rows, "a section that is not known is skipped",
		 a_section_that_is_not_known_is_skipped);
	rows_add(&rows, "any other length is refused",
		 any_other_length_is_refused);
	rows_add(&rows, "damage is refused or harmless",
		 damage_is_refused_or_harmless);
	return rows_run("recall", &rows);
}
