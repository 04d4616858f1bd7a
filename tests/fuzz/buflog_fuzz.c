// SPDX-License-Identifier: GPL-2.0
/*
 * buflog_fuzz: no image of buffers makes the replay misbehave.
 *
 * Input: a byte of modes, then edits {offset le16, length, bytes} to the images
 * of two buffers with a small log on them: superblocks and six stripes, three of
 * an older epoch. Offsets count in bytes of a block's first 256, block after
 * block, since what is behind them is data. With REPAIR the checksums of all
 * heads are made right afterwards, and with CHAIN those of the chain, so that
 * fields behind them are reached. Guaranteed for every input: no crash and no
 * undefined behaviour (sanitizers watch), no access outside a share; a refusal
 * has a message in printable ASCII; a success tells records that lie within
 * their stripe, in order, and after an epoch was begun the replay tells the same
 * again.
 */
#include <stdlib.h>

#include "../../dm-predshard/core/buflog.h"

#define REPAIR 1U
#define CHAIN 2U
#define MIRRORED 4U /* copies = 2 */
#define ONE_AWAY 8U

#define STRIPE_BLOCKS 3U
#define ROWS 4U
#define BLOCKS ((ROWS + 1) * STRIPE_BLOCKS)
#define BUFFERS 2U
#define EPOCH 7U
#define FIRST_BYTES 256U

struct fixture {
	u8 image[BUFFERS][BLOCKS][PSH_BLOCK_SIZE];
	u64 hash;
	u64 last;
	u32 room_sectors;
};

static void check(bool fact)
{
	if (!fact)
		abort();
}

static int image_read(void *owner, unsigned int buffer, u64 block, u32 nr,
		      void *data)
{
	struct fixture *fixture = owner;

	check(buffer < BUFFERS && nr && block < BLOCKS && nr <= BLOCKS - block);
	memcpy(data, fixture->image[buffer][block], nr * PSH_BLOCK_SIZE);
	return 0;
}

static int image_write(void *owner, unsigned int buffer, u64 block, u32 nr,
		       const void *data, bool fua)
{
	struct fixture *fixture = owner;

	(void)fua;
	check(buffer < BUFFERS && nr && block < BLOCKS && nr <= BLOCKS - block);
	memcpy(fixture->image[buffer][block], data, nr * PSH_BLOCK_SIZE);
	return 0;
}

static int image_flush(void *owner, unsigned int buffer)
{
	(void)owner;
	check(buffer < BUFFERS);
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
	u64 word[] = { sequence, record->kind, record->sector,
		       record->sectors };
	u32 i;

	check(sequence >= fixture->last && record->sectors);
	check(record->kind >= PSH_STRIPE_WRITE &&
	      record->kind <= PSH_STRIPE_HOME);
	check(record->sector <= PSH_STRIPE_SECTOR_MAX);
	check(record->kind != PSH_STRIPE_WRITE ||
	      (record->place < fixture->room_sectors &&
	       record->sectors <= fixture->room_sectors - record->place));
	fixture->last = sequence;
	for (i = 0; i < ARRAY_SIZE(word); i++)
		fixture->hash = (fixture->hash ^ word[i]) * 0x100000001b3ULL;
	return 0;
}

static const struct psh_buflog_ops ops = {
	.read = image_read,
	.write = image_write,
	.flush = image_flush,
	.blocks = image_blocks,
	.record = image_record,
};

/* The last stripe that fits: all from 2 on are needed. */
static u64 last_stripe(u32 modes)
{
	return modes & MIRRORED ? 1 + ROWS : 7;
}

/* Stripe @n with two writes, and a discard in every other. */
static u32 put_stripe(struct fixture *fixture,
		      const struct psh_buflog_super *super, u64 n, u32 chain)
{
	u8 memory[STRIPE_BLOCKS * PSH_BLOCK_SIZE] = { 0 };
	struct psh_stripe_head head = {
		.epoch = n < super->start ? EPOCH - 1 : EPOCH,
		.sequence = n,
		.tail = 2,
		.durable = n - 1,
		.chain = chain,
	};
	struct psh_stripe_record record = { .kind = PSH_STRIPE_WRITE };
	struct psh_stripe stripe;
	u32 i, buffers;

	psh_stripe_open(&stripe, memory, STRIPE_BLOCKS);
	for (i = 0; i < 2 + n % 2; i++) {
		record.kind = 1 + i % 3 * (i > 1);
		record.sector = n * 8 + i;
		record.sectors = 1 + i * 2;
		record.crc = psh_stripe_data_crc(0, memory + PSH_BLOCK_SIZE,
						 record.sectors * 512);
		psh_stripe_add(&stripe, &record);
	}
	head.address = psh_buflog_locate(&super->shape, n, &buffers);
	psh_stripe_seal(&stripe, &head);
	for (i = 0; i < BUFFERS; i++) {
		if (buffers >> i & 1)
			image_write(fixture, i, head.address, STRIPE_BLOCKS,
				    memory, false);
	}
	return head.crc;
}

