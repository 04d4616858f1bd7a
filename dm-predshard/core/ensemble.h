/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ensemble: how much each forecaster is trusted, and how wide the bands are.
 *
 * Keeps the recent loss of every forecaster by how far ahead it looked, and
 * gives each a share that falls with the fourth power of its loss; the
 * seasonal naive one never has less than 1/32. Bands are widened after each
 * miss and narrowed after each hit, by steps of which nine hits make up for one
 * miss, so that each side settles where one in ten falls outside. It knows
 * nothing of how a forecast is made.
 */
#ifndef PSH_ENSEMBLE_H
#define PSH_ENSEMBLE_H

#include "base.h"

#define PSH_ENSEMBLE_BANDS	3	/* 1..6, 7..24, more hours ahead */

enum psh_forecaster_kind {
	PSH_FORECASTER_NAIVE, /* the same hour yesterday; always there */
	PSH_FORECASTER_PROFILE,
	PSH_FORECASTER_RECENT,
	PSH_FORECASTER_MEDIAN,
	PSH_FORECASTER_ARIMA,
	PSH_FORECASTER_WEEK,
	PSH_FORECASTER_NETWORK,
	PSH_FORECASTER_NR
};

/**
 * struct psh_ensemble - what was learnt of the forecasters
 * @loss: recent loss, by band and forecaster; grows with the load's unit
 * @share_q15: share of each, of those that were there when it was weighed
 * @widen_q10: factor on the lower and upper half of a band, by band
 * @scored: days scored
 */
struct psh_ensemble {
	u64 loss[PSH_ENSEMBLE_BANDS][PSH_FORECASTER_NR];
	u16 share_q15[PSH_ENSEMBLE_BANDS][PSH_FORECASTER_NR];
	s16 widen_q10[PSH_ENSEMBLE_BANDS][2];
	u32 scored;
};

/**
 * psh_ensemble_band() - which band an hour ahead is in
 * @hour: 0 for the next one
 *
 * Return: 0..%PSH_ENSEMBLE_BANDS - 1.
 */
static inline u32 psh_ensemble_band(u32 hour)
{
	return hour < 6 ? 0 : hour < 24 ? 1 : 2;
}

/**
 * psh_ensemble_begin() - nothing is known
 * @ensemble: what was learnt
 */
void psh_ensemble_begin(struct psh_ensemble *ensemble);

/**
 * psh_ensemble_fade() - make room for the losses of another day
 * @ensemble: what was learnt
 *
 * Older losses count 5/8.
 */
void psh_ensemble_fade(struct psh_ensemble *ensemble);

/**
 * psh_ensemble_lose() - book one hour's loss of one forecaster
 * @ensemble: what was learnt
 * @hour: hours ahead, 0 for the next one
 * @kind: the forecaster
 * @loss: distance of its forecast from what came
 */
void psh_ensemble_lose(struct psh_ensemble *ensemble, u32 hour,
		       enum psh_forecaster_kind kind, u64 loss);

/**
 * psh_ensemble_calibrate() - learn from one hour's band
 * @ensemble: what was learnt
 * @hour: hours ahead, 0 for the next one
 * @below: what came was below p10
 * @above: it was above p90
 */
void psh_ensemble_calibrate(struct psh_ensemble *ensemble, u32 hour, bool below,
			    bool above);

/**
 * psh_ensemble_weigh() - find the shares
 * @ensemble: what was learnt
 * @present: bit set of the forecasters that are there
 *
 * Divides once per band and forecaster.
 */
void psh_ensemble_weigh(struct psh_ensemble *ensemble, u32 present);

/**
 * psh_ensemble_mix() - the common forecast
 * @ensemble: weighed
 * @hour: hours ahead, 0 for the next one
 * @forecast: of each forecaster; of those absent any number
 *
 * Return: their mean by share.
 */
s32 psh_ensemble_mix(const struct psh_ensemble *ensemble, u32 hour,
		     const s32 *forecast);

#endif /* PSH_ENSEMBLE_H */
