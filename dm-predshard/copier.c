// SPDX-License-Identifier: GPL-2.0
/*
 * copier: see copier.h for the protocol and what a crash leaves.
 *
 * The workers are plain sequential code on a workqueue: they block for one
 * request at a time, and their number is the number of requests in flight.
 * Every wait ends when the member waited for is lost or the copier is stopped.
 * The workers run outside the I/O path and hold a range only while they write,
 * so a write of the user waits for at most one piece.
 */
#include <linux/completion.h>
#include <linux/crc32c.h>
#include <linux/highmem.h>
#include <linux/kref.h>
#include <linux/slab.h>

#include "copier.h"
#include "flush.h"
#include "trace.h"

#define RETRY_JIFFIES	(2 * HZ)	/* pause after a job that failed */
#define CAREFUL_JIFFIES	(4 * HZ)	/* and after one for a single segment */
#define ASYNC_JIFFIES	HZ		/* between rounds for async copies */
#define WAIT_MS		50		/* how often a wait looks for a reason to end */
#define VERIFY_EVERY	16		/* pieces per read-back, in mode sample */

/**
 * struct psh_copy_buffer - pages, and the request that uses them
 * @ref: one for the worker, one while a request is inside a member
 * @done: the request came back
 * @member: member the request is in
 * @meter: the member's counters
 * @left: the worker gave up on the request. Guarded by @lock
 * @lock: between the worker that leaves and the request that ends
 * @status: how the request ended
 * @nr_pages: pages of @page
 * @page: the pages
 * @vec: vectors for @bio
 * @bio: the request
 */
struct psh_copy_buffer {
	struct kref ref;
	struct completion done;
	struct psh_member *member;
	struct psh_meter_member __percpu *meter;
	bool left;
	spinlock_t lock; /* left against ended */
	blk_status_t status;
	unsigned int nr_pages;
	struct page **page;
	struct bio_vec *vec;
	struct bio bio;
};

static void buffer_free(struct kref *ref)
{
	struct psh_copy_buffer *buffer = container_of(ref,
						struct psh_copy_buffer, ref);

	while (buffer->nr_pages)
		__free_page(buffer->page[--buffer->nr_pages]);
	kvfree(buffer->page);
	kvfree(buffer->vec);
	kfree(buffer);
}

static void buffer_put(struct psh_copy_buffer *buffer)
{
	if (buffer)
		kref_put(&buffer->ref, buffer_free);
}

/*
 * Under pressure a smaller buffer does: @least is what must be there, the
 * rest is taken if it comes easily.
 */
static struct psh_copy_buffer *buffer_create(unsigned int least,
					     unsigned int most)
{
	struct psh_copy_buffer *buffer = kzalloc(sizeof(*buffer), GFP_NOIO);

	if (!buffer)
		return NULL;
	kref_init(&buffer->ref);
	init_completion(&buffer->done);
	spin_lock_init(&buffer->lock);
	buffer->page = kvcalloc(most, sizeof(*buffer->page), GFP_NOIO);
	buffer->vec = kvcalloc(most, sizeof(*buffer->vec), GFP_NOIO);
	if (!buffer->page || !buffer->vec)
		goto put;
	while (buffer->nr_pages < most) {
		gfp_t gfp = buffer->nr_pages < least ? GFP_NOIO :
			    GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN;
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		buffer->page[buffer->nr_pages++] = page;
	}
	if (buffer->nr_pages >= least)
		return buffer;
put:
	buffer_put(buffer);
	return NULL;
}

static void request_end(struct bio *bio)
{
	struct psh_copy_buffer *buffer = container_of(bio,
						struct psh_copy_buffer, bio);
	atomic_t *late = &buffer->member->late;
	unsigned long flags;
	bool left;

	spin_lock_irqsave(&buffer->lock, flags);
	buffer->status = bio->bi_status;
	this_cpu_inc(buffer->meter->done[op_is_write(bio_op(bio))]);
	left = buffer->left;
	complete(&buffer->done);
	spin_unlock_irqrestore(&buffer->lock, flags);
	buffer_put(buffer);
	if (left && atomic_dec_and_test(late))
		wake_up_var(late); /* by address: the volume may be gone */
}

