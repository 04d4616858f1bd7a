// SPDX-License-Identifier: GPL-2.0
/*
 * adopt: see adopt.h. The first table of a volume opens it: its metadata is
 * loaded, or formatted if it is blank, its devices are bound to members, and an
 * epoch begins. Each later one reloads it: members that left the table are
 * removed, those that came are bound. Both end in a checkpoint, so that the
 * metadata and the table agree before the first bio.
 *
 * If the power fails before that checkpoint, the volume is what it was; after
 * it, what the table says. While it opens, members may show the epoch before
 * (PSH_SUPER_SETTLING); no user's write is inside until they all show the new one.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "adopt.h"
#include "block.h"
#include "compat.h"
#include "flush.h"
#include "replay.h"

#define DM_MSG_PREFIX "predshard"

/* --- is it the same volume? ---------------------------------------------- */

static bool may_write(const struct psh_table *table)
{
	return dm_table_get_mode(table->ti->table) & BLK_OPEN_WRITE;
}

static struct block_device *primary_of(const struct psh_table *table)
{
	return table->dev[table->config.primary]->bdev;
}

/*
 * Numbers of the volume that the table still names; @data: without those that
 * hold data now and shall hold none.
 */
static u32 kept_members(struct psh_volume *volume,
			const struct psh_table *table, bool data)
{
	const struct psh_member *member = volume->members.member;
	u32 kept = 0;
	unsigned int i;

	for (i = 0; i < table->config.nr_members; i++) {
		int number = psh_member_find(&volume->members,
					     table->dev[i]->bdev->bd_dev,
					     table->config.member[i].offset_sectors);

		if (number >= 0 &&
		    !(data && psh_role_holds_data(member[number].role) &&
		      !psh_role_holds_data(table->config.member[i].role)))
			kept |= BIT(number);
	}
	return kept;
}

/* A share of a device that is a member already, but at another place. */
static int check_moved(struct psh_volume *volume,
		       const struct psh_table *table, char *error)
{
	struct psh_members *members = &volume->members;
	unsigned int i, number;

	for (i = 0; i < table->config.nr_members; i++)
		for (number = 0; number < PSH_MEMBERS_MAX; number++) {
			u64 offset = table->config.member[i].offset_sectors;
			u64 there = members->path[number].offset;

			if (!(members->present & BIT(number)) || offset == there ||
			    members->member[number].dev !=
			    table->dev[i]->bdev->bd_dev)
				continue;
			return scnprintf(error, PSH_ERROR_SIZE,
					 "offset of %pg is %llu, expected %llu as in the live table",
					 table->dev[i]->bdev, offset, there);
		}
	return 0;
}

/* Members that leave, or lose their data role, and cannot be done without. */
static int check_removed(struct psh_volume *volume,
			 const struct psh_table *table, char *error)
{
	struct psh_members *members = &volume->members;
	u32 gone = members->present & ~kept_members(volume, table, true);

	for (; gone; gone &= gone - 1) {
		unsigned int number = __ffs(gone);
		struct psh_member *member = &members->member[number];
		int late = atomic_read(&member->late);

		if (!psh_member_is_usable(members, number))
			late += test_bit(0, &member->probing);
		if (late)
			return scnprintf(error, PSH_ERROR_SIZE,
					 "member %u (%u:%u) is not kept by the table, but %d requests are still inside it",
					 number, MAJOR(member->dev),
					 MINOR(member->dev), late);
		if (psh_route_only_on(&volume->route,
				      gone | ~members->usable))
			return scnprintf(error, PSH_ERROR_SIZE,
					 "member %u (%u:%u) is not kept by the table, but it alone holds some segments",
					 number, MAJOR(member->dev),
					 MINOR(member->dev));
	}
	return 0;
}

/* The log's shape, and what it names, stay as long as the volume is active. */
static int check_buffers(struct psh_volume *volume,
			 const struct psh_table *table, char *error)
{
	const struct psh_members *members = &volume->members;
	unsigned int i, there = 0, kept = 0, named = 0;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		there += members->present & BIT(i) &&
			 members->member[i].role == PSH_ROLE_BUFFER;
	for (i = 0; i < table->config.nr_members; i++) {
		int number = psh_member_find(members,
					     table->dev[i]->bdev->bd_dev,
					     table->config.member[i].offset_sectors);

		if (table->config.member[i].role != PSH_ROLE_BUFFER)
			continue;
		named++;
		kept += number >= 0 &&
			members->member[number].role == PSH_ROLE_BUFFER;
	}
	if (named != there || kept != there)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "%u buffers are named, %u of them of the live table, expected its %u: they can change when the volume is not active",
				 named, kept, there);
	if (there && (table->config.buffer_copies ? : 1) !=
	    volume->buffer->log.super.shape.copies)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "buffer_copies is %u, expected %u as in the live table: it can change when the volume is not active",
				 table->config.buffer_copies ? : 1,
				 volume->buffer->log.super.shape.copies);
	if (there && table->ti->len < volume->len_sectors)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "length is %llu, expected at least %llu as in the live table: the buffer log may name what is behind",
				 (u64)table->ti->len, volume->len_sectors);
	return 0;
}

static u64 table_segments(const struct psh_table *table)
{
	return DIV_ROUND_UP_ULL(table->ti->len, table->config.segment_sectors);
}

