/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volume: all that belongs to one mapped device and outlives its tables.
 *
 * A volume is found by the mapped device. The first table creates it; each
 * later one, once resumed, gives it its devices (adopt.h) and the last one that
 * goes takes the volume along. Members keep their numbers, copies, counters and
 * knobs over a reload.
 *
 * The volume composes: it embeds the parts and wires them, owns the mutex
 * under which members change state and rules change, and runs the tick that
 * watches over members, paces the copier and sends probes. No part knows it.
 */
#ifndef PSH_VOLUME_H
#define PSH_VOLUME_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include "balance.h"
#include "buffer.h"
#include "copier.h"
#include "core/assembly.h"
#include "fanout.h"
#include "fetch.h"
#include "flight.h"
#include "intent.h"
#include "member.h"
#include "merge.h"
#include "metadata.h"
#include "meter.h"
#include "predict.h"
#include "range.h"
#include "route.h"

#define PSH_TICK_MS		100	/* while there is something to watch */
#define PSH_TICK_IDLE_MS	1000
#define PSH_ERROR_WINDOW	10	/* seconds, in slots of one */

struct psh_policy;
struct psh_sysfs;
struct psh_volume;

/**
 * struct psh_volume_ops - what the layers above must be told
 * @leave: the volume can no longer be found, and goes
 * @renew: a metadata device was dropped; the volume stays active meanwhile
 * @part: a bio leaves the flight before it ends; any context
 */
struct psh_volume_ops {
	void (*leave)(struct psh_volume *volume);
	int (*renew)(struct psh_volume *volume);
	void (*part)(struct psh_volume *volume, struct bio *bio);
};

enum psh_mode {
	PSH_MODE_MANUAL,
	PSH_MODE_ADVISE,
	PSH_MODE_AUTO,
};

/**
 * struct psh_opening - what was found on a table's devices, and what follows
 * @super: what the superblock will say
 * @candidate: the members' devices, in the order of the line
 * @assembly: what follows for them
 * @unmarkable: candidates, by index, without room for a superblock
 * @here: members that hold what the metadata says
 */
struct psh_opening {
	struct psh_super super;
	struct psh_candidate candidate[PSH_MEMBERS_MAX];
	struct psh_assembly assembly;
	u32 unmarkable;
	u32 here;
};

/**
 * struct psh_table - what one loaded table holds open
 * @ti: its target
 * @volume: its volume
 * @config: the parsed line; device texts point into nothing and are not used
 * @metadata: metadata device
 * @mirror: its mirror, or NULL
 * @dev: the members' devices, in the order of the line
 * @meter: counters for members that are new, taken by adopt
 * @buffer: the write buffer if the volume has none yet, taken by adopt
 * @fetcher: what reads it, as @buffer
 * @merge: what brings home what is in it, as @buffer
 * @roots: its roots for as many segments as @words
 * @words: fresh route words if the volume needs them, taken by adopt
 * @recent: the intent's memory for as many segments, taken along
 * @opening: room for what is found on the devices
 * @nr_segments: segments of the table
 */
struct psh_table {
	struct dm_target *ti;
	struct psh_volume *volume;
	struct psh_config config;
	struct dm_dev *metadata;
	struct dm_dev *mirror;
	struct dm_dev *dev[PSH_MEMBERS_MAX];
	struct psh_meter_member __percpu *meter[PSH_MEMBERS_MAX];
	struct psh_buffer *buffer;
	struct psh_fetcher *fetcher;
	struct psh_merge *merge;
	u32 *roots;
	atomic64_t *words;
	unsigned long *recent;
	struct psh_opening *opening;
	u64 nr_segments;
};

/**
 * struct psh_rate - how fast background work goes
 * @sectors: done at the last look
 * @at: of that look, in jiffies
 * @Bps: bytes per second, smoothed when it falls
 */
struct psh_rate {
	u64 sectors;
	unsigned long at;
	u64 Bps;
};

