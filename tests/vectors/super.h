/* SPDX-License-Identifier: GPL-2.0 */
/*
 * super: rows for what a superblock may say.
 *
 * Each row puts one value into one field of a sound superblock, sealed again;
 * it names the field of the message, or none if it is still sound. Data, and what
 * builds such a superblock; tests/unit/super_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_SUPER_H
#define PSH_VECTORS_SUPER_H

#include "../../dm-predshard/core/super.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define SUPER_BLOCKS	256	/* of the device */
#define SUPER_SEGMENTS	1200

struct super_row {
	const char *name;
	u32 at;		/* offset in struct psh_disk_super */
	u32 size;	/* of the field in bytes */
	u64 value;
	const char *field;	/* that the message names, or NULL */
};

#define AT(name)	offsetof(struct psh_disk_super, name), \
			sizeof(((struct psh_disk_super *)0)->name)

static const struct super_row super_rows[] = {
	{ "an epoch of zero", AT(head.epoch), 0, "epoch" },
	{ "an epoch that would wrap", AT(head.epoch), 1ULL << 63, "epoch" },
	{ "a generation of zero", AT(head.sequence), 0, "map_generation" },
	{ "a generation that would wrap", AT(head.sequence), ~1ULL, "generation" },
	{ "version 0", AT(version), 0, "version" },
	{ "version 2", AT(version), 2, "version" },
	{ "an unknown flag", AT(flags), 4, "flags" },
	{ "the highest flag", AT(flags), 1U << 31, "flags" },
	{ "known flags", AT(flags), 3, NULL },
	{ "a compatible feature", AT(compat), ~0ULL, NULL },
	{ "a feature that allows reading", AT(ro_compat), ~0ULL, NULL },
	{ "an incompatible feature", AT(incompat), 1, "incompat" },
	{ "the highest incompatible feature", AT(incompat), 1ULL << 63, "incompat" },
	{ "segments of nothing", AT(segment_sectors), 0, "segment_sectors" },
	{ "small segments", AT(segment_sectors), 64, "segment_sectors" },
	{ "large segments", AT(segment_sectors), 262144, "segment_sectors" },
	{ "segments of no power of two", AT(segment_sectors), 129, "segment_sectors" },
	{ "other segments", AT(segment_sectors), 256, "nr_segments" },
	{ "a third map", AT(map_current), 2, "map_current" },
	{ "the other map", AT(map_current), 1, NULL },
	{ "no length", AT(len_sectors), 0, "len_sectors" },
	{ "a length beyond all devices", AT(len_sectors), (1ULL << 54) + 1, "len_sectors" },
	{ "another length", AT(len_sectors), 128, "nr_segments" },
	{ "no segments", AT(nr_segments), 0, "nr_segments" },
	{ "one segment less", AT(nr_segments), SUPER_SEGMENTS - 1, "nr_segments" },
	{ "one segment more", AT(nr_segments), SUPER_SEGMENTS + 1, "nr_segments" },
	{ "a journal in the superblock", AT(journal_start), 0, "journal_start" },
	{ "a journal far away", AT(journal_start), ~0ULL, "journal_start" },
	{ "no journal", AT(journal_blocks), 0, "journal_blocks" },
	{ "a short journal", AT(journal_blocks), 3, "journal_blocks" },
	{ "an endless journal", AT(journal_blocks), ~0ULL, "journal_blocks" },
	{ "a journal into the map", AT(journal_blocks), 65, "map_start[0]" },
	{ "the first map elsewhere", AT(map_start[0]), 16, "map_start[0]" },
	{ "the second map in the first", AT(map_start[1]), 145, "map_start[1]" },
	{ "a map too short", AT(map_blocks), 2, "map_blocks" },
	{ "a map without end", AT(map_blocks), ~0ULL, "map_blocks" },
	{ "a map into the other", AT(map_blocks), 25, "map_start[1]" },
	{ "a forecast elsewhere", AT(forecast_start), 17, "forecast_start" },
	{ "a forecast far away", AT(forecast_start), ~0ULL, "forecast_start" },
	{ "no map generation", AT(map_generation), 0, "map_generation" },
	{ "a map of the future", AT(map_generation), 8, "map_generation" },
	{ "another map", AT(map_crc), ~0U, NULL },
	{ "no checkpoint", AT(checkpoint), 0, "checkpoint" },
	{ "a checkpoint that would wrap", AT(checkpoint), 1ULL << 63, "checkpoint" },
	{ "no devices", AT(devices), 0, "devices" },
	{ "a third device", AT(devices), 4, "devices" },
	{ "both devices", AT(devices), 3, NULL },
	{ "on a third device", AT(device), 2, "device" },
	{ "on the mirror", AT(device), 1, NULL },
	{ "an unknown write mode", AT(write_mode), PSH_WRITE_MODES, "write_mode" },
	{ "a rule of all", AT(rule[63]), 0xffff, NULL },
	{ "a member of the future", AT(member[1].epoch), 4, "member[1].epoch" },
	{ "a member of a later future", AT(member[1].next_epoch), 4, "member[1].next_epoch" },
	{ "a member far away", AT(member[2].offset_sectors), ~0ULL, "member[2].offset_sectors" },
	{ "an unknown role", AT(member[3].role), PSH_ROLE_NR, "member[3].role" },
	{ "an unknown flag of a member", AT(member[3].flags), 0x21, "member[3].flags" },
	{ "a free number with flags", AT(member[15].flags), PSH_MEMBER_AWAY, "member[15].flags" },
	{ "a member away", AT(member[3].flags), 3, NULL },
	{ "a buffer that missed something", AT(member[3].flags), 0x11, NULL },
};

