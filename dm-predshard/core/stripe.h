/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stripe: one stripe of a buffer log, as bytes and as records.
 *
 * A stripe is a head block and the data behind it. The head lists records: so
 * many sectors of the volume were written, discarded, zeroed, or are newer on the
 * home than in the log. The data of the writes follows in the order of the
 * records, without gaps, to the sector; so the place of each is the sum of what
 * is before it, no record can point outside, and a write of any size is one
 * piece. Each write's data has a checksum of its own, which is checked whenever
 * the whole write is read, without reading the rest of the stripe.
 *
 * It packs, seals, checks and unpacks one stripe. Which stripe counts, and in
 * which order they are written, is buflog's.
 */
#ifndef PSH_STRIPE_H
#define PSH_STRIPE_H

#include "head.h"

#define PSH_STRIPE_BLOCKS_MIN 2U
#define PSH_STRIPE_BLOCKS_MAX 256U

/* Above any sector of a volume, so that sums do not overflow. */
#define PSH_STRIPE_SECTOR_MAX (1ULL << 54)

/**
 * struct psh_stripe_record - what a record says
 * @kind: PSH_STRIPE_WRITE to PSH_STRIPE_HOME
 * @sectors: at least 1
 * @sector: first sector of the volume
 * @place: of a write: sector within the stripe's data
 * @crc: of a write: checksum of its data
 */
struct psh_stripe_record {
	u32 kind;
	u32 sectors;
	u64 sector;
	u32 place;
	u32 crc;
};

/**
 * struct psh_stripe_head - what the head of a stripe says besides its records
 * @uuid: of the volume
 * @address: block of the head within the member's share
 * @epoch: of the activation that sealed it
 * @sequence: its number; the first is 1
 * @tail: oldest stripe that is still needed, itself if none is before it
 * @durable: all stripes up to this one were durable when it was sealed
 * @chain: checksum of the head of the stripe before it
 * @crc: of this head
 * @nr: records
 * @data_sectors: sectors of data behind the head
 */
struct psh_stripe_head {
	u8 uuid[PSH_UUID_SIZE];
	u64 address;
	u64 epoch;
	u64 sequence;
	u64 tail;
	u64 durable;
	u32 chain;
	u32 crc;
	u32 nr;
	u32 data_sectors;
};

/**
 * struct psh_stripe - a stripe that is being filled
 * @disk: its head block, the caller's
 * @room_sectors: data that fits
 * @data_sectors: data so far
 * @nr: records so far
 */
struct psh_stripe {
	struct psh_disk_stripe *disk;
	u32 room_sectors;
	u32 data_sectors;
	u32 nr;
};

/** psh_stripe_room_sectors() - data sectors of a stripe of so many blocks. */
static inline u32 psh_stripe_room_sectors(u32 stripe_blocks)
{
	return (stripe_blocks - 1) * PSH_BLOCK_SECTORS;
}

/** psh_stripe_blocks() - blocks to write for so many sectors of data. */
static inline u32 psh_stripe_blocks(u32 data_sectors)
{
	return 1 + (data_sectors + PSH_BLOCK_SECTORS - 1) / PSH_BLOCK_SECTORS;
}

/** psh_stripe_data_crc() - the checksum of a write's data, continued. */
static inline u32 psh_stripe_data_crc(u32 crc, const void *data, size_t size)
{
	return ~crc32c(~crc, data, size);
}

/**
 * psh_stripe_open() - begin a stripe
 * @stripe: set up
 * @block: PSH_BLOCK_SIZE bytes for its head
 * @stripe_blocks: blocks of a stripe
 */
void psh_stripe_open(struct psh_stripe *stripe, void *block, u32 stripe_blocks);

/**
 * psh_stripe_fits() - is there room for another record?
 * @stripe: being filled
 * @kind: PSH_STRIPE_WRITE to PSH_STRIPE_HOME
 *
 * Return: sectors of data that can be added, U32_MAX if it needs no data; 0 if
 * the stripe is full.
 */
u32 psh_stripe_fits(const struct psh_stripe *stripe, u32 kind);

/**
 * psh_stripe_add() - add a record
 * @stripe: with room for it, see psh_stripe_fits()
 * @record: with kind, sector, sectors and, of a write, crc; place is filled
 *
 * A checksum that is not known yet is set later with psh_stripe_set_crc().
 */
void psh_stripe_add(struct psh_stripe *stripe,
		    struct psh_stripe_record *record);

/**
 * psh_stripe_set_crc() - the data of a write is in place
 * @stripe: being filled
 * @i: its record, counted from 0
 * @crc: of its data
 */
void psh_stripe_set_crc(struct psh_stripe *stripe, u32 i, u32 crc);

/**
 * psh_stripe_seal() - finish the head
 * @stripe: with its records; what is behind data_sectors up to the end of the
 *	    last block is written with it and should be zero
 * @head: what it says; nr, data_sectors and crc are filled
 *
 * Sealed in order of number, since each needs the checksum of the one before.
 */
void psh_stripe_seal(struct psh_stripe *stripe, struct psh_stripe_head *head);

/**
 * psh_stripe_decode() - is this block the head of a stripe that may lie here?
 * @block: PSH_BLOCK_SIZE bytes
 * @uuid: of the volume
 * @address: where it was read
 * @stripe_blocks: blocks of a stripe
 * @head: filled if it is
 *
 * Every field is checked against every other. Number, epoch and chain are for
 * the caller to judge.
 *
 * Return: true if it is.
 */
bool psh_stripe_decode(const void *block, const u8 *uuid, u64 address,
		       u32 stripe_blocks, struct psh_stripe_head *head);

/** psh_stripe_nr() - records of a head block that psh_stripe_decode() took. */
static inline u32 psh_stripe_nr(const void *block)
{
	return le32_to_cpu(((const struct psh_disk_stripe *)block)->nr);
}

/**
 * psh_stripe_record() - read a record
 * @block: a head block that psh_stripe_decode() took
 * @i: which one, counted from 0
 * @record: the one before, and filled with this one; for the first all zero
 */
void psh_stripe_record(const void *block, u32 i,
		       struct psh_stripe_record *record);

/**
 * psh_stripe_data_is_good() - is all of its data as it was written?
 * @block: a head block that psh_stripe_decode() took, its data behind it
 *
 * Return: true if every checksum is right.
 */
bool psh_stripe_data_is_good(const void *block);

#endif /* PSH_STRIPE_H */
