// SPDX-License-Identifier: GPL-2.0
/*
 * volume: see volume.h.
 *
 * Locks, outermost first: registry, then the volume's mutex. The I/O path
 * takes neither. Members change state only here, in this order: the sets that
 * the I/O path looks at, then the copier's jobs, then the words; the member is
 * not usable again before the words have been through, and not while a request
 * that was given up on is still inside it.
 */
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "compat.h"
#include "trace.h"
#include "volume.h"

#define DM_MSG_PREFIX "predshard"

static DEFINE_MUTEX(registry);
static LIST_HEAD(volumes);

static const struct psh_health_policy default_policy = {
	.suspect_errors = 4,
	.fail_errors = 16,
	.suspect_stall_ms = 1000,
	.fail_stall_ms = 5000,
};

/* --- member states ------------------------------------------------------- */

static void raise_event(struct psh_volume *volume)
{
	lockdep_assert_held(&volume->lock);
	if (volume->table && volume->active)
		dm_table_event(volume->table->ti->table);
}

static void set_state(struct psh_volume *volume, unsigned int number,
		      enum psh_state state, const char *reason)
{
	struct psh_members *members = &volume->members;
	enum psh_state before = members->member[number].state;

	lockdep_assert_held(&volume->lock);
	psh_member_set_state(members, number, state);
	trace_predshard_member_state(number, before, state, reason);
	DMWARN("%s: member %u (%u:%u): %s -> %s: %s",
	       dm_device_name(volume->md), number,
	       MAJOR(members->member[number].dev),
	       MINOR(members->member[number].dev), psh_state_name(before),
	       psh_state_name(state), reason);
	if (state == PSH_STATE_FAILED) {
		psh_copier_forget(&volume->copier, number);
		psh_fanout_give_up(&volume->fanout);
		psh_route_lose_all(&volume->route, number);
	}
	raise_event(volume);
}

/* --- the tick ------------------------------------------------------------ */

static u32 recent_errors(struct psh_watch *watch, unsigned int slot,
			 const struct psh_meter_member *sum)
{
	u64 errors = sum->errors[READ] + sum->errors[WRITE];

	return min_t(u64, errors - watch->errors[(slot + 1) % PSH_ERROR_WINDOW],
		     U32_MAX);
}

/*
 * Since when a member owes an answer and gave none. What was not waiting at
 * the last look waits since now: the look before may be an idle second ago.
 */
static u32 stall_ms(struct psh_watch *watch, const struct psh_meter_member *sum,
		    unsigned long leg_age)
{
	u64 done = sum->done[READ] + sum->done[WRITE];
	u64 begun = sum->begun[READ] + sum->begun[WRITE];

	if (done != watch->done || done == begun || !watch->waiting)
		watch->moved = jiffies;
	watch->done = done;
	watch->waiting = done != begun;
	return jiffies_to_msecs(max(jiffies - watch->moved, leg_age));
}

static void watch_member(struct psh_volume *volume, unsigned int number,
			 unsigned long leg_age, bool next_slot, bool probe)
{
	struct psh_member *member = &volume->members.member[number];
	struct psh_watch *watch = &volume->watch[number];
	struct psh_meter_member *sum = &volume->member_sum;
	struct psh_health_signs signs = { };
	const char *reason = NULL;
	enum psh_state state;

	psh_meter_member_sum(volume->members.path[number].meter, sum);
	if (next_slot)
		watch->errors[volume->slot] = sum->errors[READ] +
					      sum->errors[WRITE];
	signs.errors = recent_errors(watch, volume->slot, sum);
	signs.stall_ms = stall_ms(watch, sum, leg_age);
	signs.flush_failed = READ_ONCE(member->flush_failed);
	state = psh_health_next(member->state, &signs, &volume->policy,
				&reason);
	/* What it alone holds cannot be done without it. */
	if (state == PSH_STATE_FAILED && state != member->state &&
	    psh_route_only_on(&volume->route, number))
		state = PSH_STATE_SUSPECT;
	if (state != member->state)
		set_state(volume, number, state, reason);
	if (probe)
		psh_balance_probe(&volume->balance, number, sum->done[READ]);
}

