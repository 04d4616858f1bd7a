// SPDX-License-Identifier: GPL-2.0
/*
 * extent: see extent.h. Packed, an extent is
 *
 *	bits  0..16  start
 *	bits 17..19  kind
 *	DATA:	bits 20..30 sectors - 1, 31..63 place
 *	others:	bits 20..36 sectors - 1, 37..63 place
 *
 * Cutting an extent at either end changes it in place: extents do not overlap,
 * so its order among the others stays.
 */
#include "extent.h"

static_assert(sizeof(struct psh_extent_node) == 16);
static_assert(PSH_EXTENT_KINDS <= 8);

static struct psh_extent_node *node_of(const struct psh_extent_pool *pool,
				       u32 number)
{
	return &pool->chunk[number / PSH_EXTENT_CHUNK_NODES]
			   [number % PSH_EXTENT_CHUNK_NODES];
}

static u32 priority(u32 number)
{
	number *= 0x9e3779b1U;
	number ^= number >> 15;
	number *= 0x85ebca77U;
	return number ^ number >> 13;
}

static unsigned int sectors_bits(u32 kind)
{
	return kind == PSH_EXTENT_DATA ? 11 : 17;
}

static u64 pack(const struct psh_extent *extent)
{
	return extent->start | extent->kind << 17 |
	       (u64)(extent->sectors - 1) << 20 |
	       extent->place << (20 + sectors_bits(extent->kind));
}

static void unpack(u64 packed, struct psh_extent *extent)
{
	unsigned int bits;

	extent->start = packed & (PSH_EXTENT_SEGMENT_MAX - 1);
	extent->kind = packed >> 17 & 7;
	bits = sectors_bits(extent->kind);
	extent->sectors = (packed >> 20 & ((1U << bits) - 1)) + 1;
	extent->place = packed >> (20 + bits);
}

static u32 start_of(const struct psh_extent_node *node)
{
	return node->packed & (PSH_EXTENT_SEGMENT_MAX - 1);
}

static u32 end_of(const struct psh_extent *extent)
{
	return extent->start + extent->sectors;
}

/* --- nodes ----------------------------------------------------------------- */

static void give_back(struct psh_extent_pool *pool, u32 number)
{
	node_of(pool, number)->left = pool->free;
	pool->free = number;
	pool->nr_free++;
}

static u32 take(struct psh_extent_pool *pool)
{
	u32 number = pool->free;

	pool->free = node_of(pool, number)->left;
	pool->nr_free--;
	return number;
}

void psh_extent_pool_add(struct psh_extent_pool *pool,
			 struct psh_extent_node *chunk)
{
	u32 first = pool->nr_chunks * PSH_EXTENT_CHUNK_NODES;
	u32 i;

	pool->chunk[pool->nr_chunks++] = chunk;
	/* The lowest first; number 0 is no node. */
	for (i = PSH_EXTENT_CHUNK_NODES; i-- > (first ? 0 : 1);)
		give_back(pool, first + i);
}

/* --- the tree -------------------------------------------------------------- */

/* The node whose extent is the first to end behind @start, or 0. */
static u32 seek(const struct psh_extent_pool *pool, u32 root, u32 start,
		struct psh_extent *extent)
{
	u32 best = 0;

	while (root) {
		const struct psh_extent_node *node = node_of(pool, root);
		struct psh_extent here;

		unpack(node->packed, &here);
		if (end_of(&here) > start) {
			best = root;
			*extent = here;
			root = node->left;
		} else {
			root = node->right;
		}
	}
	return best;
}

static void link_node(struct psh_extent_pool *pool, u32 *link,
		      const struct psh_extent *extent)
{
	u32 number = take(pool), rest;
	struct psh_extent_node *node = node_of(pool, number);
	u32 *left = &node->left, *right = &node->right;

	node->packed = pack(extent);
	while (*link && priority(*link) > priority(number)) {
		struct psh_extent_node *above = node_of(pool, *link);

		link = extent->start < start_of(above) ? &above->left :
							 &above->right;
	}
	/* What was here is parted into what is left and right of it. */
	rest = *link;
	*link = number;
	while (rest) {
		struct psh_extent_node *below = node_of(pool, rest);

		if (start_of(below) < extent->start) {
			*left = rest;
			left = &below->right;
			rest = *left;
		} else {
			*right = rest;
			right = &below->left;
			rest = *right;
		}
	}
	*left = 0;
	*right = 0;
}

