/* SPDX-License-Identifier: GPL-2.0 */
/*
 * entry: one file of the directory predshard/ in sysfs.
 *
 * What a file shows and takes; sysfs calls it with the volume's mutex held. Who
 * has files of its own makes a group of these.
 */
#ifndef PSH_ENTRY_H
#define PSH_ENTRY_H

#include <linux/sysfs.h>

struct psh_volume;

/**
 * struct psh_entry - a file
 * @attr: its name and mode
 * @show: writes its value
 * @store: takes a value; -EINVAL if it is not one
 * @expected: what a value must be, for the message
 * @offset: of the number, for files that show one
 */
struct psh_entry {
	struct attribute attr;
	ssize_t (*show)(struct psh_volume *volume, unsigned int member,
			size_t offset, char *page);
	int (*store)(struct psh_volume *volume, unsigned int member,
		     size_t offset, const char *value);
	const char *expected;
	size_t offset;
};

#endif /* PSH_ENTRY_H */
