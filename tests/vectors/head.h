/* SPDX-License-Identifier: GPL-2.0 */
/*
 * head: rows for sealing and judging the head of a block.
 *
 * A row is a sealed block, the bytes that are changed in it, and how it then
 * looks. Data only; tests/unit/head_test.c and the KUnit suite compare the same.
 */
#ifndef PSH_VECTORS_HEAD_H
#define PSH_VECTORS_HEAD_H

#include "../../dm-predshard/core/head.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define HEAD_UUID	"volume-of-a-test"
#define HEAD_PLACE	7
#define HEAD_NONE	PSH_BLOCK_SIZE	/* no byte is changed */

struct head_row {
	const char *name;
	u32 at;			/* byte that is changed */
	bool seal;		/* sealed again after the change */
	bool any_volume;	/* asked without a uuid */
	u64 place;		/* asked for this block */
	enum psh_head_state state;
};

static const struct head_row head_rows[] = {
	{ "as it was written", HEAD_NONE, false, false, 7, PSH_HEAD_GOOD },
	{ "of any volume", HEAD_NONE, false, true, 7, PSH_HEAD_GOOD },
	{ "read from another place", HEAD_NONE, false, false, 8, PSH_HEAD_MISPLACED },
	{ "of any volume, from another place", HEAD_NONE, false, true, 8, PSH_HEAD_MISPLACED },
	{ "a checksum with a flipped bit", 0, false, false, 7, PSH_HEAD_DAMAGED },
	{ "another magic", 4, false, false, 7, PSH_HEAD_FOREIGN },
	{ "another magic, sealed", 4, true, false, 7, PSH_HEAD_FOREIGN },
	{ "another volume, not whole", 8, false, false, 7, PSH_HEAD_FOREIGN },
	{ "another volume, whole", 8, true, false, 7, PSH_HEAD_OTHER_VOLUME },
	{ "another volume, if any will do", 8, true, true, 7, PSH_HEAD_GOOD },
	{ "the last byte of the uuid", 23, true, false, 7, PSH_HEAD_OTHER_VOLUME },
	{ "another place, not whole", 24, false, false, 7, PSH_HEAD_FOREIGN },
	{ "another place, whole", 24, true, false, 7, PSH_HEAD_MISPLACED },
	{ "a damaged epoch", 32, false, false, 7, PSH_HEAD_DAMAGED },
	{ "another epoch is for the caller", 32, true, false, 7, PSH_HEAD_GOOD },
	{ "a damaged sequence", 40, false, false, 7, PSH_HEAD_DAMAGED },
	{ "another sequence is for the caller", 40, true, false, 7, PSH_HEAD_GOOD },
	{ "the first byte behind the head", 48, false, false, 7, PSH_HEAD_DAMAGED },
	{ "the last byte of the block", 4095, false, false, 7, PSH_HEAD_DAMAGED },
};

/*
 * The checksum of a block that is zero but for magic, uuid and numbers: from
 * another implementation, so that both ends agree on the polynomial.
 */
struct head_crc_row {
	const char *name;
	struct psh_head head;
	u32 crc;
};

static const struct head_crc_row head_crc_rows[] = {
	{ "a superblock", { PSH_MAGIC_SUPER, HEAD_UUID, 1, 2, 3 }, 0xc0f9177fU },
	{ "a map block far away", { PSH_MAGIC_MAP, HEAD_UUID, 1ULL << 40, 9, 77 }, 0xaee1b32bU },
	{ "all ones", { PSH_MAGIC_JOURNAL, HEAD_UUID, ~0ULL, ~0ULL, ~0ULL }, 0x2018428dU },
};

#endif /* PSH_VECTORS_HEAD_H */
