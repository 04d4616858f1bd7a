/* SPDX-License-Identifier: GPL-2.0 */
/*
 * assembly: rows for binding the devices of a table to members.
 *
 * A row has the members that the metadata knows, the devices of a table with what
 * lies on them, and what must follow. Data, and one function that does as a row
 * says; tests/unit/assembly_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_ASSEMBLY_H
#define PSH_VECTORS_ASSEMBLY_H

#include "../../dm-predshard/core/assembly.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define ASSEMBLY_ROOM	5
#define ASSEMBLY_EPOCH	9

/* A letter stands for a uuid. */
struct assembly_known {
	char uuid;
	u32 role;
	u64 epoch;
	u64 offset;
	u32 flags;
	u64 next_epoch;
};

struct assembly_device {
	u32 role;
	u64 offset;
	enum psh_found found;
	char uuid;	/* of the identity */
	u64 epoch;	/* of the identity */
	bool other;	/* the identity is of another volume */
	bool bound;	/* live reload: it has @number already */
	int number;	/* that it must get, or has */
};

struct assembly_row {
	const char *name;
	u32 filler;	/* numbers from here to 15 are taken, and absent if .. */
	bool absent;	/* .. this says so */
	struct assembly_known known[ASSEMBLY_ROOM];
	struct assembly_device device[ASSEMBLY_ROOM];
	unsigned int nr;
	/* What follows; flags of members as sets. */
	u32 fill;
	u32 unsure;
	u32 mark;
	u32 away;
	u32 absents;
	const char *error;	/* part of the message, or NULL */
	unsigned int culprit;
};

#define USED		PSH_MEMBER_USED
#define MARKED		(PSH_MEMBER_USED | PSH_MEMBER_MARKED)
#define AWAY		PSH_MEMBER_AWAY
#define ABSENT		(PSH_MEMBER_AWAY | PSH_MEMBER_ABSENT)
#define PRIMARY		PSH_ROLE_PRIMARY
#define REPLICA		PSH_ROLE_REPLICA
#define SPARE		PSH_ROLE_SPARE
#define BLANK		PSH_FOUND_BLANK
#define FOREIGN		PSH_FOUND_FOREIGN
#define NO_ROOM		PSH_FOUND_NO_ROOM
#define UNREADABLE	PSH_FOUND_UNREADABLE
#define IDENTITY	PSH_FOUND_IDENTITY

/* Known: the primary and two replicas, all as of the last activation. */
#define TRIO	{ { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, MARKED }, \
		  { 'b', REPLICA, 9, 8, MARKED } }
#define DEV_P(n)	{ PRIMARY, 0, FOREIGN, 0, 0, 0, 0, n }
#define DEV_A(n)	{ REPLICA, 0, IDENTITY, 'a', 9, 0, 0, n }
#define DEV_B(n)	{ REPLICA, 8, IDENTITY, 'b', 9, 0, 0, n }

