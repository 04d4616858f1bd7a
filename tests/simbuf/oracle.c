// SPDX-License-Identifier: GPL-2.0
/*
 * oracle: see oracle.h. A list of values per sector since the last crash; the
 * first is what recovery showed.
 */
#include "oracle.h"

void oracle_begin(struct oracle *oracle)
{
	u32 i;

	for (i = 0; i < VOLUME_SECTORS; i++) {
		struct history *history = &oracle->sector[i];

		history->value[0] = 0;
		history->nr = 1;
		history->acked = 0;
		history->covered = 0;
		history->noted = 0;
	}
}

void oracle_send(struct oracle *oracle, u32 sector, u64 value)
{
	struct history *history = &oracle->sector[sector];

	history->value[history->nr++] = value;
}

void oracle_ack(struct oracle *oracle, u32 sector)
{
	struct history *history = &oracle->sector[sector];

	history->acked = history->nr - 1;
}

void oracle_flush(struct oracle *oracle)
{
	u32 i;

	for (i = 0; i < VOLUME_SECTORS; i++)
		oracle->sector[i].noted = oracle->sector[i].acked;
}

void oracle_flushed(struct oracle *oracle)
{
	u32 i;

	for (i = 0; i < VOLUME_SECTORS; i++)
		oracle->sector[i].covered = oracle->sector[i].noted;
}

bool oracle_reads(const struct oracle *oracle, u32 sector, u64 value)
{
	const struct history *history = &oracle->sector[sector];

	return history->value[history->nr - 1] == value;
}

bool oracle_recovers(struct oracle *oracle, u32 sector, u64 value)
{
	struct history *history = &oracle->sector[sector];
	u32 i;

	for (i = history->covered; i < history->nr; i++) {
		if (history->value[i] != value)
			continue;
		history->value[0] = value;
		history->nr = 1;
		history->acked = 0;
		history->covered = 0;
		history->noted = 0;
		return true;
	}
	return false;
}

bool oracle_is_full(const struct oracle *oracle, u32 sector)
{
	return oracle->sector[sector].nr == VERSIONS_MAX;
}
