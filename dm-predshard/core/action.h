/* SPDX-License-Identifier: GPL-2.0 */
/*
 * action: one thing that is to be done to a volume, and why.
 *
 * What decide asks for, in numbers: what, from when to when, how much, where,
 * how likely it is that it is needed, and for which of a closed list of
 * reasons, with the numbers that led to it. Puts it into words. Whether it is
 * carried out, only listed or ignored is the policy's mode: manual, advise and
 * auto have the same list.
 */
#ifndef PSH_ACTION_H
#define PSH_ACTION_H

#include "book.h"

#define PSH_ACTION_TEXT	256	/* bytes that any text fits in */

enum psh_action_kind {
	PSH_ACTION_BUFFER_ON,
	PSH_ACTION_BUFFER_OFF,
	PSH_ACTION_MERGE,
	PSH_ACTION_COPY,	/* hot segments to members of zones */
	PSH_ACTION_DROP,	/* copies of hot segments */
	PSH_ACTION_WARM,	/* fill the shadow */
	PSH_ACTION_ASK_BUFFER,	/* members, of the daemon */
	PSH_ACTION_ASK_REPLICA,
	PSH_ACTION_ASK_SPACE,
	PSH_ACTION_NR
};

/* What @number means is said by the words in action.c. */
enum psh_reason {
	PSH_REASON_PEAK,	/* forecast load, line */
	PSH_REASON_LOAD,	/* load now, line */
	PSH_REASON_SPIKE,	/* load now, line */
	PSH_REASON_QUIET,	/* load now, line */
	PSH_REASON_WINDOW,	/* bytes, load then */
	PSH_REASON_FULL,	/* bytes used, bytes in all */
	PSH_REASON_LATE,	/* bytes wanted, bytes that can be done */
	PSH_REASON_SMALL,	/* bytes needed, bytes there are */
	PSH_REASON_ZONES,	/* copies wanted, zones that can have one */
	PSH_REASON_FILLING,	/* seconds until full: p10, p50 */
	PSH_REASON_NR
};

/**
 * struct psh_action - what to do, and why
 * @kind: what
 * @reason: why
 * @held: why not yet, if not %PSH_HOLD_NONE
 * @start_s: not before; now if it has to be at once
 * @deadline_s: to be done by; @start_s if it only begins something
 * @bytes: to be moved, or asked for
 * @zones: bit set of where
 * @copies: how many of each segment there shall be
 * @permille: chance that it is needed; 1000 for what is so now
 * @number: that led to it, by @reason
 */
struct psh_action {
	enum psh_action_kind kind;
	enum psh_reason reason;
	enum psh_held held;
	s64 start_s;
	s64 deadline_s;
	u64 bytes;
	u32 zones;
	u8 copies;
	u16 permille;
	u64 number[2];
};

/**
 * psh_action_decision() - in which page of the book it is kept
 * @kind: of action
 *
 * Return: the kind of decision.
 */
enum psh_decision psh_action_decision(enum psh_action_kind kind);

/**
 * psh_action_name() - the words for a kind of action
 * @kind: enum psh_action_kind
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_action_name(u32 kind);

/**
 * psh_action_tell() - put it into words
 * @action: the action
 * @now_s: times are told from here
 * @text: result
 * @size: of @text; %PSH_ACTION_TEXT is enough
 *
 * Return: length of what it would be, as snprintf() has it.
 */
int psh_action_tell(const struct psh_action *action, s64 now_s, char *text,
		    size_t size);

#endif /* PSH_ACTION_H */
