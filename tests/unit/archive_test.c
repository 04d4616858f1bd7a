// SPDX-License-Identifier: GPL-2.0
/*
 * archive_test: the last saving is found, or the one before it.
 *
 * A store over two devices in memory. Savings of all lengths come back; a write
 * that is torn anywhere, at any block, leaves the saving before it or the new
 * one; two activations that stop in a saving of one number are not mixed; a
 * device that fails, damage, another volume's blocks and random ones are no
 * saving.
 */
#include "rows.h"
#include "../../dm-predshard/core/archive.h"
#include "../../dm-predshard/core/head.h"
#include "../vectors/random.h"

#define BLOCKS (PSH_RESERVED_BLOCKS + PSH_FORECAST_BLOCKS)
#define WHOLE U32_MAX
#define SOME (20 * PSH_ARCHIVE_PAYLOAD + 100)

static u8 disk[PSH_DISK_DEVICES][BLOCKS][PSH_BLOCK_SIZE];
static u8 buffer[PSH_STORE_BUFFER * PSH_BLOCK_SIZE];
static u8 data[PSH_ARCHIVE_MOST], other[PSH_ARCHIVE_MOST],
	found[PSH_ARCHIVE_MOST];
static u32 bytes_left; /* until the power goes */
static u32 failing; /* devices that fail */
static struct psh_store store;
static struct psh_archive archive;

static int read_disk(void *owner, unsigned int device, u64 block, u32 nr,
		     void *result)
{
	(void)owner;
	assert_true(block >= PSH_RESERVED_BLOCKS && block + nr <= BLOCKS);
	if (failing & 1U << device)
		return -EIO;
	memcpy(result, disk[device][block], (size_t)nr * PSH_BLOCK_SIZE);
	return 0;
}

static int write_disk(void *owner, unsigned int device, u64 block, u32 nr,
		      const void *from, bool fua)
{
	u32 size = nr * PSH_BLOCK_SIZE;

	(void)owner;
	assert_true(fua);
	assert_true(block >= PSH_RESERVED_BLOCKS && block + nr <= BLOCKS);
	if (failing & 1U << device)
		return -EIO;
	if (bytes_left != WHOLE && size > bytes_left)
		size = bytes_left;
	memcpy(disk[device][block], from, size);
	if (bytes_left != WHOLE)
		bytes_left -= size;
	return size < nr * PSH_BLOCK_SIZE ? -EIO : 0;
}

static const struct psh_store_ops ops = {
	.read = read_disk,
	.write = write_disk,
};

static void begin(u32 devices)
{
	u64 random = 7;
	u32 i;

	memset(disk, 0, sizeof(disk));
	memset(&store, 0, sizeof(store));
	store.ops = &ops;
	store.buffer = buffer;
	store.live = devices;
	store.super.forecast_start = PSH_RESERVED_BLOCKS;
	store.super.epoch = 1;
	store.super.uuid[0] = 42;
	bytes_left = WHOLE;
	failing = 0;
	for (i = 0; i < sizeof(data); i++) {
		data[i] = random_next(&random);
		other[i] = random_next(&random);
	}
}

/* The next activation. Return: what loading says. */
static int load(u32 *bytes)
{
	bytes_left = WHOLE;
	store.super.epoch++;
	return psh_archive_load(&archive, &store, found, sizeof(found), bytes);
}

static void assert_found(const u8 *what, u32 size)
{
	u32 bytes;

	assert_int_equal(load(&bytes), 0);
	assert_int_equal(bytes, size);
	assert_memory_equal(found, what, size);
}

static void every_length_comes_back(void **state)
{
	static const u32 sizes[] = { 1,
				     PSH_ARCHIVE_PAYLOAD - 1,
				     PSH_ARCHIVE_PAYLOAD,
				     PSH_ARCHIVE_PAYLOAD + 1,
				     SOME,
				     PSH_ARCHIVE_MOST };
	u32 i, bytes;

	(void)state;
	begin(3);
	assert_int_equal(load(&bytes), -ENODATA);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 size = sizes[i];

		assert_int_equal(psh_archive_save(&archive, &store, data, size),
				 0);
		assert_found(data, size);
	}
	assert_int_equal(psh_archive_save(&archive, &store, data, 0), -EINVAL);
	assert_int_equal(psh_archive_save(&archive, &store, data,
					  PSH_ARCHIVE_MOST + 1),
			 -EINVAL);
	assert_found(data, PSH_ARCHIVE_MOST);
}

