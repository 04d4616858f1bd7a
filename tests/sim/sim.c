// SPDX-License-Identifier: GPL-2.0
/*
 * sim: stops a simulated volume at any step, starts it again, and looks whether
 * anything was lost, mixed up, or came back from the dead.
 *
 *	sim [--points N] [--minutes N] [--from SEED]	many runs, from a seed on;
 *						from the first: short ones too
 *	sim --seed SEED					one run, told step by step
 *	sim --short					every short workload, every step
 *
 * A run is decided by its seed: the shape of the volume, who does what when, the
 * faults, the power cuts and what they leave. A point is one power cut with
 * the activation and the reads behind it; the next cut may hit that activation.
 * Prints "N passed, N failed"; a failure prints the command that replays it.
 */
#include <stdlib.h>
#include <time.h>

#include "volume.h"

#define CUTS_PER_RUN 24
#define SHORT (1ULL << 62) /* seeds of short workloads */
#define OPS 10 /* that short workloads are made of */
#define OPS_MOST 3

static struct volume volume;
static struct power power;

/* What is begun, and whose turn it is. */
enum act {
	ACT_FLUSH,
	ACT_JOB,
	ACT_CLEAR,
	ACT_LOSE,
	ACT_RETURN,
	ACT_READ,
	ACT_WRITE,
	ACTS,
};

enum turn {
	TURN_BEGIN,
	TURN_WORKER,
	TURN_JOB,
	TURN_FLUSH,
	TURN_WRITE,
	TURNS,
};

/**
 * struct habits - what a run likes to do
 * @act: weights of what is begun
 * @turn: weights of who is next
 * @fua: one write in so many is FUA
 * @darling: the disk that jobs, losses and returns like best, often the primary
 * @fuse: most power cuts come within so many steps
 *
 * Half of all runs have the usual ones. The others draw theirs, each weight
 * for itself, so that in some runs things pile up that seldom meet elsewhere.
 */
struct habits {
	u32 act[ACTS];
	u32 turn[TURNS];
	u32 fua;
	u32 darling;
	u32 fuse;
};

static const struct habits usual = {
	.act = { 2, 4, 2, 1, 2, 2, 6 },
	.turn = { 2, 2, 1, 1, 2 },
	.fua = 8,
	.darling = VOLUME_DISKS, /* none */
	.fuse = 160,
};

static struct habits habits;

static u32 one_of(const u32 *choice, u32 nr)
{
	return choice[power_dice(&power, nr)];
}

static void draw_habits(u32 disks)
{
	static const u32 weight[] = { 0, 1, 1, 2, 4, 8 };
	static const u32 turn[] = { 1, 1, 2, 4, 8 };
	static const u32 fua[] = { 1, 2, 8, 64 };
	static const u32 fuse[] = { 24, 60, 160, 400 };
	u32 i;

	for (i = 0; i < ACTS; i++)
		habits.act[i] = one_of(weight, ARRAY_SIZE(weight));
	habits.act[ACT_WRITE]++;
	for (i = 0; i < TURNS; i++)
		habits.turn[i] = one_of(turn, ARRAY_SIZE(turn));
	habits.fua = one_of(fua, ARRAY_SIZE(fua));
	habits.darling = power_dice(&power, 2) ? 0 :
						 power_dice(&power, 1 + disks);
	habits.fuse = one_of(fuse, ARRAY_SIZE(fuse));
}

static struct volume_config random_config(void)
{
	static const u32 faults[] = { 0, 3, 6, 16, 64 };
	struct volume_config config = {
		.disks = 2 + power_dice(&power, VOLUME_DISKS - 1),
		.segments = 1 + power_dice(&power, VOLUME_SEGMENTS),
		.stride = 1,
		.blocks = 2 + power_dice(&power, 3),
		.ring = 4 + power_dice(&power, META_RING_MOST - 3),
		.devices = 1 + power_dice(&power, 2),
		.victim = -1,
		.faults = power_dice(&power, 2) ? 16 : 0,
	};

	if (config.devices == 2 && power_dice(&power, 2))
		config.victim = power_dice(&power, 2);
	if (power_once_in(&power, 4))
		config.async = 1U << power_dice(&power, config.disks);
	habits = usual;
	if (power_dice(&power, 2))
		return config;
	draw_habits(config.disks);
	config.faults = one_of(faults, ARRAY_SIZE(faults));
	if (habits.darling < config.disks && power_dice(&power, 2))
		config.async = 1U << habits.darling;
	if (power_dice(&power, 2)) {
		config.segments = 1;
	} else if (power_dice(&power, 2)) {
		config.segments = VOLUME_SEGMENTS;
		config.stride = VOLUME_STRIDE;
	}
	return config;
}

/* Some weigh more than others. */
static u32 pick(const u32 *weight, u32 nr)
{
	u32 sum = 0, i;

	for (i = 0; i < nr; i++)
		sum += weight[i];
	sum = power_dice(&power, sum);
	for (i = 0; sum >= weight[i]; i++)
		sum -= weight[i];
	return i;
}

