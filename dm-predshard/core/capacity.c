// SPDX-License-Identifier: GPL-2.0
/*
 * capacity: Student's t of the increments between blocks.
 *
 * Called by the predictor's worker. The increments and not the level are
 * tested, because what is used wanders: a line through a random walk looks
 * significant almost always, its increments do not. Medians of blocks keep a
 * single wild sample out; they also make neighbouring increments alike, which
 * raises t of a random walk by about a fifth, and the lines below are that much
 * higher than a table has them for 1 in 100.
 *
 * Ranges: increments are shifted until they are below 2^25, so that sums of 15
 * are below 2^29, and 15 times the sum of squares is below 2^58: both sides of
 * the test are below 2^63. Times are found as logarithms, within a
 * ten-thousandth, for the product of two 64-bit numbers does not fit.
 */
#include "capacity.h"
#include "fixed.h"

#define HOUR_S 3600
#define SHIFT_MOST 5 /* slots of 32 hours: 96 of them are 128 days */
#define BLOCKS 16
#define BLOCKS_FEW 8
#define SAMPLES_FEW 24
#define SAMPLES_MANY 48
#define T2_MANY 13 /* 3.6 squared, of 15 increments */
#define T2_FEW 21 /* 4.6 squared, of 7 */
#define SIZE_LOG2 25 /* of an increment, shifted */
#define NARROWEST_Q16 1024 /* 1/64: nothing is known better */
#define WIDEST_Q16 (1LL << 24)
#define Z_Q16 104858 /* 1.6: 1.35, of 14 degrees, and a fifth more */
#define LONGEST_S (100ULL * 365 * 86400)

void psh_capacity_begin(struct psh_capacity *capacity)
{
	memset(capacity, 0, sizeof(*capacity));
}

/* Of each two samples the later one is kept. */
static void coarsen(struct psh_capacity *capacity)
{
	u32 i;

	for (i = 0; i < PSH_CAPACITY_SAMPLES / 2; i++)
		capacity->used[i] = capacity->used[2 * i + 1];
	capacity->nr = PSH_CAPACITY_SAMPLES / 2;
	capacity->shift++;
	capacity->slot >>= 1;
}

static void put(struct psh_capacity *capacity)
{
	u64 *used = capacity->used;

	if (capacity->nr == PSH_CAPACITY_SAMPLES) {
		memmove(used, used + 1,
			(PSH_CAPACITY_SAMPLES - 1) * sizeof(*used));
		capacity->nr--;
	}
	used[capacity->nr++] = capacity->now;
}

void psh_capacity_add(struct psh_capacity *capacity, s64 now_s, u64 used)
{
	u64 hour = now_s > 0 ? div64_u64(now_s, HOUR_S) : 0;
	u64 slot = hour >> capacity->shift;

	if (capacity->started &&
	    (slot > capacity->slot + PSH_CAPACITY_SAMPLES ||
	     slot + PSH_CAPACITY_SAMPLES < capacity->slot))
		psh_capacity_begin(capacity);
	if (!capacity->started) {
		capacity->started = true;
		capacity->slot = hour;
	}
	while (hour >> capacity->shift > capacity->slot) {
		put(capacity);
		capacity->slot++;
		if (capacity->nr == PSH_CAPACITY_SAMPLES &&
		    capacity->shift < SHIFT_MOST)
			coarsen(capacity);
	}
	capacity->now = used;
}

