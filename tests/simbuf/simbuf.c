// SPDX-License-Identifier: GPL-2.0
/*
 * simbuf: millions of crashes of a volume with a write buffer.
 *
 *	simbuf [--seed N] [--runs N] [--trace]
 *
 * A run is a volume whose shape and 200 lives its seed decides; each life ends
 * with a crash, in the middle of the work or of the recovery from the crash
 * before. Ends at the first violation, with the command that shows it again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "volume.h"

#define LIVES 200U

static u64 crashes;

static void live(struct volume *volume)
{
	static u32 absent; /* kept across the jump */

	absent = volume_choose_absent(volume);
	/* A third of all crashes come early, where recovery is. */
	volume->steps_left = random_next(&volume->random) %
			     (random_next(&volume->random) % 3 ? 96 : 12);
	if (!setjmp(volume->stop)) {
		volume_activate(volume, absent);
		while (!volume->failure)
			volume_step(volume);
	}
	volume_crash(volume);
	crashes++;
}

static const char *run(u64 seed, bool trace)
{
	static struct volume volume;
	const char *failure;
	u32 i;

	volume_create(&volume, seed);
	volume.trace = trace;
	for (i = 0; i < LIVES && !volume.failure; i++)
		live(&volume);
	failure = volume.failure;
	volume_destroy(&volume);
	return failure;
}

int main(int argc, char **argv)
{
	u64 seed = 1, runs = 5000, i;
	bool trace = false;

	for (i = 1; i < (u64)argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			trace = true;
		else if (i + 1 < (u64)argc && !strcmp(argv[i], "--seed"))
			seed = strtoull(argv[++i], NULL, 10);
		else if (i + 1 < (u64)argc && !strcmp(argv[i], "--runs"))
			runs = strtoull(argv[++i], NULL, 10);
		else
			return 2;
	}
	for (i = seed; i < seed + runs; i++) {
		const char *failure = run(i, trace);

		if (!failure)
			continue;
		printf("not ok simbuf: %s, after %llu crashes: %s --seed %llu --runs 1 --trace\n",
		       failure, crashes, argv[0], i);
		return 1;
	}
	printf("ok simbuf: %llu crashes, nothing lost\n", crashes);
	return 0;
}