static void update_copy_rate(struct psh_volume *volume)
{
	unsigned long passed = jiffies - volume->copied_at;
	struct psh_meter_member *sum = &volume->member_sum;
	u64 copied = 0, rate;
	unsigned int i;

	if (passed < HZ)
		return;
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i)) {
			psh_meter_member_sum(volume->members.path[i].meter,
					     sum);
			copied += sum->copied_sectors;
		}
	rate = div_u64((copied - min(copied, volume->copied)) << SECTOR_SHIFT,
		       passed) * HZ;
	volume->copy_Bps = rate < volume->copy_Bps ?
			   (rate + volume->copy_Bps) / 2 : rate;
	volume->copied = copied;
	volume->copied_at = jiffies;
}

/* What a rate grew to while nobody was there says nothing about sharing. */
static void pace_copier(struct psh_volume *volume, bool busy)
{
	bool comes = busy && !volume->copier.busy;
	unsigned int i;

	WRITE_ONCE(volume->copier.busy, busy);
	spin_lock_irq(&volume->copier.lock);
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		struct psh_member *member = &volume->members.member[i];

		if (comes)
			member->pace.rate_Bps = member->floor_Bps;
		if (volume->members.present & BIT(i))
			psh_pace_adapt(&member->pace, busy, member->floor_Bps,
				       member->limit_Bps);
	}
	spin_unlock_irq(&volume->copier.lock);
	if (psh_route_missing(&volume->route))
		psh_copier_wake(&volume->copier);
	update_copy_rate(volume);
}

/* Count what the user did since the last tick. */
static u64 new_ops(struct psh_volume *volume)
{
	struct psh_meter_volume *sum = &volume->volume_sum;
	u64 ops, new;

	psh_meter_volume_sum(volume->meter, sum);
	ops = sum->ops[READ] + sum->ops[WRITE];
	new = ops - volume->tick_ops;
	volume->tick_ops = ops;
	return new;
}

static bool somebody_inside(struct psh_volume *volume)
{
	return psh_flight_inside(&volume->flight, READ) ||
	       psh_flight_inside(&volume->flight, WRITE);
}

static void tick(struct work_struct *work)
{
	struct psh_volume *volume = container_of(to_delayed_work(work),
						 struct psh_volume, tick);
	unsigned long age[PSH_MEMBERS_MAX];
	bool next_slot, probe, busy;
	unsigned int i;

	mutex_lock(&volume->lock);
	busy = new_ops(volume) > 0 || somebody_inside(volume);
	probe = busy && time_after_eq(jiffies, volume->probe_at) &&
		volume->active;
	if (probe)
		volume->probe_at = jiffies + msecs_to_jiffies(PSH_PROBE_MS);
	next_slot = time_after_eq(jiffies, volume->slot_at);
	if (next_slot) {
		volume->slot = (volume->slot + 1) % PSH_ERROR_WINDOW;
		volume->slot_at = jiffies + HZ;
	}
	psh_fanout_oldest(&volume->fanout, age);
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (volume->members.present & BIT(i))
			watch_member(volume, i, age[i], next_slot, probe);
		/* Sent while its member was being lost. */
		if (age[i] && !psh_member_is_usable(&volume->members, i))
			psh_fanout_give_up(&volume->fanout);
	}
	if (volume->active)
		pace_copier(volume, busy);
	busy = busy || psh_route_missing(&volume->route);
	queue_delayed_work(volume->tick_queue, &volume->tick,
			   msecs_to_jiffies(busy ? PSH_TICK_MS :
						   PSH_TICK_IDLE_MS));
	mutex_unlock(&volume->lock);
}

/* A member failed a request: look at once. Context: any. */
static void look_now(void *owner)
{
	struct psh_volume *volume = owner;

	mod_delayed_work(volume->tick_queue, &volume->tick, 0);
}

static void all_in_sync(void *owner)
{
	struct psh_volume *volume = owner;

	mutex_lock(&volume->lock);
	DMINFO("%s: all copies are in sync", dm_device_name(volume->md));
	raise_event(volume);
	mutex_unlock(&volume->lock);
}

/* --- life ---------------------------------------------------------------- */