static u32 pick_member(void)
{
	u32 disk = power_dice(&power, volume.config.disks), member;

	if (habits.darling < volume.config.disks && power_dice(&power, 4))
		disk = habits.darling;
	for (member = 0; member < PSH_MEMBERS_MAX; member++)
		if (volume.members >> member & 1 &&
		    volume.disk_of[member] == disk)
			return member;
	return 0;
}

static void begin_something(u32 focus)
{
	const struct volume_config *config = &volume.config;
	u32 segment = power_dice(&power, 2) ?
			      focus :
			      power_dice(&power, config->segments);
	u32 member = pick_member();
	u32 first = power_dice(&power, config->blocks);

	switch (pick(habits.act, ACTS)) {
	case ACT_FLUSH:
		volume_begin_flush(&volume);
		break;
	case ACT_JOB:
		volume_begin_job(&volume, segment, member);
		break;
	case ACT_CLEAR:
		volume_begin_clear(&volume, segment);
		break;
	case ACT_LOSE:
		volume_lose(&volume, member, power_dice(&power, 2));
		break;
	case ACT_RETURN:
		volume_return(&volume, member);
		break;
	case ACT_READ:
		volume_read_all(&volume);
		break;
	default:
		volume_begin_write(&volume, segment, first,
				   1 + power_dice(&power,
						  config->blocks - first),
				   power_once_in(&power, habits.fua));
	}
}

/* Somebody's turn. */
static void step(u32 focus)
{
	power_step(&power);
	switch (pick(habits.turn, TURNS)) {
	case TURN_BEGIN:
		begin_something(focus);
		break;
	case TURN_WORKER:
		volume_step_worker(&volume);
		break;
	case TURN_JOB:
		volume_step_job(&volume);
		break;
	case TURN_FLUSH:
		volume_step_clear(&volume);
		volume_step_flush(&volume);
		break;
	default:
		volume_step_write(&volume, power_dice(&power, VOLUME_WRITES));
	}
}

/*
 * All have a segment; the darling misses something, is back, and is about to get
 * it. The power cut comes from here on.
 */
static void tease(u32 focus)
{
	u32 member = pick_member(), i;

	power.fuse = 0;
	for (i = 0; i < PSH_MEMBERS_MAX; i++) {
		volume_begin_job(&volume, focus, i);
		if (volume.members >> i & 1)
			volume_settle(&volume);
	}
	volume_lose(&volume, member, power_dice(&power, 2));
	volume_settle(&volume);
	volume_begin_write(&volume, focus, 0, 1, power_dice(&power, 2));
	volume_settle(&volume);
	volume_return(&volume, member);
	volume_settle(&volume);
	volume_begin_job(&volume, focus, member);
	/* Perhaps it has it, but for the record. */
	for (i = power_dice(&power, 2) * 64; i; i--)
		volume_step_job(&volume);
	power.fuse = 1 + power_dice(&power, habits.fuse);
}

/* From one power cut to the next; comes back through the fuse. */
static void live(void)
{
	u32 absent = 0, focus, i;

	/* The primary must be named, others may be missing. */
	if (volume_put_clone(&volume))
		absent = 0;
	else if (volume.born && power_once_in(&power, 6))
		absent = 1U
			 << (1 + power_dice(&power, volume.config.disks - 1));
	while (!volume_activate(&volume, absent) && !volume.error[0])
		;
	if (volume.error[0])
		return;
	if (!power_once_in(&power, 4))
		volume_read_all(&volume);
	focus = power_dice(&power, volume.config.segments);
	if (habits.darling < volume.config.disks && power_dice(&power, 2))
		tease(focus);
	for (i = 0; i < 1000 && !volume.error[0]; i++) {
		step(focus);
		if (power_once_in(&power, 300)) {
			volume_shut_down(&volume);
			return;
		}
	}
}

/* Return: points, or 0 on a violation. */
static u32 run_random(u64 seed)
{
	struct volume_config config;
	volatile u32 cuts;

	power.random = seed * 0x9e3779b97f4a7c15ULL | 1;
	power.whole = 0;
	power.steps = 0;
	power_dice(&power, 2);
	config = random_config();
	volume_create(&volume, &power, &config);
	for (cuts = 0; cuts < CUTS_PER_RUN; cuts++) {
		power.fuse = 1 + power_dice(&power, power_dice(&power, 3) ?
							    habits.fuse :
							    24);
		if (!setjmp(power.out))
			live();
		if (volume.error[0])
			return 0;
		volume_crash(&volume);
	}
	/* And once more undisturbed. */
	power.fuse = 0;
	while (!volume_activate(&volume, 0) && !volume.error[0])
		;
	if (!volume.error[0])
		volume_read_all(&volume);
	if (!volume.error[0])
		volume_reunite(&volume);
	return volume.error[0] ? 0 : cuts;
}

