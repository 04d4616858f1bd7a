/* SPDX-License-Identifier: GPL-2.0 */
/*
 * member: the underlying devices of a volume and what is known of each.
 *
 * A member has a number, 0..15, that it keeps over table reloads. What the
 * fast path needs of all members is a few read-mostly words (struct psh_path,
 * the sets of usable and healthy members); everything that is written per
 * request on the slower paths sits in cache lines of its own.
 *
 * The state ladder is decided in core/health and only goes down by itself.
 * A member that is not usable is sent nothing new; a write that was given up
 * on may still be inside it (late), and until that came back the member cannot
 * be used again.
 */
#ifndef PSH_MEMBER_H
#define PSH_MEMBER_H

#include <linux/atomic.h>
#include <linux/blkdev.h>
#include <linux/device-mapper.h>

#include "core/health.h"
#include "core/latency.h"
#include "core/pace.h"
#include "core/table.h"
#include "meter.h"

#define PSH_WEIGHT_DEFAULT	100U
#define PSH_WEIGHT_MAX		1000U

/**
 * struct psh_path - what the fast path needs to send a bio to a member
 * @bdev: the device
 * @offset: first sector of the member's share
 * @meter: the member's counters
 *
 * Changes only while the volume is suspended.
 */
struct psh_path {
	struct block_device *bdev;
	sector_t offset;
	struct psh_meter_member __percpu *meter;
};

/**
 * struct psh_member - one underlying device
 * @number: its number in the volume, immutable
 * @role: what it is for. Changes only suspended
 * @dev: the device number. Changes only suspended
 * @zone: failure domain, "" if none. Changes only suspended
 * @tier: offering, "" if none. Changes only suspended
 * @state: rung of the ladder. Written by the owner under its mutex
 * @weight: relative share of reads, 1..PSH_WEIGHT_MAX. Knob
 * @weight_cost_q8: 256 * default / @weight, kept with it
 * @async: its copies are not written with the home but copied later. Knob
 * @limit_Bps: most that background copies may use, 0 for no limit. Knob
 * @floor_Bps: what they may always use. Knob
 * @base: counters at the last reset. Owner's mutex
 * @pace: token bucket of background copies. Copier's lock
 * @latency: what is learnt of it. Racing stores, see core/latency.h
 * @load: requests in flight that the balance or the fan-out sent. atomic
 * @late: writes given up on that are still inside. atomic
 * @flushing: flushes inside. atomic
 * @flush_failed: a flush failed since it was last returned. Racing
 * @probing: a probe is inside. atomic bit
 */
struct psh_member {
	unsigned int number;
	enum psh_role role;
	dev_t dev;
	char zone[PSH_LABEL_SIZE];
	char tier[PSH_LABEL_SIZE];
	enum psh_state state;
	unsigned int weight;
	unsigned int weight_cost_q8;
	bool async;
	u64 limit_Bps;
	u64 floor_Bps;
	struct psh_meter_member base;
	struct psh_pace pace;

	struct psh_latency latency ____cacheline_aligned_in_smp;
	atomic_t load ____cacheline_aligned_in_smp;
	atomic_t late;
	atomic_t flushing;
	bool flush_failed;
	unsigned long probing;
};

/**
 * struct psh_members - the members of a volume
 * @path: by number; bdev is NULL where there is no member
 * @present: numbers in use. Changes only suspended
 * @usable: data members that may be sent something. Owner's mutex
 * @healthy: those of @usable that are ok. Owner's mutex
 * @async: those whose copies are not written with the home. Owner's mutex
 * @unsettled: data members that were lost and are not away yet, durably, or hold
 *	       something alone. Owner's mutex
 * @unflushed: by number: it acknowledged a write since the last flush began.
 *	       Racing, see psh_member_needs_flush()
 * @member: by number
 */
struct psh_members {
	struct psh_path path[PSH_MEMBERS_MAX];
	bool unflushed[PSH_MEMBERS_MAX];
	u32 present;
	u32 usable;
	u32 healthy;
	u32 async;
	u32 unsettled;
	struct psh_member member[PSH_MEMBERS_MAX];
};

void psh_members_init(struct psh_members *members);
void psh_members_exit(struct psh_members *members);

/** psh_role_holds_data() - whether a role holds segments. */
static inline bool psh_role_holds_data(enum psh_role role)
{
	return role == PSH_ROLE_PRIMARY || role == PSH_ROLE_REPLICA;
}

/**
 * psh_member_add() - a device becomes a member
 * @members: the volume's members
 * @number: a number that is free
 * @config: role, offset and labels
 * @bdev: the open device
 * @meter: fresh counters, freed with the member
 *
 * Context: process, volume suspended.
 */
void psh_member_add(struct psh_members *members, unsigned int number,
		    const struct psh_member_config *config,
		    struct block_device *bdev,
		    struct psh_meter_member __percpu *meter);

