// SPDX-License-Identifier: GPL-2.0
/*
 * buflog_test: which stripes count, case by case.
 *
 * The rows of tests/vectors/stripe.h; then logs on buffers in memory, where
 * each test spoils something and says what must come of it. tests/simbuf looks
 * for what nobody thought of.
 */
#include <stdlib.h>

#include "rows.h"
#include "../../dm-predshard/core/buflog.h"
#include "../vectors/stripe.h"

#define STRIPE_BLOCKS 3U
#define ROWS 4U
#define BLOCKS ((ROWS + 1) * STRIPE_BLOCKS)
#define BUFFERS 4U

static const u8 uuid[PSH_UUID_SIZE] = "volume";

/* --- one stripe ------------------------------------------------------------ */

static void make_stripe(u8 *memory, struct psh_stripe_head *head)
{
	static const struct psh_stripe_record records[] = {
		{ .kind = PSH_STRIPE_WRITE, .sectors = 3, .sector = 100 },
		{ .kind = PSH_STRIPE_DISCARD, .sectors = 80, .sector = 8 },
		{ .kind = PSH_STRIPE_WRITE, .sectors = 2, .sector = 5 },
	};
	struct psh_stripe stripe;
	u32 i;

	memset(memory, 0, STRIPE_BLOCKS * PSH_BLOCK_SIZE);
	psh_stripe_open(&stripe, memory, STRIPE_BLOCKS);
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		struct psh_stripe_record record = records[i];
		u8 *data = memory + PSH_BLOCK_SIZE + stripe.data_sectors * 512;

		if (record.kind == PSH_STRIPE_WRITE) {
			memset(data, 1 + i, record.sectors * 512);
			record.crc = psh_stripe_data_crc(0, data,
							 record.sectors * 512);
		}
		psh_stripe_add(&stripe, &record);
	}
	memcpy(head->uuid, uuid, sizeof(uuid));
	psh_stripe_seal(&stripe, head);
}

static void judges(void **state)
{
	const struct stripe_row *row = *state;
	u8 memory[STRIPE_BLOCKS * PSH_BLOCK_SIZE];
	struct psh_stripe_head head = {
		.address = 12,
		.epoch = 3,
		.sequence = 9,
		.tail = 4,
		.durable = 6,
		.chain = 77,
	};
	__le32 crc;

	make_stripe(memory, &head);
	/* Little-endian, as the machines that run this. */
	memcpy(memory + row->offset, &row->value, row->size);
	crc = cpu_to_le32(~crc32c(~0U, memory + 4, PSH_BLOCK_SIZE - 4));
	memcpy(memory, &crc, sizeof(crc));
	assert_int_equal(psh_stripe_decode(memory, uuid, 12, STRIPE_BLOCKS,
					   &head),
			 row->good);
}

static void a_stripe_comes_back(void **state)
{
	u8 memory[STRIPE_BLOCKS * PSH_BLOCK_SIZE];
	struct psh_stripe_head in = {
		.address = 12, .epoch = 3, .sequence = 9, .tail = 4,
		.durable = 6, .chain = 77,
	}, out;
	struct psh_stripe_record record = { .kind = 0 };

	(void)state;
	make_stripe(memory, &in);
	assert_true(psh_stripe_decode(memory, uuid, 12, STRIPE_BLOCKS, &out));
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(out.nr, 3);
	assert_int_equal(out.data_sectors, 5);
	assert_int_equal(psh_stripe_blocks(out.data_sectors), 2);
	psh_stripe_record(memory, 0, &record);
	psh_stripe_record(memory, 1, &record);
	assert_int_equal(record.kind, PSH_STRIPE_DISCARD);
	psh_stripe_record(memory, 2, &record);
	assert_int_equal(record.place, 3);
	assert_int_equal(record.sector, 5);
	assert_true(psh_stripe_data_is_good(memory));
	memory[PSH_BLOCK_SIZE + 4 * 512]++;
	assert_false(psh_stripe_data_is_good(memory));
	assert_false(psh_stripe_decode(memory, uuid, 13, STRIPE_BLOCKS, &out));
}

/* --- a log ----------------------------------------------------------------- */

struct fixture {
	u8 image[BUFFERS][BLOCKS][PSH_BLOCK_SIZE];
	u8 memory[PSH_STRIPE_BLOCKS_MAX * PSH_BLOCK_SIZE];
	char error[PSH_ERROR_SIZE];
	struct psh_buflog_shape shape;
	struct psh_buflog log;
	u32 unreadable;
	u32 chain;
	u64 told; /* stripes, as a bit set */
};

