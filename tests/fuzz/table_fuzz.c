// SPDX-License-Identifier: GPL-2.0
/*
 * table_fuzz: no table line makes the parser misbehave.
 *
 * Input is text: the length of the volume, a space, the line. Guaranteed for
 * every input: no crash and no undefined behaviour (sanitizers watch); a
 * failure says which argument, in its room, in printable ASCII; a success is
 * within the documented ranges and is read again, the same, from what
 * psh_table_format() writes. Which lines are right is table_test.c's question.
 */
#include <stdlib.h>

#include "../../dm-predshard/core/table.h"
#include "../vectors/args.h"

#define LINE_SIZE	8192

/* An argument past its end must not be readable: each has its own memory. */
struct arguments {
	char *text;
	char *argv[ARGS_MAX];
	unsigned int argc;
};

static void check(bool fact)
{
	if (!fact)
		abort();
}

static void split(struct arguments *arguments, const char *line)
{
	unsigned int i;

	arguments->text = strdup(line);
	arguments->argc = args_split(arguments->text, arguments->argv);
	for (i = 0; i < arguments->argc; i++)
		arguments->argv[i] = strdup(arguments->argv[i]);
}

static void release(struct arguments *arguments)
{
	unsigned int i;

	for (i = 0; i < arguments->argc; i++)
		free(arguments->argv[i]);
	free(arguments->text);
}

static void check_error(const char *error, unsigned int argc, u64 len_sectors)
{
	unsigned int number = 0;
	size_t i;

	for (i = 0; i < PSH_ERROR_SIZE && error[i]; i++)
		check(error[i] >= ' ' && error[i] <= '~');
	check(i < PSH_ERROR_SIZE - 1);
	check(strstr(error, ", expected "));
	if (!len_sectors)
		return;
	check(sscanf(error, "argument %u: ", &number) == 1);
	check(number >= 1 && number <= argc + 1);
}

static void check_member(const struct psh_member_config *member,
			 u64 len_sectors)
{
	u64 end_sectors = member->offset_sectors + len_sectors;

	check(member->role < PSH_ROLE_NR);
	check(member->device[0]);
	check(end_sectors > len_sectors || !member->offset_sectors);
	check(end_sectors <= 1ULL << 54);
	check(memchr(member->zone, 0, sizeof(member->zone)));
	check(memchr(member->tier, 0, sizeof(member->tier)));
	check(member->zone[0] || !member->tier[0]);
}

static void check_config(const struct psh_config *config, u64 len_sectors)
{
	unsigned int i, primaries = 0;

	check(config->segment_sectors >= 128);
	check(config->segment_sectors <= 131072);
	check(!(config->segment_sectors & (config->segment_sectors - 1)));
	check((len_sectors - 1) / config->segment_sectors <= U32_MAX);
	check(config->nr_members >= 1 && config->nr_members <= 16);
	for (i = 0; i < config->nr_members; i++) {
		check_member(&config->member[i], len_sectors);
		primaries += config->member[i].role == PSH_ROLE_PRIMARY;
	}
	check(primaries == 1 && config->primary < config->nr_members);
	check(config->member[config->primary].role == PSH_ROLE_PRIMARY);
}

static void check_same(const struct psh_config *a, const struct psh_config *b)
{
	unsigned int i;

	check(!strcmp(a->metadata, b->metadata));
	check(!a->mirror == !b->mirror);
	check(!a->mirror || !strcmp(a->mirror, b->mirror));
	check(a->segment_sectors == b->segment_sectors);
	check(a->nr_members == b->nr_members);
	check(a->primary == b->primary);
	check(a->features == b->features);
	check(a->buffer_copies == b->buffer_copies);
	for (i = 0; i < a->nr_members; i++) {
		check(a->member[i].role == b->member[i].role);
		check(!strcmp(a->member[i].device, b->member[i].device));
		check(a->member[i].offset_sectors ==
		      b->member[i].offset_sectors);
		check(!strcmp(a->member[i].zone, b->member[i].zone));
		check(!strcmp(a->member[i].tier, b->member[i].tier));
	}
}

static void check_round_trip(const struct psh_config *config, u64 len_sectors)
{
	static char line[LINE_SIZE], again[LINE_SIZE];
	char error[PSH_ERROR_SIZE];
	struct arguments arguments;
	struct psh_config copy;
	int used = psh_table_format(config, line, sizeof(line));

	check(used > 0 && (size_t)used == strlen(line));
	split(&arguments, line);
	check(!psh_table_parse(arguments.argc, arguments.argv, len_sectors,
			       &copy, error));
	check_same(config, &copy);
	check(psh_table_format(&copy, again, sizeof(again)) == used);
	check(!strcmp(line, again));
	release(&arguments);
}

static void run(const char *text)
{
	char error[PSH_ERROR_SIZE];
	struct arguments arguments;
	struct psh_config config;
	char *line;
	u64 len_sectors = strtoull(text, &line, 10);
	int status;

	/* All unset: a field that success leaves out is seen. */
	memset(&config, 0xa5, sizeof(config));
	memset(error, 0xa5, sizeof(error));
	split(&arguments, line);
	status = psh_table_parse(arguments.argc, arguments.argv, len_sectors,
				 &config, error);
	check(status == 0 || status == -EINVAL);
	if (status) {
		check_error(error, arguments.argc, len_sectors);
	} else {
		check(!error[0]);
		check_config(&config, len_sectors);
		check_round_trip(&config, len_sectors);
	}
	release(&arguments);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	/* Half of LINE_SIZE, as writing may escape every byte. */
	char text[LINE_SIZE / 2];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	run(text);
	return 0;
}