static int check_super(const struct psh_table *table,
		       const struct psh_super *super, char *error)
{
	if (super->segment_sectors != table->config.segment_sectors)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "segment size is %u sectors, expected %u as in the metadata on %pg",
				 table->config.segment_sectors,
				 super->segment_sectors,
				 table->metadata->bdev);
	if (super->ro_compat && may_write(table))
		return scnprintf(error, PSH_ERROR_SIZE,
				 "metadata on %pg has features %#llx that this module may only read, expected a read-only table",
				 table->metadata->bdev, super->ro_compat);
	if (psh_map_blocks(table_segments(table)) > super->map_blocks)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "metadata on %pg has room for %llu segments, expected at least %llu",
				 table->metadata->bdev,
				 super->map_blocks * PSH_MAP_WORDS,
				 table_segments(table));
	return 0;
}

/* Of a volume whose metadata is in use: what it must be able to say durably. */
static int check_opened(struct psh_volume *volume,
			const struct psh_table *table, char *error)
{
	const struct psh_config *config = &table->config;
	unsigned int i;

	if (check_super(table, &volume->metadata.store.super, error))
		return -EINVAL;
	if (may_write(table)) {
		if (!READ_ONCE(volume->metadata.store.failed))
			return 0;
		return scnprintf(error, PSH_ERROR_SIZE,
				 "the metadata has failed, so nothing can be changed, expected the live table or a removal");
	}
	for (i = 0; i < config->nr_members; i++)
		if (psh_member_find(&volume->members,
				    table->dev[i]->bdev->bd_dev,
				    config->member[i].offset_sectors) < 0)
			break;
	if (i == config->nr_members && table->ti->len == volume->len_sectors &&
	    hweight32(volume->members.present) == i)
		return 0;
	return scnprintf(error, PSH_ERROR_SIZE,
			 "a read-only table changes length or members, expected them as in the live table");
}

/* Would the volume that is there be another one under this table? */
static int check_same(struct psh_volume *volume, const struct psh_table *table,
		      char *error)
{
	const struct psh_config *config = &table->config;
	struct psh_members *members = &volume->members;
	unsigned int primary = volume->route.primary;

	if (config->segment_sectors != volume->segment_sectors)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "segment size is %u sectors, expected %u as in the live table",
				 config->segment_sectors,
				 volume->segment_sectors);
	if (table->metadata->bdev->bd_dev != volume->metadata_dev)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "metadata device is %pg, expected %u:%u as in the live table",
				 table->metadata->bdev,
				 MAJOR(volume->metadata_dev),
				 MINOR(volume->metadata_dev));
	if ((table->mirror ? table->mirror->bdev->bd_dev : 0) !=
	    volume->mirror_dev)
		return scnprintf(error, PSH_ERROR_SIZE,
				 "metadata mirror is not %u:%u as in the live table",
				 MAJOR(volume->mirror_dev),
				 MINOR(volume->mirror_dev));
	if (members->present &&
	    (primary_of(table)->bd_dev != members->member[primary].dev ||
	     config->member[config->primary].offset_sectors !=
	     members->path[primary].offset))
		return scnprintf(error, PSH_ERROR_SIZE,
				 "primary is %pg, expected %u:%u at %llu as in the live table",
				 primary_of(table),
				 MAJOR(members->member[primary].dev),
				 MINOR(members->member[primary].dev),
				 (u64)members->path[primary].offset);
	if (check_moved(volume, table, error))
		return -EINVAL;
	if (volume->opened && (check_buffers(volume, table, error) ||
			       check_opened(volume, table, error)))
		return -EINVAL;
	return check_removed(volume, table, error);
}

/* --- memory ---------------------------------------------------------------- */

static DEFINE_MUTEX(reserving); /* one table of any volume at a time */

static int reserve_words(struct psh_table *table, char *error)
{
	struct psh_volume *volume = table->volume;
	bool fits;

	table->nr_segments = table_segments(table);
	mutex_lock(&volume->lock);
	fits = volume->opened &&
	       volume->route.nr_segments == table->nr_segments;
	mutex_unlock(&volume->lock);
	if (fits)
		return 0;
	table->words = psh_route_alloc(table->nr_segments);
	table->recent = psh_intent_alloc(table->nr_segments);
	if (volume->buffer)
		table->roots = kvcalloc(table->nr_segments,
					sizeof(*table->roots), GFP_KERNEL);
	if (table->words && table->recent &&
	    (table->roots || !volume->buffer))
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "no memory for %llu segments (%llu bytes), larger segments need less",
		  table->nr_segments, table->nr_segments * sizeof(u64));
	return -ENOMEM;
}

static int reserve(struct psh_table *table, char *error)
{
	const struct psh_config *config = &table->config;
	struct psh_volume *volume = table->volume;
	unsigned int i, legs = 0;
	int r;

	r = reserve_words(table, error);
	if (r)
		return r;
	table->opening = kvzalloc(sizeof(*table->opening), GFP_KERNEL);
	if (!table->opening)
		r = -ENOMEM;
	for (i = 0; !r && i < config->nr_members; i++) {
		legs += psh_role_holds_data(config->member[i].role);
		table->meter[i] = alloc_percpu(struct psh_meter_member);
		if (!table->meter[i])
			r = -ENOMEM;
	}
	/* Not the volume's: who waits for memory must not stop the tick. */
	mutex_lock(&reserving);
	if (!r)
		r = psh_fanout_reserve(&volume->fanout, legs);
	mutex_unlock(&reserving);
	if (r)
		strscpy(error, "no memory for the members", PSH_ERROR_SIZE);
	return r;
}

