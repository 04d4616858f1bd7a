// SPDX-License-Identifier: GPL-2.0
/*
 * buflog: see buflog.h for what is promised and why it holds. In order of a
 * life: shape, superblocks, looking for them, replay (a scan of all heads for
 * tail and durable, then a walk from the tail), and the beginning of an epoch.
 */
#include "buflog.h"

static_assert(sizeof(struct psh_disk_buffer) == PSH_BLOCK_SIZE);

static int refuse(struct psh_buflog *log, unsigned int buffer, int error,
		  const char *format, ...) __printf(4, 5);

static int refuse(struct psh_buflog *log, unsigned int buffer, int error,
		  const char *format, ...)
{
	va_list args;
	int used;

	log->buffer = buffer;
	used = snprintf(log->error, PSH_ERROR_SIZE, "buffer %u: ", buffer);
	va_start(args, format);
	vsnprintf(log->error + used, PSH_ERROR_SIZE - used, format, args);
	va_end(args);
	return error;
}

static unsigned int first_of(u32 buffers)
{
	return psh_log2(buffers & -buffers);
}

static bool has(u32 buffers, unsigned int buffer)
{
	return buffers >> buffer & 1;
}

/* --- shape ----------------------------------------------------------------- */

u64 psh_buflog_locate(const struct psh_buflog_shape *shape, u64 sequence,
		      u32 *buffers)
{
	u32 i, lanes = psh_buflog_lanes(shape);
	u64 lane, row;

	row = div64_u64_rem(sequence, lanes, &lane);
	div64_u64_rem(row, shape->rows, &row);
	*buffers = 0;
	for (i = lane; i < shape->nr_buffers; i += lanes)
		*buffers |= 1U << i;
	/* The room of one stripe before the first is the superblocks'. */
	return (row + 1) * shape->stripe_blocks;
}

static int check_shape(const struct psh_buflog_shape *shape, u64 blocks,
		       char *error)
{
	if (!shape->nr_buffers || shape->nr_buffers > PSH_BUFFERS_MAX)
		snprintf(error, PSH_ERROR_SIZE,
			 "field nr_buffers is %u, expected 1 to %u",
			 shape->nr_buffers, PSH_BUFFERS_MAX);
	else if (!shape->copies || shape->nr_buffers % shape->copies)
		snprintf(error, PSH_ERROR_SIZE,
			 "field copies is %u, expected a divisor of %u",
			 shape->copies, shape->nr_buffers);
	else if (shape->stripe_blocks < PSH_STRIPE_BLOCKS_MIN ||
		 shape->stripe_blocks > PSH_STRIPE_BLOCKS_MAX)
		snprintf(error, PSH_ERROR_SIZE,
			 "field stripe_blocks is %u, expected %u to %u",
			 shape->stripe_blocks, PSH_STRIPE_BLOCKS_MIN,
			 PSH_STRIPE_BLOCKS_MAX);
	else if (shape->rows < 2 || shape->rows > PSH_BUFLOG_ROWS_MAX ||
		 (shape->rows + 1) * shape->stripe_blocks > blocks)
		snprintf(
			error, PSH_ERROR_SIZE,
			"field rows is %llu, expected 2 or more that fit in %llu blocks",
			shape->rows, blocks);
	else
		return 0;
	return -EINVAL;
}

int psh_buflog_shape(struct psh_buflog_shape *shape, u64 blocks, char *error)
{
	struct psh_buflog_shape probe = *shape;
	int r;

	probe.rows = 2;
	r = check_shape(&probe, U64_MAX, error);
	if (r)
		return r;
	shape->rows = div64_u64(blocks, shape->stripe_blocks);
	if (shape->rows < 3) {
		snprintf(error, PSH_ERROR_SIZE,
			 "has %llu blocks, expected at least %u", blocks,
			 3 * shape->stripe_blocks);
		return -ENOSPC;
	}
	shape->rows--;
	if (shape->rows > PSH_BUFLOG_ROWS_MAX)
		shape->rows = PSH_BUFLOG_ROWS_MAX;
	return 0;
}

/* --- superblocks ----------------------------------------------------------- */

