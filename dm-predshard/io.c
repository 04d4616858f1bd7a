// SPDX-License-Identifier: GPL-2.0
/*
 * io: the fast path, and the forks that leave it.
 *
 * A read or write of a segment without copies enters the flight, reads its
 * word, is counted, and is sent to the home: one word, no lock, no allocation,
 * nothing written that another CPU writes. Reads of segments with copies go
 * through the balance, writes of such segments and of those being copied
 * through the fan-out, flushes through the fan-out too. Every bio enters the
 * flight before its word is read and leaves it when it ends, whichever way it
 * took; that is what a drain rests on. Preemption is off meanwhile, which is
 * an RCU read section and cheaper than to say so.
 *
 * What must be known when a bio ends is kept in the clone's bi_private, which
 * is the target's to use: per-bio data would cost two calls into dm and a
 * larger object for each bio. Only reads that may be retried have some.
 */
#include "io.h"

/* READ, WRITE, or some larger number for all else. */
#define KIND		((__force blk_opf_t)REQ_OP_MASK | REQ_PREFLUSH)

/* The tag in bi_private. */
#define TAG_DIR		1UL		/* READ or WRITE */
#define TAG_EPOCH	2UL		/* of the flight */
#define TAG_BALANCE	4UL		/* a read that another copy may serve */
#define TAG_FAN		8UL		/* several members, or none */
#define TAG_PARTED	16UL		/* out of the flight already */
#define TAG_MEMBER	5		/* shift: where it was sent to, 4 bits */
#define TAG_CLOCK	9		/* shift: when it came, or 0 */
#define CLOCK_UNIT	10		/* shift: of the clock, as in a histogram */

/* When it is now, for a tag; 0 means that the latency is not measured. */
static unsigned long clock_tag(void)
{
	return (unsigned long)(psh_meter_now() >> CLOCK_UNIT) << TAG_CLOCK;
}

static unsigned int latency_bucket(unsigned long tag)
{
	return psh_hist_bucket((u64)((clock_tag() - tag) >> TAG_CLOCK) <<
			       CLOCK_UNIT);
}

/* Count a bio in and read the word that it goes by. */
static __always_inline u64 enter(struct psh_volume *volume, unsigned int dir,
				 u64 segment, unsigned long *tag)
{
	u64 word;

	preempt_disable();
	*tag = dir | (psh_flight_enter(&volume->flight, dir) ? TAG_EPOCH : 0);
	word = psh_route_word(&volume->route, segment);
	preempt_enable();
	return word;
}

static __always_inline int send_home(struct psh_volume *volume, struct bio *bio,
				     unsigned int dir, u64 word,
				     unsigned long tag)
{
	unsigned int home = psh_word_home(word);
	const struct psh_path *path = &volume->members.path[home];
	unsigned int shift = volume->route.shift;
	sector_t within = bio->bi_iter.bi_sector & ((1ULL << shift) - 1);

	this_cpu_inc(path->meter->begun[dir]);
	this_cpu_add(path->meter->sectors[dir], bio_sectors(bio));
	bio->bi_private = (void *)(tag | (unsigned long)home << TAG_MEMBER);
	bio_set_dev(bio, path->bdev);
	bio->bi_iter.bi_sector = path->offset +
		((sector_t)psh_word_slot(word) << shift) + within;
	return DM_MAPIO_REMAPPED;
}

/* A bio that ends without having been anywhere. */
static int end_here(struct bio *bio, blk_status_t status)
{
	bio->bi_status = status;
	bio_endio(bio);
	return DM_MAPIO_SUBMITTED;
}

/* The data of a read, from memory, or zeroes. */
static void fill(struct bio *bio, const u8 *from)
{
	struct bvec_iter iter;
	struct bio_vec vec;

	bio_for_each_segment(vec, bio, iter) {
		if (from) {
			memcpy_to_bvec(&vec, from);
			from += vec.bv_len;
		} else {
			memzero_bvec(&vec);
		}
	}
}

static void log_read_done(struct psh_fetch *fetch, const u8 *data, int error)
{
	struct psh_log_read *read = container_of(fetch, struct psh_log_read,
						 fetch);
	struct bio *bio = read->bio;

	if (data)
		fill(bio, data);
	psh_buffer_put(read->buffer, fetch->piece.source, fetch->piece.slot);
	bio->bi_status = errno_to_blk_status(error);
	bio_endio(bio);
}

