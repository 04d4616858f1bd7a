// SPDX-License-Identifier: GPL-2.0
/*
 * forecast: the subcommand that forecasts a load from its history.
 *
 * Reads a CSV, makes one forecast with the module's own core, and prints it as
 * lines, JSON, a picture, or not at all but a backtest instead. It needs
 * neither root nor the module, writes nothing but its output, and takes a few
 * milliseconds.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtest.h"
#include "command.h"
#include "history.h"
#include "plot.h"
#include "predictor.h"

struct options {
	struct history_source source;
	unsigned int horizon;
	const char *plot;
	bool score;
	bool json;
};

static const struct argp_option argp_options[] = {
	{ "horizon", 'h', "STEPS", 0, "Steps ahead, 1 to 96 (24)", 0 },
	{ "plot", 'p', "svg|text", 0, "Draw history and forecast", 0 },
	{ "score", 'S', NULL, 0,
	  "Backtest against the seasonal naive forecast instead", 0 },
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ 0 }
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->source;
		return 0;
	case 'h':
		options->horizon = history_number(state, "--horizon", text,
						  PREDICTOR_STEPS);
		return 0;
	case 'p':
		if (strcmp(text, "svg") && strcmp(text, "text"))
			argp_error(state,
				   "--plot: \"%s\": expected svg or text",
				   text);
		options->plot = text;
		return 0;
	case 'S':
		options->score = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse,
	.children = (const struct argp_child[]){ { .argp = &history_argp }, {} },
	.doc = "Forecast a load from its history, in steps of an hour by default, as the module would.",
};

static void print_lines(const struct prediction *ahead, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		printf("%u,%.9g,%.9g,%.9g\n", i + 1, ahead[i].p10, ahead[i].p50,
		       ahead[i].p90);
}

static void print_json(const struct history *history,
		       const struct prediction *ahead, unsigned int nr)
{
	unsigned int i;

	printf("{\"step\":%ld,\"forecast\":[", history->step_s);
	for (i = 0; i < nr; i++)
		printf("%s\n {\"time\":%lld,\"p10\":%.9g,\"p50\":%.9g,\"p90\":%.9g,\"peak\":%s}",
		       i ? "," : "",
		       history->start_s +
			       (long long)(history->nr + i) * history->step_s,
		       ahead[i].p10, ahead[i].p50, ahead[i].p90,
		       ahead[i].peak ? "true" : "false");
	puts("\n]}");
}

static int run(const struct options *options, const struct history *history)
{
	struct prediction ahead[PREDICTOR_STEPS];

	if (options->score)
		return backtest_print(history, options->horizon, options->json);
	if (predictor_run(history->value, history->nr, options->source.step_s,
			  options->horizon, ahead))
		return -1;
	if (options->plot && !strcmp(options->plot, "svg"))
		plot_svg(stdout, history, ahead, options->horizon);
	else if (options->plot)
		plot_text(stdout, history, ahead, options->horizon);
	else if (options->json)
		print_json(history, ahead, options->horizon);
	else
		print_lines(ahead, options->horizon);
	return 0;
}

int command_forecast(int argc, char **argv)
{
	static char name[] = "predshard forecast";
	struct options options = {
		.source = { .csv = "-", .step_s = 3600 },
		.horizon = 24,
	};
	struct history history;
	int status;

	argv[0] = name;
	argp_err_exit_status = STATUS_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &options))
		return STATUS_USAGE;
	if (history_load(&history, &options.source))
		return STATUS_FAILED;
	status = run(&options, &history);
	history_release(&history);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "predshard: output: %s\n", strerror(errno));
		return STATUS_FAILED;
	}
	return status ? STATUS_FAILED : STATUS_OK;
}
