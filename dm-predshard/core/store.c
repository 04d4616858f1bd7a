// SPDX-License-Identifier: GPL-2.0
/*
 * store: see store.h for what is promised. The first half reads: superblocks,
 * then the map, then the journal from the checkpoint to its end. The second half
 * writes. A device that fails a write is dropped at once; whoever wrote goes on
 * with the other and makes a superblock that says so before it returns.
 *
 * The buffer is used for one thing at a time, in which two devices share it; its
 * last block is the spare, into which a block is read by itself when it cannot be
 * read with others.
 */
#include "store.h"
#include "word.h"

#define WINDOW_BLOCKS (PSH_STORE_BUFFER - 1)

static const char *const device_name[PSH_DISK_DEVICES] = {
	"metadata device",
	"metadata mirror",
};

static void *buffer_block(const struct psh_store *store, unsigned int i)
{
	return store->buffer + (size_t)i * PSH_BLOCK_SIZE;
}

static void *spare(const struct psh_store *store)
{
	return buffer_block(store, WINDOW_BLOCKS);
}

static int refuse(struct psh_store *store, unsigned int device, int error,
		  const char *format, ...) __printf(4, 5);

static int refuse(struct psh_store *store, unsigned int device, int error,
		  const char *format, ...)
{
	va_list args;
	int used;

	store->device = device;
	used = snprintf(store->error, PSH_ERROR_SIZE,
			"%s: ", device_name[device]);
	va_start(args, format);
	vsnprintf(store->error + used, PSH_ERROR_SIZE - used, format, args);
	va_end(args);
	return error;
}

/*
 * A generation may be used twice: one device got it before the machine stopped,
 * and could not be read when the other went on alone. The one that counts on
 * itself only is newer, even if the other was about to begin an epoch.
 */
static bool is_newer(const struct psh_super *a, const struct psh_super *b)
{
	if (a->generation == b->generation && a->devices != b->devices)
		return !(a->devices & ~b->devices);
	if (a->epoch != b->epoch)
		return a->epoch > b->epoch;
	return a->generation > b->generation;
}

static unsigned int first_of(u32 devices)
{
	return psh_log2(devices & -devices);
}

/* --- finding the superblock ---------------------------------------------- */

/* How a device looks. */
enum look {
	LOOK_ABSENT,
	LOOK_UNREADABLE,
	LOOK_BLANK,
	LOOK_DAMAGED, /* ours, but no superblock is whole */
	LOOK_FOREIGN,
	LOOK_OURS,
};

/* One of the two superblocks of a device; the newer one is kept in @found. */
static int look_at_super(struct psh_store *store, unsigned int device,
			 u64 address, enum look *look)
{
	struct psh_super *found = &store->found[device];
	struct psh_super *super = &store->super;
	char error[PSH_ERROR_SIZE];
	struct psh_head head;
	unsigned int index;
	int r;

	switch (psh_head_check(buffer_block(store, address), PSH_MAGIC_SUPER,
			       NULL, address, &head)) {
	case PSH_HEAD_GOOD:
		break;
	case PSH_HEAD_BLANK:
		return 0;
	case PSH_HEAD_DAMAGED:
		store->torn |= 1U << device;
		if (*look == LOOK_BLANK)
			*look = LOOK_DAMAGED;
		return 0;
	default:
		store->torn |= 1U << device;
		if (*look == LOOK_BLANK)
			*look = LOOK_FOREIGN;
		return 0;
	}
	r = psh_super_decode(buffer_block(store, address), &head,
			     store->ops->blocks(store->owner, device), super,
			     &index, error);
	if (r)
		return refuse(store, device, r, "superblock %llu: %s", address,
			      error);
	if (psh_super_block(super->generation) != address)
		return refuse(
			store, device, -EINVAL,
			"superblock %llu: generation is %llu, expected an %s one",
			address, super->generation, address ? "odd" : "even");
	if (index != device)
		return refuse(
			store, device, -EINVAL,
			"superblock %llu: is of the %s, expected the %s; are they exchanged?",
			address, device_name[index], device_name[device]);
	if (*look == LOOK_OURS &&
	    memcmp(super->uuid, found->uuid, sizeof(super->uuid)))
		return refuse(store, device, -EINVAL,
			      "its two superblocks are of different volumes");
	if (*look != LOOK_OURS || is_newer(super, found))
		*found = *super;
	*look = LOOK_OURS;
	return 0;
}

