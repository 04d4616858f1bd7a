// SPDX-License-Identifier: GPL-2.0
/*
 * repair: the subcommand that makes metadata whole again, where store can still
 * load it: from the mirror, or from the older superblock.
 *
 * It does what an activation does to metadata: takes in the device that is
 * not up to date and makes a checkpoint with the next epoch, by default of all
 * that is there, with --drop-member without a member's data, with --abandon-log
 * without what was in the buffer log and not home yet. All of it happens
 * in memory first; it is written only with --yes, and only after what it
 * overwrites was saved in a backup: per block the device's number, the
 * block's number (le64 each) and 4096 bytes. The volume must not be active.
 */
#include <argp.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "image.h"

static struct {
	char *names;
	const char *backup;
	bool yes;
	bool abandon;
	u32 drop;
} wanted;

static error_t parse(int key, char *value, struct argp_state *state)
{
	char *end;
	unsigned long number;

	switch (key) {
	case 'y':
		wanted.yes = true;
		return 0;
	case 'a':
		wanted.abandon = true;
		return 0;
	case 'b':
		wanted.backup = value;
		return 0;
	case 'd':
		number = strtoul(value, &end, 10);
		if (*end || end == value || number >= PSH_MEMBERS_MAX)
			argp_error(state, "%s: expected a member, 0 to 15",
				   value);
		wanted.drop |= 1U << number;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &wanted.names;
		return 0;
	case ARGP_KEY_END:
		if (wanted.yes && !wanted.backup)
			argp_error(state, "--yes: expected --backup FILE too");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "yes", 'y', NULL, 0, "write; without it nothing is", 0 },
	{ "backup", 'b', "FILE", 0, "a new file for what is overwritten", 0 },
	{ "drop-member", 'd', "N", 0, "the member's data is lost for good", 0 },
	{ "abandon-log", 'a', NULL, 0,
	  "what is only in the buffer log is lost for good", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = (const struct argp_child[]){ { .argp = &image_argp }, {} },
	.doc = "Make the metadata of an inactive volume whole again.",
};

/* A member that alone holds something is not dropped. */
static int drop_members(struct image *image, struct psh_super *super)
{
	u32 rest;
	u64 i;

	if (wanted.drop & ~psh_super_used(super)) {
		fprintf(stderr, "predshard: members %x: expected some of %x\n",
			wanted.drop, psh_super_used(super));
		return -EINVAL;
	}
	if (psh_super_has_log(super, wanted.drop) && !wanted.abandon) {
		fprintf(stderr,
			"predshard: members %x: the buffer log on them may hold what is nowhere else, expected --abandon-log too\n",
			wanted.drop);
		return -EINVAL;
	}
	for (i = 0; i < super->nr_segments; i++)
		if (!(psh_word_valid(image->word[i]) & ~wanted.drop)) {
			fprintf(stderr,
				"predshard: segment %llu is nowhere else\n", i);
			return -EINVAL;
		}
	for (rest = wanted.drop; rest; rest &= rest - 1)
		memset(&super->member[psh_log2(rest & -rest)], 0,
		       sizeof(super->member[0]));
	image->drop = wanted.drop;
	return 0;
}

/* Names what may be lost, as far as the metadata knows it. */
static void abandon_log(struct psh_super *super)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (psh_super_has_log(super, 1U << i))
			printf("%s the log on buffer %u, of epoch %llu, and all in it that is not home\n",
			       wanted.yes ? "abandons" : "would abandon", i,
			       super->member[i].epoch);
	psh_super_void_log(super);
}

static int save(const struct image *image, int fd)
{
	const struct image_change *change;
	u8 data[PSH_BLOCK_SIZE];

	for (change = image->changes; change; change = change->next) {
		__le64 place[2] = { cpu_to_le64(change->device),
				    cpu_to_le64(change->block) };

		if (pread(image->fd[change->device], data, sizeof(data),
			  change->block * PSH_BLOCK_SIZE) != sizeof(data) ||
		    write(fd, place, sizeof(place)) != sizeof(place) ||
		    write(fd, data, sizeof(data)) != sizeof(data))
			return -EIO;
	}
	return fsync(fd);
}

/* In the order in which store wrote them, each durable before the next. */
static int carry_out(const struct image *image,
		     const struct image_change *change, const int *fd)
{
	if (!change)
		return 0;
	if (carry_out(image, change->next, fd))
		return -EIO;
	return pwrite(fd[change->device], change->data, PSH_BLOCK_SIZE,
		      change->block * PSH_BLOCK_SIZE) == PSH_BLOCK_SIZE ?
		       fdatasync(fd[change->device]) :
		       -EIO;
}

static int write_changes(const struct image *image)
{
	int fd[PSH_DISK_DEVICES] = { -1, -1 }, backup, r = 0;
	unsigned int i;

	backup = open(wanted.backup, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      0600);
	if (backup < 0 || save(image, backup) || close(backup)) {
		perror(wanted.backup);
		return -EIO;
	}
	for (i = 0; i < PSH_DISK_DEVICES && image->path[i]; i++) {
		/* Fails while device-mapper holds a device. */
		fd[i] = open(image->path[i], O_WRONLY | O_EXCL | O_CLOEXEC);
		if (fd[i] < 0)
			r = -errno;
	}
	if (!r)
		r = carry_out(image, image->changes, fd);
	if (r)
		perror("predshard: the devices");
	for (i = 0; i < PSH_DISK_DEVICES; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return r;
}

static int repair(struct image *image)
{
	struct psh_super super = image->store.super;
	const struct image_change *change;

	if (drop_members(image, &super))
		return STATUS_FAILED;
	if (wanted.abandon)
		abandon_log(&super);
	psh_store_revive(&image->store);
	super.epoch++;
	if (psh_store_checkpoint(&image->store, &super)) {
		image_complain(image);
		return STATUS_FAILED;
	}
	for (change = image->changes; change; change = change->next)
		printf("%s %s block %llu\n",
		       wanted.yes ? "writes" : "would write",
		       image->path[change->device], change->block);
	if (!wanted.yes)
		return STATUS_OK;
	return write_changes(image) ? STATUS_FAILED : STATUS_OK;
}

int command_repair(int argc, char **argv)
{
	static struct image image;
	int status = STATUS_FAILED;

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (image_open(&image, wanted.names))
		image_complain(&image);
	else
		status = repair(&image);
	image_close(&image);
	return status;
}
