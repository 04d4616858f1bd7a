/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plot: a picture of a history and its forecast.
 *
 * As SVG that needs nothing but a browser, or as text for a terminal. It draws
 * what it is given, the last of the history first to be left out.
 */
#ifndef PREDSHARD_PLOT_H
#define PREDSHARD_PLOT_H

#include <stdio.h>

#include "history.h"
#include "predictor.h"

void plot_svg(FILE *out, const struct history *history,
	      const struct prediction *ahead, unsigned int nr);
void plot_text(FILE *out, const struct history *history,
	       const struct prediction *ahead, unsigned int nr);

#endif /* PREDSHARD_PLOT_H */