/**
 * struct psh_watch - what the tick remembers of a member
 * @done: requests that had come back at the last tick
 * @waiting: requests were inside at the last tick
 * @moved: jiffies when @done last changed, or when waiting began
 * @errors: errors at the beginning of each second of the window
 */
struct psh_watch {
	u64 done;
	bool waiting;
	unsigned long moved;
	u64 errors[PSH_ERROR_WINDOW];
};

/**
 * struct psh_volume - one volume
 * @md: the mapped device, its key
 * @ops: the layers above
 * @node: in the list of volumes. Registry's mutex
 * @ref: tables that name it
 * @lock: owner's mutex: members' states, rules, knobs, @table, @base
 * @table: the table that is active, or NULL. @lock
 * @active: the volume is resumed. @lock
 * @opened: the metadata was loaded or formatted. @lock
 * @segment_sectors: immutable
 * @len_sectors: changes only while suspended
 * @metadata_dev: immutable
 * @mirror_dev: 0 if there is none; immutable
 * @mode: who decides. @lock
 * @reads_most: requests per second that the home can do; 0 for not known. Knob
 * @writes_most: likewise
 * @policy: rungs of the health ladder. Knobs
 * @meter: counters. per-CPU
 * @base: counters at the last reset
 * @volume_sum: where the tick adds up. @lock
 * @member_sum: where the tick and messages add up. @lock
 * @route: the routing table
 * @members: the members
 * @flight: bios inside
 * @ranges: ranges in use
 * @balance: reads of segments with copies
 * @fanout: writes to several members
 * @copier: fills, resyncs, repairs
 * @metadata: makes changes durable
 * @intent: takes INTENT back
 * @buffer: the write buffer, or NULL. Changes only suspended
 * @fetcher: reads it, or NULL. As @buffer
 * @merge: brings home what is in it, or NULL. As @buffer
 * @predict: what it will be asked
 * @save: saves what it remembers
 * @write_mode: where small writes go first. @lock
 * @told_log: state of the log that was told last. Tick
 * @away: makes durable who was lost
 * @away_pending: it is on its way
 * @away_again: another member was lost meanwhile. @lock
 * @told_failed: metadata devices whose failure was told of. Tick
 * @returning: members about to be used again, not to be noted as away. @lock
 * @going: it goes: the tick ends
 * @renew_due: a metadata device was dropped, and the epoch is the same yet
 * @renew: calls @ops->renew
 * @queue: where read retries and probes are sent
 * @tick_queue: where @tick runs: it gives up on members, so nothing that may
 *		wait for a member or for memory is before it
 * @tick: the watch
 * @watch: the tick's memory of each member. Tick
 * @tick_ops: operations seen by the last tick. Tick
 * @probe_at: jiffies of the next probes. Tick
 * @slot: second of the error window. Tick
 * @slot_at: jiffies when the next second begins. Tick
 * @copy_rate: of the copier. Tick
 * @merge_rate: of merge. Tick
 * @decisions: who decides, the policy layer's
 * @sysfs: its directory, the sysfs layer's
 */
struct psh_volume {
	struct mapped_device *md;
	const struct psh_volume_ops *ops;
	struct list_head node;
	struct kref ref;
	struct mutex lock; /* the owner's mutex */
	struct psh_table *table;
	bool active;
	bool opened;
	u32 segment_sectors;
	u64 len_sectors;
	dev_t metadata_dev;
	dev_t mirror_dev;
	enum psh_mode mode;
	u32 reads_most;
	u32 writes_most;
	struct psh_health_policy policy;
	struct psh_meter_volume __percpu *meter;
	struct psh_meter_volume base;
	struct psh_meter_volume volume_sum;
	struct psh_meter_member member_sum;

