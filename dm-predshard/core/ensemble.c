// SPDX-License-Identifier: GPL-2.0
/*
 * ensemble: shares and widths from recent losses.
 *
 * Scored once a day per series, so that one bad hour moves little. Before
 * anything was scored the network, if there is one, has nearly all, as it
 * had in every backtest; the factor of 8 by which it is preferred later
 * was chosen on series that it was not trained on. Losses are cut to 2^48 and
 * faded before each day, so that their sums stay below 2^56.
 */
#include "ensemble.h"
#include "fixed.h"

#define LOSS_LIMIT	(1ULL << 48)
#define NETWORK_FACTOR	8
#define NAIVE_LEAST	(32768 / 32)
#define WIDEN_FAR	1088	/* beyond a day, which nothing is scored for */
#define WIDEN_LEAST	(1024 * 3 / 4)
#define WIDEN_MOST	(1024 * 2)
#define WIDEN_STEP	2	/* per hit, of 1024; a miss is nine */

void psh_ensemble_begin(struct psh_ensemble *ensemble)
{
	u32 band;

	memset(ensemble, 0, sizeof(*ensemble));
	for (band = 0; band < PSH_ENSEMBLE_BANDS; band++) {
		s16 widen_q10 = band < 2 ? 1024 : WIDEN_FAR;

		ensemble->widen_q10[band][0] = widen_q10;
		ensemble->widen_q10[band][1] = widen_q10;
	}
}

void psh_ensemble_fade(struct psh_ensemble *ensemble)
{
	u32 band, kind;

	ensemble->scored++;
	for (band = 0; band < PSH_ENSEMBLE_BANDS; band++)
		for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
			ensemble->loss[band][kind] =
				(ensemble->loss[band][kind] >> 3) * 5;
}

void psh_ensemble_lose(struct psh_ensemble *ensemble, u32 hour,
		       enum psh_forecaster_kind kind, u64 loss)
{
	u64 *sum = &ensemble->loss[psh_ensemble_band(hour)][kind];

	*sum += loss < LOSS_LIMIT ? loss : LOSS_LIMIT;
}

static void step(s16 *widen_q10, bool missed)
{
	*widen_q10 = psh_fixed_clamp(*widen_q10 + (missed ? 9 * WIDEN_STEP :
							    -WIDEN_STEP),
				     WIDEN_LEAST, WIDEN_MOST);
}

void psh_ensemble_calibrate(struct psh_ensemble *ensemble, u32 hour, bool below,
			    bool above)
{
	s16 *widen_q10 = ensemble->widen_q10[psh_ensemble_band(hour)];

	step(&widen_q10[0], below);
	step(&widen_q10[1], above);
}

/* The fourth power of least / loss, in Q24: 1 for the best. */
static u64 merit(u64 loss, u64 least)
{
	u64 ratio_q12 = div64_u64(least << 7, (loss >> 5) + 1);

	if (ratio_q12 > 4096)
		ratio_q12 = 4096;
	ratio_q12 = ratio_q12 * ratio_q12 >> 12;
	return ratio_q12 * ratio_q12;
}

/* A band counts with its own losses and with those of all. */
static void sum_losses(const struct psh_ensemble *ensemble, u32 band, u64 *loss)
{
	u32 kind, other;

	for (kind = 0; kind < PSH_FORECASTER_NR; kind++) {
		loss[kind] = ensemble->loss[band][kind] + 1;
		for (other = 0; other < PSH_ENSEMBLE_BANDS; other++)
			loss[kind] += ensemble->loss[other][kind];
		/* Of what was never scored the naive one's loss is assumed. */
		if (loss[kind] == 1)
			loss[kind] = loss[PSH_FORECASTER_NAIVE];
	}
}

static void share(u16 *share_q15, u64 *merits, u32 present)
{
	u64 sum = 0, rest = 32768 - NAIVE_LEAST;
	u32 kind;

	for (kind = 0; kind < PSH_FORECASTER_NR; kind++) {
		if (!(present & 1U << kind))
			merits[kind] = 0;
		sum += merits[kind];
	}
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		share_q15[kind] = sum ? div64_u64(merits[kind] * rest, sum) : 0;
	/* What rounding leaves is the naive one's too. */
	sum = 0;
	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		sum += share_q15[kind];
	share_q15[PSH_FORECASTER_NAIVE] += 32768 - sum;
}

void psh_ensemble_weigh(struct psh_ensemble *ensemble, u32 present)
{
	u64 loss[PSH_FORECASTER_NR], merits[PSH_FORECASTER_NR], least;
	u32 band, kind;

	for (band = 0; band < PSH_ENSEMBLE_BANDS; band++) {
		least = U64_MAX;
		sum_losses(ensemble, band, loss);
		for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
			if (present & 1U << kind && loss[kind] < least)
				least = loss[kind];
		for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
			merits[kind] = merit(loss[kind], least);
		merits[PSH_FORECASTER_NETWORK] *=
			ensemble->scored ? NETWORK_FACTOR : 3 * NETWORK_FACTOR;
		share(ensemble->share_q15[band], merits, present);
	}
}

s32 psh_ensemble_mix(const struct psh_ensemble *ensemble, u32 hour,
		     const s32 *forecast)
{
	const u16 *share_q15 = ensemble->share_q15[psh_ensemble_band(hour)];
	s64 sum_q15 = 0;
	u32 kind;

	for (kind = 0; kind < PSH_FORECASTER_NR; kind++)
		if (share_q15[kind])
			sum_q15 += (s64)forecast[kind] * share_q15[kind];
	return psh_fixed_shift(sum_q15, 15);
}
