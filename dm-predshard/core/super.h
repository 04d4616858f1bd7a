/* SPDX-License-Identifier: GPL-2.0 */
/*
 * super: the superblock of a volume's metadata, as bytes and as a struct.
 *
 * It names all that the volume is made of: its size, where journal and maps lie
 * on the metadata device, which of the maps counts, which members there are and
 * which of them are away. Every field that is read is checked against every
 * other before anything uses it; the message names the field, what it is and
 * what was expected. Reading and writing devices, and the order of it, is
 * store's.
 */
#ifndef PSH_SUPER_H
#define PSH_SUPER_H

#include "head.h"
#include "table.h"

enum psh_write_mode {
	PSH_WRITE_HOME,
	PSH_WRITE_BUFFER,
	PSH_WRITE_MODES
};

/**
 * struct psh_super_member - a member as the metadata knows it
 * @uuid: of the member
 * @epoch: that its identity shows, of the last activation that used it
 * @next_epoch: or this one, if the machine stopped before that was noted
 * @offset_sectors: where its share began then
 * @role: enum psh_role
 * @flags: PSH_MEMBER_*
 */
struct psh_super_member {
	u8 uuid[PSH_UUID_SIZE];
	u64 epoch;
	u64 next_epoch;
	u64 offset_sectors;
	u32 role;
	u32 flags;
};

/**
 * struct psh_super - what a superblock says; fields as in docs/disk-format.md
 * @uuid: of the volume
 * @epoch: of the activation that owns the volume
 * @generation: of this superblock; one more with each
 * @flags: PSH_SUPER_*
 * @ro_compat: features that allow an older module reading only
 * @segment_sectors: immutable
 * @map_current: which of the two maps counts
 * @len_sectors: length of the volume
 * @before_sectors: length of before, while it has not settled; else the same
 * @nr_segments: its segments, the last one may be short
 * @journal_start: first block of the journal
 * @journal_blocks: blocks of the ring
 * @map_start: first blocks of the two maps
 * @map_blocks: room of each map in blocks
 * @forecast_start: first block of the forecaster's area
 * @map_generation: sequence of every block of the current map
 * @map_crc: CRC-32C of their checksums
 * @checkpoint: first journal block that the map may lack
 * @devices: metadata devices that are up to date, as a bit set
 * @write_mode: enum psh_write_mode
 * @rule: sets of members that should hold a segment
 * @member: the members by number
 */
struct psh_super {
	u8 uuid[PSH_UUID_SIZE];
	u64 epoch;
	u64 generation;
	u32 flags;
	u64 ro_compat;
	u32 segment_sectors;
	u32 map_current;
	u64 len_sectors;
	u64 before_sectors;
	u64 nr_segments;
	u64 journal_start;
	u64 journal_blocks;
	u64 map_start[2];
	u64 map_blocks;
	u64 forecast_start;
	u64 map_generation;
	u32 map_crc;
	u64 checkpoint;
	u32 devices;
	u32 write_mode;
	u16 rule[PSH_RULES_MAX];
	struct psh_super_member member[PSH_MEMBERS_MAX];
};

/** psh_map_blocks() - map blocks that so many segments need. */
u64 psh_map_blocks(u64 nr_segments);

/**
 * psh_super_layout() - decide where everything lies on a blank device
 * @super: with nr_segments set; the places are filled
 * @device_blocks: blocks of the smaller metadata device
 * @error: PSH_ERROR_SIZE bytes
 *
 * The maps get room to grow eightfold where the device has it.
 *
 * Return: 0, or -ENOSPC with @error set.
 */
int psh_super_layout(struct psh_super *super, u64 device_blocks, char *error);

/**
 * psh_super_encode() - write a superblock
 * @super: what it says
 * @device: metadata device it is for, 0 or 1
 * @block: PSH_BLOCK_SIZE bytes, filled and sealed
 */
void psh_super_encode(const struct psh_super *super, unsigned int device,
		      void *block);

/**
 * psh_super_decode() - read a superblock
 * @block: PSH_BLOCK_SIZE bytes whose head is good
 * @head: its head
 * @device_blocks: blocks of its device
 * @super: filled
 * @device: metadata device it is for, filled
 * @error: PSH_ERROR_SIZE bytes
 *
 * Return: 0, or -EINVAL with @error naming the field.
 */
int psh_super_decode(const void *block, const struct psh_head *head,
		     u64 device_blocks, struct psh_super *super,
		     unsigned int *device, char *error);

/** psh_super_has_log() - might the log on these members hold something? */
bool psh_super_has_log(const struct psh_super *super, u32 members);

/** psh_super_void_log() - nothing in the buffer log counts any more. */
void psh_super_void_log(struct psh_super *super);

/** psh_super_used() - numbers that are taken, as a bit set. */
u32 psh_super_used(const struct psh_super *super);

/** psh_super_away() - members that are away, as a bit set. */
u32 psh_super_away(const struct psh_super *super);

/** psh_super_block() - where a superblock of this generation lies. */
static inline u64 psh_super_block(u64 generation)
{
	return generation % PSH_SUPER_BLOCKS;
}

#endif /* PSH_SUPER_H */
