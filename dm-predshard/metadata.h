/* SPDX-License-Identifier: GPL-2.0 */
/*
 * metadata: the one who changes what is durable of a volume.
 *
 * Whoever wants a word or the superblock changed asks, from any context, and is
 * told when it is durable. One worker takes what was asked for in order, writes
 * it through core/store, many changes in one journal block, and only then makes
 * it visible in the route. So there is never a moment in which somebody acts on
 * what a crash would forget, and a change never races with another one.
 *
 *	INTENT	a write comes: copies may differ from now on
 *	CLEAR	copies are equal and flushed: take INTENT back
 *	GAIN	a member was filled
 *	LOSE	members failed a write: the home moves if it is among them
 *	SAVE	anything else, as a checkpoint
 *	KEEP	what the forecaster remembers, in an area of its own
 *
 * When no metadata device takes writes any more, every change fails and nothing
 * in the route is gained; what needs none goes on. It never comes back by itself.
 */
#ifndef PSH_METADATA_H
#define PSH_METADATA_H

#include <linux/blk_types.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "core/archive.h"
#include "core/store.h"
#include "member.h"
#include "route.h"

enum psh_change_kind {
	PSH_CHANGE_INTENT,
	PSH_CHANGE_CLEAR,
	PSH_CHANGE_GAIN,
	PSH_CHANGE_LOSE,
	PSH_CHANGE_SAVE,
	PSH_CHANGE_KEEP,
};

/**
 * struct psh_change - something to be made durable
 * @node: in the list of what was asked for. The metadata's
 * @kind: what
 * @first: first segment
 * @count: segments; of a GAIN at most PSH_JOURNAL_RECORDS
 * @members: GAIN: the one member; LOSE: the members
 * @edit: SAVE: changes the superblock that will be written; may be NULL
 * @word: SAVE: what a word becomes; NULL if words stay
 * @spoilt: GAIN: true once it must not be done any more
 * @publish: GAIN: called when it is durable, to call psh_metadata_publish()
 *	     under the asker's lock; false if it must be undone
 * @data: KEEP: what to keep
 * @bytes: KEEP: how many, 1..PSH_ARCHIVE_MOST
 * @done: called when it is durable, or failed, from a context that may sleep but
 *	  must not wait for a member
 * @owner: the asker's
 * @result: 0 or a negative error. Set before @done
 * @is_undone: GAIN: it was not published. The metadata's
 * @planned: segments that are written or being written. The metadata's
 */
struct psh_change {
	struct list_head node;
	enum psh_change_kind kind;
	u64 first;
	u64 count;
	u32 members;
	void (*edit)(const struct psh_change *change, struct psh_super *super);
	u64 (*word)(const struct psh_change *change, u64 segment, u64 word);
	const bool *spoilt;
	bool (*publish)(struct psh_change *change);
	const u8 *data;
	u32 bytes;
	void (*done)(struct psh_change *change);
	void *owner;
	int result;
	bool is_undone;
	u64 planned;
};

/**
 * struct psh_metadata - the metadata of one volume
 * @route: the routing table
 * @members: the members
 * @bdev: metadata device and mirror, or NULL; changes only while suspended
 * @store: the devices' content. Worker; others while it is idle
 * @archive: where the forecaster's area stands. As @store
 * @next: superblock about to be written. As @store
 * @queue: where @work runs
 * @work: the worker
 * @lock: protects @asked; taken from any context
 * @asked: changes that wait
 * @saving: the SAVE whose words are being written, or NULL. Worker
 * @record: words of the journal block being filled. Worker
 * @asker: the changes that they belong to. Worker
 * @nr: used entries of both. Worker
 * @writable: changes are possible: it is open, and the table may write
 * @failed: a device failed; both if the store did. Written by the worker
 * @error: of the last failure
 * @trouble: called by the worker when a device failed
 * @owner: for @trouble
 */
struct psh_metadata {
	struct psh_route *route;
	struct psh_members *members;
	struct block_device *bdev[PSH_DISK_DEVICES];
	struct psh_store store;
	struct psh_archive archive;
	struct psh_super next;
	struct workqueue_struct *queue;
	struct work_struct work;
	spinlock_t lock; /* asked */
	struct list_head asked;
	struct psh_change *saving;
	struct psh_store_record record[PSH_JOURNAL_RECORDS];
	struct psh_change *asker[PSH_JOURNAL_RECORDS];
	unsigned int nr;
	bool writable;
	u32 failed;
	char error[PSH_ERROR_SIZE];
	void (*trouble)(void *owner);
	void *owner;
};

/** psh_metadata_init() - set up; pointers to neighbours set by the caller. */
int psh_metadata_init(struct psh_metadata *metadata);
void psh_metadata_exit(struct psh_metadata *metadata);

/**
 * psh_metadata_use() - use these devices from now on
 * @metadata: the metadata
 * @device: metadata device
 * @mirror: its mirror, or NULL
 *
 * Context: process, worker idle.
 */
void psh_metadata_use(struct psh_metadata *metadata,
		      struct block_device *device, struct block_device *mirror);

/**
 * psh_metadata_ask() - ask for a change
 * @metadata: the metadata
 * @change: the change, the caller's until @change->done is called
 *
 * Context: any.
 */
void psh_metadata_ask(struct psh_metadata *metadata,
		      struct psh_change *change);

/**
 * psh_metadata_do() - ask for a change and wait
 * @metadata: the metadata
 * @change: the change; done and owner are used here
 *
 * Context: process; waits for the metadata devices.
 * Return: 0; -EROFS if no change is possible; or another error.
 */
int psh_metadata_do(struct psh_metadata *metadata, struct psh_change *change);

/**
 * psh_metadata_publish() - make a GAIN visible
 * @metadata: the metadata
 * @change: the change, from its publish()
 *
 * Context: the worker; may be called with a spinlock held.
 */
void psh_metadata_publish(struct psh_metadata *metadata,
			  const struct psh_change *change);

/** psh_metadata_can_change() - is it of any use to ask? Context: any. */
static inline bool psh_metadata_can_change(const struct psh_metadata *metadata)
{
	return READ_ONCE(metadata->writable) &&
	       !READ_ONCE(metadata->store.failed);
}

/** psh_metadata_settle() - wait until nothing is asked for any more. Sleeps. */
void psh_metadata_settle(struct psh_metadata *metadata);

/** psh_metadata_state_name() - "ok", "degraded", "read-only" or "failed". */
const char *psh_metadata_state_name(const struct psh_metadata *metadata);

#endif /* PSH_METADATA_H */