void psh_buflog_super_encode(const struct psh_buflog_super *super, void *block)
{
	struct psh_disk_buffer *disk = block;
	struct psh_head head = {
		.magic = PSH_MAGIC_BUFFER,
		.address = super->generation % PSH_SUPER_BLOCKS,
		.epoch = super->epoch,
		.sequence = super->generation,
	};

	memset(block, 0, PSH_BLOCK_SIZE);
	disk->version = cpu_to_le32(PSH_DISK_VERSION);
	memcpy(disk->member_uuid, super->member_uuid, PSH_UUID_SIZE);
	disk->index = cpu_to_le32(super->index);
	disk->nr_buffers = cpu_to_le32(super->shape.nr_buffers);
	disk->copies = cpu_to_le32(super->shape.copies);
	disk->stripe_blocks = cpu_to_le32(super->shape.stripe_blocks);
	disk->rows = cpu_to_le64(super->shape.rows);
	disk->start = cpu_to_le64(super->start);
	disk->tail = cpu_to_le64(super->tail);
	disk->durable = cpu_to_le64(super->durable);
	disk->flushed = cpu_to_le64(super->flushed);
	disk->chain = cpu_to_le32(super->chain);
	memcpy(head.uuid, super->uuid, PSH_UUID_SIZE);
	psh_head_seal(block, &head);
}

/* What must hold between the numbers of stripes. */
static int check_numbers(const struct psh_buflog_super *super, char *error)
{
	if (!super->start)
		snprintf(error, PSH_ERROR_SIZE,
			 "field start is 0, expected more");
	else if (super->durable + 1 < super->start || super->durable == U64_MAX)
		snprintf(error, PSH_ERROR_SIZE,
			 "field durable is %llu, expected at least %llu",
			 super->durable, super->start - 1);
	else if (!super->tail || super->tail > super->durable + 1 ||
		 super->durable + 1 - super->tail >
			 psh_buflog_ring(&super->shape))
		snprintf(
			error, PSH_ERROR_SIZE,
			"field tail is %llu, expected at most %llu and at most %llu less",
			super->tail, super->durable + 1,
			psh_buflog_ring(&super->shape));
	else if (super->flushed > super->durable ||
		 super->tail > super->flushed + 1)
		snprintf(error, PSH_ERROR_SIZE,
			 "field flushed is %llu, expected %llu to %llu",
			 super->flushed, super->tail - 1, super->durable);
	else
		return 0;
	return -EINVAL;
}

int psh_buflog_super_decode(const void *block, const struct psh_head *head,
			    u64 blocks, struct psh_buflog_super *super,
			    char *error)
{
	const struct psh_disk_buffer *disk = block;
	u32 version = le32_to_cpu(disk->version);
	int r;

	if (version != PSH_DISK_VERSION) {
		snprintf(error, PSH_ERROR_SIZE,
			 "field version is %u, expected %u", version,
			 PSH_DISK_VERSION);
		return -EINVAL;
	}
	if (disk->incompat) {
		snprintf(error, PSH_ERROR_SIZE,
			 "field incompat is %#llx, expected 0",
			 (u64)le64_to_cpu(disk->incompat));
		return -EINVAL;
	}
	memcpy(super->uuid, head->uuid, PSH_UUID_SIZE);
	memcpy(super->member_uuid, disk->member_uuid, PSH_UUID_SIZE);
	super->epoch = head->epoch;
	super->generation = head->sequence;
	super->index = le32_to_cpu(disk->index);
	super->shape.nr_buffers = le32_to_cpu(disk->nr_buffers);
	super->shape.copies = le32_to_cpu(disk->copies);
	super->shape.stripe_blocks = le32_to_cpu(disk->stripe_blocks);
	super->shape.rows = le64_to_cpu(disk->rows);
	super->start = le64_to_cpu(disk->start);
	super->tail = le64_to_cpu(disk->tail);
	super->durable = le64_to_cpu(disk->durable);
	super->flushed = le64_to_cpu(disk->flushed);
	super->chain = le32_to_cpu(disk->chain);
	r = check_shape(&super->shape, blocks, error);
	if (r)
		return r;
	if (super->index >= super->shape.nr_buffers) {
		snprintf(error, PSH_ERROR_SIZE,
			 "field index is %u, expected less than %u",
			 super->index, super->shape.nr_buffers);
		return -EINVAL;
	}
	return check_numbers(super, error);
}

/* --- looking for them ------------------------------------------------------ */