static int image_read(void *owner, unsigned int buffer, u64 block, u32 nr,
		      void *data)
{
	struct fixture *fixture = owner;

	if (fixture->unreadable >> buffer & 1)
		return -EIO;
	memcpy(data, fixture->image[buffer][block], nr * PSH_BLOCK_SIZE);
	return 0;
}

static int image_write(void *owner, unsigned int buffer, u64 block, u32 nr,
		       const void *data, bool fua)
{
	struct fixture *fixture = owner;

	(void)fua;
	memcpy(fixture->image[buffer][block], data, nr * PSH_BLOCK_SIZE);
	return 0;
}

static int image_flush(void *owner, unsigned int buffer)
{
	(void)owner;
	(void)buffer;
	return 0;
}

static u64 image_blocks(void *owner, unsigned int buffer)
{
	(void)owner;
	(void)buffer;
	return BLOCKS;
}

static int image_record(void *owner, u64 sequence,
			const struct psh_stripe_record *record)
{
	struct fixture *fixture = owner;

	(void)record;
	fixture->told |= 1ULL << sequence;
	return 0;
}

static const struct psh_buflog_ops ops = {
	.read = image_read,
	.write = image_write,
	.flush = image_flush,
	.blocks = image_blocks,
	.record = image_record,
};

/* Stripe @n of @epoch on @buffers. */
static void put(struct fixture *fixture, u64 n, u64 epoch, u64 durable,
		u32 buffers)
{
	u8 memory[STRIPE_BLOCKS * PSH_BLOCK_SIZE];
	struct psh_stripe_head head = {
		.epoch = epoch,
		.sequence = n,
		.tail = 1,
		.durable = durable,
		.chain = fixture->chain,
	};
	u32 i, lane;

	head.address = psh_buflog_locate(&fixture->shape, n, &lane);
	make_stripe(memory, &head);
	fixture->chain = head.crc;
	for (i = 0; i < BUFFERS; i++) {
		if (buffers & lane & 1U << i)
			image_write(fixture, i, head.address, STRIPE_BLOCKS,
				    memory, false);
	}
}

static void spoil(struct fixture *fixture, u64 n, u32 buffers, bool data)
{
	u32 i, lane;
	u64 block = psh_buflog_locate(&fixture->shape, n, &lane) + data;

	for (i = 0; i < BUFFERS; i++) {
		if (buffers & lane & 1U << i)
			fixture->image[i][block][100]++;
	}
}

/* An empty log of epoch 1. */
static struct fixture *fixture_of(u32 buffers, u32 copies)
{
	u32 all = (1U << buffers) - 1;
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct psh_buflog *log = &fixture->log;

	fixture->shape = (struct psh_buflog_shape){
		.nr_buffers = buffers,
		.copies = copies,
		.stripe_blocks = STRIPE_BLOCKS,
	};
	log->error = fixture->error;
	assert_false(psh_buflog_shape(&fixture->shape, BLOCKS, log->error));
	assert_int_equal(fixture->shape.rows, ROWS);
	log->ops = &ops;
	log->owner = fixture;
	log->memory = fixture->memory;
	log->given = all;
	memcpy(log->uuid, uuid, sizeof(uuid));
	assert_int_equal(psh_buflog_find(log), -ENODATA);
	psh_buflog_format(log, &fixture->shape);
	assert_int_equal(psh_buflog_begin(log, 1, all), 0);
	return fixture;
}

static struct fixture *fixture_new(u32 copies)
{
	return fixture_of(2, copies);
}

static int activate(struct fixture *fixture, u64 epoch, u64 settled, u32 given)
{
	struct psh_buflog *log = &fixture->log;
	int r;

	fixture->told = 0;
	log->epoch = epoch;
	log->settled = settled;
	log->given = given;
	r = psh_buflog_find(log);
	if (!r)
		r = psh_buflog_replay(log);
	if (!r)
		fixture->chain = log->chain;
	return r;
}

static void an_empty_log_is_empty(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	assert_int_equal(fixture->log.end, 0);
	assert_int_equal(fixture->log.tail, 1);
	free(fixture);
}

static void stripes_behind_a_missing_one_are_dropped(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	put(fixture, 2, 1, 0, 3);
	put(fixture, 3, 1, 1, 0);
	put(fixture, 4, 1, 1, 3);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	assert_int_equal(fixture->told, 6);
	assert_int_equal(fixture->log.end, 2);
	free(fixture);
}

