// SPDX-License-Identifier: GPL-2.0
/*
 * metadata_fuzz: no metadata device makes loading misbehave.
 *
 * Input is a byte of modes and then changes to a sound pair of devices: block,
 * offset, length, bytes. Modes: with the mirror or alone; checksums repaired after the
 * changes, so that the code behind them is reached; one device blank.
 * Guaranteed for every input: no crash, no hang, no access out of range
 * (sanitizers watch); looking writes nothing; a refusal has a message in
 * printable ASCII that names the device; what loads survives a checkpoint and
 * loads again to the same words. What is right is store_test's question.
 */
#include <stdlib.h>

#include "../vectors/image.h"

#define MODE_MIRROR 1
#define MODE_REPAIR 2
#define MODE_BLANK 4 /* the second device, or the only one */
#define MODE_SHORT 8 /* the first device ends early */
#define USED_BLOCKS 192 /* 80 and a journal of 64 and two maps */

static struct image image, sound;
static u64 word[IMAGE_BLOCKS * PSH_MAP_WORDS], again[ARRAY_SIZE(word)];

static void check(bool fact)
{
	if (!fact)
		abort();
}

static u64 get_word(void *owner, u64 segment)
{
	(void)owner;
	check(segment < ARRAY_SIZE(word));
	return word[segment];
}

static void set_word(void *owner, u64 segment, u64 value)
{
	(void)owner;
	check(segment < ARRAY_SIZE(word));
	check(!(value & ~PSH_WORD_DURABLE));
	word[segment] = value;
}

static struct psh_store_ops ops;

static void attach(u32 given)
{
	image_attach(&image, given);
	image.store.ops = &ops;
}

/* Two activations and some records, so that all is there that can be. */
static void make_sound(void)
{
	struct psh_store_record record = { 7, psh_word_make(7, 1, 1) | 1 };
	struct psh_super super;
	u64 i;

	ops = image_ops;
	ops.word = get_word;
	ops.set_word = set_word;
	image.blocks[0] = USED_BLOCKS;
	image.blocks[1] = USED_BLOCKS;
	attach(3);
	check(psh_store_find(&image.store) == -ENODATA);
	super_describe(&super, IMAGE_SEGMENTS);
	check(!psh_store_format(&image.store, &super));
	for (i = 0; i < IMAGE_SEGMENTS; i++)
		word[i] = psh_word_make(i, i & 3, 0);
	check(!psh_store_checkpoint(&image.store, &super));
	check(!psh_store_append(&image.store, &record, 1));
	super.epoch++;
	check(!psh_store_checkpoint(&image.store, &super));
	check(!psh_store_append(&image.store, &record, 1));
	record.segment = 9;
	check(!psh_store_append(&image.store, &record, 1));
	sound = image;
}

/* Blocks that matter come first, so that short inputs hit them. */
static u8 *pick(u32 number)
{
	static const u16 place[] = { 0,	  1,   80,  81,	 82,  83,  144, 145,
				     146, 147, 168, 169, 170, 143, 15,	191 };
	u32 device = number / ARRAY_SIZE(place) & 1;

	return image.data[device][place[number % ARRAY_SIZE(place)]];
}

static void change(const u8 *data, size_t size)
{
	while (size > 4) {
		u8 *block = pick(data[0]);
		u32 at = (data[1] | data[2] << 8) % PSH_BLOCK_SIZE;
		u32 nr = data[3];

		data += 4;
		size -= 4;
		if (nr > size)
			nr = size;
		if (nr > PSH_BLOCK_SIZE - at)
			nr = PSH_BLOCK_SIZE - at;
		memcpy(block + at, data, nr);
		data += nr;
		size -= nr;
	}
}

/* A superblock means the map that is there. */
static void repair_map(u32 device, struct psh_disk_super *disk)
{
	u32 block = le32_to_cpu(disk->map_current) ? 168 : 144, i;
	u32 crc = ~0U;

	for (i = 0; i < 3; i++)
		crc = crc32c(crc, image.data[device][block + i],
			     sizeof(__le32));
	disk->map_crc = cpu_to_le32(~crc);
}

/*
 * Every block that says that it is ours gets the checksum for what it says,
 * superblocks last.
 */
static void repair(void)
{
	u32 device, block;

	for (device = 0; device < 2; device++)
		for (block = USED_BLOCKS; block--;) {
			u8 *data = image.data[device][block];
			struct psh_disk_head *disk = (void *)data;
			u8 ours[2] = "PS";

			if (le32_to_cpu(disk->magic) == PSH_MAGIC_SUPER)
				repair_map(device, (void *)data);
			if (!memcmp(&disk->magic, ours, 2))
				disk->crc = cpu_to_le32(
					~crc32c(~0U, data + 4, 4092));
		}
}

static int load(u32 given)
{
	int r;

	attach(given);
	r = psh_store_find(&image.store);
	if (!r)
		r = psh_store_load(&image.store);
	check(!image.written);
	return r;
}

static void check_refusal(int r)
{
	size_t i;

	if (r == -ENODATA)
		return;
	check(r == -EINVAL || r == -EBADMSG || r == -EIO);
	for (i = 0; i < PSH_ERROR_SIZE && image.error[i]; i++)
		check(image.error[i] >= ' ' && image.error[i] <= '~');
	check(i < PSH_ERROR_SIZE);
	check(!strncmp(image.error, "metadata ", 9));
	check(image.store.device < 2);
}

/* Would the next numbers be out of range? */
static bool is_at_the_end(const struct psh_super *super)
{
	u64 end = (U64_MAX >> 1) - 100;

	return super->epoch > end || super->generation > end ||
	       super->checkpoint > end;
}

static void check_survival(u32 given)
{
	struct psh_super super = image.store.super;
	u64 bytes = super.nr_segments * sizeof(word[0]);

	check(super.nr_segments <= ARRAY_SIZE(word));
	memcpy(again, word, bytes);
	psh_store_revive(&image.store);
	super.epoch++;
	check(!psh_store_checkpoint(&image.store, &super));
	memset(word, 0xee, bytes);
	check(!load(given));
	check(!memcmp(again, word, bytes));
	check(!memcmp(&super, &image.store.super, sizeof(super)));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 given;
	int r;

	if (!sound.blocks[0])
		make_sound();
	if (!size)
		return 0;
	memcpy(image.data[0], sound.data[0], USED_BLOCKS * PSH_BLOCK_SIZE);
	memcpy(image.data[1], sound.data[1], USED_BLOCKS * PSH_BLOCK_SIZE);
	image.blocks[0] = data[0] & MODE_SHORT ? data[0] : USED_BLOCKS;
	given = data[0] & MODE_MIRROR ? 3 : 1;
	if (data[0] & MODE_BLANK)
		memset(image.data[given >> 1], 0, sizeof(image.data[0]));
	change(data + 1, size - 1);
	if (data[0] & MODE_REPAIR)
		repair();
	r = load(given);
	if (r)
		check_refusal(r);
	else if (!is_at_the_end(&image.store.super))
		check_survival(given);
	return 0;
}