static void forget_buffer(struct psh_table *table)
{
	psh_merge_free(table->merge);
	psh_fetcher_free(table->fetcher);
	psh_buffer_free(table->buffer);
	table->merge = NULL;
	table->fetcher = NULL;
	table->buffer = NULL;
}

void psh_adopt_forget(struct psh_table *table)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		free_percpu(table->meter[i]);
	psh_route_free(table->words);
	kvfree(table->recent);
	kvfree(table->roots);
	forget_buffer(table);
	kvfree(table->opening);
}

/* --- what lies on the devices ---------------------------------------------- */

static u64 identity_at(const struct psh_table *table, unsigned int i,
		       u64 len_sectors)
{
	return psh_identity_block(table->config.member[i].offset_sectors,
				  len_sectors);
}

/* What lies behind the share of a table's member. @block: of our own, scratch. */
static enum psh_found look_behind(const struct psh_table *table, unsigned int i,
				  u64 len_sectors, void *block,
				  struct psh_identity *identity)
{
	struct block_device *bdev = table->dev[i]->bdev;
	u64 at = identity_at(table, i, len_sectors);

	if (table->config.member[i].role == PSH_ROLE_BUFFER)
		return psh_replay_identity(bdev,
					   table->config.member[i].offset_sectors,
					   block, identity);
	if (at >= psh_block_count(bdev))
		return PSH_FOUND_NO_ROOM;
	if (psh_block_io(bdev, REQ_OP_READ | REQ_META, at, 1, block))
		return PSH_FOUND_UNREADABLE;
	return psh_identity_decode(block, at, identity);
}

static bool is_ours(const struct psh_opening *opening, enum psh_found found,
		    const struct psh_identity *identity)
{
	return found == PSH_FOUND_IDENTITY &&
	       !memcmp(identity->uuid, opening->super.uuid, PSH_UUID_SIZE);
}

/*
 * Its identity lies where it was written for the length of then, or, if the
 * machine stopped while that changed, of before. The new place must be free.
 */
static void look_at_member(struct psh_table *table, unsigned int i, void *block)
{
	const struct psh_member_config *config = &table->config.member[i];
	struct psh_opening *opening = table->opening;
	struct psh_candidate *candidate = &opening->candidate[i];
	const struct psh_super *super = &opening->super;
	struct psh_identity identity;
	enum psh_found found;

	candidate->role = config->role;
	candidate->offset_sectors = config->offset_sectors;
	generate_random_uuid(candidate->uuid);
	candidate->found = look_behind(table, i, super->len_sectors, block,
				       &candidate->identity);
	if (!is_ours(opening, candidate->found, &candidate->identity) &&
	    super->before_sectors &&
	    super->before_sectors != super->len_sectors) {
		found = look_behind(table, i, super->before_sectors, block,
				    &identity);
		if (is_ours(opening, found, &identity)) {
			candidate->found = found;
			candidate->identity = identity;
		}
	}
	if (table->ti->len == super->len_sectors)
		return;
	found = look_behind(table, i, table->ti->len, block, &identity);
	if (table->ti->len > super->len_sectors &&
	    (found == PSH_FOUND_FOREIGN || found == PSH_FOUND_UNREADABLE))
		opening->unmarkable |= BIT(i);
	if (found == PSH_FOUND_NO_ROOM)
		opening->unmarkable |= BIT(i);
}

static void look_at_members(struct psh_table *table, void *block)
{
	unsigned int i;

	table->opening->unmarkable = 0;
	for (i = 0; i < table->config.nr_members; i++) {
		table->opening->candidate[i].number = PSH_UNBOUND;
		look_at_member(table, i, block);
	}
}

/* When a buffer's log was settled is known by the metadata alone. */
static void keep_settled(struct psh_opening *opening,
			 const struct psh_super *loaded)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		const struct psh_super_member *before = &loaded->member[i];
		struct psh_super_member *member = &opening->super.member[i];

		if (member->role != PSH_ROLE_BUFFER)
			continue;
		if (before->role == PSH_ROLE_BUFFER &&
		    !memcmp(before->uuid, member->uuid, PSH_UUID_SIZE)) {
			member->epoch = before->epoch;
			member->flags |= before->flags & PSH_MEMBER_LOST;
		} else {
			member->epoch = 0;
		}
	}
}

/* A log is only ever begun on what is blank or was ours. */
static int check_foreign(const struct psh_table *table, char *error)
{
	unsigned int i;

	for (i = 0; i < table->config.nr_members; i++) {
		enum psh_found found = table->opening->candidate[i].found;

		if (table->config.member[i].role != PSH_ROLE_BUFFER ||
		    (found != PSH_FOUND_FOREIGN && found != PSH_FOUND_NO_ROOM))
			continue;
		scnprintf(error, PSH_ERROR_SIZE,
			  "buffer %pg %s, expected a log of this volume or zeroes",
			  table->dev[i]->bdev, found == PSH_FOUND_FOREIGN ?
			  "holds something that is no buffer log" :
			  "has no room");
		return -EINVAL;
	}
	return 0;
}

static int bind(struct psh_table *table, const struct psh_super *loaded,
		char *error)
{
	struct psh_opening *opening = table->opening;
	char reason[PSH_ERROR_SIZE];
	unsigned int i;
	int r;

	r = psh_assemble(&opening->super, opening->candidate,
			 table->config.nr_members, &opening->assembly, reason);
	if (r)
		scnprintf(error, PSH_ERROR_SIZE, "%pg %.150s",
			  table->dev[opening->assembly.culprit]->bdev, reason);
	for (i = 0; !r && i < table->config.nr_members; i++) {
		unsigned int number = opening->candidate[i].number;

		if (opening->unmarkable & BIT(i)) {
			opening->super.member[number].flags &= ~PSH_MEMBER_MARKED;
			opening->assembly.mark &= ~BIT(number);
		}
	}
	if (!r)
		keep_settled(opening, loaded);
	return r;
}

