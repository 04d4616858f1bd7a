// SPDX-License-Identifier: GPL-2.0
/*
 * dmq: what cases ask device-mapper all the time, without the start of a
 * dmsetup each time, which takes a tenth of a second and more in a guest.
 *
 *	dmq get DEVICE KEY			the value of a "key=value" status word
 *	dmq wait SECONDS DEVICE KEY =|!|> VALUE	until it is so; else exit 1
 *	dmq message DEVICE WORD...		to sector 0
 *	dmq load DEVICE TABLE			a table, lines separated by ";"
 *	dmq set FILE VALUE			write the value to a file of sysfs
 *	dmq create|remove|clear|resume|suspend|noflush DEVICE
 *	dmq COMMAND , COMMAND...		one after the other, while they succeed
 *
 * Exit 0, 1 (prints the error), or 2 for wrong words.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOM 65536

static union {
	struct dm_ioctl io;
	char bytes[ROOM];
} room;

static int control = -1;

static void begin(const char *device, unsigned int flags)
{
	memset(&room, 0, sizeof(room));
	room.io.version[0] = DM_VERSION_MAJOR;
	room.io.data_size = sizeof(room);
	room.io.data_start = sizeof(room.io);
	room.io.flags = flags;
	snprintf(room.io.name, sizeof(room.io.name), "%s", device);
	if (control < 0)
		control = open("/dev/mapper/control", O_RDWR);
}

static int call(unsigned long command, const char *what)
{
	if (!ioctl(control, command, &room))
		return 0;
	fprintf(stderr, "dmq: %s %s: %s\n", what, room.io.name,
		strerror(errno));
	return 1;
}

/* The value of KEY, cut out of the status in place; NULL if there is none. */
static const char *value_of(const char *device, const char *key)
{
	struct dm_target_spec *spec;
	size_t n = strlen(key);
	char *word;

	begin(device, DM_NOFLUSH_FLAG);
	if (call(DM_TABLE_STATUS, "status of") || !room.io.target_count)
		return NULL;
	spec = (struct dm_target_spec *)(room.bytes + room.io.data_start);
	for (word = strtok((char *)(spec + 1), " "); word;
	     word = strtok(NULL, " "))
		if (!strncmp(word, key, n) && word[n] == '=')
			return word + n + 1;
	fprintf(stderr, "dmq: %s has no word %s\n", device, key);
	return NULL;
}

static int is_so(const char *have, char relation, const char *want)
{
	switch (relation) {
	case '=':
		return !strcmp(have, want);
	case '!':
		return strcmp(have, want);
	default:
		return strtoll(have, NULL, 10) > strtoll(want, NULL, 10);
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int wait_for(char **argv)
{
	double end = seconds() + atof(argv[0]);
	const char *value;

	for (;;) {
		value = value_of(argv[1], argv[2]);
		if (value && is_so(value, argv[3][0], argv[4]))
			return 0;
		if (seconds() >= end)
			return 1;
		usleep(10000);
	}
}

static int message(int argc, char **argv)
{
	struct dm_target_msg *target;
	int i;

	begin(argv[0], 0);
	target = (struct dm_target_msg *)(room.bytes + room.io.data_start);
	for (i = 1; i < argc; i++) {
		if (i > 1)
			strcat(target->message, " ");
		strcat(target->message, argv[i]);
	}
	return call(DM_TARGET_MSG, "message to");
}

static int load(const char *device, char *table)
{
	unsigned long long first, count;
	char *line, *next;
	int used;

	begin(device, 0);
	next = room.bytes + room.io.data_start;
	for (line = strtok(table, ";"); line; line = strtok(NULL, ";")) {
		struct dm_target_spec *spec = (struct dm_target_spec *)next;

		if (sscanf(line, "%llu %llu %15s %n", &first, &count,
			   spec->target_type, &used) < 3)
			return 2;
		spec->sector_start = first;
		spec->length = count;
		strcpy((char *)(spec + 1), line + used);
		next = (char *)(spec + 1) + strlen(line + used) + 1;
		next = room.bytes + (((next - room.bytes) + 7) & ~7);
		spec->next = next - (char *)spec;
		room.io.target_count++;
	}
	return call(DM_TABLE_LOAD, "load");
}

static int set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd >= 0 &&
	    write(fd, value, strlen(value)) == (ssize_t)strlen(value))
		return 0;
	fprintf(stderr, "dmq: %s: %s\n", path, strerror(errno));
	return 1;
}

static int simple(const char *verb, const char *device)
{
	unsigned int flags = 0;

	if (!strcmp(verb, "suspend"))
		flags = DM_SUSPEND_FLAG;
	else if (!strcmp(verb, "noflush"))
		flags = DM_SUSPEND_FLAG | DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG;
	begin(device, flags);
	if (!strcmp(verb, "create"))
		return call(DM_DEV_CREATE, "create");
	if (!strcmp(verb, "remove"))
		return call(DM_DEV_REMOVE, "remove");
	if (!strcmp(verb, "clear"))
		return call(DM_TABLE_CLEAR, "clear");
	if (!strcmp(verb, "resume") || flags)
		return call(DM_DEV_SUSPEND, verb);
	return 2;
}

static int command(int argc, char **argv)
{
	const char *value;

	if (argc == 3 && !strcmp(argv[0], "get")) {
		value = value_of(argv[1], argv[2]);
		if (value)
			puts(value);
		return !value;
	}
	if (argc == 6 && !strcmp(argv[0], "wait"))
		return wait_for(argv + 1);
	if (argc > 2 && !strcmp(argv[0], "message"))
		return message(argc - 1, argv + 1);
	if (argc == 3 && !strcmp(argv[0], "set"))
		return set(argv[1], argv[2]);
	if (argc == 3 && !strcmp(argv[0], "load"))
		return load(argv[1], argv[2]);
	if (argc == 2)
		return simple(argv[0], argv[1]);
	return 2;
}

int main(int argc, char **argv)
{
	int i, first = 1, r = 0;

	for (i = 1; i <= argc && !r; i++) {
		if (i < argc && strcmp(argv[i], ","))
			continue;
		r = command(i - first, argv + first);
		first = i + 1;
	}
	if (r == 2)
		fputs("dmq: wrong words, see the head of dmq.c\n", stderr);
	return r;
}
