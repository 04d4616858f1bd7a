// SPDX-License-Identifier: GPL-2.0
/*
 * meta: see meta.h. A request during which the power goes out leaves parts of
 * what it would have written, FUA or not, and does not return.
 */
#include "meta.h"

#define SECTOR 512
#define FAULT_ONCE_IN 24 /* requests to a victim */

void meta_blank(struct meta *meta, u64 blocks)
{
	struct power *power = meta->power;
	bool victim = meta->victim;

	memset(meta, 0, sizeof(*meta));
	meta->power = power;
	meta->victim = victim;
	meta->blocks = blocks;
}

void meta_zero(struct meta *meta)
{
	unsigned int i;

	for (i = 0; i < PSH_SUPER_BLOCKS; i++) {
		memset(meta->durable[i], 0, PSH_BLOCK_SIZE);
		meta->dirty[i] = false;
		meta->bad[i] = false;
	}
}

/* Where a block is kept; -1: nobody uses it. */
static int kept(u64 block)
{
	if (block < PSH_SUPER_BLOCKS)
		return block;
	if (block < META_JOURNAL)
		return -1;
	return block - META_JOURNAL + PSH_SUPER_BLOCKS;
}

/* Some sectors of @new arrive. */
static void tear(struct meta *meta, u8 *old, const u8 *new)
{
	unsigned int i, survival = power_survival(meta->power);

	if (!survival)
		return;
	for (i = 0; i < PSH_BLOCK_SIZE; i += SECTOR)
		if (survival == 1 || power_dice(meta->power, 2))
			memcpy(old + i, new + i, SECTOR);
}

static void store_block(struct meta *meta, int at, const u8 *data, bool fua)
{
	meta->bad[at] = false;
	if (fua) {
		memcpy(meta->durable[at], data, PSH_BLOCK_SIZE);
		meta->dirty[at] = false;
		return;
	}
	/* What is overwritten may have left the cache before. */
	if (meta->dirty[at])
		tear(meta, meta->durable[at], meta->cached[at]);
	memcpy(meta->cached[at], data, PSH_BLOCK_SIZE);
	meta->dirty[at] = true;
}

int meta_read(struct meta *meta, u64 block, u32 nr, u8 *data)
{
	u32 i;

	if (block + nr > meta->blocks)
		return -EINVAL;
	if (meta->victim && power_once_in(meta->power, 4 * FAULT_ONCE_IN))
		return -EIO;
	for (i = 0; i < nr; i++, data += PSH_BLOCK_SIZE) {
		int at = kept(block + i);

		if (at >= 0 && meta->bad[at])
			return -EIO;
		if (at < 0)
			memset(data, 0, PSH_BLOCK_SIZE);
		else
			memcpy(data,
			       meta->dirty[at] ? meta->cached[at] :
						 meta->durable[at],
			       PSH_BLOCK_SIZE);
	}
	return 0;
}

/* Return: the fault hit; *@result is what the device says. */
static bool write_goes_wrong(struct meta *meta, int at, const u8 *data,
			     int *result)
{
	*result = 0;
	if (!meta->victim || !power_once_in(meta->power, FAULT_ONCE_IN))
		return false;
	switch (power_dice(meta->power, 5)) {
	case 0: /* lost */
		return true;
	case 1: /* misdirected */
		store_block(meta, power_dice(meta->power, META_KEPT), data,
			    true);
		return true;
	case 2: /* damaged on the way, or later */
		store_block(meta, at, data, true);
		meta->durable[at][power_dice(meta->power, PSH_BLOCK_SIZE)] ^=
			1 << power_dice(meta->power, 8);
		return true;
	case 3: /* cannot be read again */
		meta->bad[at] = true;
		return true;
	default: /* and no other one will do better */
		meta->dead = true;
		*result = -EIO;
		return true;
	}
}

int meta_write(struct meta *meta, u64 block, u32 nr, const u8 *data, bool fua)
{
	bool out = power_fails(meta->power);
	int r = meta->dead ? -EIO : 0;
	u32 i;

	if (block + nr > meta->blocks)
		return -EINVAL;
	for (i = 0; i < nr && !r; i++, data += PSH_BLOCK_SIZE) {
		int at = kept(block + i);

		if (at < 0)
			return -EINVAL;
		if (out)
			tear(meta, meta->durable[at], data);
		else if (!write_goes_wrong(meta, at, data, &r))
			store_block(meta, at, data, fua);
	}
	if (out)
		power_cut(meta->power);
	return r;
}

int meta_flush(struct meta *meta)
{
	unsigned int i;

	power_step(meta->power);
	if (meta->victim && power_once_in(meta->power, FAULT_ONCE_IN))
		meta->dead = true;
	if (meta->dead)
		return -EIO;
	for (i = 0; i < META_KEPT; i++)
		if (meta->dirty[i])
			store_block(meta, i, meta->cached[i], true);
	return 0;
}

void meta_crash(struct meta *meta)
{
	unsigned int i;

	for (i = 0; i < META_KEPT; i++) {
		if (meta->dirty[i])
			tear(meta, meta->durable[i], meta->cached[i]);
		meta->dirty[i] = false;
	}
	meta->dead = false;
}