/* The newer superblock of a device, if it has any. @store->super is scratch. */
static int look_at_device(struct psh_store *store, unsigned int device,
			  enum look *look)
{
	u64 blocks = store->ops->blocks(store->owner, device);
	unsigned int i;
	int r;

	if (blocks < PSH_RESERVED_BLOCKS)
		return refuse(store, device, -EINVAL,
			      "has %llu sectors, expected at least %u",
			      blocks * PSH_BLOCK_SECTORS,
			      PSH_RESERVED_BLOCKS * PSH_BLOCK_SECTORS);
	*look = LOOK_UNREADABLE;
	if (store->ops->read(store->owner, device, 0, PSH_RESERVED_BLOCKS,
			     store->buffer))
		return 0;
	*look = LOOK_BLANK;
	for (i = 0; i < PSH_SUPER_BLOCKS; i++) {
		r = look_at_super(store, device, i, look);
		if (r)
			return r;
	}
	for (; i < PSH_RESERVED_BLOCKS && *look == LOOK_BLANK; i++) {
		struct psh_head head;

		if (psh_head_check(buffer_block(store, i), PSH_MAGIC_SUPER,
				   NULL, i, &head) != PSH_HEAD_BLANK)
			*look = LOOK_FOREIGN;
	}
	return 0;
}

/* Nothing on any device is a superblock that can be used. */
static int nothing_found(struct psh_store *store, const enum look *look)
{
	bool blank = true;
	unsigned int i;

	for (i = 0; i < PSH_DISK_DEVICES; i++) {
		switch (look[i]) {
		case LOOK_UNREADABLE:
			return refuse(store, i, -EIO,
				      "its superblocks cannot be read");
		case LOOK_DAMAGED:
			return refuse(
				store, i, -EBADMSG,
				"both superblocks are damaged, expected one that is whole");
		case LOOK_FOREIGN:
			return refuse(
				store, i, -EINVAL,
				"holds something that is not predshard's, expected our metadata or zeroes in its first %u sectors",
				PSH_RESERVED_BLOCKS * PSH_BLOCK_SECTORS);
		default:
			blank = blank && look[i] != LOOK_OURS;
		}
	}
	return blank ? -ENODATA : 0;
}

static bool same_super(struct psh_store *store, const struct psh_super *a,
		       const struct psh_super *b)
{
	psh_super_encode(a, 0, store->buffer);
	psh_super_encode(b, 0, spare(store));
	return !memcmp(store->buffer, spare(store), PSH_BLOCK_SIZE);
}

/*
 * Is a device up to date, given the newest superblock? One generation behind
 * it may be: the machine stopped between the two writes.
 */
static int judge(struct psh_store *store, unsigned int device, enum look look,
		 const struct psh_super *super)
{
	const struct psh_super *newest = &store->super;

	if (look == LOOK_FOREIGN)
		return refuse(
			store, device, -EINVAL,
			"holds something that is not predshard's, expected the other half of a pair or zeroes");
	if (look != LOOK_ABSENT && look != LOOK_UNREADABLE)
		store->behind |= 1U << device;
	if (look != LOOK_OURS)
		return 0;
	if (memcmp(super->uuid, newest->uuid, sizeof(super->uuid)))
		return refuse(store, device, -EINVAL,
			      "is of another volume than the %s",
			      device_name[!device]);
	/* Each says something else, or each that the other was dropped. */
	if ((!is_newer(newest, super) && !same_super(store, super, newest)) ||
	    !(newest->devices >> device & 1 || super->devices >> !device & 1))
		return refuse(
			store, device, -EINVAL,
			"was written apart from the %s (epoch %llu, generation %llu): keep one of them and blank the other",
			device_name[!device], super->epoch, super->generation);
	if (newest->devices >> device & 1 &&
	    newest->generation - super->generation <= 1) {
		store->live |= 1U << device;
		store->behind &= ~(1U << device);
		if (super->generation != newest->generation)
			store->lagging |= 1U << device;
	}
	return 0;
}