static void wire(struct psh_volume *volume)
{
	struct psh_copier *copier = &volume->copier;
	struct psh_fanout *fanout = &volume->fanout;

	copier->route = &volume->route;
	copier->members = &volume->members;
	copier->flight = &volume->flight;
	copier->ranges = &volume->ranges;
	copier->meter = volume->meter;
	copier->in_sync = all_in_sync;
	copier->owner = volume;
	fanout->route = &volume->route;
	fanout->members = &volume->members;
	fanout->copier = &volume->copier;
	fanout->ranges = &volume->ranges;
	fanout->trouble = look_now;
	fanout->owner = volume;
}

static struct psh_volume *volume_create(struct psh_table *table,
					struct mapped_device *md,
					const struct psh_volume_ops *ops)
{
	struct psh_volume *volume = kvzalloc(sizeof(*volume), GFP_KERNEL);
	int r = -ENOMEM;

	if (!volume)
		return ERR_PTR(r);
	volume->md = md;
	volume->ops = ops;
	kref_init(&volume->ref);
	mutex_init(&volume->lock);
	volume->policy = default_policy;
	volume->segment_sectors = table->config.segment_sectors;
	volume->metadata_dev = table->metadata->bdev->bd_dev;
	volume->route.shift = ilog2(volume->segment_sectors);
	INIT_DELAYED_WORK(&volume->tick, tick);
	psh_members_init(&volume->members);
	psh_ranges_init(&volume->ranges, volume->route.shift);
	volume->meter = alloc_percpu(struct psh_meter_volume);
	if (!volume->meter)
		goto free_volume;
	wire(volume);
	volume->queue = alloc_workqueue("predshard-%s",
					WQ_UNBOUND | WQ_MEM_RECLAIM, 0,
					dm_device_name(md));
	if (!volume->queue)
		goto free_meter;
	volume->tick_queue = alloc_workqueue("predshard-tick",
					     WQ_UNBOUND | WQ_MEM_RECLAIM, 1);
	if (!volume->tick_queue)
		goto destroy_queue;
	r = psh_flight_init(&volume->flight);
	if (r)
		goto destroy_tick_queue;
	r = psh_balance_init(&volume->balance, &volume->route,
			     &volume->members, volume->queue);
	if (r)
		goto exit_flight;
	r = psh_copier_init(&volume->copier);
	if (r)
		goto exit_balance;
	r = psh_fanout_init(&volume->fanout);
	if (r)
		goto exit_copier;
	list_add(&volume->node, &volumes);
	return volume;

exit_copier:
	psh_copier_exit(&volume->copier);
exit_balance:
	psh_balance_exit(&volume->balance);
exit_flight:
	psh_flight_exit(&volume->flight);
destroy_tick_queue:
	destroy_workqueue(volume->tick_queue);
destroy_queue:
	destroy_workqueue(volume->queue);
free_meter:
	free_percpu(volume->meter);
free_volume:
	kvfree(volume);
	return ERR_PTR(r);
}

/* Requests that were given up on hold memory, and the device, until now. */
static void wait_late(struct psh_volume *volume)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		struct psh_member *member = &volume->members.member[i];

		if (atomic_read(&member->late))
			DMWARN("%s: waiting for requests inside member %u",
			       dm_device_name(volume->md), i);
		wait_var_event(&member->late, !atomic_read(&member->late));
		wait_on_bit(&member->probing, 0, TASK_UNINTERRUPTIBLE);
	}
}

static void volume_destroy(struct psh_volume *volume)
{
	psh_copier_stop(&volume->copier);
	cancel_delayed_work_sync(&volume->tick);
	wait_late(volume);
	psh_fanout_exit(&volume->fanout);
	psh_copier_exit(&volume->copier);
	psh_balance_exit(&volume->balance);
	psh_flight_exit(&volume->flight);
	destroy_workqueue(volume->tick_queue);
	destroy_workqueue(volume->queue);
	psh_route_exit(&volume->route);
	psh_members_exit(&volume->members);
	free_percpu(volume->meter);
	mutex_destroy(&volume->lock);
	kvfree(volume);
}

static struct psh_volume *find(struct mapped_device *md)
{
	struct psh_volume *volume;

	lockdep_assert_held(&registry);
	list_for_each_entry(volume, &volumes, node)
		if (volume->md == md)
			return volume;
	return NULL;
}

static struct block_device *primary_of(const struct psh_table *table)
{
	return table->dev[table->config.primary]->bdev;
}

/*
 * Numbers of the volume that the table still names; @data: without those that
 * hold data now and shall hold none.
 */
