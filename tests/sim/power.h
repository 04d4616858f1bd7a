/* SPDX-License-Identifier: GPL-2.0 */
/*
 * power: what decides a simulated run: one source of chance, and the moment at
 * which the machine stops.
 *
 * All chance comes from one seed, so that a run is replayed by its seed alone.
 * Every step of the model and every request to a device burns the fuse; when it
 * is out, control leaves through power_cut() to whoever lit it. It decides
 * nothing about what is lost then: devices do.
 */
#ifndef SIM_POWER_H
#define SIM_POWER_H

#include <setjmp.h>

#include "../vectors/random.h"

/**
 * struct power - chance and the fuse
 * @random: state of the generator, never 0
 * @fuse: steps left; 0: it does not burn
 * @steps: burnt since the run began
 * @whole: what crashes leave: 0: chance, 1: nothing of what was in
 *	   caches, 2: all of it
 * @trace: print what happens
 * @out: where a power cut goes
 */
struct power {
	u64 random;
	u32 fuse;
	u64 steps;
	unsigned int whole;
	bool trace;
	jmp_buf out;
};

/* 0 .. @sides - 1 */
static inline u32 power_dice(struct power *power, u32 sides)
{
	return (random_next(&power->random) >> 32) % sides;
}

static inline bool power_once_in(struct power *power, u32 sides)
{
	return !power_dice(power, sides);
}

/* How much of a cache survives: 0 nothing, 1 all, 2 a coin for each part. */
static inline unsigned int power_survival(struct power *power)
{
	u32 dice;

	if (power->whole)
		return power->whole - 1;
	dice = power_dice(power, 4);
	return dice > 2 ? 2 : dice;
}

/* Burns one step. Return: the power goes out during it. */
static inline bool power_fails(struct power *power)
{
	power->steps++;
	return power->fuse && !--power->fuse;
}

static inline void power_cut(struct power *power)
{
	longjmp(power->out, 1);
}

static inline void power_step(struct power *power)
{
	if (power_fails(power))
		power_cut(power);
}

#endif /* SIM_POWER_H */