static void do_op(u32 op)
{
	switch (op) {
	case 0:
	case 1:
		volume_begin_write(&volume, 0, op, 1, false);
		break;
	case 2:
		volume_begin_write(&volume, 0, 0, 2, true);
		break;
	case 3:
		volume_begin_flush(&volume);
		break;
	case 4:
	case 5:
		volume_begin_job(&volume, 0, op - 4);
		break;
	case 6:
		volume_begin_clear(&volume, 0);
		break;
	case 7:
	case 8:
		volume_lose(&volume, op - 7, true);
		break;
	default:
		volume_return(&volume, 0);
		volume_return(&volume, 1);
	}
	volume_settle(&volume);
	volume_read_all(&volume);
}

/*
 * A short workload: one segment with two copies, up to three things done one
 * after the other, the power cut at one step, and again in the activation.
 * Return: the step was reached.
 */
static bool run_short(u64 seed)
{
	static const struct volume_config config = {
		.disks = 2,
		.segments = 1,
		.stride = 1,
		.blocks = 2,
		.ring = 4,
		.devices = 1,
		.victim = -1,
	};
	volatile bool reached = false;
	volatile u32 ops = seed % 1000, i;
	u32 at = seed / 1000 % 1000, second = seed / 1000000 % 100;

	power.random = 0x9e3779b97f4a7c15ULL;
	power.fuse = 0;
	power.steps = 0;
	power.whole = seed / 100000000 % 10;
	volume_create(&volume, &power, &config);
	volume_activate(&volume, 0);
	volume_begin_job(&volume, 0, 1 - volume.primary);
	volume_settle(&volume);
	power.random = seed | 1;
	power.fuse = at;
	if (!setjmp(power.out)) {
		for (i = 0; i < OPS_MOST; i++, ops /= OPS)
			do_op(ops % OPS);
	} else {
		reached = true;
		volume_crash(&volume);
	}
	power.fuse = second;
	if (reached && !volume.error[0] && !setjmp(power.out)) {
		volume_activate(&volume, 0);
		volume_read_all(&volume);
	} else if (reached) {
		volume_crash(&volume);
	}
	power.fuse = 0;
	if (reached && !volume.error[0]) {
		volume_activate(&volume, 0);
		volume_read_all(&volume);
	}
	return reached;
}

static void report(u64 seed, u64 points)
{
	printf("not ok - after %llu points: %s\n", points, volume.error);
	printf("# build/sim/sim --seed %llu\n", seed);
}

static int short_workloads(void)
{
	u64 points = 0, ops, at, second, whole;

	for (ops = 0; ops < OPS * OPS * OPS; ops++)
		for (whole = 0; whole < 3; whole++)
			for (second = 0; second < 12; second += 3)
				for (at = 1;; at++) {
					u64 seed = ops + at * 1000 +
						   second * 1000000 +
						   whole * 100000000;
					bool reached = run_short(seed);

					if (volume.error[0]) {
						report(SHORT + seed, points);
						return 1;
					}
					if (!reached)
						break;
					points++;
				}
	printf("ok - %llu crash points of all workloads of %u steps\n", points,
	       OPS_MOST);
	return 0;
}

static int random_runs(u64 seed, u64 wanted, u64 minutes)
{
	time_t end = time(NULL) + minutes * 60;
	clock_t start = clock();
	u64 points = 0, refused = 0;
	double rate;

	while (minutes ? time(NULL) < end : points < wanted) {
		u32 done = run_random(seed);

		if (!done) {
			report(seed, points);
			return 1;
		}
		points += done;
		refused += volume.refused;
		seed++;
	}
	rate = points * 60.0 / 1000000 * CLOCKS_PER_SEC / (clock() - start + 1);
	printf("ok - %llu crash points up to seed %llu, %llu refused and blanked, ",
	       points, seed - 1, refused);
	printf("%.2f million per minute and CPU\n", rate);
	return 0;
}

static int replay(u64 seed)
{
	power.trace = true;
	if (seed >= SHORT)
		run_short(seed - SHORT);
	else
		run_random(seed);
	printf("%s\n", volume.error[0] ? volume.error : "nothing is wrong");
	return !!volume.error[0];
}

int main(int argc, char **argv)
{
	u64 points = 1000000, minutes = 0, from = 1;
	int i, failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "0";

		if (!strcmp(argv[i], "--seed"))
			return replay(strtoull(value, NULL, 0));
		if (!strcmp(argv[i], "--short"))
			return short_workloads();
		if (!strcmp(argv[i], "--points"))
			points = strtoull(value, NULL, 0);
		else if (!strcmp(argv[i], "--minutes"))
			minutes = strtoull(value, NULL, 0);
		else if (!strcmp(argv[i], "--from"))
			from = strtoull(value, NULL, 0);
		else
			return 2;
		i++;
	}
	failed = random_runs(from, points, minutes);
	if (from > 1) {
		printf("%d passed, %d failed\n", 1 - failed, failed);
		return failed;
	}
	failed += short_workloads();
	printf("%d passed, %d failed\n", 2 - failed, failed);
	return failed;
}
