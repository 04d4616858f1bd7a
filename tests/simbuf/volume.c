// SPDX-License-Identifier: GPL-2.0
/*
 * volume: see volume.h. First the disks as core sees them, then what is known of
 * a sector, then the steps: log, writes past it, merge, the cycle of a flush;
 * last activation.
 *
 * The lines that keep a promise are what tests/simbuf/mutants takes out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "volume.h"

#define CHANCE(volume, n) (random_next(&(volume)->random) % (n) == 0)

static u32 pick(struct volume *volume, u32 n)
{
	return (random_next(&volume->random) >> 11) % n;
}

static void trace(const struct volume *volume, const char *what, u64 a, u64 b)
{
	if (volume->trace)
		printf("# %s %llu %llu\n", what, a, b);
}

static void fail(struct volume *volume, const char *why, u64 a, u64 b)
{
	trace(volume, why, a, b);
	if (!volume->failure)
		volume->failure = why;
}

static u64 ring_of(const struct volume *volume)
{
	return psh_buflog_ring(&volume->shape);
}

static u64 stripe_sectors(const struct volume *volume)
{
	return (u64)volume->shape.stripe_blocks * PSH_BLOCK_SECTORS;
}

/* --- disks ----------------------------------------------------------------- */

/* Each access of core's is a place where the machine can stop. */
static void tick(struct volume *volume)
{
	if (!volume->steps_left)
		longjmp(volume->stop, 1);
	volume->steps_left--;
}

static int read_buffer(void *owner, unsigned int buffer, u64 block, u32 nr,
		       void *data)
{
	struct volume *volume = owner;

	memcpy(data,
	       disk_read(&volume->buffer[buffer], block * PSH_BLOCK_SECTORS),
	       (size_t)nr * PSH_BLOCK_SIZE);
	return 0;
}

static int write_buffer(void *owner, unsigned int buffer, u64 block, u32 nr,
			const void *data, bool fua)
{
	struct volume *volume = owner;
	struct disk *disk = &volume->buffer[buffer];
	u32 request = disk_issue(disk, block * PSH_BLOCK_SECTORS,
				 nr * PSH_BLOCK_SECTORS, data);

	tick(volume); /* in flight */
	if (volume->failing >> buffer & 1)
		return -EIO;
	disk_complete(disk, request);
	if (fua)
		disk_force(disk, request);
	tick(volume);
	return 0;
}

static int flush_buffer(void *owner, unsigned int buffer)
{
	struct volume *volume = owner;

	disk_flush(&volume->buffer[buffer]);
	tick(volume);
	return 0;
}

static u64 buffer_blocks(void *owner, unsigned int buffer)
{
	struct volume *volume = owner;

	return volume->buffer[buffer].sectors / PSH_BLOCK_SECTORS;
}

/* --- values ---------------------------------------------------------------- */

static void fill(u8 *data, u32 sector, u64 value)
{
	u64 word[3] = { value, sector, ~value };

	memset(data, 0, SECTOR);
	if (!value)
		return;
	memcpy(data, word, sizeof(word));
	memcpy(data + SECTOR - sizeof(value), &value, sizeof(value));
}

/* A sector that is not whole, or of another place, is no value of any write. */
static u64 value_of(const u8 *data, u32 sector)
{
	u64 word[3], last;

	memcpy(word, data, sizeof(word));
	memcpy(&last, data + SECTOR - sizeof(last), sizeof(last));
	if (!word[0] && !word[1] && !word[2] && !last)
		return 0;
	if (word[1] != sector || word[2] != ~word[0] || last != word[0])
		return U64_MAX;
	return word[0];
}

static bool is_buffered(u32 kind)
{
	return kind <= PSH_EXTENT_DISCARD;
}

static u64 place_of(const struct volume *volume,
		    const struct psh_extent *extent)
{
	return extent->kind == PSH_EXTENT_DATA ?
		       extent->place / stripe_sectors(volume) :
		       extent->place;
}

static u64 stripe_of(const struct volume *volume,
		     const struct psh_extent *extent)
{
	return psh_tail_sequence(&volume->tail, place_of(volume, extent));
}

static const u8 *read_data(const struct volume *volume, u64 place)
{
	u64 slot = place / stripe_sectors(volume);
	u32 sector = PSH_BLOCK_SECTORS + place % stripe_sectors(volume);
	u32 buffers;
	u64 block;

	if (volume->slot[slot].in_memory)
		return volume->slot[slot].image + sector * SECTOR;
	block = psh_buflog_locate(&volume->shape, slot, &buffers);
	buffers &= volume->live;
	return disk_read(&volume->buffer[psh_log2(buffers)],
			 block * PSH_BLOCK_SECTORS + sector);
}

