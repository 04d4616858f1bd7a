/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backtest: how good the forecast would have been on this history.
 *
 * Forecasts from origins in the second half of a history, each with what came
 * before it alone, and compares with what came. The measure is the seasonal
 * naive forecast, yesterday again, with bands from its own errors: below 1 is
 * better than that.
 */
#ifndef PREDSHARD_BACKTEST_H
#define PREDSHARD_BACKTEST_H

#include <stdbool.h>

#include "history.h"

/*
 * Prints one line of results, or JSON. Return: 0; -1 after a message to stderr,
 * also when the history is too short.
 */
int backtest_print(const struct history *history, unsigned int horizon,
		   bool json);

#endif /* PREDSHARD_BACKTEST_H */
