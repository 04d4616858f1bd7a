// SPDX-License-Identifier: GPL-2.0
/*
 * oracle: see oracle.h. Ranges are enough because writes to one block have an
 * order: what may be there is the last that is known, or something later.
 */
#include "oracle.h"

u32 oracle_issue(struct oracle *oracle, u32 block)
{
	u32 number = ++oracle->last[block];

	oracle->most[block] = number;
	oracle->ceiling[block] = number;
	oracle->busy[block] = true;
	return number;
}

void oracle_end(struct oracle *oracle, u32 block, u32 number, bool ok, bool fua)
{
	oracle->busy[block] = false;
	if (!ok)
		return;
	oracle->least[block] = number;
	oracle->acked[block] = number;
	oracle->fresh[block] = false;
	if (fua)
		oracle->floor[block] = number;
}

void oracle_flushed(struct oracle *oracle, const u32 *acked)
{
	unsigned int i;

	for (i = 0; i < DISK_BLOCKS; i++) {
		if (oracle->floor[i] < acked[i])
			oracle->floor[i] = acked[i];
		if (oracle->least[i] < oracle->floor[i])
			oracle->least[i] = oracle->floor[i];
	}
}

void oracle_flush_failed(struct oracle *oracle, const u32 *acked)
{
	unsigned int i;

	/* The user knows: what was acknowledged before counts no more. */
	for (i = 0; i < DISK_BLOCKS; i++)
		if (oracle->acked[i] <= acked[i])
			oracle->acked[i] = oracle->floor[i];
}

void oracle_lapse(struct oracle *oracle, u32 block)
{
	oracle->least[block] = oracle->floor[block];
}

bool oracle_read(struct oracle *oracle, u32 block, u32 number)
{
	if (number < oracle->least[block] || number > oracle->most[block])
		return false;
	if (oracle->busy[block])
		return true;
	oracle->least[block] = number;
	oracle->most[block] = number;
	oracle->ceiling[block] =
		number > oracle->floor[block] ? number : oracle->floor[block];
	if (oracle->fresh[block]) {
		oracle->fresh[block] = false;
		/* What a failed write left since is in a cache only. */
		if (number > oracle->survivor[block])
			return true;
		oracle->floor[block] = number;
		oracle->acked[block] = number;
	}
	return true;
}

void oracle_crash(struct oracle *oracle)
{
	unsigned int i;

	for (i = 0; i < DISK_BLOCKS; i++) {
		oracle->least[i] = oracle->floor[i];
		oracle->most[i] = oracle->ceiling[i];
		oracle->acked[i] = oracle->floor[i];
		oracle->busy[i] = false;
		oracle->fresh[i] = true;
		oracle->survivor[i] = oracle->last[i];
	}
}
