// SPDX-License-Identifier: GPL-2.0
/*
 * archive: see archive.h. Called by whoever has the store for itself. The area
 * may hold anything when a device was just formatted, so nothing is believed but
 * by its head.
 */
#include "archive.h"
#include "head.h"

#define SAVINGS (PSH_ARCHIVE_PLACES * PSH_DISK_DEVICES)

static_assert(sizeof(struct psh_disk_archive) == PSH_BLOCK_SIZE);
static_assert(PSH_ARCHIVE_PAYLOAD ==
	      sizeof(((struct psh_disk_archive *)0)->data));

/* One place of one device. */
struct saving {
	u32 device;
	u32 place;
	u64 sequence; /* 0 if there is none */
	u64 epoch;
};

static u64 address_of(const struct psh_store *store, u32 place, u32 block)
{
	return store->super.forecast_start + (u64)place * PSH_ARCHIVE_BLOCKS +
	       block;
}

static u32 blocks_of(u32 bytes)
{
	return (bytes + PSH_ARCHIVE_PAYLOAD - 1) / PSH_ARCHIVE_PAYLOAD;
}

/* --- loading ---------------------------------------------------------------- */

static bool read_block(struct psh_store *store, const struct saving *saving,
		       u32 block, struct psh_disk_archive *disk,
		       struct psh_head *head)
{
	u64 address = address_of(store, saving->place, block);

	if (store->ops->read(store->owner, saving->device, address, 1, disk))
		return false;
	return psh_head_check(disk, PSH_MAGIC_FORECAST, store->super.uuid,
			      address, head) == PSH_HEAD_GOOD;
}

/*
 * Two activations may use one sequence number, if the first stopped in its
 * saving: so the epoch must be the same too.
 */
static bool read_next(struct psh_store *store, const struct saving *saving,
		      u32 block, struct psh_disk_archive *disk)
{
	struct psh_head head;

	return read_block(store, saving, block, disk, &head) &&
	       head.sequence == saving->sequence &&
	       head.epoch == saving->epoch &&
	       le32_to_cpu(disk->version) == PSH_DISK_ARCHIVE_VERSION;
}

static int read_saving(struct psh_store *store, const struct saving *saving,
		       u8 *data, u32 most, u32 *bytes)
{
	struct psh_disk_archive *disk = (void *)store->buffer;
	u32 block, all = 1, used;

	for (block = 0; block < all; block++) {
		if (!read_next(store, saving, block, disk))
			return -EBADMSG;
		if (!block)
			*bytes = le32_to_cpu(disk->bytes);
		if (!*bytes || *bytes > most || *bytes > PSH_ARCHIVE_MOST ||
		    *bytes != le32_to_cpu(disk->bytes))
			return -EBADMSG;
		all = blocks_of(*bytes);
		used = block + 1 < all ? PSH_ARCHIVE_PAYLOAD :
					 *bytes - block * PSH_ARCHIVE_PAYLOAD;
		memcpy(data + (size_t)block * PSH_ARCHIVE_PAYLOAD, disk->data,
		       used);
	}
	return 0;
}

/* Return: true if there is any. */
static bool find_savings(struct psh_archive *archive, struct psh_store *store,
			 struct saving *saving)
{
	struct psh_disk_archive *disk = (void *)store->buffer;
	struct psh_head head;
	bool any = false;
	u32 i;

	for (i = 0; i < SAVINGS; i++) {
		saving[i].device = i / PSH_ARCHIVE_PLACES;
		saving[i].place = i % PSH_ARCHIVE_PLACES;
		saving[i].sequence = 0;
		if (!(store->live & 1U << saving[i].device) ||
		    !read_block(store, &saving[i], 0, disk, &head))
			continue;
		saving[i].sequence = head.sequence;
		saving[i].epoch = head.epoch;
		any = true;
		if (saving[i].sequence > archive->sequence)
			archive->sequence = saving[i].sequence;
	}
	return any;
}

static struct saving *newest(struct saving *saving)
{
	struct saving *best = saving;
	u32 i;

	for (i = 1; i < SAVINGS; i++)
		if (saving[i].sequence > best->sequence)
			best = &saving[i];
	return best->sequence ? best : NULL;
}

int psh_archive_load(struct psh_archive *archive, struct psh_store *store,
		     u8 *data, u32 most, u32 *bytes)
{
	struct saving saving[SAVINGS], *best;

	archive->sequence = 0;
	archive->place = 0;
	if (!find_savings(archive, store, saving))
		return -ENODATA;
	for (best = newest(saving); best; best = newest(saving)) {
		if (!read_saving(store, best, data, most, bytes)) {
			archive->place = !best->place;
			return 0;
		}
		best->sequence = 0;
	}
	return -EBADMSG;
}

/* --- saving ----------------------------------------------------------------- */

static void fill_block(struct psh_store *store, u64 address, u64 sequence,
		       const u8 *data, u32 bytes, u32 block)
{
	struct psh_disk_archive *disk =
		(void *)(store->buffer +
			 (size_t)(block % PSH_STORE_BUFFER) * PSH_BLOCK_SIZE);
	struct psh_head head = {
		.magic = PSH_MAGIC_FORECAST,
		.address = address,
		.epoch = store->super.epoch,
		.sequence = sequence,
	};
	u32 left = bytes - block * PSH_ARCHIVE_PAYLOAD;

	memset(disk, 0, sizeof(*disk));
	memcpy(head.uuid, store->super.uuid, sizeof(head.uuid));
	disk->version = cpu_to_le32(PSH_DISK_ARCHIVE_VERSION);
	disk->bytes = cpu_to_le32(bytes);
	memcpy(disk->data, data + (size_t)block * PSH_ARCHIVE_PAYLOAD,
	       left < PSH_ARCHIVE_PAYLOAD ? left : PSH_ARCHIVE_PAYLOAD);
	psh_head_seal(disk, &head);
}

/* The devices of @devices that took it. */
static u32 write_blocks(struct psh_store *store, u32 devices, u64 address,
			u32 nr, int *error)
{
	u32 device;
	int r;

	for (device = 0; device < PSH_DISK_DEVICES; device++) {
		if (!(devices & 1U << device))
			continue;
		r = store->ops->write(store->owner, device, address, nr,
				      store->buffer, true);
		if (!r)
			continue;
		*error = r;
		devices &= ~(1U << device);
	}
	return devices;
}

int psh_archive_save(struct psh_archive *archive, struct psh_store *store,
		     const u8 *data, u32 bytes)
{
	u32 devices = store->live, first, nr, i;
	int error = -EIO;

	if (!bytes || bytes > PSH_ARCHIVE_MOST)
		return -EINVAL;
	archive->sequence++;
	for (first = 0; first < blocks_of(bytes) && devices; first += nr) {
		nr = blocks_of(bytes) - first;
		nr = nr < PSH_STORE_BUFFER ? nr : PSH_STORE_BUFFER;
		for (i = first; i < first + nr; i++)
			fill_block(store, address_of(store, archive->place, i),
				   archive->sequence, data, bytes, i);
		devices = write_blocks(store, devices,
				       address_of(store, archive->place, first),
				       nr, &error);
	}
	if (!devices)
		return error;
	archive->place = !archive->place;
	return 0;
}