static void a_missing_stripe_that_was_durable_is_refused(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	put(fixture, 2, 1, 0, 0);
	put(fixture, 3, 1, 2, 3);
	assert_int_equal(activate(fixture, 1, 1, 3), -EBADMSG);
	assert_non_null(strstr(fixture->error, "stripe 2 is not there"));
	free(fixture);
}

static void a_closed_log_misses_its_last_stripe(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	assert_int_equal(psh_buflog_close(&fixture->log, 1, 1, 3), 0);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	spoil(fixture, 1, 3, false);
	assert_int_equal(activate(fixture, 1, 1, 3), -EBADMSG);
	free(fixture);
}

static void torn_data_ends_the_log(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	put(fixture, 2, 1, 0, 3);
	spoil(fixture, 2, 3, true);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	assert_int_equal(fixture->log.end, 1);
	free(fixture);
}

static void a_copy_is_as_good(void **state)
{
	struct fixture *fixture = fixture_new(2);

	(void)state;
	put(fixture, 1, 1, 0, 1);
	put(fixture, 2, 1, 0, 2);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	assert_int_equal(fixture->log.end, 2);
	assert_int_equal(psh_buflog_begin(&fixture->log, 2, 3), 0);
	/* From now on each has both. */
	assert_int_equal(activate(fixture, 2, 2, 1), 0);
	assert_int_equal(fixture->told, 6);
	assert_int_equal(activate(fixture, 2, 2, 2), 0);
	assert_int_equal(fixture->told, 6);
	free(fixture);
}

static void what_was_dropped_stays_dropped(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	put(fixture, 2, 1, 0, 0);
	put(fixture, 3, 1, 0, 3);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	assert_int_equal(psh_buflog_begin(&fixture->log, 2, 3), 0);
	put(fixture, 2, 2, 1, 3);
	assert_int_equal(activate(fixture, 2, 2, 3), 0);
	assert_int_equal(fixture->log.end, 2);
	free(fixture);
}

/*
 * Buffer 1 alone has stripe 1 of epoch 1 whole; it is away while 0 begins epoch
 * 2 without it, is filled for epoch 3, and is away again when 0 crashes while it
 * begins epoch 4. Number, chain and age of the old stripe fit.
 */
static void an_old_stripe_with_the_right_chain_does_not_count(void **state)
{
	struct fixture *fixture = fixture_new(2);
	struct psh_buflog *log = &fixture->log;

	(void)state;
	put(fixture, 1, 1, 0, 2);
	assert_int_equal(activate(fixture, 1, 1, 1), 0);
	assert_int_equal(psh_buflog_begin(log, 2, 1), 0);
	assert_int_equal(activate(fixture, 2, 2, 3), 0);
	assert_int_equal(log->stale, 2);
	assert_int_equal(psh_buflog_begin(log, 3, 3), 0);
	fixture->chain = 0;
	put(fixture, 1, 3, 0, 1);
	assert_int_equal(activate(fixture, 3, 3, 1), 0);
	assert_int_equal(log->end, 1);
	assert_int_equal(psh_buflog_begin(log, 4, 1), 0);
	/* Not settled: 1 is back and not stale. */
	assert_int_equal(activate(fixture, 4, 3, 3), 0);
	assert_int_equal(log->stale, 0);
	assert_int_equal(log->end, 1);
	assert_int_equal(psh_buflog_begin(log, 5, 3), 0);
	assert_memory_equal(fixture->image[0][STRIPE_BLOCKS * 2],
			    fixture->image[1][STRIPE_BLOCKS * 2],
			    PSH_BLOCK_SIZE);
	free(fixture);
}

/*
 * Stripe 1 is on its way when the machine stops: buffer 1 has it, 3 has its head.
 * Epoch 2 begins without 3, and only on 0; then 3 is back and 1 is away. Nobody
 * read stripe 1 in epoch 2, so it need not be there, and what 3 has is torn.
 */
static void an_epoch_that_nobody_read_promises_nothing(void **state)
{
	u32 torn;

	(void)state;
	for (torn = 0; torn < 2; torn++) {
		struct fixture *fixture = fixture_of(4, 2);
		struct psh_buflog *log = &fixture->log;

		put(fixture, 1, 1, 0, torn ? 10 : 2);
		if (torn)
			spoil(fixture, 1, 8, true);
		assert_int_equal(activate(fixture, 1, 1, 7), 0);
		assert_int_equal(log->end, 1);
		assert_int_equal(psh_buflog_begin(log, 2, 1), 0);
		assert_int_equal(activate(fixture, 2, 1, 13), 0);
		assert_int_equal(log->stale, 0);
		assert_int_equal(log->end, 0);
		free(fixture);
	}
}