/* What was staged after stripe @last is not looked at. */
static u64 read_until(const struct volume *volume, u32 sector, u64 last)
{
	struct psh_extent piece;

	if (!psh_extent_lookup(&volume->pool, volume->root, sector, 1,
			       &piece) ||
	    !is_buffered(piece.kind) || stripe_of(volume, &piece) > last)
		return value_of(disk_read(&volume->home, sector), sector);
	if (piece.kind != PSH_EXTENT_DATA)
		return 0;
	return value_of(read_data(volume, piece.place), sector);
}

static u64 read_sector(const struct volume *volume, u32 sector)
{
	return read_until(volume, sector, U64_MAX);
}

static void count_cut(void *owner, const struct psh_extent *extent)
{
	struct volume *volume = owner;

	if (is_buffered(extent->kind))
		psh_tail_dead(&volume->tail, place_of(volume, extent),
			      extent->sectors);
}

static u32 bits(u32 start, u32 sectors)
{
	return ((1ULL << sectors) - 1) << start;
}

/* What a write may touch: the log, the home, or past the log both. */
enum touches {
	TOUCHES_LOG = 1,
	TOUCHES_HOME = 2,
};

static u32 held(const struct volume *volume, u32 touches)
{
	return (touches & TOUCHES_LOG ? volume->held[0] : 0) |
	       (touches & TOUCHES_HOME ? volume->held[1] : 0);
}

static void hold(struct volume *volume, u32 touches, u32 start, u32 sectors)
{
	if (touches & TOUCHES_LOG)
		volume->held[0] |= bits(start, sectors);
	if (touches & TOUCHES_HOME)
		volume->held[1] |= bits(start, sectors);
}

static void let_go(struct volume *volume, u32 touches, u32 start, u32 sectors)
{
	if (touches & TOUCHES_LOG)
		volume->held[0] &= ~bits(start, sectors);
	if (touches & TOUCHES_HOME)
		volume->held[1] &= ~bits(start, sectors);
}

/* A range that nobody holds who touches the same. */
static bool choose_range(struct volume *volume, u32 touches, u32 longest,
			 u32 *start, u32 *sectors)
{
	u32 i;

	*start = pick(volume, VOLUME_SECTORS);
	*sectors = 1 + pick(volume, longest);
	if (*sectors > VOLUME_SECTORS - *start)
		*sectors = VOLUME_SECTORS - *start;
	for (i = 0; i < *sectors; i++) {
		if (oracle_is_full(&volume->oracle, *start + i))
			return false;
	}
	return !(held(volume, touches) & bits(*start, *sectors));
}

/* --- the log --------------------------------------------------------------- */

static u64 open_place(const struct volume *volume)
{
	return psh_tail_place(&volume->tail, volume->tail.next);
}

static bool ensure_open(struct volume *volume)
{
	struct slot *slot = &volume->slot[open_place(volume)];

	if (volume->is_open)
		return true;
	if (!psh_tail_may_open(&volume->tail))
		return false;
	memset(slot->image, 0, stripe_sectors(volume) * SECTOR);
	psh_stripe_open(&volume->open, slot->image,
			volume->shape.stripe_blocks);
	slot->in_memory = true;
	volume->is_open = true;
	return true;
}

/* The data of a record is there, and it is the newest. */
static void enter(struct volume *volume, struct staged *staged)
{
	const struct psh_stripe_record *record = &staged->record;
	struct psh_extent extent = {
		.start = record->sector,
		.sectors = record->sectors,
		.place = open_place(volume),
	};
	u8 *data = volume->slot[extent.place].image + PSH_BLOCK_SIZE +
		   record->place * SECTOR;
	u32 i, crc = 0;

	for (i = 0; i < record->sectors; i++) {
		if (staged->value)
			fill(data + i * SECTOR, extent.start + i,
			     staged->value);
		if (!staged->again)
			oracle_ack(&volume->oracle, extent.start + i);
	}
	if (staged->value)
		crc = psh_stripe_data_crc(0, data, record->sectors * SECTOR);
	psh_stripe_set_crc(&volume->open, staged->nr, crc);
	extent.kind = record->kind == PSH_STRIPE_WRITE	? PSH_EXTENT_DATA :
		      record->kind == PSH_STRIPE_ZEROES ? PSH_EXTENT_ZEROES :
							  PSH_EXTENT_DISCARD;
	if (staged->value)
		extent.place =
			extent.place * stripe_sectors(volume) + record->place;
	psh_extent_insert(&volume->pool, &volume->root, &extent);
	let_go(volume, TOUCHES_LOG, extent.start, extent.sectors);
	trace(volume, "enter", extent.start, staged->value);
	staged->record.sectors = 0;
}

