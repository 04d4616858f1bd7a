/* SPDX-License-Identifier: GPL-2.0 */
/*
 * route: the routing table, one word per segment (core/word.h).
 *
 * Read by anybody, at any time, whole and without a lock. Words are changed by
 * compare and exchange: what is durable in a word only by the metadata's worker,
 * after it is durable, or while the volume is suspended; flags that are not
 * durable from any context. The counters of segments that each member holds,
 * should hold and lacks are kept exact with every change.
 *
 * Copy rules: a word names one of up to PSH_RULES_MAX rules, and a rule is the
 * set of members that should hold the segment. Rules are added and words are
 * given another rule under the owner's mutex.
 */
#ifndef PSH_ROUTE_H
#define PSH_ROUTE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "core/word.h"

#define PSH_SWEEP_YIELD	4096	/* segments between two looks at the scheduler */

/**
 * struct psh_route - the table and its counters
 * @words: one per segment. Changed by atomic exchange
 * @nr_segments: entries of @words; changes only while the volume is suspended
 * @shift: log2 of the segment size in sectors, immutable
 * @primary: the member that is home wherever it can be; changes only suspended
 * @nr_rules: used entries of @rule. Owner's mutex
 * @rule: members that should hold a segment of this rule; an entry that is in
 *	  use changes only while the volume is suspended
 * @insync: segments that each member holds, as home or copy. atomic
 * @wanted: segments that it should hold. atomic
 * @missing: segments that it should hold and does not. atomic
 * @intents: segments whose copies may differ. atomic
 * @refused: segments that take no writes. atomic
 */
struct psh_route {
	atomic64_t *words;
	u64 nr_segments;
	unsigned int shift;
	unsigned int primary;
	unsigned int nr_rules;
	u16 rule[PSH_RULES_MAX];
	atomic64_t insync[PSH_MEMBERS_MAX];
	atomic64_t wanted[PSH_MEMBERS_MAX];
	atomic64_t missing[PSH_MEMBERS_MAX];
	atomic64_t intents;
	atomic64_t refused;
};

/** psh_route_alloc() - words for so many segments, or NULL. May sleep. */
atomic64_t *psh_route_alloc(u64 nr_segments);

/** psh_route_free() - give back what psh_route_alloc() gave. */
void psh_route_free(atomic64_t *words);

/**
 * psh_route_install() - begin to use a table, or one of another size
 * @route: the route
 * @words: fresh words, owned by @route from now on
 * @nr_segments: their number
 *
 * Segments that were there before keep their words; new ones have their home
 * on the primary and follow rule 0.
 *
 * Context: process, volume suspended.
 */
void psh_route_install(struct psh_route *route, atomic64_t *words,
		       u64 nr_segments);

void psh_route_exit(struct psh_route *route);

/** psh_route_word() - the word of a segment. Context: any. */
static inline u64 psh_route_word(const struct psh_route *route, u64 segment)
{
	return (u64)atomic64_read(&route->words[segment]);
}

/** psh_route_wants() - the members that should hold a segment. */
static inline u32 psh_route_wants(const struct psh_route *route, u64 word)
{
	return READ_ONCE(route->rule[psh_word_rule(word)]);
}

/** psh_route_lacks() - the members that should hold a segment and do not. */
static inline u32 psh_route_lacks(const struct psh_route *route, u64 word)
{
	return psh_route_wants(route, word) & ~psh_word_valid(word);
}

/**
 * psh_route_settle() - a change of a word is durable
 * @route: the route
 * @segment: the segment
 * @word: what it is from now on; of it only PSH_WORD_PLACE is taken
 *
 * Writes are accepted again if the home moved.
 *
 * Context: the metadata's worker, or process with the volume suspended.
 */
void psh_route_settle(struct psh_route *route, u64 segment, u64 word);

/** psh_route_flag() - set or clear volatile flags of a segment. Context: any. */
void psh_route_flag(struct psh_route *route, u64 segment, u64 set, u64 clear);

/**
 * psh_route_sweep() - settle many words
 * @route: the route
 * @change: what a word becomes
 * @context: for @change
 *
 * Context: as psh_route_settle(); sleeps.
 */
void psh_route_sweep(struct psh_route *route,
		     u64 (*change)(u64 segment, u64 word, const void *context),
		     const void *context);

/**
 * psh_route_recount() - count every word anew
 * @route: the route
 *
 * After words or rules were set without accounting. Context: volume suspended.
 */
void psh_route_recount(struct psh_route *route);

/**
 * psh_route_want() - say whether segments should have a copy on a member
 * @route: the route
 * @first: first segment
 * @count: number of segments
 * @member: the member
 * @want: whether they should
 *
 * What a member should no longer hold it still does.
 *
 * Context: process, owner's mutex held; sleeps on long ranges.
 * Return: 0, or -ENOSPC and nothing changed if that would need more than
 * PSH_RULES_MAX rules.
 */
int psh_route_want(struct psh_route *route, u64 first, u64 count,
		   unsigned int member, bool want);

/**
 * psh_route_want_all() - change the members in every rule
 * @route: the route
 * @add: members that should hold every segment from now on
 * @remove: members that should hold none
 *
 * Context: process, volume suspended. Words that name removed members must
 * have lost them before.
 */
void psh_route_want_all(struct psh_route *route, u32 add, u32 remove);

/**
 * psh_route_accept() - accept writes again to a segment
 * @route: the route
 * @segment: the segment
 * @member: a member that has nothing old inside any more
 *
 * Nothing happens if its home is elsewhere. Context: any.
 */
void psh_route_accept(struct psh_route *route, u64 segment,
		      unsigned int member);

/** psh_route_accept_all() - the same for every segment. May sleep. */
void psh_route_accept_all(struct psh_route *route, unsigned int member);

/**
 * psh_route_only_on() - whether losing members would lose data
 * @route: the route
 * @members: the members
 *
 * Context: process; sleeps.
 * Return: true if some segment is held by nobody else.
 */
bool psh_route_only_on(const struct psh_route *route, u32 members);

/** psh_route_missing() - wanted copies that are not in sync. */
u64 psh_route_missing(const struct psh_route *route);

#endif /* PSH_ROUTE_H */
