// SPDX-License-Identifier: GPL-2.0
/*
 * disk: see disk.h. Two images, and the list of writes between them.
 */
#include <stdlib.h>

#include "disk.h"

void disk_create(struct disk *disk, u32 sectors)
{
	disk->sectors = sectors;
	disk->durable = calloc(sectors, SECTOR);
	disk->view = calloc(sectors, SECTOR);
	disk->pending = malloc(PENDING_MAX * sizeof(*disk->pending));
	disk->nr_pending = 0;
	disk->requests = 0;
}

void disk_destroy(struct disk *disk)
{
	free(disk->durable);
	free(disk->view);
	free(disk->pending);
}

static void put(u8 *image, const struct pending *pending)
{
	memcpy(image + (size_t)pending->sector * SECTOR, pending->data, SECTOR);
}

u32 disk_issue(struct disk *disk, u32 sector, u32 nr, const void *data)
{
	u32 i, request = ++disk->requests;

	if (sector + nr > disk->sectors || disk->nr_pending + nr > PENDING_MAX)
		abort();
	for (i = 0; i < nr; i++) {
		struct pending *pending = &disk->pending[disk->nr_pending++];

		pending->sector = sector + i;
		pending->request = request;
		pending->complete = false;
		memcpy(pending->data, (const u8 *)data + i * SECTOR, SECTOR);
	}
	return request;
}

void disk_complete(struct disk *disk, u32 request)
{
	u32 i;

	for (i = 0; i < disk->nr_pending; i++) {
		if (disk->pending[i].request != request)
			continue;
		disk->pending[i].complete = true;
		put(disk->view, &disk->pending[i]);
	}
}

/* Move what is complete, of one request or of all, to where it is durable. */
static void settle(struct disk *disk, u32 request)
{
	u32 i, left = 0;

	for (i = 0; i < disk->nr_pending; i++) {
		struct pending *pending = &disk->pending[i];

		if (pending->complete &&
		    (!request || pending->request == request))
			put(disk->durable, pending);
		else if (left++ != i)
			disk->pending[left - 1] = *pending;
	}
	disk->nr_pending = left;
}

void disk_flush(struct disk *disk)
{
	settle(disk, 0);
}

void disk_force(struct disk *disk, u32 request)
{
	settle(disk, request);
}

void disk_crash(struct disk *disk, u64 *random)
{
	u32 i, request = 0, mode = 0;

	/* Of each request none, all, or any sector. */
	for (i = 0; i < disk->nr_pending; i++) {
		struct pending *pending = &disk->pending[i];

		if (pending->request != request)
			mode = random_next(random) % 4;
		request = pending->request;
		if (mode == 1 || (mode > 1 && random_next(random) >> 7 & 1))
			put(disk->durable, pending);
	}
	for (i = 0; i < disk->nr_pending; i++) {
		size_t at = (size_t)disk->pending[i].sector * SECTOR;

		memcpy(disk->view + at, disk->durable + at, SECTOR);
	}
	disk->nr_pending = 0;
}

void disk_wipe(struct disk *disk)
{
	memset(disk->durable, 0, (size_t)disk->sectors * SECTOR);
	memset(disk->view, 0, (size_t)disk->sectors * SECTOR);
	disk->nr_pending = 0;
}