/* One of the two superblocks of a buffer; the newer one is kept. */
static int look_at_super(struct psh_buflog *log, unsigned int buffer,
			 u64 address, struct psh_buflog_super *newest,
			 bool *blank)
{
	const u8 *block = log->memory + address * PSH_BLOCK_SIZE;
	char error[PSH_ERROR_SIZE];
	struct psh_buflog_super super;
	enum psh_head_state state;
	struct psh_head head;
	int r;

	state = psh_head_check(block, PSH_MAGIC_BUFFER, log->uuid, address,
			       &head);
	*blank = *blank && state == PSH_HEAD_BLANK;
	if (state == PSH_HEAD_OTHER_VOLUME)
		return refuse(log, buffer, -EINVAL,
			      "superblock %llu is of another volume", address);
	if (state != PSH_HEAD_GOOD)
		return 0;
	r = psh_buflog_super_decode(block, &head,
				    log->ops->blocks(log->owner, buffer),
				    &super, error);
	if (r)
		return refuse(log, buffer, r, "superblock %llu: %s", address,
			      error);
	if (super.generation % PSH_SUPER_BLOCKS != address)
		return refuse(
			log, buffer, -EINVAL,
			"superblock %llu: generation is %llu, expected an %s one",
			address, super.generation, address ? "odd" : "even");
	/* One that comes back counts its generations from 1 again. */
	if (super.epoch > newest->epoch ||
	    (super.epoch == newest->epoch &&
	     super.generation > newest->generation))
		*newest = super;
	return 0;
}

static bool is_zero(const u8 *uuid)
{
	static const u8 zero[PSH_UUID_SIZE];

	return !memcmp(uuid, zero, PSH_UUID_SIZE);
}

static bool same_shape(const struct psh_buflog_shape *a,
		       const struct psh_buflog_shape *b)
{
	return a->nr_buffers == b->nr_buffers && a->copies == b->copies &&
	       a->stripe_blocks == b->stripe_blocks && a->rows == b->rows;
}

/* Does this buffer belong here and now? */
static int judge(struct psh_buflog *log, unsigned int buffer,
		 const struct psh_buflog_super *super)
{
	const u8 *known = log->member_uuid[buffer];

	if (super->index != buffer)
		return refuse(
			log, buffer, -EINVAL,
			"its superblock says buffer %u; are they exchanged?",
			super->index);
	if (!is_zero(known) && memcmp(known, super->member_uuid, PSH_UUID_SIZE))
		return refuse(log, buffer, -EINVAL,
			      "its superblock is of another member");
	if (super->epoch > log->epoch)
		return refuse(
			log, buffer, -EINVAL,
			"epoch is %llu, expected at most %llu: somebody else wrote to it",
			super->epoch, log->epoch);
	log->generation[buffer] = super->generation;
	log->reached[buffer] = super->epoch;
	log->begun[buffer] = super->start;
	if (super->epoch < log->settled)
		log->stale |= 1U << buffer;
	return 0;
}

/* The highest epoch counts; within it all superblocks but the last agree. */
static int take_super(struct psh_buflog *log, unsigned int buffer,
		      const struct psh_buflog_super *super)
{
	struct psh_buflog_super *newest = &log->super;

	if (newest->generation && !same_shape(&newest->shape, &super->shape))
		return refuse(
			log, buffer, -EINVAL,
			"its superblock has another shape than that of buffer %u",
			newest->index);
	if (!newest->generation || super->epoch > newest->epoch) {
		*newest = *super;
		return 0;
	}
	if (super->epoch < newest->epoch)
		return 0;
	if (super->start != newest->start || super->chain != newest->chain)
		return refuse(
			log, buffer, -EINVAL,
			"its superblock begins epoch %llu with stripe %llu, that of buffer %u with %llu",
			super->epoch, super->start, newest->index,
			newest->start);
	if (super->tail > newest->tail)
		newest->tail = super->tail;
	if (super->durable > newest->durable)
		newest->durable = super->durable;
	if (super->flushed > newest->flushed)
		newest->flushed = super->flushed;
	return 0;
}

