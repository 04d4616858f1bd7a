/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oracle: what a read of the volume may return.
 *
 * The writes to a block are numbered as they get their turn, one at a time; a
 * block holds the number of a write. For each block two ranges of numbers are
 * kept: what may be read now, and what may be read after a crash. Between them
 * they say I1 (durable is durable), I3 (what was read after a recovery stays),
 * I4 (read your writes) and, as every copy is read, I5 (fresh copies). It knows
 * the user's side only, nothing of members or metadata.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "disk.h"

/**
 * struct oracle - per block
 * @last: number of the newest write
 * @least: oldest number that may be read
 * @most: newest number that may be read
 * @floor: oldest number that a crash may bring back
 * @ceiling: newest number that a crash may bring up
 * @acked: newest number that was acknowledged
 * @busy: a write is on its way
 * @fresh: nothing was read since the crash
 * @survivor: newest number that can have survived it
 */
struct oracle {
	u32 last[DISK_BLOCKS];
	u32 least[DISK_BLOCKS];
	u32 most[DISK_BLOCKS];
	u32 floor[DISK_BLOCKS];
	u32 ceiling[DISK_BLOCKS];
	u32 acked[DISK_BLOCKS];
	bool busy[DISK_BLOCKS];
	bool fresh[DISK_BLOCKS];
	u32 survivor[DISK_BLOCKS];
};

/* A write gets its turn. Return: its number. */
u32 oracle_issue(struct oracle *oracle, u32 block);

/* It ended, well or badly. */
void oracle_end(struct oracle *oracle, u32 block, u32 number, bool ok,
		bool fua);

/* A flush that began when @acked was copied ended well, or badly. */
void oracle_flushed(struct oracle *oracle, const u32 *acked);
void oracle_flush_failed(struct oracle *oracle, const u32 *acked);

/* The only holder of a block went away with a cache that is not flushed. */
void oracle_lapse(struct oracle *oracle, u32 block);

/* Return: the number may be read; and from now on it is what is there. */
bool oracle_read(struct oracle *oracle, u32 block, u32 number);

void oracle_crash(struct oracle *oracle);

#endif /* SIM_ORACLE_H */
