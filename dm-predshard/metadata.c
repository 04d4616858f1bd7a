// SPDX-License-Identifier: GPL-2.0
/*
 * metadata: see metadata.h. The worker plans a batch (which words become what),
 * appends it to the journal, settles the words, and tells those who asked. What
 * a change makes of a word is decided when it is planned, on the word as it is
 * then or as it is planned in this batch already; nobody but the worker changes
 * what is durable of it, so it is still the same when the record is.
 */
#include <linux/blkdev.h>
#include <linux/slab.h>

#include "block.h"
#include "metadata.h"

/* --- what core/store stands on ------------------------------------------- */

static int device_read(void *owner, unsigned int device, u64 block, u32 nr,
		       void *data)
{
	struct psh_metadata *metadata = owner;

	return psh_block_io(metadata->bdev[device], REQ_OP_READ | REQ_META,
			    block, nr, data);
}

static int device_write(void *owner, unsigned int device, u64 block, u32 nr,
			const void *data, bool fua)
{
	struct psh_metadata *metadata = owner;
	blk_opf_t opf = REQ_OP_WRITE | REQ_META | REQ_SYNC;

	/* A log that waits behind throttled writeback stalls all writers. */
	opf |= REQ_IDLE | (fua ? REQ_FUA : 0);
	return psh_block_io(metadata->bdev[device], opf, block, nr,
			    (void *)data);
}

static int device_flush(void *owner, unsigned int device)
{
	struct psh_metadata *metadata = owner;

	return psh_block_flush(metadata->bdev[device]);
}

static u64 device_blocks(void *owner, unsigned int device)
{
	struct psh_metadata *metadata = owner;

	return psh_block_count(metadata->bdev[device]);
}

static u64 word_to_save(void *owner, u64 segment)
{
	struct psh_metadata *metadata = owner;
	const struct psh_change *saving = metadata->saving;
	u64 word = psh_route_word(metadata->route, segment);

	return saving && saving->word ? saving->word(saving, segment, word) :
					word;
}

/* Words beyond the route are of a volume that is being looked at only. */
static void word_loaded(void *owner, u64 segment, u64 word)
{
	struct psh_metadata *metadata = owner;

	if (metadata->route && segment < metadata->route->nr_segments)
		atomic64_set(&metadata->route->words[segment],
			     word & PSH_WORD_DURABLE);
}

static const struct psh_store_ops store_ops = {
	.read = device_read,
	.write = device_write,
	.flush = device_flush,
	.blocks = device_blocks,
	.word = word_to_save,
	.set_word = word_loaded,
};

/* --- planning ------------------------------------------------------------- */

/* The word as it will be when what is planned so far is durable. */
static u64 planned_word(const struct psh_metadata *metadata, u64 segment)
{
	unsigned int i;

	for (i = metadata->nr; i--;)
		if (metadata->record[i].segment == segment)
			return metadata->record[i].word;
	return psh_route_word(metadata->route, segment);
}

static u64 changed_word(const struct psh_metadata *metadata,
			const struct psh_change *change, u64 word)
{
	u32 usable = READ_ONCE(metadata->members->usable);

	switch (change->kind) {
	case PSH_CHANGE_INTENT:
		return psh_word_intent(word, usable,
				       READ_ONCE(metadata->members->async));
	case PSH_CHANGE_CLEAR:
		/* A member that is lost may have lost what was not flushed. */
		return word & PSH_WORD_CLEARING &&
		       !(psh_word_valid(word) & ~usable) ?
		       word & ~PSH_WORD_INTENT : word;
	case PSH_CHANGE_GAIN:
		return psh_word_gain(word, __ffs(change->members),
				     metadata->route->primary);
	case PSH_CHANGE_LOSE:
		return psh_word_lose(word, change->members, usable);
	case PSH_CHANGE_SAVE:
	case PSH_CHANGE_KEEP:
		break;
	}
	return word;
}

