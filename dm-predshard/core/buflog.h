/* SPDX-License-Identifier: GPL-2.0 */
/*
 * buflog: the log that lies on a volume's buffers: where its stripes are, and
 * what of it counts after a crash.
 *
 * The log is one sequence of stripes, numbered from 1. It lies on nr_buffers
 * buffers that form nr_buffers / copies lanes; stripe n lies in lane n mod
 * lanes, on each of the copies buffers of it, in the same row. So its place
 * follows from its number, and all of the log is one ring.
 *
 * Rules of who writes stripes (tail.h has those that need counting):
 *  - a stripe is sealed in order of number, may be in flight with others, and is
 *    complete when every buffer of its lane that is not lost has taken it;
 *  - all up to k are *durable* when all up to k were complete and then all
 *    buffers that took one were flushed; heads that are sealed later say so;
 *  - head of stripe h says tail t only if nothing before t is needed: for each
 *    record there, the home has what it says or newer, flushed, or a record in a
 *    durable stripe replaces it;
 *  - stripe n + ring is written only when a durable head says a tail above n;
 *  - a buffer that missed anything is lost, and the metadata says so before
 *    anything that it missed is acknowledged.
 *
 * Why replay finds what was flushed, and nothing that was not written since:
 *
 * Let E be the highest epoch of the superblocks, start the first number that E
 * may use, T the highest tail and D the highest durable of E's superblocks and
 * of all whole heads of epoch E. Tails and durables are facts whether or not the
 * head that tells them is part of the log, so taking the highest is right.
 *
 *  - T is not older than any head whose stripe was overwritten: n + ring was
 *    written after a durable head said a tail above n; if that head itself was
 *    overwritten, a durable head with a later tail said so before.
 *  - T..D were flushed and not overwritten: each must be there, whole, and
 *    continue the one before it (epoch not falling, chain of checksums). If not,
 *    a write was lost or went bad: refused.
 *  - What is behind D counts up to the first stripe that is not whole. What is
 *    behind that was never covered by a FLUSH, for that waits for all before.
 *  - On each buffer, from the first stripe of its own superblock's epoch on only
 *    stripes of that epoch count, and before it only those of older ones. What
 *    was behind a torn end, or was written while others went on without this
 *    buffer, has an older epoch, and the superblocks are durable on all buffers
 *    before the first stripe of an epoch is written.
 *  - What counts is written to every buffer of its lane that lacks it, and
 *    flushed, before the superblocks of the next epoch make it durable by
 *    definition (D = start - 1), and only then may anybody read it. So what was
 *    once read stays, whatever crashes next and whichever copy is lost. That is
 *    also why older epochs need no rule of their own: a buffer's superblock
 *    says that it was given all of them, or has them right, up to its start.
 *  - An epoch that was not settled was never read by anybody. So its D need not
 *    hold, and does not count: a buffer that had unflushed stripes may be gone.
 *  - A buffer that has not reached E may have been away when E began, so D says
 *    nothing about it: all that is taken from it is read and checked. One that
 *    missed a whole activation, or was lost, is not read at all but filled.
 *
 * Data up to D is not read by replay: it was flushed, and each record's
 * checksum is checked when it is used. What cannot be told from a torn end is a
 * flushed last stripe that went bad on every buffer of its lane, with no later
 * stripe to say that it was durable; psh_buflog_close() leaves none.
 *
 * Buffers are behind struct psh_buflog_ops, so the module, the tools and the
 * simulator run the same code. Calls block; there is one caller at a time. What
 * is in the log of each sector is told record by record and kept by the caller.
 */
#ifndef PSH_BUFLOG_H
#define PSH_BUFLOG_H

#include "stripe.h"
#include "table.h"

#define PSH_BUFFERS_MAX 16U
#define PSH_BUFLOG_ROWS_MAX (1ULL << 32)

/**
 * struct psh_buflog_ops - what a buffer log stands on
 * @read: read @nr blocks from @block of a buffer's share; 0 or an error
 * @write: write them, with @fua durably; 0 or an error
 * @flush: make all that was written to a buffer durable; 0 or an error
 * @blocks: whole blocks of a buffer's share
 * @record: replay found this record in stripe @sequence; order is order of time.
 *	    0, or an error that ends the replay
 */