/* Wait for the request; false if it had to be left inside its member. */
static bool request_wait(struct psh_copy_worker *worker)
{
	struct psh_copy_buffer *buffer = worker->buffer;
	struct psh_copier *copier = worker->copier;

	while (!wait_for_completion_timeout(&buffer->done,
					    msecs_to_jiffies(WAIT_MS))) {
		bool left = false;

		if (psh_member_is_usable(copier->members,
					 buffer->member->number))
			continue;
		spin_lock_irq(&buffer->lock);
		if (!completion_done(&buffer->done)) {
			buffer->left = true;
			atomic_inc(&buffer->member->late);
			left = true;
		}
		spin_unlock_irq(&buffer->lock);
		if (left) {
			buffer_put(buffer);
			worker->buffer = NULL;
			return false;
		}
	}
	return true;
}

/* Read or write the buffer at a place on a member, and wait for it. */
static int transfer(struct psh_copy_worker *worker, blk_opf_t op,
		    unsigned int number, u64 sector, unsigned int sectors)
{
	struct psh_copy_buffer *buffer = worker->buffer;
	struct psh_copier *copier = worker->copier;
	struct psh_path *path = &copier->members->path[number];
	struct psh_member *member = &copier->members->member[number];
	int dir = op_is_write(op);
	unsigned int bytes = sectors << SECTOR_SHIFT;
	unsigned int i;

	bio_init(&buffer->bio, path->bdev, buffer->vec, buffer->nr_pages, op);
	for (i = 0; bytes; i++) {
		unsigned int part = min_t(unsigned int, bytes, PAGE_SIZE);

		__bio_add_page(&buffer->bio, buffer->page[i], part, 0);
		bytes -= part;
	}
	buffer->bio.bi_iter.bi_sector = path->offset + sector;
	buffer->bio.bi_end_io = request_end;
	buffer->member = member;
	buffer->meter = path->meter;
	reinit_completion(&buffer->done);
	kref_get(&buffer->ref);
	this_cpu_inc(path->meter->begun[dir]);
	this_cpu_add(path->meter->sectors[dir], sectors);
	submit_bio_noacct(&buffer->bio);

	if (!request_wait(worker))
		return -ETIMEDOUT;
	if (buffer->status) {
		this_cpu_inc(path->meter->errors[dir]);
		return blk_status_to_errno(buffer->status);
	}
	if (dir == WRITE) {
		this_cpu_add(path->meter->copied_sectors, sectors);
		psh_member_wrote(copier->members, number);
	}
	return 0;
}

static u32 buffer_crc(struct psh_copy_buffer *buffer, unsigned int sectors)
{
	unsigned int bytes = sectors << SECTOR_SHIFT;
	u32 crc = ~0U;
	unsigned int i;

	for (i = 0; bytes; i++) {
		unsigned int part = min_t(unsigned int, bytes, PAGE_SIZE);
		void *data = kmap_local_page(buffer->page[i]);

		crc = crc32c(crc, data, part);
		kunmap_local(data);
		bytes -= part;
		cond_resched(); /* the user's requests share this CPU */
	}
	return ~crc;
}

/* What could not be read is not mended before it has been read. */
static bool verify_this(struct psh_copier *copier,
			const struct psh_copy_job *job)
{
	if (job->repair)
		return true;
	switch (READ_ONCE(copier->verify)) {
	case PSH_VERIFY_ALL:
		return true;
	case PSH_VERIFY_SAMPLE:
		return !(copier->pieces++ % VERIFY_EVERY);
	default:
		return false;
	}
}

/*
 * Does the source hold what the target must have? A repair asks with the range
 * held, where nobody writes; a job for a copy after its drain, because a write that
 * failed on the source before that did not find the job.
 */
static bool source_is_valid(const struct psh_copier *copier,
			    const struct psh_copy_job *job)
{
	u64 segment;

	for (segment = job->first; segment < job->first + job->count;
	     segment++)
		if (!(psh_word_valid(psh_route_word(copier->route, segment)) &
		      BIT(job->source)))
			return false;
	return true;
}

