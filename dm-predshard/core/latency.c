// SPDX-License-Identifier: GPL-2.0
/*
 * latency: learn a member's floor and slope from its completions.
 *
 * Called from end_io for sampled reads, in any context, on any CPU at once:
 * each field is read and written whole (READ_ONCE/WRITE_ONCE pair among the
 * callers and with psh_latency_expect()), so a race loses a sample. It knows
 * no member and no policy; balance.c compares and probes.
 *
 * The floor rises only by requests that were alone: what a request waited
 * behind others says nothing about an idle member. It falls by any request,
 * because no queue makes a member faster.
 *
 * The slope is that of a member whose queue shows: while a request takes
 * hardly longer than the floor, the member has room, and latency divided by
 * requests only says that the slope is not larger; it is taken for half of that,
 * that is, twice as many would still find room. The first one that had to wait
 * corrects it. Without this rule a member with few requests looks worse per
 * request than one that is full, and stays the one with few.
 */
#include "latency.h"

#define NS_MAX		4000000000U	/* 4 s, fits 32 bits */
#define RISE_SHIFT	3		/* 1/8 of the difference per sample */
#define FALL_SHIFT	2		/* 1/4 */

/* Reciprocals in Q24; at a load of 127 within 1/132104 of the true one. */
#define RECIPROCAL_SHIFT	24
#define RECIPROCALS		128U
#define R(load)		((1U << RECIPROCAL_SHIFT) / (load))

/* The first is for a load of 0, which is none and counts as 1. */
static const u32 reciprocal[RECIPROCALS] = {
	R(1),	R(1),	R(2),	R(3),	R(4),	R(5),	R(6),	R(7),	R(8),
	R(9),	R(10),	R(11),	R(12),	R(13),	R(14),	R(15),	R(16),	R(17),
	R(18),	R(19),	R(20),	R(21),	R(22),	R(23),	R(24),	R(25),	R(26),
	R(27),	R(28),	R(29),	R(30),	R(31),	R(32),	R(33),	R(34),	R(35),
	R(36),	R(37),	R(38),	R(39),	R(40),	R(41),	R(42),	R(43),	R(44),
	R(45),	R(46),	R(47),	R(48),	R(49),	R(50),	R(51),	R(52),	R(53),
	R(54),	R(55),	R(56),	R(57),	R(58),	R(59),	R(60),	R(61),	R(62),
	R(63),	R(64),	R(65),	R(66),	R(67),	R(68),	R(69),	R(70),	R(71),
	R(72),	R(73),	R(74),	R(75),	R(76),	R(77),	R(78),	R(79),	R(80),
	R(81),	R(82),	R(83),	R(84),	R(85),	R(86),	R(87),	R(88),	R(89),
	R(90),	R(91),	R(92),	R(93),	R(94),	R(95),	R(96),	R(97),	R(98),
	R(99),	R(100), R(101), R(102), R(103), R(104), R(105), R(106), R(107),
	R(108), R(109), R(110), R(111), R(112), R(113), R(114), R(115), R(116),
	R(117), R(118), R(119), R(120), R(121), R(122), R(123), R(124), R(125),
	R(126), R(127),
};

/*
 * ns / load. Cannot overflow: below 2^32 times at most 2^24. Loads from 128 on
 * lose their low bits until they fit the table; the result is then up to
 * 1/64 too large.
 */
static u32 per_request(u32 ns, unsigned int load)
{
	unsigned int shift = RECIPROCAL_SHIFT;

	while (load >= RECIPROCALS) {
		load >>= 1;
		shift++;
	}
	return (u64)ns * reciprocal[load] >> shift;
}

static u32 approach(u32 old, u32 sample, unsigned int fall_shift)
{
	if (sample > old)
		return old + ((sample - old) >> RISE_SHIFT);
	return old - ((old - sample) >> fall_shift);
}

void psh_latency_learn(struct psh_latency *latency, u64 ns, unsigned int load)
{
	u32 sample = ns < NS_MAX ? ns : NS_MAX;
	u32 floor = READ_ONCE(latency->floor_ns);
	u32 slope = READ_ONCE(latency->slope_ns);
	bool queued;
	u32 per;

	if (!sample)
		sample = 1;	/* a floor of 0 means: no sample yet */
	if (!floor) {
		WRITE_ONCE(latency->slope_ns, per_request(sample, load));
		WRITE_ONCE(latency->floor_ns, sample);
		return;
	}
	queued = sample > (u64)floor + floor / 4;
	per = per_request(sample, load) >> !queued;
	if (per < slope || queued)
		WRITE_ONCE(latency->slope_ns, approach(slope, per, FALL_SHIFT));
	if (load <= 1 || sample < floor)
		WRITE_ONCE(latency->floor_ns, approach(floor, sample, 0));
}