struct psh_buflog_ops {
	int (*read)(void *owner, unsigned int buffer, u64 block, u32 nr,
		    void *data);
	int (*write)(void *owner, unsigned int buffer, u64 block, u32 nr,
		     const void *data, bool fua);
	int (*flush)(void *owner, unsigned int buffer);
	u64 (*blocks)(void *owner, unsigned int buffer);
	int (*record)(void *owner, u64 sequence,
		      const struct psh_stripe_record *record);
};

/**
 * struct psh_buflog_shape - where stripes lie; immutable while there is a log
 * @nr_buffers: 1..PSH_BUFFERS_MAX, a multiple of @copies
 * @copies: buffers that hold each stripe
 * @stripe_blocks: PSH_STRIPE_BLOCKS_MIN..PSH_STRIPE_BLOCKS_MAX
 * @rows: stripes on each buffer, at least 2
 */
struct psh_buflog_shape {
	u32 nr_buffers;
	u32 copies;
	u32 stripe_blocks;
	u64 rows;
};

/**
 * struct psh_buflog_super - what the superblock of a buffer says
 * @uuid: of the volume
 * @member_uuid: of the member
 * @epoch: the last activation that wrote to it
 * @generation: of this superblock
 * @index: which of the log's buffers it is
 * @shape: of the log
 * @start: first stripe of the epoch
 * @tail: oldest stripe that was needed
 * @durable: last stripe that was durable, if the epoch was settled
 * @flushed: last stripe that a FLUSH covers, if it was not
 * @chain: checksum of the head of stripe @start - 1
 */
struct psh_buflog_super {
	u8 uuid[PSH_UUID_SIZE];
	u8 member_uuid[PSH_UUID_SIZE];
	u64 epoch;
	u64 generation;
	u32 index;
	struct psh_buflog_shape shape;
	u64 start;
	u64 tail;
	u64 durable;
	u64 flushed;
	u32 chain;
};

/**
 * struct psh_buflog - the log while it is looked at
 * @ops: buffers, and who is told
 * @owner: for @ops
 * @memory: stripe_blocks blocks of the caller's, PSH_STRIPE_BLOCKS_MAX before
 *	    psh_buflog_find() told the shape
 * @uuid: of the volume
 * @member_uuid: of the buffers; one that is all zero is not compared
 * @given: buffers that can be read and were not lost, as a bit set
 * @epoch: of the metadata; no buffer may have a higher one
 * @settled: the last epoch that all given buffers have reached, 0 before the
 *	     first beginning of a new log was done
 * @stale: given buffers that did not take part in the last activation; not read
 * @blank: given buffers that hold nothing; not read
 * @super: of the highest epoch
 * @generation: of each buffer's superblock
 * @reached: and its epoch
 * @begun: and the first stripe of that
 * @start: first stripe of the epoch
 * @tail: oldest stripe that is needed
 * @durable: last stripe that is known to be durable
 * @end: last stripe that counts, @tail - 1 if none
 * @chain: checksum of the head of stripe @end
 * @error: PSH_ERROR_SIZE bytes of the caller's, for messages
 * @buffer: the buffer that the message is about
 */
struct psh_buflog {
	const struct psh_buflog_ops *ops;
	void *owner;
	u8 *memory;
	u8 uuid[PSH_UUID_SIZE];
	u8 member_uuid[PSH_BUFFERS_MAX][PSH_UUID_SIZE];
	u32 given;
	u64 epoch;
	u64 settled;
	u32 stale;
	u32 blank;
	struct psh_buflog_super super;
	u64 generation[PSH_BUFFERS_MAX];
	u64 reached[PSH_BUFFERS_MAX];
	u64 begun[PSH_BUFFERS_MAX];
	u64 start;
	u64 tail;
	u64 durable;
	u64 end;
	u32 chain;
	char *error;
	unsigned int buffer;
};

/** psh_buflog_lanes() - lanes that a log has. */
static inline u32 psh_buflog_lanes(const struct psh_buflog_shape *shape)
{
	return shape->nr_buffers / shape->copies;
}

