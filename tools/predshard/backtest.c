// SPDX-License-Identifier: GPL-2.0
/*
 * backtest: rolling origins against yesterday.
 *
 * Up to 50 origins, evenly over the second half. The naive bands are the tenth
 * and ninetieth percentile of its errors over the last seven seasons, so that
 * both forecasts know the same.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "backtest.h"
#include "predictor.h"

#define ORIGINS_MOST	50
#define SEASONS		7
#define SEASON_MOST	8640

struct score {
	double error; /* absolute, of p50 */
	double pinball; /* at 10, 50 and 90 % */
	double inside; /* of p10..p90 */
	unsigned long steps;
};

static double pinball(double came, double said, double share)
{
	return came >= said ? (came - said) * share :
			      (said - came) * (1 - share);
}

static void add(struct score *score, double came, const struct prediction *said)
{
	score->error += fabs(came - said->p50);
	score->pinball +=
		(pinball(came, said->p10, .1) + pinball(came, said->p50, .5) +
		 pinball(came, said->p90, .9)) /
		3;
	score->inside += came >= said->p10 && came <= said->p90;
	score->steps++;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t season_of(const struct history *history)
{
	size_t season = 86400 / history->step_s;

	return season > 1 ? season : 1;
}

/* Yesterday again. */
static void naive(const double *end, size_t nr, size_t season,
		  unsigned int steps, struct prediction *said)
{
	static double error[SEASONS * SEASON_MOST];
	size_t errors = 0, i;
	double low, high;

	for (i = 1; i + season <= nr && errors < SEASONS * season &&
		    errors < SEASONS * SEASON_MOST;
	     i++)
		error[errors++] = end[-(long)i] - end[-(long)(i + season)];
	qsort(error, errors, sizeof(*error), compare);
	low = errors ? error[(errors - 1) / 10] : 0;
	high = errors ? error[(errors - 1) * 9 / 10] : 0;
	for (i = 0; i < steps; i++) {
		said[i].p50 = end[-(long)season + (long)(i % season)];
		said[i].p10 = fmax(0, said[i].p50 + low);
		said[i].p90 = fmax(0, said[i].p50 + high);
	}
}

static int run_origin(const struct history *history, size_t origin,
		      unsigned int horizon, struct score *ours,
		      struct score *theirs)
{
	struct prediction said[PREDICTOR_STEPS];
	const double *end = history->value + origin;
	unsigned int i;

	if (predictor_run(history->value, origin, history->step_s, horizon,
			  said))
		return -1;
	for (i = 0; i < horizon; i++)
		add(ours, end[i], &said[i]);
	naive(end, origin, season_of(history), horizon, said);
	for (i = 0; i < horizon; i++)
		add(theirs, end[i], &said[i]);
	return 0;
}

static double ratio(double a, double b)
{
	return b > 0 ? a / b : a > 0 ? INFINITY : 1;
}

static void print(const struct score *ours, const struct score *theirs,
		  size_t origins, bool json)
{
	const char *format =
		json ? "{\"origins\":%zu,\"error_ratio\":%.3f,\"pinball_ratio\":%.3f,\"inside\":%.3f}\n" :
		       "origins %zu, error %.3f of seasonal naive, pinball %.3f of it, %.3f inside p10..p90\n";

	printf(format, origins, ratio(ours->error, theirs->error),
	       ratio(ours->pinball, theirs->pinball),
	       ours->inside / ours->steps);
}

int backtest_print(const struct history *history, unsigned int horizon,
		   bool json)
{
	struct score ours = { 0 }, theirs = { 0 };
	size_t season = season_of(history), first = history->nr / 2, last;
	size_t origins, i;

	if (first < 2 * season)
		first = 2 * season;
	if (history->nr < first + horizon) {
		fprintf(stderr,
			"predshard: %zu steps of history: expected at least %zu for --score\n",
			history->nr, first + horizon);
		return -1;
	}
	last = history->nr - horizon;
	origins = last - first + 1;
	if (origins > ORIGINS_MOST)
		origins = ORIGINS_MOST;
	for (i = 0; i < origins; i++) {
		size_t origin = last - (last - first) * i / origins;

		if (run_origin(history, origin, horizon, &ours, &theirs))
			return -1;
	}
	print(&ours, &theirs, origins, json);
	return 0;
}