static const struct assembly_row assembly_rows[] = {
	{ .name = "a new volume numbers its members in order",
	  .device = { DEV_P(0), { REPLICA, 0, BLANK, .number = 1 }, { REPLICA, 8, NO_ROOM, .number = 2 } },
	  .nr = 3, .fill = 0x6, .mark = 0x2 },
	{ .name = "the primary may come last",
	  .device = { { REPLICA, 0, BLANK, .number = 0 }, DEV_P(1) },
	  .nr = 2, .fill = 0x1, .mark = 0x1 },
	{ .name = "nothing is written over what is not ours",
	  .device = { DEV_P(0), { REPLICA, 0, FOREIGN, .number = 1 } },
	  .nr = 2, .fill = 0x2, .mark = 0 },
	{ .name = "the same devices are the same members", .known = TRIO,
	  .device = { DEV_P(0), DEV_A(1), DEV_B(2) }, .nr = 3, .mark = 0x6 },
	{ .name = "in any order", .known = TRIO,
	  .device = { DEV_B(2), DEV_A(1), DEV_P(0) }, .nr = 3, .mark = 0x6 },
	{ .name = "a member that no table names is absent", .known = TRIO,
	  .device = { DEV_P(0), DEV_B(2) }, .nr = 2, .mark = 0x4, .away = 0x2, .absents = 0x2 },
	{ .name = "an absent member comes back as it was",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 7, 0, MARKED | ABSENT } },
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 7, .number = 1 } }, .nr = 2, .mark = 0x2 },
	{ .name = "one that was lost stays away",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, MARKED | AWAY } },
	  .device = { DEV_P(0), DEV_A(1) }, .nr = 2, .mark = 0x2, .away = 0x2 },
	{ .name = "an older one is filled anew", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 8, .number = 1 }, DEV_B(2) }, .nr = 3,
	  .fill = 0x2, .mark = 0x6 },
	{ .name = "and is away no longer",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, MARKED | AWAY } },
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 8, .number = 1 } }, .nr = 2, .fill = 0x2, .mark = 0x2 },
	{ .name = "the epoch that it was about to show will do",
	  .known = { { 'p', PRIMARY, 8, 0, USED }, { 'a', REPLICA, 6, 0, MARKED, 9 }, { 'b', REPLICA, 9, 8, MARKED, 9 } },
	  .device = { DEV_P(0), DEV_A(1), DEV_B(2) }, .nr = 3, .mark = 0x6 },
	{ .name = "and the one that it showed",
	  .known = { { 'p', PRIMARY, 8, 0, USED }, { 'a', REPLICA, 6, 0, MARKED, 9 }, { 'b', REPLICA, 9, 8, MARKED, 9 } },
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 6, .number = 1 }, DEV_B(2) }, .nr = 3, .mark = 0x6 },
	{ .name = "but none in between",
	  .known = { { 'p', PRIMARY, 8, 0, USED }, { 'a', REPLICA, 6, 0, MARKED, 9 }, { 'b', REPLICA, 9, 8, MARKED, 9 } },
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 8, .number = 1 }, DEV_B(2) }, .nr = 3,
	  .fill = 0x2, .mark = 0x6 },
	{ .name = "a newer one was written apart", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 0, IDENTITY, 'a', 10 }, DEV_B(2) }, .nr = 3,
	  .error = "was used by activation 10, but the metadata ends with 9", .culprit = 1 },
	{ .name = "a member of another volume is refused", .known = TRIO,
	  .device = { DEV_P(0), DEV_A(1), { REPLICA, 8, IDENTITY, 'x', 9, .other = true } }, .nr = 3,
	  .error = "of another volume", .culprit = 2 },
	{ .name = "but not the primary, which has none of its own", .known = TRIO,
	  .device = { { PRIMARY, 0, IDENTITY, 'x', 9, .other = true }, DEV_B(2) }, .nr = 2,
	  .mark = 0x4, .away = 0x2, .absents = 0x2 },
	{ .name = "a replica is not the primary", .known = TRIO,
	  .device = { { PRIMARY, 0, IDENTITY, 'a', 9 }, DEV_B(2) }, .nr = 2,
	  .error = "is member 4 of this volume, a replica, expected the primary", .culprit = 0 },
	{ .name = "two claim to be one", .known = TRIO,
	  .device = { DEV_P(0), DEV_A(1), DEV_A(1) }, .nr = 3,
	  .error = "claims to be member 1, and so does another device", .culprit = 2 },
	{ .name = "another offset is refused", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 16, IDENTITY, 'a', 9 } }, .nr = 2,
	  .error = "has offset 16, expected 0 as member 1 had", .culprit = 1 },
	{ .name = "another offset of the primary too", .known = TRIO,
	  .device = { { PRIMARY, 8, FOREIGN }, DEV_A(1) }, .nr = 2,
	  .error = "has offset 8, expected 0 as the primary", .culprit = 0 },
	{ .name = "an unreadable one is refused", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 0, UNREADABLE } }, .nr = 2,
	  .error = "cannot be read", .culprit = 1 },
	{ .name = "a blank one is new and gets a free number", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 0, BLANK, .number = 3 }, DEV_B(2) }, .nr = 3,
	  .fill = 0x8, .mark = 0xc, .away = 0x2, .absents = 0x2 },
	{ .name = "one that was dropped is new", .known = TRIO,
	  .device = { DEV_P(0), DEV_A(1), DEV_B(2), { REPLICA, 0, IDENTITY, 'c', 5, .number = 3 } }, .nr = 4,
	  .fill = 0x8, .mark = 0xe },
	{ .name = "without room it is known by role and offset",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, USED }, { 'b', REPLICA, 9, 8, USED } },
	  .device = { DEV_P(0), { REPLICA, 8, NO_ROOM, .number = 2 }, { REPLICA, 0, FOREIGN, .number = 1 } }, .nr = 3,
	  .unsure = 0x6 },
	{ .name = "and is new where nobody like it is known",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, USED } },
	  .device = { DEV_P(0), { REPLICA, 16, NO_ROOM, .number = 2 } }, .nr = 2,
	  .fill = 0x4, .away = 0x2, .absents = 0x2 },
	{ .name = "a marked member is not taken for one without room", .known = TRIO,
	  .device = { DEV_P(0), { REPLICA, 0, FOREIGN, .number = 3 }, DEV_B(2) }, .nr = 3,
	  .fill = 0x8, .mark = 0x4, .away = 0x2, .absents = 0x2 },
	{ .name = "a role without data is emptied", .known = TRIO,
	  .device = { DEV_P(0), { SPARE, 0, IDENTITY, 'a', 9, .number = 1 }, DEV_B(2) }, .nr = 3,
	  .fill = 0x2, .mark = 0x6 },
	{ .name = "with all numbers taken an absent one is given", .known = TRIO, .filler = 3, .absent = true,
	  .device = { DEV_P(0), DEV_A(1), DEV_B(2), { REPLICA, 0, BLANK, .number = 3 } }, .nr = 4,
	  .fill = 0x8, .mark = 0xe, .away = 0xfff0, .absents = 0xfff0 },
	{ .name = "with all numbers in use it is one too many", .known = TRIO, .filler = 3,
	  .device = { DEV_P(0), DEV_A(1), DEV_B(2), { REPLICA, 0, BLANK } }, .nr = 4,
	  .error = "one more than 16 members", .culprit = 3 },
	{ .name = "a live reload keeps its numbers, whatever lies there", .known = TRIO,
	  .device = { { PRIMARY, 0, UNREADABLE, .bound = true, .number = 0 },
		      { REPLICA, 0, UNREADABLE, .bound = true, .number = 1 },
		      { REPLICA, 8, IDENTITY, 'b', 99, .bound = true, .number = 2 } }, .nr = 3, .mark = 0x6 },
	{ .name = "a live reload keeps who is away",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 9, 0, MARKED | AWAY } },
	  .device = { { PRIMARY, 0, FOREIGN, .bound = true, .number = 0 },
		      { REPLICA, 0, UNREADABLE, .bound = true, .number = 1 } }, .nr = 2, .mark = 0x2, .away = 0x2 },
	{ .name = "a live reload adds a member", .known = TRIO,
	  .device = { { PRIMARY, 0, FOREIGN, .bound = true, .number = 0 }, { REPLICA, 0, BLANK, .number = 3 },
		      { REPLICA, 8, IDENTITY, 'b', 9, .bound = true, .number = 2 },
		      { REPLICA, 0, IDENTITY, 'a', 9, .bound = true, .number = 1 } }, .nr = 4,
	  .fill = 0x8, .mark = 0xe },
	{ .name = "nobody else claims a number that is bound", .known = TRIO,
	  .device = { { PRIMARY, 0, FOREIGN, .bound = true, .number = 0 },
		      { REPLICA, 0, IDENTITY, 'a', 9, .bound = true, .number = 1 }, DEV_A(1) }, .nr = 3,
	  .error = "claims to be member 1", .culprit = 2 },
	{ .name = "a known member joins a live volume",
	  .known = { { 'p', PRIMARY, 9, 0, USED }, { 'a', REPLICA, 7, 0, MARKED | ABSENT } },
	  .device = { { PRIMARY, 0, FOREIGN, .bound = true, .number = 0 },
		      { REPLICA, 0, IDENTITY, 'a', 6, .number = 1 } }, .nr = 2, .fill = 0x2, .mark = 0x2 },
};

