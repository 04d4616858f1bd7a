// SPDX-License-Identifier: GPL-2.0
/*
 * flush: see flush.h. Each request has its own memory, which stays with it when
 * its member does not answer and the one who waits leaves.
 */
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/slab.h>

#include "flush.h"

#define LOOK_JIFFIES	max(1, HZ / 20)	/* between two looks at whether to leave */

/**
 * struct flush - a flush inside a member
 * @ref: one for who waits, one for the request
 * @done: it came back
 * @lock: between the one who leaves and the request that ends
 * @left: nobody waits any more. Guarded by @lock
 * @members: the volume's members
 * @number: the member
 * @status: how it ended
 * @bio: the request
 */
struct flush {
	struct kref ref;
	struct completion done;
	spinlock_t lock; /* left against ended */
	bool left;
	struct psh_members *members;
	unsigned int number;
	blk_status_t status;
	struct bio bio;
};

static void flush_free(struct kref *ref)
{
	kfree(container_of(ref, struct flush, ref));
}

static void flush_end(struct bio *bio)
{
	struct flush *flush = container_of(bio, struct flush, bio);
	struct psh_path *path = &flush->members->path[flush->number];
	atomic_t *late = &flush->members->member[flush->number].late;
	unsigned long flags;
	bool left;

	flush->status = bio->bi_status;
	bio_uninit(bio);
	psh_member_flush_end(flush->members, flush->number, flush->status);
	this_cpu_inc(path->meter->done[WRITE]);
	if (flush->status)
		this_cpu_inc(path->meter->errors[WRITE]);
	spin_lock_irqsave(&flush->lock, flags);
	left = flush->left;
	complete(&flush->done);
	spin_unlock_irqrestore(&flush->lock, flags);
	kref_put(&flush->ref, flush_free);
	if (left && atomic_dec_and_test(late))
		wake_up_var(late); /* by address: the volume may be gone */
}

static struct flush *flush_send(struct psh_members *members,
				unsigned int number)
{
	struct flush *flush = kzalloc(sizeof(*flush), GFP_NOIO);
	struct psh_path *path = &members->path[number];

	if (!flush)
		return NULL;
	kref_init(&flush->ref);
	kref_get(&flush->ref);
	init_completion(&flush->done);
	spin_lock_init(&flush->lock);
	flush->members = members;
	flush->number = number;
	bio_init(&flush->bio, path->bdev, NULL, 0,
		 REQ_OP_WRITE | REQ_PREFLUSH | REQ_SYNC);
	flush->bio.bi_end_io = flush_end;
	psh_member_flush_begin(members, number);
	this_cpu_inc(path->meter->begun[WRITE]);
	submit_bio_noacct(&flush->bio);
	return flush;
}

/* True if it came back; false if it was left inside its member. */
static bool flush_wait(struct flush *flush)
{
	atomic_t *late = &flush->members->member[flush->number].late;
	bool left = false;

	while (!left &&
	       !wait_for_completion_timeout(&flush->done, LOOK_JIFFIES)) {
		if (psh_member_is_usable(flush->members, flush->number))
			continue; /* it answers, or will be failed */
		spin_lock_irq(&flush->lock);
		if (!completion_done(&flush->done)) {
			flush->left = true;
			atomic_inc(late);
			left = true;
		}
		spin_unlock_irq(&flush->lock);
	}
	return !left;
}

int psh_flush_members(struct psh_members *members, u32 set)
{
	struct flush *flush[PSH_MEMBERS_MAX] = { };
	unsigned int i;
	int r = 0;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (!(set & BIT(i)) || !psh_member_needs_flush(members, i))
			continue;
		if (!psh_member_is_usable(members, i))
			r = -EIO;
		else
			flush[i] = flush_send(members, i);
		if (!flush[i])
			r = r ? : -ENOMEM;
	}
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (!flush[i])
			continue;
		if (!flush_wait(flush[i]))
			r = r ? : -ETIMEDOUT;
		else if (flush[i]->status)
			r = blk_status_to_errno(flush[i]->status);
		else if (READ_ONCE(members->member[i].flush_failed))
			r = -EIO; /* another one did, and lost what this one asked for */
		kref_put(&flush[i]->ref, flush_free);
	}
	return r;
}
