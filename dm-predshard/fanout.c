// SPDX-License-Identifier: GPL-2.0
/*
 * fanout: see fanout.h for what is promised.
 *
 * A fan goes through: take memory, hold its range, look at the word, ask for
 * INTENT if it is not there, send one leg per target, and settle when the last leg
 * is accounted for. The first of these happen in the map call if nothing must
 * wait, else in a work. All memory
 * is taken at once, before the range is held: who holds a range needs nothing
 * more to finish. Fan, legs and vectors are one piece of memory.
 *
 * Each leg ends exactly once for its fan: either it comes back, or it is given
 * up on; the leg's own state word, moved by compare and exchange, decides
 * which was first. The memory stays until the last leg given up on is back.
 */
#include <linux/slab.h>

#include "compat.h"
#include "fanout.h"
#include "trace.h"

#define FAN_RESERVE	2	/* one in the feeder's hands, one in flight */
/* KASAN sees more if every fan goes back to the slab. */
#define STASH_MOST	(IS_ENABLED(CONFIG_KASAN) ? 0 : 16)
#define FEW_VECS	16	/* in the fan itself: up to 64 KiB of single pages */
#define MOST_VECS	256	/* a bio has no more */

/* Shared by all volumes; each has its own reserve on top. */
static struct kmem_cache *fan_cache[PSH_FAN_SIZES];

enum leg_state {
	LEG_INSIDE,
	LEG_ENDED,
	LEG_GIVEN_UP,
};

/**
 * struct psh_leg - the request to one member
 * @fan: whose
 * @again: in the list of legs to be sent once more
 * @number: the member
 * @tried: it failed once and is sent again
 * @state: enum leg_state. atomic
 * @bio: the request
 */
struct psh_leg {
	struct psh_fan *fan;
	struct llist_node again;
	unsigned int number;
	bool tried;
	atomic_t state;
	struct bio bio;
};

/**
 * struct psh_fan - one request on its way to several members
 * @range: what it changes, held until it ends; empty for a flush
 * @node: in the list of granted fans, later of those with legs given up on
 * @fanout: whose
 * @bio: the user's bio
 * @iter: the extent in the volume and in @vec; empty for a flush
 * @segment: its segment
 * @begun: jiffies when the legs were sent
 * @begun_ns: the same as a clock, if they are measured, else 0
 * @size: index of the pool it came from
 * @legs: legs in use; 0 until all are ready
 * @given_up: legs just given up on. Owned by psh_fanout_give_up()
 * @targets: members it is sent to
 * @asked: it asked for INTENT
 * @deferred: sent by a worker, for somebody else's control group
 * @own: the bio is ours, not the user's, and its range is held by who sent it
 * @status: the first error. Racing
 * @failed: members where it failed. atomic
 * @change: what it asks of the metadata
 * @pending: legs that have not ended, and one for who sends them. atomic
 * @ref: one for the fan, one for each leg given up on. atomic
 * @nr_vecs: vectors of @vec
 * @vec: the vectors of all legs; the user's may be gone when a late leg ends
 * @few: where @vec is, if they are few
 * @is_pinned: a leg was given up on, and pages were pinned
 * @pinned: by vector: its pages are pinned
 * @memory: of the legs, as many as the pool has room for; see leg_at()
 */
struct psh_fan {
	struct psh_range range;
	struct llist_node node;
	struct psh_fanout *fanout;
	struct bio *bio;
	struct bvec_iter iter;
	u64 segment;
	unsigned long begun;
	u64 begun_ns;
	unsigned int size;
	unsigned int legs;
	unsigned int given_up;
	u32 targets;
	bool asked;
	bool deferred;
	bool own;
	blk_status_t status;
	atomic_t failed;
	struct psh_change change;
	atomic_t pending;
	atomic_t ref;
	unsigned int nr_vecs;
	struct bio_vec *vec;
	struct bio_vec few[FEW_VECS];
	bool is_pinned;
	DECLARE_BITMAP(pinned, MOST_VECS);
	u8 memory[] __aligned(__alignof__(struct psh_leg));
};

/* A bio may end in vectors of its own, so legs make no array of structures. */
static struct psh_leg *leg_at(struct psh_fan *fan, unsigned int i)
{
	return (struct psh_leg *)fan->memory + i;
}

static bool is_flush(const struct psh_fan *fan)
{
	return !fan->iter.bi_size;
}

static unsigned int room(unsigned int size)
{
	return 2U << size;
}

static void put_pages(const struct bio_vec *vec, unsigned int nr)
{
	while (nr--)
		folio_put(page_folio(vec->bv_page + nr));
}

/* A vector may span several folios. */
static bool get_pages(const struct bio_vec *vec)
{
	unsigned int nr = DIV_ROUND_UP(vec->bv_offset + vec->bv_len, PAGE_SIZE);
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!folio_try_get(page_folio(vec->bv_page + i))) {
			put_pages(vec, i);
			return false;
		}
	return true;
}