	struct psh_route route;
	struct psh_members members;
	struct psh_flight flight;
	struct psh_ranges ranges;
	struct psh_balance balance;
	struct psh_fanout fanout;
	struct psh_copier copier;
	struct psh_metadata metadata;
	struct psh_intent intent;
	struct psh_buffer *buffer;
	struct psh_fetcher *fetcher;
	struct psh_merge *merge;
	struct psh_predict *predict;
	struct work_struct save;
	enum psh_write_mode write_mode;
	enum psh_log_state told_log;
	struct psh_change away;
	bool away_pending;
	bool away_again;
	u32 told_failed;
	u32 returning;
	bool going;
	bool renew_due;
	struct work_struct renew;

	struct workqueue_struct *queue;
	struct workqueue_struct *tick_queue;
	struct delayed_work tick;
	struct psh_watch watch[PSH_MEMBERS_MAX];
	u64 tick_ops;
	unsigned long probe_at;
	unsigned int slot;
	unsigned long slot_at;
	struct psh_rate copy_rate;
	struct psh_rate merge_rate;
	struct psh_policy *decisions;
	struct psh_sysfs *sysfs;
};

/**
 * psh_volume_get() - the volume of a mapped device, created if need be
 * @table: a table of it, configuration parsed and devices open
 * @ops: the layers above
 * @error: PSH_ERROR_SIZE bytes for a message
 *
 * Context: constructor.
 * Return: 0 with @table->volume set, or an error.
 */
int psh_volume_get(struct psh_table *table, const struct psh_volume_ops *ops,
		   char *error);

/**
 * psh_volume_put() - a table goes
 * @table: the table; its devices may be closed afterwards
 *
 * If it is the active one, what is durable is left in order: no segment has
 * INTENT that needs none.
 */
void psh_volume_put(struct psh_table *table);

/** psh_volume_resume() - background work may go on. Context: resume. */
void psh_volume_resume(struct psh_volume *volume);

/** psh_volume_suspend() - end background work. Context: presuspend. */
void psh_volume_suspend(struct psh_volume *volume);

/** psh_volume_suspended() - our own reads are back. Context: postsuspend. */
void psh_volume_suspended(struct psh_volume *volume);

/**
 * psh_volume_set_state() - move a member on the ladder
 * @volume: the volume
 * @number: the member
 * @state: where it stands from now on
 * @reason: for the log
 *
 * A member that is lost is left by everybody before this returns; that it is
 * away becomes durable a moment later. Context: owner's mutex.
 */
void psh_volume_set_state(struct psh_volume *volume, unsigned int number,
			  enum psh_state state, const char *reason);

/** psh_volume_ask_away() - make durable which members are lost. Owner's mutex. */
void psh_volume_ask_away(struct psh_volume *volume);

/**
 * psh_volume_remember() - restore what is known of the load
 * @volume: the volume, whose metadata was just loaded
 *
 * Damage is said in the log, and the history starts afresh. Context: preresume.
 */
void psh_volume_remember(struct psh_volume *volume);

/** psh_volume_may_buffer() - would a write mode work? Owner's mutex. */
static inline bool psh_volume_may_buffer(const struct psh_volume *volume)
{
	return volume->buffer &&
	       psh_buffer_state(volume->buffer) == PSH_LOG_OK;
}

/** psh_volume_start_copier() - something may be there to copy. Owner's mutex. */
void psh_volume_start_copier(struct psh_volume *volume);

/** psh_volume_wire_buffer() - tell a buffer and its neighbours of each other. */
void psh_volume_wire_buffer(struct psh_volume *volume,
			    struct psh_buffer *buffer);

/**
 * psh_volume_set_write_mode() - where small writes go from now on
 * @volume: the volume
 * @mode: the caller makes it durable, now or later
 *
 * Without buffers they go home in any case. Context: owner's mutex.
 */
void psh_volume_set_write_mode(struct psh_volume *volume,
			       enum psh_write_mode mode);

/** psh_volume_is_writable() - may the active table write? Owner's mutex. */
bool psh_volume_is_writable(const struct psh_volume *volume);

/** psh_volume_data_members() - members with a data role, as a bit set. */
u32 psh_volume_data_members(const struct psh_volume *volume);

#endif /* PSH_VOLUME_H */
