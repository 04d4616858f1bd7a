/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image: the metadata of a volume in files or block devices, read without the
 * module by the same core/store.
 *
 * Opens for reading only, unless asked; what is written can be diverted to
 * memory first, so that a change is known before it is made. It decides nothing:
 * what is whole and what is not is core's.
 */
#ifndef PREDSHARD_IMAGE_H
#define PREDSHARD_IMAGE_H

#include <argp.h>

#include "../../dm-predshard/core/store.h"

/**
 * struct image_change - a block that would be written
 * @next: the one before it in time
 * @device: where
 * @block: where
 * @data: what
 */
struct image_change {
	struct image_change *next;
	unsigned int device;
	u64 block;
	u8 data[PSH_BLOCK_SIZE];
};

/**
 * struct image - one or two open devices and the store on them
 * @store: to be used with core's functions
 * @path: their names
 * @fd: open files, -1 if not given
 * @word: words of the segments, after image_load()
 * @changes: what store wrote so far, newest first; nothing is on the devices
 * @drop: members that lose their data in the next checkpoint
 */
struct image {
	struct psh_store store;
	const char *path[PSH_DISK_DEVICES];
	int fd[PSH_DISK_DEVICES];
	u64 *word;
	struct image_change *changes;
	u32 drop;
	char error[PSH_ERROR_SIZE];
	u8 buffer[PSH_STORE_BUFFER * PSH_BLOCK_SIZE];
};

/* A child parser for META[,MIRROR]; its input is where the names are left. */
extern const struct argp image_argp;

/**
 * image_open() - open and load
 * @image: filled
 * @names: a device, or two with a comma between; it is cut in two
 *
 * Return: 0; -ENODATA if blank; another negative error, and @image->error says
 * why. Close it in any case.
 */
int image_open(struct image *image, char *names);

/** image_close() - forget all, also the changes. */
void image_close(struct image *image);

/** image_complain() - print @image->error with the device's name. */
void image_complain(const struct image *image);

#endif /* PREDSHARD_IMAGE_H */