/* Nobody waits for this: a piece that was written meanwhile is let be. */
static int read_back(struct psh_copy_worker *worker,
		     const struct psh_copy_job *job, struct psh_range *watch,
		     u32 crc)
{
	unsigned int sectors = watch->end - watch->start;
	int r;

	r = transfer(worker, REQ_OP_READ, job->target, watch->start, sectors);
	if (psh_range_unwatch(worker->copier->ranges, watch))
		return r;
	if (!r && buffer_crc(worker->buffer, sectors) != crc)
		r = -EILSEQ;
	return r;
}

/*
 * Steps i) to iv) for one piece. Nobody can change the range on the target
 * between the read that counted and the write: writes that overlap are held
 * off, or were seen by the watch and made us read again.
 */
static int copy_piece(struct psh_copy_worker *worker,
		      const struct psh_copy_job *job, u64 sector,
		      unsigned int sectors, u32 *crc)
{
	struct psh_copier *copier = worker->copier;
	struct psh_range watch = { .start = sector, .end = sector + sectors };
	struct psh_hold hold = { .range = watch };
	bool verify;
	int r;

	psh_range_watch(copier->ranges, &watch);
	r = transfer(worker, REQ_OP_READ, job->source, sector, sectors);
	if (r) {
		psh_range_unwatch(copier->ranges, &watch);
		return r;
	}
	if (job->async) {
		/*
		 * Whoever writes here spoils the job, so nobody need wait; but
		 * for merge, which may have looked before the job began.
		 */
		if (psh_range_unwatch(copier->ranges, &watch))
			return -EINTR;
		worker->job.wrote = true;
		*crc = buffer_crc(worker->buffer, sectors);
		return transfer(worker, REQ_OP_WRITE, job->target, sector,
				sectors);
	}
	psh_range_hold_wait(copier->ranges, &hold);
	if (psh_range_unwatch(copier->ranges, &watch))
		r = transfer(worker, REQ_OP_READ, job->source, sector, sectors);
	if (job->repair && !source_is_valid(copier, job))
		r = -ESTALE;
	if (!r) {
		worker->job.wrote = true;
		*crc = buffer_crc(worker->buffer, sectors);
		r = transfer(worker, REQ_OP_WRITE, job->target, sector,
			     sectors);
	}
	verify = !r && verify_this(copier, job);
	if (verify) {
		/* Held by us: whoever writes from here on comes later. */
		psh_range_watch(copier->ranges, &watch);
		watch.touched = false;
	}
	psh_range_release(copier->ranges, &hold.range);
	return verify ? read_back(worker, job, &watch, *crc) : r;
}

static bool job_is_spoilt(struct psh_copy_worker *worker)
{
	return READ_ONCE(worker->copier->stop) ||
	       READ_ONCE(worker->job.spoilt);
}

/* Wait until both members' buckets allow a request of this size. */
static void wait_turn(struct psh_copy_worker *worker,
		      const struct psh_copy_job *job, unsigned int bytes)
{
	struct psh_copier *copier = worker->copier;
	u64 from, to, wait_ns, now = psh_meter_now();

	spin_lock_irq(&copier->lock);
	from = psh_pace_take(&copier->members->member[job->source].pace,
			     bytes, now);
	to = psh_pace_take(&copier->members->member[job->target].pace,
			   bytes, now);
	spin_unlock_irq(&copier->lock);
	wait_ns = max(from, to);
	if (wait_ns)
		wait_event_timeout(copier->kick, job_is_spoilt(worker),
				   nsecs_to_jiffies(wait_ns) + 1);
}

static unsigned int piece_sectors(struct psh_copy_worker *worker, u64 sector,
				  u64 end)
{
	struct psh_copier *copier = worker->copier;
	u64 segment_end = round_down(sector, 1ULL << copier->route->shift) +
			  (1ULL << copier->route->shift);
	u64 most = worker->buffer->nr_pages << (PAGE_SHIFT - SECTOR_SHIFT);

	if (READ_ONCE(copier->busy))
		most = min_t(u64, most, PSH_COPIER_BUSY_BYTES >> SECTOR_SHIFT);
	return min3(most, end - sector, segment_end - sector);
}

static bool ready_buffer(struct psh_copy_worker *worker)
{
	if (!worker->buffer)
		worker->buffer =
			buffer_create(PSH_COPIER_BUSY_BYTES >> PAGE_SHIFT,
				      PSH_COPIER_PIECE_BYTES >> PAGE_SHIFT);
	return worker->buffer;
}

