// SPDX-License-Identifier: GPL-2.0
/*
 * forecast_fuzz: no history and no weights make a forecast misbehave.
 *
 * Input: how many samples (2 bytes), which step, how many steps ahead, how many
 * bytes of weights follow (2 bytes), those, then samples of 2 bytes, which are
 * repeated. The weights are tried as they are and, so that what lies behind the
 * checksum is reached, with the checksum made right. Guaranteed for every
 * input: no crash and no undefined behaviour (sanitizers watch), quantiles in
 * order, nothing above four times the highest sample. The same samples go through
 * the detector of spikes and the forecast of when something is full, which must
 * keep their bounds. Whether a forecast is any good is the scorer's question.
 */
#include <stdlib.h>

#include "../../dm-predshard/core/capacity.h"
#include "../../dm-predshard/core/forecast.h"
#include "../../dm-predshard/core/series.h"
#include "../../dm-predshard/core/spike.h"

#define SAMPLES_MOST 2100
#define HEADER 6

struct input {
	const u8 *data;
	size_t size;
};

static struct psh_forecast work;
static struct psh_lstm network;
static u16 code[SAMPLES_MOST];
static u64 highest;

static void check(bool fact)
{
	if (!fact)
		abort();
}

static void fill(u32 nr, struct input samples)
{
	u32 i;

	highest = 0;
	for (i = 0; i < nr; i++) {
		size_t at = samples.size > 1 ? 2 * i % (samples.size - 1) : 0;

		code[i] = samples.size > 1 ?
				  samples.data[at] | samples.data[at + 1] << 8 :
				  0;
		if (psh_series_value(code[i]) > highest)
			highest = psh_series_value(code[i]);
	}
}

static void forecast(const struct psh_lstm *lstm, u32 nr, u32 step_s, u32 steps)
{
	static struct psh_forecast_step step[PSH_FORECAST_STEPS];
	struct psh_forecast_networks networks = { lstm, lstm };
	struct psh_ensemble ensemble;
	u32 i;

	psh_ensemble_begin(&ensemble);
	if (step_s == 3600)
		psh_forecast_score(&work, &networks, &ensemble, code, nr);
	check(!psh_forecast_make(&work, &networks, &ensemble, code, nr, step_s,
				 steps, step));
	for (i = 0; i < steps; i++) {
		check(step[i].p10 <= step[i].p50);
		check(step[i].p50 <= step[i].p90);
		check(step[i].p90 <= 4 * highest);
	}
}

/* Return: the network, or NULL with a reason. */
static const struct psh_lstm *decode(const u8 *blob, size_t size)
{
	const char *error = NULL;

	if (!psh_lstm_decode(&network, blob, size, &error))
		return &network;
	check(error && error[0]);
	return NULL;
}

static const struct psh_lstm *decode_anyway(struct input weights)
{
	static u8 blob[1 << 16];
	u32 crc;

	memcpy(blob, weights.data, weights.size);
	if (decode(blob, weights.size) || weights.size < PSH_LSTM_HEADER)
		return decode(blob, weights.size);
	crc = psh_lstm_checksum(blob, weights.size);
	blob[12] = crc;
	blob[13] = crc >> 8;
	blob[14] = crc >> 16;
	blob[15] = crc >> 24;
	return decode(blob, weights.size);
}

/* Each sample was forecast by the two before it. */
static void watch(const struct psh_spike_policy *policy, u32 nr)
{
	enum psh_spike_turn last = PSH_SPIKE_ENDS, turn;
	struct psh_spike spike;
	u32 i;

	psh_spike_begin(&spike);
	for (i = 0; i < nr; i++) {
		struct psh_spike_band band = { code[i ? i - 1 : 0],
					       i > 1 ? code[i - 2] : 0 };

		turn = psh_spike_look(&spike, policy, code[i], band);
		check(spike.deviation_q16 >= policy->floor_q10 << 6);
		check(spike.evidence_q16 >= 0);
		check(psh_spike_usual(&spike) <= PSH_SERIES_VALUE_MOST);
		/* Begins and ends take turns. */
		check(turn == PSH_SPIKE_SAME || turn != last);
		check(spike.active ==
		      ((turn ? turn : last) == PSH_SPIKE_BEGINS));
		last = turn ? turn : last;
	}
}

/* Samples as what is used, an hour or what the sample says apart. */
static void fill_up(u32 nr)
{
	struct psh_capacity_outlook outlook;
	struct psh_capacity capacity;
	s64 now_s = 0;
	u32 i;

	psh_capacity_begin(&capacity);
	for (i = 0; i < nr; i++) {
		now_s += code[i] % 8 ? 3600 : (s64)code[i] * 60 - 1000000;
		psh_capacity_add(&capacity, now_s,
				 psh_series_value(code[i]) << 17);
	}
	psh_capacity_look(&capacity, highest << 17, &outlook);
	check(outlook.low_s <= outlook.middle_s);
	check(outlook.middle_s <= outlook.high_s);
	check(outlook.trend < PSH_TREND_NR);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u32 steps_s[] = { 3600, 300, 10, 3600 };
	struct input weights, samples;
	u32 nr;

	if (size < HEADER)
		return 0;
	nr = 1 + (data[0] | data[1] << 8) % SAMPLES_MOST;
	weights.data = data + HEADER;
	weights.size = data[4] | data[5] << 8;
	if (weights.size > size - HEADER)
		weights.size = size - HEADER;
	samples.data = weights.data + weights.size;
	samples.size = size - HEADER - weights.size;
	fill(nr, samples);
	watch(&psh_spike_tens, nr);
	watch(&psh_spike_fives, nr);
	fill_up(nr);
	forecast(decode_anyway(weights), nr, steps_s[data[2] & 3],
		 1 + data[3] % PSH_FORECAST_STEPS);
	return 0;
}
