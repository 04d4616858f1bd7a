// SPDX-License-Identifier: GPL-2.0
/*
 * route: see route.h. Every exchange of a word is followed by account(), so that
 * the counters follow every word. Sweeps over all words yield the CPU every few
 * thousand segments.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "route.h"

atomic64_t *psh_route_alloc(u64 nr_segments)
{
	/* kvmalloc() warns of more. */
	if (nr_segments > INT_MAX / sizeof(atomic64_t))
		return NULL;
	return kvcalloc(nr_segments, sizeof(atomic64_t), GFP_KERNEL);
}

void psh_route_free(atomic64_t *words)
{
	kvfree(words);
}

void psh_route_exit(struct psh_route *route)
{
	psh_route_free(route->words);
	route->words = NULL;
}

static void adjust(atomic64_t *counter, u32 before, u32 after)
{
	u32 changed = before ^ after;

	while (changed) {
		unsigned int member = __ffs(changed);

		atomic64_add(after >> member & 1 ? 1 : -1, &counter[member]);
		changed &= changed - 1;
	}
}

static void account(struct psh_route *route, u64 before, u64 after)
{
	adjust(route->insync, psh_word_valid(before), psh_word_valid(after));
	adjust(route->wanted, psh_route_wants(route, before),
	       psh_route_wants(route, after));
	adjust(route->missing, psh_route_lacks(route, before),
	       psh_route_lacks(route, after));
	if ((before ^ after) & PSH_WORD_INTENT)
		atomic64_add(after & PSH_WORD_INTENT ? 1 : -1, &route->intents);
	if ((before ^ after) & PSH_WORD_WRITE_REFUSED)
		atomic64_add(after & PSH_WORD_WRITE_REFUSED ? 1 : -1,
			     &route->refused);
}

void psh_route_recount(struct psh_route *route)
{
	u64 segment;

	memset(route->insync, 0, sizeof(route->insync));
	memset(route->wanted, 0, sizeof(route->wanted));
	memset(route->missing, 0, sizeof(route->missing));
	atomic64_set(&route->intents, 0);
	atomic64_set(&route->refused, 0);
	for (segment = 0; segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);

		adjust(route->insync, 0, psh_word_valid(word));
		adjust(route->wanted, 0, psh_route_wants(route, word));
		adjust(route->missing, 0, psh_route_lacks(route, word));
		atomic64_add(!!(word & PSH_WORD_INTENT), &route->intents);
		atomic64_add(!!(word & PSH_WORD_WRITE_REFUSED),
			     &route->refused);
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
}

void psh_route_install(struct psh_route *route, atomic64_t *words,
		       u64 nr_segments)
{
	u64 keep = min(route->nr_segments, nr_segments);
	u64 segment;

	for (segment = 0; segment < nr_segments; segment++) {
		atomic64_set(&words[segment], segment < keep ?
			     psh_route_word(route, segment) :
			     psh_word_make(segment, route->primary, 0));
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	psh_route_free(route->words);
	route->words = words;
	route->nr_segments = nr_segments;
	psh_route_recount(route);
}

/* Clear and set bits of a word, and account for it. */
static void exchange(struct psh_route *route, u64 segment, u64 clear, u64 set)
{
	s64 word = atomic64_read(&route->words[segment]);
	u64 after;

	do {
		after = (word & ~clear) | set;
		if (after == (u64)word)
			return;
	} while (!atomic64_try_cmpxchg(&route->words[segment], &word, after));
	account(route, word, after);
}

void psh_route_settle(struct psh_route *route, u64 segment, u64 word)
{
	u64 clear = PSH_WORD_PLACE;

	/* Only we move the home, so this is what it was and will be. */
	if (psh_word_home(psh_route_word(route, segment)) !=
	    psh_word_home(word))
		clear |= PSH_WORD_WRITE_REFUSED;
	/* Whoever takes INTENT back, or sets it anew, is done with that. */
	clear |= PSH_WORD_CLEARING;
	exchange(route, segment, clear, word & PSH_WORD_PLACE);
}

void psh_route_flag(struct psh_route *route, u64 segment, u64 set, u64 clear)
{
	exchange(route, segment, clear, set);
}

void psh_route_sweep(struct psh_route *route,
		     u64 (*change)(u64 segment, u64 word, const void *context),
		     const void *context)
{
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);
		u64 after = change(segment, word, context);

		if (after != word)
			psh_route_settle(route, segment, after);
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
}

/* A rule that no word names any more, and that is not @claimed. */
static int reuse_rule(struct psh_route *route, u64 claimed)
{
	u64 used = claimed | 1; /* rule 0 is the rule of new segments */
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		used |= 1ULL << psh_word_rule(psh_route_word(route, segment));
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	return ~used ? (int)__ffs64(~used) : -ENOSPC;
}

static int find_rule(struct psh_route *route, u32 wanted, u64 *claimed)
{
	int i;

	for (i = 0; i < route->nr_rules; i++)
		if (route->rule[i] == wanted)
			goto found;
	if (route->nr_rules < PSH_RULES_MAX)
		i = route->nr_rules++;
	else
		i = reuse_rule(route, *claimed);
	if (i < 0)
		return i;
	route->rule[i] = wanted;
found:
	*claimed |= 1ULL << i;
	return i;
}

static void set_rule(struct psh_route *route, u64 segment, unsigned int rule)
{
	s64 word = atomic64_read(&route->words[segment]);
	u64 after;

	do {
		after = psh_word_set_rule(word, rule);
	} while (!atomic64_try_cmpxchg(&route->words[segment], &word, after));
	account(route, word, after);
}

static u32 wants_then(const struct psh_route *route, u64 segment,
		      unsigned int member, bool want)
{
	u32 now = psh_route_wants(route, psh_route_word(route, segment));

	return want ? now | BIT(member) : now & ~BIT(member);
}

/* Find a rule for each segment before the first one is changed. */
int psh_route_want(struct psh_route *route, u64 first, u64 count,
		   unsigned int member, bool want)
{
	u64 segment, claimed = 0;
	u32 wanted;
	int rule;

	for (segment = first; segment < first + count; segment++) {
		wanted = wants_then(route, segment, member, want);
		rule = find_rule(route, wanted, &claimed);
		if (rule < 0)
			return rule;
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	for (segment = first; segment < first + count; segment++) {
		wanted = wants_then(route, segment, member, want);
		set_rule(route, segment, find_rule(route, wanted, &claimed));
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	return 0;
}

void psh_route_want_all(struct psh_route *route, u32 add, u32 remove)
{
	int i;

	for (i = 0; i < route->nr_rules; i++)
		WRITE_ONCE(route->rule[i], (route->rule[i] | add) & ~remove);
	psh_route_recount(route);
}

void psh_route_accept(struct psh_route *route, u64 segment,
		      unsigned int member)
{
	u64 word = psh_route_word(route, segment);

	if (word & PSH_WORD_WRITE_REFUSED && psh_word_home(word) == member)
		exchange(route, segment, PSH_WORD_WRITE_REFUSED, 0);
}

void psh_route_accept_all(struct psh_route *route, unsigned int member)
{
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		psh_route_accept(route, segment, member);
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
}

bool psh_route_only_on(const struct psh_route *route, u32 members)
{
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		if (!(psh_word_valid(psh_route_word(route, segment)) &
		      ~members))
			return true;
		if (!(segment % PSH_SWEEP_YIELD))
			cond_resched();
	}
	return false;
}

u64 psh_route_missing(const struct psh_route *route)
{
	u64 missing = 0;
	int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		missing += atomic64_read(&route->missing[i]);
	return missing;
}
