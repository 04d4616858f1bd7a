// SPDX-License-Identifier: GPL-2.0
/*
 * super: encode, decode and lay out superblocks, see super.h. A field is
 * believed only after it was compared with its limits; sums of block numbers
 * cannot overflow because each is compared with the device's size first.
 */
#include "super.h"

#define JOURNAL_LEAST 64
#define JOURNAL_MOST 4096
#define GROWTH 8 /* times that a map has room for, if possible */

u64 psh_map_blocks(u64 nr_segments)
{
	return div64_u64(nr_segments + PSH_MAP_WORDS - 1, PSH_MAP_WORDS);
}

int psh_super_layout(struct psh_super *super, u64 device_blocks, char *error)
{
	u64 fixed = PSH_RESERVED_BLOCKS + PSH_FORECAST_BLOCKS;
	u64 map = psh_map_blocks(super->nr_segments);
	u64 least = fixed + JOURNAL_LEAST + 2 * map;
	u64 journal, room;

	if (device_blocks < least) {
		snprintf(
			error, PSH_ERROR_SIZE,
			"has %llu sectors, expected at least %llu for %llu segments",
			device_blocks * PSH_BLOCK_SECTORS,
			least * PSH_BLOCK_SECTORS, super->nr_segments);
		return -ENOSPC;
	}
	journal = (device_blocks - fixed - 2 * map) / 4;
	if (journal < JOURNAL_LEAST)
		journal = JOURNAL_LEAST;
	if (journal > JOURNAL_MOST)
		journal = JOURNAL_MOST;
	room = (device_blocks - fixed - journal) / 2;
	super->map_blocks = room < map * GROWTH ? room : map * GROWTH;
	super->forecast_start = PSH_RESERVED_BLOCKS;
	super->journal_start = fixed;
	super->journal_blocks = journal;
	super->map_start[0] = fixed + journal;
	super->map_start[1] = fixed + journal + super->map_blocks;
	return 0;
}

static void encode_member(const struct psh_super_member *member,
			  struct psh_disk_member *disk)
{
	memcpy(disk->uuid, member->uuid, sizeof(disk->uuid));
	disk->epoch = cpu_to_le64(member->epoch);
	disk->next_epoch = cpu_to_le64(member->next_epoch);
	disk->offset_sectors = cpu_to_le64(member->offset_sectors);
	disk->role = cpu_to_le32(member->role);
	disk->flags = cpu_to_le32(member->flags);
}

void psh_super_encode(const struct psh_super *super, unsigned int device,
		      void *block)
{
	struct psh_disk_super *disk = block;
	struct psh_head head = {
		.magic = PSH_MAGIC_SUPER,
		.address = psh_super_block(super->generation),
		.epoch = super->epoch,
		.sequence = super->generation,
	};
	unsigned int i;

	memset(disk, 0, sizeof(*disk));
	disk->version = cpu_to_le32(PSH_DISK_VERSION);
	disk->flags = cpu_to_le32(super->flags);
	disk->ro_compat = cpu_to_le64(super->ro_compat);
	disk->segment_sectors = cpu_to_le32(super->segment_sectors);
	disk->map_current = cpu_to_le32(super->map_current);
	disk->len_sectors = cpu_to_le64(super->len_sectors);
	disk->before_sectors = cpu_to_le64(super->before_sectors);
	disk->nr_segments = cpu_to_le64(super->nr_segments);
	disk->journal_start = cpu_to_le64(super->journal_start);
	disk->journal_blocks = cpu_to_le64(super->journal_blocks);
	disk->map_start[0] = cpu_to_le64(super->map_start[0]);
	disk->map_start[1] = cpu_to_le64(super->map_start[1]);
	disk->map_blocks = cpu_to_le64(super->map_blocks);
	disk->forecast_start = cpu_to_le64(super->forecast_start);
	disk->map_generation = cpu_to_le64(super->map_generation);
	disk->checkpoint = cpu_to_le64(super->checkpoint);
	disk->devices = cpu_to_le32(super->devices);
	disk->device = cpu_to_le32(device);
	disk->write_mode = cpu_to_le32(super->write_mode);
	disk->map_crc = cpu_to_le32(super->map_crc);
	for (i = 0; i < PSH_RULES_MAX; i++)
		disk->rule[i] = cpu_to_le16(super->rule[i]);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		encode_member(&super->member[i], &disk->member[i]);
	memcpy(head.uuid, super->uuid, sizeof(head.uuid));
	psh_head_seal(block, &head);
}

