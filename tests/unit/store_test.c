// SPDX-License-Identifier: GPL-2.0
/*
 * store_test: metadata is loaded as it was written, or refused by name, and
 * nothing is written by looking.
 *
 * On the devices of tests/vectors/image.h, which have no cache: what crashes leave
 * is tests/sim's question.
 */
#include "rows.h"
#include "../vectors/image.h"
#include "../vectors/super.h"

#define BOTH 3

#define JOURNAL 80 /* where format() puts it, 64 blocks */

static struct image image, saved;

/* A word that tells its segment. */
static u64 word_of(u64 segment, unsigned int version)
{
	u64 word =
		psh_word_make(segment, (segment + version) % 3, version & 63);

	return segment % 5 ? word | 1 << 3 : word;
}

static int save(struct psh_super *super)
{
	return psh_store_checkpoint(&image.store, super);
}

static void checkpoint(void)
{
	struct psh_super super = image.store.super;

	assert_int_equal(save(&super), 0);
}

/* A volume after its first activation. */
static void format(u32 given)
{
	struct psh_super super;
	u64 i;

	memset(&image, 0, sizeof(image));
	image.blocks[0] = IMAGE_BLOCKS;
	image.blocks[1] = IMAGE_BLOCKS;
	image_attach(&image, given);
	assert_int_equal(psh_store_find(&image.store), -ENODATA);
	super_describe(&super, IMAGE_SEGMENTS);
	assert_int_equal(psh_store_format(&image.store, &super), 0);
	assert_int_equal(image.written, 0);
	for (i = 0; i < IMAGE_SEGMENTS; i++)
		image.word[i] = word_of(i, 0);
	assert_int_equal(psh_store_checkpoint(&image.store, &super), 0);
}

/* Both devices after a look must be as they were. */
static int open_again(u32 given)
{
	int r;

	saved = image;
	image_attach(&image, given);
	memset(image.word, 0xee, sizeof(image.word));
	r = psh_store_find(&image.store);
	if (!r)
		r = psh_store_load(&image.store);
	assert_int_equal(image.written, 0);
	assert_memory_equal(saved.data, image.data, sizeof(image.data));
	return r;
}

/* The next activation. */
static void activate(u32 given)
{
	struct psh_super super;

	assert_int_equal(open_again(given), 0);
	psh_store_revive(&image.store);
	super = image.store.super;
	super.epoch++;
	assert_int_equal(psh_store_checkpoint(&image.store, &super), 0);
}

static void append(u64 segment, unsigned int version)
{
	struct psh_store_record record = { segment, word_of(segment, version) };

	assert_int_equal(psh_store_append(&image.store, &record, 1), 0);
	image.word[segment] = record.word;
}

static void assert_words(void)
{
	assert_memory_equal(image.word, saved.word, sizeof(image.word));
}

static void assert_refused(int r, int expected, const char *part)
{
	if (r != expected || !strstr(image.error, part))
		fail_msg("%d %s", r, image.error);
	assert_true(!strncmp(image.error, "metadata device: ", 17) ||
		    !strncmp(image.error, "metadata mirror: ", 17));
}

static u64 journal_block(u64 number)
{
	return JOURNAL + number % 64;
}

static void what_is_written_is_loaded(void **state)
{
	(void)state;
	format(1);
	assert_int_equal(open_again(1), 0);
	assert_words();
	assert_int_equal(image.store.next, 1);
	append(7, 1);
	append(1199, 2);
	append(7, 3);
	assert_int_equal(open_again(1), 0);
	assert_words();
	assert_int_equal(image.store.next, 4);
}

static void a_full_block_of_records_is_loaded(void **state)
{
	struct psh_store_record record[PSH_JOURNAL_RECORDS];
	unsigned int i;

	(void)state;
	format(1);
	for (i = 0; i < PSH_JOURNAL_RECORDS; i++) {
		record[i].segment = i * 3;
		record[i].word = word_of(i * 3, 9);
		image.word[i * 3] = record[i].word;
	}
	assert_int_equal(psh_store_append(&image.store, record, i), 0);
	assert_int_equal(open_again(1), 0);
	assert_words();
}