/* Who writes, or changes the word otherwise, ends a CLEAR on its way. */
static void plan_segment(struct psh_metadata *metadata,
			 struct psh_change *change, u64 segment)
{
	u64 before = planned_word(metadata, segment);
	u64 after = changed_word(metadata, change, before);

	if (before & PSH_WORD_CLEARING && change->kind != PSH_CHANGE_CLEAR)
		psh_route_flag(metadata->route, segment, 0, PSH_WORD_CLEARING);
	if (!((before ^ after) & PSH_WORD_PLACE)) {
		if (change->kind == PSH_CHANGE_CLEAR)
			psh_route_flag(metadata->route, segment, 0,
				       PSH_WORD_CLEARING);
		return;
	}
	metadata->record[metadata->nr].segment = segment;
	metadata->record[metadata->nr].word = after & ~PSH_WORD_CLEARING;
	metadata->asker[metadata->nr] = change;
	metadata->nr++;
}

/* Plan what there is room for; true if that is all of it. */
static bool plan(struct psh_metadata *metadata, struct psh_change *change)
{
	if (change->kind == PSH_CHANGE_GAIN) {
		if (metadata->nr + change->count > PSH_JOURNAL_RECORDS)
			return false;
		if (READ_ONCE(*change->spoilt)) {
			change->result = -EINTR;
			change->planned = change->count;
			return true;
		}
	}
	while (change->planned < change->count) {
		u64 segment = change->first + change->planned;

		if (metadata->nr == PSH_JOURNAL_RECORDS)
			return false;
		/* Only those that are marked, of many. */
		if (change->kind != PSH_CHANGE_CLEAR ||
		    psh_route_word(metadata->route, segment) &
		    PSH_WORD_CLEARING)
			plan_segment(metadata, change, segment);
		change->planned++;
		if (!(change->planned % PSH_SWEEP_YIELD))
			cond_resched();
	}
	return true;
}

/* --- writing -------------------------------------------------------------- */

static void note_failure(struct psh_metadata *metadata)
{
	u32 failed = metadata->store.given & ~metadata->store.live;

	if (failed == metadata->failed)
		return;
	WRITE_ONCE(metadata->failed, failed);
	metadata->trouble(metadata->owner);
}

static int append(struct psh_metadata *metadata)
{
	int r = psh_store_append(&metadata->store, metadata->record,
				 metadata->nr);

	note_failure(metadata);
	return r;
}

/* All words, and the superblock as @saving wants it, if there is one. */
static int checkpoint(struct psh_metadata *metadata, struct psh_change *saving)
{
	int r;

	metadata->next = metadata->store.super;
	metadata->saving = saving;
	if (saving && saving->edit)
		saving->edit(saving, &metadata->next);
	r = psh_store_checkpoint(&metadata->store, &metadata->next);
	note_failure(metadata);
	metadata->saving = NULL;
	return r;
}

static u64 saved_word(u64 segment, u64 word, const void *context)
{
	const struct psh_change *saving = context;

	return saving->word(saving, segment, word);
}

static void save(struct psh_metadata *metadata, struct psh_change *change)
{
	change->result = checkpoint(metadata, change);
	if (!change->result && change->word)
		psh_route_sweep(metadata->route, saved_word, change);
}

void psh_metadata_publish(struct psh_metadata *metadata,
			  const struct psh_change *change)
{
	unsigned int i;

	for (i = 0; i < metadata->nr; i++)
		if (metadata->asker[i] == change)
			psh_route_settle(metadata->route,
					 metadata->record[i].segment,
					 metadata->record[i].word);
}

/*
 * A change failed, and if it was @written nobody knows whether it is durable. Until
 * somebody makes the metadata anew nothing may rest on either: who was being filled
 * may be a copy, or the home; who failed a write is one still. So segments of a
 * GAIN take no writes, and of a LOSE only the home is left, as a crash leaves it.
 */
