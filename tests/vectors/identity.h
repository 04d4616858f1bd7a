/* SPDX-License-Identifier: GPL-2.0 */
/*
 * identity: rows for the superblock of a member.
 *
 * Where it lies, and what else may be found there. Data, and one function that
 * fills a block as its row says; tests/unit/identity_test.c and the KUnit suite
 * compare the same rows.
 */
#ifndef PSH_VECTORS_IDENTITY_H
#define PSH_VECTORS_IDENTITY_H

#include "../../dm-predshard/core/identity.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define IDENTITY_PLACE	16

static const struct psh_identity identity_sound = {
	.uuid = "volume-of-a-test", .member_uuid = "member-of-a-test",
	.epoch = 5, .number = 2, .role = PSH_ROLE_REPLICA,
	.offset_sectors = 8, .len_sectors = 120,
};

struct identity_place_row {
	const char *name;
	u64 offset;
	u64 len;
	u64 block;
};

static const struct identity_place_row identity_place_rows[] = {
	{ "behind a share of whole blocks", 0, 128, 16 },
	{ "behind one that begins later", 8, 128, 17 },
	{ "the first whole block behind", 0, 129, 17 },
	{ "offset and length count together", 3, 125, 16 },
	{ "one sector more", 4, 125, 17 },
	{ "at the end of the largest share", 0, 1ULL << 54, 1ULL << 51 },
};

struct identity_found_row {
	const char *name;
	u32 magic;	/* 0: nothing is written */
	u32 fill;	/* all other bytes, where nothing is written */
	u64 place;	/* where it is read */
	u32 damage;	/* byte that is changed; 0: none */
	enum psh_found found;
};

static const struct identity_found_row identity_found_rows[] = {
	{ "an identity", PSH_MAGIC_MEMBER, 0, 16, 0, PSH_FOUND_IDENTITY },
	{ "zeroes", 0, 0, 16, 0, PSH_FOUND_BLANK },
	{ "anything else", 0, 0xff, 16, 0, PSH_FOUND_FOREIGN },
	{ "zeroes but for one byte", 0, 0, 16, 4095, PSH_FOUND_FOREIGN },
	{ "an identity of another place", PSH_MAGIC_MEMBER, 0, 17, 0, PSH_FOUND_FOREIGN },
	{ "a damaged identity", PSH_MAGIC_MEMBER, 0, 16, 64, PSH_FOUND_FOREIGN },
	{ "another block of ours", PSH_MAGIC_SUPER, 0, 16, 0, PSH_FOUND_FOREIGN },
};

/* clang-format on */

static inline void identity_fill(const struct identity_found_row *row,
				 u8 *block)
{
	struct psh_head head = {
		.magic = row->magic,
		.address = IDENTITY_PLACE,
	};

	memset(block, row->fill, PSH_BLOCK_SIZE);
	if (row->magic == PSH_MAGIC_MEMBER)
		psh_identity_encode(&identity_sound, IDENTITY_PLACE, block);
	else if (row->magic)
		psh_head_seal(block, &head);
	if (row->damage)
		block[row->damage] ^= 1;
}

#endif /* PSH_VECTORS_IDENTITY_H */