static void unpin(struct psh_fan *fan)
{
	unsigned int i;

	for_each_set_bit(i, fan->pinned, fan->nr_vecs)
		put_pages(&fan->vec[i], DIV_ROUND_UP(fan->vec[i].bv_offset +
						     fan->vec[i].bv_len,
						     PAGE_SIZE));
}

/* Process context only, as all that makes fans. */
static __always_inline struct psh_fan *stash_take(struct psh_fanout *fanout)
{
	struct psh_fan_stash *stash;
	struct llist_node *node;

	local_irq_disable();
	stash = this_cpu_ptr(fanout->stash);
	node = stash->first;
	if (likely(node)) {
		stash->first = node->next;
		stash->count--;
	}
	local_irq_enable();
	return node ? container_of(node, struct psh_fan, node) : NULL;
}

/*
 * False if the fan must go back where it came from: the reserve comes first,
 * for those who wait for it, and fans of another size are of no use.
 */
static __always_inline bool stash_put(struct psh_fanout *fanout, struct psh_fan *fan)
{
	mempool_t *pool = fanout->fans[fan->size];
	struct psh_fan_stash *stash;
	unsigned long flags;
	bool put;

	smp_rmb(); /* the fan before the count, as in mempool_free() */
	local_irq_save(flags);
	stash = this_cpu_ptr(fanout->stash);
	put = stash->count < STASH_MOST &&
	      fan->size == READ_ONCE(fanout->size) &&
	      READ_ONCE(pool->curr_nr) >= pool->min_nr;
	if (likely(put)) {
		fan->node.next = stash->first;
		stash->first = &fan->node;
		stash->count++;
	}
	local_irq_restore(flags);
	return put;
}

/* Give all back. Nobody takes any, and nobody puts any. */
static void stash_empty(struct psh_fanout *fanout)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct psh_fan_stash *stash = per_cpu_ptr(fanout->stash, cpu);
		struct psh_fan *fan, *next;

		llist_for_each_entry_safe(fan, next, stash->first, node)
			mempool_free(fan, fanout->fans[fan->size]);
		memset(stash, 0, sizeof(*stash));
	}
}

static void fan_free(struct psh_fan *fan)
{
	struct psh_fanout *fanout = fan->fanout;

	if (unlikely(fan->is_pinned))
		unpin(fan);
	if (unlikely(fan->vec != fan->few))
		mempool_free(fan->vec, fanout->vecs);
	if (unlikely(!stash_put(fanout, fan)))
		mempool_free(fan, fanout->fans[fan->size]);
}

/*
 * A home that was given up on may still do the old write at any time: no newer
 * one before that. Who returns it accepts writes after the last late one came
 * back (psh_order_return()), so the count is looked at again.
 */
static void refuse_while_late(struct psh_fanout *fanout, u64 segment,
			      unsigned int home)
{
	atomic_t *late = &fanout->members->member[home].late;

	if (!atomic_read(late))
		return;
	psh_route_flag(fanout->route, segment, PSH_WORD_WRITE_REFUSED, 0);
	smp_mb__after_atomic(); /* pairs with atomic_dec_and_test(late) */
	if (!atomic_read(late))
		psh_route_accept(fanout->route, segment, home);
}

static void fan_end(struct psh_fan *fan, blk_status_t status);

/* Who lost the segment lost it durably: the write counts if the home has it. */
static void fan_settled(struct psh_change *change)
{
	struct psh_fan *fan = container_of(change, struct psh_fan, change);
	struct psh_fanout *fanout = fan->fanout;
	u32 failed = atomic_read(&fan->failed);
	u64 word = psh_route_word(fanout->route, fan->segment);
	unsigned int home = psh_word_home(word);
	blk_status_t status = fan->status;

	if (failed & BIT(home))
		refuse_while_late(fanout, fan->segment, home);
	if (!change->result && fan->targets & ~failed & BIT(home))
		status = BLK_STS_OK;
	fan_end(fan, status);
}

/*
 * What a failure leaves: copies that did not take the write are stale, and so
 * is everything a job did with a member that failed. If the home failed, the
 * copies that are left all took the write, so any of them can be the truth. If
 * nobody took it, or the home merely cannot do this kind of request, the home
 * stays and the others are those that may differ.
 */
static void settle(struct psh_fan *fan, u32 failed)
{
	struct psh_fanout *fanout = fan->fanout;
	u64 word = psh_route_word(fanout->route, fan->segment);
	u32 home = BIT(psh_word_home(word));
	u32 took = fan->targets & ~failed;
	struct psh_change *change = &fan->change;
	u32 rest;

	if (psh_status_is_refusal(fan->status) && failed & home)
		took = 0;
	change->kind = PSH_CHANGE_LOSE;
	change->first = fan->segment;
	change->count = 1;
	change->members = (fan->targets | psh_word_valid(word)) & ~took;
	change->done = fan_settled;
	for (rest = change->members; rest; rest &= rest - 1)
		psh_copier_spoil(fanout->copier, fan->segment, __ffs(rest));
	if (!took)
		change->members &= ~home;
	psh_metadata_ask(fanout->metadata, change);
}