static void only_durable_bits_are_kept(void **state)
{
	struct psh_store_record record = { 3, word_of(3, 1) | PSH_WORD_COPYING |
						      PSH_WORD_CLEARING };

	(void)state;
	format(1);
	image.word[4] |= PSH_WORD_COPYING;
	checkpoint();
	assert_int_equal(psh_store_append(&image.store, &record, 1), 0);
	assert_int_equal(open_again(1), 0);
	assert_int_equal(image.word[3], word_of(3, 1));
	assert_int_equal(image.word[4], word_of(4, 0));
}

static void the_ring_goes_round_many_times(void **state)
{
	unsigned int i;

	(void)state;
	format(1);
	assert_int_equal(image.store.super.journal_blocks, 64);
	for (i = 0; i < 1000; i++) {
		append(i * 7 % IMAGE_SEGMENTS, i);
		if (psh_store_is_half_full(&image.store)) {
			assert_int_equal(image.store.next -
						 image.store.super.checkpoint,
					 32);
			checkpoint();
		}
		if (i % 37)
			continue;
		assert_int_equal(open_again(1), 0);
		assert_words();
	}
}

static void a_full_journal_takes_nothing(void **state)
{
	struct psh_store_record record = { 1, word_of(1, 1) };
	unsigned int i;

	(void)state;
	format(1);
	for (i = 0; i < 64; i++)
		append(i, i);
	image.written = 0;
	assert_int_equal(psh_store_append(&image.store, &record, 1), -ENOSPC);
	assert_int_equal(image.written, 0);
	assert_int_equal(open_again(1), 0);
	assert_words();
	checkpoint();
	append(1, 2);
	assert_int_equal(open_again(1), 0);
	assert_words();
}

static void a_checkpoint_changes_all_else(void **state)
{
	struct psh_super super;
	u64 generation;

	(void)state;
	format(1);
	super = image.store.super;
	generation = super.generation;
	super.member[2].flags |= PSH_MEMBER_AWAY;
	super.rule[5] = 0x7;
	super.write_mode = PSH_WRITE_BUFFER;
	super.flags = PSH_SUPER_CLEAN;
	assert_int_equal(psh_store_checkpoint(&image.store, &super), 0);
	assert_int_equal(super.generation, generation + 1);
	assert_int_equal(open_again(1), 0);
	assert_memory_equal(&image.store.super, &super, sizeof(super));
}

static void an_older_epoch_does_not_count(void **state)
{
	u8 stale[PSH_BLOCK_SIZE];

	(void)state;
	format(1);
	append(7, 1);
	memcpy(stale, image.data[0][journal_block(1)], sizeof(stale));
	memset(image.data[0][journal_block(1)], 0x11, 600);
	activate(1);
	/* It lies where the next one will. */
	memcpy(image.data[0][journal_block(image.store.next)], stale,
	       sizeof(stale));
	assert_int_equal(open_again(1), 0);
	assert_int_equal(image.word[7], word_of(7, 0));
}

static void a_torn_last_block_ends_the_journal(void **state)
{
	(void)state;
	format(1);
	append(7, 1);
	append(8, 1);
	memset(image.data[0][journal_block(2)] + 512, 0, 3584);
	image.data[0][journal_block(2)][600] = 1;
	assert_int_equal(open_again(1), 0);
	assert_int_equal(image.word[7], word_of(7, 1));
	assert_int_equal(image.word[8], word_of(8, 0));
	assert_int_equal(image.store.next, 2);
}

static void a_hole_in_the_journal_is_refused(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 1; i < 5; i++) {
		format(1);
		append(7, 1);
		append(8, 1);
		append(9, 1);
		append(10, 1);
		append(11, 1);
		image.data[0][journal_block(i)][100] ^= 1;
		assert_refused(open_again(1), -EBADMSG, "a write was lost");
	}
}