static void enter_all(struct volume *volume)
{
	u32 i;

	for (i = 0; i < STAGED_MAX; i++) {
		if (volume->staged[i].record.sectors)
			enter(volume, &volume->staged[i]);
	}
}

static void seal(struct volume *volume)
{
	u64 sequence = volume->tail.next;
	struct slot *slot = &volume->slot[open_place(volume)];
	struct psh_stripe_head head = {
		.epoch = volume->epoch,
		.sequence = sequence,
		.tail = volume->tail.tail,
		.durable = volume->tail.durable,
		.chain = volume->chain,
	};
	u32 buffers, rest, sector, sectors;

	enter_all(volume);
	memcpy(head.uuid, volume->log.uuid, sizeof(head.uuid));
	head.address = psh_buflog_locate(&volume->shape, sequence, &buffers);
	psh_stripe_seal(&volume->open, &head);
	volume->chain = head.crc;
	slot->tail = head.tail;
	slot->inside = buffers & volume->live;
	sector = head.address * PSH_BLOCK_SECTORS;
	sectors = psh_stripe_blocks(head.data_sectors) * PSH_BLOCK_SECTORS;
	for (rest = slot->inside; rest; rest &= rest - 1) {
		unsigned int i = psh_log2(rest & -rest);

		slot->request[i] = disk_issue(&volume->buffer[i], sector,
					      sectors, slot->image);
	}
	volume->is_open = false;
	psh_tail_seal(&volume->tail);
	trace(volume, "seal, tail", sequence, head.tail);
}

/*
 * What is due of these sectors is not needed any more, and must not be staged
 * behind the record that is.
 */
static void call_off(struct volume *volume, u32 start, u32 sectors)
{
	u32 at = start, end = start + sectors;
	struct psh_extent piece;

	for (; at < end; at += piece.sectors) {
		if (!psh_extent_lookup(&volume->pool, volume->root, at,
				       end - at, &piece) ||
		    piece.kind < PSH_EXTENT_WRITTEN)
			continue;
		piece.kind = PSH_EXTENT_HOME;
		psh_extent_insert(&volume->pool, &volume->root, &piece);
	}
}

static void reserve(struct volume *volume, struct staged *staged, u32 kind,
		    u32 start, u32 sectors)
{
	staged->record.kind = kind;
	staged->record.sector = start;
	staged->record.sectors = sectors;
	staged->record.crc = 0;
	staged->nr = volume->open.nr;
	call_off(volume, start, sectors);
	psh_stripe_add(&volume->open, &staged->record);
	psh_tail_live(&volume->tail, volume->tail.next, sectors);
	hold(volume, TOUCHES_LOG, start, sectors);
	trace(volume, "stage", start, staged->value);
}

static void step_write(struct volume *volume)
{
	u32 kind = CHANCE(volume, 8) ? PSH_STRIPE_DISCARD + pick(volume, 2) :
				       PSH_STRIPE_WRITE;
	struct staged *staged = &volume->staged[pick(volume, STAGED_MAX)];
	u32 start, sectors, i;

	if (staged->record.sectors) {
		enter(volume, staged);
		return;
	}
	if (!choose_range(volume, TOUCHES_LOG, 6, &start, &sectors) ||
	    !ensure_open(volume))
		return;
	if (psh_stripe_fits(&volume->open, kind) < sectors)
		seal(volume);
	if (!ensure_open(volume))
		return;
	staged->again = false;
	staged->value = kind == PSH_STRIPE_WRITE ? ++volume->stamp : 0;
	for (i = 0; i < sectors; i++)
		oracle_send(&volume->oracle, start + i, staged->value);
	reserve(volume, staged, kind, start, sectors);
	if (CHANCE(volume, 2))
		enter(volume, staged);
}

