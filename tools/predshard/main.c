// SPDX-License-Identifier: GPL-2.0
/*
 * main: the program predshard, which is a table of subcommands.
 *
 * Finds the subcommand that the first argument names and returns its status: 0
 * for success, 1 for failure, 2 for a wrong command line. All else is the
 * subcommands' own, each in the file of its name.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *purpose;
};

static const struct command commands[] = {
	{ "check", command_check, "look whether metadata is whole" },
	{ "dump", command_dump, "print what metadata says" },
	{ "forecast", command_forecast, "forecast a load from its history" },
	{ "repair", command_repair, "make metadata whole again, with a backup" },
	{ "watch", command_watch, "find the spikes in a history" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *out)
{
	size_t i;

	fputs("usage: predshard COMMAND [OPTION...]\n\n", out);
	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].purpose);
	fputs("\n`predshard COMMAND --help` tells the options.\n", out);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		print_usage(stdout);
		return STATUS_OK;
	}
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "predshard: %s: expected a command, such as %s\n",
		argv[1], commands[0].name);
	return STATUS_USAGE;
}