/* --- the buffer log -------------------------------------------------------------- */

/*
 * The buffers that the log is on, in the order of their numbers: those of the
 * table, and those that it does not name but that took part when it was settled.
 */
static u32 list_buffers(const struct psh_table *table,
			struct psh_buffer *buffer)
{
	const struct psh_opening *opening = table->opening;
	unsigned int number, i, nr = 0;

	for (number = 0; number < PSH_MEMBERS_MAX; number++) {
		const struct psh_super_member *member =
			&opening->super.member[number];

		if (member->role != PSH_ROLE_BUFFER ||
		    !(member->flags & PSH_MEMBER_USED) ||
		    (member->flags & PSH_MEMBER_ABSENT && !member->epoch))
			continue;
		if (!buffer) {
			nr++;
			continue;
		}
		buffer->number[nr] = number;
		memcpy(buffer->log.member_uuid[nr], member->uuid,
		       PSH_UUID_SIZE);
		buffer->bdev[nr] = NULL;
		for (i = 0; i < table->config.nr_members; i++)
			if (opening->candidate[i].number == (int)number) {
				buffer->bdev[nr] = table->dev[i]->bdev;
				buffer->offset[nr] =
					table->config.member[i].offset_sectors;
			}
		nr++;
	}
	return nr;
}

static int prepare_log(struct psh_table *table, char *error)
{
	if (!psh_buffer_prepare(table->buffer, table->nr_segments))
		table->fetcher = psh_fetcher_create(table->buffer);
	if (table->fetcher)
		table->merge = psh_merge_create(table->buffer, table->fetcher,
						&table->volume->flight);
	if (table->merge)
		return 0;
	strscpy(error, "no memory for the write buffer", PSH_ERROR_SIZE);
	return -ENOMEM;
}

/* Look for the log; memory for it is taken at the first look, when loaded. */
static int look_at_log(struct psh_table *table, const struct psh_super *loaded,
		       char *error)
{
	u32 nr = list_buffers(table, NULL);
	struct psh_buflog_shape before;
	struct psh_buffer *buffer;
	bool first = !table->buffer;
	char reason[PSH_ERROR_SIZE];
	int r;

	if (!nr)
		return 0;
	if (!may_write(table)) {
		strscpy(error, "there is a buffer log, expected a table that may write",
			PSH_ERROR_SIZE);
		return -EINVAL;
	}
	if (first)
		table->buffer = psh_buffer_create();
	buffer = table->buffer;
	if (!buffer) {
		strscpy(error, "no memory for the write buffer",
			PSH_ERROR_SIZE);
		return -ENOMEM;
	}
	before = buffer->log.super.shape;
	list_buffers(table, buffer);
	buffer->log.super.shape.nr_buffers = nr;
	buffer->log.super.shape.copies = table->config.buffer_copies ? : 1;
	r = psh_replay_find(buffer, loaded, reason);
	if (r) {
		scnprintf(error, PSH_ERROR_SIZE, "write buffer: %.170s", reason);
		return r;
	}
	if (first)
		return prepare_log(table, error);
	if (!memcmp(&before, &buffer->log.super.shape, sizeof(before)))
		return 0;
	strscpy(error, "the buffer log changed meanwhile, load the table again",
		PSH_ERROR_SIZE);
	return -EBUSY;
}

/* Read it. What it says may be used only when it is begun. */
static int read_log(struct psh_volume *volume, struct psh_table *table,
		    char *error)
{
	if (!list_buffers(table, NULL))
		return 0;
	if (!table->buffer) {
		strscpy(error, "an attempt to make it active failed, load it again",
			PSH_ERROR_SIZE);
		return -EBUSY;
	}
	psh_volume_wire_buffer(volume, table->buffer);
	return psh_replay_read(table->buffer, error);
}

/* The epoch is durable; when this is, all that is in the log may be used. */
static int begin_log(struct psh_table *table, struct psh_super *super,
		     char *error)
{
	struct psh_buffer *buffer = table->buffer;
	unsigned int i;
	int r;

	if (!buffer)
		return 0;
	r = psh_replay_begin(buffer, super->epoch, error);
	for (i = 0; !r && i < buffer->log.super.shape.nr_buffers; i++) {
		struct psh_super_member *member =
			&super->member[buffer->number[i]];

		if (!buffer->bdev[i])
			continue;
		member->epoch = super->epoch;
		member->flags &= ~(PSH_MEMBER_AWAY | PSH_MEMBER_ABSENT |
				   PSH_MEMBER_LOST);
	}
	return r;
}

/*
 * When the last table went, the log was closed, and if it was empty it is void; but
 * the volume stayed, and goes on with the log where it was.
 */
static void keep_log(const struct psh_volume *volume, struct psh_super *super)
{
	const struct psh_buffer *buffer = volume->buffer;
	u32 rest;

	if (!buffer || psh_buffer_state(buffer) != PSH_LOG_OK)
		return;
	for (rest = buffer->live; rest; rest &= rest - 1)
		super->member[buffer->number[__ffs(rest)]].epoch =
			buffer->log.super.epoch;
}