/* Whether it counts is found out when the members are away that failed it. */
static void settle_flush(struct psh_fan *fan)
{
	struct psh_fanout *fanout = fan->fanout;

	llist_add(&fan->node, &fanout->judging);
	fanout->trouble(fanout->owner);
}

void psh_fanout_collect(struct psh_fanout *fanout)
{
	struct llist_node *node = llist_del_all(&fanout->judging);
	struct llist_node *next;

	for (; node; node = next) {
		next = node->next;
		llist_add(node, &fanout->due);
	}
}

void psh_fanout_judge(struct psh_fanout *fanout, bool durable)
{
	u32 usable = READ_ONCE(fanout->members->usable);
	struct psh_fan *fan, *next;

	llist_for_each_entry_safe(fan, next, llist_del_all(&fanout->due), node) {
		u32 failed = atomic_read(&fan->failed);
		bool lost = !durable || failed & usable ||
			    psh_route_only_on(fanout->route, failed);

		fan_end(fan, lost ? fan->status : BLK_STS_OK);
	}
}

static void fan_unref(struct psh_fan *fan)
{
	if (atomic_dec_and_test(&fan->ref))
		fan_free(fan);
}

/*
 * What the log holds of this range is older than the home from now on. Returns
 * whether the bio ends only when the log says so too.
 */
static noinline bool tell_buffer(struct psh_fan *fan, blk_status_t *status)
{
	struct psh_fanout *fanout = fan->fanout;
	u64 word = psh_route_word(fanout->route, fan->segment);
	int r;

	if (!(word & PSH_WORD_BUFFERED) || fan->own || is_flush(fan) || *status)
		return false;
	r = psh_buffer_wrote(fanout->buffer, fan->iter.bi_sector,
			     fan->iter.bi_size >> SECTOR_SHIFT);
	if (r < 0)
		*status = errno_to_blk_status(r);
	return r > 0 && fan->bio->bi_opf & REQ_FUA;
}

static void fan_end(struct psh_fan *fan, blk_status_t status)
{
	struct psh_buffer *buffer = fan->fanout->buffer;
	struct bio *bio = fan->bio;
	bool await = false;

	if (unlikely(buffer))
		await = tell_buffer(fan, &status);
	psh_range_release(fan->fanout->ranges, &fan->range);
	fan_unref(fan);
	if (unlikely(await)) {
		psh_buffer_await(buffer, bio);
		return;
	}
	bio->bi_status = status;
	bio_endio(bio);
}

static noinline void fan_settle(struct psh_fan *fan)
{
	u32 failed = atomic_read(&fan->failed);

	if (likely(!failed))
		fan_end(fan, BLK_STS_OK);
	else if (is_flush(fan))
		settle_flush(fan);
	else
		settle(fan, failed);
}

static __always_inline void fan_put(struct psh_fan *fan, int count)
{
	if (atomic_sub_and_test(count, &fan->pending))
		fan_settle(fan);
}

static __always_inline void leg_account_end(struct psh_fanout *fanout, struct psh_leg *leg,
					    blk_status_t status)
{
	struct psh_meter_member __percpu *meter =
		fanout->members->path[leg->number].meter;
	u64 begun_ns = leg->fan->begun_ns;

	atomic_dec(&fanout->members->member[leg->number].load);
	this_cpu_inc(meter->done[WRITE]);
	if (begun_ns) {
		unsigned int bucket = psh_hist_bucket(psh_meter_now() -
						      begun_ns);

		this_cpu_inc(meter->latency[WRITE][bucket]);
	}
	if (status && !psh_status_is_refusal(status))
		this_cpu_inc(meter->errors[WRITE]);
}

/* A leg that was given up on came back: let the member be used again. */
static void leg_end_late(struct psh_fanout *fanout, struct psh_leg *leg)
{
	atomic_t *late = &fanout->members->member[leg->number].late;

	fan_unref(leg->fan);
	if (atomic_dec_and_test(late))
		wake_up_var(late); /* by address: the volume may be gone */
}

static bool leg_try_again(struct psh_fanout *fanout, struct psh_leg *leg,
			  blk_status_t status)
{
	/* A flush that failed may have lost what a second one cannot find. */
	if (leg->tried || is_flush(leg->fan) || psh_status_is_refusal(status) ||
	    !psh_member_is_usable(fanout->members, leg->number))
		return false;
	leg->tried = true;
	return true;
}

static void leg_failed(struct psh_fan *fan, unsigned int number,
		       blk_status_t status)
{
	fan->status = status;
	atomic_or(BIT(number), &fan->failed);
	fan->fanout->trouble(fan->fanout->owner);
}

