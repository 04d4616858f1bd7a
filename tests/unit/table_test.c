// SPDX-License-Identifier: GPL-2.0
/*
 * table_test: a table line gives its configuration or says what is wrong.
 *
 * The rows of tests/vectors/table.h; that writing and reading are inverse; and
 * that no message is longer than its room. Each argument has an allocation of
 * its own, so that reading past one is seen.
 */
#include <stdlib.h>

#include "rows.h"
#include "../vectors/args.h"
#include "../vectors/table.h"

#define LINE_SIZE	4096

struct arguments {
	char *argv[ARGS_MAX];
	unsigned int argc;
};

static void setup(struct arguments *arguments, const char *line)
{
	char *copy = strdup(line);
	unsigned int i;

	arguments->argc = args_split(copy, arguments->argv);
	for (i = 0; i < arguments->argc; i++)
		arguments->argv[i] = strdup(arguments->argv[i]);
	free(copy);
}

static void teardown(struct arguments *arguments)
{
	unsigned int i;

	for (i = 0; i < arguments->argc; i++)
		free(arguments->argv[i]);
}

static void assert_same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void assert_same_config(const struct psh_config *a,
			       const struct psh_config *b)
{
	unsigned int i;

	assert_string_equal(a->metadata, b->metadata);
	assert_same_text(a->mirror, b->mirror);
	assert_int_equal(a->segment_sectors, b->segment_sectors);
	assert_int_equal(a->nr_members, b->nr_members);
	assert_int_equal(a->primary, b->primary);
	assert_int_equal(a->features, b->features);
	assert_int_equal(a->buffer_copies, b->buffer_copies);
	for (i = 0; i < a->nr_members; i++) {
		assert_int_equal(a->member[i].role, b->member[i].role);
		assert_string_equal(a->member[i].device, b->member[i].device);
		assert_int_equal(a->member[i].offset_sectors,
				 b->member[i].offset_sectors);
		assert_string_equal(a->member[i].zone, b->member[i].zone);
		assert_string_equal(a->member[i].tier, b->member[i].tier);
	}
}

static void accepts(void **state)
{
	const struct table_good_row *row = *state;
	char error[PSH_ERROR_SIZE] = "left over";
	struct arguments arguments;
	struct psh_config config;

	setup(&arguments, row->line);
	assert_int_equal(psh_table_parse(arguments.argc, arguments.argv,
					 row->len_sectors, &config, error),
			 0);
	assert_string_equal(error, "");
	assert_same_config(&config, &row->config);
	teardown(&arguments);
}

static void formats(void **state)
{
	const struct table_good_row *row = *state;
	const char *expected = row->canonical ? row->canonical : row->line;
	char line[LINE_SIZE];
	int used = psh_table_format(&row->config, line, sizeof(line));

	assert_string_equal(line, expected);
	assert_int_equal(used, strlen(expected));
}

static void reads_what_it_wrote(void **state)
{
	const struct table_good_row *row = *state;
	char line[LINE_SIZE], error[PSH_ERROR_SIZE];
	struct arguments arguments;
	struct psh_config config;

	assert_true(psh_table_format(&row->config, line, sizeof(line)) > 0);
	setup(&arguments, line);
	assert_int_equal(psh_table_parse(arguments.argc, arguments.argv,
					 row->len_sectors, &config, error),
			 0);
	assert_same_config(&config, &row->config);
	teardown(&arguments);
}

static void needs_all_its_room(void **state)
{
	const struct table_good_row *row = *state;
	char whole[LINE_SIZE];
	int used = psh_table_format(&row->config, whole, sizeof(whole));
	int size;

	for (size = 0; size <= used; size++) {
		char *line = malloc(size);

		assert_int_equal(psh_table_format(&row->config, line, size),
				 -ENOSPC);
		free(line);
	}
	assert_int_equal(psh_table_format(&row->config, whole, used + 1), used);
}

static void refuses(void **state)
{
	const struct table_bad_row *row = *state;
	char error[PSH_ERROR_SIZE] = "left over";
	struct arguments arguments;
	struct psh_config config;

	setup(&arguments, row->line);
	assert_int_equal(psh_table_parse(arguments.argc, arguments.argv,
					 row->len_sectors, &config, error),
			 -EINVAL);
	assert_string_equal(error, row->error);
	teardown(&arguments);
}

static void names(void **state)
{
	const struct table_role_row *row = *state;

	assert_string_equal(psh_role_name(row->role), row->word);
}

static void arguments_behind_the_last_are_not_read(void **state)
{
	char metadata[] = "/dev/m", error[PSH_ERROR_SIZE];
	char *argv[3] = { metadata };
	struct psh_config config;

	(void)state;
	assert_int_equal(psh_table_parse(1, argv, 2048, &config, error),
			 -EINVAL);
	assert_non_null(strstr(error, "argument 2: missing"));
}

/* The rows hold every message, one of them with the longest text. */
static void no_message_fills_its_room(void **state)
{
	size_t longest = 0, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(table_bad_rows); i++) {
		size_t length = strlen(table_bad_rows[i].error);

		longest = length > longest ? length : longest;
	}
	/* Room for the digits of the highest argument number. */
	assert_true(longest + strlen("4294967295") < PSH_ERROR_SIZE);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, table_good_rows, accepts);
	ROWS_ADD(&rows, table_good_rows, formats);
	ROWS_ADD(&rows, table_good_rows, reads_what_it_wrote);
	ROWS_ADD(&rows, table_good_rows, needs_all_its_room);
	ROWS_ADD(&rows, table_bad_rows, refuses);
	ROWS_ADD(&rows, table_role_rows, names);
	rows_add(&rows, "arguments behind the last are not read",
		 arguments_behind_the_last_are_not_read);
	rows_add(&rows, "no message fills its room", no_message_fills_its_room);
	return rows_run("table", &rows);
}