/* The same buffers, opened by another table. */
static void renew_log(struct psh_volume *volume, struct psh_table *table)
{
	struct psh_buffer *buffer = volume->buffer;
	unsigned int i;

	if (!buffer)
		return;
	for (i = 0; i < buffer->log.super.shape.nr_buffers; i++)
		if (buffer->bdev[i])
			buffer->bdev[i] =
				volume->members.path[buffer->number[i]].bdev;
	if (!table->roots)
		return;
	psh_buffer_resize(buffer, table->roots, table->nr_segments);
	table->roots = NULL;
}

/* --- words ------------------------------------------------------------------------- */

/* A word as it must be with the devices that there are. */
static u64 opened_word(u64 segment, u64 word, const void *context)
{
	const struct psh_opening *opening = context;
	const struct psh_assembly *assembly = &opening->assembly;
	u32 away = psh_super_away(&opening->super);
	u32 sure = opening->here & ~assembly->unsure;
	bool is_sure = psh_word_valid(word) & sure;

	word = psh_word_recover(word, is_sure ? sure : opening->here);
	word = psh_word_lose(word, assembly->fill, ~away);
	/* What cannot be verified counts where nothing else does. */
	if (is_sure)
		word = psh_word_lose(word, assembly->unsure, ~away);
	return psh_word_away(word, away);
}

static int check_word(const struct psh_table *table, u64 segment, u64 word,
		      char *error)
{
	unsigned int home = psh_word_home(word);

	if (psh_word_valid(word) & table->opening->here)
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "segment %llu is on member %u only, which %s",
		  segment, home,
		  table->opening->super.member[home].flags & PSH_MEMBER_ABSENT ?
		  "is not in the table" :
		  "is stale, failed, cannot be told from another, or shall hold no data");
	return -EINVAL;
}

/* Every word as the metadata has it becomes what it must be now. */
static int open_words(struct psh_table *table, struct psh_route *route,
		      char *error)
{
	u64 segment;
	int r = 0;

	for (segment = 0; !r && segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);

		r = check_word(table, segment, word, error);
		atomic64_set(&route->words[segment],
			     opened_word(segment, word, table->opening));
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	return r;
}

/* A volume that never was. */
static int plan_format(struct psh_table *table, struct psh_metadata *metadata)
{
	struct psh_super *super = &table->opening->super;

	memset(super, 0, sizeof(*super));
	generate_random_uuid(super->uuid);
	super->segment_sectors = table->config.segment_sectors;
	super->len_sectors = table->ti->len;
	super->nr_segments = table->nr_segments;
	return psh_store_format(&metadata->store, super);
}

/* Segments that the metadata does not know yet begin on the primary. */
static void fresh_words(struct psh_route *route, u64 first,
			unsigned int primary)
{
	u64 segment;

	for (segment = first; segment < route->nr_segments; segment++)
		atomic64_set(&route->words[segment],
			     psh_word_make(segment, primary, 0));
}

static unsigned int primary_number(const struct psh_table *table)
{
	return table->opening->candidate[table->config.primary].number;
}

/*
 * What the volume would be with this table. @route has words for all segments
 * of the table; nothing is written.
 */
static int look(struct psh_table *table, struct psh_metadata *metadata,
		struct psh_route *route, char *error)
{
	struct psh_opening *opening = table->opening;
	struct psh_store *store = &metadata->store;
	u64 known = 0;
	u32 used = 0;
	unsigned int i;
	int r;

	r = psh_store_find(store);
	if (!r) {
		opening->super = store->super;
		known = store->super.nr_segments;
		if (check_super(table, &store->super, error))
			return -EINVAL;
		r = psh_store_load(store);
	} else if (r == -ENODATA) {
		r = plan_format(table, metadata);
	}
	if (r) {
		scnprintf(error, PSH_ERROR_SIZE, "%pg: %.150s",
			  metadata->bdev[store->device], store->error);
		return r;
	}
	look_at_members(table, store->buffer);
	r = check_foreign(table, error);
	if (!r)
		r = bind(table, &store->super, error);
	if (!r)
		r = look_at_log(table, &store->super, error);
	if (r)
		return r;
	for (i = 0; i < table->config.nr_members; i++)
		used |= BIT(opening->candidate[i].number);
	opening->here = used & ~opening->assembly.fill &
			~opening->assembly.ambiguous &
			~psh_super_away(&opening->super);
	fresh_words(route, known, primary_number(table));
	return open_words(table, route, error);
}

/* The first table of a volume is tried on words and metadata of its own. */
static int try_open(struct psh_table *table, char *error)
{
	struct psh_route *route = kvzalloc(sizeof(*route), GFP_KERNEL);
	struct psh_metadata *metadata = kvzalloc(sizeof(*metadata), GFP_KERNEL);
	int r = -ENOMEM;

	if (route && metadata)
		r = psh_metadata_init(metadata);
	if (r) {
		strscpy(error, "no memory to read the metadata",
			PSH_ERROR_SIZE);
	} else {
		route->words = table->words;
		route->nr_segments = table->nr_segments;
		metadata->route = route;
		psh_metadata_use(metadata, table->metadata->bdev,
				 table->mirror ? table->mirror->bdev : NULL);
		r = look(table, metadata, route, error);
		psh_metadata_exit(metadata);
	}
	kvfree(metadata);
	kvfree(route);
	return r;
}