static void leg_end(struct bio *bio)
{
	struct psh_leg *leg = container_of(bio, struct psh_leg, bio);
	struct psh_fan *fan = leg->fan;
	struct psh_fanout *fanout = fan->fanout;
	struct psh_members *members = fanout->members;
	blk_status_t status = psh_status_of(bio, bio->bi_status);

	leg_account_end(fanout, leg, status);
	if (unlikely(status) && leg_try_again(fanout, leg, status)) {
		llist_add(&leg->again, &fanout->again);
		queue_work(fanout->queue, &fanout->resend);
		return;
	}
	if (unlikely(is_flush(fan))) {
		psh_member_flush_end(members, leg->number, status);
		/* Another flush may have failed, and lost what this one found gone. */
		if (READ_ONCE(members->member[leg->number].flush_failed))
			status = status ? : BLK_STS_IOERR;
	} else if (status || !(bio->bi_opf & REQ_FUA)) {
		/* Some of what failed may be there, and may go again. */
		psh_member_wrote(members, leg->number);
	}
	if (atomic_cmpxchg(&leg->state, LEG_INSIDE, LEG_ENDED) != LEG_INSIDE) {
		leg_end_late(fanout, leg);
		return;
	}
	if (unlikely(status))
		leg_failed(fan, leg->number, status);
	fan_put(fan, 1);
}

static __always_inline void leg_send(struct psh_fanout *fanout, struct psh_leg *leg,
				     struct bio *first)
{
	struct psh_path *path = &fanout->members->path[leg->number];

	atomic_inc(&fanout->members->member[leg->number].load);
	this_cpu_inc(path->meter->begun[WRITE]);
	this_cpu_add(path->meter->sectors[WRITE],
		     leg->fan->iter.bi_size >> SECTOR_SHIFT);
	/* The first one also begins the accounting of the user's bio. */
	if (first)
		dm_submit_bio_remap(first, &leg->bio);
	else
		submit_bio_noacct(&leg->bio);
}

/* Point a leg's bio at its place on the member. */
static __always_inline void aim(struct psh_leg *leg)
{
	struct psh_fan *fan = leg->fan;

	leg->bio.bi_iter = fan->iter;
	leg->bio.bi_iter.bi_sector +=
		fan->fanout->members->path[leg->number].offset;
}

static void resend(struct work_struct *work)
{
	struct psh_fanout *fanout = container_of(work, struct psh_fanout,
						 resend);
	struct llist_node *list =
		llist_reverse_order(llist_del_all(&fanout->again));
	struct psh_leg *leg, *next;

	llist_for_each_entry_safe(leg, next, list, again) {
		/* Ending a bio took its control group from it. */
		bio_set_dev(&leg->bio,
			    fanout->members->path[leg->number].bdev);
		aim(leg);
		leg->bio.bi_status = BLK_STS_OK;
		atomic_set(&leg->bio.__bi_remaining, 1);
		if (atomic_read(&leg->state) == LEG_GIVEN_UP) {
			bio_uninit(&leg->bio);
			leg_end_late(fanout, leg);
		} else {
			leg_send(fanout, leg, NULL);
		}
	}
}

/* @payer: a bio of the control group that pays; NULL for that of the caller */
static __always_inline void leg_init(struct psh_fan *fan, struct psh_leg *leg,
				     unsigned int number, struct bio *payer)
{
	struct psh_path *path = &fan->fanout->members->path[number];
	blk_opf_t opf = fan->bio->bi_opf & ~(REQ_NOWAIT | REQ_POLLED);
	struct bio *bio = &leg->bio;

	bio_init(bio, payer ? NULL : path->bdev, fan->vec, fan->nr_vecs, opf);
	if (payer) {
		bio->bi_bdev = path->bdev;
		bio_clone_blkg_association(bio, payer);
	}
	bio->bi_vcnt = fan->nr_vecs;
	bio->bi_ioprio = fan->bio->bi_ioprio;
	bio->bi_end_io = leg_end;

	leg->fan = fan;
	leg->number = number;
	leg->tried = false;
	aim(leg);
	atomic_set(&leg->state, LEG_INSIDE);
}

/*
 * The word, and members that a job fills, of a segment that is copied. One that
 * may be durable as a copy by now must take the write or lose the segment.
 */
static noinline u64 word_while_copying(struct psh_fan *fan, u32 usable)
{
	u32 gaining;
	u64 word;

	fan->targets = psh_copier_targets(fan->fanout->copier, fan->segment,
					  &word, &gaining);
	atomic_set(&fan->failed, gaining & ~usable);
	return word;
}

/* A worker sends it: what belongs to the one who asked is noted now. */
static void defer(struct psh_fan *fan)
{
	fan->deferred = true;
	bio_associate_blkg(fan->bio);
}

static void fan_granted(struct psh_range *range);

/* INTENT is durable, or cannot be: look at the word again. */
static void fan_intended(struct psh_change *change)
{
	fan_granted(&container_of(change, struct psh_fan, change)->range);
}