static void give_up(struct psh_metadata *metadata, struct psh_change *change,
		    bool written, int error)
{
	struct psh_route *route = metadata->route;
	u64 segment, word, after;

	change->result = error;
	if (change->kind != PSH_CHANGE_LOSE &&
	    !(change->kind == PSH_CHANGE_GAIN && written))
		return;
	for (segment = change->first; segment < change->first + change->count;
	     segment++) {
		word = psh_route_word(route, segment);
		if (change->kind == PSH_CHANGE_LOSE) {
			after = changed_word(metadata, change, word);
			psh_route_settle(route, segment,
					 psh_word_lose(after,
						       psh_word_copies(after), 0));
			if (psh_word_home(after) == psh_word_home(word))
				continue;
		}
		psh_route_flag(route, segment, PSH_WORD_WRITE_REFUSED, 0);
	}
}

/* What was written must not count: write the words as they still are. */
static void undo(struct psh_metadata *metadata, struct psh_change *change)
{
	u64 segment;

	change->result = -EINTR;
	metadata->nr = 0;
	for (segment = change->first; segment < change->first + change->count;
	     segment++) {
		metadata->record[metadata->nr].segment = segment;
		metadata->record[metadata->nr++].word =
			psh_route_word(metadata->route, segment);
	}
	if (append(metadata))
		give_up(metadata, change, true, -EIO);
}

/* Make the batch durable, then visible. */
static void commit(struct psh_metadata *metadata, struct list_head *batch)
{
	struct psh_change *change;
	int r = 0;

	if (metadata->nr)
		r = append(metadata);
	list_for_each_entry(change, batch, node) {
		if (r)
			give_up(metadata, change, true, r);
		else if (change->kind != PSH_CHANGE_GAIN)
			psh_metadata_publish(metadata, change);
		else if (!change->result && !change->publish(change))
			change->is_undone = true;
	}
	list_for_each_entry(change, batch, node)
		if (change->is_undone)
			undo(metadata, change);
	metadata->nr = 0;
}

/* --- the worker ------------------------------------------------------------ */

/*
 * Move what fits into one journal block from @queue to @batch; true if the last
 * one of @batch is not finished by it. GAINs go by themselves: they may be
 * undone, and nothing else may have been planned on top of them.
 */
static bool fill_batch(struct psh_metadata *metadata, struct list_head *queue,
		       struct list_head *batch)
{
	struct psh_change *change, *next;
	bool gains = false;

	list_for_each_entry_safe(change, next, queue, node) {
		bool is_gain = change->kind == PSH_CHANGE_GAIN;

		if (change->kind == PSH_CHANGE_SAVE ||
		    change->kind == PSH_CHANGE_KEEP ||
		    (!list_empty(batch) && is_gain != gains))
			return false;
		gains = is_gain;
		if (!plan(metadata, change)) {
			if (!change->planned)
				return false;
			list_move_tail(&change->node, batch);
			return true;
		}
		list_move_tail(&change->node, batch);
	}
	return false;
}

static void finish(struct list_head *batch)
{
	struct psh_change *change, *next;

	/* Who is told may ask again with the same change. */
	list_for_each_entry_safe(change, next, batch, node) {
		list_del_init(&change->node);
		change->done(change);
	}
}

/* Nobody shall wait for all of a long one: behind what was asked for since. */
static void put_back(struct psh_metadata *metadata, struct psh_change *change)
{
	list_del(&change->node);
	spin_lock_irq(&metadata->lock);
	list_add_tail(&change->node, &metadata->asked);
	spin_unlock_irq(&metadata->lock);
}

