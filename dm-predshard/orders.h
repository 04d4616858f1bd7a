/* SPDX-License-Identifier: GPL-2.0 */
/*
 * orders: what an administrator can ask of a volume.
 *
 * Each takes the owner's mutex, returns 0 or a negative error, and then leaves a
 * message of what was wrong in @error (PSH_ERROR_SIZE bytes). An order that is
 * refused changes nothing; one that returned 0 is durable, and one that failed
 * because of the metadata may be.
 */
#ifndef PSH_ORDERS_H
#define PSH_ORDERS_H

#include "volume.h"

/** psh_order_fail() - take a member out of use. */
int psh_order_fail(struct psh_volume *volume, unsigned int member,
		   char *error);

/** psh_order_return() - use a member again; it gets what it missed. */
int psh_order_return(struct psh_volume *volume, unsigned int member,
		     char *error);

/** psh_order_resync() - fill a replica anew. */
int psh_order_resync(struct psh_volume *volume, unsigned int member,
		     char *error);

/** psh_order_copy() - say whether segments should have a copy on a member. */
int psh_order_copy(struct psh_volume *volume, unsigned int member, u64 first,
		   u64 count, bool want, char *error);

/** psh_order_write_mode() - say where small writes go first. */
int psh_order_write_mode(struct psh_volume *volume, enum psh_write_mode mode,
			 char *error);

enum psh_merge_order {
	PSH_MERGE_START,	/* bring all home that is buffered now */
	PSH_MERGE_PAUSE,	/* bring nothing home, unless a flush waits for it */
	PSH_MERGE_STOP,		/* as by itself */
};

/** psh_order_merge() - say what merge does until told otherwise. */
int psh_order_merge(struct psh_volume *volume, enum psh_merge_order what,
		    char *error);

/** psh_order_reset_stats() - count from zero again. */
void psh_order_reset_stats(struct psh_volume *volume);

#endif /* PSH_ORDERS_H */
