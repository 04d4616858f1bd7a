// SPDX-License-Identifier: GPL-2.0
/*
 * volume: see volume.h.
 *
 * Locks, outermost first: registry, then the volume's mutex. The I/O path
 * takes neither. Members change state only here, in this order: the sets that
 * the I/O path looks at, then the copier's jobs, then the words, durably; the
 * member is not usable again before that, and not while a request that was given
 * up on is still inside it.
 */
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "compat.h"
#include "cycle.h"
#include "replay.h"
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

/* A member failed a request: look at once. Context: any. */
static void look_now(void *owner)
{
	struct psh_volume *volume = owner;

	if (!READ_ONCE(volume->going))
		mod_delayed_work(volume->tick_queue, &volume->tick, 0);
}

/* Who has failed is away, and the mode is what it is now. The metadata's worker. */
static void note_away(const struct psh_change *change, struct psh_super *super)
{
	struct psh_volume *volume = container_of(change, struct psh_volume,
						 away);
	u32 failed = 0, lost = 0;
	unsigned int i;

	super->write_mode = READ_ONCE(volume->write_mode);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i) &&
		    !(READ_ONCE(volume->returning) & BIT(i)) &&
		    READ_ONCE(volume->members.member[i].state) ==
		    PSH_STATE_FAILED)
			failed |= BIT(i);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (super->member[i].flags & PSH_MEMBER_LOST)
			lost |= BIT(i);
	/* What the last buffer of a lane missed is never durable on it. */
	if (volume->buffer)
		lost |= psh_buffer_spare(volume->buffer, failed & ~lost, lost);
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (failed & BIT(i))
			super->member[i].flags |= PSH_MEMBER_AWAY;
		if (lost & BIT(i))
			super->member[i].flags |= PSH_MEMBER_LOST;
	}
}

static u64 word_while_away(const struct psh_change *change, u64 segment,
			   u64 word)
{
	struct psh_volume *volume = container_of(change, struct psh_volume,
						 away);

	return psh_word_away(word, psh_super_away(&volume->metadata.next));
}

static void away_done(struct psh_change *change)
{
	struct psh_volume *volume = container_of(change, struct psh_volume,
						 away);

	/* The tick must see what the words have become. */
	smp_store_release(&volume->away_pending, false);
	look_now(volume);
}

void psh_volume_ask_away(struct psh_volume *volume)
{
	lockdep_assert_held(&volume->lock);
	volume->away_again = volume->away_pending;
	if (volume->away_again)
		return;
	volume->away_pending = true;
	volume->away.kind = PSH_CHANGE_SAVE;
	volume->away.edit = note_away;
	volume->away.word = word_while_away;
	volume->away.done = away_done;
	psh_metadata_ask(&volume->metadata, &volume->away);
}

static u32 failed_buffers(const struct psh_volume *volume)
{
	const struct psh_members *members = &volume->members;
	u32 failed = 0;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members->present & BIT(i) &&
		    members->member[i].role == PSH_ROLE_BUFFER &&
		    members->member[i].state == PSH_STATE_FAILED)
			failed |= BIT(i);
	return failed;
}

/* What waited for lost members to be away, durably, can go on. */
static void settle_lost(struct psh_volume *volume)
{
	u32 lost = volume->members.unsettled;
	unsigned int i;
	bool durable;

	if (smp_load_acquire(&volume->away_pending)) /* pairs with away_done() */
		return;
	if (volume->away_again) {
		psh_volume_ask_away(volume);
		return;
	}
	durable = !volume->away.result;
	for (i = 0; durable && lost && i < PSH_MEMBERS_MAX; i++)
		if (lost & BIT(i) &&
		    !psh_route_only_on(&volume->route, BIT(i)))
			psh_member_settled(&volume->members, BIT(i));
	psh_fanout_judge(&volume->fanout, durable);
	/* On a read-only table it is asked again when there is another. */
	if (volume->buffer && failed_buffers(volume) &&
	    volume->away.result != -EROFS)
		psh_buffer_lost(volume->buffer, failed_buffers(volume),
				durable);
}

void psh_volume_set_state(struct psh_volume *volume, unsigned int number,
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
		psh_volume_ask_away(volume);
	}
	raise_event(volume);
}

static void renew(struct work_struct *work)
{
	struct psh_volume *volume = container_of(work, struct psh_volume,
						 renew);

	if (volume->ops->renew(volume))
		WRITE_ONCE(volume->renew_due, true); /* the tick tries again */
}

