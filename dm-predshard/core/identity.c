// SPDX-License-Identifier: GPL-2.0
/*
 * identity: encode and decode member superblocks, see identity.h.
 */
#include "identity.h"

void psh_identity_encode(const struct psh_identity *identity, u64 address,
			 void *block)
{
	struct psh_disk_identity *disk = block;
	struct psh_head head = {
		.magic = PSH_MAGIC_MEMBER,
		.address = address,
		.epoch = identity->epoch,
	};

	memset(disk, 0, sizeof(*disk));
	memcpy(disk->member_uuid, identity->member_uuid,
	       sizeof(disk->member_uuid));
	disk->number = cpu_to_le32(identity->number);
	disk->role = cpu_to_le32(identity->role);
	disk->offset_sectors = cpu_to_le64(identity->offset_sectors);
	disk->len_sectors = cpu_to_le64(identity->len_sectors);
	memcpy(head.uuid, identity->uuid, sizeof(head.uuid));
	psh_head_seal(block, &head);
}

enum psh_found psh_identity_decode(const void *block, u64 address,
				   struct psh_identity *identity)
{
	const struct psh_disk_identity *disk = block;
	struct psh_head head;

	switch (psh_head_check(block, PSH_MAGIC_MEMBER, NULL, address, &head)) {
	case PSH_HEAD_GOOD:
		break;
	case PSH_HEAD_BLANK:
		return PSH_FOUND_BLANK;
	default:
		return PSH_FOUND_FOREIGN;
	}
	memcpy(identity->uuid, head.uuid, sizeof(identity->uuid));
	memcpy(identity->member_uuid, disk->member_uuid,
	       sizeof(identity->member_uuid));
	identity->epoch = head.epoch;
	identity->number = le32_to_cpu(disk->number);
	identity->role = le32_to_cpu(disk->role);
	identity->offset_sectors = le64_to_cpu(disk->offset_sectors);
	identity->len_sectors = le64_to_cpu(disk->len_sectors);
	return PSH_FOUND_IDENTITY;
}