int psh_store_find(struct psh_store *store)
{
	enum look look[PSH_DISK_DEVICES] = { LOOK_ABSENT, LOOK_ABSENT };
	const struct psh_super *found = store->found;
	unsigned int i, newest = PSH_DISK_DEVICES;
	int r;

	store->live = 0;
	store->behind = 0;
	store->lagging = 0;
	store->torn = 0;
	store->failed = false;
	for (i = 0; i < PSH_DISK_DEVICES; i++) {
		if (!(store->given >> i & 1))
			continue;
		r = look_at_device(store, i, &look[i]);
		if (r)
			return r;
		if (look[i] == LOOK_OURS &&
		    (newest == PSH_DISK_DEVICES ||
		     is_newer(&found[i], &found[newest])))
			newest = i;
	}
	if (newest == PSH_DISK_DEVICES)
		return nothing_found(store, look);
	store->super = found[newest];
	for (i = 0; i < PSH_DISK_DEVICES; i++) {
		r = judge(store, i, look[i], &found[i]);
		if (r)
			return r;
	}
	/* Who lags gets its superblock in that very place. */
	store->torn &= store->live & ~store->lagging;
	if (!(store->live >> newest & 1))
		return refuse(
			store, newest, -EINVAL,
			"was dropped from the pair and is not up to date, expected the %s with it",
			device_name[!newest]);
	return 0;
}

/* --- loading map and journal --------------------------------------------- */

/* Blocks that were read together from each device; @device is asked first. */
struct window {
	u64 first[PSH_DISK_DEVICES];
	u64 end[PSH_DISK_DEVICES];
	unsigned int device;
};

/* What is sought, and what was found instead. */
struct sought {
	u32 magic;
	u64 epoch;
	u64 sequence;
	u32 members; /* that a word may name */
	enum psh_head_state state;
	u64 newest_epoch;
	u64 newest_sequence;
	unsigned int device;
	bool unreadable;
};

/* Both have one: where the journal has ended, both are asked for each block. */
static void *read_block(struct psh_store *store, struct window *window,
			unsigned int device, u64 block, u64 end)
{
	bool alone = !(store->live & (store->live - 1));
	u32 room = alone ? WINDOW_BLOCKS : WINDOW_BLOCKS / PSH_DISK_DEVICES;
	u8 *data = buffer_block(store, alone ? 0 : device * room);
	u32 nr = end - block < room ? end - block : room;

	if (block >= window->first[device] && block < window->end[device])
		return data + (block - window->first[device]) * PSH_BLOCK_SIZE;
	window->end[device] = window->first[device]; /* in case it fails */
	if (!store->ops->read(store->owner, device, block, nr, data)) {
		window->first[device] = block;
		window->end[device] = block + nr;
		return data;
	}
	return store->ops->read(store->owner, device, block, 1, spare(store)) ?
		       NULL :
		       spare(store);
}

static void note_newest(struct sought *sought, const struct psh_head *head)
{
	if (head->epoch < sought->newest_epoch ||
	    (head->epoch == sought->newest_epoch &&
	     head->sequence <= sought->newest_sequence))
		return;
	sought->newest_epoch = head->epoch;
	sought->newest_sequence = head->sequence;
}

/* The block that should be here, from whichever device has it; or NULL. */
static void *find_block(struct psh_store *store, struct window *window,
			struct sought *sought, u64 block, u64 end)
{
	unsigned int device = window->device;
	u32 rest = store->live;

	sought->state = PSH_HEAD_BLANK;
	sought->unreadable = true;
	sought->newest_epoch = 0;
	sought->newest_sequence = 0;
	for (; rest; rest &= ~(1U << device)) {
		enum psh_head_state state;
		struct psh_head head;
		void *data;

		if (!(rest >> device & 1))
			device = first_of(rest);
		data = read_block(store, window, device, block, end);
		sought->device = device;
		if (!data)
			continue;
		sought->unreadable = false;
		state = psh_head_check(data, sought->magic, store->super.uuid,
				       block, &head);
		sought->state = state;
		if (state != PSH_HEAD_GOOD)
			continue;
		if (head.sequence == sought->sequence &&
		    head.epoch == sought->epoch)
			return data;
		note_newest(sought, &head);
	}
	return NULL;
}