/* Metadata devices fail in steps too. */
static void tell_metadata(struct psh_volume *volume)
{
	u32 failed = READ_ONCE(volume->metadata.failed);

	if (failed == volume->told_failed)
		return;
	volume->renew_due |= failed & ~volume->told_failed;
	volume->told_failed = failed;
	DMERR("%s: %s: metadata is %s", dm_device_name(volume->md),
	      volume->metadata.error,
	      psh_metadata_state_name(&volume->metadata));
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

/* Does it alone hold something? */
static bool is_indispensable(struct psh_volume *volume, unsigned int number)
{
	if (volume->members.member[number].role == PSH_ROLE_BUFFER)
		return volume->buffer &&
		       psh_buffer_only_on(volume->buffer, number);
	return psh_route_only_on(&volume->route,
				 BIT(number) | ~volume->members.usable);
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
	    is_indispensable(volume, number))
		state = PSH_STATE_SUSPECT;
	/* But what it missed it does not have. */
	if (volume->buffer && psh_buffer_failing(volume->buffer) & BIT(number)) {
		state = PSH_STATE_FAILED;
		reason = "it missed a part of the buffer log";
	}
	if (state != member->state)
		psh_volume_set_state(volume, number, state, reason);
	if (probe)
		psh_balance_probe(&volume->balance, number, sum->done[READ]);
}

static void update_rate(struct psh_rate *rate, u64 sectors)
{
	unsigned long passed = jiffies - rate->at;
	u64 Bps;

	if (passed < HZ)
		return;
	Bps = div_u64((sectors - min(sectors, rate->sectors)) << SECTOR_SHIFT,
		      passed) * HZ;
	rate->Bps = Bps < rate->Bps ? (Bps + rate->Bps) / 2 : Bps;
	rate->sectors = sectors;
	rate->at = jiffies;
}

static void update_copy_rate(struct psh_volume *volume)
{
	struct psh_meter_member *sum = &volume->member_sum;
	u64 copied = 0;
	unsigned int i;

	if (jiffies - volume->copy_rate.at < HZ)
		return;
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i)) {
			psh_meter_member_sum(volume->members.path[i].meter,
					     sum);
			copied += sum->copied_sectors;
		}
	update_rate(&volume->copy_rate, copied);
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

static void look_at_buffer(struct psh_volume *volume, bool busy)
{
	struct psh_buffer *buffer = volume->buffer;
	enum psh_log_state state = psh_buffer_state(buffer);

	/* Each FLUSH of a stranded log tries once more. */
	if (state != volume->told_log &&
	    !(state == PSH_LOG_BROKEN && volume->told_log == PSH_LOG_STRANDED)) {
		volume->told_log = state;
		DMWARN("%s: write buffer: %s",
		       dm_device_name(volume->md), psh_log_state_text(state));
		raise_event(volume);
	}
	/* All goes home, and not by way of the log. */
	if (state != PSH_LOG_OK && !volume->merge->drain)
		psh_volume_set_write_mode(volume, volume->write_mode);
	psh_buffer_tick(buffer);
	update_rate(&volume->merge_rate, READ_ONCE(buffer->merged_sectors));
	psh_merge_tick(volume->merge, busy);
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
	psh_fanout_collect(&volume->fanout);
	psh_fanout_oldest(&volume->fanout, age);
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (volume->members.present & BIT(i))
			watch_member(volume, i, age[i], next_slot, probe);
		/* Sent while its member was being lost. */
		if (age[i] && !psh_member_is_usable(&volume->members, i))
			psh_fanout_give_up(&volume->fanout);
	}
	settle_lost(volume);
	tell_metadata(volume);
	if (volume->buffer)
		look_at_buffer(volume, busy);
	if (volume->active && READ_ONCE(volume->renew_due) &&
	    psh_metadata_can_change(&volume->metadata)) {
		WRITE_ONCE(volume->renew_due, false);
		queue_work(volume->queue, &volume->renew);
	}
	if (volume->active)
		pace_copier(volume, busy);
	busy = busy || psh_route_missing(&volume->route);
	if (!READ_ONCE(volume->going))
		queue_delayed_work(volume->tick_queue, &volume->tick,
				   msecs_to_jiffies(busy ? PSH_TICK_MS :
							   PSH_TICK_IDLE_MS));
	mutex_unlock(&volume->lock);
}

static void all_in_sync(void *owner)
{
	struct psh_volume *volume = owner;

	mutex_lock(&volume->lock);
	DMINFO("%s: all copies are in sync", dm_device_name(volume->md));
	raise_event(volume);
	mutex_unlock(&volume->lock);
}

/* --- what is known of the load ----------------------------------------------- */