int psh_adopt_check(struct psh_table *table, char *error)
{
	struct psh_volume *volume = table->volume;
	bool opened;
	int r;

	mutex_lock(&volume->lock);
	r = check_same(volume, table, error) ? -EINVAL : 0;
	opened = volume->opened;
	mutex_unlock(&volume->lock);
	if (!r)
		r = reserve(table, error);
	if (!r && !opened)
		r = try_open(table, error);
	return r;
}

/* --- members come and go ------------------------------------------------------ */

static void remove_members(struct psh_volume *volume, u32 gone)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		struct psh_member *member = &volume->members.member[i];

		if (!(gone & BIT(i)))
			continue;
		wait_var_event(&member->late, !atomic_read(&member->late));
		wait_on_bit(&member->probing, 0, TASK_UNINTERRUPTIBLE);
		psh_member_remove(&volume->members, i);
		memset(&volume->watch[i], 0, sizeof(volume->watch[i]));
	}
}

/* The same share of the same device, opened by another table. */
static void renew_member(struct psh_volume *volume, unsigned int number,
			 const struct psh_member_config *config,
			 struct block_device *bdev)
{
	struct psh_member *member = &volume->members.member[number];

	volume->members.path[number].bdev = bdev;
	strscpy(member->zone, config->zone, sizeof(member->zone));
	strscpy(member->tier, config->tier, sizeof(member->tier));
	member->role = config->role;
	psh_member_set_state(&volume->members, number, member->state);
}

/* Those that are new to the volume; one that was lost before stays lost. */
static void add_member(struct psh_volume *volume, struct psh_table *table,
		       unsigned int i)
{
	unsigned int number = table->opening->candidate[i].number;
	u32 flags = table->opening->super.member[number].flags;

	psh_member_add(&volume->members, number, &table->config.member[i],
		       table->dev[i]->bdev, table->meter[i]);
	table->meter[i] = NULL;
	volume->watch[number].moved = jiffies;
	/* A buffer that was lost is filled before the log is begun. */
	if (flags & PSH_MEMBER_AWAY &&
	    table->config.member[i].role != PSH_ROLE_BUFFER) {
		psh_member_set_state(&volume->members, number,
				     PSH_STATE_FAILED);
		psh_member_settled(&volume->members, BIT(number));
	}
}

static void take_members(struct psh_volume *volume, struct psh_table *table)
{
	const struct psh_config *config = &table->config;
	unsigned int i;

	for (i = 0; i < config->nr_members; i++) {
		unsigned int number = table->opening->candidate[i].number;

		if (volume->members.present & BIT(number))
			renew_member(volume, number, &config->member[i],
				     table->dev[i]->bdev);
		else
			add_member(volume, table, i);
	}
	volume->route.primary = primary_number(table);
}

