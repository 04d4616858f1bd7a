// SPDX-License-Identifier: GPL-2.0
/*
 * watch: the subcommand that finds the spikes in a history.
 *
 * Shows a history to the module's own detector, step by step and each with what
 * came before it alone, and prints when a spike begins and ends. Nothing is
 * forecast, so that what recurs every night is found every night; in the module
 * it would be expected. It needs neither root nor the module.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../dm-predshard/core/series.h"
#include "../../dm-predshard/core/spike.h"
#include "command.h"
#include "history.h"

#define HIGHEST_LOG2	40	/* as the forecast scales */
#define FIVES_S		60	/* steps from here on are watched as 5 min are */

static error_t parse(int key, char *text, struct argp_state *state)
{
	(void)text;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.children = (const struct argp_child[]){ { .argp = &history_argp }, {} },
	.doc = "Find the spikes in a history, in steps of 10 s by default, as the module "
	       "would if it had no forecast.",
};

static int exponent_of(const struct history *history)
{
	double high = 0;
	size_t i;

	for (i = 0; i < history->nr; i++)
		high = fmax(high, history->value[i]);
	return high > 0 ? HIGHEST_LOG2 - ilogb(high) : 0;
}

static void print(const struct history *history)
{
	const struct psh_spike_policy *policy =
		history->step_s < FIVES_S ? &psh_spike_tens : &psh_spike_fives;
	const struct psh_spike_band none = { 0, PSH_SPIKE_UNKNOWN };
	int exponent = exponent_of(history);
	struct psh_spike spike;
	unsigned long spikes = 0;
	size_t i;

	psh_spike_begin(&spike);
	puts("time,turn,value,usual");
	for (i = 0; i < history->nr; i++) {
		u16 code = psh_series_code(ldexp(history->value[i], exponent));
		enum psh_spike_turn turn =
			psh_spike_look(&spike, policy, code, none);

		if (turn == PSH_SPIKE_SAME)
			continue;
		spikes += turn == PSH_SPIKE_BEGINS;
		printf("%lld,%s,%.9g,%.9g\n",
		       history->start_s + (long long)i * history->step_s,
		       turn == PSH_SPIKE_BEGINS ? "begins" : "ends",
		       history->value[i],
		       ldexp(psh_spike_usual(&spike), -exponent));
	}
	printf("# %lu spikes in %.1f days\n", spikes,
	       (double)history->nr * history->step_s / 86400);
}

int command_watch(int argc, char **argv)
{
	static char name[] = "predshard watch";
	struct history_source source = { .csv = "-", .step_s = 10 };
	struct history history;

	argv[0] = name;
	argp_err_exit_status = STATUS_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &source))
		return STATUS_USAGE;
	if (history_load(&history, &source))
		return STATUS_FAILED;
	print(&history);
	history_release(&history);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "predshard: output: %s\n", strerror(errno));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}
