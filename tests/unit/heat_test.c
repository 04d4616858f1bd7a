// SPDX-License-Identifier: GPL-2.0
/*
 * heat_test: a byte counts to a million, and the hot set is the hottest.
 *
 * The rows of tests/vectors/heat.h; every byte there and back; expectations of
 * bumps and of fading; the hottest of random volumes against sorting them; and
 * a set whose accesses follow a zipf law.
 */
#include <stdlib.h>

#include "rows.h"
#include "../vectors/heat.h"
#include "../vectors/random.h"

#define SEGMENTS	5000

static u8 heat[SEGMENTS];
static u32 segments[PSH_HEAT_LEVELS];

static void codes(void **state)
{
	const struct heat_code_row *row = *state;
	u8 byte = row->heat;

	assert_int_equal(psh_heat_of(row->value), row->heat);
	assert_int_equal(psh_heat_value(row->heat), row->back);
	psh_heat_fade(&byte, 1);
	assert_int_equal(byte, row->halved);
}

static void bumps(void **state)
{
	const struct heat_bump_row *row = *state;
	u8 byte = row->before;

	psh_heat_bump(&byte, row->random);
	assert_int_equal(byte, row->after);
}

static void sets(void **state)
{
	const struct heat_set_row *row = *state;
	struct psh_heat_set set;
	u32 i;

	memset(segments, 0, sizeof(segments));
	for (i = 0; i < HEAT_LEVELS; i++)
		segments[row->level[i].heat] += row->level[i].segments;
	psh_heat_set(segments, row->permille, row->most, &set);
	assert_int_equal(set.threshold, row->set.threshold);
	assert_int_equal(set.segments, row->set.segments);
	assert_int_equal(set.permille, row->set.permille);
}

static void finds(void **state)
{
	const struct heat_hottest_row *row = *state;
	struct psh_heat_spot spot[HEAT_ROOM];
	u32 nr, i;

	/* In two parts, as a worker would look at them. */
	nr = psh_heat_hottest(spot, 0, row->room, row->heat, 0, 5);
	nr = psh_heat_hottest(spot, nr, row->room, row->heat + 5, 5,
			      HEAT_SEGMENTS - 5);
	psh_heat_sort(spot, nr);
	assert_int_equal(nr, row->nr);
	for (i = 0; i < nr; i++) {
		assert_int_equal(spot[i].segment, row->spot[i].segment);
		assert_int_equal(spot[i].heat, row->spot[i].heat);
	}
}

static void every_byte_comes_back(void **state)
{
	u32 byte;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		assert_int_equal(psh_heat_of(psh_heat_value(byte)), byte);
		if (byte)
			assert_int_equal(psh_heat_of(psh_heat_value(byte) - 1),
					 byte - 1);
	}
}

static void fading_halves_and_ends(void **state)
{
	u32 byte, rounds;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		u8 faded = byte;
		u32 half = psh_heat_value(byte) / 2;

		psh_heat_fade(&faded, 1);
		assert_in_range(psh_heat_value(faded), half - half / 16, half);
		for (rounds = 1; faded; rounds++)
			psh_heat_fade(&faded, 1);
		assert_in_range(rounds, 1, 20);
	}
}

static void parts_of_any_length_are_halved(void **state)
{
	u32 length, i;

	(void)state;
	for (length = 0; length < 40; length++) {
		memset(heat, 64, 48);
		psh_heat_fade(heat + 3, length);
		for (i = 0; i < 48; i++) {
			bool inside = i >= 3 && i < 3 + length;

			assert_int_equal(psh_heat_value(heat[i]),
					 inside ? 120 : 240);
		}
	}
}