/* Losing it is no error: at most an hour's samples are not there then. */
static void save_now(struct psh_volume *volume)
{
	struct psh_change keep = { .kind = PSH_CHANGE_KEEP };
	u8 *data;
	int r;

	if (!psh_metadata_can_change(&volume->metadata))
		return;
	data = kvmalloc(PSH_PREDICT_BYTES, GFP_NOIO | __GFP_NOWARN);
	if (!data)
		return;
	keep.data = data;
	keep.bytes = psh_predict_save(volume->predict, data);
	if (keep.bytes) {
		r = psh_metadata_do(&volume->metadata, &keep);
		if (r)
			DMWARN("%s: what is known of the load could not be saved (error %d)",
			       dm_device_name(volume->md), r);
	}
	kvfree(data);
}

static void save(struct work_struct *work)
{
	save_now(container_of(work, struct psh_volume, save));
}

static void save_soon(void *owner)
{
	struct psh_volume *volume = owner;

	queue_work(volume->queue, &volume->save);
}

void psh_volume_remember(struct psh_volume *volume)
{
	struct psh_metadata *metadata = &volume->metadata;
	u8 *data = kvmalloc(PSH_PREDICT_BYTES, GFP_KERNEL);
	u32 bytes;
	int r = -ENOMEM;

	if (data)
		r = psh_archive_load(&metadata->archive, &metadata->store,
				     data, PSH_PREDICT_BYTES, &bytes);
	if (!r)
		r = psh_predict_restore(volume->predict, data, bytes);
	kvfree(data);
	if (r && r != -ENODATA)
		DMWARN("%s: what is known of the load cannot be read (error %d), it starts afresh",
		       dm_device_name(volume->md), r);
}

/* --- life ---------------------------------------------------------------- */

static void wire_metadata(struct psh_volume *volume)
{
	struct psh_metadata *metadata = &volume->metadata;
	struct psh_intent *intent = &volume->intent;

	metadata->route = &volume->route;
	metadata->members = &volume->members;
	metadata->trouble = look_now;
	metadata->owner = volume;
	intent->route = &volume->route;
	intent->members = &volume->members;
	intent->flight = &volume->flight;
	intent->metadata = metadata;
	intent->queue = volume->queue;
}

static void wire(struct psh_volume *volume)
{
	struct psh_copier *copier = &volume->copier;
	struct psh_fanout *fanout = &volume->fanout;

	wire_metadata(volume);
	copier->route = &volume->route;
	copier->members = &volume->members;
	copier->flight = &volume->flight;
	copier->ranges = &volume->ranges;
	copier->metadata = &volume->metadata;
	copier->meter = volume->meter;
	copier->in_sync = all_in_sync;
	copier->owner = volume;
	fanout->route = &volume->route;
	fanout->members = &volume->members;
	fanout->copier = &volume->copier;
	fanout->ranges = &volume->ranges;
	fanout->intent = &volume->intent;
	fanout->metadata = &volume->metadata;
	fanout->trouble = look_now;
	fanout->owner = volume;
}

/* What needs memory of its own, in the order in which it is given back. */
static int volume_init(struct psh_volume *volume)
{
	int r = -ENOMEM;

	volume->meter = alloc_percpu(struct psh_meter_volume);
	if (!volume->meter)
		return r;
	volume->queue = alloc_workqueue("predshard-%s",
					WQ_UNBOUND | WQ_MEM_RECLAIM, 0,
					dm_device_name(volume->md));
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
	r = psh_metadata_init(&volume->metadata);
	if (r)
		goto exit_balance;
	r = psh_copier_init(&volume->copier);
	if (r)
		goto exit_metadata;
	r = psh_fanout_init(&volume->fanout);
	if (r)
		goto exit_copier;
	volume->predict = psh_predict_create(volume->meter);
	if (volume->predict) {
		volume->predict->hour_over = save_soon;
		volume->predict->owner = volume;
		return 0;
	}

	r = -ENOMEM;
	psh_fanout_exit(&volume->fanout);
exit_copier:
	psh_copier_exit(&volume->copier);
exit_metadata:
	psh_metadata_exit(&volume->metadata);
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
	return r;
}