static int copy_all(struct psh_copy_worker *worker,
		    const struct psh_copy_job *job, u32 *crc)
{
	u64 sector = job->start;
	int r = 0;

	while (!r && sector < job->end) {
		unsigned int sectors;

		if (!ready_buffer(worker))
			return -ENOMEM;
		sectors = piece_sectors(worker, sector, job->end);
		wait_turn(worker, job, sectors << SECTOR_SHIFT);
		if (job_is_spoilt(worker))
			return -EINTR;
		r = copy_piece(worker, job, sector, sectors, crc);
		sector += sectors;
	}
	return r;
}

static void pause_search(struct psh_copier *copier, unsigned long pause)
{
	lockdep_assert_held(&copier->lock);
	if (time_before(copier->retry_at, jiffies + pause))
		WRITE_ONCE(copier->retry_at, jiffies + pause);
}

static void be_careful(struct psh_copier *copier, u64 from, u64 to)
{
	if (copier->careful_from != copier->careful_to) {
		from = min(from, copier->careful_from);
		to = max(to, copier->careful_to);
	}
	WRITE_ONCE(copier->careful_from, from);
	WRITE_ONCE(copier->careful_to, to);
}

/*
 * A place that cannot be read or written is found, by copying segment by
 * segment, and then not asked for so often that it makes its member suspect. A
 * job that was merely spoilt says nothing about a member.
 */
static void plan_retry(struct psh_copier *copier,
		       const struct psh_copy_job *job, int r)
{
	bool single = job->count == 1;
	bool failed = r && r != -EINTR;

	lockdep_assert_held(&copier->lock);
	if (failed && !single && !job->repair)
		be_careful(copier, job->first, job->first + job->count);
	if (job->async && !failed)
		copier->async_at = jiffies + ASYNC_JIFFIES;
	else
		pause_search(copier, failed && single ? CAREFUL_JIFFIES :
							RETRY_JIFFIES);
}

/*
 * The copy is durable: it counts if nothing happened to it meanwhile. A source
 * that is lost may have missed a write before it was read.
 */
static bool publish(struct psh_change *change)
{
	struct psh_copy_worker *worker = container_of(change,
						struct psh_copy_worker, gain);
	struct psh_copier *copier = worker->copier;
	struct psh_copy_job *job = &worker->job;
	bool good;

	spin_lock_irq(&copier->lock);
	good = !job->spoilt &&
	       psh_member_is_usable(copier->members, job->source) &&
	       psh_member_is_usable(copier->members, job->target);
	if (good)
		psh_metadata_publish(copier->metadata, change);
	spin_unlock_irq(&copier->lock);
	return good;
}

/* Make what was copied durable as a copy. */
static int gain(struct psh_copy_worker *worker)
{
	struct psh_copier *copier = worker->copier;
	struct psh_copy_job *job = &worker->job;
	struct psh_change *change = &worker->gain;
	int r;

	r = psh_flush_members(copier->members, BIT(job->target));
	if (r)
		return r;
	spin_lock_irq(&copier->lock);
	/* Who does not write to a target that was lost looked before this. */
	if (!psh_member_is_usable(copier->members, job->target))
		job->spoilt = true;
	job->gaining = !job->spoilt;
	spin_unlock_irq(&copier->lock);
	if (!job->gaining)
		return -EINTR;
	change->kind = PSH_CHANGE_GAIN;
	change->first = job->first;
	change->count = job->count;
	change->members = BIT(job->target);
	change->spoilt = &job->spoilt;
	change->publish = publish;
	return psh_metadata_do(copier->metadata, change);
}

/* What cannot be rewritten must not be read. */
static void give_up_repair(struct psh_copier *copier,
			   const struct psh_copy_job *job)
{
	struct psh_change lose = {
		.kind = PSH_CHANGE_LOSE,
		.first = job->first,
		.count = 1,
		.members = BIT(job->target),
	};

	psh_metadata_do(copier->metadata, &lose);
}