static void a_record_of_nonsense_is_refused(void **state)
{
	static const struct {
		u32 at;
		u8 value;
		const char *message;
	} change[] = {
		{ 48, 0, "field nr is 0, expected 1 to 252" },
		{ 49, 1, "field nr is 257, expected 1 to 252" },
		{ 71, 2, "record 0 has kind 2, expected 1" },
		{ 66, 1, "is of segment 65543, expected less than 1200" },
		{ 75, 0x4, "the word of segment 7 is" }, /* COPYING */
		{ 72, 0x1f, "the word of segment 7 is" }, /* no such member */
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(change); i++) {
		struct psh_head head;
		u8 *block;

		format(1);
		append(7, 1);
		block = image.data[0][journal_block(1)];
		psh_head_check(block, PSH_MAGIC_JOURNAL, NULL, journal_block(1),
			       &head);
		block[change[i].at] = change[i].value;
		psh_head_seal(block, &head);
		assert_refused(open_again(1), -EBADMSG, change[i].message);
	}
}

static void a_damaged_map_is_refused(void **state)
{
	const struct psh_super *super = &image.store.super;
	u64 block;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		format(1);
		block = super->map_start[super->map_current] + i;
		image.data[0][block][77 + i] ^= 4;
		assert_refused(open_again(1), -EBADMSG, "is damaged");
		memset(image.data[0][block], 0, PSH_BLOCK_SIZE);
		assert_refused(open_again(1), -EBADMSG, "is blank");
		image.fail_read[0] = block;
		assert_refused(open_again(1), -EBADMSG, "unreadable");
	}
}

/* The machine stopped in a checkpoint; of the next one a write is lost. */
static void a_map_block_of_a_dead_attempt_is_refused(void **state)
{
	u8 stale[PSH_BLOCK_SIZE];
	u64 block;

	(void)state;
	format(1);
	saved = image;
	checkpoint();
	block = image.store.super.map_start[image.store.super.map_current] + 1;
	memcpy(stale, image.data[0][block], sizeof(stale));
	image = saved;
	image.store.owner = &image;
	activate(1);
	memcpy(image.data[0][block], stale, sizeof(stale));
	assert_refused(open_again(1), -EBADMSG, "expected 2 and 2");
}

/*
 * An activation stops before its superblock; the next one writes that epoch and
 * generation again, and a device loses a block of its map.
 */
static void a_map_of_a_dead_attempt_is_not_believed(void **state)
{
	u8 stale[3][PSH_BLOCK_SIZE];
	struct psh_super super;
	unsigned int i, lost;
	u64 start, segment;

	(void)state;
	for (i = 0; i < 2; i++)
		for (lost = 0; lost < 3; lost++) {
			format(BOTH);
			append(9, 4);
			assert_int_equal(open_again(BOTH), 0);
			psh_store_revive(&image.store);
			super = image.store.super;
			super.epoch++;
			segment = lost * PSH_MAP_WORDS + 5;
			image.word[segment] = word_of(segment, 7);
			image.fail_write[0] = 3; /* map, flush, superblock */
			image.fail_write[1] = 3;
			assert_int_equal(save(&super), -EIO);
			start = super.map_start[super.map_current];
			memcpy(stale, image.data[i][start], sizeof(stale));
			image.fail_write[0] = 0;
			image.fail_write[1] = 0;
			activate(BOTH);
			memcpy(image.data[i][start + lost], stale[lost],
			       PSH_BLOCK_SIZE);
			assert_int_equal(open_again(BOTH), 0);
			assert_words();
			assert_int_equal(image.store.next, 2);
			assert_refused(open_again(1U << i), -EBADMSG,
				       "a write was lost");
		}
}

static void the_other_superblock_serves_a_damaged_one(void **state)
{
	(void)state;
	format(1);
	activate(1);
	image.data[0][psh_super_block(image.store.super.generation)][99] ^= 1;
	assert_int_equal(open_again(1), 0);
	assert_words();
	image.data[0][0][99] ^= 2;
	image.data[0][1][99] ^= 2;
	assert_refused(open_again(1), -EBADMSG, "both superblocks are damaged");
}