/* clang-format on */

static inline void assembly_uuid(u8 *uuid, char letter)
{
	memset(uuid, letter, PSH_UUID_SIZE);
}

static inline void assembly_know(const struct assembly_row *row,
				 struct psh_super *super)
{
	unsigned int i;

	memset(super, 0, sizeof(*super));
	assembly_uuid(super->uuid, 'V');
	super->epoch = ASSEMBLY_EPOCH;
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		struct psh_super_member *member = &super->member[i];
		struct assembly_known filler = { 'A' + i, SPARE, 1, 0, MARKED };
		const struct assembly_known *known = &filler;

		if (row->absent)
			filler.flags |= ABSENT;
		if (!row->filler || i < row->filler) {
			if (i >= ASSEMBLY_ROOM || !row->known[i].uuid)
				continue;
			known = &row->known[i];
		}
		assembly_uuid(member->uuid, known->uuid);
		member->role = known->role;
		member->epoch = known->epoch;
		member->next_epoch = known->next_epoch;
		member->offset_sectors = known->offset;
		member->flags = known->flags;
	}
}

/* Does what the row says; the caller compares. */
static inline int assembly_run(const struct assembly_row *row,
			       struct psh_super *super,
			       struct psh_candidate *candidate,
			       struct psh_assembly *assembly, char *error)
{
	unsigned int i;

	assembly_know(row, super);
	memset(candidate, 0, sizeof(*candidate) * ASSEMBLY_ROOM);
	for (i = 0; i < row->nr; i++) {
		const struct assembly_device *device = &row->device[i];

		candidate[i].role = device->role;
		candidate[i].offset_sectors = device->offset;
		candidate[i].found = device->found;
		candidate[i].number = device->bound ? device->number :
						      PSH_UNBOUND;
		assembly_uuid(candidate[i].uuid, '0' + i);
		assembly_uuid(candidate[i].identity.uuid,
			      device->other ? 'O' : 'V');
		assembly_uuid(candidate[i].identity.member_uuid, device->uuid);
		candidate[i].identity.epoch = device->epoch;
		candidate[i].identity.number = 4;
		candidate[i].identity.role = PSH_ROLE_REPLICA;
	}
	error[0] = '\0';
	return psh_assemble(super, candidate, row->nr, assembly, error);
}

/* Members with a flag, as a bit set. */
static inline u32 assembly_with(const struct psh_super *super, u32 flag)
{
	u32 set = 0;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (super->member[i].flags & flag)
			set |= 1U << i;
	return set;
}

#endif /* PSH_VECTORS_ASSEMBLY_H */
