/* SPDX-License-Identifier: GPL-2.0 */
/*
 * health: the state ladder of a member, ok -> suspect -> failed.
 *
 * A pure decision from what a member did lately. It only goes down: up needs
 * an operator (or the daemon) who says so. Slowness is not illness; the read
 * balance deals with it. Illness is an error, or no completion at all while
 * requests are waiting.
 */
#ifndef PSH_HEALTH_H
#define PSH_HEALTH_H

#include "base.h"

enum psh_state {
	PSH_STATE_OK,		/* used for everything */
	PSH_STATE_SUSPECT,	/* written, read only if no ok copy is left */
	PSH_STATE_FAILED,	/* not used; its copies are stale */
};

/**
 * struct psh_health_policy - where the rungs are
 * @suspect_errors: I/O errors in the window that make a member suspect
 * @fail_errors: I/O errors in the window that make it failed
 * @suspect_stall_ms: time without a completion that makes it suspect
 * @fail_stall_ms: time without a completion that makes it failed
 *
 * A rung of 0 is never reached.
 */
struct psh_health_policy {
	u32 suspect_errors;
	u32 fail_errors;
	u32 suspect_stall_ms;
	u32 fail_stall_ms;
};

/**
 * struct psh_health_signs - what was seen of a member
 * @errors: I/O errors in the window
 * @stall_ms: since when requests wait without any completion; 0 if none wait
 * @flush_failed: a FLUSH failed: what it acknowledged may be gone
 */
struct psh_health_signs {
	u32 errors;
	u32 stall_ms;
	bool flush_failed;
};

/**
 * psh_health_next() - the state after looking at the signs
 * @state: the state before
 * @signs: what was seen
 * @policy: the rungs
 * @reason: set to a constant phrase if the state changes; may be NULL
 *
 * Return: the state after, never better than @state. A failed FLUSH goes
 * straight to failed.
 */
enum psh_state psh_health_next(enum psh_state state,
			       const struct psh_health_signs *signs,
			       const struct psh_health_policy *policy,
			       const char **reason);

/**
 * psh_state_name() - the word for a state, as status shows it
 * @state: the state
 *
 * Return: a constant, "unknown" for what is no state.
 */
const char *psh_state_name(enum psh_state state);

#endif /* PSH_HEALTH_H */