/* The job is over, one way or the other. */
static void finish(struct psh_copy_worker *worker, int r)
{
	struct psh_copier *copier = worker->copier;
	struct psh_copy_job *job = &worker->job;
	u64 segment;

	if (job->repair && r && job->wrote)
		give_up_repair(copier, job);
	spin_lock_irq(&copier->lock);
	for (segment = job->first; segment < job->first + job->count;
	     segment++)
		psh_route_flag(copier->route, segment, 0, PSH_WORD_COPYING);
	if (job->repair && !r)
		this_cpu_inc(copier->meter->repairs);
	if (r && !copier->stop)
		plan_retry(copier, job, r);
	job->count = 0;
	job->gaining = false;
	spin_unlock_irq(&copier->lock);
}

static bool take_repair(struct psh_copier *copier, struct psh_copy_job *job)
{
	bool taken;

	spin_lock_irq(&copier->lock);
	taken = copier->repair_count && !copier->stop;
	if (taken) {
		*job = copier->repair[copier->repair_head];
		copier->repair_head = (copier->repair_head + 1) %
				      PSH_COPIER_REPAIRS;
		copier->repair_count--;
	}
	spin_unlock_irq(&copier->lock);
	return taken;
}

/*
 * Usable members that this segment lacks, if it can be copied at all. Copies
 * that are not kept with the home are looked after in rounds, so that a
 * segment which is written all the time is not copied all the time.
 */
static u32 copyable(struct psh_copier *copier, u64 word)
{
	u32 usable = READ_ONCE(copier->members->usable);
	u32 targets = psh_route_lacks(copier->route, word) & usable;

	if (word & PSH_WORD_COPYING || !(usable & BIT(psh_word_home(word))))
		return 0;
	if (time_before(jiffies, copier->async_at))
		targets &= ~READ_ONCE(copier->members->async);
	return targets;
}

static bool is_careful(const struct psh_copier *copier, u64 segment)
{
	return segment >= READ_ONCE(copier->careful_from) &&
	       segment < READ_ONCE(copier->careful_to);
}

/* Neighbours that lack the same member and have the same home. */
static void extend(struct psh_copier *copier, struct psh_copy_job *job)
{
	struct psh_route *route = copier->route;
	u64 most = max(1ULL, (u64)PSH_COPIER_JOB_BYTES >>
			     (route->shift + SECTOR_SHIFT));

	if (is_careful(copier, job->first))
		most = 1;
	job->count = 1;
	while (job->count < most &&
	       job->first + job->count < route->nr_segments) {
		u64 word = psh_route_word(route, job->first + job->count);

		if (is_careful(copier, job->first + job->count) ||
		    !(copyable(copier, word) & BIT(job->target)) ||
		    psh_word_home(word) != job->source)
			break;
		job->count++;
	}
	job->start = job->first << route->shift;
	job->end = min((job->first + job->count) << route->shift,
		       copier->len_sectors);
}

static bool find_missing(struct psh_copier *copier, struct psh_copy_job *job)
{
	struct psh_route *route = copier->route;
	u64 looked;

	for (looked = 0; looked < route->nr_segments; looked++) {
		u64 segment = copier->cursor;
		u32 targets;
		u64 word;

		if (READ_ONCE(copier->stop))
			return false;
		if (segment >= route->nr_segments)
			segment = 0;
		word = psh_route_word(route, segment);
		targets = copyable(copier, word);
		if (targets) {
			memset(job, 0, sizeof(*job));
			job->first = segment;
			job->source = psh_word_home(word);
			job->target = __ffs(targets);
			extend(copier, job);
			copier->cursor = segment + job->count;
			return true;
		}
		copier->cursor = segment + 1;
		if (!(looked % 1024))
			cond_resched();
	}
	return false;
}

/* Are the words still what the job was made for? */
static bool still_good(struct psh_copier *copier,
		       const struct psh_copy_job *job)
{
	u64 segment, word;

	for (segment = job->first; segment < job->first + job->count;
	     segment++) {
		word = psh_route_word(copier->route, segment);
		if (word & PSH_WORD_COPYING)
			return false;
		if (job->repair ? !(psh_word_valid(word) & BIT(job->source)) :
		    psh_word_home(word) != job->source ||
		    !(psh_route_lacks(copier->route, word) & BIT(job->target)))
			return false;
	}
	return true;
}

/*
 * The words are looked at again and marked in the instant in which the job is
 * registered, so that a writer who sees the mark finds the job, and one who
 * changes a word before is seen here. A repair marks too: while it runs every
 * write to the segment holds its range, whether there are copies or not. False
 * if there is nothing to be done any more.
 */
