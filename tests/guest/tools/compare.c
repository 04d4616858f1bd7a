// SPDX-License-Identifier: GPL-2.0
/*
 * compare A B [SECTORS [SKIP_A [SKIP_B]]]: compares two block devices or files
 * with O_DIRECT, so that what is on the device counts and not what the page
 * cache remembers.  Exit 0 equal, 1 different (the first differing sector is
 * printed), 2 trouble.  Without SECTORS both must end together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512
#define CHUNK (1 << 20) /* bytes read at a time */

struct side {
	const char *name;
	int fd;
	off_t at;
	char *data;
};

static void trouble(const char *what, const char *name)
{
	fprintf(stderr, "compare: %s %s: %s\n", what, name, strerror(errno));
	exit(2);
}

static void side_open(struct side *side, const char *name, const char *skip)
{
	side->name = name;
	side->at = strtoll(skip, NULL, 10) * SECTOR;
	side->fd = open(name, O_RDONLY | O_DIRECT);
	if (side->fd < 0)
		trouble("open", name);
	if (posix_memalign((void **)&side->data, 4096, CHUNK))
		trouble("allocate for", name);
}

static size_t side_read(struct side *side, size_t bytes)
{
	ssize_t got = pread(side->fd, side->data, bytes, side->at);

	if (got < 0)
		trouble("read", side->name);
	side->at += got;
	return got;
}

static int differ(const struct side *a, const struct side *b, size_t bytes,
		  long long first)
{
	size_t i;

	for (i = 0; i < bytes; i += SECTOR) {
		size_t rest = bytes - i < SECTOR ? bytes - i : SECTOR;

		if (!memcmp(a->data + i, b->data + i, rest))
			continue;
		printf("%s and %s differ in sector %lld\n", a->name, b->name,
		       first + (long long)(i / SECTOR));
		return 1;
	}
	return 0;
}

static int compare(struct side *a, struct side *b, long long left)
{
	long long sector = 0;

	while (left) {
		size_t want = left < CHUNK / SECTOR ? left * SECTOR : CHUNK;
		size_t got_a = side_read(a, want), got_b = side_read(b, want);

		if (differ(a, b, got_a < got_b ? got_a : got_b, sector))
			return 1;
		if (got_a != got_b) {
			printf("%s ends first\n",
			       got_a < got_b ? a->name : b->name);
			return 1;
		}
		if (!got_a)
			return 0;
		sector += got_a / SECTOR;
		left -= got_a / SECTOR;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct side a, b;

	if (argc < 3 || argc > 6) {
		fputs("usage: compare A B [SECTORS [SKIP_A [SKIP_B]]]\n",
		      stderr);
		return 2;
	}
	side_open(&a, argv[1], argc > 4 ? argv[4] : "0");
	side_open(&b, argv[2], argc > 5 ? argv[5] : "0");
	return compare(&a, &b,
		       argc > 3 ? strtoll(argv[3], NULL, 10) : 1LL << 55);
}