static void a_stale_buffer_alone_is_refused(void **state)
{
	struct fixture *fixture = fixture_new(2);

	(void)state;
	assert_int_equal(activate(fixture, 1, 1, 1), 0);
	assert_int_equal(psh_buflog_begin(&fixture->log, 2, 1), 0);
	assert_int_equal(activate(fixture, 2, 2, 2), -ENODEV);
	assert_int_equal(activate(fixture, 2, 2, 3), 0);
	free(fixture);
}

static void a_fork_is_refused(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	assert_int_equal(psh_buflog_begin(&fixture->log, 9, 3), 0);
	assert_int_equal(activate(fixture, 1, 1, 3), -EINVAL);
	assert_non_null(strstr(fixture->error, "epoch is 9"));
	free(fixture);
}

static void a_missing_lane_is_named(void **state)
{
	struct fixture *fixture = fixture_new(1);

	(void)state;
	assert_int_equal(activate(fixture, 1, 1, 1), -ENODEV);
	assert_int_equal(fixture->log.buffer, 1);
	free(fixture);
}

static void exchanged_buffers_are_refused(void **state)
{
	struct fixture *fixture = fixture_new(1);
	static u8 copy[BLOCKS][PSH_BLOCK_SIZE];

	(void)state;
	memcpy(copy, fixture->image[0], sizeof(copy));
	memcpy(fixture->image[0], fixture->image[1], sizeof(copy));
	memcpy(fixture->image[1], copy, sizeof(copy));
	assert_int_equal(activate(fixture, 1, 1, 3), -EINVAL);
	assert_non_null(strstr(fixture->error, "exchanged"));
	free(fixture);
}

static void what_cannot_be_read_is_no_end(void **state)
{
	struct fixture *fixture = fixture_new(2);

	(void)state;
	put(fixture, 1, 1, 0, 3);
	assert_int_equal(activate(fixture, 1, 1, 3), 0);
	fixture->unreadable = 3;
	assert_int_equal(psh_buflog_replay(&fixture->log), -EIO);
	fixture->unreadable = 1;
	fixture->told = 0;
	assert_int_equal(psh_buflog_replay(&fixture->log), -EIO);
	free(fixture);
}

static void stripes_go_round_the_lanes(void **state)
{
	struct psh_buflog_shape shape = {
		.nr_buffers = 4,
		.copies = 2,
		.stripe_blocks = 8,
		.rows = 3,
	};
	u32 buffers;

	(void)state;
	assert_int_equal(psh_buflog_ring(&shape), 6);
	assert_int_equal(psh_buflog_locate(&shape, 0, &buffers), 8);
	assert_int_equal(buffers, 5);
	assert_int_equal(psh_buflog_locate(&shape, 5, &buffers), 24);
	assert_int_equal(buffers, 10);
	assert_int_equal(psh_buflog_locate(&shape, 6, &buffers), 8);
	assert_int_equal(buffers, 5);
}

#define FACT(check, name) rows_add(&rows, name, check)

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, stripe_rows, judges);
	FACT(a_stripe_comes_back, "a stripe comes back");
	FACT(an_empty_log_is_empty, "an empty log is empty");
	FACT(stripes_behind_a_missing_one_are_dropped,
	     "stripes behind a missing one are dropped");
	FACT(a_missing_stripe_that_was_durable_is_refused,
	     "a missing stripe that was durable is refused");
	FACT(a_closed_log_misses_its_last_stripe,
	     "a closed log misses its last stripe");
	FACT(torn_data_ends_the_log, "torn data ends the log");
	FACT(a_copy_is_as_good, "a copy is as good");
	FACT(what_was_dropped_stays_dropped, "what was dropped stays dropped");
	FACT(an_old_stripe_with_the_right_chain_does_not_count,
	     "an old stripe with the right chain does not count");
	FACT(an_epoch_that_nobody_read_promises_nothing,
	     "an epoch that nobody read promises nothing");
	FACT(a_stale_buffer_alone_is_refused,
	     "a stale buffer alone is refused");
	FACT(a_fork_is_refused, "a fork is refused");
	FACT(a_missing_lane_is_named, "a missing lane is named");
	FACT(exchanged_buffers_are_refused, "exchanged buffers are refused");
	FACT(what_cannot_be_read_is_no_end, "what cannot be read is no end");
	FACT(stripes_go_round_the_lanes, "stripes go round the lanes");
	return rows_run("buflog", &rows);
}