static bool begin(struct psh_copy_worker *worker, struct psh_copy_job *job)
{
	struct psh_copier *copier = worker->copier;
	u64 segment;

	spin_lock_irq(&copier->lock);
	if (!still_good(copier, job)) {
		spin_unlock_irq(&copier->lock);
		return false;
	}
	job->async = !job->repair &&
		     READ_ONCE(copier->members->async) >> job->target & 1;
	worker->job = *job;
	/* A member lost while we looked; forget() did not see this job. */
	if (copier->stop ||
	    !psh_member_is_usable(copier->members, job->source) ||
	    !psh_member_is_usable(copier->members, job->target))
		worker->job.spoilt = true;
	for (segment = job->first; segment < job->first + job->count;
	     segment++)
		psh_route_flag(copier->route, segment, PSH_WORD_COPYING, 0);
	spin_unlock_irq(&copier->lock);
	return true;
}

/* One that is not needed or not possible any more is dropped. */
static bool begin_repair(struct psh_copy_worker *worker)
{
	struct psh_copy_job job;

	while (take_repair(worker->copier, &job))
		if (begin(worker, &job))
			return true;
	return false;
}

static bool begin_missing(struct psh_copy_worker *worker)
{
	struct psh_copier *copier = worker->copier;
	struct psh_copy_job job;
	bool found = find_missing(copier, &job);

	if (found && begin(worker, &job))
		return true;
	spin_lock_irq(&copier->lock);
	if (!found)
		copier->async_at = jiffies + ASYNC_JIFFIES;
	pause_search(copier, ASYNC_JIFFIES);
	spin_unlock_irq(&copier->lock);
	return false;
}

static bool find_job(struct psh_copy_worker *worker)
{
	struct psh_copier *copier = worker->copier;
	bool begun;

	mutex_lock(&copier->searching);
	begun = begin_repair(worker);
	if (!begun && psh_metadata_can_change(copier->metadata) &&
	    psh_route_missing(copier->route) &&
	    time_after_eq(jiffies, READ_ONCE(copier->retry_at)))
		begun = begin_missing(worker);
	mutex_unlock(&copier->searching);
	return begun;
}

static void do_job(struct psh_copy_worker *worker)
{
	struct psh_copier *copier = worker->copier;
	struct psh_copy_job job = worker->job;
	u32 crc = 0;
	int r;

	trace_predshard_copy_begin(job.start, job.end, job.source, job.target,
				   job.repair, 0, 0);
	r = psh_flight_drain(copier->flight, WRITE, &worker->job.spoilt);
	if (!r && !source_is_valid(copier, &job))
		r = -EINTR;
	if (!r)
		r = copy_all(worker, &job, &crc);
	if (!r && READ_ONCE(worker->job.spoilt))
		r = -EINTR;
	if (!r && !job.repair)
		r = gain(worker);
	finish(worker, r);
	trace_predshard_copy_end(job.start, job.end, job.source, job.target,
				 job.repair, r, crc);
	if (!r && !job.repair && !psh_route_missing(copier->route))
		copier->in_sync(copier->owner);
}

static void run(struct work_struct *work)
{
	struct psh_copy_worker *worker = container_of(work,
						struct psh_copy_worker, work);

	while (!READ_ONCE(worker->copier->stop) && find_job(worker))
		do_job(worker);
	buffer_put(worker->buffer);
	worker->buffer = NULL;
}

int psh_copier_init(struct psh_copier *copier)
{
	int i;

	spin_lock_init(&copier->lock);
	mutex_init(&copier->searching);
	init_waitqueue_head(&copier->kick);
	copier->stop = true;
	copier->verify = PSH_VERIFY_SAMPLE;
	copier->retry_at = jiffies;
	copier->queue = alloc_workqueue("predshard-copy",
					WQ_UNBOUND | WQ_MEM_RECLAIM,
					PSH_COPIER_WORKERS);
	if (!copier->queue)
		return -ENOMEM;
	for (i = 0; i < PSH_COPIER_WORKERS; i++) {
		copier->worker[i].copier = copier;
		INIT_WORK(&copier->worker[i].work, run);
	}
	return 0;
}

