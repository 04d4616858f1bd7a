/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk: a simulated member with a volatile cache.
 *
 * A block holds a number, not data: the oracle knows which write it stands
 * for. A power cut keeps any part of what was not flushed. The identity is one
 * sector, so it is there or not, as it was or as it became.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "power.h"
#include "../../dm-predshard/core/assembly.h"

#define DISK_BLOCKS	32

/**
 * struct disk - one member
 * @power: chance and fuse
 * @durable: what survives a power cut
 * @now: what is read
 * @found: what lies where its identity would be
 * @identity: that identity
 * @role: what it is for
 */
struct disk {
	struct power *power;
	u32 durable[DISK_BLOCKS];
	u32 now[DISK_BLOCKS];
	enum psh_found found;
	struct psh_identity identity;
	enum psh_role role;
};

/* One block. What is overwritten may have left the cache before. */
static inline void disk_write(struct disk *disk, u32 block, u32 number,
			      bool fua)
{
	if (power_dice(disk->power, 2))
		disk->durable[block] = disk->now[block];
	disk->now[block] = number;
	if (fua)
		disk->durable[block] = number;
}

static inline void disk_flush(struct disk *disk)
{
	memcpy(disk->durable, disk->now, sizeof(disk->durable));
}

/* The cache is gone, but for what chance kept of it. */
static inline void disk_crash(struct disk *disk)
{
	unsigned int i, survival = power_survival(disk->power);

	for (i = 0; i < DISK_BLOCKS; i++) {
		if (disk->durable[i] != disk->now[i] && survival &&
		    (survival == 1 || power_dice(disk->power, 2)))
			disk->durable[i] = disk->now[i];
		disk->now[i] = disk->durable[i];
	}
}

#endif /* SIM_DISK_H */