/* What is left of the oldest stripe that is needed is staged again. */
static void step_clean(struct volume *volume)
{
	struct staged *staged = &volume->staged[pick(volume, STAGED_MAX)];
	struct psh_extent extent;
	u64 oldest = volume->tail.tail;
	u32 kind, at = 0;

	while (oldest < volume->tail.next &&
	       !volume->counter[psh_tail_place(&volume->tail, oldest)])
		oldest++;
	while (psh_extent_find(&volume->pool, volume->root, at, &extent) &&
	       (!is_buffered(extent.kind) ||
		stripe_of(volume, &extent) != oldest))
		at = extent.start + extent.sectors;
	if (oldest >= volume->tail.next - volume->is_open ||
	    staged->record.sectors ||
	    !psh_extent_find(&volume->pool, volume->root, at, &extent) ||
	    held(volume, TOUCHES_LOG) & bits(extent.start, extent.sectors))
		return;
	kind = extent.kind == PSH_EXTENT_DATA	? PSH_STRIPE_WRITE :
	       extent.kind == PSH_EXTENT_ZEROES ? PSH_STRIPE_ZEROES :
						  PSH_STRIPE_DISCARD;
	if (!ensure_open(volume) ||
	    psh_stripe_fits(&volume->open, kind) < extent.sectors)
		return;
	staged->again = true;
	staged->value = read_sector(volume, extent.start);
	reserve(volume, staged, kind, extent.start, extent.sectors);
	if (CHANCE(volume, 2))
		enter(volume, staged);
}

static void step_complete(struct volume *volume)
{
	struct slot *slot = &volume->slot[pick(volume, ring_of(volume))];
	unsigned int i;

	if (!slot->inside)
		return;
	i = pick(volume, volume->shape.nr_buffers);
	if (!(slot->inside >> i & 1))
		i = psh_log2(slot->inside);
	disk_complete(&volume->buffer[i], slot->request[i]);
	slot->inside &= ~(1U << i);
	if (!slot->inside)
		slot->in_memory = CHANCE(volume, 2);
}

/* --- past the log, and home ------------------------------------------------ */

static struct home_write *free_write(struct volume *volume)
{
	u32 i;

	for (i = 0; i < HOME_WRITES; i++) {
		if (!volume->write[i].sectors)
			return &volume->write[i];
	}
	return NULL;
}

static u32 touches(const struct home_write *write)
{
	return write->merge ? TOUCHES_HOME : TOUCHES_HOME | TOUCHES_LOG;
}

static void send_home(struct volume *volume, struct home_write *write,
		      u32 start, u32 sectors, const u8 *data)
{
	write->start = start;
	write->sectors = sectors;
	write->request = disk_issue(&volume->home, start, sectors, data);
	hold(volume, touches(write), start, sectors);
}

static void step_bypass(struct volume *volume)
{
	struct home_write *write = free_write(volume);
	u8 data[VOLUME_SECTORS * SECTOR];
	u32 start, sectors, i;

	if (!write || !choose_range(volume, TOUCHES_LOG | TOUCHES_HOME, 8,
				    &start, &sectors))
		return;
	volume->stamp++;
	for (i = 0; i < sectors; i++) {
		fill(data + i * SECTOR, start + i, volume->stamp);
		oracle_send(&volume->oracle, start + i, volume->stamp);
	}
	write->merge = false;
	send_home(volume, write, start, sectors, data);
	trace(volume, "bypass", start, volume->stamp);
}

/*
 * The home is newer now. Where a record is due already, it stays due when it is:
 * a newer write must not put off what a FLUSH waits for.
 */
static void end_bypass(struct volume *volume, u32 start, u32 sectors)
{
	u32 at = start, end = start + sectors;
	struct psh_extent piece;

	for (; at < end; at += piece.sectors) {
		bool known = psh_extent_lookup(&volume->pool, volume->root, at,
					       end - at, &piece);

		if (!known || piece.kind >= PSH_EXTENT_SAID)
			continue;
		piece.place = place_of(volume, &piece);
		piece.kind = volume->written_kind;
		psh_extent_insert(&volume->pool, &volume->root, &piece);
	}
	for (at = start; at < end; at++)
		oracle_ack(&volume->oracle, at);
}

/* Is there something durable to bring home? What is not is as a gap. */
static bool may_merge(const struct volume *volume, u32 start, u32 sectors)
{
	u32 at = start, end = start + sectors;
	struct psh_extent piece;

	for (; at < end; at += piece.sectors) {
		if (psh_extent_lookup(&volume->pool, volume->root, at, end - at,
				      &piece) &&
		    is_buffered(piece.kind) &&
		    stripe_of(volume, &piece) <= volume->tail.durable)
			return true;
	}
	return false;
}