static u32 kept_members(struct psh_volume *volume,
			const struct psh_table *table, bool data)
{
	const struct psh_member *member = volume->members.member;
	u32 kept = 0;
	unsigned int i;

	for (i = 0; i < table->config.nr_members; i++) {
		int number = psh_member_find(&volume->members,
					     table->dev[i]->bdev->bd_dev,
					     table->config.member[i].offset_sectors);

		if (number >= 0 &&
		    !(data && psh_role_holds_data(member[number].role) &&
		      !psh_role_holds_data(table->config.member[i].role)))
			kept |= BIT(number);
	}
	return kept;
}

/* A share of a device that is a member already, but at another place. */
static int check_moved(struct psh_volume *volume,
		       const struct psh_table *table, char *error)
{
	struct psh_members *members = &volume->members;
	unsigned int i, number;

	for (i = 0; i < table->config.nr_members; i++)
		for (number = 0; number < PSH_MEMBERS_MAX; number++) {
			u64 offset = table->config.member[i].offset_sectors;
			u64 there = members->path[number].offset;

			if (!(members->present & BIT(number)) || offset == there ||
			    members->member[number].dev !=
			    table->dev[i]->bdev->bd_dev)
				continue;
			return scnprintf(error, PSH_ERROR_SIZE,
					 "offset of %pg is %llu, expected %llu as in the live table",
					 table->dev[i]->bdev, offset, there);
		}
	return 0;
}

/* Members that leave, or lose their data role, and cannot be done without. */
static int check_removed(struct psh_volume *volume,
			 const struct psh_table *table, char *error)
{
	struct psh_members *members = &volume->members;
	u32 gone = members->present & ~kept_members(volume, table, true);

	for (; gone; gone &= gone - 1) {
		unsigned int number = __ffs(gone);
		struct psh_member *member = &members->member[number];
		int late = atomic_read(&member->late);

		if (!psh_member_is_usable(members, number))
			late += test_bit(0, &member->probing);
		if (late)
			return scnprintf(error, PSH_ERROR_SIZE,
					 "member %u (%u:%u) is not kept by the table, but %d requests are still inside it",
					 number, MAJOR(member->dev),
					 MINOR(member->dev), late);
		if (psh_route_only_on(&volume->route, number))
			return scnprintf(error, PSH_ERROR_SIZE,
					 "member %u (%u:%u) is not kept by the table, but it alone holds some segments",
					 number, MAJOR(member->dev),
					 MINOR(member->dev));
	}
	return 0;
}

/* Would the volume that is there be another one under this table? */
static int check_same(struct psh_volume *volume, const struct psh_table *table,
		      char *error)
{
	const struct psh_config *config = &table->config;
	struct psh_members *members = &volume->members;
	unsigned int trusted = volume->route.trusted;

	if (config->segment_sectors != volume->segment_sectors)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "segment size is %u sectors, expected %u as in the live table",
				 config->segment_sectors,
				 volume->segment_sectors);
	if (table->metadata->bdev->bd_dev != volume->metadata_dev)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "metadata device is %pg, expected %u:%u as in the live table",
				 table->metadata->bdev,
				 MAJOR(volume->metadata_dev),
				 MINOR(volume->metadata_dev));
	if (members->present &&
	    (primary_of(table)->bd_dev != members->member[trusted].dev ||
	     config->member[config->primary].offset_sectors !=
	     members->path[trusted].offset))
		return scnprintf(error, PSH_ERROR_SIZE,
				 "primary is %pg, expected %u:%u at %llu as in the live table",
				 primary_of(table),
				 MAJOR(members->member[trusted].dev),
				 MINOR(members->member[trusted].dev),
				 (u64)members->path[trusted].offset);
	if (check_moved(volume, table, error))
		return -EINVAL;
	return check_removed(volume, table, error);
}

int psh_volume_get(struct psh_table *table, const struct psh_volume_ops *ops,
		   char *error)
{
	struct mapped_device *md = dm_table_get_md(table->ti->table);
	struct psh_volume *volume;
	int r = 0;

	mutex_lock(&registry);
	volume = find(md);
	if (!volume) {
		volume = volume_create(table, md, ops);
		if (IS_ERR(volume)) {
			r = PTR_ERR(volume);
			strscpy(error, "no memory for the volume",
				PSH_ERROR_SIZE);
		}
	} else {
		mutex_lock(&volume->lock);
		if (check_same(volume, table, error))
			r = -EINVAL;
		mutex_unlock(&volume->lock);
		if (!r)
			kref_get(&volume->ref);
	}
	mutex_unlock(&registry);
	if (!r)
		table->volume = volume;
	return r;
}

