// SPDX-License-Identifier: GPL-2.0
/*
 * image: see image.h. Reads see the changes that were made in memory, so that
 * store can load again what it has just written.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "image.h"

static error_t parse_names(int key, char *value, struct argp_state *state)
{
	char **names = state->input;

	if (key == ARGP_KEY_ARG && !*names)
		*names = value;
	else if (key == ARGP_KEY_ARG)
		argp_error(state, "%s: expected one device, or two with a comma",
			   value);
	else if (key == ARGP_KEY_END && !*names)
		argp_error(state, "expected a metadata device");
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

const struct argp image_argp = {
	.parser = parse_names,
	.args_doc = "META[,MIRROR]",
};

static int image_read(void *owner, unsigned int device, u64 block, u32 nr,
		      void *data)
{
	struct image *image = owner;
	const struct image_change *change;
	size_t size = (size_t)nr * PSH_BLOCK_SIZE;
	u8 *to = data;
	u32 i;

	if (pread(image->fd[device], data, size, block * PSH_BLOCK_SIZE) !=
	    (ssize_t)size)
		return -EIO;
	for (i = 0; i < nr; i++, to += PSH_BLOCK_SIZE)
		for (change = image->changes; change; change = change->next)
			if (change->device == device &&
			    change->block == block + i) {
				memcpy(to, change->data, PSH_BLOCK_SIZE);
				break;
			}
	return 0;
}

static int image_write(void *owner, unsigned int device, u64 block, u32 nr,
		       const void *data, bool fua)
{
	struct image *image = owner;
	const u8 *from = data;
	u32 i;

	(void)fua;
	for (i = 0; i < nr; i++, from += PSH_BLOCK_SIZE) {
		struct image_change *change = malloc(sizeof(*change));

		if (!change)
			return -ENOMEM;
		change->next = image->changes;
		change->device = device;
		change->block = block + i;
		memcpy(change->data, from, PSH_BLOCK_SIZE);
		image->changes = change;
	}
	return 0;
}

static int image_flush(void *owner, unsigned int device)
{
	(void)owner;
	(void)device;
	return 0;
}

static u64 image_blocks(void *owner, unsigned int device)
{
	struct image *image = owner;
	off_t end = lseek(image->fd[device], 0, SEEK_END);

	return end < 0 ? 0 : end / PSH_BLOCK_SIZE;
}

static u64 image_word(void *owner, u64 segment)
{
	struct image *image = owner;

	return psh_word_lose(image->word[segment], image->drop, ~image->drop);
}

static void image_set_word(void *owner, u64 segment, u64 word)
{
	struct image *image = owner;

	image->word[segment] = word;
}

static const struct psh_store_ops image_ops = {
	.read = image_read,
	.write = image_write,
	.flush = image_flush,
	.blocks = image_blocks,
	.word = image_word,
	.set_word = image_set_word,
};

static int open_devices(struct image *image, char *names)
{
	char *comma = strchr(names, ',');
	unsigned int i;

	image->path[0] = names;
	if (comma) {
		*comma = '\0';
		image->path[1] = comma + 1;
	}
	for (i = 0; i < PSH_DISK_DEVICES && image->path[i]; i++) {
		image->fd[i] = open(image->path[i], O_RDONLY | O_CLOEXEC);
		if (image->fd[i] < 0) {
			int error = errno;

			image->store.device = i;
			snprintf(image->error, sizeof(image->error), "%s",
				 strerror(error));
			return -error;
		}
		image->store.given |= 1U << i;
	}
	return 0;
}

int image_open(struct image *image, char *names)
{
	int r;

	memset(image, 0, sizeof(*image));
	image->fd[0] = -1;
	image->fd[1] = -1;
	image->store.ops = &image_ops;
	image->store.owner = image;
	image->store.buffer = image->buffer;
	image->store.error = image->error;
	r = open_devices(image, names);
	if (!r)
		r = psh_store_find(&image->store);
	if (r == -ENODATA)
		snprintf(image->error, sizeof(image->error),
			 "is blank, expected metadata");
	if (r)
		return r;
	image->word = calloc(image->store.super.nr_segments,
			     sizeof(image->word[0]));
	return image->word ? psh_store_load(&image->store) : -ENOMEM;
}

void image_close(struct image *image)
{
	unsigned int i;

	for (i = 0; i < PSH_DISK_DEVICES; i++)
		if (image->fd[i] >= 0)
			close(image->fd[i]);
	while (image->changes) {
		struct image_change *change = image->changes;

		image->changes = change->next;
		free(change);
	}
	free(image->word);
}

void image_complain(const struct image *image)
{
	fprintf(stderr, "predshard: %s: %s\n", image->path[image->store.device],
		image->error);
}
