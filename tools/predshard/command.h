/* SPDX-License-Identifier: GPL-2.0 */
/*
 * command: what main.c knows of a subcommand.
 *
 * A subcommand is a file of its own that offers one function here; main.c lists
 * it and prints nothing on its behalf. The function gets its own name as
 * argv[0] and gives the exit status of the program.
 */
#ifndef PREDSHARD_COMMAND_H
#define PREDSHARD_COMMAND_H

/* Exit statuses of every subcommand. */
enum status {
	STATUS_OK,
	STATUS_FAILED, /* the work could not be done; stderr says why */
	STATUS_USAGE, /* the command line was wrong */
};

int command_check(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_forecast(int argc, char **argv);
int command_repair(int argc, char **argv);
int command_watch(int argc, char **argv);

#endif /* PREDSHARD_COMMAND_H */
