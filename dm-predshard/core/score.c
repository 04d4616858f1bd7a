// SPDX-License-Identifier: GPL-2.0
/*
 * score: see score.h. Values are below 2^46, so means in Q8 are below 2^54 and
 * differences fit. A mean moves by 1, 1/2, 1/2, 1/4, 1/4, 1/4, 1/4, 1/8 ... of the
 * distance at first and by 1/128 from then on. A place in @said is that of the
 * hour modulo the distance: it is free again when its hour has come.
 */
#include "score.h"
#include "series.h"

#define MEAN_SHIFT 7 /* over 128 hours */

static const struct {
	u32 hours; /* ahead */
	u32 first; /* place in said */
	u32 back; /* what seasonal naive repeats */
} aheads[PSH_SCORE_AHEADS] = {
	{ 1, 0, 24 },
	{ 24, 1, 24 },
	{ 72, 25, 72 },
};

u32 psh_score_ahead(u32 row)
{
	return aheads[row].hours;
}

void psh_score_begin(struct psh_score *score)
{
	memset(score, 0, sizeof(*score));
}

static struct psh_score_said *place_of(struct psh_score *score, u32 row,
				       u32 hour)
{
	return &score->said[aheads[row].first + hour % aheads[row].hours];
}

void psh_score_say(struct psh_score *score, u32 row,
		   const struct psh_score_said *said)
{
	*place_of(score, row, said->hour) = *said;
}

static s64 distance_q8(u16 code, u64 came)
{
	u64 value = psh_series_value(code);

	return (s64)(value > came ? value - came : came - value) << 8;
}

static void book(struct psh_score_row *row, const struct psh_score_said *said,
		 u16 came, u16 naive)
{
	u64 value = psh_series_value(came);
	s32 inside = (came >= said->low && came <= said->high) << 16;
	u32 shift;

	row->scored += row->scored < U32_MAX;
	shift = psh_log2(row->scored);
	if (shift > MEAN_SHIFT)
		shift = MEAN_SHIFT;
	row->error_q8 += (distance_q8(said->middle, value) - row->error_q8) >>
			 shift;
	row->naive_q8 += (distance_q8(naive, value) - row->naive_q8) >> shift;
	row->inside_q16 += (inside - row->inside_q16) >> shift;
}

void psh_score_came(struct psh_score *score, u32 hour, const u16 *code, u32 nr)
{
	u32 row;

	for (row = 0; row < PSH_SCORE_AHEADS; row++) {
		struct psh_score_said *said = place_of(score, row, hour);
		u32 back = aheads[row].back;

		if (hour && said->hour == hour && nr > back)
			book(&score->row[row], said, code[nr - 1],
			     code[nr - 1 - back]);
	}
}

u32 psh_score_error(const struct psh_score_row *row)
{
	u64 permille;

	if (!row->naive_q8)
		return row->error_q8 ? PSH_SCORE_MOST : 1000;
	/* 2^54 times 1000 is below 2^64. */
	permille = div64_u64((u64)row->error_q8 * 1000, row->naive_q8);
	return permille < PSH_SCORE_MOST ? permille : PSH_SCORE_MOST;
}

u32 psh_score_inside(const struct psh_score_row *row)
{
	return (u64)row->inside_q16 * 1000 >> 16;
}
