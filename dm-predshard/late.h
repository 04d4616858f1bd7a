/* SPDX-License-Identifier: GPL-2.0 */
/*
 * late: requests of our own that may be left inside a member.
 *
 * Who sends requests to a member and waits for them leaves when the member is
 * failed meanwhile. Their memory stays with them then, until the last one comes
 * back; so long the member counts as late, so that it is not used again and
 * the volume does not go.
 */
#ifndef PSH_LATE_H
#define PSH_LATE_H

#include <linux/completion.h>
#include <linux/spinlock.h>

#include "member.h"

/**
 * struct psh_late - requests that somebody waits for
 * @member: that they are sent to
 * @done: all came back
 * @lock: between the one who leaves and the request that ends
 * @inside: not back yet. Guarded by @lock
 * @left: nobody waits any more. Guarded by @lock
 */
struct psh_late {
	struct psh_member *member;
	struct completion done;
	spinlock_t lock; /* inside, left */
	unsigned int inside;
	bool left;
};

/** psh_late_begin() - @inside requests are about to be sent to @member. */
void psh_late_begin(struct psh_late *late, struct psh_member *member,
		    unsigned int inside);

/**
 * psh_late_end() - a request came back
 * @late: its group
 *
 * Nothing of the group may be touched afterwards, unless this says so.
 * Context: any.
 * Return: NULL; or, if nobody waits and it was the last, the member: the caller
 * frees the memory, and then says so with psh_late_gone().
 */
struct psh_member *psh_late_end(struct psh_late *late);

/** psh_late_gone() - requests that were left are back, their memory is free. */
void psh_late_gone(struct psh_member *member);

/**
 * psh_late_wait() - wait for requests
 * @late: the group
 * @least: jiffies that it waits for a member that is failed already
 *
 * Context: process; waits as long as the member is not failed.
 * Return: true if all came back; false if they were left, with their memory.
 */
bool psh_late_wait(struct psh_late *late, unsigned long least);

#endif /* PSH_LATE_H */
