// SPDX-License-Identifier: GPL-2.0
/*
 * dump: the subcommand that prints what metadata says: superblock, members, and
 * the words of all segments, equal neighbours in one line.
 *
 * For people, or with --json for programs. What cannot be loaded is not dumped:
 * `check` says why. Writes nothing.
 */
#include "command.h"
#include "image.h"

static bool json;

static error_t parse(int key, char *value, struct argp_state *state)
{
	(void)value;
	if (key == 'j')
		json = true;
	else if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = state->input;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "one JSON object", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = (const struct argp_child[]){ { .argp = &image_argp }, {} },
	.doc = "Print what the metadata of a volume says.",
};

static void print_uuid(const char *before, const u8 *uuid, const char *after)
{
	unsigned int i;

	fputs(before, stdout);
	for (i = 0; i < PSH_UUID_SIZE; i++)
		printf("%02x", uuid[i]);
	fputs(after, stdout);
}

static const char *field(bool first)
{
	if (json)
		return first ? "{" : ",";
	return first ? "" : "\n";
}

static void print_number(const char *name, u64 value)
{
	printf(json ? "%s\"%s\":%llu" : "%s%-16s %llu", field(false), name,
	       value);
}

static void print_super(const struct psh_super *super)
{
	print_uuid(json ? "{\"uuid\":\"" : "uuid             ", super->uuid,
		   json ? "\"" : "");
	print_number("epoch", super->epoch);
	print_number("generation", super->generation);
	print_number("clean", !!(super->flags & PSH_SUPER_CLEAN));
	print_number("settling", !!(super->flags & PSH_SUPER_SETTLING));
	print_number("ro_compat", super->ro_compat);
	print_number("segment_sectors", super->segment_sectors);
	print_number("len_sectors", super->len_sectors);
	print_number("nr_segments", super->nr_segments);
	print_number("journal_start", super->journal_start);
	print_number("journal_blocks", super->journal_blocks);
	print_number("map_current", super->map_current);
	print_number("map_start_0", super->map_start[0]);
	print_number("map_start_1", super->map_start[1]);
	print_number("map_blocks", super->map_blocks);
	print_number("map_generation", super->map_generation);
	print_number("checkpoint", super->checkpoint);
	print_number("devices", super->devices);
	print_number("write_mode", super->write_mode);
}

static void print_member(const struct psh_super_member *member, unsigned int i,
			 bool first)
{
	printf(json ? "%s{\"number\":%u,\"role\":\"%s\",\"away\":%d,\"absent\":%d,\"marked\":%d,\"epoch\":%llu,\"next_epoch\":%llu,\"offset_sectors\":%llu" :
		      "%s%u %s, away %d, absent %d, marked %d, epoch %llu or %llu, offset %llu",
	       json ? (first ? "" : ",") : "\nmember ", i,
	       psh_role_name(member->role),
	       !!(member->flags & PSH_MEMBER_AWAY),
	       !!(member->flags & PSH_MEMBER_ABSENT),
	       !!(member->flags & PSH_MEMBER_MARKED), member->epoch,
	       member->next_epoch, member->offset_sectors);
	print_uuid(json ? ",\"uuid\":\"" : ", uuid ", member->uuid,
		   json ? "\"}" : "");
}

static void print_run(u64 first, u64 end, u64 word)
{
	printf(json ? "%s{\"first\":%llu,\"count\":%llu,\"home\":%u,\"copies\":%u,\"rule\":%u,\"intent\":%d,\"buffered\":%d}" :
		      "%s%llu+%llu: home %u, copies %x, rule %u, intent %d, buffered %d",
	       json ? (first ? "," : "") : "\nsegments ", first, end - first,
	       psh_word_home(word), psh_word_copies(word), psh_word_rule(word),
	       !!(word & PSH_WORD_INTENT), !!(word & PSH_WORD_BUFFERED));
}

/* Segments mapped one to one are alike but for the slot. */
static u64 without_slot(u64 word, u64 segment)
{
	return psh_word_slot(word) == segment ?
		       word & ((1ULL << PSH_WORD_SLOT_SHIFT) - 1) :
		       word;
}

static void print_words(const struct image *image)
{
	u64 i, first = 0, nr = image->store.super.nr_segments;

	for (i = 1; i <= nr; i++) {
		if (i < nr && without_slot(image->word[i], i) ==
				      without_slot(image->word[first], first))
			continue;
		print_run(first, i, image->word[first]);
		first = i;
	}
}

static void print_all(const struct image *image)
{
	const struct psh_super *super = &image->store.super;
	bool first = true;
	unsigned int i;

	print_super(super);
	if (json)
		fputs(",\"members\":[", stdout);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (super->member[i].flags & PSH_MEMBER_USED) {
			print_member(&super->member[i], i, first);
			first = false;
		}
	if (json)
		fputs("],\"segments\":[", stdout);
	print_words(image);
	puts(json ? "]}" : "");
}

int command_dump(int argc, char **argv)
{
	static struct image image;
	char *names = NULL;
	int r;

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &names);
	r = image_open(&image, names);
	if (r)
		image_complain(&image);
	else
		print_all(&image);
	image_close(&image);
	return r ? STATUS_FAILED : STATUS_OK;
}