static int reserve_words(struct psh_table *table, char *error)
{
	struct psh_volume *volume = table->volume;
	bool fits;

	table->nr_segments = DIV_ROUND_UP_ULL(table->ti->len,
					      table->config.segment_sectors);
	mutex_lock(&volume->lock);
	fits = volume->route.words &&
	       volume->route.nr_segments == table->nr_segments;
	mutex_unlock(&volume->lock);
	if (fits)
		return 0;
	table->words = psh_route_alloc(table->nr_segments);
	if (table->words)
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "no memory for %llu segments (%llu bytes), larger segments need less",
		  table->nr_segments, table->nr_segments * sizeof(u64));
	return -ENOMEM;
}

int psh_volume_reserve(struct psh_table *table, char *error)
{
	const struct psh_config *config = &table->config;
	struct psh_volume *volume = table->volume;
	unsigned int i, legs = 0;
	int r;

	r = reserve_words(table, error);
	if (r)
		return r;
	for (i = 0; !r && i < config->nr_members; i++) {
		legs += psh_role_holds_data(config->member[i].role);
		table->meter[i] = alloc_percpu(struct psh_meter_member);
		if (!table->meter[i])
			r = -ENOMEM;
	}
	/* Not the volume's: who waits for memory must not stop the tick. */
	mutex_lock(&registry);
	if (!r)
		r = psh_fanout_reserve(&volume->fanout, legs);
	mutex_unlock(&registry);
	if (r)
		strscpy(error, "no memory for the members", PSH_ERROR_SIZE);
	return r;
}

void psh_volume_unreserve(struct psh_table *table)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		free_percpu(table->meter[i]);
	psh_route_free(table->words);
}

/* From here on a new table of the same device gets a new volume. */
static void unlist(struct kref *ref)
{
	struct psh_volume *volume = container_of(ref, struct psh_volume, ref);

	volume->ops->leave(volume);
	list_del_init(&volume->node);
}

void psh_volume_put(struct psh_table *table)
{
	struct psh_volume *volume = table->volume;
	bool last;

	mutex_lock(&registry);
	mutex_lock(&volume->lock);
	if (volume->table == table)
		volume->table = NULL;
	mutex_unlock(&volume->lock);
	last = kref_put(&volume->ref, unlist);
	mutex_unlock(&registry);
	if (last)
		volume_destroy(volume);
}

/* --- tables -------------------------------------------------------------- */

static void remove_members(struct psh_volume *volume, u32 gone)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		struct psh_member *member = &volume->members.member[i];

		if (!(gone & BIT(i)))
			continue;
		wait_var_event(&member->late, !atomic_read(&member->late));
		wait_on_bit(&member->probing, 0, TASK_UNINTERRUPTIBLE);
		psh_route_lose_all(&volume->route, i);
		psh_member_remove(&volume->members, i);
		memset(&volume->watch[i], 0, sizeof(volume->watch[i]));
	}
}

/* The same share of the same device, opened by another table. */
static void renew_member(struct psh_volume *volume, unsigned int number,
			 const struct psh_member_config *config,
			 struct block_device *bdev)
{
	struct psh_member *member = &volume->members.member[number];

	volume->members.path[number].bdev = bdev;
	strscpy(member->zone, config->zone, sizeof(member->zone));
	strscpy(member->tier, config->tier, sizeof(member->tier));
	if (member->role == config->role)
		return;
	if (!psh_role_holds_data(config->role))
		psh_route_lose_all(&volume->route, number);
	member->role = config->role;
	psh_member_set_state(&volume->members, number, member->state);
}

static unsigned int take_member(struct psh_volume *volume,
				struct psh_table *table, unsigned int i)
{
	const struct psh_member_config *config = &table->config.member[i];
	struct block_device *bdev = table->dev[i]->bdev;
	int number = psh_member_find(&volume->members, bdev->bd_dev,
				     config->offset_sectors);