static void no_flipped_bit_of_a_superblock_is_believed(void **state)
{
	unsigned int bit;

	(void)state;
	format(1);
	for (bit = 0; bit < 512 * 8; bit++) {
		u8 *byte = &image.data[0][1][bit / 8];
		int r;

		*byte ^= 1U << bit % 8;
		image_attach(&image, 1);
		r = psh_store_find(&image.store);
		assert_true(r == -EBADMSG || r == -EINVAL);
		assert_non_null(strstr(image.error, "expected"));
		assert_int_equal(image.written, 0);
		*byte ^= 1U << bit % 8;
	}
	assert_int_equal(open_again(1), 0);
}

static void a_field_out_of_range_is_refused_by_name(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(super_rows); i++) {
		const struct super_row *row = &super_rows[i];
		struct psh_super super;
		char wanted[64];

		if (!row->field)
			continue;
		format(1);
		super_fill(row, &super, image.data[0][1]);
		snprintf(wanted, sizeof(wanted), "superblock 1: field %s ",
			 row->field);
		assert_refused(open_again(1), -EINVAL, wanted);
	}
}

static void what_is_not_ours_is_refused(void **state)
{
	unsigned int i;

	(void)state;
	memset(&image, 0, sizeof(image));
	image.blocks[0] = IMAGE_BLOCKS;
	for (i = 0; i < PSH_RESERVED_BLOCKS; i++) {
		image.data[0][i][i * 255] = 1;
		assert_refused(open_again(1), -EINVAL, "not predshard's");
		image.data[0][i][i * 255] = 0;
	}
	assert_int_equal(open_again(1), -ENODATA);
	image.data[0][PSH_RESERVED_BLOCKS][0] = 1;
	assert_int_equal(open_again(1), -ENODATA);
}

static void a_truncated_device_is_refused(void **state)
{
	u64 end;

	(void)state;
	format(1);
	end = image.store.super.map_start[1] + image.store.super.map_blocks;
	for (image.blocks[0] = 0; image.blocks[0] < end; image.blocks[0]++)
		assert_refused(open_again(1), -EINVAL, "expected");
	assert_int_equal(open_again(1), 0);
}

static void too_small_a_device_is_not_formatted(void **state)
{
	struct psh_super super;
	int r;

	(void)state;
	memset(&image, 0, sizeof(image));
	image.blocks[0] = IMAGE_BLOCKS;
	image.blocks[1] = 80 + 64 + 5;
	image_attach(&image, BOTH);
	assert_int_equal(psh_store_find(&image.store), -ENODATA);
	super_describe(&super, IMAGE_SEGMENTS);
	r = psh_store_format(&image.store, &super);
	assert_refused(r, -ENOSPC, "has 1192 sectors, expected at least 1200");
	assert_int_equal(image.store.device, 1);
}

static void an_unreadable_device_is_refused(void **state)
{
	(void)state;
	format(1);
	image.fail_read[0] = 3;
	assert_refused(open_again(1), -EIO, "superblocks cannot be read");
	image.fail_read[0] = journal_block(40);
	assert_refused(open_again(1), -EIO, "cannot be read");
}

static void either_half_of_a_pair_serves(void **state)
{
	unsigned int i;
	u64 block;

	(void)state;
	format(BOTH);
	append(5, 1);
	append(6, 2);
	/* Every second block of each half is bad, but for the superblocks. */
	for (block = PSH_SUPER_BLOCKS; block < IMAGE_BLOCKS; block++)
		image.data[block & 1][block][200] ^= 1;
	assert_int_equal(open_again(BOTH), 0);
	assert_int_equal(image.word[5], word_of(5, 1));
	assert_int_equal(image.word[6], word_of(6, 2));
	for (i = 0; i < IMAGE_SEGMENTS; i++)
		if (i != 5 && i != 6)
			assert_int_equal(image.word[i], word_of(i, 0));
}

static void what_one_half_cannot_read_the_other_can(void **state)
{
	unsigned int i;
	u64 block;

	(void)state;
	format(BOTH);
	append(5, 1);
	append(6, 2);
	saved = image;
	for (i = 0; i < 2; i++)
		for (block = 1; block < 150; block++) {
			image.fail_read[i] = block;
			assert_int_equal(open_again(BOTH), 0);
			assert_int_equal(image.word[6], word_of(6, 2));
			image.fail_read[i] = 0;
		}
	image.fail_read[0] = 1;
	image.fail_read[1] = 2;
	assert_refused(open_again(BOTH), -EIO, "superblocks cannot be read");
}

