// SPDX-License-Identifier: GPL-2.0
/*
 * stripe: pack, seal, check and unpack one stripe, see stripe.h. The head's
 * checksum covers the checksums of all data, so whoever has a good head knows
 * good data when it sees it.
 */
#include "stripe.h"

static_assert(sizeof(struct psh_disk_stripe_record) == 16);
static_assert(sizeof(struct psh_disk_stripe) == PSH_BLOCK_SIZE);

#define KEY_SECTOR ((1ULL << PSH_RECORD_KIND_SHIFT) - 1)

void psh_stripe_open(struct psh_stripe *stripe, void *block, u32 stripe_blocks)
{
	memset(block, 0, PSH_BLOCK_SIZE);
	stripe->disk = block;
	stripe->room_sectors = psh_stripe_room_sectors(stripe_blocks);
	stripe->data_sectors = 0;
	stripe->nr = 0;
}

u32 psh_stripe_fits(const struct psh_stripe *stripe, u32 kind)
{
	if (stripe->nr == PSH_STRIPE_RECORDS)
		return 0;
	if (kind != PSH_STRIPE_WRITE)
		return U32_MAX;
	return stripe->room_sectors - stripe->data_sectors;
}

void psh_stripe_set_crc(struct psh_stripe *stripe, u32 i, u32 crc)
{
	stripe->disk->record[i].crc = cpu_to_le32(crc);
}

void psh_stripe_add(struct psh_stripe *stripe, struct psh_stripe_record *record)
{
	struct psh_disk_stripe_record *disk = &stripe->disk->record[stripe->nr];
	bool has_data = record->kind == PSH_STRIPE_WRITE;

	disk->key = cpu_to_le64(record->sector |
				(u64)record->kind << PSH_RECORD_KIND_SHIFT);
	disk->sectors = cpu_to_le32(record->sectors);
	disk->crc = cpu_to_le32(has_data ? record->crc : 0);
	record->place = stripe->data_sectors;
	stripe->data_sectors += has_data ? record->sectors : 0;
	stripe->nr++;
}

void psh_stripe_seal(struct psh_stripe *stripe, struct psh_stripe_head *head)
{
	struct psh_disk_stripe *disk = stripe->disk;
	struct psh_head common = {
		.magic = PSH_MAGIC_STRIPE,
		.address = head->address,
		.epoch = head->epoch,
		.sequence = head->sequence,
	};

	head->nr = stripe->nr;
	head->data_sectors = stripe->data_sectors;
	disk->nr = cpu_to_le32(stripe->nr);
	disk->data_sectors = cpu_to_le32(stripe->data_sectors);
	disk->chain = cpu_to_le32(head->chain);
	disk->tail = cpu_to_le64(head->tail);
	disk->durable = cpu_to_le64(head->durable);
	memcpy(common.uuid, head->uuid, sizeof(common.uuid));
	psh_head_seal(disk, &common);
	head->crc = le32_to_cpu(disk->head.crc);
}

void psh_stripe_record(const void *block, u32 i,
		       struct psh_stripe_record *record)
{
	const struct psh_disk_stripe *disk = block;
	u64 key = le64_to_cpu(disk->record[i].key);

	if (record->kind == PSH_STRIPE_WRITE)
		record->place += record->sectors;
	record->kind = key >> PSH_RECORD_KIND_SHIFT;
	record->sector = key & KEY_SECTOR;
	record->sectors = le32_to_cpu(disk->record[i].sectors);
	record->crc = le32_to_cpu(disk->record[i].crc);
}

/* Do the records make sense, each alone and together? */
static bool records_fit(const struct psh_disk_stripe *disk, u32 nr,
			u32 data_sectors, u32 room_sectors)
{
	struct psh_stripe_record record = { .kind = 0 };
	u64 sum = 0;
	u32 i;

	if (nr > PSH_STRIPE_RECORDS)
		return false;
	for (i = 0; i < nr; i++) {
		psh_stripe_record(disk, i, &record);
		if (record.kind < PSH_STRIPE_WRITE ||
		    record.kind > PSH_STRIPE_HOME || !record.sectors ||
		    record.sector > PSH_STRIPE_SECTOR_MAX)
			return false;
		if (record.kind == PSH_STRIPE_WRITE)
			sum += record.sectors; /* 250 of 32 bits: no overflow */
	}
	return sum == data_sectors && sum <= room_sectors;
}

bool psh_stripe_decode(const void *block, const u8 *uuid, u64 address,
		       u32 stripe_blocks, struct psh_stripe_head *head)
{
	const struct psh_disk_stripe *disk = block;
	struct psh_head common;

	if (psh_head_check(block, PSH_MAGIC_STRIPE, uuid, address, &common) !=
	    PSH_HEAD_GOOD)
		return false;
	memcpy(head->uuid, common.uuid, sizeof(head->uuid));
	head->address = address;
	head->epoch = common.epoch;
	head->sequence = common.sequence;
	head->tail = le64_to_cpu(disk->tail);
	head->durable = le64_to_cpu(disk->durable);
	head->chain = le32_to_cpu(disk->chain);
	head->crc = le32_to_cpu(disk->head.crc);
	head->nr = le32_to_cpu(disk->nr);
	head->data_sectors = le32_to_cpu(disk->data_sectors);
	if (!head->tail || head->tail > head->sequence ||
	    head->durable >= head->sequence || head->tail > head->durable + 1)
		return false;
	return records_fit(disk, head->nr, head->data_sectors,
			   psh_stripe_room_sectors(stripe_blocks));
}

bool psh_stripe_data_is_good(const void *block)
{
	const struct psh_disk_stripe *disk = block;
	const u8 *data = (const u8 *)block + PSH_BLOCK_SIZE;
	struct psh_stripe_record record = { .kind = 0 };
	u32 i, nr = le32_to_cpu(disk->nr);

	for (i = 0; i < nr; i++) {
		psh_stripe_record(block, i, &record);
		if (record.kind == PSH_STRIPE_WRITE &&
		    record.crc !=
			    psh_stripe_data_crc(0, data + record.place * 512UL,
						record.sectors * 512UL))
			return false;
	}
	return true;
}
