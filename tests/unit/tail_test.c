// SPDX-License-Identifier: GPL-2.0
/*
 * tail_test: the tail moves only when nothing before it can be missed.
 *
 * Each test is one way in which a stripe might be freed too early, or never.
 */
#include "rows.h"
#include "../../dm-predshard/core/tail.h"

#define RING 4

static u64 live[RING];

/* Stripes 1 and 2 are durable, with 8 live sectors each. */
static struct psh_tail two_stripes(void)
{
	struct psh_tail tail = { .live = live, .ring = RING };

	memset(live, 0, sizeof(live));
	psh_tail_begin(&tail, 1, 0);
	psh_tail_live(&tail, 1, 8);
	psh_tail_seal(&tail);
	psh_tail_live(&tail, 2, 8);
	psh_tail_seal(&tail);
	psh_tail_durable(&tail, 2, 1);
	return tail;
}

static void a_live_stripe_holds_the_tail(void **state)
{
	struct psh_tail tail = two_stripes();

	(void)state;
	psh_tail_dead(&tail, 2, 8);
	assert_false(psh_tail_propose(&tail, false));
	psh_tail_dead(&tail, 1, 7);
	assert_false(psh_tail_propose(&tail, false));
	psh_tail_dead(&tail, 1, 1);
	assert_true(psh_tail_propose(&tail, false));
	psh_tail_flushed(&tail);
	assert_int_equal(tail.tail, 3);
}

static void the_home_is_flushed_first(void **state)
{
	struct psh_tail tail = two_stripes();

	(void)state;
	psh_tail_dead(&tail, 1, 8);
	assert_true(psh_tail_propose(&tail, false));
	psh_tail_durable(&tail, 2, 1);
	assert_int_equal(tail.tail, 1);
	psh_tail_flushed(&tail);
	assert_int_equal(tail.tail, 2);
}

static void what_replaced_it_is_durable_first(void **state)
{
	struct psh_tail tail = two_stripes();

	(void)state;
	psh_tail_live(&tail, 3, 8);
	psh_tail_dead(&tail, 1, 8);
	assert_true(psh_tail_propose(&tail, true));
	psh_tail_flushed(&tail);
	assert_int_equal(tail.tail, 1);
	psh_tail_seal(&tail);
	psh_tail_durable(&tail, 2, 1);
	assert_int_equal(tail.tail, 1);
	psh_tail_durable(&tail, 3, 1);
	assert_int_equal(tail.tail, 2);
}

static void a_failed_flush_moves_nothing(void **state)
{
	struct psh_tail tail = two_stripes();

	(void)state;
	psh_tail_dead(&tail, 1, 8);
	assert_true(psh_tail_propose(&tail, false));
	assert_false(psh_tail_propose(&tail, false));
	psh_tail_drop(&tail);
	psh_tail_durable(&tail, 2, 1);
	assert_int_equal(tail.tail, 1);
	assert_true(psh_tail_propose(&tail, false));
}

static void a_place_is_released_by_a_durable_head(void **state)
{
	struct psh_tail tail = two_stripes();

	(void)state;
	psh_tail_dead(&tail, 1, 8);
	assert_true(psh_tail_may_open(&tail));
	psh_tail_seal(&tail); /* 3, says tail 1 */
	assert_false(psh_tail_may_open(&tail));
	psh_tail_propose(&tail, false);
	psh_tail_flushed(&tail);
	assert_int_equal(tail.tail, 1);
	psh_tail_durable(&tail, 3, 1);
	assert_int_equal(tail.tail, 2);
	assert_true(psh_tail_may_open(&tail)); /* the last place: 4, says 2 */
	psh_tail_seal(&tail);
	assert_false(psh_tail_may_open(&tail));
	psh_tail_durable(&tail, 4, 2);
	assert_int_equal(tail.released, 2);
	assert_false(psh_tail_may_open(&tail));
	psh_tail_dead(&tail, 2, 8);
	psh_tail_propose(&tail, false);
	psh_tail_flushed(&tail);
	assert_int_equal(tail.tail, 5);
	assert_true(psh_tail_may_open(&tail));
}

static void a_place_tells_its_stripe(void **state)
{
	struct psh_tail tail = { .live = live, .ring = RING };
	u64 n;

	(void)state;
	psh_tail_begin(&tail, 6, 8);
	for (n = 6; n < 10; n++)
		assert_int_equal(psh_tail_sequence(&tail, n % RING), n);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	rows_add(&rows, "a live stripe holds the tail",
		 a_live_stripe_holds_the_tail);
	rows_add(&rows, "the home is flushed first", the_home_is_flushed_first);
	rows_add(&rows, "what replaced it is durable first",
		 what_replaced_it_is_durable_first);
	rows_add(&rows, "a failed flush moves nothing",
		 a_failed_flush_moves_nothing);
	rows_add(&rows, "a place is released by a durable head",
		 a_place_is_released_by_a_durable_head);
	rows_add(&rows, "a place tells its stripe", a_place_tells_its_stripe);
	return rows_run("tail", &rows);
}