struct super_layout_row {
	const char *name;
	u64 segments;
	u64 blocks;
	int result;
	u64 journal;
	u64 map;
};

/* 80 blocks are superblocks and forecast. */
static const struct super_layout_row super_layout_rows[] = {
	{ "the smallest", 1, 146, 0, 64, 1 },
	{ "one block too few", 1, 145, -ENOSPC, 0, 0 },
	{ "a map of one block more", 507, 147, -ENOSPC, 0, 0 },
	{ "and the room for it", 507, 148, 0, 64, 2 },
	{ "a whole map block", 506, 146, 0, 64, 1 },
	{ "a quarter is journal", 506, 80 + 802, 0, 200, 8 },
	{ "the longest journal", 506, 1 << 20, 0, 4096, 8 },
	{ "room to grow eightfold", 5060, 1 << 20, 0, 4096, 80 },
	{ "less room to grow", 506000, 4096, 0, 504, 1756 },
	{ "no device", 1, 0, -ENOSPC, 0, 0 },
	{ "the most segments", 1ULL << 32, 20000000, 0, 4096, 9997912 },
};

/* clang-format on */

/* What a volume of four members says of itself. */
static inline void super_describe(struct psh_super *super, u64 segments)
{
	unsigned int i;

	memset(super, 0, sizeof(*super));
	memcpy(super->uuid, "volume-of-a-test", PSH_UUID_SIZE);
	super->epoch = 1;
	super->segment_sectors = 128;
	super->len_sectors = segments * 128 - 3;
	super->nr_segments = segments;
	super->rule[1] = 0x6;
	for (i = 0; i < 4; i++) {
		struct psh_super_member *member = &super->member[i];

		memcpy(member->uuid, "member-of-a-test", PSH_UUID_SIZE);
		member->uuid[0] = 'a' + i;
		member->epoch = 1;
		member->offset_sectors = i * 8;
		member->role = i ? PSH_ROLE_REPLICA : PSH_ROLE_PRIMARY;
		member->flags = PSH_MEMBER_USED | (i ? PSH_MEMBER_MARKED : 0);
	}
}

/* A superblock that fits a device of SUPER_BLOCKS. */
static inline struct psh_super super_sound(void)
{
	char error[PSH_ERROR_SIZE];
	struct psh_super super;

	super_describe(&super, SUPER_SEGMENTS);
	psh_super_layout(&super, SUPER_BLOCKS, error);
	super.epoch = 3;
	super.generation = 7;
	super.map_generation = 7;
	super.map_crc = 0x12345678;
	super.checkpoint = 9;
	super.devices = 1;
	return super;
}

/* A sound superblock with the row's value in it, sealed. */
static inline void super_fill(const struct super_row *row,
			      struct psh_super *super, u8 *block)
{
	const struct psh_disk_head *disk = (void *)block;
	__le64 value = cpu_to_le64(row->value);
	struct psh_head head;

	*super = super_sound();
	psh_super_encode(super, 0, block);
	memcpy(block + row->at, &value, row->size);
	head.magic = PSH_MAGIC_SUPER;
	head.address = le64_to_cpu(disk->address);
	head.epoch = le64_to_cpu(disk->epoch);
	head.sequence = le64_to_cpu(disk->sequence);
	memcpy(head.uuid, disk->uuid, sizeof(head.uuid));
	psh_head_seal(block, &head);
}

#endif /* PSH_VECTORS_SUPER_H */