static struct psh_volume *volume_create(struct psh_table *table,
					struct mapped_device *md,
					const struct psh_volume_ops *ops)
{
	struct psh_volume *volume = kvzalloc(sizeof(*volume), GFP_KERNEL);
	int r;

	if (!volume)
		return ERR_PTR(-ENOMEM);
	volume->md = md;
	volume->ops = ops;
	kref_init(&volume->ref);
	mutex_init(&volume->lock);
	volume->policy = default_policy;
	volume->segment_sectors = table->config.segment_sectors;
	volume->metadata_dev = table->metadata->bdev->bd_dev;
	volume->mirror_dev = table->mirror ? table->mirror->bdev->bd_dev : 0;
	volume->route.shift = ilog2(volume->segment_sectors);
	INIT_DELAYED_WORK(&volume->tick, tick);
	INIT_WORK(&volume->renew, renew);
	INIT_WORK(&volume->save, save);
	psh_members_init(&volume->members);
	psh_ranges_init(&volume->ranges, volume->route.shift);
	psh_intent_init(&volume->intent);
	r = volume_init(volume);
	if (r) {
		kvfree(volume);
		return ERR_PTR(r);
	}
	wire(volume);
	list_add(&volume->node, &volumes);
	return volume;
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
	if (volume->buffer)
		psh_buffer_wait(volume->buffer);
}

static void past_buffer(void *owner, struct bio *bio)
{
	struct psh_volume *volume = owner;

	psh_fanout_write(&volume->fanout, bio, false);
}

static void note_void(const struct psh_change *change, struct psh_super *super)
{
	psh_super_void_log(super);
}

/* The buffers may go then, or be formatted anew. */
static int make_log_void(void *owner)
{
	struct psh_volume *volume = owner;
	struct psh_change empty = {
		.kind = PSH_CHANGE_SAVE,
		.edit = note_void,
	};

	return psh_metadata_do(&volume->metadata, &empty);
}

static void part_from_flight(void *owner, struct bio *bio)
{
	struct psh_volume *volume = owner;

	volume->ops->part(volume, bio);
}

static void hurry(void *owner)
{
	struct psh_volume *volume = owner;

	psh_merge_hurry(volume->merge);
}

void psh_volume_wire_buffer(struct psh_volume *volume,
			    struct psh_buffer *buffer)
{
	buffer->route = &volume->route;
	buffer->members = &volume->members;
	buffer->ranges = &volume->ranges;
	buffer->fanout = &volume->fanout;
	buffer->past = past_buffer;
	buffer->part = part_from_flight;
	buffer->trouble = look_now;
	buffer->crowded = hurry;
	buffer->make_void = make_log_void;
	buffer->owner = volume;
	psh_cycle_init(buffer);
}

void psh_volume_set_write_mode(struct psh_volume *volume,
			       enum psh_write_mode mode)
{
	bool absorb = volume->buffer && mode == PSH_WRITE_BUFFER &&
		      !READ_ONCE(volume->buffer->broken);
	u64 segment;

	lockdep_assert_held(&volume->lock);
	WRITE_ONCE(volume->write_mode, mode);
	if (!volume->buffer)
		return;
	WRITE_ONCE(volume->merge->drain, !absorb);
	for (segment = 0; segment < volume->route.nr_segments; segment++) {
		psh_route_flag(&volume->route, segment,
			       absorb ? PSH_WORD_ABSORB : 0,
			       absorb ? 0 : PSH_WORD_ABSORB);
		if (!(segment % 4096))
			cond_resched();
	}
}

