// SPDX-License-Identifier: GPL-2.0
/*
 * table_suite: the rows of tests/vectors/table.h in the kernel.
 *
 * The same comparisons as tests/unit/table_test.c, each through one struct
 * work allocated for the test, because configurations do not fit a kernel
 * stack.
 */
#include "rows.h"
#include "../vectors/args.h"
#include "../vectors/table.h"

#define LINE_SIZE	1024	/* the longest line of the rows has 400 bytes */

ROWS(table_good_rows);
ROWS(table_bad_rows);
ROWS(table_role_rows);

struct work {
	struct psh_config config;
	char *argv[ARGS_MAX];
	char error[PSH_ERROR_SIZE];
	char line[LINE_SIZE];
};

static struct work *new_work(struct kunit *test)
{
	struct work *work = kunit_kzalloc(test, sizeof(*work), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, work);
	strscpy(work->error, "left over", sizeof(work->error));
	return work;
}

/* @line may be work->line. */
static int parse(struct kunit *test, struct work *work, const char *line,
		 u64 len_sectors)
{
	char *copy = kunit_kzalloc(test, strlen(line) + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, line, strlen(line));
	return psh_table_parse(args_split(copy, work->argv), work->argv,
			       len_sectors, &work->config, work->error);
}

static void expect_config(struct kunit *test, const struct psh_config *a,
			  const struct psh_config *b)
{
	unsigned int i;

	KUNIT_EXPECT_STREQ(test, a->metadata, b->metadata);
	KUNIT_EXPECT_EQ(test, !a->mirror, !b->mirror);
	if (a->mirror && b->mirror)
		KUNIT_EXPECT_STREQ(test, a->mirror, b->mirror);
	KUNIT_EXPECT_EQ(test, a->segment_sectors, b->segment_sectors);
	KUNIT_ASSERT_EQ(test, a->nr_members, b->nr_members);
	KUNIT_EXPECT_EQ(test, a->primary, b->primary);
	KUNIT_EXPECT_EQ(test, a->features, b->features);
	KUNIT_EXPECT_EQ(test, a->buffer_copies, b->buffer_copies);
	for (i = 0; i < a->nr_members; i++) {
		const struct psh_member_config *x = &a->member[i];
		const struct psh_member_config *y = &b->member[i];

		KUNIT_EXPECT_EQ(test, x->role, y->role);
		KUNIT_EXPECT_STREQ(test, x->device, y->device);
		KUNIT_EXPECT_EQ(test, x->offset_sectors, y->offset_sectors);
		KUNIT_EXPECT_STREQ(test, x->zone, y->zone);
		KUNIT_EXPECT_STREQ(test, x->tier, y->tier);
	}
}

static void accepts(struct kunit *test)
{
	const struct table_good_row *row = test->param_value;
	struct work *work = new_work(test);

	KUNIT_ASSERT_EQ(test, parse(test, work, row->line, row->len_sectors),
			0);
	KUNIT_EXPECT_STREQ(test, work->error, "");
	expect_config(test, &work->config, &row->config);
}

static void formats(struct kunit *test)
{
	const struct table_good_row *row = test->param_value;
	const char *expected = row->canonical ? row->canonical : row->line;
	struct work *work = new_work(test);
	int used = psh_table_format(&row->config, work->line, LINE_SIZE);

	KUNIT_ASSERT_EQ(test, used, strlen(expected));
	KUNIT_EXPECT_STREQ(test, work->line, expected);
	KUNIT_ASSERT_EQ(test, parse(test, work, work->line, row->len_sectors),
			0);
	expect_config(test, &work->config, &row->config);
	KUNIT_EXPECT_EQ(test, psh_table_format(&row->config, work->line, used),
			-ENOSPC);
}

static void refuses(struct kunit *test)
{
	const struct table_bad_row *row = test->param_value;
	struct work *work = new_work(test);

	KUNIT_EXPECT_EQ(test, parse(test, work, row->line, row->len_sectors),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, work->error, row->error);
}

static void names(struct kunit *test)
{
	const struct table_role_row *row = test->param_value;

	KUNIT_EXPECT_STREQ(test, psh_role_name(row->role), row->word);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(accepts, table_good_rows_gen_params),
	KUNIT_CASE_PARAM(formats, table_good_rows_gen_params),
	KUNIT_CASE_PARAM(refuses, table_bad_rows_gen_params),
	KUNIT_CASE_PARAM(names, table_role_rows_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "predshard_table",
	.test_cases = cases,
};

kunit_test_suite(suite);
