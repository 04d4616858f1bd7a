// SPDX-License-Identifier: GPL-2.0
/*
 * recall: see recall.h. Limits are those that the nouns keep themselves: a sum
 * of a slot is below 2^46 times its samples, of which an open slot has one at
 * least; a loss is below 2^54, as ensemble's own sum of days; means of a score
 * are below 2^54.
 */
#include "recall.h"

#define SAMPLES_MOST (1U << 17)
#define LOSS_MOST (1ULL << 54)
#define MEAN_MOST (1ULL << 54)
#define WIDEN_LEAST 768
#define WIDEN_MOST 2048
#define CODE_MOST 47104 /* psh_series_code() of the highest value */
#define SECTION_HEAD 8 /* tag and length */

static const u16 places[PSH_SERIES_RINGS] = {
	PSH_SERIES_TENS,
	PSH_SERIES_FIVES,
	PSH_SERIES_HOURS,
};

void psh_recall_write(struct psh_recall *recall, u8 *byte, u32 size)
{
	memset(recall, 0, sizeof(*recall));
	recall->byte = byte;
	recall->size = size;
	recall->end = size;
}

void psh_recall_read(struct psh_recall *recall, u8 *byte, u32 size)
{
	psh_recall_write(recall, byte, size);
	recall->reading = true;
}

/* --- fields ---------------------------------------------------------------- */

/* A number of some bytes, which is 0 where there is none. */
static u64 field(struct psh_recall *recall, u64 value, u32 bytes, u64 most)
{
	u64 result = 0;
	u32 i;

	if (recall->bad || bytes > recall->end - recall->at) {
		recall->bad = true;
		return 0;
	}
	for (i = 0; i < bytes; i++) {
		u8 *byte = &recall->byte[recall->at++];

		if (!recall->reading)
			*byte = value >> 8 * i;
		result |= (u64)*byte << 8 * i;
	}
	if (result <= most)
		return result;
	recall->bad = true;
	return 0;
}

static void u16_field(struct psh_recall *recall, u16 *value, u16 most)
{
	*value = field(recall, *value, 2, most);
}

static void u32_field(struct psh_recall *recall, u32 *value, u32 most)
{
	*value = field(recall, *value, 4, most);
}

static void u64_field(struct psh_recall *recall, u64 *value, u64 most)
{
	*value = field(recall, *value, 8, most);
}

/* --- sections --------------------------------------------------------------- */

bool psh_recall_find(struct psh_recall *recall, u32 tag)
{
	u32 have = 0, bytes = 0;

	recall->end = recall->size;
	recall->at = 0;
	recall->bad = false;
	while (recall->size - recall->at >= SECTION_HEAD) {
		u32_field(recall, &have, U32_MAX);
		u32_field(recall, &bytes, U32_MAX);
		if (bytes > recall->size - recall->at)
			return false;
		if (have == tag) {
			recall->end = recall->at + bytes;
			return true;
		}
		recall->at += bytes;
	}
	return false;
}

/* Return: where the section's head is. */
static u32 begin_section(struct psh_recall *recall, u32 tag)
{
	u32 head = recall->at, bytes = 0;

	if (recall->reading)
		return head;
	u32_field(recall, &tag, U32_MAX);
	u32_field(recall, &bytes, U32_MAX);
	return head;
}

static bool end_section(struct psh_recall *recall, u32 head)
{
	u32 after = recall->at, bytes = after - head - SECTION_HEAD;

	if (recall->bad)
		return false;
	if (recall->reading)
		return recall->at == recall->end;
	recall->at = head + 4;
	u32_field(recall, &bytes, U32_MAX);
	recall->at = after;
	return true;
}

/* --- what is in them -------------------------------------------------------- */

static void slot(struct psh_recall *recall, struct psh_series_slot *slot,
		 u16 room, bool started)
{
	u64_field(recall, &slot->number, U32_MAX);
	u32_field(recall, &slot->samples, SAMPLES_MOST);
	u64_field(recall, &slot->sum, PSH_SERIES_VALUE_MOST * slot->samples);
	u16_field(recall, &slot->head, room - 1);
	u16_field(recall, &slot->filled, room);
	if (started && !slot->samples)
		recall->bad = true;
}

static void series_fields(struct psh_recall *recall, struct psh_series *series)
{
	u32 started = series->started, i;

	u32_field(recall, &started, 1);
	series->started = started;
	for (i = 0; i < PSH_SERIES_RINGS; i++)
		slot(recall, &series->slot[i], places[i], started);
	for (i = 0; i < ARRAY_SIZE(series->code); i++)
		u16_field(recall, &series->code[i], CODE_MOST);
}

static void ensemble_fields(struct psh_recall *recall,
			    struct psh_ensemble *ensemble)
{
	u32 band, i;

	u32_field(recall, &ensemble->scored, U32_MAX);
	for (band = 0; band < PSH_ENSEMBLE_BANDS; band++) {
		for (i = 0; i < PSH_FORECASTER_NR; i++)
			u64_field(recall, &ensemble->loss[band][i], LOSS_MOST);
		for (i = 0; i < 2; i++) {
			u16 widen = ensemble->widen_q10[band][i];

			u16_field(recall, &widen, WIDEN_MOST);
			recall->bad |= widen < WIDEN_LEAST;
			ensemble->widen_q10[band][i] = widen;
		}
	}
}

static void score_fields(struct psh_recall *recall, struct psh_score *score)
{
	u32 i;

	for (i = 0; i < PSH_SCORE_AHEADS; i++) {
		struct psh_score_row *row = &score->row[i];

		row->error_q8 = field(recall, row->error_q8, 8, MEAN_MOST);
		row->naive_q8 = field(recall, row->naive_q8, 8, MEAN_MOST);
		row->inside_q16 = field(recall, row->inside_q16, 4, 1 << 16);
		u32_field(recall, &row->scored, U32_MAX);
	}
	for (i = 0; i < PSH_SCORE_ROOM; i++) {
		struct psh_score_said *said = &score->said[i];

		u32_field(recall, &said->hour, U32_MAX);
		u16_field(recall, &said->low, CODE_MOST);
		u16_field(recall, &said->middle, CODE_MOST);
		u16_field(recall, &said->high, CODE_MOST);
	}
}

bool psh_recall_metric(struct psh_recall *recall, u32 tag,
		       struct psh_series *series, struct psh_ensemble *ensemble,
		       struct psh_score *score)
{
	u32 head = begin_section(recall, tag);

	series_fields(recall, series);
	ensemble_fields(recall, ensemble);
	score_fields(recall, score);
	return end_section(recall, head);
}
