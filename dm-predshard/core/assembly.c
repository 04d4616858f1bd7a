// SPDX-License-Identifier: GPL-2.0
/*
 * assembly: see assembly.h. First those that were bound before or carry an
 * identity, then those that are known by role and offset only, then the new
 * ones, so that a new one never takes the number of one that is known.
 */
#include "assembly.h"

static bool is_used(const struct psh_super *super, unsigned int number)
{
	return super->member[number].flags & PSH_MEMBER_USED;
}

static bool holds_data(u32 role)
{
	return role == PSH_ROLE_PRIMARY || role == PSH_ROLE_REPLICA;
}

static int find_uuid(const struct psh_super *super, const u8 *uuid)
{
	int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (is_used(super, i) &&
		    !memcmp(super->member[i].uuid, uuid, PSH_UUID_SIZE))
			return i;
	return PSH_UNBOUND;
}

/* A device that carries an identity of this volume. */
static int bind_known(struct psh_super *super, struct psh_candidate *candidate,
		      struct psh_assembly *assembly, char *error)
{
	const struct psh_identity *identity = &candidate->identity;
	int number = find_uuid(super, identity->member_uuid);
	struct psh_super_member *member;

	if (candidate->role == PSH_ROLE_PRIMARY)
		return snprintf(
			error, PSH_ERROR_SIZE,
			"is member %u of this volume, a %s, expected the primary",
			identity->number, psh_role_name(identity->role));
	if (identity->epoch > super->epoch)
		return snprintf(
			error, PSH_ERROR_SIZE,
			"was used by activation %llu, but the metadata ends with %llu: it was written apart from it",
			identity->epoch, super->epoch);
	if (number == PSH_UNBOUND)
		return 0; /* it was dropped: new */
	member = &super->member[number];
	if (member->offset_sectors != candidate->offset_sectors)
		return snprintf(
			error, PSH_ERROR_SIZE,
			"has offset %llu, expected %llu as member %d had",
			candidate->offset_sectors, member->offset_sectors,
			number);
	candidate->number = number;
	if (identity->epoch != member->epoch &&
	    identity->epoch != member->next_epoch) {
		assembly->fill |= 1U << number;
		member->flags &= ~PSH_MEMBER_AWAY;
	}
	member->epoch = identity->epoch;
	return 0;
}

static int look_at(struct psh_super *super, struct psh_candidate *candidate,
		   struct psh_assembly *assembly, char *error)
{
	bool ours = candidate->found == PSH_FOUND_IDENTITY &&
		    !memcmp(candidate->identity.uuid, super->uuid,
			    sizeof(super->uuid));

	/* The primary has none: what lies there is not ours, unless it is. */
	if (candidate->number != PSH_UNBOUND ||
	    (candidate->role == PSH_ROLE_PRIMARY && !ours))
		return 0;
	switch (candidate->found) {
	case PSH_FOUND_UNREADABLE:
		return snprintf(
			error, PSH_ERROR_SIZE,
			"cannot be read where its superblock would be; a table without it makes it absent");
	case PSH_FOUND_IDENTITY:
		if (!ours)
			return snprintf(
				error, PSH_ERROR_SIZE,
				"is member %u of another volume, expected one of this volume or a blank one",
				candidate->identity.number);
		return bind_known(super, candidate, assembly, error);
	case PSH_FOUND_NO_ROOM:
	case PSH_FOUND_BLANK:
	case PSH_FOUND_FOREIGN:
		break;
	}
	return 0;
}

static bool is_bound(const struct psh_candidate *candidate, unsigned int nr,
		     int number)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (candidate[i].number == number)
			return true;
	return false;
}

/*
 * The primary, or a member without an identity. Where several of the latter have
 * the same role and offset nothing tells which is which.
 */
static void bind_unmarked(const struct psh_super *super,
			  struct psh_candidate *candidate, unsigned int nr,
			  unsigned int i, struct psh_assembly *assembly)
{
	u32 alike = 0;
	int number;

	if (candidate[i].role != PSH_ROLE_PRIMARY &&
	    (candidate[i].found == PSH_FOUND_IDENTITY ||
	     candidate[i].found == PSH_FOUND_BLANK))
		return;
	for (number = 0; number < PSH_MEMBERS_MAX; number++) {
		const struct psh_super_member *member = &super->member[number];

		if (!is_used(super, number) ||
		    member->flags & PSH_MEMBER_MARKED ||
		    member->role != candidate[i].role ||
		    member->offset_sectors != candidate[i].offset_sectors)
			continue;
		alike |= 1U << number;
		if (candidate[i].number == PSH_UNBOUND &&
		    !is_bound(candidate, nr, number))
			candidate[i].number = number;
	}
	if (candidate[i].role == PSH_ROLE_PRIMARY ||
	    candidate[i].number == PSH_UNBOUND)
		return;
	assembly->unsure |= 1U << candidate[i].number;
	if (alike & (alike - 1))
		assembly->ambiguous |= 1U << candidate[i].number;
}