/** psh_member_remove() - take a member's number back. Volume suspended. */
void psh_member_remove(struct psh_members *members, unsigned int number);

/**
 * psh_member_find() - number of a device's share
 * @members: the volume's members
 * @dev: the device
 * @offset: first sector of the share
 *
 * Return: the number, or -ENOENT.
 */
int psh_member_find(const struct psh_members *members, dev_t dev, u64 offset);

/**
 * psh_member_set_state() - move a member on the ladder
 * @members: the volume's members
 * @number: the member
 * @state: where it stands from now on
 *
 * Context: owner's mutex. The sets are updated before this returns; bios that
 * looked before may still be on their way.
 */
void psh_member_set_state(struct psh_members *members, unsigned int number,
			  enum psh_state state);

/**
 * psh_member_settled() - members are away, durably, and hold nothing alone
 * @members: the volume's members
 * @set: which
 *
 * Their unflushed writes are nobody's concern any more. Owner's mutex.
 */
void psh_member_settled(struct psh_members *members, u32 set);

/** psh_member_set_weight() - set the share of reads. Owner's mutex. */
void psh_member_set_weight(struct psh_member *member, unsigned int weight);

/** psh_member_is_usable() - may it be sent something? Context: any. */
static inline bool psh_member_is_usable(const struct psh_members *members,
					unsigned int number)
{
	return READ_ONCE(members->usable) >> number & 1;
}

/** psh_member_is_failed() - was it given up on? Context: any. */
static inline bool psh_member_is_failed(const struct psh_member *member)
{
	return READ_ONCE(member->state) == PSH_STATE_FAILED;
}

/**
 * psh_member_wrote() - a write to a member was completed
 * @members: the members
 * @number: the member
 *
 * To be called before the write is acknowledged; the next FLUSH will reach
 * the member. Writes the line only once between two flushes.
 * Context: any.
 */
static inline void psh_member_wrote(struct psh_members *members,
				    unsigned int number)
{
	if (!READ_ONCE(members->unflushed[number]))
		WRITE_ONCE(members->unflushed[number], true);
}

/**
 * psh_member_flush_begin() - a flush is about to be sent
 * @members: the members
 * @number: the member
 *
 * Counted in before the mark is cleared, so that another flush which finds no
 * mark finds the count (pairs with psh_member_needs_flush()).
 * Context: any.
 */
static inline void psh_member_flush_begin(struct psh_members *members,
					  unsigned int number)
{
	this_cpu_inc(members->path[number].meter->flushes);
	atomic_inc(&members->member[number].flushing);
	smp_mb__after_atomic(); /* pairs with psh_member_needs_flush() */
	WRITE_ONCE(members->unflushed[number], false);
}

/** psh_member_flush_end() - a flush came back. Context: any. */
static inline void psh_member_flush_end(struct psh_members *members,
					unsigned int number, bool failed)
{
	if (failed) {
		WRITE_ONCE(members->unflushed[number], true);
		WRITE_ONCE(members->member[number].flush_failed, true);
	}
	smp_mb__before_atomic(); /* the mark before the count */
	atomic_dec(&members->member[number].flushing);
}

/**
 * psh_member_needs_flush() - must a flush reach this member?
 * @members: the members
 * @number: the member
 *
 * It must if a write was acknowledged since the last flush began, or while a
 * flush is inside whose end the new one would otherwise not wait for.
 *
 * Context: any.
 * Return: true if it must.
 */
static inline bool psh_member_needs_flush(const struct psh_members *members,
					  unsigned int number)
{
	if (READ_ONCE(members->unflushed[number]))
		return true;
	smp_rmb(); /* pairs with psh_member_flush_begin() */
	if (atomic_read(&members->member[number].flushing))
		return true;
	smp_rmb(); /* pairs with psh_member_flush_end() */
	return READ_ONCE(members->member[number].flush_failed);
}

/**
 * psh_status_of() - how a request ended, in one word for every transport
 * @bio: the request
 * @status: what it ended with
 *
 * SCSI says BLK_STS_TARGET when it cannot discard or write zeroes.
 *
 * Return: the status.
 */
static inline blk_status_t psh_status_of(struct bio *bio, blk_status_t status)
{
	bool data = bio_op(bio) == REQ_OP_READ || bio_op(bio) == REQ_OP_WRITE;

	return status == BLK_STS_TARGET && !data ? BLK_STS_NOTSUPP : status;
}

/**
 * psh_status_is_refusal() - the request was not possible, the device is well
 * @status: how a request ended
 *
 * Return: true if nothing is said about the device.
 */
static inline bool psh_status_is_refusal(blk_status_t status)
{
	return status == BLK_STS_NOTSUPP || status == BLK_STS_AGAIN;
}

#endif /* PSH_MEMBER_H */