static noinline void fan_ask_intent(struct psh_fan *fan)
{
	struct psh_change *change = &fan->change;

	fan->asked = true;
	if (!fan->deferred)
		defer(fan);
	change->kind = PSH_CHANGE_INTENT;
	change->first = fan->segment;
	change->count = 1;
	change->done = fan_intended;
	psh_metadata_ask(fan->fanout->metadata, change);
}

enum fan_way {
	FAN_SEND,
	FAN_ASK,
	FAN_REFUSE,
};

/* Where a write must go now, if it may. */
static enum fan_way write_targets(struct psh_fan *fan)
{
	struct psh_fanout *fanout = fan->fanout;
	u32 usable = READ_ONCE(fanout->members->usable);
	u64 word = psh_route_word(fanout->route, fan->segment);
	u32 home;

	fan->targets = 0;
	if (word & PSH_WORD_COPYING)
		word = word_while_copying(fan, usable);
	home = BIT(psh_word_home(word));
	if (word & PSH_WORD_WRITE_REFUSED)
		return FAN_REFUSE;
	if (unlikely(psh_word_needs_intent(word, usable,
					   READ_ONCE(fanout->members->async)))) {
		/* Not if it was in vain, or nobody is there to write to. */
		return (fan->asked && fan->change.result) ||
		       !(psh_word_valid(word) & usable) ? FAN_REFUSE : FAN_ASK;
	}
	/* A home that was lost is still asked if it is all there is. */
	fan->targets = home | ((psh_word_copies(word) | fan->targets) & usable);
	if (psh_word_copies(word))
		psh_intent_wrote(fanout->intent, fan->segment);
	trace_predshard_map(fan->bio, word, fan->targets);
	return FAN_SEND;
}

/*
 * Who must be flushed. Members that were lost with writes unflushed cannot say
 * that they are durable: they count as failed.
 */
static enum fan_way flush_targets(struct psh_fan *fan)
{
	struct psh_members *members = fan->fanout->members;
	u32 usable = READ_ONCE(members->usable);
	u32 rest;

	smp_rmb(); /* pairs with update_sets(): it is in one of both */
	rest = usable | READ_ONCE(members->unsettled);
	fan->targets = 0;
	for (; rest; rest &= rest - 1)
		if (psh_member_needs_flush(members, __ffs(rest)))
			fan->targets |= BIT(__ffs(rest));
	atomic_set(&fan->failed, fan->targets & ~usable);
	fan->targets &= usable;
	return FAN_SEND;
}

/*
 * Send a fan whose range is held. Who looks at held ranges sees a fan with all
 * its legs or with none. It may be settled, and gone, as soon as the count
 * that is ours is put.
 */
static void fan_go(struct psh_fan *fan)
{
	struct psh_fanout *fanout = fan->fanout;
	struct bio *payer = fan->deferred ? fan->bio : NULL;
	struct bio *first = fan->own ? NULL : fan->bio;
	bool flush = is_flush(fan);
	enum fan_way way = flush ? flush_targets(fan) : write_targets(fan);
	unsigned int legs = 0;
	unsigned int i;
	u32 rest;

	if (unlikely(way != FAN_SEND)) {
		if (way == FAN_ASK)
			fan_ask_intent(fan);
		else
			fan_end(fan, BLK_STS_IOERR);
		return;
	}
	if (!fan->targets) {
		fan_settle(fan);
		return;
	}
	for (rest = fan->targets; rest; rest &= rest - 1) {
		leg_init(fan, leg_at(fan, legs++), __ffs(rest), payer);
		if (!payer)
			payer = &leg_at(fan, 0)->bio;
	}
	fan->begun = jiffies;
	atomic_set(&fan->pending, legs + 1);
	smp_store_release(&fan->legs, legs); /* pairs with legs_of() */
	for (i = 0; i < legs; i++) {
		struct psh_leg *leg = leg_at(fan, i);

		if (flush)
			psh_member_flush_begin(fanout->members, leg->number);
		leg_send(fanout, leg, first);
		first = NULL;
	}
	fan_put(fan, 1);
}

static void send(struct work_struct *work)
{
	struct psh_fanout *fanout = container_of(work, struct psh_fanout, send);
	struct llist_node *list =
		llist_reverse_order(llist_del_all(&fanout->granted));
	struct psh_fan *fan, *next;

	llist_for_each_entry_safe(fan, next, list, node)
		fan_go(fan);
}

static void fan_granted(struct psh_range *range)
{
	struct psh_fan *fan = container_of(range, struct psh_fan, range);

	llist_add(&fan->node, &fan->fanout->granted);
	queue_work(fan->fanout->queue, &fan->fanout->send);
}

/* A bio's vectors, MOST_VECS at most; @bytes is what they hold of it. */
static unsigned int count_vecs(const struct bio *bio, unsigned int *bytes)
{
	const struct bio_vec *vec = &bio->bi_io_vec[bio->bi_iter.bi_idx];
	unsigned int skip = bio->bi_iter.bi_bvec_done;
	unsigned int end = bio->bi_iter.bi_size + skip;
	unsigned int nr = 0, sum = 0;

	while (sum < end && nr < MOST_VECS)
		sum += vec[nr++].bv_len;
	*bytes = min(sum, end) - skip;
	return nr;
}