/* Hand a word on, if it can be one. */
static int load_word(struct psh_store *store, const struct sought *sought,
		     u64 block, u64 segment, u64 word)
{
	if (word & ~PSH_WORD_DURABLE ||
	    psh_word_copies(word) >> psh_word_home(word) & 1 ||
	    psh_word_valid(word) & ~sought->members)
		return refuse(
			store, sought->device, -EBADMSG,
			"block %llu: the word of segment %llu is %llx, expected a home and copies among members %x",
			block, segment, word, sought->members);
	store->ops->set_word(store->owner, segment, word);
	return 0;
}

/* The map, each block from @device if it has one that may be meant. */
static int load_map_from(struct psh_store *store, unsigned int device)
{
	const struct psh_super *super = &store->super;
	u64 start = super->map_start[super->map_current];
	u64 end = start + psh_map_blocks(super->nr_segments);
	struct window window = { .device = device };
	struct sought sought = {
		.magic = PSH_MAGIC_MAP,
		.epoch = super->epoch,
		.sequence = super->map_generation,
		.members = psh_super_used(super),
	};
	u64 block, segment = 0;
	u32 crc = ~0U;
	int r;

	for (block = start; block < end; block++) {
		const struct psh_disk_map *map =
			find_block(store, &window, &sought, block, end);
		unsigned int i;

		if (!map)
			return refuse(
				store, sought.device, -EBADMSG,
				"map block %llu is %s, of epoch %llu and generation %llu, expected %llu and %llu",
				block,
				sought.unreadable ?
					"unreadable" :
					psh_head_state_name(sought.state),
				sought.newest_epoch, sought.newest_sequence,
				super->epoch, super->map_generation);
		crc = crc32c(crc, &map->head.crc, sizeof(map->head.crc));
		for (i = 0; i < PSH_MAP_WORDS && segment < super->nr_segments;
		     i++, segment++) {
			r = load_word(store, &sought, block, segment,
				      le64_to_cpu(map->word[i]));
			if (r)
				return r;
		}
	}
	if (~crc == super->map_crc)
		return 0;
	return refuse(
		store, device, -EBADMSG,
		"the map has checksum %08x, expected %08x: a write was lost",
		~crc, super->map_crc);
}

/*
 * A block of an attempt at this very epoch that a crash cut short looks like the
 * one that is meant, if a device lost the latter. Then the other has it all.
 */
static int load_map(struct psh_store *store)
{
	u32 rest = store->live;
	int r;

	do {
		r = load_map_from(store, first_of(rest));
		rest &= rest - 1;
	} while (r && rest);
	return r;
}

static int apply_journal(struct psh_store *store, const struct sought *sought,
			 u64 block, const struct psh_disk_journal *journal)
{
	unsigned int nr = le32_to_cpu(journal->nr);
	unsigned int i;
	int r;

	if (!nr || nr > PSH_JOURNAL_RECORDS)
		return refuse(
			store, sought->device, -EBADMSG,
			"journal block %llu: field nr is %u, expected 1 to %u",
			block, nr, PSH_JOURNAL_RECORDS);
	for (i = 0; i < nr; i++) {
		u64 key = le64_to_cpu(journal->record[i].key);
		u64 segment = key & ((1ULL << PSH_RECORD_KIND_SHIFT) - 1);

		if (key >> PSH_RECORD_KIND_SHIFT != PSH_RECORD_WORD)
			return refuse(
				store, sought->device, -EBADMSG,
				"journal block %llu: record %u has kind %llu, expected %u",
				block, i, key >> PSH_RECORD_KIND_SHIFT,
				PSH_RECORD_WORD);
		if (segment >= store->super.nr_segments)
			return refuse(
				store, sought->device, -EBADMSG,
				"journal block %llu: record %u is of segment %llu, expected less than %llu",
				block, i, segment, store->super.nr_segments);
		r = load_word(store, sought, block, segment,
			      le64_to_cpu(journal->record[i].value));
		if (r)
			return r;
	}
	return 0;
}

/*
 * Once around the ring: blocks with consecutive numbers count, up to the first
 * that is not there. What is newer behind that shows that something is missing.
 */