/* Rules as they were saved; some word may name one that wants nothing. */
static void take_rules(struct psh_route *route, const struct psh_super *super)
{
	unsigned int used = 1;
	u64 segment;
	int i;

	for (segment = 0; segment < route->nr_segments; segment++) {
		used = max(used, psh_word_rule(psh_route_word(route, segment)) + 1);
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	for (i = 0; i < PSH_RULES_MAX; i++) {
		route->rule[i] = super->rule[i];
		if (super->rule[i])
			used = max_t(unsigned int, used, i + 1);
	}
	route->nr_rules = used;
}

/*
 * New data members want everything; those that left the table want nothing.
 * Rule 0, that of new segments, names all that there were so far.
 */
static void update_rules(struct psh_volume *volume)
{
	u32 data = psh_volume_data_members(volume);

	psh_route_want_all(&volume->route, data & ~volume->route.rule[0],
			   ~data);
}

/*
 * When the length changes within a segment, a copy of the part that was there
 * is no copy of the whole.
 */
static void resize(struct psh_volume *volume, u64 before_sectors,
		   u64 len_sectors)
{
	u64 segment = min(before_sectors, len_sectors) >> volume->route.shift;

	if (before_sectors != len_sectors &&
	    segment < volume->route.nr_segments) {
		u64 word = psh_route_word(&volume->route, segment);

		psh_route_settle(&volume->route, segment,
				 psh_word_lose(word, psh_word_copies(word),
					       0));
	}
	volume->len_sectors = len_sectors;
	volume->copier.len_sectors = len_sectors;
}

/* --- writing what follows ------------------------------------------------------- */

/*
 * True if the member shows the epoch of @table->opening from now on. @block:
 * PSH_BLOCK_SIZE bytes, scratch
 */
static bool write_identity(struct psh_volume *volume, struct psh_table *table,
			   unsigned int i, void *block)
{
	const struct psh_opening *opening = table->opening;
	unsigned int number = opening->candidate[i].number;
	const struct psh_super_member *member = &opening->super.member[number];
	struct block_device *bdev = table->dev[i]->bdev;
	u64 at = identity_at(table, i, table->ti->len);
	struct psh_identity identity = {
		.epoch = opening->super.epoch,
		.number = number,
		.role = member->role,
		.offset_sectors = member->offset_sectors,
		.len_sectors = table->ti->len,
	};

	/* One that is lost keeps what it shows, and is known by that. */
	if (!psh_member_is_usable(&volume->members, number) &&
	    psh_role_holds_data(member->role))
		return false;
	memcpy(identity.uuid, opening->super.uuid, sizeof(identity.uuid));
	memcpy(identity.member_uuid, member->uuid,
	       sizeof(identity.member_uuid));
	psh_identity_encode(&identity, at, block);
	if (!psh_block_io(bdev, REQ_OP_WRITE | REQ_FUA | REQ_META | REQ_SYNC,
			  at, 1, block))
		return true;
	DMWARN("%s: the superblock of member %u (%pg) cannot be written",
	       dm_device_name(volume->md), number, bdev);
	return false;
}

/* The members of @which that could be written. */
static u32 write_identities(struct psh_volume *volume,
			    struct psh_table *table, u32 which, void *block)
{
	unsigned int i;
	u32 shown = 0;

	for (i = 0; i < table->config.nr_members; i++) {
		unsigned int number = table->opening->candidate[i].number;

		/* A buffer's log says whose it is. */
		if (which & BIT(number) &&
		    table->config.member[i].role != PSH_ROLE_BUFFER &&
		    write_identity(volume, table, i, block))
			shown |= BIT(number);
	}
	return shown;
}

/* All words and the superblock as @opening has it, with the rules of now. */
static int save(struct psh_volume *volume, struct psh_table *table,
		char *error)
{
	struct psh_super *super = &table->opening->super;
	struct psh_store *store = &volume->metadata.store;

	/* Until it has settled members may be known by the place of before. */
	if (!(super->flags & PSH_SUPER_SETTLING))
		super->before_sectors = table->ti->len;
	else if (super->len_sectors != table->ti->len)
		super->before_sectors = super->len_sectors;
	super->len_sectors = table->ti->len;
	super->nr_segments = volume->route.nr_segments;
	memset(super->rule, 0, sizeof(super->rule));
	memcpy(super->rule, volume->route.rule,
	       volume->route.nr_rules * sizeof(*super->rule));
	if (!psh_store_checkpoint(store, super))
		return 0;
	DMERR("%s: %s", dm_device_name(volume->md), store->error);
	strscpy(error, "the metadata cannot be written", PSH_ERROR_SIZE);
	return -EIO;
}

static u32 table_members(const struct psh_table *table)
{
	u32 members = 0;
	unsigned int i;

	for (i = 0; i < table->config.nr_members; i++)
		members |= BIT(table->opening->candidate[i].number);
	return members;
}

/* --- a metadata device was dropped --------------------------------------------- */

/* A change of the epoch, asked for by the active table. */
struct renewal {
	struct psh_change change;
	struct psh_table *table;
	u32 shown;
};

static void begin_epoch(const struct psh_change *change,
			struct psh_super *super)
{
	struct psh_table *table = container_of(change, struct renewal,
					       change)->table;

	psh_assembly_raise(super, table_members(table));
	table->opening->super = *super;
}

static void epoch_begun(const struct psh_change *change,
			struct psh_super *super)
{
	psh_assembly_settle(super, container_of(change, struct renewal,
						change)->shown);
}

static u32 marked_members(const struct psh_super *super)
{
	u32 marked = 0;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (super->member[i].flags & PSH_MEMBER_MARKED)
			marked |= BIT(i);
	return marked;
}

int psh_adopt_renew(struct psh_volume *volume)
{
	struct psh_table *table = volume->table;
	struct renewal renewal = {
		.table = table,
		.change.kind = PSH_CHANGE_SAVE,
		.change.edit = begin_epoch,
	};
	void *block = kmalloc(PSH_BLOCK_SIZE, GFP_NOIO);
	int r = -ENOMEM;

	if (block)
		r = psh_metadata_do(&volume->metadata, &renewal.change);
	if (!r) {
		renewal.shown = write_identities(volume, table,
						 marked_members(&table->opening->super),
						 block);
		renewal.change.edit = epoch_begun;
		r = psh_metadata_do(&volume->metadata, &renewal.change);
	}
	kfree(block);
	return r;
}

/* --- opening and reloading ---------------------------------------------------------- */

static void install_words(struct psh_volume *volume, struct psh_table *table)
{
	if (!table->words)
		return;
	psh_route_install(&volume->route, table->words, table->nr_segments);
	psh_intent_use(&volume->intent, table->recent);
	table->words = NULL;
	table->recent = NULL;
}

/* Begin an epoch, and have the members say so. */
static int begin(struct psh_volume *volume, struct psh_table *table,
		 char *error)
{
	struct psh_opening *opening = table->opening;
	struct psh_super *super = &opening->super;
	u32 shown;
	int r;

	psh_assembly_raise(super, table_members(table));
	r = save(volume, table, error);
	if (r)
		return r;
	shown = write_identities(volume, table, opening->assembly.mark,
				 volume->metadata.store.buffer);
	r = begin_log(table, super, error);
	if (r)
		return r;
	psh_assembly_settle(super, shown);
	r = save(volume, table, error);
	if (r)
		return r;
	/* What is read from now on must not be lost with a cache. */
	psh_flush_members(&volume->members, volume->members.usable);
	return 0;
}

/*
 * A volume that may not write is opened again by the next table, which may: until
 * then nothing about it is durable.
 */
static int open(struct psh_volume *volume, struct psh_table *table,
		char *error)
{
	struct psh_opening *opening = table->opening;
	struct psh_super *super = &opening->super;
	u64 before;
	int r;

	/* Of a table that could not be opened, or was not allowed to write. */
	remove_members(volume, volume->members.present);
	install_words(volume, table);
	r = look(table, &volume->metadata, &volume->route, error);
	if (r)
		return r;
	r = read_log(volume, table, error);
	if (r)
		return r;
	before = super->len_sectors;
	take_members(volume, table);
	take_rules(&volume->route, super);
	update_rules(volume); /* counts the words too */
	resize(volume, before, table->ti->len);
	if (opening->assembly.unsure)
		DMWARN("%s: members %#x have no room for a superblock and are filled anew",
		       dm_device_name(volume->md), opening->assembly.unsure);
	if (may_write(table)) {
		psh_store_revive(&volume->metadata.store);
		r = begin(volume, table, error);
		if (r) {
			remove_members(volume, volume->members.present);
			return r;
		}
	}
	volume->buffer = table->buffer;
	volume->fetcher = table->fetcher;
	volume->merge = table->merge;
	volume->fanout.buffer = table->buffer;
	table->buffer = NULL;
	table->fetcher = NULL;
	table->merge = NULL;
	psh_volume_set_write_mode(volume, super->write_mode);
	psh_volume_remember(volume);
	volume->opened = may_write(table);
	return 0;
}

/* A member that leaves the table holds nothing any more. */
static u64 word_without(u64 segment, u64 word, const void *context)
{
	return psh_word_lose(word, *(const u32 *)context, ~0U);
}

static void forget_members(struct psh_volume *volume, struct psh_super *super,
			   u32 gone)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (gone & BIT(i))
			memset(&super->member[i], 0, sizeof(super->member[i]));
}