/** psh_buflog_ring() - stripes that the log has room for. */
static inline u64 psh_buflog_ring(const struct psh_buflog_shape *shape)
{
	return shape->rows * psh_buflog_lanes(shape);
}

/**
 * psh_buflog_locate() - where a stripe lies
 * @shape: of the log
 * @sequence: number of the stripe
 * @buffers: filled with the buffers that hold it, as a bit set
 *
 * Return: the block of its head within the share of each of them.
 */
u64 psh_buflog_locate(const struct psh_buflog_shape *shape, u64 sequence,
		      u32 *buffers);

/**
 * psh_buflog_shape() - decide on the shape of a new log
 * @shape: with nr_buffers, copies and stripe_blocks set; rows is filled
 * @blocks: blocks of the smallest share
 * @error: PSH_ERROR_SIZE bytes
 *
 * Return: 0, or -EINVAL or -ENOSPC with @error set.
 */
int psh_buflog_shape(struct psh_buflog_shape *shape, u64 blocks, char *error);

/** psh_buflog_super_encode() - write a superblock; @block is sealed. */
void psh_buflog_super_encode(const struct psh_buflog_super *super, void *block);

/**
 * psh_buflog_super_decode() - read a superblock
 * @block: PSH_BLOCK_SIZE bytes whose head is good
 * @head: its head
 * @blocks: blocks of its share
 * @super: filled
 * @error: PSH_ERROR_SIZE bytes
 *
 * Return: 0, or -EINVAL with @error naming the field.
 */
int psh_buflog_super_decode(const void *block, const struct psh_head *head,
			    u64 blocks, struct psh_buflog_super *super,
			    char *error);

/**
 * psh_buflog_find() - read and check the superblocks
 * @log: with ops, owner, memory, uuid, given, epoch, settled and error set
 *
 * Fills @super, @stale and @blank; writes nothing.
 *
 * Return: 0; -ENODATA if all given buffers are blank or no epoch was ever
 * settled, so that there is nothing to lose by formatting; -EINVAL, -EBADMSG or an
 * error of a buffer, with @error and @buffer set.
 */
int psh_buflog_find(struct psh_buflog *log);

/**
 * psh_buflog_replay() - find tail and end, and tell all records between
 * @log: after psh_buflog_find() returned 0
 *
 * Writes nothing. Nobody may read what it tells before psh_buflog_begin()
 * returned.
 *
 * Return: 0, or an error with @error and @buffer set.
 */
int psh_buflog_replay(struct psh_buflog *log);

/**
 * psh_buflog_format() - prepare to write blank buffers
 * @log: after psh_buflog_find() said -ENODATA
 * @shape: from psh_buflog_shape()
 *
 * Nothing is written before psh_buflog_begin(). The epoch must be higher than
 * that of any log that these buffers held before.
 */
void psh_buflog_format(struct psh_buflog *log,
		       const struct psh_buflog_shape *shape);

/**
 * psh_buflog_begin() - begin an epoch
 * @log: after psh_buflog_replay() or psh_buflog_format()
 * @epoch: higher than @log->epoch was, and durable in the metadata
 * @buffers: those that take part; besides given ones also such as were lost or
 *	     are blank, which are filled
 *
 * Writes what counts to those that lack it, flushes, and writes superblocks that
 * say so. The first stripe is @log->start, and it must not be written before
 * this returned 0 and the metadata says that @buffers are settled at @epoch.
 *
 * Return: 0; or an error, with @error and @buffer set: that buffer is to be
 * counted as lost, and then all of it done again.
 */
int psh_buflog_begin(struct psh_buflog *log, u64 epoch, u32 buffers);

/**
 * psh_buflog_close() - say that all stripes are durable
 * @log: as psh_buflog_begin() left it
 * @tail: of the last head that is durable
 * @last: the last stripe; it and all before are durable
 * @buffers: those that are not lost
 *
 * So that a last stripe that goes bad is missed. No stripe may be written
 * afterwards in this epoch.
 *
 * Return: 0 or an error.
 */
int psh_buflog_close(struct psh_buflog *log, u64 tail, u64 last, u32 buffers);

#endif /* PSH_BUFLOG_H */