/* I6: home is written only from what every buffer has durably. */
static void check_durable(struct volume *volume, u32 sector)
{
	struct psh_extent piece;
	u32 buffers, at;
	u64 block;

	if (!psh_extent_lookup(&volume->pool, volume->root, sector, 1,
			       &piece) ||
	    piece.kind != PSH_EXTENT_DATA ||
	    stripe_of(volume, &piece) > volume->tail.durable)
		return;
	block = psh_buflog_locate(&volume->shape, place_of(volume, &piece),
				  &buffers);
	at = (block + 1) * PSH_BLOCK_SECTORS +
	     piece.place % stripe_sectors(volume);
	for (buffers &= volume->live; buffers; buffers &= buffers - 1) {
		const struct disk *disk =
			&volume->buffer[psh_log2(buffers & -buffers)];

		if (memcmp(disk->durable + (size_t)at * SECTOR,
			   read_data(volume, piece.place), SECTOR))
			fail(volume, "a merge writes home what is not durable",
			     sector, at);
	}
}

static void step_merge(struct volume *volume)
{
	struct home_write *write = free_write(volume);
	u8 data[VOLUME_SECTORS * SECTOR];
	u32 start, sectors, i;

	if (!write ||
	    !choose_range(volume, TOUCHES_HOME, 16, &start, &sectors) ||
	    !may_merge(volume, start, sectors))
		return;
	for (i = 0; i < sectors; i++) {
		check_durable(volume, start + i);
		fill(data + i * SECTOR, start + i,
		     read_until(volume, start + i, volume->tail.durable));
	}
	write->merge = true;
	write->last = volume->tail.durable;
	send_home(volume, write, start, sectors, data);
	trace(volume, "merge", start, sectors);
}

/* What came to the log meanwhile keeps its place. */
static void end_merge(struct volume *volume, u32 start, u32 sectors, u64 last)
{
	u32 at = start, end = start + sectors;

	while (at < end) {
		struct psh_extent piece;

		if (psh_extent_lookup(&volume->pool, volume->root, at, end - at,
				      &piece) &&
		    is_buffered(piece.kind) &&
		    stripe_of(volume, &piece) <= last) {
			piece.place = place_of(volume, &piece);
			piece.kind = PSH_EXTENT_HOME;
			psh_extent_insert(&volume->pool, &volume->root, &piece);
		}
		at += piece.sectors;
	}
}

static void step_home(struct volume *volume)
{
	struct home_write *write = &volume->write[pick(volume, HOME_WRITES)];
	u32 sectors = write->sectors;

	if (!sectors)
		return;
	trace(volume, write->merge ? "merged" : "written", write->start,
	      sectors);
	disk_complete(&volume->home, write->request);
	if (write->merge)
		end_merge(volume, write->start, sectors, write->last);
	else
		end_bypass(volume, write->start, sectors);
	let_go(volume, touches(write), write->start, sectors);
	write->sectors = 0;
}

/* --- the cycle of a flush -------------------------------------------------- */

static void start_cycle(struct volume *volume)
{
	struct cycle *cycle = &volume->cycle;

	cycle->user = CHANCE(volume, 2);
	cycle->kind = volume->written_kind;
	volume->written_kind = cycle->kind == PSH_EXTENT_WRITTEN ?
				       PSH_EXTENT_WRITTEN_TOO :
				       PSH_EXTENT_WRITTEN;
	if (cycle->user)
		oracle_flush(&volume->oracle);
	psh_tail_propose(&volume->tail, volume->is_open && volume->open.nr);
	cycle->state = CYCLE_HOME;
	trace(volume, "flush, proposed", cycle->user, volume->tail.proposed);
}

static void flush_home(struct volume *volume)
{
	disk_flush(&volume->home);
	psh_tail_flushed(&volume->tail);
	volume->cycle.state = CYCLE_SAY;
}