bool psh_fanout_trim_many(struct bio *bio)
{
	unsigned int bytes;

	if (!bio_has_data(bio))
		return true;
	count_vecs(bio, &bytes);
	if (likely(bytes == bio->bi_iter.bi_size))
		return true;
	bytes = round_down(bytes, bdev_logical_block_size(bio->bi_bdev));
	if (bytes)
		dm_accept_partial_bio(bio, bytes >> SECTOR_SHIFT);
	return bytes;
}

/* Take the bio's vectors over; false without memory. */
static __always_inline bool take_vecs(struct psh_fan *fan, gfp_t gfp)
{
	struct bio *bio = fan->bio;
	unsigned int bytes;

	fan->iter = bio->bi_iter;
	fan->vec = fan->few;
	if (likely(psh_bio_has_one_vec(bio))) {
		fan->nr_vecs = 1;
		fan->few[0] = bio->bi_io_vec[bio->bi_iter.bi_idx];
		fan->iter.bi_idx = 0;
		return true;
	}
	fan->nr_vecs = bio_has_data(bio) ? count_vecs(bio, &bytes) : 0;
	if (unlikely(fan->nr_vecs > FEW_VECS))
		fan->vec = mempool_alloc(fan->fanout->vecs, gfp);
	if (unlikely(!fan->vec))
		return false;
	memcpy(fan->vec, &bio->bi_io_vec[bio->bi_iter.bi_idx],
	       fan->nr_vecs * sizeof(*fan->vec));
	fan->iter.bi_idx = 0; /* where the vectors begin now */
	return true;
}

static __always_inline struct psh_fan *fan_alloc(struct psh_fanout *fanout,
						 gfp_t gfp)
{
	struct psh_fan *fan = stash_take(fanout);

	if (unlikely(!fan)) {
		fan = mempool_alloc(fanout->fans[fanout->size], gfp);
		if (!fan)
			return NULL;
		fan->fanout = fanout;
		fan->size = fanout->size;
	}
	return fan;
}

/* False without memory for vectors; the fan goes back then. */
static __always_inline bool fan_fill(struct psh_fan *fan, struct bio *bio, gfp_t gfp)
{
	struct psh_fanout *fanout = fan->fanout;

	fan->bio = bio;
	if (!take_vecs(fan, gfp)) {
		mempool_free(fan, fanout->fans[fan->size]);
		return false;
	}
	fan->segment = bio->bi_iter.bi_sector >> fanout->ranges->shift;
	fan->begun_ns = 0;
	fan->legs = 0;
	fan->asked = false;
	fan->deferred = false;
	fan->own = false;
	fan->is_pinned = false;
	fan->status = BLK_STS_IOERR;
	atomic_set(&fan->failed, 0);
	atomic_set(&fan->ref, 1);
	/* An empty range waits for nobody, and shows a flush to the tick. */
	fan->range.start = bio->bi_iter.bi_sector;
	fan->range.end = bio_end_sector(bio);
	fan->range.spares = 0;
	fan->range.writes = true;
	fan->range.granted = fan_granted;
	return true;
}

static __always_inline struct psh_fan *fan_create(struct psh_fanout *fanout, struct bio *bio,
						  gfp_t gfp)
{
	struct psh_fan *fan = fan_alloc(fanout, gfp);

	return likely(fan) && likely(fan_fill(fan, bio, gfp)) ? fan : NULL;
}

static void starve(struct psh_fanout *fanout, struct bio *bio)
{
	unsigned long flags;

	bio_associate_blkg(bio);
	spin_lock_irqsave(&fanout->lock, flags);
	bio_list_add(&fanout->starved, bio);
	spin_unlock_irqrestore(&fanout->lock, flags);
	queue_work(fanout->feed_queue, &fanout->feed);
}

static void feed(struct work_struct *work)
{
	struct psh_fanout *fanout = container_of(work, struct psh_fanout, feed);
	struct psh_fan *fan;
	struct bio *bio;

	for (;;) {
		spin_lock_irq(&fanout->lock);
		bio = bio_list_pop(&fanout->starved);
		spin_unlock_irq(&fanout->lock);
		if (!bio)
			break;
		fan = fan_create(fanout, bio, GFP_NOIO); /* waits, never fails */
		fan->deferred = true;
		if (psh_range_hold(fanout->ranges, &fan->range, true))
			fan_go(fan);
	}
}

static noinline bool must_ask(const struct psh_fan *fan)
{
	const struct psh_members *members = fan->fanout->members;

	return psh_word_needs_intent(psh_route_word(fan->fanout->route,
						    fan->segment),
				     READ_ONCE(members->usable),
				     READ_ONCE(members->async));
}