static void a_half_that_cannot_be_written_is_dropped(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		u32 other = 1U << !i;

		format(BOTH);
		append(5, 1);
		image.fail_write[i] = 1;
		append(6, 1);
		assert_int_equal(image.store.super.devices, other);
		append(7, 1);
		assert_int_equal(open_again(BOTH), 0);
		assert_words();
		assert_int_equal(image.store.live, other);
		/* Alone it only knows what it knew, and says nothing of it. */
		image.fail_write[i] = 0;
		activate(BOTH);
		assert_int_equal(image.store.super.devices, BOTH);
		assert_words();
		append(8, 1);
		assert_int_equal(open_again(1U << i), 0);
		assert_words();
	}
}

static void a_half_that_fails_in_a_checkpoint_is_dropped(void **state)
{
	unsigned int i, when;

	(void)state;
	for (i = 0; i < 2; i++)
		for (when = 1; when <= 3; when++) { /* map, flush, super */
			format(BOTH);
			append(5, 1);
			image.fail_write[i] = when;
			checkpoint();
			assert_int_equal(image.store.super.devices, 1U << !i);
			append(6, 1);
			assert_int_equal(open_again(BOTH), 0);
			assert_words();
			assert_int_equal(image.store.live, 1U << !i);
		}
}

static void with_no_device_left_nothing_is_promised(void **state)
{
	struct psh_store_record record = { 1, word_of(1, 1) };
	struct psh_super super;

	(void)state;
	format(BOTH);
	image.fail_write[0] = 1;
	image.fail_write[1] = 1;
	assert_int_equal(psh_store_append(&image.store, &record, 1), -EIO);
	image.fail_write[0] = 0;
	image.fail_write[1] = 0;
	image.written = 0;
	super = image.store.super;
	assert_int_equal(psh_store_append(&image.store, &record, 1), -EIO);
	assert_int_equal(psh_store_checkpoint(&image.store, &super), -EIO);
	assert_int_equal(image.written, 0);
	assert_int_equal(open_again(BOTH), 0);
}

static void a_blank_mirror_joins(void **state)
{
	(void)state;
	format(1);
	append(5, 1);
	activate(BOTH);
	append(6, 1);
	assert_int_equal(image.store.super.devices, BOTH);
	assert_int_equal(open_again(2), 0);
	assert_words();
}

static void a_foreign_mirror_is_refused(void **state)
{
	(void)state;
	format(1);
	image.data[1][9][9] = 9;
	assert_refused(open_again(BOTH), -EINVAL,
		       "metadata mirror: holds something");
	image.blocks[1] = 15;
	assert_refused(open_again(BOTH), -EINVAL,
		       "metadata mirror: has 120 sectors");
}

static void a_mirror_of_another_volume_is_refused(void **state)
{
	struct psh_super super;

	(void)state;
	format(BOTH);
	super = image.store.super;
	super.uuid[0] ^= 1;
	psh_super_encode(&super, 1, image.data[1][1]);
	assert_refused(open_again(BOTH), -EINVAL, "of another volume");
	super.generation++;
	psh_super_encode(&super, 0, image.data[0][0]);
	assert_refused(open_again(1), -EINVAL,
		       "two superblocks are of different volumes");
}

static void exchanged_devices_are_refused(void **state)
{
	(void)state;
	format(BOTH);
	memcpy(saved.data[0], image.data[0], sizeof(saved.data[0]));
	memcpy(image.data[0], image.data[1], sizeof(saved.data[0]));
	memcpy(image.data[1], saved.data[0], sizeof(saved.data[0]));
	assert_refused(open_again(BOTH), -EINVAL, "are they exchanged?");
	assert_refused(open_again(1), -EINVAL, "are they exchanged?");
}