/* A record for each piece whose home is newer, flushed, and not said so. */
static void say(struct volume *volume)
{
	struct psh_extent extent = { .start = 0 };
	u32 at = 0;

	while (psh_extent_find(&volume->pool, volume->root, at, &extent)) {
		struct psh_stripe_record record = { .kind = PSH_STRIPE_HOME };

		at = extent.start + extent.sectors;
		if (extent.kind != volume->cycle.kind)
			continue;
		if (!ensure_open(volume))
			return;
		if (!psh_stripe_fits(&volume->open, PSH_STRIPE_HOME)) {
			seal(volume);
			return;
		}
		record.sector = extent.start;
		record.sectors = extent.sectors;
		psh_stripe_add(&volume->open, &record);
		extent.kind = PSH_EXTENT_SAID;
		extent.place = open_place(volume);
		psh_extent_insert(&volume->pool, &volume->root, &extent);
		trace(volume, "say", extent.start, volume->tail.next);
	}
	volume->cycle.state = CYCLE_SEAL;
}

static void seal_for_flush(struct volume *volume)
{
	if (volume->tail.tail > volume->tail.released)
		ensure_open(volume);
	if (volume->is_open)
		seal(volume);
	volume->cycle.target = volume->tail.next - 1;
	volume->cycle.state = CYCLE_WAIT;
}

static void wait_for_stripes(struct volume *volume)
{
	u64 i;

	for (i = volume->tail.durable + 1; i <= volume->cycle.target; i++) {
		if (volume->slot[psh_tail_place(&volume->tail, i)].inside)
			return;
	}
	volume->cycle.rest = volume->live;
	volume->cycle.state = CYCLE_FLUSH;
}

/* Extents that are only there for records which are gone, or made void. */
static void forget(struct volume *volume, u64 released, u64 durable)
{
	struct psh_extent extent;
	u32 at = 0;

	while (psh_extent_find(&volume->pool, volume->root, at, &extent)) {
		bool gone;

		at = extent.start + extent.sectors;
		if (is_buffered(extent.kind))
			continue;
		gone = extent.kind == PSH_EXTENT_SAID ?
			       stripe_of(volume, &extent) <= durable :
			       stripe_of(volume, &extent) < released;
		if (gone)
			psh_extent_erase(&volume->pool, &volume->root,
					 extent.start, extent.sectors);
	}
}

static void flush_buffers(struct volume *volume)
{
	struct cycle *cycle = &volume->cycle;
	struct slot *slot;
	u64 said;

	if (cycle->rest) {
		disk_flush(&volume->buffer[psh_log2(cycle->rest)]);
		cycle->rest &= ~(1U << psh_log2(cycle->rest));
		return;
	}
	slot = &volume->slot[psh_tail_place(&volume->tail, cycle->target)];
	said = cycle->target > volume->tail.durable ? slot->tail : 0;
	forget(volume, said, cycle->target);
	psh_tail_durable(&volume->tail, cycle->target, said);
	if (cycle->user)
		oracle_flushed(&volume->oracle);
	trace(volume, "flushed, tail", cycle->target, volume->tail.tail);
	trace(volume, "flushed", cycle->target, cycle->user);
	cycle->state = CYCLE_IDLE;
}

static void step_cycle(struct volume *volume)
{
	switch (volume->cycle.state) {
	case CYCLE_IDLE:
		start_cycle(volume);
		break;
	case CYCLE_HOME:
		flush_home(volume);
		break;
	case CYCLE_SAY:
		say(volume);
		break;
	case CYCLE_SEAL:
		seal_for_flush(volume);
		break;
	case CYCLE_WAIT:
		wait_for_stripes(volume);
		break;
	case CYCLE_FLUSH:
		flush_buffers(volume);
		break;
	}
}

/* --- other steps ----------------------------------------------------------- */

static u32 lane_of(const struct volume *volume, unsigned int buffer)
{
	u32 buffers;

	psh_buflog_locate(&volume->shape,
			  buffer % psh_buflog_lanes(&volume->shape), &buffers);
	return buffers;
}

/* One buffer dies; the metadata says so before anything else happens. */
static void step_lose(struct volume *volume)
{
	u32 i = pick(volume, volume->shape.nr_buffers), slot;

	if (!(lane_of(volume, i) & volume->live & ~(1U << i)) ||
	    !(volume->live >> i & 1))
		return;
	trace(volume, "lose", i, 0);
	volume->live &= ~(1U << i);
	volume->lost |= 1U << i;
	volume->cycle.rest &= ~(1U << i);
	for (slot = 0; slot < ring_of(volume); slot++)
		volume->slot[slot].inside &= ~(1U << i);
}

static void step_read(struct volume *volume)
{
	u32 sector = pick(volume, VOLUME_SECTORS);

	if (held(volume, TOUCHES_LOG) >> sector & 1)
		return;
	if (!oracle_reads(&volume->oracle, sector, read_sector(volume, sector)))
		fail(volume, "a read does not return the newest write", sector,
		     read_sector(volume, sector));
}