static int look_at_buffer(struct psh_buflog *log, unsigned int buffer)
{
	struct psh_buflog_super newest = { .generation = 0 };
	bool blank = true;
	u64 i;
	int r;

	if (log->ops->blocks(log->owner, buffer) < PSH_SUPER_BLOCKS)
		return refuse(log, buffer, -EINVAL, "has no room");
	r = log->ops->read(log->owner, buffer, 0, PSH_SUPER_BLOCKS,
			   log->memory);
	if (r)
		return refuse(log, buffer, r, "its superblocks cannot be read");
	for (i = 0; i < PSH_SUPER_BLOCKS; i++) {
		r = look_at_super(log, buffer, i, &newest, &blank);
		if (r)
			return r;
	}
	if (blank) {
		log->blank |= 1U << buffer;
		return 0;
	}
	if (!newest.generation)
		return refuse(
			log, buffer, -EBADMSG,
			"holds something that is no superblock of this volume, expected one or zeroes");
	r = judge(log, buffer, &newest);
	if (r || has(log->stale, buffer))
		return r;
	return take_super(log, buffer, &newest);
}

/* Every lane needs a buffer that can be read. */
static int check_lanes(struct psh_buflog *log)
{
	u32 usable = log->given & ~log->stale & ~log->blank;
	u32 lane, buffers;

	for (lane = 0; lane < psh_buflog_lanes(&log->super.shape); lane++) {
		psh_buflog_locate(&log->super.shape, lane, &buffers);
		if (!(buffers & usable))
			return refuse(
				log, lane, -ENODEV,
				"it and its copies are missing or stale (buffers %#x): what was not merged would be lost",
				buffers);
	}
	return 0;
}

int psh_buflog_find(struct psh_buflog *log)
{
	unsigned int i;
	int r;

	log->stale = 0;
	log->blank = 0;
	memset(&log->super, 0, sizeof(log->super));
	memset(log->generation, 0, sizeof(log->generation));
	for (i = 0; i < PSH_BUFFERS_MAX; i++) {
		r = has(log->given, i) ? look_at_buffer(log, i) : 0;
		if (r)
			return r;
	}
	/* Formatting was interrupted, so nothing was ever written. */
	if (!log->settled)
		return -ENODATA;
	if (log->super.generation)
		return check_lanes(log);
	if (log->stale)
		return refuse(
			log, first_of(log->stale), -ENODEV,
			"is stale (epoch before %llu), and no buffer is not",
			log->settled);
	return -ENODATA;
}

/* --- replay ---------------------------------------------------------------- */

static u32 readable(const struct psh_buflog *log)
{
	return log->given & ~log->stale & ~log->blank;
}

static bool read_head(struct psh_buflog *log, unsigned int buffer, u64 block,
		      struct psh_stripe_head *head, bool *unreadable)
{
	if (log->ops->read(log->owner, buffer, block, 1, log->memory)) {
		*unreadable = true;
		return false;
	}
	return psh_stripe_decode(log->memory, log->uuid, block,
				 log->super.shape.stripe_blocks, head);
}

/* What the heads of this epoch say about tail and durable. */
static int scan(struct psh_buflog *log)
{
	u64 n, ring = psh_buflog_ring(&log->super.shape);

	for (n = 0; n < ring; n++) {
		struct psh_stripe_head head;
		bool unreadable = false, good = false;
		u32 buffers, rest;
		u64 block = psh_buflog_locate(&log->super.shape, n, &buffers);

		for (rest = buffers & readable(log); rest; rest &= rest - 1) {
			if (!read_head(log, first_of(rest), block, &head,
				       &unreadable))
				continue;
			good = true;
			if (log->reached[first_of(rest)] != head.epoch ||
			    head.epoch != log->super.epoch ||
			    head.sequence < log->start)
				continue;
			if (head.tail > log->tail)
				log->tail = head.tail;
			if (head.durable > log->durable)
				log->durable = head.durable;
		}
		if (unreadable && !good)
			return refuse(log, first_of(buffers), -EIO,
				      "block %llu cannot be read", block);
	}
	return 0;
}

/* Where a walk along the log is. */
struct walk {
	u64 sequence;
	u64 epoch; /* of the stripe before */
	u32 chain; /* of the stripe before, if it is known */
	bool chained;
};

static void walk_begin(const struct psh_buflog *log, struct walk *walk)
{
	walk->sequence = log->tail;
	walk->epoch = 0;
	walk->chain = log->super.chain;
	walk->chained = log->tail == log->super.start;
}

