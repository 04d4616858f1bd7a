// SPDX-License-Identifier: GPL-2.0
/*
 * member: keeping the table of members, see member.h. Opening and closing the
 * devices is the table's (target.c); a member only borrows them.
 */
#include "member.h"

void psh_members_init(struct psh_members *members)
{
	memset(members, 0, sizeof(*members));
}

void psh_members_exit(struct psh_members *members)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members->present & BIT(i))
			psh_member_remove(members, i);
}

static void update_sets(struct psh_members *members, unsigned int number)
{
	const struct psh_member *member = &members->member[number];
	bool data = (members->present & BIT(number)) &&
		    psh_role_holds_data(member->role);
	u32 usable = members->usable & ~BIT(number);
	u32 healthy = members->healthy & ~BIT(number);
	u32 async = members->async & ~BIT(number);
	u32 unsettled = members->unsettled & ~BIT(number);

	if (data && member->state != PSH_STATE_FAILED)
		usable |= BIT(number);
	if (data && member->state == PSH_STATE_OK)
		healthy |= BIT(number);
	if (data && member->async && member->role != PSH_ROLE_PRIMARY)
		async |= BIT(number);
	if (data && member->state == PSH_STATE_FAILED)
		unsettled |= BIT(number);
	/* Lost before it is not usable any more: who flushes looks at both. */
	WRITE_ONCE(members->unsettled, members->unsettled | unsettled);
	smp_wmb(); /* pairs with flush_targets() */
	WRITE_ONCE(members->usable, usable);
	WRITE_ONCE(members->healthy, healthy);
	WRITE_ONCE(members->async, async);
	WRITE_ONCE(members->unsettled, unsettled);
}

void psh_member_settled(struct psh_members *members, u32 set)
{
	WRITE_ONCE(members->unsettled, members->unsettled & ~set);
}

void psh_member_add(struct psh_members *members, unsigned int number,
		    const struct psh_member_config *config,
		    struct block_device *bdev,
		    struct psh_meter_member __percpu *meter)
{
	struct psh_path *path = &members->path[number];
	struct psh_member *member = &members->member[number];

	path->meter = meter;
	path->bdev = bdev;
	path->offset = config->offset_sectors;

	memset(member, 0, sizeof(*member));
	member->number = number;
	member->role = config->role;
	member->dev = bdev->bd_dev;
	strscpy(member->zone, config->zone, sizeof(member->zone));
	strscpy(member->tier, config->tier, sizeof(member->tier));
	member->floor_Bps = SZ_1M;
	member->pace.rate_Bps = PSH_PACE_UNLIMITED;
	/* Who used it last, and whether that was flushed, is not known. */
	members->unflushed[number] = true;
	psh_member_set_weight(member, PSH_WEIGHT_DEFAULT);
	members->present |= BIT(number);
	update_sets(members, number);
}

void psh_member_remove(struct psh_members *members, unsigned int number)
{
	struct psh_path *path = &members->path[number];

	members->present &= ~BIT(number);
	update_sets(members, number);
	free_percpu(path->meter);
	memset(path, 0, sizeof(*path));
}

int psh_member_find(const struct psh_members *members, dev_t dev, u64 offset)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members->present & BIT(i) &&
		    members->member[i].dev == dev &&
		    members->path[i].offset == offset)
			return i;
	return -ENOENT;
}

void psh_member_set_state(struct psh_members *members, unsigned int number,
			  enum psh_state state)
{
	WRITE_ONCE(members->member[number].state, state);
	update_sets(members, number);
}

void psh_member_set_weight(struct psh_member *member, unsigned int weight)
{
	WRITE_ONCE(member->weight, weight);
	WRITE_ONCE(member->weight_cost_q8, 256 * PSH_WEIGHT_DEFAULT / weight);
}