static void a_torn_saving_leaves_the_one_before(void **state)
{
	u32 cut, bytes;

	(void)state;
	for (cut = 0; cut < 20 * PSH_BLOCK_SIZE; cut += 509) {
		begin(1);
		load(&bytes);
		psh_archive_save(&archive, &store, data, SOME);
		psh_archive_save(&archive, &store, other, SOME);
		bytes_left = cut;
		assert_int_equal(psh_archive_save(&archive, &store, data, SOME),
				 -EIO);
		assert_found(other, SOME);
		/* And the next saving does not touch that one either. */
		bytes_left = cut;
		psh_archive_save(&archive, &store, data, SOME);
		assert_found(other, SOME);
	}
}

/* Each stops in its first saving; where the first block is bad, in one number. */
static void two_that_are_torn_are_not_mixed(void **state)
{
	u32 cut, bytes;
	int r;

	(void)state;
	for (cut = PSH_BLOCK_SIZE; cut < 20 * PSH_BLOCK_SIZE; cut += 4096) {
		begin(1);
		load(&bytes);
		psh_archive_save(&archive, &store, data, SOME);
		memset(disk[0][PSH_RESERVED_BLOCKS], 1, 100);
		load(&bytes);
		bytes_left = cut;
		psh_archive_save(&archive, &store, other, SOME);
		r = load(&bytes);
		assert_true(r == -EBADMSG ||
			    (!r && !memcmp(found, other, SOME)));
	}
}

static void the_other_device_has_it(void **state)
{
	u32 bytes;

	(void)state;
	begin(3);
	load(&bytes);
	psh_archive_save(&archive, &store, data, SOME);
	failing = 1;
	assert_int_equal(psh_archive_save(&archive, &store, other, SOME), 0);
	assert_found(other, SOME);
	failing = 0;
	assert_found(other, SOME);
	failing = 2;
	assert_found(data, SOME);
	failing = 3;
	assert_int_equal(load(&bytes), -ENODATA);
	assert_int_equal(psh_archive_save(&archive, &store, other, SOME), -EIO);
}

static void what_is_not_ours_is_nothing(void **state)
{
	u64 random = 3;
	u32 bytes, i;

	(void)state;
	begin(1);
	for (i = 0; i < sizeof(disk); i++)
		((u8 *)disk)[i] = random_next(&random);
	assert_int_equal(load(&bytes), -ENODATA);
	psh_archive_save(&archive, &store, data, SOME);
	assert_found(data, SOME);
	store.super.uuid[0]++;
	assert_int_equal(load(&bytes), -ENODATA);
}

static void damage_anywhere_is_not_believed(void **state)
{
	u64 random = 3;
	u32 bytes, i;

	(void)state;
	for (i = 0; i < 300; i++) {
		u32 at;

		begin(1);
		load(&bytes);
		psh_archive_save(&archive, &store, data, SOME);
		psh_archive_save(&archive, &store, other, SOME);
		at = random_next(&random) % (21 * PSH_BLOCK_SIZE);
		((u8 *)disk[0][PSH_RESERVED_BLOCKS + PSH_ARCHIVE_BLOCKS])[at] ^=
			1 + i % 255;
		assert_found(data, SOME);
	}
}

static void too_large_for_its_reader_is_bad(void **state)
{
	u32 bytes;

	(void)state;
	begin(1);
	load(&bytes);
	psh_archive_save(&archive, &store, data, SOME);
	assert_int_equal(psh_archive_load(&archive, &store, found, SOME - 1,
					  &bytes),
			 -EBADMSG);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	rows_add(&rows, "every length comes back", every_length_comes_back);
	rows_add(&rows, "a torn saving leaves the one before",
		 a_torn_saving_leaves_the_one_before);
	rows_add(&rows, "two that are torn are not mixed",
		 two_that_are_torn_are_not_mixed);
	rows_add(&rows, "the other device has it", the_other_device_has_it);
	rows_add(&rows, "what is not ours is nothing",
		 what_is_not_ours_is_nothing);
	rows_add(&rows, "damage anywhere is not believed",
		 damage_anywhere_is_not_believed);
	rows_add(&rows, "too large for its reader is bad",
		 too_large_for_its_reader_is_bad);
	return rows_run("archive", &rows);
}
