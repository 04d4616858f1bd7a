/* SPDX-License-Identifier: GPL-2.0 */
/*
 * route: the routing table, one word per segment (core/word.h).
 *
 * Read by anybody, at any time, whole and without a lock. A word is changed
 * by compare and exchange from any context; what may be changed when is the
 * caller's protocol (a copy is given up by who failed to write it, gained by
 * the copier). The counters of segments that each member holds, should hold
 * and lacks are kept exact with every change.
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

/**
 * struct psh_route - the table and its counters
 * @words: one per segment. Changed by atomic exchange
 * @nr_segments: entries of @words; changes only while the volume is suspended
 * @shift: log2 of the segment size in sectors, immutable
 * @trusted: the member that an activation trusts; changes only suspended
 * @nr_rules: used entries of @rule. Owner's mutex
 * @rule: members that should hold a segment of this rule; an entry that is in
 *	  use changes only while the volume is suspended
 * @insync: segments that each member holds, as home or copy. atomic
 * @wanted: segments that it should hold. atomic
 * @missing: segments that it should hold and does not. atomic
 */
struct psh_route {
	atomic64_t *words;
	u64 nr_segments;
	unsigned int shift;
	unsigned int trusted;
	unsigned int nr_rules;
	u16 rule[PSH_RULES_MAX];
	atomic64_t insync[PSH_MEMBERS_MAX];
	atomic64_t wanted[PSH_MEMBERS_MAX];
	atomic64_t missing[PSH_MEMBERS_MAX];
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
 * on the trusted member and follow rule 0.
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
 * psh_route_lose() - a member no longer holds a segment
 * @route: the route
 * @segment: the segment
 * @member: the member
 *
 * See psh_word_lose(). Context: any.
 * Return: the new word.
 */
u64 psh_route_lose(struct psh_route *route, u64 segment, unsigned int member);

/**
 * psh_route_gain() - a member holds a segment now
 * @route: the route
 * @segment: the segment
 * @member: the member
 *
 * See psh_word_gain(). Context: any.
 * Return: the new word.
 */
u64 psh_route_gain(struct psh_route *route, u64 segment, unsigned int member);

/** psh_route_flag() - set or clear flags of a segment. Context: any. */
void psh_route_flag(struct psh_route *route, u64 segment, u64 set, u64 clear);

/**
 * psh_route_want() - say whether segments should have a copy on a member
 * @route: the route
 * @first: first segment
 * @count: number of segments
 * @member: the member
 * @want: whether they should
 *
 * What a member should no longer hold it still does: see
 * psh_route_lose_range().
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
 * psh_route_lose_range() - a member no longer holds some segments
 * @route: the route
 * @first: first segment
 * @count: number of segments
 * @member: the member
 *
 * Context: process, owner's mutex held; sleeps.
 */
void psh_route_lose_range(struct psh_route *route, u64 first, u64 count,
			  unsigned int member);

/**
 * psh_route_lose_all() - a member no longer holds anything
 * @route: the route
 * @member: the member
 *
 * Context: process, owner's mutex held; sleeps.
 */
void psh_route_lose_all(struct psh_route *route, unsigned int member);

/**
 * psh_route_accept() - accept writes again to a segment
 * @route: the route
 * @segment: the segment
 * @member: the trusted member, nothing old inside it any more
 *
 * Nothing happens if its home is elsewhere. Context: any.
 */
void psh_route_accept(struct psh_route *route, u64 segment,
		      unsigned int member);

/** psh_route_accept_all() - the same for every segment. May sleep. */
void psh_route_accept_all(struct psh_route *route, unsigned int member);

/**
 * psh_route_only_on() - whether losing a member would lose data
 * @route: the route
 * @member: the member
 *
 * Context: process; sleeps.
 * Return: true if some segment has its home on
 * @member and no copy.
 */
bool psh_route_only_on(const struct psh_route *route, unsigned int member);

/** psh_route_missing() - wanted copies that are not in sync. */
u64 psh_route_missing(const struct psh_route *route);

#endif /* PSH_ROUTE_H */
