/* SPDX-License-Identifier: GPL-2.0 */
/*
 * balance: which copy serves a read, and what happens when it does not.
 *
 * A read of a segment with copies goes to the copy with the least expected
 * completion time (core/latency: learnt latency and requests in flight),
 * weighted; another zone than the local one counts as an eighth slower. Only
 * healthy members are asked while there is one. A read that failed goes to
 * another copy, until none is left; the range is then rewritten where it
 * failed (by the copier). A member that is shunned for its latency is probed
 * four times a second with a read of our own, so that it is noticed when it
 * recovers.
 *
 * A read that is inside a member that hangs cannot be taken back: its pages
 * belong to the device until it answers. All others avoid the member.
 */
#ifndef PSH_BALANCE_H
#define PSH_BALANCE_H

#include <linux/bio.h>
#include <linux/llist.h>
#include <linux/workqueue.h>

#include "member.h"
#include "route.h"

#define PSH_PROBE_MS 250

/**
 * struct psh_read - a read of a segment with copies
 * @node: in the list of reads to send again
 * @bio: the read
 * @iter: the bio's extent in the volume, as it came in
 * @begun_ns: when it was sent
 * @segment: its segment
 * @load: requests that were in flight on the member, this one included
 * @tried: members that failed it
 * @member: where it is now
 */
struct psh_read {
	struct llist_node node;
	struct bio *bio;
	struct bvec_iter iter;
	u64 begun_ns;
	u64 segment;
	unsigned int load;
	u16 tried;
	u8 member;
};

/**
 * struct psh_balance - read balance of one volume
 * @route: the routing table
 * @members: the members
 * @home_only: read policy "home". Knob
 * @local_zone: zone preferred among equals. Owner's mutex
 * @remote: members outside @local_zone. Owner's mutex
 * @again: reads to be sent again. lock-free list
 * @work: sends them, from process context
 * @queue: where @work and @probe_work run
 * @turn: the member behind the one chosen last, where looking begins. per-CPU
 * @probe_segment: where the next probe reads. Owned by the tick
 * @probe_sector: where each member is probed. Whoever set its probing bit
 * @probe_due: members to be probed now. atomic bits
 * @probe_work: sends the probes
 * @served: reads done per member at the last probe. Owned by the tick
 */
struct psh_balance {
	struct psh_route *route;
	struct psh_members *members;
	bool home_only;
	char local_zone[PSH_LABEL_SIZE];
	u32 remote;
	struct llist_head again;
	struct work_struct work;
	struct workqueue_struct *queue;
	unsigned int __percpu *turn;
	u64 probe_segment;
	u64 probe_sector[PSH_MEMBERS_MAX];
	unsigned long probe_due;
	struct work_struct probe_work;
	u64 served[PSH_MEMBERS_MAX];
};

int psh_balance_init(struct psh_balance *balance, struct psh_route *route,
		     struct psh_members *members,
		     struct workqueue_struct *queue);
void psh_balance_exit(struct psh_balance *balance);

/**
 * psh_balance_quiesce() - wait for our own reads in members that are usable
 * @balance: the volume's balance
 *
 * Nobody sends new ones. One inside a member that was lost is left; it is
 * waited for before the member goes.
 */
void psh_balance_quiesce(struct psh_balance *balance);

/** psh_balance_set_zone() - say which zone is local. Owner's mutex. */
void psh_balance_set_zone(struct psh_balance *balance, const char *zone);

/**
 * psh_balance_read() - send a read to the best copy
 * @balance: the volume's balance
 * @read: room for what must be remembered, initialised here
 * @bio: the read, mapped in place; to be submitted by the caller
 * @segment: its segment
 * @word: the segment's word
 *
 * Context: any.
 * Return: 0; -EIO if no usable member holds the segment.
 */
int psh_balance_read(struct psh_balance *balance, struct psh_read *read,
		     struct bio *bio, u64 segment, u64 word);

/**
 * psh_balance_end() - a read came back
 * @balance: the volume's balance
 * @read: as sent
 * @status: how it ended
 *
 * Context: any, also hard interrupt.
 * Return: true if the bio was sent to another copy and has not ended.
 */
bool psh_balance_end(struct psh_balance *balance, struct psh_read *read,
		     blk_status_t status);

/**
 * psh_balance_probe() - read a block from members that nobody reads from
 * @balance: the volume's balance
 * @number: the member
 * @served: reads it has done so far
 *
 * Context: the tick, every PSH_PROBE_MS while the volume is read.
 */
void psh_balance_probe(struct psh_balance *balance, unsigned int number,
		       u64 served);

/**
 * psh_route_to() - point a bio at a place on a member
 * @members: the members
 * @number: the member
 * @bio: the bio
 * @sector: sector of the volume, identity mapped
 */
static inline void psh_route_to(struct psh_members *members,
				unsigned int number, struct bio *bio,
				sector_t sector)
{
	const struct psh_path *path = &members->path[number];

	bio_set_dev(bio, path->bdev);
	bio->bi_iter.bi_sector = path->offset + sector;
}

#endif /* PSH_BALANCE_H */