bool psh_fanout_write(struct psh_fanout *fanout, struct bio *bio,
		      bool measured)
{
	struct psh_fan *fan = fan_create(fanout, bio,
					 GFP_NOWAIT | __GFP_NOWARN);

	if (unlikely(!fan)) {
		if (bio->bi_opf & REQ_NOWAIT)
			return false;
		starve(fanout, bio);
		return true;
	}
	if (measured)
		fan->begun_ns = psh_meter_now();
	if (likely(psh_range_hold(fanout->ranges, &fan->range, false))) {
		if (bio->bi_opf & REQ_NOWAIT && must_ask(fan)) {
			psh_range_release(fanout->ranges, &fan->range);
			fan_free(fan);
			return false;
		}
		fan_go(fan);
		return true;
	}
	if (bio->bi_opf & REQ_NOWAIT) {
		fan_free(fan);
		return false;
	}
	defer(fan);
	if (psh_range_hold(fanout->ranges, &fan->range, true))
		fan_go(fan);
	return true;
}

void psh_fanout_flush(struct psh_fanout *fanout, struct bio *bio)
{
	struct psh_fan *fan = fan_create(fanout, bio,
					 GFP_NOWAIT | __GFP_NOWARN);

	if (unlikely(!fan)) {
		starve(fanout, bio);
		return;
	}
	psh_range_hold(fanout->ranges, &fan->range, false);
	fan_go(fan);
}

/* --- on our own account ----------------------------------------------------- */

static void own_end(struct bio *bio)
{
	complete(bio->bi_private);
}

/*
 * An empty range at the segment's beginning overlaps nothing, also none that is
 * held within it, and shows the legs to the tick.
 */
static int send_own(struct psh_fan *fan, struct bio *bio)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct psh_fanout *fanout = fan->fanout;

	bio->bi_end_io = own_end;
	bio->bi_private = &done;
	fan_fill(fan, bio, GFP_NOIO); /* waits, never fails */
	fan->own = true;
	fan->range.start = fan->segment << fanout->ranges->shift;
	fan->range.end = fan->range.start;
	fan->range.writes = false;
	psh_range_hold(fanout->ranges, &fan->range, false);
	fan_go(fan);
	wait_for_completion(&done);
	return blk_status_to_errno(bio->bi_status);
}

struct psh_fan *psh_fanout_take(struct psh_fanout *fanout)
{
	return fan_alloc(fanout, GFP_NOIO);
}

void psh_fanout_put(struct psh_fan *fan)
{
	if (!stash_put(fan->fanout, fan))
		mempool_free(fan, fan->fanout->fans[fan->size]);
}

int psh_fanout_write_own(struct psh_fan *fan, struct bio *bio)
{
	return send_own(fan, bio);
}

int psh_fanout_flush_own(struct psh_fanout *fanout)
{
	struct bio bio;
	int r;

	bio_init(&bio, fanout->members->path[fanout->route->primary].bdev, NULL,
		 0, REQ_OP_WRITE | REQ_PREFLUSH | REQ_SYNC);
	r = send_own(fan_alloc(fanout, GFP_NOIO), &bio);
	bio_uninit(&bio);
	return r;
}

/* --- members that hang -------------------------------------------------------- */

static struct psh_fan *fan_of(struct psh_range *range)
{
	return range->granted == fan_granted ?
	       container_of(range, struct psh_fan, range) : NULL;
}

/* The legs that have been sent, all or none. */
static unsigned int legs_of(struct psh_fan *fan)
{
	return fan ? smp_load_acquire(&fan->legs) : 0; /* pairs with fan_go() */
}

static void note_age(struct psh_range *range, void *context)
{
	struct psh_fan *fan = fan_of(range);
	unsigned int legs = legs_of(fan);
	unsigned long *age = context;
	unsigned int i;

	for (i = 0; i < legs; i++) {
		struct psh_leg *leg = leg_at(fan, i);

		if (atomic_read(&leg->state) == LEG_INSIDE)
			age[leg->number] = max(age[leg->number],
					       jiffies - fan->begun);
	}
}

void psh_fanout_oldest(struct psh_fanout *fanout, unsigned long *age)
{
	memset(age, 0, PSH_MEMBERS_MAX * sizeof(*age));
	psh_ranges_each(fanout->ranges, note_age, age);
}

/* Pages without a count of their own (slab) cannot be pinned, nor reused. */
static void pin(struct psh_fan *fan)
{
	unsigned int i;

	if (fan->is_pinned)
		return;
	fan->is_pinned = true;
	bitmap_zero(fan->pinned, MOST_VECS);
	for (i = 0; i < fan->nr_vecs; i++)
		if (get_pages(&fan->vec[i]))
			__set_bit(i, fan->pinned);
}

/*
 * All that a late end needs must be in place before the state says "given
 * up"; if the leg was faster, it is taken back.
 */