static void walk_on(struct walk *walk, const struct psh_stripe_head *head)
{
	walk->sequence++;
	walk->epoch = head->epoch;
	walk->chain = head->crc;
	walk->chained = true;
}

/*
 * Does this head continue the log? Each buffer's own superblock says what of it
 * can count: what it was given when its epoch began, and stripes of that epoch.
 */
static bool continues(const struct psh_buflog *log, const struct walk *walk,
		      unsigned int buffer, const struct psh_stripe_head *head)
{
	if (head->sequence != walk->sequence || head->epoch < walk->epoch)
		return false;
	if (walk->chained && head->chain != walk->chain)
		return false;
	return head->sequence < log->begun[buffer] ?
		       head->epoch < log->reached[buffer] :
		       head->epoch == log->reached[buffer];
}

/* Its data, behind the head that is in memory. */
static bool read_data(struct psh_buflog *log, unsigned int buffer, u64 block,
		      const struct psh_stripe_head *head)
{
	u32 blocks = psh_stripe_blocks(head->data_sectors) - 1;

	return !blocks || !log->ops->read(log->owner, buffer, block + 1, blocks,
					  log->memory + PSH_BLOCK_SIZE);
}

/*
 * The next stripe as one buffer has it, in memory. Data is read if @whole asks,
 * and checked if it may be torn.
 */
static bool load_from(struct psh_buflog *log, const struct walk *walk,
		      unsigned int buffer, bool whole,
		      struct psh_stripe_head *head, bool *unreadable)
{
	/* Who has not reached the epoch may not have been there when it began. */
	bool maybe_torn = walk->sequence > log->durable ||
			  log->reached[buffer] < log->super.epoch;
	u32 buffers;
	u64 block =
		psh_buflog_locate(&log->super.shape, walk->sequence, &buffers);

	if (!read_head(log, buffer, block, head, unreadable) ||
	    !continues(log, walk, buffer, head))
		return false;
	if (!whole && !maybe_torn)
		return true;
	if (!read_data(log, buffer, block, head)) {
		*unreadable = true;
		return false;
	}
	return psh_stripe_data_is_good(log->memory);
}

/* The next stripe from whichever buffer has it. */
static bool load(struct psh_buflog *log, const struct walk *walk, bool whole,
		 struct psh_stripe_head *head, bool *unreadable)
{
	u32 buffers, rest;

	psh_buflog_locate(&log->super.shape, walk->sequence, &buffers);
	*unreadable = false;
	for (rest = buffers & readable(log); rest; rest &= rest - 1) {
		if (load_from(log, walk, first_of(rest), whole, head,
			      unreadable))
			return true;
	}
	return false;
}

static int tell(struct psh_buflog *log, const struct psh_stripe_head *head)
{
	struct psh_stripe_record record = { .kind = 0 };
	u32 i;
	int r;

	for (i = 0; i < head->nr; i++) {
		psh_stripe_record(log->memory, i, &record);
		r = log->ops->record(log->owner, head->sequence, &record);
		if (r)
			return r;
	}
	return 0;
}

static int lost(struct psh_buflog *log, u64 sequence, bool unreadable)
{
	u32 buffers;
	u64 block = psh_buflog_locate(&log->super.shape, sequence, &buffers);

	return refuse(
		log, first_of(buffers), unreadable ? -EIO : -EBADMSG,
		"block %llu: stripe %llu %s, but %llu to %llu were durable",
		block, sequence, unreadable ? "cannot be read" : "is not there",
		log->tail, log->durable);
}

int psh_buflog_replay(struct psh_buflog *log)
{
	struct psh_stripe_head head;
	struct walk walk;
	bool unreadable;
	int r;

	log->start = log->super.start;
	log->tail = log->super.tail;
	log->durable = log->super.epoch > log->settled ? log->super.flushed :
							 log->super.durable;
	r = scan(log);
	if (r)
		return r;
	for (walk_begin(log, &walk);
	     load(log, &walk, false, &head, &unreadable);
	     walk_on(&walk, &head)) {
		r = tell(log, &head);
		if (r)
			return r;
	}
	/* What cannot be read might count. */
	if (walk.sequence <= log->durable || unreadable)
		return lost(log, walk.sequence, unreadable);
	log->end = walk.sequence - 1;
	log->chain = walk.chain;
	return 0;
}

/* --- beginning an epoch ---------------------------------------------------- */

