// SPDX-License-Identifier: GPL-2.0
/*
 * flush: see flush.h. Each request has its own memory, which stays with it when
 * its member does not answer and the one who waits leaves.
 */
#include <linux/mempool.h>

#include "flush.h"
#include "late.h"

/**
 * struct flush - a flush inside a member
 * @late: who waits for it
 * @members: the volume's members
 * @number: the member
 * @status: how it ended
 * @bio: the request
 */
struct flush {
	struct psh_late late;
	struct psh_members *members;
	unsigned int number;
	blk_status_t status;
	struct bio bio;
};

/* Those inside members that hang keep theirs; then only the allocator helps. */
static mempool_t *pool;

int psh_flush_pool_create(void)
{
	pool = mempool_create_kmalloc_pool(PSH_MEMBERS_MAX,
					   sizeof(struct flush));
	return pool ? 0 : -ENOMEM;
}

void psh_flush_pool_destroy(void)
{
	mempool_destroy(pool);
}

static void flush_end(struct bio *bio)
{
	struct flush *flush = container_of(bio, struct flush, bio);
	struct psh_path *path = &flush->members->path[flush->number];
	struct psh_member *member;

	flush->status = bio->bi_status;
	bio_uninit(bio);
	psh_member_flush_end(flush->members, flush->number, flush->status);
	this_cpu_inc(path->meter->done[WRITE]);
	if (flush->status)
		this_cpu_inc(path->meter->errors[WRITE]);
	member = psh_late_end(&flush->late);
	if (member) {
		mempool_free(flush, pool);
		psh_late_gone(member);
	}
}

/* NULL if there is no memory at once and @gfp does not wait for it. */
static struct flush *flush_send(struct psh_members *members,
				unsigned int number, gfp_t gfp)
{
	struct flush *flush = mempool_alloc(pool, gfp);
	struct psh_path *path = &members->path[number];

	if (!flush)
		return NULL;
	psh_late_begin(&flush->late, &members->member[number], 1);
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

static int flush_wait(struct flush *flush)
{
	struct psh_member *member = &flush->members->member[flush->number];
	int r;

	if (!psh_late_wait(&flush->late, 0))
		return -ETIMEDOUT;
	r = blk_status_to_errno(flush->status);
	/* Or another one did, and lost what this one asked for. */
	if (!r && READ_ONCE(member->flush_failed))
		r = -EIO;
	mempool_free(flush, pool);
	return r;
}

int psh_flush_members(struct psh_members *members, u32 set)
{
	struct flush *flush[PSH_MEMBERS_MAX];
	unsigned int i, nr = 0;
	int r = 0, one;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		if (!(set & BIT(i)) || !psh_member_needs_flush(members, i))
			continue;
		if (psh_member_is_failed(&members->member[i])) {
			r = -EIO;
			continue;
		}
		flush[nr] = flush_send(members, i, GFP_NOWAIT | __GFP_NOWARN);
		if (flush[nr]) {
			nr++;
			continue;
		}
		/* Who waits for memory keeps none of it. */
		while (nr) {
			one = flush_wait(flush[--nr]);
			r = r ? : one;
		}
		flush[nr++] = flush_send(members, i, GFP_NOIO);
	}
	while (nr) {
		one = flush_wait(flush[--nr]);
		r = r ? : one;
	}
	return r;
}
