/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volume: a model of the volume that follows the module's protocol.
 *
 * Metadata goes through the real core/store, words change by the real core/word,
 * members are bound by the real core/assembly; what is modelled is who asks for
 * what, in which order, and what it waits for. One worker changes the durable
 * bits of words, strictly in the order of requests: a record, durable, then the
 * word in memory, then the answer. Everything else is a small machine that
 * does one thing per step; the caller decides whose turn it is.
 *
 * A violation is found where it shows: a read that the oracle does not allow, or
 * metadata that loads as something that was never stored.
 */
#ifndef SIM_VOLUME_H
#define SIM_VOLUME_H

#include "disk.h"
#include "meta.h"
#include "oracle.h"

#define VOLUME_DISKS	3
#define VOLUME_SEGMENTS	8
#define VOLUME_STRIDE	120	/* two map blocks of 8 segments */
#define VOLUME_WRITES	3	/* in flight at once */
#define VOLUME_REQUESTS	32
#define VOLUME_STORING	32	/* power cuts without a call that returns */
#define VOLUME_BATCH	3	/* records per journal block */

/**
 * struct volume_config - what a run is made of
 * @disks: members, 2 to VOLUME_DISKS
 * @segments: of the volume
 * @stride: every so many words of the metadata is one of these segments; the
 *	    others never change
 * @blocks: of a segment
 * @ring: blocks of the journal
 * @devices: metadata devices
 * @victim: the metadata device that has faults, or -1
 * @async: disks whose copies are not written with the home, as a bit set
 * @faults: members refuse one request in so many, 0: none
 */
struct volume_config {
	u32 disks;
	u32 segments;
	u32 stride;
	u32 blocks;
	u32 ring;
	u32 devices;
	int victim;
	u32 async;
	u32 faults;
};

enum write_state {
	WRITE_FREE,
	WRITE_QUEUED,	/* until its blocks are free */
	WRITE_LOOKING,	/* at the word */
	WRITE_ASKING,	/* for intent */
	WRITE_SENT,
	WRITE_LOSING,	/* what did not take it */
};

struct volume_write {
	enum write_state state;
	u32 segment;
	u32 first;	/* block in the volume */
	u32 nr;
	bool fua;
	u32 number[DISK_BLOCKS];
	u32 targets;
	u32 inside;
	u32 took;
	u32 owed;	/* to who is lost, and may be durable as a copy */
	bool drained_for_job;
	bool drained_for_clear;
};

enum job_state {
	JOB_FREE,
	JOB_DRAINING,
	JOB_COPYING,
	JOB_FLUSHING,
	JOB_GAINING,
};

struct volume_job {
	enum job_state state;
	u32 segment;
	u32 source;
	u32 target;
	u32 done;
	bool async;
	bool spoilt;
};

enum clear_state {
	CLEAR_FREE,
	CLEAR_DRAINING,
	CLEAR_FLUSHING,
	CLEAR_ASKING,
};

struct volume_clear {
	enum clear_state state;
	u32 segment;
	u32 rest;	/* members to be flushed */
};

enum flush_state {
	FLUSH_FREE,
	FLUSH_RUNNING,
	FLUSH_WAITING,	/* for members that went away */
};

struct volume_flush {
	enum flush_state state;
	u32 rest;
	u32 lapses;	/* when it began */
	u32 acked[DISK_BLOCKS];
};

enum request_kind {
	REQUEST_INTENT,
	REQUEST_LOSE,
	REQUEST_CLEAR,
	REQUEST_GAIN,
	REQUEST_AWAY,
	REQUEST_BACK,
};

struct volume_request {
	enum request_kind kind;
	u32 segment;
	u32 set;	/* lost, or the member */
	struct volume_write *write;
};

/* What metadata must load as. */
struct volume_stored {
	u64 word[VOLUME_SEGMENTS];
	u32 away;
	u32 flags;
	u64 epoch;
};

/**
 * struct volume - one volume and all that it stands on
 * @power: chance and fuse
 * @config: what the run is made of
 * @meta: metadata devices; survive crashes, as do the next three
 * @disk: members' devices
 * @oracle: what reads may return
 * @born: an activation was completed once
 * @clone: a member as it was once; @clone_of: which, 0: none
 * @stored: what is durable
 * @storing: what would have been, of calls that have not returned since; any
 *	     of it may be loaded, until one returns
 * @disk_of: the device of a member
 * @error: what was violated, or empty
 */
struct volume {
	struct power *power;
	struct volume_config config;
	struct meta meta[PSH_DISK_DEVICES];
	struct disk disk[VOLUME_DISKS];
	struct oracle oracle;
	bool born;
	struct disk clone; /* of a member, as it was */
	u32 clone_of;
	struct volume_stored stored;
	struct volume_stored storing[VOLUME_STORING];
	u32 storings;
	char error[256];
	u64 refused;

	/* Gone with the power. */
	struct psh_store store;
	u8 buffer[PSH_STORE_BUFFER * PSH_BLOCK_SIZE];
	char message[PSH_ERROR_SIZE];
	u64 word[VOLUME_SEGMENTS];
	u32 leaving;	/* the words of this checkpoint are without them */
	u32 disk_of[PSH_MEMBERS_MAX];
	u32 members;
	u32 primary;
	u32 async;
	u32 usable;
	u32 wrote;	/* members that acknowledged since their last flush */
	u32 lapses;	/* times that acknowledged data may have gone */
	u32 told;	/* of which the user knows */
	struct volume_write write[VOLUME_WRITES];
	struct volume_job job;
	struct volume_clear clear;
	struct volume_flush flush;
	struct volume_request request[VOLUME_REQUESTS];
	u32 requests;
	struct volume_request batch[VOLUME_BATCH];
	u64 batch_word[VOLUME_BATCH];
	u32 batched;
	bool undo;	/* a gain was recorded and not published */
	u32 undo_segment;
};

/* Blank devices and members that hold zeroes. */
void volume_create(struct volume *volume, struct power *power,
		   const struct volume_config *config);

/* What a boot does. Return: false if refused, which is a violation or is not. */
bool volume_activate(struct volume *volume, u32 absent);

/* Every copy that may be read says the same, and something that is allowed. */
void volume_read_all(struct volume *volume);

/* Begin something, if there is room for it and sense in it. */
void volume_begin_write(struct volume *volume, u32 segment, u32 first, u32 nr,
			bool fua);
void volume_begin_flush(struct volume *volume);
void volume_begin_job(struct volume *volume, u32 segment, u32 member);
void volume_begin_clear(struct volume *volume, u32 segment);
void volume_lose(struct volume *volume, u32 member, bool power_too);
void volume_return(struct volume *volume, u32 member);

/* One step of one of the machines. Return: it did something. */
bool volume_step_worker(struct volume *volume);
bool volume_step_write(struct volume *volume, u32 i);
bool volume_step_job(struct volume *volume);
bool volume_step_clear(struct volume *volume);
bool volume_step_flush(struct volume *volume);

/* Do what is begun until nothing is left to do. */
void volume_settle(struct volume *volume);

/* In order: everything ends, is flushed and marked clean. */
void volume_shut_down(struct volume *volume);

void volume_crash(struct volume *volume);

/* An old clone takes a member's place, if nobody needs that member's data. */
bool volume_put_clone(struct volume *volume);

/* With all members back every segment can be read. */
void volume_reunite(struct volume *volume);

#endif /* SIM_VOLUME_H */
