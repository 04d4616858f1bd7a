// SPDX-License-Identifier: GPL-2.0
/*
 * volume: see volume.h. The order of the parts: metadata, activation, the worker,
 * writes, copies, clearing, flushes, members that come and go.
 */
#include <stdlib.h>

#include "volume.h"

static void violate(struct volume *v, const char *format, ...) __printf(2, 3);

static void violate(struct volume *v, const char *format, ...)
{
	va_list args;

	if (v->error[0])
		return;
	va_start(args, format);
	vsnprintf(v->error, sizeof(v->error), format, args);
	va_end(args);
}

static void trace(const struct volume *v, const char *format, ...)
	__printf(2, 3);

static void trace(const struct volume *v, const char *format, ...)
{
	va_list args;

	if (!v->power->trace)
		return;
	printf("%6llu ", v->power->steps);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static struct disk *disk_of(struct volume *v, u32 member)
{
	return &v->disk[v->disk_of[member]];
}

static u32 first_of(u32 set)
{
	return psh_log2(set & -set);
}

static bool member_fails(struct volume *v)
{
	return v->config.faults && power_once_in(v->power, v->config.faults);
}

static void lose_member(struct volume *v, u32 member);
static void spoil(struct volume *v, u32 segment, u32 members);

/* --- metadata ------------------------------------------------------------- */

static int store_read(void *owner, unsigned int device, u64 block, u32 nr,
		      void *data)
{
	struct volume *v = owner;

	return meta_read(&v->meta[device], block, nr, data);
}

static int store_write(void *owner, unsigned int device, u64 block, u32 nr,
		       const void *data, bool fua)
{
	struct volume *v = owner;

	return meta_write(&v->meta[device], block, nr, data, fua);
}

static int store_flush(void *owner, unsigned int device)
{
	struct volume *v = owner;

	return meta_flush(&v->meta[device]);
}

static u64 store_blocks(void *owner, unsigned int device)
{
	struct volume *v = owner;

	return v->meta[device].blocks;
}

/* Of a segment that nobody uses: its own, and always the same. */
static u64 idle_word(u64 segment)
{
	return psh_word_make(segment, 0, 0);
}

/* The word as the next checkpoint has it. */
static u64 store_word(void *owner, u64 segment)
{
	struct volume *v = owner;

	if (segment % v->config.stride)
		return idle_word(segment);
	return psh_word_away(v->word[segment / v->config.stride], v->leaving);
}

static void store_set_word(void *owner, u64 segment, u64 word)
{
	struct volume *v = owner;

	if (!(segment % v->config.stride))
		v->word[segment / v->config.stride] = word;
	else if (word != idle_word(segment))
		violate(v, "idle segment %llu loads as %llx", segment, word);
}

static const struct psh_store_ops store_ops = {
	.read = store_read,
	.write = store_write,
	.flush = store_flush,
	.blocks = store_blocks,
	.word = store_word,
	.set_word = store_set_word,
};

/* A call to store begins: it may or may not be what is loaded next. */
static struct volume_stored *begin_storing(struct volume *v)
{
	struct volume_stored *storing = &v->storing[v->storings++];

	if (v->storings == VOLUME_STORING)
		abort();
	*storing = v->stored;
	return storing;
}

/* It returned: this it is, whatever happens. */
static void end_storing(struct volume *v, const struct volume_stored *storing)
{
	v->stored = *storing;
	v->storings = 0;
}

/* Whoever changes a word, or asks to, ends a CLEAR that is on its way. */
static void end_clearing(u64 *word)
{
	*word &= ~PSH_WORD_CLEARING;
}

/* The word in memory after a change. */
static void settle_word(u64 *word, u64 after)
{
	if (!((*word ^ after) & PSH_WORD_DURABLE))
		return;
	end_clearing(word);
	*word = (*word & ~PSH_WORD_DURABLE) | (after & PSH_WORD_DURABLE);
}

/* All words and all else, with the members of @leaving taken out of words. */
static void checkpoint(struct volume *v, struct psh_super *super, u32 leaving)
{
	struct volume_stored *storing = begin_storing(v);
	u32 i;

	v->leaving = leaving;
	for (i = 0; i < v->config.segments; i++)
		storing->word[i] = psh_word_away(v->word[i], leaving) &
				   PSH_WORD_DURABLE;
	storing->away = psh_super_away(super);
	storing->flags = super->flags;
	storing->epoch = super->epoch;
	if (psh_store_checkpoint(&v->store, super))
		violate(v, "checkpoint failed: %s", v->message);
	end_storing(v, storing);
	for (i = 0; i < v->config.segments; i++)
		settle_word(&v->word[i], psh_word_away(v->word[i], leaving));
	v->leaving = 0;
	trace(v, "checkpoint: generation %llu, away %x, flags %x",
	      super->generation, v->stored.away, super->flags);
}

/* Records name segments as the model does. */
static void append(struct volume *v, struct psh_store_record *record, u32 nr)
{
	struct volume_stored *storing = begin_storing(v);
	u32 i;

	for (i = 0; i < nr; i++) {
		storing->word[record[i].segment] = record[i].word &
						   PSH_WORD_DURABLE;
		record[i].segment *= v->config.stride;
	}
	if (psh_store_append(&v->store, record, nr))
		violate(v, "append failed: %s", v->message);
	end_storing(v, storing);
}

static bool loaded_as(const struct volume *v, const struct volume_stored *known)
{
	return !memcmp(v->word, known->word,
		       v->config.segments * sizeof(v->word[0])) &&
	       psh_super_away(&v->store.super) == known->away &&
	       v->store.super.flags == known->flags &&
	       v->store.super.epoch == known->epoch;
}

static void trace_stored(const struct volume *v, const char *name,
			 const struct volume_stored *stored)
{
	u32 i;

	trace(v, "%s: epoch %llu, away %x, flags %x", name, stored->epoch,
	      stored->away, stored->flags);
	for (i = 0; i < v->config.segments; i++)
		trace(v, "  segment %u: %llx", i, stored->word[i]);
}

/* Exactly what was stored, or what was being stored. */
static void check_loaded(struct volume *v)
{
	bool known = loaded_as(v, &v->stored);
	u32 i;

	for (i = 0; i < v->storings; i++)
		known |= loaded_as(v, &v->storing[i]);
	if (known)
		return;
	violate(v,
		"metadata loads as something that was never stored: epoch %llu, away %x, flags %x, word 0 %llx",
		v->store.super.epoch, psh_super_away(&v->store.super),
		v->store.super.flags, v->word[0]);
	trace_stored(v, "stored", &v->stored);
	for (i = 0; i < v->storings; i++)
		trace_stored(v, "or", &v->storing[i]);
}

/* --- activation ----------------------------------------------------------- */

static u64 map_blocks(const struct volume *v)
{
	return psh_map_blocks(v->config.segments * v->config.stride);
}

static u64 meta_size(const struct volume *v)
{
	return META_JOURNAL + v->config.ring + 2 * map_blocks(v);
}

void volume_create(struct volume *v, struct power *power,
		   const struct volume_config *config)
{
	u32 i;

	memset(&v->oracle, 0, sizeof(v->oracle));
	memset(v->disk, 0, sizeof(v->disk));
	v->power = power;
	v->config = *config;
	v->born = false;
	v->clone_of = 0;
	v->error[0] = '\0';
	v->refused = 0;
	memset(&v->stored, 0, sizeof(v->stored));
	v->storings = 0;
	for (i = 0; i < config->devices; i++) {
		v->meta[i].power = power;
		v->meta[i].victim = config->victim == (int)i;
		meta_blank(&v->meta[i], meta_size(v));
	}
	for (i = 0; i < config->disks; i++) {
		v->disk[i].power = power;
		v->disk[i].found = i ? PSH_FOUND_BLANK : PSH_FOUND_FOREIGN;
		v->disk[i].role = i ? PSH_ROLE_REPLICA : PSH_ROLE_PRIMARY;
	}
}

static void forget(struct volume *v)
{
	memset(&v->store, 0, sizeof(v->store));
	v->store.ops = &store_ops;
	v->store.owner = v;
	v->store.buffer = v->buffer;
	v->store.error = v->message;
	v->store.given = (1U << v->config.devices) - 1;
	v->message[0] = '\0';
	memset(v->word, 0, sizeof(v->word));
	memset(v->write, 0, sizeof(v->write));
	memset(&v->job, 0, sizeof(v->job));
	memset(&v->clear, 0, sizeof(v->clear));
	memset(&v->flush, 0, sizeof(v->flush));
	v->requests = 0;
	v->batched = 0;
	v->undo = false;
	v->lapses = 0;
	v->told = 0;
	v->wrote = 0;
	v->leaving = 0;
	v->usable = 0;
}

/* The table: every disk that is there, in any order. */
static u32 candidates(struct volume *v, u32 absent,
		      struct psh_candidate *candidate, u32 *order)
{
	u32 i, nr = 0;

	for (i = 0; i < v->config.disks; i++)
		if (!(absent >> i & 1))
			order[nr++] = i;
	for (i = 0; i < nr; i++) {
		u32 other = power_dice(v->power, nr), disk = order[i];

		order[i] = order[other];
		order[other] = disk;
	}
	memset(candidate, 0, sizeof(*candidate) * nr);
	for (i = 0; i < nr; i++) {
		const struct disk *disk = &v->disk[order[i]];

		candidate[i].role = disk->role;
		candidate[i].found = disk->found;
		candidate[i].identity = disk->identity;
		candidate[i].number = PSH_UNBOUND;
		random_next(&v->power->random);
		memcpy(candidate[i].uuid, &v->power->random, 8);
	}
	return nr;
}

static void lay_out(struct volume *v, struct psh_super *super)
{
	super->journal_blocks = v->config.ring;
	super->map_blocks = map_blocks(v);
	super->map_start[0] = META_JOURNAL + v->config.ring;
	super->map_start[1] = super->map_start[0] + super->map_blocks;
	v->store.super = *super;
}

static void format(struct volume *v, struct psh_super *super)
{
	u32 i;

	memset(super, 0, sizeof(*super));
	/* A new one each time: what was left by an earlier try is not ours. */
	random_next(&v->power->random);
	memcpy(super->uuid, &v->power->random, 8);
	super->segment_sectors = PSH_SEGMENT_SECTORS_MIN;
	super->nr_segments = v->config.segments * v->config.stride;
	super->len_sectors = super->nr_segments * super->segment_sectors;
	/* The smallest that it makes is larger than what is kept. */
	for (i = 0; i < v->config.devices; i++)
		v->meta[i].blocks = 4096;
	if (psh_store_format(&v->store, super))
		violate(v, "format failed: %s", v->message);
	for (i = 0; i < v->config.devices; i++)
		v->meta[i].blocks = meta_size(v);
	lay_out(v, super);
}

/* What the words become, before anything is written. */
static void recover_words(struct volume *v, const struct psh_super *super,
			  const struct psh_assembly *assembly)
{
	u32 away = psh_super_away(super);
	u32 here = v->members & ~away & ~assembly->fill;
	u32 i;

	for (i = 0; i < v->config.segments; i++) {
		u64 word = v->word[i];

		if (!(super->flags & PSH_SUPER_CLEAN))
			word = psh_word_recover(word, here);
		if (!(psh_word_valid(word) & ~assembly->fill))
			violate(v, "segment %u is nowhere: word %llx, fill %x",
				i, word, assembly->fill);
		word = psh_word_lose(word, assembly->fill, here);
		v->word[i] = psh_word_away(word, away);
	}
}

/* Return: false if a member did not take it. */
static bool write_identity(struct volume *v, const struct psh_super *super,
			   u32 member)
{
	struct disk *disk = disk_of(v, member);
	struct psh_identity identity = {
		.epoch = super->epoch,
		.number = member,
		.role = super->member[member].role,
	};
	bool out = power_fails(v->power);

	memcpy(identity.uuid, super->uuid, PSH_UUID_SIZE);
	memcpy(identity.member_uuid, super->member[member].uuid, PSH_UUID_SIZE);
	if (!out && member_fails(v))
		return false;
	if (!out || power_dice(v->power, 2)) {
		disk->found = PSH_FOUND_IDENTITY;
		disk->identity = identity;
	}
	if (out)
		power_cut(v->power);
	return true;
}

/*
 * The superblock says of each member what its identity says: one that could not
 * be written is lost, and is known by its old epoch when it returns.
 */
static void settle_members(struct volume *v, struct psh_super *super, u32 mark)
{
	u32 rest, failed = 0;

	for (rest = mark; rest; rest &= rest - 1) {
		u32 i = first_of(rest);

		if (write_identity(v, super, i))
			continue;
		failed |= 1U << i;
		super->member[i].flags |= PSH_MEMBER_AWAY;
	}
	psh_assembly_settle(super, v->members & ~failed);
	checkpoint(v, super, psh_super_away(super));
	v->usable &= ~failed;
}

static bool open_store(struct volume *v, struct psh_super *super)
{
	int r = psh_store_find(&v->store);

	if (r == -ENODATA) {
		if (v->born)
			violate(v, "metadata is gone");
		format(v, super);
		return true;
	}
	if (!r)
		r = psh_store_load(&v->store);
	if (!r) {
		check_loaded(v);
		*super = v->store.super;
		return true;
	}
	trace(v, "refused: %s", v->message);
	if (++v->refused > 4 * 24)
		violate(v, "refused again and again: %s", v->message);
	/*
	 * What an admin does, and is told to do: zero the start of the device
	 * that the first activation left half written, or that went bad.
	 */
	if (!v->born || v->config.victim == (int)v->store.device)
		meta_zero(&v->meta[v->store.device]);
	else
		violate(v, "refused: %s", v->message);
	return false;
}

static void bind(struct volume *v, const struct psh_candidate *candidate,
		 const u32 *order, u32 nr)
{
	u32 i;

	v->members = 0;
	v->async = 0;
	for (i = 0; i < nr; i++) {
		u32 number = candidate[i].number;

		v->members |= 1U << number;
		v->disk_of[number] = order[i];
		if (!order[i])
			v->primary = number;
		if (v->config.async >> order[i] & 1)
			v->async |= 1U << number;
	}
}

bool volume_activate(struct volume *v, u32 absent)
{
	struct psh_candidate candidate[VOLUME_DISKS];
	struct psh_assembly assembly;
	struct psh_super super, before;
	u32 order[VOLUME_DISKS], nr, i;

	forget(v);
	if (!open_store(v, &super))
		return false;
	nr = candidates(v, absent, candidate, order);
	before = super;
	if (psh_assemble(&super, candidate, nr, &assembly, v->message)) {
		violate(v, "not assembled: %s", v->message);
		return false;
	}
	bind(v, candidate, order, nr);
	if (!before.epoch)
		for (i = 0; i < v->config.segments; i++)
			v->word[i] = psh_word_make(i, v->primary, 0);
	trace(v, "activate: members %x, fill %x, unsure %x, away %x",
	      v->members, assembly.fill, assembly.unsure,
	      psh_super_away(&super));
	if (before.epoch)
		recover_words(v, &super, &assembly);
	psh_assembly_raise(&super, v->members);
	psh_store_revive(&v->store);
	checkpoint(v, &super, 0);
	settle_members(v, &super, assembly.mark);
	v->usable = v->members & ~psh_super_away(&super);
	v->born = true;
	return true;
}

/* --- the worker ----------------------------------------------------------- */

static void ask(struct volume *v, enum request_kind kind, u32 segment, u32 set,
		struct volume_write *write)
{
	if (v->requests == VOLUME_REQUESTS)
		abort();
	v->request[v->requests++] = (struct volume_request){
		.kind = kind,
		.segment = segment,
		.set = set,
		.write = write,
	};
}

static bool is_asked(const struct volume *v, enum request_kind kind, u32 set)
{
	u32 i;

	for (i = 0; i < v->requests; i++)
		if (v->request[i].kind == kind && v->request[i].set == set)
			return true;
	return false;
}

/* The word that a request makes of this one. */
static u64 change(struct volume *v, const struct volume_request *request,
		  u64 word)
{
	switch (request->kind) {
	case REQUEST_INTENT:
		return psh_word_intent(word, v->usable, v->async);
	case REQUEST_LOSE:
		return psh_word_lose(word, request->set, v->usable);
	case REQUEST_CLEAR:
		if (!(word & PSH_WORD_CLEARING) ||
		    psh_word_valid(word) & ~v->usable)
			return word;
		return word & ~PSH_WORD_INTENT;
	case REQUEST_GAIN:
		if (v->job.spoilt)
			return word;
		return psh_word_gain(word, request->set, v->primary);
	default:
		return word;
	}
}

static void end_job(struct volume *v)
{
	v->word[v->job.segment] &= ~PSH_WORD_COPYING;
	v->job.state = JOB_FREE;
	trace(v, "job ends%s", v->job.spoilt ? ", spoilt" : "");
}

static void answer(struct volume *v, const struct volume_request *request)
{
	switch (request->kind) {
	case REQUEST_INTENT:
		request->write->state = WRITE_LOOKING;
		break;
	case REQUEST_LOSE:
		request->write->took |= 1U << 31;
		break;
	case REQUEST_CLEAR:
		v->word[request->segment] &= ~PSH_WORD_CLEARING;
		v->clear.state = CLEAR_FREE;
		break;
	case REQUEST_GAIN:
		end_job(v);
		break;
	default:
		break;
	}
}

static void publish(struct volume *v)
{
	u32 i;

	for (i = 0; i < v->batched; i++) {
		const struct volume_request *request = &v->batch[i];
		u64 *word = &v->word[request->segment];

		if (request->kind == REQUEST_GAIN && v->job.spoilt &&
		    (v->batch_word[i] ^ *word) & PSH_WORD_DURABLE) {
			v->undo = true;
			v->undo_segment = request->segment;
			continue;
		}
		settle_word(word, v->batch_word[i]);
		trace(v, "segment %u becomes %llx", request->segment, *word);
		if (request->kind == REQUEST_LOSE)
			spoil(v, request->segment, request->set);
		answer(v, request);
	}
	v->batched = 0;
}

/* A gain that may not be published: the record is taken back. */
static void take_back(struct volume *v)
{
	struct psh_store_record record = {
		.segment = v->undo_segment,
		.word = v->word[v->undo_segment],
	};

	trace(v, "segment %u stays %llx", v->undo_segment, record.word);
	append(v, &record, 1);
	v->undo = false;
	end_job(v);
}

/* Is a block that only members of @away hold among those not flushed? */
static void note_lapses(struct volume *v, u32 away, u32 member)
{
	u32 i, j;

	if (!(v->wrote >> member & 1))
		return;
	for (i = 0; i < v->config.segments; i++) {
		u32 valid = psh_word_valid(v->word[i]);

		if (valid & ~away || !(valid >> member & 1))
			continue;
		v->lapses++;
		for (j = 0; j < v->config.blocks; j++)
			oracle_lapse(&v->oracle, i * v->config.blocks + j);
	}
	/* It still wants a flush when it is back. */
}

/* Nobody takes data who would not be known again. */
static bool make_known(struct volume *v, struct psh_super *super, u32 member)
{
	struct psh_super_member *known = &super->member[member];

	if (!(known->flags & PSH_MEMBER_MARKED) || known->epoch == super->epoch)
		return true;
	if (!write_identity(v, super, member))
		return false;
	known->epoch = super->epoch;
	return true;
}

static void change_members(struct volume *v,
			   const struct volume_request *request)
{
	struct psh_super super = v->store.super;
	u32 member = request->set, away;

	if (request->kind == REQUEST_AWAY)
		super.member[member].flags |= PSH_MEMBER_AWAY;
	else if (make_known(v, &super, member))
		super.member[member].flags &= ~PSH_MEMBER_AWAY;
	else
		return;
	away = psh_super_away(&super);
	checkpoint(v, &super, request->kind == REQUEST_AWAY ? away : 0);
	if (request->kind == REQUEST_AWAY)
		note_lapses(v, away, member);
	else
		v->usable |= 1U << member;
	trace(v, "member %u is %s", member,
	      request->kind == REQUEST_AWAY ? "away" : "back");
}

static struct volume_request take_request(struct volume *v)
{
	struct volume_request request = v->request[0];

	v->requests--;
	memmove(v->request, v->request + 1,
		v->requests * sizeof(v->request[0]));
	return request;
}

/* The word as it will be when what is in the batch is durable. */
static u64 planned_word(const struct volume *v, u32 segment)
{
	u32 i;

	for (i = v->batched; i--;)
		if (v->batch[i].segment == segment)
			return v->batch_word[i];
	return v->word[segment];
}

/*
 * Some requests for words go into one journal block. A GAIN goes by itself: it
 * may be undone, and nothing else may rest on it.
 */
static void record_batch(struct volume *v)
{
	struct psh_store_record record[VOLUME_BATCH];
	u32 most = 1 + power_dice(v->power, VOLUME_BATCH), nr = 0;

	while (v->requests && v->batched < most &&
	       v->request[0].kind < REQUEST_AWAY) {
		bool gains = v->request[0].kind == REQUEST_GAIN;
		struct volume_request request;
		u64 word, after;

		if (gains && v->batched)
			break;
		request = take_request(v);
		word = planned_word(v, request.segment);
		after = change(v, &request, word) & ~PSH_WORD_CLEARING;
		if (request.kind != REQUEST_CLEAR)
			end_clearing(&v->word[request.segment]);
		v->batch[v->batched] = request;
		v->batch_word[v->batched++] = after;
		if ((after ^ word) & PSH_WORD_DURABLE)
			record[nr++] = (struct psh_store_record){
				.segment = request.segment,
				.word = after,
			};
		if (gains)
			break;
	}
	if (nr)
		append(v, record, nr);
}

bool volume_step_worker(struct volume *v)
{
	struct volume_request request;

	if (v->batched) {
		publish(v);
		return true;
	}
	if (v->undo) {
		take_back(v);
		return true;
	}
	if (psh_store_is_half_full(&v->store)) {
		struct psh_super super = v->store.super;

		checkpoint(v, &super, 0);
		return true;
	}
	if (!v->requests)
		return false;
	if (v->request[0].kind < REQUEST_AWAY) {
		record_batch(v);
		return true;
	}
	request = take_request(v);
	change_members(v, &request);
	return true;
}

/* --- writes --------------------------------------------------------------- */

void volume_begin_write(struct volume *v, u32 segment, u32 first, u32 nr,
			bool fua)
{
	u32 i;

	for (i = 0; i < VOLUME_WRITES; i++) {
		struct volume_write *write = &v->write[i];

		if (write->state != WRITE_FREE)
			continue;
		memset(write, 0, sizeof(*write));
		write->state = WRITE_QUEUED;
		write->segment = segment;
		write->first = segment * v->config.blocks + first;
		write->nr = nr;
		write->fua = fua;
		return;
	}
}

static bool is_held(const struct volume *v, u32 first, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (v->oracle.busy[first + i])
			return true;
	return false;
}

static bool grant(struct volume *v, struct volume_write *write)
{
	u32 i;

	if (is_held(v, write->first, write->nr))
		return false;
	for (i = 0; i < write->nr; i++)
		write->number[i] = oracle_issue(&v->oracle, write->first + i);
	write->state = WRITE_LOOKING;
	return true;
}

static void end_write(struct volume *v, struct volume_write *write, bool ok)
{
	u32 i;

	for (i = 0; i < write->nr; i++)
		oracle_end(&v->oracle, write->first + i, write->number[i], ok,
			   write->fua);
	write->state = WRITE_FREE;
	trace(v, "write of %u+%u (%u..) ends: %s", write->first, write->nr,
	      write->number[0], ok ? "ok" : "failed");
}

/*
 * The member that a job fills takes the write too, unless the job is spoilt. One
 * that may be durable as a copy by now must take it or lose the segment.
 */
static u32 job_target(struct volume *v, struct volume_write *write)
{
	bool gains = v->job.state == JOB_GAINING;
	u32 target = 1U << v->job.target;

	write->owed = 0;
	if (!(v->word[write->segment] & PSH_WORD_COPYING) ||
	    v->job.segment != write->segment)
		return 0;
	if (v->job.async)
		v->job.spoilt = true;
	if (gains)
		write->owed = target & ~v->usable;
	return gains || !v->job.spoilt ? target : 0;
}

static void look(struct volume *v, struct volume_write *write)
{
	u64 word = v->word[write->segment];
	u32 target = job_target(v, write);

	if (!(psh_word_valid(word) & v->usable)) {
		end_write(v, write, false);
		return;
	}
	if (psh_word_needs_intent(word, v->usable, v->async)) {
		write->state = WRITE_ASKING;
		ask(v, REQUEST_INTENT, write->segment, 0, write);
		return;
	}
	write->targets = (psh_word_valid(word) | target) & v->usable;
	write->inside = write->targets;
	write->took = 0;
	write->state = WRITE_SENT;
	trace(v, "write of %u+%u (%u..) goes to %x", write->first, write->nr,
	      write->number[0], write->targets);
}

/* What one member did with it; if it failed, any part of it may be there. */
static void end_leg(struct volume *v, struct volume_write *write, u32 member,
		    bool fails)
{
	struct disk *disk = disk_of(v, member);
	u32 i;

	for (i = 0; i < write->nr; i++)
		if (!fails || power_dice(v->power, 2))
			disk_write(disk, write->first + i, write->number[i],
				   write->fua && !fails);
	write->inside &= ~(1U << member);
	v->wrote |= 1U << member;
	if (fails) {
		trace(v, "member %u fails the write of %u", member,
		      write->first);
		return;
	}
	write->took |= 1U << member;
}

static void judge_write(struct volume *v, struct volume_write *write)
{
	u64 word = v->word[write->segment];
	u32 all = write->targets | psh_word_valid(word), lost;

	spoil(v, write->segment, all & ~write->took);
	lost = write->took ? all & ~write->took :
			     all & ~(1U << psh_word_home(word));
	if (lost | write->owed) {
		write->state = WRITE_LOSING;
		ask(v, REQUEST_LOSE, write->segment, lost, write);
		return;
	}
	end_write(v, write, write->took >> psh_word_home(word) & 1);
}

bool volume_step_write(struct volume *v, u32 i)
{
	struct volume_write *write = &v->write[i];
	u32 member;

	switch (write->state) {
	case WRITE_QUEUED:
		return grant(v, write);
	case WRITE_LOOKING:
		look(v, write);
		return true;
	case WRITE_SENT:
		if (!write->inside) {
			judge_write(v, write);
			return true;
		}
		do
			member = power_dice(v->power, PSH_MEMBERS_MAX);
		while (!(write->inside >> member & 1));
		end_leg(v, write, member, member_fails(v));
		return true;
	case WRITE_LOSING:
		if (!(write->took >> 31))
			return false;
		member = psh_word_home(v->word[write->segment]);
		end_write(v, write, write->took >> member & 1);
		return true;
	default:
		return false;
	}
}

/* --- copies --------------------------------------------------------------- */

static void spoil(struct volume *v, u32 segment, u32 members)
{
	u32 involved = 1U << v->job.source | 1U << v->job.target;

	if (v->job.state != JOB_FREE && v->job.segment == segment &&
	    members & involved)
		v->job.spoilt = true;
}

static bool is_on_its_way(const struct volume_write *write, u32 segment)
{
	return write->segment == segment &&
	       (write->state == WRITE_SENT || write->state == WRITE_LOSING);
}

void volume_begin_job(struct volume *v, u32 segment, u32 member)
{
	u64 word = v->word[segment];
	u32 home = psh_word_home(word), i;

	if (v->job.state != JOB_FREE || !(v->members >> member & 1) ||
	    psh_word_valid(word) >> member & 1 ||
	    !((v->usable >> member) & (v->usable >> home) & 1))
		return;
	v->job = (struct volume_job){
		.state = JOB_DRAINING,
		.segment = segment,
		.source = home,
		.target = member,
		.async = v->async >> member & 1,
	};
	v->word[segment] |= PSH_WORD_COPYING;
	for (i = 0; i < VOLUME_WRITES; i++)
		v->write[i].drained_for_job =
			is_on_its_way(&v->write[i], segment);
	trace(v, "job: segment %u from %u to %u", segment, home, member);
}

static bool is_drained_for_job(const struct volume *v)
{
	u32 i;

	for (i = 0; i < VOLUME_WRITES; i++)
		if (v->write[i].state != WRITE_FREE &&
		    v->write[i].drained_for_job)
			return false;
	return true;
}

/* One block, held while it is copied. */
static bool copy_block(struct volume *v)
{
	struct volume_job *job = &v->job;
	u32 block = job->segment * v->config.blocks + job->done;

	if (!job->async && is_held(v, block, 1))
		return false;
	if (member_fails(v)) {
		job->spoilt = true;
		return true;
	}
	disk_write(disk_of(v, job->target), block,
		   disk_of(v, job->source)->now[block], false);
	if (++job->done == v->config.blocks)
		job->state = JOB_FLUSHING;
	return true;
}

static void flush_target(struct volume *v)
{
	struct volume_job *job = &v->job;

	if (member_fails(v)) {
		lose_member(v, job->target);
		return;
	}
	disk_flush(disk_of(v, job->target));
	job->state = JOB_GAINING;
	ask(v, REQUEST_GAIN, job->segment, job->target, NULL);
}

bool volume_step_job(struct volume *v)
{
	if (v->job.state == JOB_FREE || v->job.state == JOB_GAINING)
		return false;
	if (v->job.spoilt) {
		end_job(v);
		return true;
	}
	switch (v->job.state) {
	case JOB_DRAINING:
		if (!is_drained_for_job(v))
			return false;
		v->job.state = JOB_COPYING;
		return true;
	case JOB_COPYING:
		return copy_block(v);
	default:
		flush_target(v);
		return true;
	}
}

/* --- taking intent back --------------------------------------------------- */

void volume_begin_clear(struct volume *v, u32 segment)
{
	u64 word = v->word[segment];
	u32 i;

	if (v->clear.state != CLEAR_FREE || !(word & PSH_WORD_INTENT) ||
	    psh_word_valid(word) & ~v->usable)
		return;
	v->clear.state = CLEAR_DRAINING;
	v->clear.segment = segment;
	v->word[segment] |= PSH_WORD_CLEARING;
	for (i = 0; i < VOLUME_WRITES; i++)
		v->write[i].drained_for_clear =
			is_on_its_way(&v->write[i], segment);
	trace(v, "clearing segment %u", segment);
}

static bool is_drained_for_clear(const struct volume *v)
{
	u32 i;

	for (i = 0; i < VOLUME_WRITES; i++)
		if (v->write[i].state != WRITE_FREE &&
		    v->write[i].drained_for_clear)
			return false;
	return true;
}

bool volume_step_clear(struct volume *v)
{
	struct volume_clear *clear = &v->clear;
	u32 member;

	switch (clear->state) {
	case CLEAR_DRAINING:
		if (!is_drained_for_clear(v))
			return false;
		clear->rest = psh_word_valid(v->word[clear->segment]);
		clear->state = CLEAR_FLUSHING;
		return true;
	case CLEAR_FLUSHING:
		if (!clear->rest) {
			clear->state = CLEAR_ASKING;
			ask(v, REQUEST_CLEAR, clear->segment, 0, NULL);
			return true;
		}
		member = first_of(clear->rest);
		clear->rest &= clear->rest - 1;
		if (!(v->usable >> member & 1))
			return true;
		if (member_fails(v))
			lose_member(v, member);
		else
			disk_flush(disk_of(v, member));
		return true;
	default:
		return false;
	}
}

/* --- the user's flushes --------------------------------------------------- */

void volume_begin_flush(struct volume *v)
{
	if (v->flush.state != FLUSH_FREE)
		return;
	v->flush.state = FLUSH_RUNNING;
	v->flush.rest = v->wrote;
	v->flush.lapses = v->lapses;
	memcpy(v->flush.acked, v->oracle.acked, sizeof(v->flush.acked));
}

/* What went after it began, the next one tells too: it may be of later writes. */
static void end_flush(struct volume *v)
{
	bool failed = v->lapses != v->told;

	v->flush.state = FLUSH_FREE;
	trace(v, "flush ends: %s", failed ? "failed" : "ok");
	if (failed)
		oracle_flush_failed(&v->oracle, v->flush.acked);
	else
		oracle_flushed(&v->oracle, v->flush.acked);
	v->told = v->flush.lapses;
}

bool volume_step_flush(struct volume *v)
{
	u32 member;

	if (v->flush.state == FLUSH_WAITING) {
		if (v->members & ~v->usable & ~psh_super_away(&v->store.super))
			return false;
		end_flush(v);
		return true;
	}
	if (v->flush.state == FLUSH_FREE)
		return false;
	if (!v->flush.rest) {
		v->flush.state = FLUSH_WAITING;
		return true;
	}
	member = first_of(v->flush.rest);
	v->flush.rest &= v->flush.rest - 1;
	if (!(v->usable >> member & 1))
		return true;
	if (member_fails(v)) {
		lose_member(v, member);
		return true;
	}
	disk_flush(disk_of(v, member));
	v->wrote &= ~(1U << member);
	return true;
}

/* --- members come and go -------------------------------------------------- */

static void lose_member(struct volume *v, u32 member)
{
	u32 i;

	if (!(v->usable >> member & 1))
		return;
	trace(v, "member %u is lost", member);
	v->usable &= ~(1U << member);
	if (v->job.source == member || v->job.target == member)
		v->job.spoilt = true;
	for (i = 0; i < VOLUME_WRITES; i++) {
		if (v->write[i].state == WRITE_SENT &&
		    v->write[i].inside >> member & 1)
			end_leg(v, &v->write[i], member, true);
		/* What it took may be gone, and it is not acknowledged yet. */
		v->write[i].took &= ~(1U << member);
	}
	ask(v, REQUEST_AWAY, 0, member, NULL);
}

void volume_lose(struct volume *v, u32 member, bool power_too)
{
	if (!(v->usable >> member & 1))
		return;
	lose_member(v, member);
	/* Its cache may be gone with it. */
	if (power_too)
		disk_crash(disk_of(v, member));
}

void volume_return(struct volume *v, u32 member)
{
	if (!(v->members >> member & 1) || v->usable >> member & 1 ||
	    is_asked(v, REQUEST_AWAY, member) ||
	    is_asked(v, REQUEST_BACK, member))
		return;
	ask(v, REQUEST_BACK, 0, member, NULL);
}

/* --- the whole ------------------------------------------------------------ */

static void read_copies(struct volume *v, u32 segment)
{
	u32 block = segment * v->config.blocks, end = block + v->config.blocks;

	for (; block < end; block++) {
		u32 rest = psh_word_valid(v->word[segment]) & v->usable;

		for (; rest; rest &= rest - 1) {
			u32 member = first_of(rest);
			u32 number = disk_of(v, member)->now[block];

			if (oracle_read(&v->oracle, block, number))
				continue;
			violate(v,
				"block %u of segment %u reads %u on member %u, expected %u to %u; word %llx",
				block, segment, number, member,
				v->oracle.least[block], v->oracle.most[block],
				v->word[segment]);
		}
	}
}

void volume_read_all(struct volume *v)
{
	u32 i;

	for (i = 0; i < v->config.segments; i++)
		read_copies(v, i);
}

void volume_settle(struct volume *v)
{
	bool busy = true;
	u32 i, steps = 0;

	while (busy && !v->error[0]) {
		power_step(v->power);
		busy = volume_step_worker(v);
		for (i = 0; i < VOLUME_WRITES; i++)
			busy |= volume_step_write(v, i);
		busy |= volume_step_job(v);
		busy |= volume_step_clear(v);
		busy |= volume_step_flush(v);
		if (steps++ > 10000)
			violate(v, "the volume never comes to rest");
	}
	for (i = 0; i < VOLUME_WRITES; i++)
		if (v->write[i].state != WRITE_FREE)
			violate(v, "write %u never ends: state %u", i,
				v->write[i].state);
	if (v->job.state || v->clear.state || v->flush.state || v->requests)
		violate(v, "something never ends: job %u, clear %u, flush %u",
			v->job.state, v->clear.state, v->flush.state);
}

void volume_shut_down(struct volume *v)
{
	struct psh_super super;
	u32 rest;

	volume_settle(v);
	for (rest = v->usable; rest; rest &= rest - 1) {
		power_step(v->power);
		disk_flush(disk_of(v, first_of(rest)));
	}
	super = v->store.super;
	super.flags |= PSH_SUPER_CLEAN;
	checkpoint(v, &super, 0);
	trace(v, "shut down");
}

void volume_crash(struct volume *v)
{
	u32 i;

	trace(v, "---- power cut");
	for (i = 0; i < v->config.devices; i++)
		meta_crash(&v->meta[i]);
	for (i = 0; i < v->config.disks; i++)
		disk_crash(&v->disk[i]);
	oracle_crash(&v->oracle);
}

static bool is_needed(const struct volume *v,
		      const struct volume_stored *stored, u32 member)
{
	u32 rest = ~(1U << member | stored->away), i;

	for (i = 0; i < v->config.segments; i++)
		if (!(psh_word_valid(stored->word[i]) & rest))
			return true;
	return false;
}

/* Two epochs behind it is recognised; before that nothing tells. */
static bool is_stale(const struct disk *clone, const struct disk *disk)
{
	return clone->found == PSH_FOUND_IDENTITY &&
	       disk->found == PSH_FOUND_IDENTITY &&
	       !memcmp(clone->identity.member_uuid, disk->identity.member_uuid,
		       PSH_UUID_SIZE) &&
	       clone->identity.epoch + 2 <= disk->identity.epoch;
}

bool volume_put_clone(struct volume *v)
{
	struct disk *disk = &v->disk[v->clone_of];
	u32 member = v->clone.identity.number, i;

	if (!v->clone_of || power_once_in(v->power, 8)) {
		v->clone_of = 1 + power_dice(v->power, v->config.disks - 1);
		v->clone = v->disk[v->clone_of];
		return false;
	}
	if (!v->born || !is_stale(&v->clone, disk) ||
	    is_needed(v, &v->stored, member))
		return false;
	for (i = 0; i < v->storings; i++)
		if (is_needed(v, &v->storing[i], member))
			return false;
	trace(v, "member %u is replaced by an old clone", member);
	*disk = v->clone;
	return true;
}

void volume_reunite(struct volume *v)
{
	u32 i;

	v->config.faults = 0;
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		volume_return(v, i);
	volume_settle(v);
	for (i = 0; i < v->config.segments; i++)
		if (!(psh_word_valid(v->word[i]) & v->usable))
			violate(v, "segment %u is out of reach: word %llx", i,
				v->word[i]);
	volume_read_all(v);
}