static int load_journal(struct psh_store *store)
{
	const struct psh_super *super = &store->super;
	u64 ring_end = super->journal_start + super->journal_blocks;
	struct window window = { .device = first_of(store->live) };
	struct sought sought = {
		.magic = PSH_MAGIC_JOURNAL,
		.epoch = super->epoch,
		.sequence = super->checkpoint,
		.members = psh_super_used(super),
	};
	bool ended = false;
	u64 i, at;
	int r;

	store->next = super->checkpoint;
	div64_u64_rem(super->checkpoint, super->journal_blocks, &at);
	for (i = 0; i < super->journal_blocks; i++) {
		u64 block = super->journal_start + at;
		const void *journal =
			find_block(store, &window, &sought, block, ring_end);

		at = at + 1 < super->journal_blocks ? at + 1 : 0;
		if (sought.unreadable && !journal)
			return refuse(store, sought.device, -EIO,
				      "journal block %llu cannot be read",
				      block);
		if (journal && !ended) {
			r = apply_journal(store, &sought, block, journal);
			if (r)
				return r;
			store->next = ++sought.sequence;
			continue;
		}
		if (journal || sought.newest_epoch > super->epoch ||
		    (sought.newest_epoch == super->epoch &&
		     sought.newest_sequence >= store->next))
			return refuse(
				store, sought.device, -EBADMSG,
				"journal block %llu is of epoch %llu, number %llu, but number %llu of epoch %llu is not there: a write was lost",
				block, sought.newest_epoch,
				sought.newest_sequence, store->next,
				super->epoch);
		ended = true;
	}
	return 0;
}

int psh_store_load(struct psh_store *store)
{
	int r = load_map(store);

	return r ? r : load_journal(store);
}

/* --- writing -------------------------------------------------------------- */

/*
 * Write to all live devices. One that fails is dropped: what is on it does not
 * count any more once the next superblock is durable on the other.
 */
static int write_all(struct psh_store *store, u64 block, u32 nr,
		     const void *data, bool fua)
{
	u32 rest = store->live;

	for (; rest; rest &= rest - 1) {
		unsigned int device = first_of(rest);

		if (!store->ops->write(store->owner, device, block, nr, data,
				       fua))
			continue;
		store->live &= ~(1U << device);
		refuse(store, device, -EIO, "block %llu cannot be written",
		       block);
	}
	if (!store->live)
		store->failed = true;
	return store->failed ? -EIO : 0;
}

static int flush_all(struct psh_store *store)
{
	u32 rest = store->live;

	for (; rest; rest &= rest - 1) {
		unsigned int device = first_of(rest);

		if (!store->ops->flush(store->owner, device))
			continue;
		store->live &= ~(1U << device);
		refuse(store, device, -EIO, "cannot be flushed");
	}
	if (!store->live)
		store->failed = true;
	return store->failed ? -EIO : 0;
}

/* Superblocks differ between devices, so that each knows which it is. */
static int write_super(struct psh_store *store, struct psh_super *super)
{
	u32 rest;

	do {
		super->generation++;
		super->devices = store->live;
		for (rest = store->live; rest; rest &= rest - 1) {
			unsigned int device = first_of(rest);

			psh_super_encode(super, device, spare(store));
			if (!store->ops->write(
				    store->owner, device,
				    psh_super_block(super->generation), 1,
				    spare(store), true))
				continue;
			store->live &= ~(1U << device);
			refuse(store, device, -EIO,
			       "the superblock cannot be written");
		}
	} while (store->live && super->devices != store->live);
	if (!store->live) {
		store->failed = true;
		return -EIO;
	}
	store->super = *super;
	return 0;
}

/*
 * The machine stopped between the two devices. The one that is behind has the
 * map and the journal of the newest superblock, but knows only of the map that
 * the next checkpoint overwrites. Its older superblock's place takes the newest.
 */
static void catch_up(struct psh_store *store)
{
	const struct psh_super *super = &store->super;
	u32 rest = store->lagging & store->live;

	for (; rest; rest &= rest - 1) {
		unsigned int device = first_of(rest);

		psh_super_encode(super, device, spare(store));
		if (!store->ops->write(store->owner, device,
				       psh_super_block(super->generation), 1,
				       spare(store), true))
			continue;
		store->live &= ~(1U << device);
		refuse(store, device, -EIO, "the superblock cannot be written");
	}
	store->lagging = 0;
}

