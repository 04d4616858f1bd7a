/* SPDX-License-Identifier: GPL-2.0 */
/*
 * history: a user's series, read from CSV and put on even steps.
 *
 * Rows are "epoch_seconds,value"; a first row that begins with no number is a
 * header, further columns are ignored, an empty value is a missing sample.
 * Samples of one step are averaged, steps without one repeat the one before. A
 * bad row is refused with its line and what was expected of it; nothing is
 * guessed.
 */
#ifndef PREDSHARD_HISTORY_H
#define PREDSHARD_HISTORY_H

#include <argp.h>
#include <stddef.h>
#include <stdio.h>

struct history {
	long long start_s; /* time of the first step */
	long step_s;
	size_t nr;
	double *value; /* one per step; never negative */
};

/*
 * Return: 0; -1 after a message to stderr. On success the caller frees with
 * history_release().
 */
int history_read(struct history *history, FILE *in, const char *name,
		 long step_s);

/* What the user says of it. */
struct history_source {
	const char *csv; /* a file, "-" for stdin */
	long step_s;
};

/* A child parser for --csv and --step; its input is a struct history_source. */
extern const struct argp history_argp;

/* Return: @text as a number from 1 to @most; the user is told of any other. */
long history_number(struct argp_state *state, const char *what,
		    const char *text, long most);

/* The same as history_read(), of a source. */
int history_load(struct history *history, const struct history_source *source);

void history_release(struct history *history);

#endif /* PREDSHARD_HISTORY_H */