/* Bring one stripe to every buffer of its lane that lacks it. */
static int repair(struct psh_buflog *log, const struct walk *walk, u32 targets,
		  struct psh_stripe_head *head)
{
	bool unreadable;
	u32 buffers, rest, lacking = 0;
	u64 block =
		psh_buflog_locate(&log->super.shape, walk->sequence, &buffers);
	int r;

	for (rest = buffers & targets; rest; rest &= rest - 1) {
		unsigned int buffer = first_of(rest);

		if (!has(readable(log), buffer) ||
		    !load_from(log, walk, buffer, false, head, &unreadable))
			lacking |= 1U << buffer;
	}
	if (!load(log, walk, lacking, head, &unreadable))
		return lost(log, walk->sequence, unreadable);
	for (; lacking; lacking &= lacking - 1) {
		r = log->ops->write(log->owner, first_of(lacking), block,
				    psh_stripe_blocks(head->data_sectors),
				    log->memory, false);
		if (r)
			return refuse(log, first_of(lacking), r,
				      "block %llu cannot be written", block);
	}
	return 0;
}

/* Of a buffer that is filled anew nothing old shall be found. */
static int wipe_super(struct psh_buflog *log, u32 buffers)
{
	memset(log->memory, 0, PSH_BLOCK_SIZE);
	for (; buffers; buffers &= buffers - 1) {
		unsigned int buffer = first_of(buffers);
		u64 block = log->generation[buffer] % PSH_SUPER_BLOCKS;
		int r = log->ops->write(log->owner, buffer, block, 1,
					log->memory, false);

		if (r)
			return refuse(log, buffer, r,
				      "its superblock cannot be written");
	}
	return 0;
}

static int flush_all(struct psh_buflog *log, u32 buffers)
{
	for (; buffers; buffers &= buffers - 1) {
		int r = log->ops->flush(log->owner, first_of(buffers));

		if (r)
			return refuse(log, first_of(buffers), r,
				      "cannot be flushed");
	}
	return 0;
}

static int write_supers(struct psh_buflog *log, u32 buffers)
{
	for (; buffers; buffers &= buffers - 1) {
		unsigned int buffer = first_of(buffers);
		int r;

		log->super.index = buffer;
		log->super.generation = log->generation[buffer] + 1;
		memcpy(log->super.member_uuid, log->member_uuid[buffer],
		       PSH_UUID_SIZE);
		psh_buflog_super_encode(&log->super, log->memory);
		r = log->ops->write(log->owner, buffer,
				    log->super.generation % PSH_SUPER_BLOCKS, 1,
				    log->memory, true);
		if (r)
			return refuse(log, buffer, r,
				      "its superblock cannot be written");
		log->generation[buffer]++;
	}
	return 0;
}

void psh_buflog_format(struct psh_buflog *log,
		       const struct psh_buflog_shape *shape)
{
	memset(&log->super, 0, sizeof(log->super));
	memcpy(log->super.uuid, log->uuid, PSH_UUID_SIZE);
	log->super.shape = *shape;
	log->start = 1;
	log->tail = 1;
	log->durable = 0;
	log->end = 0;
	log->chain = 0;
}

int psh_buflog_begin(struct psh_buflog *log, u64 epoch, u32 buffers)
{
	struct psh_stripe_head head;
	struct walk walk;
	int r = 0;

	/* What is on one buffer only was read from there: nobody lacks it. */
	for (walk_begin(log, &walk);
	     log->super.shape.copies > 1 && !r && walk.sequence <= log->end;
	     walk_on(&walk, &head))
		r = repair(log, &walk, buffers, &head);
	if (!r)
		r = wipe_super(log, buffers & ~readable(log));
	if (!r)
		r = flush_all(log, buffers);
	if (r)
		return r;
	log->super.epoch = epoch;
	log->super.start = log->end + 1;
	log->super.tail = log->tail;
	log->super.durable = log->end;
	log->super.flushed = log->durable;
	log->super.chain = log->chain;
	log->start = log->super.start;
	log->durable = log->end;
	return write_supers(log, buffers);
}

int psh_buflog_close(struct psh_buflog *log, u64 tail, u64 last, u32 buffers)
{
	log->super.tail = tail;
	log->super.durable = last;
	log->super.flushed = last;
	return write_supers(log, buffers);
}