/* The mean over many segments of as many accesses. */
static void bumps_count_what_was_there(void **state)
{
	static const u32 accesses[] = { 10, 100, 1000, 20000 };
	u64 random = 3, sum;
	u32 which, i, segment;

	(void)state;
	for (which = 0; which < ARRAY_SIZE(accesses); which++) {
		memset(heat, 0, 200);
		for (i = 0; i < accesses[which]; i++)
			for (segment = 0; segment < 200; segment++)
				psh_heat_bump(&heat[segment],
					      random_next(&random) >> 20);
		sum = 0;
		for (segment = 0; segment < 200; segment++)
			sum += psh_heat_value(heat[segment]);
		assert_in_range(sum / 200, accesses[which] * 97 / 100,
				accesses[which] * 103 / 100);
	}
}

static void count_segments(void)
{
	memset(segments, 0, sizeof(segments));
	psh_heat_count(heat, 1001, segments);
	psh_heat_count(heat + 1001, SEGMENTS - 1001, segments);
}

/* The k-th most used gets 1 / k^1.2 of the accesses, nearly. */
static void a_zipf_load_has_its_hot_set_found(void **state)
{
	struct psh_heat_set set;
	u64 random = 5;
	u32 i, segment, right = 0;

	(void)state;
	memset(heat, 0, sizeof(heat));
	for (i = 0; i < 300000; i++) {
		/* Inverse of the cumulated law, in integers: rank ~ u^-5. */
		u64 u = 1 + random_next(&random) % 1000;
		u64 rank = 1000 * 1000 * 1000 / (u * u * u) * 1000 / u;

		segment = rank * 37 / 1000 % SEGMENTS;
		psh_heat_bump(&heat[segment], random_next(&random) >> 7);
	}
	count_segments();
	psh_heat_set(segments, 700, SEGMENTS, &set);
	assert_in_range(set.permille, 700, 900);
	for (segment = 0; segment < SEGMENTS; segment++)
		right += heat[segment] >= set.threshold;
	assert_int_equal(right, set.segments);
	assert_in_range(set.segments, 1, SEGMENTS / 2);
}

static void assert_hottest(u32 room)
{
	static struct psh_heat_spot spot[SEGMENTS];
	u32 nr = psh_heat_hottest(spot, 0, room, heat, 0, SEGMENTS), i;
	u32 hotter[PSH_HEAT_LEVELS + 1] = { 0 };

	psh_heat_sort(spot, nr);
	for (i = PSH_HEAT_LEVELS - 1; i; i--)
		hotter[i] = hotter[i + 1] + segments[i];
	assert_int_equal(nr, hotter[1] < room ? hotter[1] : room);
	for (i = 0; i < nr; i++) {
		assert_int_equal(heat[spot[i].segment], spot[i].heat);
		assert_in_range(i, hotter[spot[i].heat + 1],
				hotter[spot[i].heat] - 1);
		if (i && spot[i].heat == spot[i - 1].heat)
			assert_true(spot[i].segment > spot[i - 1].segment);
	}
}

static void the_hottest_of_any_volume_are_found(void **state)
{
	static const u32 rooms[] = { 1, 2, 7, 100, SEGMENTS };
	u64 random = 7;
	u32 round, i;

	(void)state;
	for (round = 0; round < 20; round++) {
		for (i = 0; i < SEGMENTS; i++)
			heat[i] = random_magnitude(&random) >> (40 + round);
		count_segments();
		for (i = 0; i < ARRAY_SIZE(rooms); i++)
			assert_hottest(rooms[i]);
	}
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, heat_code_rows, codes);
	ROWS_ADD(&rows, heat_bump_rows, bumps);
	ROWS_ADD(&rows, heat_set_rows, sets);
	ROWS_ADD(&rows, heat_hottest_rows, finds);
	rows_add(&rows, "every byte comes back", every_byte_comes_back);
	rows_add(&rows, "fading halves and ends", fading_halves_and_ends);
	rows_add(&rows, "parts of any length are halved",
		 parts_of_any_length_are_halved);
	rows_add(&rows, "bumps count what was there",
		 bumps_count_what_was_there);
	rows_add(&rows, "a zipf load has its hot set found",
		 a_zipf_load_has_its_hot_set_found);
	rows_add(&rows, "the hottest of any volume are found",
		 the_hottest_of_any_volume_are_found);
	return rows_run("heat", &rows);
}