static void a_superblock_in_the_wrong_place_is_refused(void **state)
{
	struct psh_super super;
	struct psh_head head = { .magic = PSH_MAGIC_SUPER };

	(void)state;
	format(1);
	super = image.store.super;
	psh_super_encode(&super, 0, image.data[0][0]);
	memcpy(head.uuid, super.uuid, sizeof(head.uuid));
	head.epoch = super.epoch;
	head.sequence = super.generation;
	psh_head_seal(image.data[0][0], &head);
	assert_refused(open_again(1), -EINVAL,
		       "superblock 0: generation is 1, expected an even one");
}

/* Each half goes on alone, the first for longer. */
static void halves_written_apart_are_refused(void **state)
{
	unsigned int i, first, second;

	(void)state;
	for (i = 0; i < 9; i++) {
		first = i % 3 + 1;
		second = i / 3 + 1;
		format(BOTH);
		while (first--)
			activate(1);
		while (second--)
			activate(2);
		assert_refused(open_again(BOTH), -EINVAL, "written apart");
	}
}

/* Of two such halves one is kept; on the other only the start is zeroed. */
static void a_blanked_half_brings_no_journal(void **state)
{
	(void)state;
	format(BOTH);
	activate(2);
	activate(2);
	append(9, 4);
	activate(1);
	memset(image.data[1], 0, PSH_RESERVED_BLOCKS * PSH_BLOCK_SIZE);
	activate(BOTH);
	/* The epoch and the number that the other half was at. */
	assert_int_equal(open_again(BOTH), 0);
	assert_words();
}

static void one_half_left_behind_is_brought_up_to_date(void **state)
{
	(void)state;
	format(BOTH);
	activate(1);
	append(9, 4);
	activate(BOTH);
	assert_int_equal(image.store.super.devices, BOTH);
	assert_int_equal(open_again(2), 0);
	assert_int_equal(image.word[9], word_of(9, 4));
}

/* The machine stops between two superblocks, and again in the next map. */
static void a_half_that_lags_catches_up_first(void **state)
{
	struct psh_super super;

	(void)state;
	format(BOTH);
	append(9, 4);
	memcpy(saved.data[1], image.data[1], sizeof(saved.data[1]));
	checkpoint();
	memcpy(image.data[1][0], saved.data[1][0], PSH_BLOCK_SIZE);
	assert_int_equal(open_again(BOTH), 0);
	assert_int_equal(image.store.live, BOTH);
	image.fail_write[0] = 2;
	image.fail_write[1] = 3;
	psh_store_revive(&image.store);
	super = image.store.super;
	super.epoch++;
	assert_int_equal(psh_store_checkpoint(&image.store, &super), -EIO);
	assert_int_equal(open_again(2), 0);
	assert_int_equal(image.word[9], word_of(9, 4));
}

/*
 * The machine stops between two superblocks. The half that is ahead, of which a
 * map block is bad, cannot be read when the other goes on alone, and stops again:
 * whatever it got done by then, both together are what one of them was.
 */
static void a_half_that_was_ahead_takes_nothing_along(void **state)
{
	struct psh_super super;
	u64 epochs, when;

	(void)state;
	for (epochs = 0; epochs < 2; epochs++)
		for (when = 1; when <= 4; when++) {
			format(BOTH);
			append(9, 4);
			memcpy(saved.data[1], image.data[1],
			       sizeof(saved.data[1]));
			super = image.store.super;
			super.epoch += epochs;
			assert_int_equal(save(&super), 0);
			memcpy(image.data[1][0], saved.data[1][0],
			       PSH_BLOCK_SIZE);
			image.data[0][super.map_start[super.map_current]][99]++;
			image.fail_read[0] = 1;
			assert_int_equal(open_again(BOTH), 0);
			assert_int_equal(image.store.live, 2);
			image.fail_write[1] = when;
			psh_store_revive(&image.store);
			super = image.store.super;
			super.epoch++;
			image.word[5] = word_of(5, 7); /* in this one only */
			assert_int_equal(save(&super), -EIO);
			image.fail_read[0] = 0;
			image.fail_write[1] = 0;
			assert_int_equal(open_again(BOTH), 0);
			assert_int_equal(image.word[9], word_of(9, 4));
			assert_int_equal(image.word[5], word_of(5, 0));
		}
}