static int read_log(struct psh_volume *volume, struct bio *bio,
		    const struct psh_buffer_piece *piece)
{
	struct psh_log_read *read = dm_per_bio_data(bio, sizeof(*read));

	read->bio = bio;
	read->buffer = volume->buffer;
	read->fetch.fetcher = volume->fetcher;
	read->fetch.piece = *piece;
	read->fetch.sector = bio->bi_iter.bi_sector;
	read->fetch.whole = false;
	read->fetch.done = log_read_done;
	psh_fetch(&read->fetch);
	return DM_MAPIO_SUBMITTED;
}

static noinline int map_read(struct psh_volume *volume, struct bio *bio,
			     u64 segment, u64 word, unsigned long tag);

/* Each bio has one source: it is cut where that changes. */
static noinline int map_buffered_read(struct psh_volume *volume,
				      struct bio *bio, u64 segment, u64 word,
				      unsigned long tag)
{
	u32 sectors = bio_sectors(bio);
	struct psh_buffer_piece piece;

	psh_buffer_look(volume->buffer, segment, bio->bi_iter.bi_sector -
			(segment << volume->route.shift), sectors, &piece);
	if (piece.sectors < sectors) {
		dm_accept_partial_bio(bio, piece.sectors);
		/* The rest comes again, and is counted then. */
		this_cpu_sub(volume->meter->sectors[READ],
			     sectors - piece.sectors);
	}
	if (piece.source == PSH_SOURCE_HOME)
		return psh_word_copies(word) ?
		       map_read(volume, bio, segment, word, tag) :
		       send_home(volume, bio, READ, word, tag);
	bio->bi_private = (void *)(tag | TAG_FAN);
	if (piece.source == PSH_SOURCE_LOG)
		return read_log(volume, bio, &piece);
	fill(bio, piece.memory);
	psh_buffer_put(volume->buffer, piece.source, piece.slot);
	return end_here(bio, BLK_STS_OK);
}

static noinline int map_read(struct psh_volume *volume, struct bio *bio,
			     u64 segment, u64 word, unsigned long tag)
{
	bio->bi_private = (void *)(tag | TAG_BALANCE);
	if (!psh_balance_read(&volume->balance,
			      dm_per_bio_data(bio, sizeof(struct psh_read)),
			      bio, segment, word))
		return DM_MAPIO_REMAPPED;
	bio->bi_private = (void *)(tag | TAG_FAN);
	return end_here(bio, BLK_STS_IOERR);
}

/* If the log has room for it; @mapped is what became of it then. */
static noinline bool map_staged(struct psh_volume *volume, struct bio *bio,
				int *mapped)
{
	*mapped = DM_MAPIO_SUBMITTED;
	switch (psh_buffer_write(volume->buffer, bio)) {
	case PSH_STAGED:
		return true;
	case PSH_STAGE_AGAIN:
		*mapped = end_here(bio, BLK_STS_AGAIN);
		return true;
	case PSH_STAGE_HOME:
		break;
	}
	return false;
}

static noinline int map_write(struct psh_volume *volume, struct bio *bio,
			      u64 word, unsigned long tag)
{
	unsigned int sectors = bio_sectors(bio);
	int mapped;

	bio->bi_private = (void *)(tag | TAG_FAN);
	if (word & PSH_WORD_ABSORB) {
		if (psh_buffer_takes(volume->buffer, bio) &&
		    map_staged(volume, bio, &mapped))
			return mapped;
		if (!(word & PSH_WORD_FANNED))
			return send_home(volume, bio, WRITE, word, tag);
	}
	if (unlikely(!psh_fanout_trim(bio)))
		return end_here(bio, BLK_STS_IOERR);
	/* The rest comes again, and is counted then. */
	if (unlikely(bio_sectors(bio) < sectors))
		this_cpu_sub(volume->meter->sectors[WRITE],
			     sectors - bio_sectors(bio));
	if (!psh_fanout_write(&volume->fanout, bio, tag >> TAG_CLOCK))
		return end_here(bio, BLK_STS_AGAIN);
	return DM_MAPIO_SUBMITTED;
}

/* Flush; and discard and its like, which dm does not cut at segments. */
static noinline int map_other(struct psh_volume *volume, struct bio *bio)
{
	u64 segment = bio->bi_iter.bi_sector >> volume->route.shift;
	u64 segment_end = (segment + 1) << volume->route.shift;
	unsigned long tag;
	u64 word = enter(volume, WRITE, segment, &tag);

	if (bio->bi_opf & REQ_PREFLUSH) {
		this_cpu_inc(volume->meter->flushes);
		bio->bi_private = (void *)(tag | TAG_FAN);
		if (volume->buffer)
			psh_buffer_await(volume->buffer, bio);
		else
			psh_fanout_flush(&volume->fanout, bio);
		return DM_MAPIO_SUBMITTED;
	}
	this_cpu_inc(volume->meter->discards);
	if (bio_end_sector(bio) > segment_end)
		dm_accept_partial_bio(bio, segment_end -
				      bio->bi_iter.bi_sector);
	if (word & PSH_WORD_SLOW_WRITE)
		return map_write(volume, bio, word, tag);
	return send_home(volume, bio, WRITE, word, tag);
}

