/* SPDX-License-Identifier: GPL-2.0 */
/*
 * extent: which sectors of a segment are in the log, and where there.
 *
 * One search tree per segment, of extents that do not overlap, in order of
 * sector. Inserting one cuts what it overlaps: the newest wins. A node is 16
 * bytes and holds one extent of any size a stripe can hold, so a 4 KiB write
 * costs 16 bytes. Nodes come from a pool that the caller fills with pages; an
 * insertion needs at most PSH_EXTENT_INSERT_NODES of them and an erasure at most
 * PSH_EXTENT_ERASE_NODES, so both can be provided for before anything is
 * touched.
 *
 * The tree is a treap whose priorities are a hash of the node's number, so they
 * take no room and nobody who writes to the volume can choose them; depth is
 * logarithmic with overwhelming probability and nothing recurses.
 *
 * It does not know stripes, logs or time, takes no locks (one for a pool and the
 * segments that share it will do) and never allocates.
 */
#ifndef PSH_EXTENT_H
#define PSH_EXTENT_H

#include "base.h"

#define PSH_EXTENT_CHUNK_NODES 256U /* one page */
#define PSH_EXTENT_INSERT_NODES 2U
#define PSH_EXTENT_ERASE_NODES 1U

/* Sectors of the largest segment, 64 MiB. */
#define PSH_EXTENT_SEGMENT_MAX (1U << 17)

/*
 * What an extent is. The index only knows DATA from the others: its place moves
 * when its beginning is cut off. docs/design.md, "Write buffer", says what the
 * others are for.
 */
enum psh_extent_kind {
	PSH_EXTENT_DATA,
	PSH_EXTENT_ZEROES,
	PSH_EXTENT_DISCARD,
	PSH_EXTENT_HOME, /* merged: the home has it too */
	PSH_EXTENT_SAID, /* the home is newer: the stripe at place says so */
	PSH_EXTENT_WRITTEN, /* the home is newer, and no record says so yet */
	PSH_EXTENT_WRITTEN_TOO, /* so, for writes since the home's flush began */
	PSH_EXTENT_KINDS
};

#define PSH_EXTENT_DATA_MAX (1U << 11) /* sectors of DATA */
#define PSH_EXTENT_DATA_PLACES (1ULL << 33) /* sectors of a log: 4 TiB */
#define PSH_EXTENT_PLACES (1ULL << 27) /* places of other kinds */

/**
 * struct psh_extent - some sectors of a segment
 * @start: first sector, within the segment
 * @sectors: at least 1
 * @kind: enum psh_extent_kind
 * @place: of DATA: sector in the log of the first sector, less than
 *	   PSH_EXTENT_DATA_PLACES; of others: any number less than PSH_EXTENT_PLACES
 */
struct psh_extent {
	u32 start;
	u32 sectors;
	u32 kind;
	u64 place;
};

/* One extent, packed; 0 is no node. */
struct psh_extent_node {
	u64 packed;
	u32 left;
	u32 right;
};

/**
 * struct psh_extent_pool - the nodes of some segments
 * @chunk: table of the caller's, a pointer for every PSH_EXTENT_CHUNK_NODES
 * @nr_chunks: chunks so far
 * @free: list of free nodes
 * @nr_free: how many they are
 * @cut: told of every part of an extent that is cut off or erased; or NULL
 * @owner: for @cut
 */
struct psh_extent_pool {
	struct psh_extent_node **chunk;
	u32 nr_chunks;
	u32 free;
	u32 nr_free;
	void (*cut)(void *owner, const struct psh_extent *extent);
	void *owner;
};

/**
 * psh_extent_pool_add() - give a pool more nodes
 * @pool: with room in its table of chunks
 * @chunk: PSH_EXTENT_CHUNK_NODES nodes
 */
void psh_extent_pool_add(struct psh_extent_pool *pool,
			 struct psh_extent_node *chunk);

/**
 * psh_extent_insert() - these sectors are now here
 * @pool: with PSH_EXTENT_INSERT_NODES free nodes
 * @root: of the segment, 0 if it has none
 * @extent: the newest
 */
void psh_extent_insert(struct psh_extent_pool *pool, u32 *root,
		       const struct psh_extent *extent);

/**
 * psh_extent_erase() - these sectors are nowhere any more
 * @pool: with PSH_EXTENT_ERASE_NODES free nodes
 * @root: of the segment
 * @start: first sector
 * @sectors: how many
 */
void psh_extent_erase(struct psh_extent_pool *pool, u32 *root, u32 start,
		      u32 sectors);

/**
 * psh_extent_find() - the first extent that ends behind a sector
 * @pool: the nodes
 * @root: of the segment
 * @start: the sector
 * @extent: filled, whole, so it may begin before @start
 *
 * To walk: begin with 0 and go on with the end of what was found. The tree may
 * be changed meanwhile.
 *
 * Return: false if there is none.
 */
bool psh_extent_find(const struct psh_extent_pool *pool, u32 root, u32 start,
		     struct psh_extent *extent);

/**
 * psh_extent_lookup() - the first piece of a range
 * @pool: the nodes
 * @root: of the segment
 * @start: first sector of the range
 * @sectors: its length, at least 1
 * @piece: filled; begins at @start, ends within the range, and lies either in
 *	   one extent or, then without kind and place, in none
 *
 * Return: true if it lies in an extent.
 */
bool psh_extent_lookup(const struct psh_extent_pool *pool, u32 root, u32 start,
		       u32 sectors, struct psh_extent *piece);

#endif /* PSH_EXTENT_H */
