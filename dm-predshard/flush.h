/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flush: make durable what members acknowledged, on our own account.
 *
 * For those who are about to make something durable that rests on it: the
 * copier before a copy counts, intent before it is taken back. A member that
 * hangs is waited for only as long as it is usable. A user's FLUSH does not come
 * here (fanout.h).
 */
#ifndef PSH_FLUSH_H
#define PSH_FLUSH_H

#include "member.h"

/** psh_flush_pool_create() - what flushes are made of. Module init. */
int psh_flush_pool_create(void);

/** psh_flush_pool_destroy() - undo psh_flush_pool_create(). Module exit. */
void psh_flush_pool_destroy(void);

/**
 * psh_flush_members() - flush those of some members that need it
 * @members: the volume's members
 * @set: which
 *
 * Context: process; waits for the members.
 * Return: 0 if all that they had acknowledged is durable; or the error of a
 * member, which then has flush_failed set or was failed.
 */
int psh_flush_members(struct psh_members *members, u32 set);

#endif /* PSH_FLUSH_H */