/* The first changes of @queue, those that can be done together. */
static void do_some(struct psh_metadata *metadata, struct list_head *queue)
{
	struct psh_change *change = list_first_entry(queue, struct psh_change,
						     node);
	struct psh_change *rest = NULL;
	LIST_HEAD(batch);

	if (!psh_metadata_can_change(metadata)) {
		give_up(metadata, change, false,
			metadata->writable ? -EIO : -EROFS);
		list_move(&change->node, &batch);
	} else if (change->kind == PSH_CHANGE_SAVE) {
		save(metadata, change);
		list_move(&change->node, &batch);
	} else if (change->kind == PSH_CHANGE_KEEP) {
		/* Nothing rests on it: no device is dropped if it fails. */
		change->result = psh_archive_save(&metadata->archive,
						  &metadata->store,
						  change->data, change->bytes);
		list_move(&change->node, &batch);
	} else {
		if (fill_batch(metadata, queue, &batch))
			rest = list_last_entry(&batch, struct psh_change,
					       node);
		commit(metadata, &batch);
		if (rest && !rest->result)
			put_back(metadata, rest);
	}
	finish(&batch);
	if (psh_metadata_can_change(metadata) &&
	    psh_store_is_half_full(&metadata->store))
		checkpoint(metadata, NULL);
}

static void work(struct work_struct *work)
{
	struct psh_metadata *metadata = container_of(work, struct psh_metadata,
						     work);
	LIST_HEAD(queue);

	for (;;) {
		spin_lock_irq(&metadata->lock);
		list_splice_tail_init(&metadata->asked, &queue);
		spin_unlock_irq(&metadata->lock);
		if (list_empty(&queue))
			break;
		do_some(metadata, &queue);
	}
}

/* --- asking ----------------------------------------------------------------- */

void psh_metadata_ask(struct psh_metadata *metadata, struct psh_change *change)
{
	unsigned long flags;

	change->result = 0;
	change->is_undone = false;
	change->planned = 0;
	spin_lock_irqsave(&metadata->lock, flags);
	list_add_tail(&change->node, &metadata->asked);
	spin_unlock_irqrestore(&metadata->lock, flags);
	queue_work(metadata->queue, &metadata->work);
}

static void complete_change(struct psh_change *change)
{
	complete(change->owner);
}

int psh_metadata_do(struct psh_metadata *metadata, struct psh_change *change)
{
	DECLARE_COMPLETION_ONSTACK(done);

	change->owner = &done;
	change->done = complete_change;
	psh_metadata_ask(metadata, change);
	wait_for_completion(&done);
	return change->result;
}

void psh_metadata_settle(struct psh_metadata *metadata)
{
	flush_work(&metadata->work);
}

const char *psh_metadata_state_name(const struct psh_metadata *metadata)
{
	if (!READ_ONCE(metadata->writable))
		return "read-only";
	if (READ_ONCE(metadata->store.failed))
		return "failed";
	return READ_ONCE(metadata->failed) ? "degraded" : "ok";
}

/* --- life -------------------------------------------------------------------- */

int psh_metadata_init(struct psh_metadata *metadata)
{
	struct psh_store *store = &metadata->store;

	spin_lock_init(&metadata->lock);
	INIT_LIST_HEAD(&metadata->asked);
	INIT_WORK(&metadata->work, work);
	store->ops = &store_ops;
	store->owner = metadata;
	store->error = metadata->error;
	store->buffer = kmalloc(PSH_STORE_BUFFER * PSH_BLOCK_SIZE, GFP_KERNEL);
	if (!store->buffer)
		return -ENOMEM;
	metadata->queue = alloc_workqueue("predshard-meta",
					  WQ_UNBOUND | WQ_HIGHPRI |
					  WQ_MEM_RECLAIM, 1);
	if (metadata->queue)
		return 0;
	kfree(store->buffer);
	return -ENOMEM;
}

void psh_metadata_exit(struct psh_metadata *metadata)
{
	destroy_workqueue(metadata->queue);
	kfree(metadata->store.buffer);
}

void psh_metadata_use(struct psh_metadata *metadata,
		      struct block_device *device, struct block_device *mirror)
{
	metadata->bdev[0] = device;
	metadata->bdev[1] = mirror;
	metadata->store.given = mirror ? 3 : 1;
}
