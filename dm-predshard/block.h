/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block: blocks of our own on devices, read and written one after another.
 *
 * For metadata and member superblocks, by those who may wait: it blocks until
 * the device answers, however long that takes. The user's data does not come
 * here.
 */
#ifndef PSH_BLOCK_H
#define PSH_BLOCK_H

#include <linux/blk_types.h>

/**
 * psh_block_io() - read or write blocks, and wait
 * @bdev: the device
 * @opf: operation and flags
 * @block: first block, of PSH_BLOCK_SIZE bytes
 * @nr: blocks, 1..16
 * @data: physically contiguous
 *
 * Context: process, sleeps.
 * Return: 0 or a negative error.
 */
int psh_block_io(struct block_device *bdev, blk_opf_t opf, u64 block, u32 nr,
		 void *data);

/** psh_block_flush() - make durable all that was written. Sleeps. */
int psh_block_flush(struct block_device *bdev);

/** psh_block_count() - whole blocks of a device. */
u64 psh_block_count(struct block_device *bdev);

#endif /* PSH_BLOCK_H */
