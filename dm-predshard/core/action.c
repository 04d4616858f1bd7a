// SPDX-License-Identifier: GPL-2.0
/*
 * action: names and sentences.
 *
 * Called by whoever shows the list: status, the journal of decisions, tools.
 * Each reason has one sentence with its two numbers in it; a table keeps them
 * beside each other. It changes nothing.
 */
#include "action.h"
#include "fixed.h"

/* One row per kind: its words, and its page in the book. */
static const struct {
	const char *words;
	enum psh_decision decision;
} kinds[] = {
	[PSH_ACTION_BUFFER_ON] = { "buffer on", PSH_DECISION_BUFFER },
	[PSH_ACTION_BUFFER_OFF] = { "buffer off", PSH_DECISION_BUFFER },
	[PSH_ACTION_MERGE] = { "merge", PSH_DECISION_MERGE },
	[PSH_ACTION_COPY] = { "copy", PSH_DECISION_COPIES },
	[PSH_ACTION_DROP] = { "drop copies", PSH_DECISION_COPIES },
	[PSH_ACTION_WARM] = { "warm shadow", PSH_DECISION_WARM },
	[PSH_ACTION_ASK_BUFFER] = { "ask for buffer", PSH_DECISION_MEMBER },
	[PSH_ACTION_ASK_REPLICA] = { "ask for replica", PSH_DECISION_MEMBER },
	[PSH_ACTION_ASK_SPACE] = { "ask for space", PSH_DECISION_MEMBER },
};

/* Sentences are not broken. */
/* clang-format off */

/* No %#x: of 0 the kernel says 0x0 and libc 0. */
static const char form[] =
	"%s in %lld..%lld s, %llu bytes, %u copies, zones 0x%x, %u permille: %s%llu%s%llu%s%s%s";

/* What is said between and after the two numbers of a reason. */
static const struct {
	const char *before;
	const char *between;
	const char *after;
} sentences[] = {
	[PSH_REASON_PEAK] = { "up to ", "/s are forecast, the line is ",
			      "/s" },
	[PSH_REASON_LOAD] = { "", "/s now, the line is ", "/s" },
	[PSH_REASON_SPIKE] = { "a spike of ", "/s, the line is ", "/s" },
	[PSH_REASON_QUIET] = { "", "/s now and no peak ahead, the line is ",
			       "/s" },
	[PSH_REASON_WINDOW] = { "", " bytes, and the load is lowest then: ",
				"/s" },
	[PSH_REASON_FULL] = { "", " bytes used of ", "" },
	[PSH_REASON_LATE] = { "", " bytes are wanted, in time are ", "" },
	[PSH_REASON_SMALL] = { "", " bytes are needed, there are ", "" },
	[PSH_REASON_ZONES] = { "", " copies are wanted, zones with room: ",
			       "" },
	[PSH_REASON_FILLING] = { "full in ", " s at the earliest, ",
				 " s likely" },
};

/* clang-format on */

enum psh_decision psh_action_decision(enum psh_action_kind kind)
{
	return kinds[kind].decision;
}

const char *psh_action_name(u32 kind)
{
	return kind < PSH_ACTION_NR ? kinds[kind].words : "unknown";
}

/* Seconds from now, so that no clock has to be put into words. */
static s64 from(s64 now_s, s64 then_s)
{
	s64 most = 1LL << 60;

	return psh_fixed_clamp(then_s, -most, most) -
	       psh_fixed_clamp(now_s, -most, most);
}

int psh_action_tell(const struct psh_action *action, s64 now_s, char *text,
		    size_t size)
{
	bool known = (u32)action->reason < PSH_REASON_NR;
	bool held = action->held != PSH_HOLD_NONE;

	return snprintf(text, size, form, psh_action_name(action->kind),
			from(now_s, action->start_s),
			from(now_s, action->deadline_s), action->bytes,
			action->copies, action->zones, action->permille,
			known ? sentences[action->reason].before : "",
			action->number[0],
			known ? sentences[action->reason].between : ", ",
			action->number[1],
			known ? sentences[action->reason].after : "",
			held ? "; held: " : "",
			held ? psh_hold_name(action->held) : "");
}