static bool give_up_leg(struct psh_fan *fan, struct psh_leg *leg)
{
	struct psh_members *members = fan->fanout->members;
	struct psh_member *member = &members->member[leg->number];

	if (atomic_read(&leg->state) != LEG_INSIDE ||
	    psh_member_is_usable(members, leg->number))
		return false;
	pin(fan);
	atomic_inc(&fan->ref);
	atomic_inc(&member->late);
	if (atomic_cmpxchg(&leg->state, LEG_INSIDE, LEG_GIVEN_UP) == LEG_INSIDE)
		return true;
	atomic_dec(&fan->ref); /* not the last: the range is still held */
	atomic_dec(&member->late);
	return false;
}

static void give_up_fan(struct psh_range *range, void *context)
{
	struct psh_fan *fan = fan_of(range);
	struct llist_head *list = context;
	unsigned int legs = legs_of(fan);
	unsigned int i;

	if (!legs)
		return;
	fan->given_up = 0;
	for (i = 0; i < legs; i++)
		if (give_up_leg(fan, leg_at(fan, i))) {
			fan->status = BLK_STS_TIMEOUT;
			atomic_or(BIT(leg_at(fan, i)->number), &fan->failed);
			fan->given_up++;
		}
	if (fan->given_up)
		llist_add(&fan->node, list);
}

void psh_fanout_give_up(struct psh_fanout *fanout)
{
	struct psh_fan *fan, *next;
	LLIST_HEAD(list);

	psh_ranges_each(fanout->ranges, give_up_fan, &list);
	llist_for_each_entry_safe(fan, next, llist_del_all(&list), node)
		fan_put(fan, fan->given_up);
}

void psh_fan_caches_destroy(void)
{
	unsigned int size;

	for (size = 0; size < PSH_FAN_SIZES; size++)
		kmem_cache_destroy(fan_cache[size]);
}

int psh_fan_caches_create(void)
{
	static const char * const name[PSH_FAN_SIZES] = {
		"predshard-fan-2", "predshard-fan-4",
		"predshard-fan-8", "predshard-fan-16",
	};
	unsigned int size;

	for (size = 0; size < PSH_FAN_SIZES; size++) {
		size_t bytes = sizeof(struct psh_fan) +
			       room(size) * sizeof(struct psh_leg);

		fan_cache[size] = kmem_cache_create(name[size], bytes, 0, 0,
						    NULL);
		if (!fan_cache[size]) {
			psh_fan_caches_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

static unsigned int size_for(unsigned int legs)
{
	unsigned int size = 0;

	while (room(size) < legs)
		size++;
	return size;
}

int psh_fanout_reserve(struct psh_fanout *fanout, unsigned int legs)
{
	unsigned int size = size_for(legs);

	if (!fanout->fans[size])
		fanout->fans[size] = mempool_create_slab_pool(FAN_RESERVE,
							      fan_cache[size]);
	return fanout->fans[size] ? 0 : -ENOMEM;
}

void psh_fanout_resize(struct psh_fanout *fanout, unsigned int legs)
{
	unsigned int size = size_for(legs);

	if (size == fanout->size)
		return;
	/* Of no size meanwhile: those that end late go back to their pools. */
	WRITE_ONCE(fanout->size, PSH_FAN_SIZES);
	synchronize_rcu();
	stash_empty(fanout);
	WRITE_ONCE(fanout->size, size);
}

int psh_fanout_init(struct psh_fanout *fanout)
{
	spin_lock_init(&fanout->lock);
	bio_list_init(&fanout->starved);
	init_llist_head(&fanout->granted);
	init_llist_head(&fanout->again);
	init_llist_head(&fanout->judging);
	init_llist_head(&fanout->due);
	INIT_WORK(&fanout->feed, feed);
	INIT_WORK(&fanout->send, send);
	INIT_WORK(&fanout->resend, resend);
	fanout->stash = alloc_percpu(struct psh_fan_stash);
	fanout->vecs = mempool_create_kmalloc_pool(FAN_RESERVE, MOST_VECS *
						   sizeof(struct bio_vec));
	fanout->queue = alloc_workqueue("predshard-send",
					WQ_MEM_RECLAIM | WQ_HIGHPRI |
					WQ_PERCPU, 0);
	fanout->feed_queue = alloc_workqueue("predshard-feed",
					     WQ_MEM_RECLAIM | WQ_UNBOUND, 1);
	if (fanout->stash && fanout->vecs && fanout->queue &&
	    fanout->feed_queue)
		return 0;
	if (fanout->feed_queue)
		destroy_workqueue(fanout->feed_queue);
	if (fanout->queue)
		destroy_workqueue(fanout->queue);
	mempool_destroy(fanout->vecs);
	free_percpu(fanout->stash);
	return -ENOMEM;
}

void psh_fanout_exit(struct psh_fanout *fanout)
{
	unsigned int i;

	destroy_workqueue(fanout->feed_queue);
	destroy_workqueue(fanout->queue);
	stash_empty(fanout);
	free_percpu(fanout->stash);
	for (i = 0; i < PSH_FAN_SIZES; i++)
		mempool_destroy(fanout->fans[i]);
	mempool_destroy(fanout->vecs);
}