static void unlink_node(struct psh_extent_pool *pool, u32 *link, u32 number)
{
	struct psh_extent_node *node = node_of(pool, number);
	u32 left = node->left, right = node->right;

	while (*link != number) {
		struct psh_extent_node *above = node_of(pool, *link);

		link = start_of(node) < start_of(above) ? &above->left :
							  &above->right;
	}
	while (left && right) {
		if (priority(left) > priority(right)) {
			*link = left;
			link = &node_of(pool, left)->right;
			left = *link;
		} else {
			*link = right;
			link = &node_of(pool, right)->left;
			right = *link;
		}
	}
	*link = left ? left : right;
	give_back(pool, number);
}

/* The part of @extent from @start to @end, which lies within it. */
static struct psh_extent part_of(const struct psh_extent *extent, u32 start,
				 u32 end)
{
	struct psh_extent part = *extent;

	part.start = start;
	part.sectors = end - start;
	if (part.kind == PSH_EXTENT_DATA)
		part.place += start - extent->start;
	return part;
}

/* Take [start, end) out of one extent that overlaps it. */
static void cut(struct psh_extent_pool *pool, u32 *root, u32 number,
		const struct psh_extent *extent, u32 start, u32 end)
{
	bool before = extent->start < start;
	bool behind = end_of(extent) > end;
	struct psh_extent left, right, gone;

	gone = part_of(extent, before ? start : extent->start,
		       behind ? end : end_of(extent));
	left = part_of(extent, extent->start, gone.start);
	right = part_of(extent, end_of(&gone), end_of(extent));
	if (before)
		node_of(pool, number)->packed = pack(&left);
	else if (behind)
		node_of(pool, number)->packed = pack(&right);
	else
		unlink_node(pool, root, number);
	if (before && behind)
		link_node(pool, root, &right);
	if (pool->cut)
		pool->cut(pool->owner, &gone);
}

void psh_extent_erase(struct psh_extent_pool *pool, u32 *root, u32 start,
		      u32 sectors)
{
	u32 end = start + sectors;
	struct psh_extent extent;

	for (;;) {
		u32 number = seek(pool, *root, start, &extent);

		if (!number || extent.start >= end)
			return;
		cut(pool, root, number, &extent, start, end);
	}
}

void psh_extent_insert(struct psh_extent_pool *pool, u32 *root,
		       const struct psh_extent *extent)
{
	struct psh_extent old;
	u32 number = seek(pool, *root, extent->start, &old);

	/* The same sectors once more: the tree stays as it is. */
	if (number && old.start == extent->start &&
	    old.sectors == extent->sectors) {
		node_of(pool, number)->packed = pack(extent);
		if (pool->cut)
			pool->cut(pool->owner, &old);
		return;
	}
	if (number && old.start < end_of(extent))
		psh_extent_erase(pool, root, extent->start, extent->sectors);
	link_node(pool, root, extent);
}

bool psh_extent_find(const struct psh_extent_pool *pool, u32 root, u32 start,
		     struct psh_extent *extent)
{
	return seek(pool, root, start, extent);
}

bool psh_extent_lookup(const struct psh_extent_pool *pool, u32 root, u32 start,
		       u32 sectors, struct psh_extent *piece)
{
	u32 end = start + sectors;
	struct psh_extent extent = { .sectors = 0 };
	bool found = seek(pool, root, start, &extent) && extent.start < end;

	if (found && extent.start <= start) {
		*piece = part_of(&extent, start,
				 end_of(&extent) < end ? end_of(&extent) : end);
		return true;
	}
	memset(piece, 0, sizeof(*piece));
	piece->start = start;
	piece->sectors = (found ? extent.start : end) - start;
	return false;
}