/* Where the first wrong field is reported. */
struct check {
	char *error;
	bool bad;
};

static void expect(struct check *check, const char *field, u64 value, u64 least,
		   u64 most)
{
	if (check->bad || (value >= least && value <= most))
		return;
	check->bad = true;
	if (least == most)
		snprintf(check->error, PSH_ERROR_SIZE,
			 "field %s is %llu, expected %llu", field, value,
			 least);
	else
		snprintf(check->error, PSH_ERROR_SIZE,
			 "field %s is %llu, expected %llu to %llu", field,
			 value, least, most);
}

/* A field of member @i; its name is made only if it is wrong, which is rare. */
static void expect_of(struct check *check, unsigned int i, const char *field,
		      u64 value, u64 most)
{
	char name[40];

	if (value <= most)
		return;
	snprintf(name, sizeof(name), "member[%u].%s", i, field);
	expect(check, name, value, 0, most);
}

static void check_member(struct check *check, const struct psh_super *super,
			 unsigned int i)
{
	const struct psh_super_member *member = &super->member[i];
	u32 known = member->flags & PSH_MEMBER_USED ?
			    PSH_MEMBER_USED | PSH_MEMBER_AWAY |
				    PSH_MEMBER_ABSENT | PSH_MEMBER_MARKED |
				    PSH_MEMBER_LOST :
			    0;

	expect_of(check, i, "flags", member->flags & ~known, 0);
	expect_of(check, i, "role", member->role, PSH_ROLE_NR - 1);
	expect_of(check, i, "epoch", member->epoch, super->epoch);
	expect_of(check, i, "next_epoch", member->next_epoch, super->epoch);
	expect_of(check, i, "offset_sectors", member->offset_sectors,
		  PSH_SHARE_END_MAX);
}

/* Areas of the device: in it, in this order, and large enough. */
static void check_places(struct check *check, const struct psh_super *super,
			 u64 device_blocks)
{
	u64 map = psh_map_blocks(super->nr_segments);
	u64 end = super->forecast_start + PSH_FORECAST_BLOCKS;

	expect(check, "forecast_start", super->forecast_start,
	       PSH_RESERVED_BLOCKS, PSH_RESERVED_BLOCKS);
	expect(check, "journal_start", super->journal_start, end, end);
	expect(check, "journal_blocks", super->journal_blocks, 4,
	       device_blocks);
	end = super->journal_start + super->journal_blocks;
	expect(check, "map_start[0]", super->map_start[0], end, end);
	expect(check, "map_blocks", super->map_blocks, map, device_blocks);
	end += super->map_blocks;
	expect(check, "map_start[1]", super->map_start[1], end, end);
	end += super->map_blocks;
	expect(check, "map_blocks (end of the second map)", end, 0,
	       device_blocks);
}

static int check_super(const struct psh_super *super, u32 version, u64 incompat,
		       unsigned int device, u64 device_blocks, char *error)
{
	struct check check = { .error = error };
	u64 segments = super->segment_sectors;
	unsigned int i;

	expect(&check, "version", version, PSH_DISK_VERSION, PSH_DISK_VERSION);
	expect(&check, "incompat", incompat, 0, 0);
	expect(&check, "flags", super->flags, 0,
	       PSH_SUPER_CLEAN | PSH_SUPER_SETTLING);
	expect(&check, "segment_sectors", segments, PSH_SEGMENT_SECTORS_MIN,
	       PSH_SEGMENT_SECTORS_MAX);
	if (!check.bad && !is_power_of_2(segments)) {
		snprintf(
			error, PSH_ERROR_SIZE,
			"field segment_sectors is %llu, expected a power of two",
			segments);
		return -EINVAL;
	}
	expect(&check, "len_sectors", super->len_sectors, 1, PSH_SHARE_END_MAX);
	expect(&check, "before_sectors", super->before_sectors, 0,
	       PSH_SHARE_END_MAX);
	if (check.bad)
		return -EINVAL;
	segments = div64_u64(super->len_sectors + segments - 1, segments);
	expect(&check, "nr_segments", super->nr_segments, segments, segments);
	expect(&check, "nr_segments", super->nr_segments, 1, PSH_SEGMENTS_MAX);
	check_places(&check, super, device_blocks);
	expect(&check, "map_current", super->map_current, 0, 1);
	expect(&check, "map_generation", super->map_generation, 1,
	       super->generation);
	expect(&check, "checkpoint", super->checkpoint, 1, U64_MAX >> 1);
	expect(&check, "epoch", super->epoch, 1, U64_MAX >> 1);
	expect(&check, "generation", super->generation, 1, U64_MAX >> 1);
	expect(&check, "devices", super->devices, 1,
	       (1U << PSH_DISK_DEVICES) - 1);
	expect(&check, "device", device, 0, PSH_DISK_DEVICES - 1);
	expect(&check, "write_mode", super->write_mode, 0, PSH_WRITE_MODES - 1);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		check_member(&check, super, i);
	return check.bad ? -EINVAL : 0;
}

