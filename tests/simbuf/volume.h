/* SPDX-License-Identifier: GPL-2.0 */
/*
 * volume: the module's part of the write buffer, on fake disks.
 *
 * What the kernel does with bios, workers and locks this does one step at a
 * time, in an order that chance decides: stage writes, seal stripes and let
 * several be in flight, flush in groups, write past the buffer, merge, move the
 * tail, lose a buffer. Format, replay, index and tail rule are core's. A step may
 * not return: it jumps out when the machine stops.
 */
#ifndef PSH_SIMBUF_VOLUME_H
#define PSH_SIMBUF_VOLUME_H

#include <setjmp.h>

#include "../../dm-predshard/core/buflog.h"
#include "../../dm-predshard/core/extent.h"
#include "../../dm-predshard/core/tail.h"
#include "disk.h"
#include "oracle.h"

#define BUFFERS_MAX 4U
#define RING_MAX 16U
#define HOME_WRITES 3U
#define STAGED_MAX 2U

/* A stripe that is sealed and perhaps in flight. */
struct slot {
	u8 *image;
	u64 tail; /* what its head says */
	u32 inside; /* buffers that have not completed it */
	u32 request[BUFFERS_MAX];
	bool in_memory; /* reads are served from the image */
};

/* A record of the open stripe whose data is not there yet, its range held. */
struct staged {
	struct psh_stripe_record record; /* of no sectors: none */
	u32 nr;
	u64 value;
	bool again; /* cleaned: it was there already */
};

/* A write that is inside the home, its range held. */
struct home_write {
	u32 start;
	u32 sectors; /* 0: none */
	u32 request;
	bool merge;
	u64 last; /* stripe whose records it brings, and older ones */
};

enum cycle_state {
	CYCLE_IDLE,
	CYCLE_HOME, /* flush the home */
	CYCLE_SAY, /* write records for what went past the buffer */
	CYCLE_SEAL,
	CYCLE_WAIT, /* for stripes in flight */
	CYCLE_FLUSH, /* the buffers, one by one */
};

struct cycle {
	enum cycle_state state;
	bool user;
	u32 kind; /* of extents that records are due for */
	u64 target;
	u32 rest; /* buffers to flush */
};

struct volume {
	u64 random;
	u64 stamp;
	bool trace;
	const char *failure;

	/* what a crash leaves */
	struct psh_buflog_shape shape;
	struct disk home;
	struct disk buffer[BUFFERS_MAX];
	u64 epoch;
	u64 settled;
	u32 lost; /* in the metadata: missed something */
	struct oracle oracle;

	/* what it does not */
	jmp_buf stop;
	u32 steps_left;
	u32 live; /* buffers in use */
	u32 failing; /* fails writes during activation */
	struct psh_buflog log;
	u8 *memory;
	char error[PSH_ERROR_SIZE];
	u64 counter[RING_MAX];
	struct psh_tail tail;
	struct psh_extent_pool pool;
	struct psh_extent_node *chunk;
	struct psh_extent_node node[PSH_EXTENT_CHUNK_NODES];
	u32 root;
	struct slot slot[RING_MAX];
	struct psh_stripe open;
	bool is_open;
	u32 chain;
	u32 written_kind;
	u32 held[2]; /* sectors, as a bit set, of which the log or the home is written */
	struct staged staged[STAGED_MAX];
	struct home_write write[HOME_WRITES];
	struct cycle cycle;
};

void volume_create(struct volume *volume, u64 seed);
void volume_destroy(struct volume *volume);

/* Find, replay and begin; then every sector is read and judged. */
void volume_activate(struct volume *volume, u32 absent);

void volume_step(struct volume *volume);

/* Power goes: caches are lost in part, memory altogether. */
void volume_crash(struct volume *volume);

/* A set of buffers that may be missing without losing anything. */
u32 volume_choose_absent(struct volume *volume);

#endif /* PSH_SIMBUF_VOLUME_H */
