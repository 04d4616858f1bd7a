/* SPDX-License-Identifier: GPL-2.0 */
/*
 * predictor: the module's forecast of a history in the user's unit.
 *
 * Puts a history on the integers that core works on, lets core learn from the
 * last days as the module would have, and gives the forecast back in the unit
 * of the input. It adds no judgement of its own: what it says is what the
 * module would say.
 */
#ifndef PREDSHARD_PREDICTOR_H
#define PREDSHARD_PREDICTOR_H

#include <stdbool.h>
#include <stddef.h>

#define PREDICTOR_STEPS	96	/* most steps ahead */

struct prediction {
	double p10;
	double p50;
	double p90;
	bool peak;
};

/*
 * Return: 0; -1 after a message to stderr. @nr is at least 1, @steps at most
 * PREDICTOR_STEPS.
 */
int predictor_run(const double *value, size_t nr, long step_s,
		  unsigned int steps, struct prediction *result);

#endif /* PREDSHARD_PREDICTOR_H */
