// SPDX-License-Identifier: GPL-2.0
/*
 * late: see late.h. Who waits and who ends decide under one lock whose the memory
 * is.
 */
#include "late.h"

#define LOOK_JIFFIES	max(1, HZ / 20)	/* between two looks at whether to leave */

void psh_late_begin(struct psh_late *late, struct psh_member *member,
		    unsigned int inside)
{
	late->member = member;
	init_completion(&late->done);
	spin_lock_init(&late->lock);
	late->inside = inside;
	late->left = false;
}

struct psh_member *psh_late_end(struct psh_late *late)
{
	struct psh_member *member = NULL;
	unsigned long flags;

	spin_lock_irqsave(&late->lock, flags);
	if (!--late->inside) {
		if (late->left)
			member = late->member;
		else
			complete(&late->done);
	}
	spin_unlock_irqrestore(&late->lock, flags);
	return member;
}

void psh_late_gone(struct psh_member *member)
{
	if (atomic_dec_and_test(&member->late))
		wake_up_var(&member->late); /* by address: the volume may be gone */
}

bool psh_late_wait(struct psh_late *late, unsigned long least)
{
	unsigned long until = jiffies + least;
	bool ended;

	while (!wait_for_completion_timeout(&late->done, LOOK_JIFFIES) &&
	       (!psh_member_is_failed(late->member) ||
		time_before(jiffies, until)))
		;
	/* Also to wait until who completed it has let go of the lock. */
	spin_lock_irq(&late->lock);
	ended = !late->inside;
	if (!ended) {
		late->left = true;
		atomic_inc(&late->member->late);
	}
	spin_unlock_irq(&late->lock);
	return ended;
}
