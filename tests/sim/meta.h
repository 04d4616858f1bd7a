/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meta: a simulated metadata device with a volatile cache.
 *
 * Writes go to the cache; FUA and flush make them durable; a power cut keeps any
 * part of what was in the cache or on its way, torn at 512 bytes. One that is
 * the victim of a run also loses, misdirects and damages writes without a word,
 * refuses them, or cannot read. Only the blocks that store uses are kept.
 */
#ifndef SIM_META_H
#define SIM_META_H

#include "power.h"
#include "../../dm-predshard/core/store.h"

#define META_JOURNAL	(PSH_RESERVED_BLOCKS + PSH_FORECAST_BLOCKS)
#define META_RING_MOST	8
#define META_MAP_MOST	2
#define META_KEPT	(PSH_SUPER_BLOCKS + META_RING_MOST + 2 * META_MAP_MOST)

/**
 * struct meta - one device
 * @power: chance and fuse
 * @blocks: its size
 * @victim: faults hit it
 * @dead: it takes no writes until the machine starts again
 * @durable: what survives
 * @cached: what was written since, where @dirty
 * @dirty: in the cache only
 * @bad: cannot be read until it is written
 */
struct meta {
	struct power *power;
	u64 blocks;
	bool victim;
	bool dead;
	u8 durable[META_KEPT][PSH_BLOCK_SIZE];
	u8 cached[META_KEPT][PSH_BLOCK_SIZE];
	bool dirty[META_KEPT];
	bool bad[META_KEPT];
};

/* All zeroes, of a size. */
void meta_blank(struct meta *meta, u64 blocks);

/* Superblocks are zeroes, as an admin makes them; the rest stays. */
void meta_zero(struct meta *meta);

/* As in struct psh_store_ops. */
int meta_read(struct meta *meta, u64 block, u32 nr, u8 *data);
int meta_write(struct meta *meta, u64 block, u32 nr, const u8 *data, bool fua);
int meta_flush(struct meta *meta);

/* The power went out: the cache is gone, but for what chance kept of it. */
void meta_crash(struct meta *meta);

#endif /* SIM_META_H */
