/* SPDX-License-Identifier: GPL-2.0 */
/*
 * identity: the superblock of a member, behind its share.
 *
 * It says of which volume the device is a member, which one, and since which
 * activation it has not been seen; so a device of another volume, an old clone,
 * or one that somebody else wrote to is told from the member that the metadata
 * means. The primary has none: nothing is written to a device that holds the
 * user's data already. It encodes and decodes; assembly decides.
 */
#ifndef PSH_IDENTITY_H
#define PSH_IDENTITY_H

#include "super.h"

/**
 * struct psh_identity - what a member says of itself
 * @uuid: of the volume
 * @member_uuid: of the member
 * @epoch: the last activation that used it
 * @number: its number in the volume
 * @role: enum psh_role
 * @offset_sectors: where its share begins
 * @len_sectors: length of the share
 */
struct psh_identity {
	u8 uuid[PSH_UUID_SIZE];
	u8 member_uuid[PSH_UUID_SIZE];
	u64 epoch;
	u32 number;
	u32 role;
	u64 offset_sectors;
	u64 len_sectors;
};

/* What lies where an identity would be. */
enum psh_found {
	PSH_FOUND_NO_ROOM,	/* the share ends with the device */
	PSH_FOUND_UNREADABLE,
	PSH_FOUND_BLANK,
	PSH_FOUND_FOREIGN,	/* something else, which must not be overwritten */
	PSH_FOUND_IDENTITY,
};

/**
 * psh_identity_block() - where a member's identity lies
 * @offset_sectors: where its share begins
 * @len_sectors: length of the share
 *
 * Return: the block on the device, the first whole one behind the share.
 */
static inline u64 psh_identity_block(u64 offset_sectors, u64 len_sectors)
{
	return (offset_sectors + len_sectors + PSH_BLOCK_SECTORS - 1) /
	       PSH_BLOCK_SECTORS;
}

/**
 * psh_identity_encode() - write an identity
 * @identity: what it says
 * @address: its block
 * @block: PSH_BLOCK_SIZE bytes, filled and sealed
 */
void psh_identity_encode(const struct psh_identity *identity, u64 address,
			 void *block);

/**
 * psh_identity_decode() - read what may be an identity
 * @block: PSH_BLOCK_SIZE bytes
 * @address: where it was read
 * @identity: filled if it is one, of whatever volume
 *
 * A damaged identity of ours is FOREIGN: nothing tells whose it was.
 *
 * Return: what it is.
 */
enum psh_found psh_identity_decode(const void *block, u64 address,
				   struct psh_identity *identity);

#endif /* PSH_IDENTITY_H */