void psh_copier_exit(struct psh_copier *copier)
{
	psh_copier_stop(copier);
	destroy_workqueue(copier->queue);
}

void psh_copier_start(struct psh_copier *copier)
{
	spin_lock_irq(&copier->lock);
	WRITE_ONCE(copier->stop, false);
	WRITE_ONCE(copier->retry_at, jiffies);
	WRITE_ONCE(copier->careful_from, 0);
	WRITE_ONCE(copier->careful_to, 0);
	spin_unlock_irq(&copier->lock);
	psh_copier_wake(copier);
}

void psh_copier_stop(struct psh_copier *copier)
{
	int i;

	spin_lock_irq(&copier->lock);
	WRITE_ONCE(copier->stop, true);
	for (i = 0; i < PSH_COPIER_WORKERS; i++)
		WRITE_ONCE(copier->worker[i].job.spoilt, true);
	copier->repair_count = 0;
	spin_unlock_irq(&copier->lock);
	wake_up_all(&copier->kick);
	flush_workqueue(copier->queue);
}

void psh_copier_wake(struct psh_copier *copier)
{
	int i;

	if (READ_ONCE(copier->stop))
		return;
	for (i = 0; i < PSH_COPIER_WORKERS; i++)
		queue_work(copier->queue, &copier->worker[i].work);
}

/* The job that fills @segment, if any. */
static struct psh_copy_job *job_of(struct psh_copier *copier, u64 segment)
{
	int i;

	lockdep_assert_held(&copier->lock);
	for (i = 0; i < PSH_COPIER_WORKERS; i++) {
		struct psh_copy_job *job = &copier->worker[i].job;

		if (job->count && !job->repair && segment >= job->first &&
		    segment - job->first < job->count)
			return job;
	}
	return NULL;
}

u32 psh_copier_targets(struct psh_copier *copier, u64 segment, u64 *word,
		       u32 *gaining)
{
	struct psh_copy_job *job;
	unsigned long flags;
	u32 targets = 0;

	spin_lock_irqsave(&copier->lock, flags);
	*word = psh_route_word(copier->route, segment);
	job = job_of(copier, segment);
	if (job && job->async)
		WRITE_ONCE(job->spoilt, true);
	if (job && (job->gaining || !job->spoilt))
		targets = BIT(job->target);
	*gaining = job && job->gaining ? targets : 0;
	spin_unlock_irqrestore(&copier->lock, flags);
	return targets;
}

void psh_copier_spoil(struct psh_copier *copier, u64 segment,
		      unsigned int member)
{
	unsigned long flags;
	int i;

	spin_lock_irqsave(&copier->lock, flags);
	for (i = 0; i < PSH_COPIER_WORKERS; i++) {
		struct psh_copy_job *job = &copier->worker[i].job;

		if (segment >= job->first && segment - job->first < job->count &&
		    (job->source == member || job->target == member))
			WRITE_ONCE(job->spoilt, true);
	}
	spin_unlock_irqrestore(&copier->lock, flags);
}

void psh_copier_forget(struct psh_copier *copier, unsigned int member)
{
	unsigned long flags;
	int i;

	spin_lock_irqsave(&copier->lock, flags);
	for (i = 0; i < PSH_COPIER_WORKERS; i++) {
		struct psh_copy_job *job = &copier->worker[i].job;

		if (job->source == member || job->target == member)
			WRITE_ONCE(job->spoilt, true);
	}
	spin_unlock_irqrestore(&copier->lock, flags);
	wake_up_all(&copier->kick);
}

void psh_copier_repair(struct psh_copier *copier, u64 segment, u64 start,
		       u32 sectors, unsigned int source, unsigned int target)
{
	struct psh_copy_job *job;
	unsigned long flags;

	spin_lock_irqsave(&copier->lock, flags);
	if (!copier->stop && copier->repair_count < PSH_COPIER_REPAIRS) {
		job = &copier->repair[(copier->repair_head +
				       copier->repair_count++) %
				      PSH_COPIER_REPAIRS];
		memset(job, 0, sizeof(*job));
		job->first = segment;
		job->count = 1;
		job->start = start;
		job->end = start + sectors;
		job->source = source;
		job->target = target;
		job->repair = true;
	}
	spin_unlock_irqrestore(&copier->lock, flags);
	psh_copier_wake(copier);
}
