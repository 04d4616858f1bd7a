// SPDX-License-Identifier: GPL-2.0
/*
 * bench-dm: does things to device-mapper devices at given times, from within
 * one process, because starting dmsetup costs milliseconds of a virtual CPU and
 * would be most of what is measured.  Reads its plan from standard input:
 *   <ms> <device> message <text>
 *   <ms> <device> reload <table line>	load, then suspend and resume by resume
 *   <ms> <device> status <key>...	these words of the status line
 * <ms> counts from the program's start rounded up to START_MS of the clock, and
 * rises.  Prints a line for each: when it began, on the clock, and how long the
 * calls took.  Knows no udev; the device must exist.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define START_MS 100
#define BUFFER 65536
#define LINE 4096

static int control;
static union {
	struct dm_ioctl header;
	char bytes[BUFFER];
} buffer;

static void trouble(const char *what)
{
	fprintf(stderr, "bench-dm: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void wait_for(uint64_t ns)
{
	struct timespec time = { ns / 1000000000, ns % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL))
		;
}

/* The part of the buffer behind an empty request for the device. */
static void *request(const char *device)
{
	memset(&buffer, 0, sizeof(buffer));
	buffer.header.version[0] = DM_VERSION_MAJOR;
	buffer.header.data_size = sizeof(buffer);
	buffer.header.data_start = sizeof(buffer.header);
	snprintf(buffer.header.name, DM_NAME_LEN, "%s", device);
	return buffer.bytes + sizeof(buffer.header);
}

static void call(unsigned long command, const char *what)
{
	if (ioctl(control, command, &buffer))
		trouble(what);
}

static void send_message(const char *device, const char *text)
{
	struct dm_target_msg *message = request(device);

	strcpy(message->message, text);
	call(DM_TARGET_MSG, text);
}

static void reload(const char *device, const char *table)
{
	struct dm_target_spec *target = request(device);
	unsigned long long start, length;
	int at = 0;

	if (sscanf(table, "%llu %llu %15s %n", &start, &length,
		   target->target_type, &at) != 3 ||
	    !at) {
		errno = EINVAL;
		trouble(table);
	}
	target->sector_start = start;
	target->length = length;
	strcpy((char *)(target + 1), table + at);
	buffer.header.target_count = 1;
	call(DM_TABLE_LOAD, "load");
	request(device);
	call(DM_DEV_SUSPEND, "resume");
}

static void get_status(const char *device)
{
	request(device);
	call(DM_TABLE_STATUS, "status");
}

/* Those of the words in the buffer that have one of the keys. */
static void print_status(const char *keys)
{
	char *status = buffer.bytes + buffer.header.data_start +
		       sizeof(struct dm_target_spec);
	char *key, *word, *save, *save_word;

	for (word = strtok_r(status, " ", &save_word); word;
	     word = strtok_r(NULL, " ", &save_word)) {
		char list[LINE];

		strcpy(list, keys);
		for (key = strtok_r(list, " ", &save); key;
		     key = strtok_r(NULL, " ", &save))
			if (!strncmp(word, key, strlen(key)) &&
			    word[strlen(key)] == '=')
				printf(" %s", word);
	}
}

static void act(uint64_t start, char *line)
{
	char device[DM_NAME_LEN], command[16];
	unsigned long long ms;
	uint64_t began, ended;
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%llu %127s %15s %n", &ms, device, command, &at) !=
	    3) {
		errno = EINVAL;
		trouble(line);
	}
	wait_for(start + ms * 1000000);
	began = now();
	if (!strcmp(command, "message"))
		send_message(device, line + at);
	else if (!strcmp(command, "reload"))
		reload(device, line + at);
	else
		get_status(device);
	ended = now();
	printf("%s at_ms=%.3f took_us=%.1f", command, began / 1e6,
	       (ended - began) / 1e3);
	if (!strcmp(command, "status"))
		print_status(line + at);
	printf("\n");
	fflush(stdout);
}

int main(void)
{
	uint64_t unit = START_MS * 1000000ULL, start;
	char line[LINE];

	control = open("/dev/mapper/control", O_RDWR);
	if (control < 0)
		trouble("/dev/mapper/control");
	start = (now() / unit + 1) * unit;
	while (fgets(line, sizeof(line), stdin))
		act(start, line);
	return 0;
}