/* Deactivate in order: all is durable, and the superblocks say so. */
static void step_close(struct volume *volume)
{
	struct psh_tail *tail = &volume->tail;
	u32 i;

	if (volume->cycle.state != CYCLE_IDLE || volume->is_open ||
	    tail->durable + 1 != tail->next)
		return;
	for (i = 0; i < HOME_WRITES; i++) {
		if (volume->write[i].sectors)
			return;
	}
	trace(volume, "close", tail->released, tail->durable);
	if (psh_buflog_close(&volume->log, tail->released, tail->durable,
			     volume->live))
		fail(volume, "the log cannot be closed", 0, 0);
	longjmp(volume->stop, 1);
}

void volume_step(struct volume *volume)
{
	u32 dice = pick(volume, 64);

	tick(volume);
	if (dice < 14)
		step_write(volume);
	else if (dice < 16 && volume->is_open)
		seal(volume);
	else if (dice == 16)
		step_clean(volume);
	else if (dice < 28)
		step_complete(volume);
	else if (dice < 32)
		step_bypass(volume);
	else if (dice < 36)
		step_merge(volume);
	else if (dice < 42)
		step_home(volume);
	else if (dice < 44)
		step_read(volume);
	else if (dice < 45)
		step_lose(volume);
	else if (dice < 46 && CHANCE(volume, 4))
		step_close(volume);
	else if (dice < 47) /* also while a flush is on its way */
		psh_tail_propose(&volume->tail,
				 volume->is_open && volume->open.nr);
	else
		step_cycle(volume);
}

/* --- activation ------------------------------------------------------------ */

static int replayed(void *owner, u64 sequence,
		    const struct psh_stripe_record *record)
{
	struct volume *volume = owner;
	u64 place = psh_tail_place(&volume->tail, sequence);
	struct psh_extent extent = {
		.start = record->sector,
		.sectors = record->sectors,
		.place = place,
	};

	trace(volume, "replay", sequence, record->sector);
	if (record->sector + record->sectors > VOLUME_SECTORS)
		return -EINVAL;
	if (record->kind == PSH_STRIPE_HOME) {
		psh_extent_erase(&volume->pool, &volume->root, extent.start,
				 extent.sectors);
		return 0;
	}
	extent.kind = record->kind == PSH_STRIPE_ZEROES ? PSH_EXTENT_ZEROES :
							  PSH_EXTENT_DISCARD;
	if (record->kind == PSH_STRIPE_WRITE) {
		extent.kind = PSH_EXTENT_DATA;
		extent.place = place * stripe_sectors(volume) + record->place;
	}
	psh_tail_live(&volume->tail, sequence, record->sectors);
	psh_extent_insert(&volume->pool, &volume->root, &extent);
	return 0;
}

static const struct psh_buflog_ops ops = {
	.read = read_buffer,
	.write = write_buffer,
	.flush = flush_buffer,
	.blocks = buffer_blocks,
	.record = replayed,
};

static void forget_all(struct volume *volume)
{
	u32 i;

	for (i = 0; i < RING_MAX; i++) {
		volume->slot[i].inside = 0;
		volume->slot[i].in_memory = false;
	}
	memset(volume->counter, 0, sizeof(volume->counter));
	memset(volume->write, 0, sizeof(volume->write));
	memset(&volume->cycle, 0, sizeof(volume->cycle));
	volume->tail.ring = ring_of(volume);
	volume->pool.nr_chunks = 0;
	volume->pool.free = 0;
	volume->pool.nr_free = 0;
	psh_extent_pool_add(&volume->pool, volume->node);
	volume->root = 0;
	memset(volume->held, 0, sizeof(volume->held));
	memset(volume->staged, 0, sizeof(volume->staged));
	volume->is_open = false;
	volume->written_kind = PSH_EXTENT_WRITTEN;
}

static void judge_all(struct volume *volume)
{
	u32 i;

	for (i = 0; i < VOLUME_SECTORS; i++) {
		u64 value = read_sector(volume, i);

		if (!oracle_recovers(&volume->oracle, i, value))
			fail(volume,
			     "after a crash a sector is not what it may be", i,
			     value);
	}
}