static void fill_map_block(struct psh_store *store,
			   const struct psh_super *super, u64 block, u64 first,
			   struct psh_disk_map *map)
{
	struct psh_head head = {
		.magic = PSH_MAGIC_MAP,
		.address = block,
		.epoch = super->epoch,
		.sequence = super->map_generation,
	};
	unsigned int i;

	memset(map, 0, sizeof(*map));
	for (i = 0; i < PSH_MAP_WORDS && first + i < super->nr_segments; i++)
		map->word[i] =
			cpu_to_le64(store->ops->word(store->owner, first + i) &
				    PSH_WORD_DURABLE);
	memcpy(head.uuid, super->uuid, sizeof(head.uuid));
	psh_head_seal(map, &head);
}

/* Fills @super's checksum of it. */
static int write_map(struct psh_store *store, struct psh_super *super)
{
	u64 start = super->map_start[super->map_current];
	u64 blocks = psh_map_blocks(super->nr_segments);
	u32 crc = ~0U;
	u64 done = 0;
	int r = 0;

	while (!r && done < blocks) {
		u32 nr = blocks - done < WINDOW_BLOCKS ? blocks - done :
							 WINDOW_BLOCKS;
		u32 i;

		for (i = 0; i < nr; i++) {
			struct psh_disk_map *map = buffer_block(store, i);

			fill_map_block(store, super, start + done + i,
				       (done + i) * PSH_MAP_WORDS, map);
			crc = crc32c(crc, &map->head.crc,
				     sizeof(map->head.crc));
		}
		r = write_all(store, start + done, nr, store->buffer, false);
		done += nr;
	}
	super->map_crc = ~crc;
	return r;
}

/*
 * Ours, and not whole, whatever parts of it or of a later one arrive. A device that
 * loses this write would be believed when a later one makes it whole: it is read.
 */
static int void_super(struct psh_store *store, unsigned int device, u64 address)
{
	struct psh_disk_head *disk = spare(store);
	__le32 crc;
	int r;

	psh_super_encode(&store->super, device, disk);
	disk->address = cpu_to_le64(address);
	disk->crc = ~disk->crc;
	crc = disk->crc;
	r = store->ops->write(store->owner, device, address, 1, disk, true);
	if (!r)
		r = store->ops->read(store->owner, device, address, 1, disk);
	if (!r && disk->crc != crc)
		r = -EIO;
	return r;
}

/*
 * Its superblocks may be whole, and newer than they should be: the machine
 * stopped before they counted. Only the checksum changes, so that a torn write
 * leaves either what was there or something damaged of ours.
 */
static int spoil_supers(struct psh_store *store, unsigned int device)
{
	struct psh_head head;
	unsigned int i;
	int r = 0;

	for (i = 0; i < PSH_SUPER_BLOCKS && !r; i++) {
		struct psh_disk_head *disk = spare(store);

		r = store->ops->read(store->owner, device, i, 1, disk);
		if (r)
			return r;
		switch (psh_head_check(disk, PSH_MAGIC_SUPER, NULL, i, &head)) {
		case PSH_HEAD_BLANK:
			break;
		case PSH_HEAD_GOOD:
			disk->crc = ~disk->crc;
			r = store->ops->write(store->owner, device, i, 1, disk,
					      true);
			break;
		default:
			r = void_super(store, device, i);
		}
	}
	return r;
}

/*
 * Before a map is overwritten no superblock may name it: not one that is not
 * whole, for parts of the next one may make it whole again; nor one that we do
 * not know of, of a device that was counted on and cannot be read. The former
 * become void; of the latter one more with the same map says that it is dropped.
 */
