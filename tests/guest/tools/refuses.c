// SPDX-License-Identifier: GPL-2.0
/*
 * refuses REGEX COMMAND...: runs the command, which must fail, and something
 * it made the kernel log must match the extended regular expression.  Exit 0,
 * or 1 with a line that begins with FAIL.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORD 8192

static int run(char **argv)
{
	int status, null;
	pid_t pid = fork();

	if (pid < 0)
		return 0;
	if (!pid) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(0); /* not a refusal */
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void print_words(char **argv)
{
	while (*argv)
		printf(" %s", *argv++);
}

int main(int argc, char **argv)
{
	char record[RECORD], log[4 * RECORD] = "";
	regex_t regex;
	ssize_t n;
	int kmsg;

	if (argc < 3 || regcomp(&regex, argv[1], REG_EXTENDED | REG_NOSUB)) {
		fputs("usage: refuses REGEX COMMAND...\n", stderr);
		return 2;
	}
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	lseek(kmsg, 0, SEEK_END);
	if (!run(argv + 2)) {
		printf("FAIL: accepted:");
		print_words(argv + 2);
		puts("");
		return 1;
	}
	while ((n = read(kmsg, record, sizeof(record) - 1)) > 0 ||
	       errno == EPIPE) {
		if (n <= 0)
			continue;
		record[n] = '\0';
		if (!regexec(&regex, record, 0, NULL, 0))
			return 0;
		strncat(log, record, sizeof(log) - strlen(log) - 1);
	}
	printf("FAIL: refused:");
	print_words(argv + 2);
	printf("\nbut the log does not say '%s':\n%s", argv[1], log);
	return 1;
}
