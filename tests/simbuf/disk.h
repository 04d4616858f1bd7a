/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk: a fake disk with a volatile cache.
 *
 * A write is issued, is complete some time later, and durable after the next
 * flush. What is not durable when the machine stops is kept or lost sector by
 * sector, also what was still in flight; of several writes to one sector any may
 * be the last. Deterministic: all chance is the caller's.
 */
#ifndef PSH_SIMBUF_DISK_H
#define PSH_SIMBUF_DISK_H

#include "../../dm-predshard/core/base.h"
#include "../vectors/random.h"

#define SECTOR 512U
#define PENDING_MAX 2048

struct pending {
	u32 sector;
	u32 request;
	bool complete;
	u8 data[SECTOR];
};

struct disk {
	u32 sectors;
	u8 *durable;
	u8 *view; /* what a read returns */
	struct pending *pending;
	u32 nr_pending;
	u32 requests;
};

void disk_create(struct disk *disk, u32 sectors);
void disk_destroy(struct disk *disk);

/* Return: the number of the request. */
u32 disk_issue(struct disk *disk, u32 sector, u32 nr, const void *data);
void disk_complete(struct disk *disk, u32 request);
void disk_flush(struct disk *disk);

/* Make one request durable, and no other. */
void disk_force(struct disk *disk, u32 request);
void disk_crash(struct disk *disk, u64 *random);
void disk_wipe(struct disk *disk);

static inline const u8 *disk_read(const struct disk *disk, u32 sector)
{
	return disk->view + (size_t)sector * SECTOR;
}

#endif /* PSH_SIMBUF_DISK_H */
