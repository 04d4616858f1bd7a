/* SPDX-License-Identifier: GPL-2.0 */
/*
 * oracle: what each sector may hold (shared reliability page, I1 to I4).
 *
 * It is told of every write when it is sent and when it is acknowledged, and of
 * every FLUSH. It says whether what is read is allowed: while the machine runs
 * the newest, after a crash the last covered write or any later one; and what
 * was read after a crash is from then on the only old one. Writes to one sector
 * do not overlap in time, so their order is that of sending.
 */
#ifndef PSH_SIMBUF_ORACLE_H
#define PSH_SIMBUF_ORACLE_H

#include "../../dm-predshard/core/base.h"

#define VOLUME_SECTORS 32U
#define VERSIONS_MAX 256

/* A value is the stamp of a write; 0 is a sector of zeroes. */
struct history {
	u64 value[VERSIONS_MAX];
	u32 nr;
	u32 acked; /* index of the newest acknowledged */
	u32 covered;
	u32 noted;
};

struct oracle {
	struct history sector[VOLUME_SECTORS];
};

void oracle_begin(struct oracle *oracle);
void oracle_send(struct oracle *oracle, u32 sector, u64 value);
void oracle_ack(struct oracle *oracle, u32 sector);

/* A FLUSH was sent: what is acknowledged now will be covered when it is. */
void oracle_flush(struct oracle *oracle);
void oracle_flushed(struct oracle *oracle);

/* May a sector with nothing in flight read as this? */
bool oracle_reads(const struct oracle *oracle, u32 sector, u64 value);

/* May it after a crash? If so it is what it reads as from now on. */
bool oracle_recovers(struct oracle *oracle, u32 sector, u64 value);

/* Is there room to remember another write? */
bool oracle_is_full(const struct oracle *oracle, u32 sector);

#endif /* PSH_SIMBUF_ORACLE_H */
