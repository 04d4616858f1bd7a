// SPDX-License-Identifier: GPL-2.0
/*
 * extent_test: the index knows the newest place of every sector.
 *
 * The rows of tests/vectors/extent.h, and long random walks against an array
 * with an entry per sector: after each change every sector, every count of what
 * was cut and the promised need of nodes are compared.
 */
#include <stdlib.h>

#include "rows.h"
#include "../vectors/extent.h"
#include "../vectors/random.h"

#define CHUNKS 64
#define SECTORS 512U

struct fixture {
	struct psh_extent_pool pool;
	struct psh_extent_node *chunk[CHUNKS];
	u32 root;
	u64 cut_sectors;
};

static void count_cut(void *owner, const struct psh_extent *extent)
{
	struct fixture *fixture = owner;

	fixture->cut_sectors += extent->sectors;
}

static struct fixture *fixture_new(u32 chunks)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	u32 i;

	fixture->pool.chunk = fixture->chunk;
	fixture->pool.cut = count_cut;
	fixture->pool.owner = fixture;
	for (i = 0; i < chunks; i++)
		psh_extent_pool_add(&fixture->pool,
				    calloc(PSH_EXTENT_CHUNK_NODES,
					   sizeof(struct psh_extent_node)));
	return fixture;
}

static void fixture_free(struct fixture *fixture)
{
	u32 i;

	for (i = 0; i < fixture->pool.nr_chunks; i++)
		free(fixture->chunk[i]);
	free(fixture);
}

static void leaves(void **state)
{
	const struct extent_row *row = *state;
	struct fixture *fixture = fixture_new(1);
	struct psh_extent extent;
	u32 i, at = 0;

	for (i = 0; row->change[i].sectors; i++) {
		if (row->change[i].place)
			psh_extent_insert(&fixture->pool, &fixture->root,
					  &row->change[i]);
		else
			psh_extent_erase(&fixture->pool, &fixture->root,
					 row->change[i].start,
					 row->change[i].sectors);
	}
	for (i = 0; psh_extent_find(&fixture->pool, fixture->root, at, &extent);
	     i++) {
		assert_int_equal(extent.start, row->left[i].start);
		assert_int_equal(extent.sectors, row->left[i].sectors);
		assert_int_equal(extent.kind, row->left[i].kind);
		assert_int_equal(extent.place, row->left[i].place);
		at = extent.start + extent.sectors;
	}
	assert_int_equal(row->left[i].sectors, 0);
	fixture_free(fixture);
}

/* What the index should know, sector by sector; kind is one more, 0 nowhere. */
struct truth {
	u32 kind;
	u64 place;
};

static void compare(struct fixture *fixture, const struct truth *truth)
{
	u32 at = 0;

	while (at < SECTORS) {
		struct psh_extent piece;
		bool found = psh_extent_lookup(&fixture->pool, fixture->root,
					       at, SECTORS - at, &piece);
		u32 i;

		assert_int_equal(piece.start, at);
		assert_true(piece.sectors && at + piece.sectors <= SECTORS);
		for (i = 0; i < piece.sectors; i++, at++) {
			bool data = piece.kind == PSH_EXTENT_DATA;

			assert_int_equal(truth[at].kind,
					 found ? piece.kind + 1 : 0);
			assert_int_equal(truth[at].place,
					 piece.place + (data && found ? i : 0));
		}
	}
}

static u64 count(const struct truth *truth, u32 start, u32 sectors)
{
	u64 nr = 0;

	for (; sectors; sectors--)
		nr += truth[start++].kind != 0;
	return nr;
}

static void change(struct fixture *fixture, struct truth *truth, u64 *random)
{
	struct psh_extent extent = {
		.start = random_next(random) % SECTORS,
		.sectors = 1 + random_next(random) % 32,
		.kind = random_next(random) % PSH_EXTENT_KINDS,
		.place = 1 + random_next(random) % (PSH_EXTENT_PLACES - 100),
	};
	bool erase = random_next(random) % 8 == 0;
	u32 i, free = fixture->pool.nr_free;

	if (extent.sectors > SECTORS - extent.start)
		extent.sectors = SECTORS - extent.start;
	fixture->cut_sectors = 0;
	if (erase)
		psh_extent_erase(&fixture->pool, &fixture->root, extent.start,
				 extent.sectors);
	else
		psh_extent_insert(&fixture->pool, &fixture->root, &extent);
	assert_true(free - (s32)fixture->pool.nr_free <=
			    (erase ? PSH_EXTENT_ERASE_NODES :
				     PSH_EXTENT_INSERT_NODES) ||
		    fixture->pool.nr_free > free);
	assert_int_equal(fixture->cut_sectors,
			 count(truth, extent.start, extent.sectors));
	for (i = 0; i < extent.sectors; i++) {
		truth[extent.start + i].kind = erase ? 0 : extent.kind + 1;
		truth[extent.start + i].place =
			erase ? 0 :
				extent.place + (extent.kind == PSH_EXTENT_DATA ?
							i :
							0);
	}
}

static void the_newest_always_wins(void **state)
{
	struct fixture *fixture = fixture_new(4);
	static struct truth truth[SECTORS];
	u64 random = 7;
	u32 i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		change(fixture, truth, &random);
		compare(fixture, truth);
	}
	psh_extent_erase(&fixture->pool, &fixture->root, 0, SECTORS);
	assert_int_equal(fixture->root, 0);
	assert_int_equal(fixture->pool.nr_free, 4 * PSH_EXTENT_CHUNK_NODES - 1);
	fixture_free(fixture);
}

static u32 depth(const struct psh_extent_pool *pool, u32 root)
{
	const struct psh_extent_node *node;
	u32 left, right;

	if (!root)
		return 0;
	node = &pool->chunk[root / PSH_EXTENT_CHUNK_NODES]
			   [root % PSH_EXTENT_CHUNK_NODES];
	left = depth(pool, node->left);
	right = depth(pool, node->right);
	return 1 + (left > right ? left : right);
}

/* 16384 blocks, one after another, as a sequential writer does. */
static void a_full_segment_is_shallow_and_small(void **state)
{
	struct fixture *fixture = fixture_new(CHUNKS + 0);
	u32 i, nr = PSH_EXTENT_SEGMENT_MAX / 8;

	(void)state;
	for (i = 0; i < nr - 1; i++) {
		struct psh_extent extent = { .start = i * 8,
					     .sectors = 8,
					     .place = 1 + i * 9ULL };

		psh_extent_insert(&fixture->pool, &fixture->root, &extent);
	}
	assert_true(depth(&fixture->pool, fixture->root) < 50);
	assert_int_equal(fixture->pool.nr_free, 0);
	assert_int_equal(sizeof(struct psh_extent_node), 16);
	fixture_free(fixture);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, extent_rows, leaves);
	rows_add(&rows, "the newest always wins", the_newest_always_wins);
	rows_add(&rows, "a full segment is shallow and small",
		 a_full_segment_is_shallow_and_small);
	return rows_run("extent", &rows);
}
