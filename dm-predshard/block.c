// SPDX-License-Identifier: GPL-2.0
/*
 * block: see block.h. One vector and one bio on the stack, because what is
 * written is small and contiguous.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>

#include "block.h"
#include "../include/predshard/disk.h"

int psh_block_io(struct block_device *bdev, blk_opf_t opf, u64 block, u32 nr,
		 void *data)
{
	struct bio_vec vec;
	struct bio bio;
	int r;

	bio_init(&bio, bdev, &vec, 1, opf);
	bio.bi_iter.bi_sector = block * PSH_BLOCK_SECTORS;
	__bio_add_page(&bio, virt_to_page(data), nr * PSH_BLOCK_SIZE,
		       offset_in_page(data));
	r = submit_bio_wait(&bio);
	bio_uninit(&bio);
	return r;
}

int psh_block_flush(struct block_device *bdev)
{
	return blkdev_issue_flush(bdev);
}

u64 psh_block_count(struct block_device *bdev)
{
	return bdev_nr_sectors(bdev) / PSH_BLOCK_SECTORS;
}
