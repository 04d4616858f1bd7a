// SPDX-License-Identifier: GPL-2.0
/*
 * history: the reader of CSV.
 *
 * One pass, one line in memory at a time; what is kept is one number per step.
 * The span of a history is limited, so that one wrong time stamp is an error
 * and not a memory full of repeated values.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

#define STEPS_MOST	4000000

struct reader {
	struct history *history;
	const char *name;
	unsigned long line;
	double sum; /* of the open step */
	unsigned long samples;
	long long step; /* its number, from start_s */
	long long last_s;
	size_t room;
};

static int refuse(const struct reader *reader, const char *text,
		  const char *expected)
{
	fprintf(stderr, "predshard: %s:%lu: \"%.*s\": expected %s\n",
		reader->name, reader->line, (int)strcspn(text, "\r\n"), text,
		expected);
	return -1;
}

/* The open step ends, and the ones up to @step have no sample. */
static int close_steps(struct reader *reader, long long step)
{
	struct history *history = reader->history;
	double mean = history->nr ? history->value[history->nr - 1] : 0;

	if (reader->samples)
		mean = reader->sum / reader->samples;
	while ((size_t)step > reader->room) {
		size_t room = reader->room ? 2 * reader->room : 1024;
		double *value =
			reallocarray(history->value, room, sizeof(*value));

		if (!value) {
			fprintf(stderr, "predshard: %s\n", strerror(ENOMEM));
			return -1;
		}
		history->value = value;
		reader->room = room;
	}
	while (history->nr < (size_t)step)
		history->value[history->nr++] = mean;
	reader->sum = 0;
	reader->samples = 0;
	reader->step = step;
	return 0;
}

static int add(struct reader *reader, const char *text, long long time_s,
	       double value, int missing)
{
	struct history *history = reader->history;
	long long step;

	if (reader->last_s == -1)
		history->start_s = time_s;
	else if (time_s < reader->last_s)
		return refuse(reader, text, "a time not before the last row's");
	reader->last_s = time_s;
	step = (time_s - history->start_s) / history->step_s;
	if (step >= STEPS_MOST)
		return refuse(reader, text,
			      "a time less than 4000000 steps after the first");
	if (step > reader->step && close_steps(reader, step))
		return -1;
	if (!missing) {
		reader->sum += value;
		reader->samples++;
	}
	return 0;
}

static int parse(struct reader *reader, const char *text)
{
	char *end, *value_end;
	double time_s = strtod(text, &end), value;

	if (end == text && reader->line == 1)
		return 0;
	if (end == text || *end != ',' || !(time_s >= 0 && time_s < 1e15))
		return refuse(reader, text, "epoch_seconds,value");
	value = strtod(++end, &value_end);
	if (value_end == end && strchr(",\r\n", *end))
		return add(reader, text, time_s, 0, 1);
	if (value_end == end || !strchr(",\r\n", *value_end) ||
	    !isfinite(value))
		return refuse(reader, text, "a number after the comma");
	if (value < 0)
		return refuse(reader, text, "a value of 0 or more");
	return add(reader, text, time_s, value, 0);
}

static int read_rows(struct reader *reader, FILE *in)
{
	size_t size = 0;
	char *text = NULL;
	int status = 0;

	while (!status && getline(&text, &size, in) >= 0) {
		reader->line++;
		if (text[strspn(text, " \t\r\n")])
			status = parse(reader, text);
	}
	free(text);
	if (ferror(in)) {
		fprintf(stderr, "predshard: %s: %s\n", reader->name,
			strerror(errno));
		return -1;
	}
	return status;
}

int history_read(struct history *history, FILE *in, const char *name,
		 long step_s)
{
	struct reader reader = { .history = history,
				 .name = name,
				 .last_s = -1 };

	memset(history, 0, sizeof(*history));
	history->step_s = step_s;
	if (read_rows(&reader, in))
		goto release;
	if (reader.last_s == -1) {
		reader.line++;
		refuse(&reader, "", "rows of epoch_seconds,value");
		goto release;
	}
	if (close_steps(&reader, reader.step + 1))
		goto release;
	return 0;

release:
	history_release(history);
	return -1;
}

long history_number(struct argp_state *state, const char *what,
		    const char *text, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > most)
		argp_error(state, "%s: \"%s\": expected a number from 1 to %ld",
			   what, text, most);
	return value;
}

static error_t parse_source(int key, char *text, struct argp_state *state)
{
	struct history_source *source = state->input;

	switch (key) {
	case 'c':
		source->csv = text;
		return 0;
	case 's':
		source->step_s = history_number(state, "--step", text, 86400);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\": expected options only", text);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp history_argp = {
	.options = (const struct argp_option[]){
		{ "csv", 'c', "FILE", 0,
		  "History: epoch_seconds,value (- for stdin)", 0 },
		{ "step", 's', "SECONDS", 0, "Length of a step", 0 },
		{ 0 },
	},
	.parser = parse_source,
};

int history_load(struct history *history, const struct history_source *source)
{
	const char *csv = source->csv;
	bool is_stdin = !strcmp(csv, "-");
	FILE *in = is_stdin ? stdin : fopen(csv, "r");
	int status;

	if (!in) {
		fprintf(stderr, "predshard: %s: %s\n", csv, strerror(errno));
		return -1;
	}
	status = history_read(history, in, is_stdin ? "stdin" : csv,
			      source->step_s);
	if (!is_stdin)
		fclose(in);
	return status;
}

void history_release(struct history *history)
{
	free(history->value);
	history->value = NULL;
	history->nr = 0;
}