static void put_log(struct fixture *fixture, u32 modes)
{
	struct psh_buflog_super super = {
		.epoch = EPOCH,
		.generation = 1,
		.start = 5,
		.tail = 2,
		.durable = 4,
		.flushed = 4,
		.shape = { .nr_buffers = BUFFERS,
			   .rows = ROWS,
			   .copies = modes & MIRRORED ? 2 : 1,
			   .stripe_blocks = STRIPE_BLOCKS },
	};
	u32 chain = 0;
	u64 n;

	memset(fixture->image, 0, sizeof(fixture->image));
	for (n = 2; n <= last_stripe(modes); n++) {
		if (n == super.start)
			super.chain = chain;
		chain = put_stripe(fixture, &super, n, chain);
	}
	for (super.index = 0; super.index < BUFFERS; super.index++)
		psh_buflog_super_encode(&super, fixture->image[super.index][1]);
}

static void edit(struct fixture *fixture, const u8 *data, size_t size)
{
	while (size > 3) {
		size_t at = data[0] | data[1] << 8, length = data[2];

		data += 3;
		size -= 3;
		for (; length && size; length--, size--, at++, data++) {
			size_t block = at / FIRST_BYTES % (BUFFERS * BLOCKS);

			fixture->image[block / BLOCKS][block % BLOCKS]
				      [at % FIRST_BYTES] = *data;
		}
	}
}

static void reseal(u8 *block)
{
	u32 crc = ~crc32c(~0U, block + 4, PSH_BLOCK_SIZE - 4);
	__le32 disk = cpu_to_le32(crc);

	memcpy(block, &disk, sizeof(disk));
}

static bool is_ours(const u8 *block)
{
	return !memcmp(block + 4, "PS", 2);
}

static void repair(struct fixture *fixture, u32 modes)
{
	u32 lanes = modes & MIRRORED ? 1 : 2, n, i, j;
	u8 *before = NULL;

	for (i = 0; i < BUFFERS; i++) {
		for (j = 0; j < BLOCKS; j++) {
			if (is_ours(fixture->image[i][j]))
				reseal(fixture->image[i][j]);
		}
	}
	for (n = 2; modes & CHAIN && n <= last_stripe(modes); n++) {
		u32 row = n / lanes % ROWS + 1;
		u8 *block = fixture->image[n % lanes][row * STRIPE_BLOCKS];

		if (before && is_ours(block)) {
			memcpy(block + 56, before, 4);
			reseal(block);
		}
		before = block;
	}
}

static void check_error(const char *error)
{
	size_t i;

	for (i = 0; i < PSH_ERROR_SIZE && error[i]; i++)
		check(error[i] >= ' ' && error[i] <= '~');
	check(i && i < PSH_ERROR_SIZE);
}

static int replay(struct fixture *fixture, struct psh_buflog *log)
{
	int r = psh_buflog_find(log);

	fixture->hash = 0;
	fixture->last = 0;
	fixture->room_sectors =
		psh_stripe_room_sectors(log->super.shape.stripe_blocks);
	return r ? r : psh_buflog_replay(log);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 memory[PSH_STRIPE_BLOCKS_MAX * PSH_BLOCK_SIZE];
	static struct fixture fixture;
	char error[PSH_ERROR_SIZE] = "";
	struct psh_buflog log = {
		.ops = &ops,
		.owner = &fixture,
		.memory = memory,
		.given = 3,
		.epoch = EPOCH,
		.settled = EPOCH,
		.error = error,
	};
	u64 hash, end;
	int r;

	if (!size)
		return 0;
	put_log(&fixture, data[0]);
	edit(&fixture, data + 1, size - 1);
	if (data[0] & REPAIR)
		repair(&fixture, data[0]);
	if (data[0] & ONE_AWAY)
		log.given = 2;
	r = replay(&fixture, &log);
	check(size > 1 || data[0] & ONE_AWAY ||
	      (!r && log.end == last_stripe(data[0])));
	if (r) {
		check(r == -ENODATA || r == -EINVAL || r == -EBADMSG ||
		      r == -ENODEV);
		if (r != -ENODATA)
			check_error(error);
		return 0;
	}
	check(log.tail && log.tail <= log.end + 1 && log.durable <= log.end);
	hash = fixture.hash;
	end = log.end;
	r = psh_buflog_begin(&log, EPOCH + 1,
			     (1U << log.super.shape.nr_buffers) - 1);
	/* A copy that is needed may turn out to have bad data. */
	if (r) {
		check_error(error);
		return 0;
	}
	log.epoch = EPOCH + 1;
	log.settled = EPOCH + 1;
	log.given = 3;
	check(!replay(&fixture, &log));
	check(fixture.hash == hash && log.end == end);
	return 0;
}