static u64 median(const u64 *sample, u32 nr)
{
	u64 sorted[PSH_CAPACITY_SAMPLES / BLOCKS + 1];
	u32 i, j;

	for (i = 0; i < nr; i++) {
		for (j = i; j && sorted[j - 1] > sample[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = sample[i];
	}
	return sorted[nr / 2];
}

/**
 * struct growth - increments between blocks
 * @nr: of increments
 * @block_s: seconds from one to the next
 * @shift: increments are of 2^@shift
 * @increment: each below 2^25 in size
 * @sum: of them
 * @squares: of them, summed
 */
struct growth {
	u32 nr;
	u32 block_s;
	u32 shift;
	s32 increment[BLOCKS - 1];
	s64 sum;
	s64 squares;
};

static u64 distance(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

static void look(struct growth *growth, const struct psh_capacity *capacity)
{
	u32 blocks = capacity->nr >= SAMPLES_MANY ? BLOCKS : BLOCKS_FEW;
	u32 size = capacity->nr / blocks, i;
	const u64 *sample = capacity->used + capacity->nr - blocks * size;
	u64 level[BLOCKS], most = 1;

	for (i = 0; i < blocks; i++)
		level[i] = median(sample + i * size, size);
	for (i = 1; i < blocks; i++)
		if (distance(level[i], level[i - 1]) > most)
			most = distance(level[i], level[i - 1]);
	growth->nr = blocks - 1;
	growth->block_s = (size * HOUR_S) << capacity->shift;
	growth->shift = most >> SIZE_LOG2 ? psh_log2(most) - SIZE_LOG2 + 1 : 0;
	growth->sum = 0;
	growth->squares = 0;
	for (i = 0; i < growth->nr; i++) {
		s64 size_of = distance(level[i + 1], level[i]) >> growth->shift;
		s64 increment = level[i + 1] < level[i] ? -size_of : size_of;

		growth->increment[i] = increment;
		growth->sum += increment;
		growth->squares += increment * increment;
	}
}

/* nr times the sum of squares around the mean; not below 0 (Cauchy). */
static s64 scatter(const struct growth *growth)
{
	return growth->nr * growth->squares - growth->sum * growth->sum;
}

/* t^2 = (nr - 1) sum^2 / scatter */
static bool is_significant(const struct growth *growth)
{
	s64 line = growth->nr == BLOCKS - 1 ? T2_MANY : T2_FEW;
	s64 sum2 = growth->sum * growth->sum;

	if (growth->sum <= 0)
		return false;
	return sum2 * (growth->nr - 1) >= scatter(growth) * line;
}

/* Of the last quarter of increments. */
static s64 recent_sum(const struct growth *growth, u32 *nr)
{
	s64 sum = 0;
	u32 i;

	*nr = growth->nr / 4 + 1;
	for (i = growth->nr - *nr; i < growth->nr; i++)
		sum += growth->increment[i];
	return sum;
}

static s32 log_ratio(u64 dividend, u64 divisor)
{
	return psh_fixed_log2(dividend) - psh_fixed_log2(divisor);
}

/* Below NARROWEST if there is no scatter. */
static u64 square_root_q16(s32 log2_q16)
{
	return psh_fixed_exp2(log2_q16 >> 1);
}

/*
 * How far off the time may be, as a share of it: the scatter of the mean, and
 * that of the blocks still to come.
 */
static u64 spread_q16(const struct growth *growth, s32 log_time)
{
	u64 around = scatter(growth), of_mean, of_rest, most;
	s32 log_t2, log_blocks;

	if (!around)
		return NARROWEST_Q16;
	log_t2 = 2 * psh_fixed_log2(growth->sum) +
		 psh_fixed_log2(growth->nr - 1) - psh_fixed_log2(around);
	log_blocks = log_time - psh_fixed_log2(growth->block_s);
	of_mean = square_root_q16(-log_t2);
	of_rest = square_root_q16(psh_fixed_log2(growth->nr) - log_blocks -
				  log_t2);
	/* Nearly the root of the sum of squares, and never below it. */
	most = of_mean > of_rest ? of_mean : of_rest;
	most = (most >> 1) + (of_mean + of_rest - most) / 4;
	return 2 * psh_fixed_clamp(most, NARROWEST_Q16 / 2, WIDEST_Q16);
}

static u64 seconds(s32 log2_q16)
{
	u64 time_s = log2_q16 < 0 ? 0 : psh_fixed_exp2(log2_q16) >> 16;

	return time_s < LONGEST_S ? time_s : PSH_CAPACITY_NEVER;
}

static void tell_dates(const struct growth *growth, u64 left,
		       struct psh_capacity_outlook *outlook)
{
	s32 log_time = psh_fixed_log2(left) + psh_fixed_log2(growth->nr) +
		       psh_fixed_log2(growth->block_s) -
		       psh_fixed_log2(growth->sum) - (s32)(growth->shift << 16);
	u64 wide_q16 = spread_q16(growth, log_time) * Z_Q16 >> 16;
	u32 nr;
	s64 recent = recent_sum(growth, &nr);
	s32 sooner = log_ratio(PSH_FIXED_ONE + wide_q16, PSH_FIXED_ONE);
	s32 faster = log_ratio(recent * growth->nr, growth->sum * nr);
	s32 later;

	if (faster > sooner)
		sooner = faster;
	outlook->middle_s = seconds(log_time);
	outlook->low_s = seconds(log_time - sooner);
	if (wide_q16 >= PSH_FIXED_ONE * 15 / 16)
		return;
	later = log_ratio(PSH_FIXED_ONE, PSH_FIXED_ONE - wide_q16);
	outlook->high_s = seconds(log_time + later);
}

static s64 per_day(const struct growth *growth)
{
	/* sum is below 2^29, and 86400 below 2^17 */
	s64 scaled = psh_fixed_divide(growth->sum * 86400,
				      growth->nr * growth->block_s);
	u32 room = 62 - growth->shift;

	return psh_fixed_clamp(scaled, -(1LL << room), 1LL << room) *
	       (1LL << growth->shift);
}

static enum psh_trend judge(const struct growth *growth)
{
	u32 nr;
	s64 recent;

	if (!is_significant(growth))
		return PSH_TREND_FLAT;
	recent = recent_sum(growth, &nr);
	/* Less than a quarter of the mean. */
	if (4 * recent * growth->nr < growth->sum * nr)
		return PSH_TREND_STOPPED;
	return PSH_TREND_GROWING;
}

void psh_capacity_look(const struct psh_capacity *capacity, u64 limit,
		       struct psh_capacity_outlook *outlook)
{
	struct growth growth;

	memset(outlook, 0, sizeof(*outlook));
	outlook->used = capacity->now;
	if (capacity->started && capacity->now >= limit) {
		outlook->trend = PSH_TREND_FULL;
		return;
	}
	outlook->low_s = PSH_CAPACITY_NEVER;
	outlook->middle_s = PSH_CAPACITY_NEVER;
	outlook->high_s = PSH_CAPACITY_NEVER;
	if (capacity->nr < SAMPLES_FEW)
		return;
	look(&growth, capacity);
	outlook->per_day = per_day(&growth);
	outlook->trend = judge(&growth);
	if (outlook->trend == PSH_TREND_GROWING)
		tell_dates(&growth, limit - capacity->now, outlook);
}

const char *psh_trend_name(u32 trend)
{
	static const char *const names[] = { "unknown", "flat", "stopped",
					     "growing", "full" };

	return trend < PSH_TREND_NR ? names[trend] : "unknown";
}