static int bind_new(struct psh_super *super, struct psh_candidate *candidate,
		    unsigned int nr, unsigned int i,
		    struct psh_assembly *assembly, char *error)
{
	struct psh_super_member *member;
	int number;

	for (number = 0; number < PSH_MEMBERS_MAX; number++)
		if (!is_used(super, number) && !is_bound(candidate, nr, number))
			goto found;
	/* No number is free: one that is absent gives its own. */
	for (number = 0; number < PSH_MEMBERS_MAX; number++)
		if (super->member[number].flags & PSH_MEMBER_ABSENT &&
		    !is_bound(candidate, nr, number))
			goto found;
	return snprintf(error, PSH_ERROR_SIZE, "is one more than %d members",
			PSH_MEMBERS_MAX);
found:
	member = &super->member[number];
	memset(member, 0, sizeof(*member));
	memcpy(member->uuid, candidate[i].uuid, sizeof(member->uuid));
	member->flags = PSH_MEMBER_USED;
	if (candidate[i].role != PSH_ROLE_PRIMARY) {
		assembly->fill |= 1U << number;
		/* Never over something that is not ours. */
		if (candidate[i].found == PSH_FOUND_BLANK ||
		    candidate[i].found == PSH_FOUND_IDENTITY)
			member->flags |= PSH_MEMBER_MARKED;
	}
	candidate[i].number = number;
	return 0;
}

static int check_primary(const struct psh_super *super,
			 const struct psh_candidate *candidate, char *error)
{
	unsigned int i;

	if (candidate->role != PSH_ROLE_PRIMARY ||
	    candidate->number != PSH_UNBOUND)
		return 0;
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (is_used(super, i) &&
		    super->member[i].role == PSH_ROLE_PRIMARY)
			return snprintf(
				error, PSH_ERROR_SIZE,
				"has offset %llu, expected %llu as the primary of this volume",
				candidate->offset_sectors,
				super->member[i].offset_sectors);
	return 0;
}

/* What the table says of a member that has its number now. */
static void update_member(struct psh_super *super,
			  const struct psh_candidate *candidate,
			  struct psh_assembly *assembly)
{
	struct psh_super_member *member = &super->member[candidate->number];

	if (!holds_data(candidate->role))
		assembly->fill |= 1U << candidate->number;
	if (member->flags & PSH_MEMBER_ABSENT)
		member->flags &= ~(PSH_MEMBER_ABSENT | PSH_MEMBER_AWAY);
	member->role = candidate->role;
	member->offset_sectors = candidate->offset_sectors;
	if (member->flags & PSH_MEMBER_MARKED)
		assembly->mark |= 1U << candidate->number;
}

static int refuse(struct psh_assembly *assembly, unsigned int culprit)
{
	assembly->culprit = culprit;
	return -EINVAL;
}

int psh_assemble(struct psh_super *super, struct psh_candidate *candidate,
		 unsigned int nr, struct psh_assembly *assembly, char *error)
{
	unsigned int i, j;

	memset(assembly, 0, sizeof(*assembly));
	for (i = 0; i < nr; i++) {
		if (look_at(super, &candidate[i], assembly, error))
			return refuse(assembly, i);
		for (j = 0; j < i; j++)
			if (candidate[i].number != PSH_UNBOUND &&
			    candidate[j].number == candidate[i].number) {
				snprintf(
					error, PSH_ERROR_SIZE,
					"claims to be member %d, and so does another device of the table",
					candidate[i].number);
				return refuse(assembly, i);
			}
	}
	for (i = 0; i < nr; i++)
		if (candidate[i].number == PSH_UNBOUND)
			bind_unmarked(super, candidate, nr, i, assembly);
	for (i = 0; i < nr; i++) {
		if (check_primary(super, &candidate[i], error))
			return refuse(assembly, i);
		if (candidate[i].number == PSH_UNBOUND &&
		    bind_new(super, candidate, nr, i, assembly, error))
			return refuse(assembly, i);
		update_member(super, &candidate[i], assembly);
	}
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (is_used(super, i) && !is_bound(candidate, nr, i))
			super->member[i].flags |= PSH_MEMBER_AWAY |
						  PSH_MEMBER_ABSENT;
	return 0;
}

void psh_assembly_raise(struct psh_super *super, u32 used)
{
	unsigned int i;

	super->epoch++;
	super->flags |= PSH_SUPER_SETTLING;
	super->flags &= ~PSH_SUPER_CLEAN;
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (used & 1U << i)
			super->member[i].next_epoch = super->epoch;
}

void psh_assembly_settle(struct psh_super *super, u32 members)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members & 1U << i)
			super->member[i].epoch = super->epoch;
	super->flags &= ~PSH_SUPER_SETTLING;
}