int psh_map(struct dm_target *ti, struct bio *bio)
{
	struct psh_volume *volume = ((struct psh_table *)ti->private)->volume;
	/* READ or WRITE, or something larger. */
	unsigned int dir = (__force unsigned int)(bio->bi_opf & KIND);
	sector_t sector = bio->bi_iter.bi_sector;
	u64 segment = sector >> volume->route.shift;
	unsigned long tag;
	u64 word;

	if (unlikely(dir > WRITE))
		return map_other(volume, bio);
	word = enter(volume, dir, segment, &tag);
	if (psh_meter_request(volume->meter, dir, sector, bio_sectors(bio)))
		tag |= clock_tag();
	if (!(word & (dir ? PSH_WORD_SLOW_WRITE : PSH_WORD_SLOW_READ)))
		return send_home(volume, bio, dir, word, tag);
	if (dir)
		return map_write(volume, bio, word, tag);
	return word & PSH_WORD_BUFFERED ?
	       map_buffered_read(volume, bio, segment, word, tag) :
	       map_read(volume, bio, segment, word, tag);
}

/* A read that came back good after others failed: mend where it failed. */
static void mend(struct psh_volume *volume, const struct psh_read *read)
{
	u32 bad = read->tried;

	this_cpu_inc(volume->meter->retries);
	for (; bad; bad &= bad - 1)
		psh_copier_repair(&volume->copier, read->segment,
				  read->iter.bi_sector,
				  read->iter.bi_size >> SECTOR_SHIFT,
				  read->member, __ffs(bad));
}

/* False if the read was sent to another copy. */
static noinline bool end_read(struct psh_volume *volume, struct bio *bio,
			      blk_status_t status)
{
	struct psh_read *read = dm_per_bio_data(bio, sizeof(*read));

	if (psh_balance_end(&volume->balance, read, status))
		return false;
	if (unlikely(read->tried) && !status)
		mend(volume, read);
	return true;
}

/* A bio that is measured, or that failed. */
static noinline void count_end(struct psh_volume *volume, struct bio *bio,
			       unsigned long tag, blk_status_t status)
{
	struct psh_meter_member __percpu *meter =
		volume->members.path[tag >> TAG_MEMBER &
				     (PSH_MEMBERS_MAX - 1)].meter;
	bool home = !(tag & (TAG_BALANCE | TAG_FAN));
	unsigned int dir = tag & TAG_DIR;

	if (tag >> TAG_CLOCK) {
		unsigned int bucket = latency_bucket(tag);

		this_cpu_inc(volume->meter->latency[dir][bucket]);
		if (home)
			this_cpu_inc(meter->latency[dir][bucket]);
	}
	status = psh_status_of(bio, status);
	if (status && !psh_status_is_refusal(status)) {
		this_cpu_inc(volume->meter->errors[dir]);
		if (home)
			this_cpu_inc(meter->errors[dir]);
	}
}

int psh_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *status)
{
	struct psh_volume *volume = ((struct psh_table *)ti->private)->volume;
	unsigned long tag = (unsigned long)bio->bi_private;
	unsigned int member = tag >> TAG_MEMBER & (PSH_MEMBERS_MAX - 1);
	unsigned int dir = tag & TAG_DIR;

	if (tag & TAG_BALANCE && !end_read(volume, bio, *status))
		return DM_ENDIO_INCOMPLETE;
	if (unlikely(tag >> TAG_CLOCK || *status))
		count_end(volume, bio, tag, *status);
	if (!(tag & (TAG_BALANCE | TAG_FAN))) {
		this_cpu_inc(volume->members.path[member].meter->done[dir]);
		if (dir)
			psh_member_wrote(&volume->members, member);
	}
	if (likely(!(tag & TAG_PARTED)))
		psh_flight_leave(&volume->flight, dir, !!(tag & TAG_EPOCH));
	return DM_ENDIO_DONE;
}

void psh_io_part(struct psh_volume *volume, struct bio *bio)
{
	unsigned long tag = (unsigned long)bio->bi_private;

	bio->bi_private = (void *)(tag | TAG_PARTED);
	psh_flight_leave(&volume->flight, tag & TAG_DIR, !!(tag & TAG_EPOCH));
}