static void decode_member(const struct psh_disk_member *disk,
			  struct psh_super_member *member)
{
	memcpy(member->uuid, disk->uuid, sizeof(member->uuid));
	member->epoch = le64_to_cpu(disk->epoch);
	member->next_epoch = le64_to_cpu(disk->next_epoch);
	member->offset_sectors = le64_to_cpu(disk->offset_sectors);
	member->role = le32_to_cpu(disk->role);
	member->flags = le32_to_cpu(disk->flags);
}

int psh_super_decode(const void *block, const struct psh_head *head,
		     u64 device_blocks, struct psh_super *super,
		     unsigned int *device, char *error)
{
	const struct psh_disk_super *disk = block;
	unsigned int i;

	memset(super, 0, sizeof(*super));
	memcpy(super->uuid, head->uuid, sizeof(super->uuid));
	super->epoch = head->epoch;
	super->generation = head->sequence;
	super->flags = le32_to_cpu(disk->flags);
	super->ro_compat = le64_to_cpu(disk->ro_compat);
	super->segment_sectors = le32_to_cpu(disk->segment_sectors);
	super->map_current = le32_to_cpu(disk->map_current);
	super->len_sectors = le64_to_cpu(disk->len_sectors);
	super->before_sectors = le64_to_cpu(disk->before_sectors);
	super->nr_segments = le64_to_cpu(disk->nr_segments);
	super->journal_start = le64_to_cpu(disk->journal_start);
	super->journal_blocks = le64_to_cpu(disk->journal_blocks);
	super->map_start[0] = le64_to_cpu(disk->map_start[0]);
	super->map_start[1] = le64_to_cpu(disk->map_start[1]);
	super->map_blocks = le64_to_cpu(disk->map_blocks);
	super->forecast_start = le64_to_cpu(disk->forecast_start);
	super->map_generation = le64_to_cpu(disk->map_generation);
	super->checkpoint = le64_to_cpu(disk->checkpoint);
	super->devices = le32_to_cpu(disk->devices);
	super->write_mode = le32_to_cpu(disk->write_mode);
	super->map_crc = le32_to_cpu(disk->map_crc);
	for (i = 0; i < PSH_RULES_MAX; i++)
		super->rule[i] = le16_to_cpu(disk->rule[i]);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		decode_member(&disk->member[i], &super->member[i]);
	*device = le32_to_cpu(disk->device);
	return check_super(super, le32_to_cpu(disk->version),
			   le64_to_cpu(disk->incompat), *device, device_blocks,
			   error);
}

static u32 members_with(const struct psh_super *super, u32 flag)
{
	u32 members = 0;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (super->member[i].flags & flag)
			members |= 1U << i;
	return members;
}

bool psh_super_has_log(const struct psh_super *super, u32 members)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members & 1U << i && super->member[i].epoch &&
		    super->member[i].role == PSH_ROLE_BUFFER &&
		    super->member[i].flags & PSH_MEMBER_USED)
			return true;
	return false;
}

void psh_super_void_log(struct psh_super *super)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (super->member[i].role != PSH_ROLE_BUFFER)
			continue;
		super->member[i].epoch = 0;
		super->member[i].flags &= ~PSH_MEMBER_LOST;
	}
}

u32 psh_super_used(const struct psh_super *super)
{
	return members_with(super, PSH_MEMBER_USED);
}

u32 psh_super_away(const struct psh_super *super)
{
	return members_with(super, PSH_MEMBER_AWAY);
}
