/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store: the volume's metadata on one or two devices, and the order in which
 * it is written.
 *
 * It holds the superblock and, through two calls, one route word per segment.
 * A change of words is durable when psh_store_append() returns: one journal
 * block, written with FUA. A change of anything else, and making room in the
 * journal, is a checkpoint: all words into the map that does not count, FLUSH,
 * then the superblock that makes it count, with FUA. So after a crash at any
 * point the newest valid superblock, its map and its journal are the state of
 * the last call that returned, or of the one that had not yet.
 *
 * Each opening makes a checkpoint with the next epoch before anything else is
 * written, so a journal block that was behind a torn end never counts later.
 *
 * Damage is told from a crash where it can be: a journal block behind the end
 * that is newer than it is a hole, and refused with a message. What a single
 * device cannot tell is a last journal block that was torn from one that went
 * bad later. A map block that an activation wrote which then stopped has the same
 * epoch and generation as that of the next one: the superblock has a checksum of
 * the map that it means.
 *
 * With two devices every write goes to both; one that fails is dropped, and the
 * superblock says so before anything rests on it. What is not valid on one is
 * read from the other. One that missed the last superblock gets it before the
 * map is overwritten that its own one needs; and where one may turn up that we
 * do not know of, another is written first that is newer.
 *
 * Devices are behind struct psh_store_ops, so the module, the tools and the
 * simulator run the same code. Calls block, and there is one caller at a time.
 */
#ifndef PSH_STORE_H
#define PSH_STORE_H

#include "super.h"

#define PSH_STORE_BUFFER	16U	/* blocks per request for maps */

/**
 * struct psh_store_ops - what a store stands on
 * @read: read @nr blocks from @block of a device; 0 or a negative error
 * @write: write them, with @fua durably; 0 or a negative error
 * @flush: make all that was written durable; 0 or a negative error
 * @blocks: blocks of a device
 * @word: the word of a segment as the next checkpoint shall have it
 * @set_word: loading found this word
 */
struct psh_store_ops {
	int (*read)(void *owner, unsigned int device, u64 block, u32 nr,
		    void *data);
	int (*write)(void *owner, unsigned int device, u64 block, u32 nr,
		     const void *data, bool fua);
	int (*flush)(void *owner, unsigned int device);
	u64 (*blocks)(void *owner, unsigned int device);
	u64 (*word)(void *owner, u64 segment);
	void (*set_word)(void *owner, u64 segment, u64 word);
};

/**
 * struct psh_store_record - a word that changes
 * @segment: its segment
 * @word: what it is from now on; only PSH_WORD_DURABLE is kept
 */
struct psh_store_record {
	u64 segment;
	u64 word;
};

/**
 * struct psh_store - the metadata of one volume
 * @ops: devices and words
 * @owner: for @ops
 * @buffer: PSH_STORE_BUFFER blocks of the caller's
 * @super: as it is on the devices
 * @given: devices that there are, as a bit set
 * @live: those that are written; the rest was dropped or is not up to date
 * @behind: those that may be taken in again: blank, damaged, or left behind
 * @lagging: those of them that have only the superblock before this one
 * @torn: those with a superblock that is not whole
 * @next: sequence number of the next journal block
 * @failed: no device takes writes any more
 * @found: what was read from each device, and room for a superblock to write
 * @error: PSH_ERROR_SIZE bytes of the caller's, for messages
 * @device: the device that the message is about
 */
struct psh_store {
	const struct psh_store_ops *ops;
	void *owner;
	u8 *buffer;
	struct psh_super super;
	u32 given;
	u32 live;
	u32 behind;
	u32 lagging;
	u32 torn;
	u64 next;
	bool failed;
	struct psh_super found[PSH_DISK_DEVICES];
	char *error;
	unsigned int device;
};

/**
 * psh_store_find() - read and check the superblocks
 * @store: with ops, owner, buffer, given and error set
 *
 * Fills @super; writes nothing.
 *
 * Return: 0; -ENODATA if all devices are blank; -EINVAL, -EBADMSG or an error of
 * a device, with @error and @device set.
 */
int psh_store_find(struct psh_store *store);

/**
 * psh_store_load() - read map and journal
 * @store: after psh_store_find()
 *
 * Calls @ops->set_word for every segment at least once; the last call counts.
 * Writes nothing.
 *
 * Return: 0, or an error with @error and @device set.
 */
int psh_store_load(struct psh_store *store);

/**
 * psh_store_format() - prepare to write blank devices
 * @store: after psh_store_find() said -ENODATA
 * @super: uuid, sizes, rules and members set
 *
 * Lays out @super. Nothing is written before the first checkpoint.
 *
 * Return: 0, or -ENOSPC with @error set.
 */
int psh_store_format(struct psh_store *store, struct psh_super *super);

/**
 * psh_store_revive() - make devices ready for the first checkpoint
 * @store: after psh_store_load() or psh_store_format()
 *
 * Sees to it that no superblock can turn up that names the map which is about to
 * be overwritten, and takes devices in again that are not up to date: spoils
 * their superblocks, so that they are not believed alone half way, and writes
 * zeroes into their journals; the next checkpoint, which must follow, writes all
 * the rest. One that fails stays dropped, and so does one that could not be
 * read: nothing tells what would be overwritten.
 */
void psh_store_revive(struct psh_store *store);

/**
 * psh_store_checkpoint() - make words and superblock durable
 * @store: the store
 * @super: what the superblock shall say; generation, map, checkpoint and
 *	   devices are filled, and it is copied to @store->super when durable
 *
 * To begin an epoch, the caller has raised it in @super.
 *
 * Return: 0; -ENOSPC and nothing written if the map has no room for so many
 * segments; or another error, and then the devices hold the old state or the new.
 */
int psh_store_checkpoint(struct psh_store *store, struct psh_super *super);

/**
 * psh_store_append() - make some words durable
 * @store: the store
 * @record: the words
 * @nr: 1..PSH_JOURNAL_RECORDS
 *
 * The caller makes a checkpoint when psh_store_is_half_full().
 *
 * Return: 0; -ENOSPC and nothing written if the journal is full; or another
 * error, and then the words are durable or not.
 */
int psh_store_append(struct psh_store *store,
		     const struct psh_store_record *record, unsigned int nr);

/** psh_store_is_half_full() - is it time for a checkpoint? */
static inline bool psh_store_is_half_full(const struct psh_store *store)
{
	return (store->next - store->super.checkpoint) * 2 >=
	       store->super.journal_blocks;
}

#endif /* PSH_STORE_H */