/*
 * A superblock that a bad sector made void may be made whole by the next one,
 * if of that the right sectors arrive: not before it is harmless.
 */
static void a_superblock_that_comes_back_has_its_map(void **state)
{
	struct psh_super super;
	u8 whole[PSH_BLOCK_SIZE];
	unsigned int when;

	(void)state;
	for (when = 1; when <= 4; when++) {
		format(1);
		append(9, 4);
		checkpoint();
		memcpy(whole, image.data[0][0], sizeof(whole));
		image.data[0][0][4000] ^= 1;
		assert_int_equal(open_again(1), 0);
		image.fail_write[0] = when;
		psh_store_revive(&image.store);
		super = image.store.super;
		super.epoch++;
		image.word[5] = word_of(5, 7);
		assert_int_equal(save(&super), -EIO);
		if (image.data[0][0][4000])
			memcpy(image.data[0][0], whole, sizeof(whole));
		image.fail_write[0] = 0;
		assert_int_equal(open_again(1), 0);
		assert_int_equal(image.word[9], word_of(9, 4));
		assert_int_equal(image.word[5], word_of(5, 0));
	}
}

static void a_half_dropped_for_good_is_not_enough(void **state)
{
	struct psh_super super;

	(void)state;
	format(BOTH);
	super = image.store.super;
	super.devices = 2;
	super.generation++;
	psh_super_encode(&super, 0, image.data[0][0]);
	assert_refused(open_again(1), -EINVAL, "was dropped from the pair");
}

static void a_small_mirror_is_not_taken(void **state)
{
	(void)state;
	format(1);
	image.blocks[1] = IMAGE_BLOCKS / 2;
	activate(BOTH);
	assert_int_equal(image.store.super.devices, 1);
}

#define TEST(check) rows_add(&rows, #check, check)

int main(void)
{
	struct rows rows = { .nr = 0 };

	TEST(what_is_written_is_loaded);
	TEST(a_full_block_of_records_is_loaded);
	TEST(only_durable_bits_are_kept);
	TEST(the_ring_goes_round_many_times);
	TEST(a_full_journal_takes_nothing);
	TEST(a_checkpoint_changes_all_else);
	TEST(an_older_epoch_does_not_count);
	TEST(a_torn_last_block_ends_the_journal);
	TEST(a_hole_in_the_journal_is_refused);
	TEST(a_record_of_nonsense_is_refused);
	TEST(a_damaged_map_is_refused);
	TEST(a_map_block_of_a_dead_attempt_is_refused);
	TEST(a_map_of_a_dead_attempt_is_not_believed);
	TEST(the_other_superblock_serves_a_damaged_one);
	TEST(no_flipped_bit_of_a_superblock_is_believed);
	TEST(a_field_out_of_range_is_refused_by_name);
	TEST(what_is_not_ours_is_refused);
	TEST(a_truncated_device_is_refused);
	TEST(too_small_a_device_is_not_formatted);
	TEST(an_unreadable_device_is_refused);
	TEST(either_half_of_a_pair_serves);
	TEST(what_one_half_cannot_read_the_other_can);
	TEST(a_half_that_cannot_be_written_is_dropped);
	TEST(a_half_that_fails_in_a_checkpoint_is_dropped);
	TEST(with_no_device_left_nothing_is_promised);
	TEST(a_blank_mirror_joins);
	TEST(a_foreign_mirror_is_refused);
	TEST(a_mirror_of_another_volume_is_refused);
	TEST(exchanged_devices_are_refused);
	TEST(a_superblock_in_the_wrong_place_is_refused);
	TEST(halves_written_apart_are_refused);
	TEST(a_blanked_half_brings_no_journal);
	TEST(one_half_left_behind_is_brought_up_to_date);
	TEST(a_half_that_lags_catches_up_first);
	TEST(a_half_that_was_ahead_takes_nothing_along);
	TEST(a_superblock_that_comes_back_has_its_map);
	TEST(a_half_dropped_for_good_is_not_enough);
	TEST(a_small_mirror_is_not_taken);
	return rows_run("store", &rows);
}
