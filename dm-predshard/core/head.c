// SPDX-License-Identifier: GPL-2.0
/*
 * head: seal and check the head of a block, see head.h. The checksum covers
 * the whole block but itself, so padding is protected too and must be written.
 */
#include "head.h"

static_assert(sizeof(struct psh_disk_head) == 48);
static_assert(sizeof(struct psh_disk_super) == PSH_BLOCK_SIZE);
static_assert(sizeof(struct psh_disk_map) == PSH_BLOCK_SIZE);
static_assert(sizeof(struct psh_disk_journal) == PSH_BLOCK_SIZE);
static_assert(sizeof(struct psh_disk_identity) == PSH_BLOCK_SIZE);
static_assert(offsetof(struct psh_disk_head, magic) == sizeof(__le32));

static u32 block_crc(const void *block)
{
	return ~crc32c(~0U, (const u8 *)block + sizeof(__le32),
		       PSH_BLOCK_SIZE - sizeof(__le32));
}

void psh_head_seal(void *block, const struct psh_head *head)
{
	struct psh_disk_head *disk = block;

	disk->magic = cpu_to_le32(head->magic);
	memcpy(disk->uuid, head->uuid, sizeof(disk->uuid));
	disk->address = cpu_to_le64(head->address);
	disk->epoch = cpu_to_le64(head->epoch);
	disk->sequence = cpu_to_le64(head->sequence);
	disk->crc = cpu_to_le32(block_crc(block));
}

static bool is_blank(const void *block)
{
	const u8 *byte = block;

	return !byte[0] && !memcmp(byte, byte + 1, PSH_BLOCK_SIZE - 1);
}

enum psh_head_state psh_head_check(const void *block, u32 magic, const u8 *uuid,
				   u64 address, struct psh_head *head)
{
	const struct psh_disk_head *disk = block;
	bool ours = !uuid || !memcmp(disk->uuid, uuid, sizeof(disk->uuid));
	bool here = le64_to_cpu(disk->address) == address;

	if (le32_to_cpu(disk->magic) != magic)
		return is_blank(block) ? PSH_HEAD_BLANK : PSH_HEAD_FOREIGN;
	if (le32_to_cpu(disk->crc) != block_crc(block))
		return ours && here ? PSH_HEAD_DAMAGED : PSH_HEAD_FOREIGN;
	head->magic = magic;
	memcpy(head->uuid, disk->uuid, sizeof(head->uuid));
	head->address = le64_to_cpu(disk->address);
	head->epoch = le64_to_cpu(disk->epoch);
	head->sequence = le64_to_cpu(disk->sequence);
	if (!ours)
		return PSH_HEAD_OTHER_VOLUME;
	return here ? PSH_HEAD_GOOD : PSH_HEAD_MISPLACED;
}

const char *psh_head_state_name(enum psh_head_state state)
{
	switch (state) {
	case PSH_HEAD_GOOD:
		return "good";
	case PSH_HEAD_BLANK:
		return "blank";
	case PSH_HEAD_DAMAGED:
		return "damaged";
	case PSH_HEAD_MISPLACED:
		return "of another place";
	case PSH_HEAD_OTHER_VOLUME:
		return "of another volume";
	case PSH_HEAD_FOREIGN:
		break;
	}
	return "not ours";
}