	if (number >= 0) {
		renew_member(volume, number, config, bdev);
		return number;
	}
	number = psh_member_add(&volume->members, config, bdev,
				table->meter[i]);
	table->meter[i] = NULL;
	volume->watch[number].moved = jiffies;
	return number;
}

static void take_members(struct psh_volume *volume, struct psh_table *table)
{
	unsigned int i, number;

	for (i = 0; i < table->config.nr_members; i++) {
		number = take_member(volume, table, i);
		if (i == table->config.primary)
			volume->route.trusted = number;
	}
}

static u32 data_members(const struct psh_volume *volume)
{
	const struct psh_members *members = &volume->members;
	u32 data = 0;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members->present & BIT(i) &&
		    psh_role_holds_data(members->member[i].role))
			data |= BIT(i);
	return data;
}

/*
 * New data members want everything; those that left the table want nothing.
 * Rule 0, that of new segments, names all that there were so far.
 */
static void update_rules(struct psh_volume *volume)
{
	u32 data = data_members(volume);

	if (!volume->route.nr_rules)
		volume->route.nr_rules = 1;
	psh_route_want_all(&volume->route, data & ~volume->route.rule[0],
			   ~data);
}

/*
 * When the length changes within a segment, a copy of the part that was there
 * is no copy of the whole.
 */
static void resize(struct psh_volume *volume, struct psh_table *table)
{
	u64 border = min_t(u64, volume->len_sectors, table->ti->len);
	u64 segment = border >> volume->route.shift;
	u32 copies;

	if (table->words)
		psh_route_install(&volume->route, table->words,
				  table->nr_segments);
	table->words = NULL;
	if (volume->len_sectors != table->ti->len &&
	    segment < volume->route.nr_segments) {
		copies = psh_word_copies(psh_route_word(&volume->route,
							segment));
		for (; copies; copies &= copies - 1)
			psh_route_lose(&volume->route, segment, __ffs(copies));
	}
	volume->len_sectors = table->ti->len;
	volume->copier.len_sectors = table->ti->len;
}

/* All memory was reserved when the table was loaded. */
static void adopt(struct psh_volume *volume, struct psh_table *table)
{
	u32 kept = kept_members(volume, table, false);

	remove_members(volume, volume->members.present & ~kept);
	take_members(volume, table);
	psh_fanout_resize(&volume->fanout, hweight32(data_members(volume)));
	resize(volume, table);
	update_rules(volume);
	psh_balance_set_zone(&volume->balance, *volume->balance.local_zone ?
		volume->balance.local_zone :
		volume->members.member[volume->route.trusted].zone);
	volume->table = table;
}

/* Since the table was loaded a member may have failed, or another came. */
static int check_now(struct psh_volume *volume, struct psh_table *table,
		     char *error)
{
	bool fits = table->words ||
		    table->nr_segments == volume->route.nr_segments;

	if (fits)
		return check_same(volume, table, error) ? -EBUSY : 0;
	strscpy(error, "the length changed since it was loaded, load it again",
		PSH_ERROR_SIZE);
	return -EBUSY;
}

int psh_volume_adopt(struct psh_table *table)
{
	struct psh_volume *volume = table->volume;
	char error[PSH_ERROR_SIZE];
	int r = 0;

	mutex_lock(&volume->lock);
	if (volume->table != table) {
		r = check_now(volume, table, error);
		if (!r)
			adopt(volume, table);
	}
	mutex_unlock(&volume->lock);
	if (r)
		DMERR("%s: the table cannot be made active: %s",
		      dm_device_name(volume->md), error);
	return r;
}

/* A volume that is suspended or read-only copies nothing. */
static void start_copier(struct psh_volume *volume)
{
	lockdep_assert_held(&volume->lock);
	if (volume->active &&
	    dm_table_get_mode(volume->table->ti->table) & BLK_OPEN_WRITE)
		psh_copier_start(&volume->copier);
}

void psh_volume_resume(struct psh_volume *volume)
{
	mutex_lock(&volume->lock);
	volume->active = true;
	start_copier(volume);
	queue_delayed_work(volume->tick_queue, &volume->tick, 0);
	mutex_unlock(&volume->lock);
}

void psh_volume_suspend(struct psh_volume *volume)
{
	mutex_lock(&volume->lock);
	volume->active = false;
	mutex_unlock(&volume->lock);
	/* Not under the mutex: the tick must go on watching what we wait for. */
	psh_copier_stop(&volume->copier);
}

