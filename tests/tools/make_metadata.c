// SPDX-License-Identifier: GPL-2.0
/*
 * make_metadata: writes a sound pair of metadata devices to two files.
 *
 * 1200 segments of four members; segments 7, 9 and 11 have a copy on member 3, one
 * of them by the journal. Member 4 is a buffer with a log. Generation 2, epoch 1.
 */
#include <stdlib.h>

#include "../vectors/image.h"

static struct image image;

static int save(const char *name, unsigned int device)
{
	FILE *file = fopen(name, "wb");
	size_t done;

	if (!file)
		return 1;
	done = fwrite(image.data[device], PSH_BLOCK_SIZE, IMAGE_BLOCKS, file);
	return fclose(file) || done != IMAGE_BLOCKS;
}

int main(int argc, char **argv)
{
	struct psh_store_record record = { 11, psh_word_make(11, 0, 0) | 8 };
	struct psh_super super;
	u64 i;

	if (argc != 3)
		return 2;
	image.blocks[0] = IMAGE_BLOCKS;
	image.blocks[1] = IMAGE_BLOCKS;
	image_attach(&image, 3);
	if (psh_store_find(&image.store) != -ENODATA)
		return 1;
	super_describe(&super, IMAGE_SEGMENTS);
	super.member[4] = super.member[1];
	super.member[4].uuid[0] = 'e';
	super.member[4].role = PSH_ROLE_BUFFER;
	if (psh_store_format(&image.store, &super))
		return 1;
	for (i = 0; i < IMAGE_SEGMENTS; i++)
		image.word[i] = psh_word_make(i, 0, 0);
	image.word[7] |= 8;
	image.word[9] |= 8;
	if (psh_store_checkpoint(&image.store, &super) ||
	    psh_store_checkpoint(&image.store, &super) ||
	    psh_store_append(&image.store, &record, 1))
		return 1;
	return save(argv[1], 0) || save(argv[2], 1);
}
