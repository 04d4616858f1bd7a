// SPDX-License-Identifier: GPL-2.0
/*
 * health: one look at the signs, one step down the ladder or none.
 *
 * Called by member.c's tick. It remembers nothing: the window over which
 * errors are counted and the clock of a stall are the caller's. It never
 * returns a better state than it was given.
 */
#include "health.h"

/* A rung of 0 is switched off. */
static bool reached(u32 sign, u32 rung)
{
	return rung && sign >= rung;
}

static const char *why_failed(const struct psh_health_signs *signs,
			      const struct psh_health_policy *policy)
{
	if (signs->flush_failed)
		return "a flush failed";
	if (reached(signs->errors, policy->fail_errors))
		return "too many I/O errors";
	if (reached(signs->stall_ms, policy->fail_stall_ms))
		return "no completion for too long";
	return NULL;
}

static const char *why_suspect(const struct psh_health_signs *signs,
			       const struct psh_health_policy *policy)
{
	if (reached(signs->errors, policy->suspect_errors))
		return "I/O errors";
	if (reached(signs->stall_ms, policy->suspect_stall_ms))
		return "no completion for a while";
	return NULL;
}

enum psh_state psh_health_next(enum psh_state state,
			       const struct psh_health_signs *signs,
			       const struct psh_health_policy *policy,
			       const char **reason)
{
	enum psh_state next = PSH_STATE_FAILED;
	const char *why = why_failed(signs, policy);

	if (!why) {
		next = PSH_STATE_SUSPECT;
		why = why_suspect(signs, policy);
	}
	if (!why || next <= state)
		return state;
	if (reason)
		*reason = why;
	return next;
}

const char *psh_state_name(enum psh_state state)
{
	switch (state) {
	case PSH_STATE_OK:
		return "ok";
	case PSH_STATE_SUSPECT:
		return "suspect";
	case PSH_STATE_FAILED:
		return "failed";
	}
	return "unknown";
}
