/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image: small metadata devices in memory, for tests of store and its users.
 *
 * A device can be made to fail from a certain request on. No cache is modelled:
 * what is written is there, which is tests/sim's business. User space only.
 */
#ifndef PSH_VECTORS_IMAGE_H
#define PSH_VECTORS_IMAGE_H

#include "../../dm-predshard/core/store.h"
#include "super.h"

#define IMAGE_BLOCKS	256
#define IMAGE_SEGMENTS	SUPER_SEGMENTS	/* three map blocks */

/**
 * struct image - two devices, the words, and the store on them
 * @data: the devices' blocks
 * @blocks: of each device
 * @fail_write: requests until writes of a device fail; 0: they do not
 * @fail_read: block that cannot be read, of each device; 0: none
 * @written: requests that changed something
 * @word: words in memory
 */
struct image {
	struct psh_store store;
	u8 data[PSH_DISK_DEVICES][IMAGE_BLOCKS][PSH_BLOCK_SIZE];
	u64 blocks[PSH_DISK_DEVICES];
	u32 fail_write[PSH_DISK_DEVICES];
	u64 fail_read[PSH_DISK_DEVICES];
	u32 written;
	u64 word[IMAGE_SEGMENTS];
	u8 buffer[PSH_STORE_BUFFER * PSH_BLOCK_SIZE];
	char error[PSH_ERROR_SIZE];
};

static inline int image_read(void *owner, unsigned int device, u64 block,
			     u32 nr, void *data)
{
	struct image *image = owner;
	u64 bad = image->fail_read[device];

	if (block + nr > image->blocks[device] || !nr)
		return -EINVAL;
	if (bad && bad >= block && bad < block + nr)
		return -EIO;
	memcpy(data, image->data[device][block], (size_t)nr * PSH_BLOCK_SIZE);
	return 0;
}

static inline int image_may_write(struct image *image, unsigned int device)
{
	image->written++;
	if (image->fail_write[device] == 1)
		return -EIO;
	if (image->fail_write[device])
		image->fail_write[device]--;
	return 0;
}

static inline int image_write(void *owner, unsigned int device, u64 block,
			      u32 nr, const void *data, bool fua)
{
	struct image *image = owner;

	(void)fua;
	if (block + nr > image->blocks[device] || !nr)
		return -EINVAL;
	if (image_may_write(image, device))
		return -EIO;
	memcpy(image->data[device][block], data, (size_t)nr * PSH_BLOCK_SIZE);
	return 0;
}

static inline int image_flush(void *owner, unsigned int device)
{
	return image_may_write(owner, device);
}

static inline u64 image_blocks(void *owner, unsigned int device)
{
	struct image *image = owner;

	return image->blocks[device];
}

static inline u64 image_word(void *owner, u64 segment)
{
	struct image *image = owner;

	return image->word[segment];
}

static inline void image_set_word(void *owner, u64 segment, u64 word)
{
	struct image *image = owner;

	image->word[segment] = word;
}

static const struct psh_store_ops image_ops = {
	.read = image_read,
	.write = image_write,
	.flush = image_flush,
	.blocks = image_blocks,
	.word = image_word,
	.set_word = image_set_word,
};

/* The store as after a boot: nothing known. */
static inline void image_attach(struct image *image, u32 given)
{
	memset(&image->store, 0, sizeof(image->store));
	image->store.ops = &image_ops;
	image->store.owner = image;
	image->store.buffer = image->buffer;
	image->store.error = image->error;
	image->store.given = given;
	image->error[0] = '\0';
	image->written = 0;
}

#endif /* PSH_VECTORS_IMAGE_H */