static void volume_destroy(struct psh_volume *volume)
{
	psh_intent_stop(&volume->intent);
	psh_copier_stop(&volume->copier);
	WRITE_ONCE(volume->going, true);
	cancel_delayed_work_sync(&volume->tick);
	/* It may have asked for something, whose end looks at @going too late. */
	psh_metadata_settle(&volume->metadata);
	cancel_delayed_work_sync(&volume->tick);
	wait_late(volume);
	mutex_lock(&registry);
	list_del(&volume->node);
	mutex_unlock(&registry);
	psh_predict_destroy(volume->predict);
	psh_merge_free(volume->merge);
	psh_fetcher_free(volume->fetcher);
	psh_buffer_free(volume->buffer);
	psh_fanout_exit(&volume->fanout);
	psh_copier_exit(&volume->copier);
	psh_metadata_exit(&volume->metadata);
	psh_intent_exit(&volume->intent);
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

/*
 * Does another volume use this metadata device? One that goes may still have
 * writes inside its members.
 */
static bool is_taken(const struct dm_dev *metadata, char *error)
{
	struct psh_volume *volume;

	lockdep_assert_held(&registry);
	if (!metadata)
		return false;
	list_for_each_entry(volume, &volumes, node) {
		dev_t dev = metadata->bdev->bd_dev;

		if (volume->metadata_dev != dev && volume->mirror_dev != dev)
			continue;
		scnprintf(error, PSH_ERROR_SIZE,
			  "metadata device %pg is in use by another volume%s",
			  metadata->bdev, volume->md ? "" : " that is going");
		return true;
	}
	return false;
}

int psh_volume_get(struct psh_table *table, const struct psh_volume_ops *ops,
		   char *error)
{
	struct mapped_device *md = dm_table_get_md(table->ti->table);
	struct psh_volume *volume;
	int r = 0;

	mutex_lock(&registry);
	volume = find(md);
	if (!volume && (is_taken(table->metadata, error) ||
			is_taken(table->mirror, error))) {
		r = -EBUSY;
	} else if (!volume) {
		volume = volume_create(table, md, ops);
		if (IS_ERR(volume)) {
			r = PTR_ERR(volume);
			strscpy(error, "no memory for the volume",
				PSH_ERROR_SIZE);
		}
	} else {
		kref_get(&volume->ref);
	}
	mutex_unlock(&registry);
	if (!r)
		table->volume = volume;
	return r;
}

/* From here on a new table of the same device gets a new volume. */
static void unlist(struct kref *ref)
{
	struct psh_volume *volume = container_of(ref, struct psh_volume, ref);

	volume->ops->leave(volume);
	volume->md = NULL;
}

/* Suspended: nothing is added to the log any more. */
static void close_buffer(struct psh_volume *volume)
{
	unsigned int i;
	int r = 0;

	if (!READ_ONCE(volume->metadata.writable) ||
	    READ_ONCE(volume->buffer->broken))
		return;
	/* A few, until the tail has passed what was brought home. */
	for (i = 0; i < 4 && !r; i++)
		r = psh_cycle_do(volume->buffer);
	if (r || psh_replay_close(volume->buffer))
		DMWARN("%s: the buffer log could not be closed in order",
		       dm_device_name(volume->md));
	if (volume->write_mode == PSH_WRITE_HOME &&
	    psh_buffer_is_empty(volume->buffer))
		make_log_void(volume);
}

/* The active table goes, and its devices with it. It is suspended. */
static void close_in_order(struct psh_volume *volume)
{
	if (volume->buffer)
		close_buffer(volume);
	psh_intent_close(&volume->intent);
	save_now(volume);
	psh_metadata_settle(&volume->metadata);
	WRITE_ONCE(volume->metadata.writable, false);
}

void psh_volume_put(struct psh_table *table)
{
	struct psh_volume *volume = table->volume;
	bool last;

	if (READ_ONCE(volume->table) == table)
		close_in_order(volume);
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

/* --- life of a table -------------------------------------------------------- */

/* Its table may be gone while sysfs or a message still finds it. */
bool psh_volume_is_writable(const struct psh_volume *volume)
{
	return volume->table &&
	       dm_table_get_mode(volume->table->ti->table) & BLK_OPEN_WRITE;
}

/* A volume that is suspended or read-only copies nothing. */
void psh_volume_start_copier(struct psh_volume *volume)
{
	lockdep_assert_held(&volume->lock);
	if (volume->active && psh_volume_is_writable(volume))
		psh_copier_start(&volume->copier);
}

u32 psh_volume_data_members(const struct psh_volume *volume)
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

void psh_volume_resume(struct psh_volume *volume)
{
	mutex_lock(&volume->lock);
	volume->active = true;
	psh_volume_start_copier(volume);
	if (volume->merge && psh_volume_is_writable(volume))
		psh_merge_start(volume->merge);
	if (psh_volume_is_writable(volume))
		psh_intent_start(&volume->intent);
	/* Lost while nothing could be written. */
	if (volume->members.unsettled || failed_buffers(volume))
		psh_volume_ask_away(volume);
	queue_delayed_work(volume->tick_queue, &volume->tick, 0);
	mutex_unlock(&volume->lock);
	psh_predict_start(volume->predict, dm_device_name(volume->md));
}

void psh_volume_suspend(struct psh_volume *volume)
{
	mutex_lock(&volume->lock);
	volume->active = false;
	mutex_unlock(&volume->lock);
	/* Not under the mutex: the tick must go on watching what we wait for. */
	if (cancel_work_sync(&volume->renew))
		WRITE_ONCE(volume->renew_due, true);
	psh_predict_stop(volume->predict);
	cancel_work_sync(&volume->save);
	psh_intent_stop(&volume->intent);
	psh_copier_stop(&volume->copier);
}

void psh_volume_suspended(struct psh_volume *volume)
{
	psh_balance_quiesce(&volume->balance);
	/* What was acknowledged is on the devices, as without a buffer. */
	if (volume->buffer && READ_ONCE(volume->metadata.writable) &&
	    psh_cycle_do(volume->buffer))
		DMWARN("%s: what is in the buffer could not be made durable",
		       dm_device_name(volume->md));
	/* Until then: a flush may wait until it has made room. */
	if (volume->merge)
		psh_merge_stop(volume->merge);
}
