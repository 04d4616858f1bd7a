/* SPDX-License-Identifier: GPL-2.0 */
/*
 * args: cut a table line into arguments as dm does.
 *
 * The rules of dm_split_args() in drivers/md/dm-table.c, which modules cannot
 * call: arguments are parted by white space, a backslash takes the next byte
 * as it is. Works in place and keeps no more than ARGS_MAX arguments; tests
 * that need more build their own.
 */
#ifndef PSH_VECTORS_ARGS_H
#define PSH_VECTORS_ARGS_H

#include "../../dm-predshard/core/base.h"

#define ARGS_MAX	64

/* The kernel's isspace(): ASCII, and the Latin-1 no-break space. */
static inline bool args_is_space(char c)
{
	return c && strchr(" \t\n\v\f\r\xa0", c);
}

/* Move one argument from @in to @out. Return: what follows it in the line. */
static inline char *args_take(char *in, char *out)
{
	while (*in && !args_is_space(*in)) {
		if (in[0] == '\\' && in[1])
			in++;
		*out++ = *in++;
	}
	if (*in)
		in++;
	*out = '\0';
	return in;
}

/* Return: the number of arguments put into @argv. */
static inline unsigned int args_split(char *line, char **argv)
{
	unsigned int argc = 0;

	while (argc < ARGS_MAX) {
		while (args_is_space(*line))
			line++;
		if (!*line)
			break;
		argv[argc++] = line;
		line = args_take(line, line);
	}
	return argc;
}

#endif /* PSH_VECTORS_ARGS_H */
