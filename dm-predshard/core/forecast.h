/* SPDX-License-Identifier: GPL-2.0 */
/*
 * forecast: from a history to what is to be expected.
 *
 * The one door to the forecasters. Takes a history at steps of 1 h, 5 min or
 * 10 s as a series keeps it, and gives for each step ahead the value that is
 * exceeded in nine, five and one of ten cases. There is always an answer: with
 * little history a plain one, without weights one without the network. It
 * keeps nothing but the ensemble that the caller holds for each metric, takes
 * no decision and reads no clock.
 */
#ifndef PSH_FORECAST_H
#define PSH_FORECAST_H

#include "ensemble.h"
#include "feature.h"
#include "load.h"
#include "lstm.h"
#include "near.h"

#define PSH_FORECAST_STEPS	96	/* most steps ahead */

/**
 * struct psh_forecast_step - what is expected of one step ahead
 * @p10: in one of ten cases less
 * @p50: as often more as less; just above the line where a peak is likely
 * @p90: in one of ten cases more
 * @peak: above the line of the last week's highest tenth (1 h steps), or
 *	  a spike is likely (5 min)
 */
struct psh_forecast_step {
	u64 p10;
	u64 p50;
	u64 p90;
	bool peak;
};

/**
 * struct psh_forecast_networks - weights, shared by all volumes
 * @hours: network of 1 h steps, or NULL
 * @minutes: network of 5 min steps, or NULL
 */
struct psh_forecast_networks {
	const struct psh_lstm *hours;
	const struct psh_lstm *minutes;
};

/**
 * struct psh_forecast_point - one step ahead, on the models' scale
 * @low: p10
 * @middle: p50
 * @high: p90
 * @peak: as in struct psh_forecast_step
 * @of: what each forecaster said
 */
struct psh_forecast_point {
	s32 low;
	s32 middle;
	s32 high;
	bool peak;
	s32 of[PSH_FORECASTER_NR];
};

/**
 * struct psh_forecast - room to work in, 24 KiB; one per worker
 * @load: the history
 * @outlook: of 1 h steps
 * @near: of 5 min steps
 * @memory: of the network
 * @steps: how many of @point there are
 * @present: bit set of the forecasters in @point
 * @point: the forecast
 * @plain: a forecast of the series without its profile
 * @variance: of @plain
 */
struct psh_forecast {
	struct psh_load load;
	union {
		struct psh_outlook outlook;
		struct psh_near near;
	};
	struct psh_lstm_state memory;
	u32 steps;
	u32 present;
	struct psh_forecast_point point[PSH_FORECAST_STEPS];
	s32 plain[PSH_FORECAST_STEPS];
	u64 variance[PSH_FORECAST_STEPS];
};

/**
 * psh_forecast_make() - look ahead
 * @work: room to work in
 * @networks: weights
 * @ensemble: of this metric; read only
 * @code: history as psh_series_code() made it, oldest first
 * @nr: samples of history
 * @step_s: 3600, 300, or anything else for a plain forecast
 * @steps: steps ahead, 1..%PSH_FORECAST_STEPS
 * @result: one per step
 *
 * About 1.8 million instructions for 24 steps of 1 h, see docs/forecasting.md.
 *
 * Return: 0; -ENODATA without history; -EINVAL for too many steps.
 */
int psh_forecast_make(struct psh_forecast *work,
		      const struct psh_forecast_networks *networks,
		      const struct psh_ensemble *ensemble, const u16 *code,
		      u32 nr, u32 step_s, u32 steps,
		      struct psh_forecast_step *result);

/**
 * psh_forecast_score() - learn from the last day
 * @work: room to work in
 * @networks: weights
 * @ensemble: of this metric; learns
 * @code: history at 1 h steps, oldest first
 * @nr: samples of history
 *
 * Makes the forecast of a day ago once more and compares it with what came: to
 * be called once a day, costs as much as a forecast. With less than three days
 * of history it does nothing.
 */
void psh_forecast_score(struct psh_forecast *work,
			const struct psh_forecast_networks *networks,
			struct psh_ensemble *ensemble, const u16 *code, u32 nr);

#endif /* PSH_FORECAST_H */
