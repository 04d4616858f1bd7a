// SPDX-License-Identifier: GPL-2.0
/*
 * check: the subcommand that looks whether metadata is whole.
 *
 * As the module would load it, and one look more: with two devices, whether each
 * could do alone. Writes nothing.
 */
#include "command.h"
#include "image.h"

static error_t parse(int key, char *value, struct argp_state *state)
{
	(void)value;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.children = (const struct argp_child[]){ { .argp = &image_argp }, {} },
	.doc = "Look whether the metadata of a volume is whole. Writes nothing.",
};

/* Return: segments that only members of a set hold. */
static u64 held_by(const struct image *image, u32 members)
{
	u64 i, nr = 0;

	for (i = 0; i < image->store.super.nr_segments; i++)
		nr += !(psh_word_valid(image->word[i]) & ~members);
	return nr;
}

static int report(const struct image *image)
{
	const struct psh_super *super = &image->store.super;
	u32 away = psh_super_away(super);
	u32 missing = image->store.given & ~image->store.live;

	printf("whole: generation %llu, epoch %llu, %llu segments, %llu journal blocks%s\n",
	       super->generation, super->epoch, super->nr_segments,
	       image->store.next - super->checkpoint,
	       super->flags & PSH_SUPER_CLEAN ? "" :
						", not deactivated in order");
	if (away)
		printf("members away: %x, they alone hold %llu segments\n",
		       away, held_by(image, away));
	if (missing || image->store.lagging)
		printf("%s: is not up to date; activation will do that\n",
		       image->path[(missing | image->store.lagging) >> 1]);
	return missing ? STATUS_FAILED : STATUS_OK;
}

int command_check(int argc, char **argv)
{
	static struct image image;
	char *names = NULL;
	int r, status = STATUS_FAILED;

	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &names);
	r = image_open(&image, names);
	if (r)
		image_complain(&image);
	else
		status = report(&image);
	image_close(&image);
	return status;
}