static void make_sure(struct psh_store *store)
{
	struct psh_super *super = &store->found[0];
	u32 rest;

	catch_up(store);
	for (rest = store->torn; rest; rest &= rest - 1) {
		unsigned int device = first_of(rest);

		if (!void_super(store, device,
				psh_super_block(store->super.generation + 1)))
			continue;
		store->live &= ~(1U << device);
		refuse(store, device, -EIO, "the superblock cannot be written");
	}
	store->torn = 0;
	if (!store->live ||
	    !(store->super.devices & ~(store->live | store->behind)))
		return;
	*super = store->super;
	(void)write_super(store, super); /* a checkpoint fails then, too */
}

void psh_store_revive(struct psh_store *store)
{
	const struct psh_super *super = &store->super;
	u32 rest = store->behind;

	make_sure(store);
	store->behind = 0;
	memset(store->buffer, 0, (size_t)WINDOW_BLOCKS * PSH_BLOCK_SIZE);
	for (; rest; rest &= rest - 1) {
		unsigned int device = first_of(rest);
		u64 left = super->journal_blocks;
		bool failed = store->ops->blocks(store->owner, device) <
				      super->map_start[1] + super->map_blocks ||
			      spoil_supers(store, device);

		while (left && !failed) {
			u32 nr = left < WINDOW_BLOCKS ? left : WINDOW_BLOCKS;

			left -= nr;
			failed = store->ops->write(store->owner, device,
						   super->journal_start + left,
						   nr, store->buffer, false);
		}
		if (!failed)
			store->live |= 1U << device;
	}
}

int psh_store_format(struct psh_store *store, struct psh_super *super)
{
	char error[PSH_ERROR_SIZE];
	unsigned int i, smallest = PSH_DISK_DEVICES;
	u64 blocks = U64_MAX;
	int r;

	for (i = 0; i < PSH_DISK_DEVICES; i++) {
		u64 size = store->given >> i & 1 ?
				   store->ops->blocks(store->owner, i) :
				   U64_MAX;

		if (size < blocks) {
			blocks = size;
			smallest = i;
		}
	}
	r = psh_super_layout(super, blocks, error);
	if (r)
		return refuse(store, smallest, r, "%s", error);
	super->generation = 0;
	super->map_current = 1;
	super->map_generation = 0;
	super->checkpoint = 1;
	store->next = 1;
	store->live = store->given;
	store->behind = 0;
	store->lagging = 0;
	store->torn = 0;
	store->failed = false;
	super->devices = store->live;
	store->super = *super;
	return 0;
}

int psh_store_checkpoint(struct psh_store *store, struct psh_super *super)
{
	int r;

	if (store->failed)
		return -EIO;
	if (psh_map_blocks(super->nr_segments) > super->map_blocks)
		return -ENOSPC;
	super->generation = store->super.generation;
	super->map_current = !store->super.map_current;
	super->map_generation = super->generation + 1;
	super->checkpoint = store->next;
	r = write_map(store, super);
	if (!r)
		r = flush_all(store);
	return r ? r : write_super(store, super);
}

int psh_store_append(struct psh_store *store,
		     const struct psh_store_record *record, unsigned int nr)
{
	struct psh_disk_journal *journal = spare(store);
	struct psh_super *super = &store->found[0];
	struct psh_head head = {
		.magic = PSH_MAGIC_JOURNAL,
		.epoch = store->super.epoch,
		.sequence = store->next,
	};
	unsigned int i;
	u64 at;
	int r;

	if (store->failed)
		return -EIO;
	if (store->next - store->super.checkpoint >=
	    store->super.journal_blocks)
		return -ENOSPC;
	div64_u64_rem(store->next, store->super.journal_blocks, &at);
	head.address = store->super.journal_start + at;
	memcpy(head.uuid, store->super.uuid, sizeof(head.uuid));
	memset(journal, 0, sizeof(*journal));
	journal->nr = cpu_to_le32(nr);
	for (i = 0; i < nr; i++) {
		journal->record[i].key = cpu_to_le64(
			record[i].segment | (u64)PSH_RECORD_WORD
						    << PSH_RECORD_KIND_SHIFT);
		journal->record[i].value =
			cpu_to_le64(record[i].word & PSH_WORD_DURABLE);
	}
	psh_head_seal(journal, &head);
	r = write_all(store, head.address, 1, journal, true);
	if (r)
		return r;
	store->next++;
	if (store->live == store->super.devices)
		return 0;
	*super = store->super;
	return write_super(store, super);
}