/*
 * Members that are known keep their numbers and are not asked again, unless their
 * superblock must move; others are looked at.
 */
static void bind_known(struct psh_volume *volume, struct psh_table *table)
{
	const struct psh_config *config = &table->config;
	bool moves = table->ti->len != volume->len_sectors;
	unsigned int i;

	table->opening->unmarkable = 0;
	for (i = 0; i < config->nr_members; i++) {
		int number = psh_member_find(&volume->members,
					     table->dev[i]->bdev->bd_dev,
					     config->member[i].offset_sectors);
		struct psh_candidate *candidate = &table->opening->candidate[i];

		candidate->role = config->member[i].role;
		candidate->offset_sectors = config->member[i].offset_sectors;
		if (number < 0 ||
		    (moves && psh_member_is_usable(&volume->members, number)))
			look_at_member(table, i, volume->metadata.store.buffer);
		candidate->number = number < 0 ? PSH_UNBOUND : number;
	}
}

static int reload(struct psh_volume *volume, struct psh_table *table,
		  char *error)
{
	u32 gone = volume->members.present & ~kept_members(volume, table, false);
	struct psh_opening *opening = table->opening;
	struct psh_assembly *assembly = &opening->assembly;
	u64 before = volume->len_sectors;
	u32 lost;
	int r;

	opening->super = volume->metadata.store.super;
	forget_members(volume, &opening->super, gone);
	bind_known(volume, table);
	r = bind(table, &volume->metadata.store.super, error);
	if (r)
		return r;
	keep_log(volume, &opening->super);
	/* Whose superblock stays where it is shows the epoch already. */
	if (before == table->ti->len)
		assembly->mark &= ~volume->members.present;
	remove_members(volume, gone);
	take_members(volume, table);
	install_words(volume, table);
	lost = gone | assembly->fill | assembly->unsure;
	psh_route_sweep(&volume->route, word_without, &lost);
	resize(volume, before, table->ti->len);
	update_rules(volume);
	renew_log(volume, table);
	psh_volume_set_write_mode(volume, volume->write_mode);
	if (!may_write(table))
		return 0;
	if (assembly->mark)
		return begin(volume, table, error);
	return save(volume, table, error);
}

static int adopt(struct psh_volume *volume, struct psh_table *table,
		 char *error)
{
	struct psh_metadata *metadata = &volume->metadata;
	int r;

	/* Whoever still asks is refused. */
	WRITE_ONCE(metadata->writable, false);
	psh_metadata_settle(metadata);
	psh_metadata_use(metadata, table->metadata->bdev,
			 table->mirror ? table->mirror->bdev : NULL);
	r = volume->opened ? reload(volume, table, error) :
			     open(volume, table, error);
	if (r)
		return r;
	WRITE_ONCE(metadata->writable, may_write(table));
	psh_fanout_resize(&volume->fanout,
			  hweight32(psh_volume_data_members(volume)));
	psh_balance_set_zone(&volume->balance, *volume->balance.local_zone ?
		volume->balance.local_zone :
		volume->members.member[volume->route.primary].zone);
	volume->table = table;
	return 0;
}

/* Since the table was loaded a member may have failed, or another came. */
static int check_now(struct psh_volume *volume, struct psh_table *table,
		     char *error)
{
	bool fits = table->words ||
		    (volume->opened &&
		     table->nr_segments == volume->route.nr_segments);

	/* Loaded when there was no index yet. */
	if (volume->buffer && !table->roots)
		fits = fits && table->nr_segments == volume->buffer->nr_roots;
	if (fits)
		return check_same(volume, table, error) ? -EBUSY : 0;
	strscpy(error, "the length changed since it was loaded, load it again",
		PSH_ERROR_SIZE);
	return -EBUSY;
}

int psh_adopt(struct psh_table *table)
{
	struct psh_volume *volume = table->volume;
	char error[PSH_ERROR_SIZE] = "";
	int r = 0;

	mutex_lock(&volume->lock);
	if (volume->table != table) {
		r = check_now(volume, table, error);
		if (!r)
			r = adopt(volume, table, error);
		/* The index may be half read. */
		if (r && !volume->opened)
			forget_buffer(table);
	}
	mutex_unlock(&volume->lock);
	if (r)
		DMERR("%s: the table cannot be made active: %s",
		      dm_device_name(volume->md), error);
	return r;
}