void volume_activate(struct volume *volume, u32 absent)
{
	u32 all = (1U << volume->shape.nr_buffers) - 1;
	struct psh_buflog *log = &volume->log;
	int r;

	forget_all(volume);
	log->given = all & ~absent & ~volume->lost;
	log->epoch = volume->epoch;
	log->settled = volume->settled;
	trace(volume, "given, absent", log->given, absent);
	r = psh_buflog_find(log);
	trace(volume, "stale, blank", log->stale, log->blank);
	if (r == -ENODATA && !volume->settled) {
		psh_buflog_format(log, &volume->shape);
		r = 0;
	} else if (!r) {
		r = psh_buflog_replay(log);
	}
	if (!r) {
		volume->epoch++; /* durable in the metadata */
		tick(volume);
		absent |= volume->failing & volume->lost;
		r = psh_buflog_begin(log, volume->epoch, all & ~absent);
	}
	/* Who is away may have what nobody else has, and be named. */
	if (r == -EIO && volume->failing) {
		volume->lost |= 1U << log->buffer;
		volume_activate(volume, absent);
		return;
	}
	if (r && absent) {
		volume_activate(volume, 0);
		return;
	}
	if (r) {
		trace(volume, log->error, r, 0);
		fail(volume, "the log is refused", r, 0);
		return;
	}
	tick(volume);
	volume->settled = volume->epoch;
	volume->failing = 0;
	volume->lost &= absent;
	volume->live = all & ~absent;
	volume->chain = log->chain;
	psh_tail_begin(&volume->tail, log->tail, log->end);
	trace(volume, "active", log->tail, log->end);
	judge_all(volume);
}

void volume_crash(struct volume *volume)
{
	u32 i;

	trace(volume, "crash, in recovery", volume->settled != volume->epoch,
	      0);
	disk_crash(&volume->home, &volume->random);
	for (i = 0; i < volume->shape.nr_buffers; i++)
		disk_crash(&volume->buffer[i], &volume->random);
}

u32 volume_choose_absent(struct volume *volume)
{
	u32 i = pick(volume, volume->shape.nr_buffers);
	u32 others = lane_of(volume, i) & ~volume->lost & ~(1U << i);

	if (CHANCE(volume, 4) && volume->lost)
		disk_wipe(&volume->buffer[psh_log2(volume->lost)]);
	/* Who was absent last time is no copy, whatever the metadata says. */
	others &= volume->live;
	volume->failing = 0;
	if (CHANCE(volume, 8) && others) {
		volume->failing = 1U << i;
		return 0;
	}
	return CHANCE(volume, 2) && others ? 1U << i : 0;
}

void volume_create(struct volume *volume, u64 seed)
{
	u32 i, blocks;

	memset(volume, 0, sizeof(*volume));
	volume->random = seed * 0x9e3779b97f4a7c15ULL | 1;
	for (i = 0; i < 4; i++)
		random_next(&volume->random);
	volume->shape.copies = 1 + pick(volume, 2);
	volume->shape.nr_buffers = volume->shape.copies * (1 + pick(volume, 2));
	volume->shape.stripe_blocks = 2 + pick(volume, 2);
	volume->shape.rows = 3 + pick(volume, 3);
	volume->live = (1U << volume->shape.nr_buffers) - 1;
	volume->memory = malloc(PSH_STRIPE_BLOCKS_MAX * PSH_BLOCK_SIZE);
	volume->log.ops = &ops;
	volume->log.owner = volume;
	volume->log.memory = volume->memory;
	volume->log.error = volume->error;
	memset(volume->log.uuid, 0x5a, PSH_UUID_SIZE);
	volume->pool.chunk = &volume->chunk;
	volume->pool.cut = count_cut;
	volume->pool.owner = volume;
	volume->tail.live = volume->counter;
	blocks = (volume->shape.rows + 1) * volume->shape.stripe_blocks;
	disk_create(&volume->home, VOLUME_SECTORS);
	for (i = 0; i < volume->shape.nr_buffers; i++)
		disk_create(&volume->buffer[i], blocks * PSH_BLOCK_SECTORS);
	for (i = 0; i < RING_MAX; i++)
		volume->slot[i].image =
			malloc(volume->shape.stripe_blocks * PSH_BLOCK_SIZE);
	oracle_begin(&volume->oracle);
}

void volume_destroy(struct volume *volume)
{
	u32 i;

	free(volume->memory);
	disk_destroy(&volume->home);
	for (i = 0; i < volume->shape.nr_buffers; i++)
		disk_destroy(&volume->buffer[i]);
	for (i = 0; i < RING_MAX; i++)
		free(volume->slot[i].image);
}