void psh_volume_suspended(struct psh_volume *volume)
{
	psh_balance_quiesce(&volume->balance);
}

/* --- what an administrator asks for -------------------------------------- */

static int check_data_member(struct psh_volume *volume, unsigned int number,
			     char *error)
{
	struct psh_members *members = &volume->members;

	if (number >= PSH_MEMBERS_MAX || !(members->present & BIT(number)))
		scnprintf(error, PSH_ERROR_SIZE,
			  "there is no member %u, status lists the members",
			  number);
	else if (!psh_role_holds_data(members->member[number].role))
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is a %s, expected a primary or replica",
			  number, psh_role_name(members->member[number].role));
	else
		return 0;
	return -EINVAL;
}

int psh_volume_fail(struct psh_volume *volume, unsigned int number,
		    char *error)
{
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	if (!r && psh_route_only_on(&volume->route, number)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the only one that holds some segments",
			  number);
		r = -EBUSY;
	}
	if (!r && volume->members.member[number].state != PSH_STATE_FAILED)
		set_state(volume, number, PSH_STATE_FAILED, "by request");
	mutex_unlock(&volume->lock);
	return r;
}

int psh_volume_return(struct psh_volume *volume, unsigned int number,
		      char *error)
{
	struct psh_member *member = &volume->members.member[number];
	struct psh_meter_member *sum = &volume->member_sum;
	struct psh_watch *watch = &volume->watch[number];
	unsigned int i;
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	if (!r && atomic_read(&member->late)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "%d requests from before are still inside member %u",
			  atomic_read(&member->late), number);
		r = -EBUSY;
	}
	if (!r && member->state != PSH_STATE_OK) {
		psh_meter_member_sum(volume->members.path[number].meter, sum);
		for (i = 0; i < PSH_ERROR_WINDOW; i++)
			watch->errors[i] = sum->errors[READ] +
					   sum->errors[WRITE];
		watch->moved = jiffies;
		WRITE_ONCE(member->flush_failed, false);
		if (number == volume->route.trusted)
			psh_route_accept_all(&volume->route, number);
		set_state(volume, number, PSH_STATE_OK, "by request");
		start_copier(volume);
	}
	mutex_unlock(&volume->lock);
	return r;
}

int psh_volume_resync(struct psh_volume *volume, unsigned int number,
		      char *error)
{
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	if (!r && number == volume->route.trusted) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the primary, expected a replica",
			  number);
		r = -EINVAL;
	}
	if (!r) {
		psh_copier_forget(&volume->copier, number);
		psh_route_lose_all(&volume->route, number);
		start_copier(volume);
	}
	mutex_unlock(&volume->lock);
	return r;
}

static int check_segments(struct psh_volume *volume, u64 first, u64 count,
			  char *error)
{
	u64 nr = volume->route.nr_segments;

	if (count && first < nr && count <= nr - first)
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "segments %llu+%llu, expected some within 0..%llu", first,
		  count, nr - 1);
	return -EINVAL;
}

int psh_volume_want_copy(struct psh_volume *volume, unsigned int number,
			 u64 first, u64 count, bool want, char *error)
{
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	if (!r)
		r = check_segments(volume, first, count, error);
	if (!r && !want && number == volume->route.trusted) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the primary, expected a replica",
			  number);
		r = -EINVAL;
	}
	if (!r) {
		r = psh_route_want(&volume->route, first, count, number, want);
		if (r)
			scnprintf(error, PSH_ERROR_SIZE,
				  "more than %u different sets of copies",
				  PSH_RULES_MAX);
		if (!r && !want) {
			/* A job that was about to publish did, or no longer can. */
			psh_copier_forget(&volume->copier, number);
			psh_route_lose_range(&volume->route, first, count,
					     number);
		}
		start_copier(volume);
	}
	mutex_unlock(&volume->lock);
	return r;
}

void psh_volume_reset_stats(struct psh_volume *volume)
{
	unsigned int i;

	mutex_lock(&volume->lock);
	psh_meter_volume_sum(volume->meter, &volume->base);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i))
			psh_meter_member_sum(volume->members.path[i].meter,
					     &volume->members.member[i].base);
	mutex_unlock(&volume->lock);
}
