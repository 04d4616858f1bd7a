// SPDX-License-Identifier: GPL-2.0
/*
 * route: see route.h. All changes of a word go through change(), so that the
 * counters follow every word. Sweeps over all words yield the CPU every few
 * thousand segments.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "route.h"

#define SWEEP_YIELD 4096	/* segments between two looks at the scheduler */

atomic64_t *psh_route_alloc(u64 nr_segments)
{
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
}

/* Count every word anew: after a change of the rules themselves. */
static void recount(struct psh_route *route)
{
	u64 segment;

	memset(route->insync, 0, sizeof(route->insync));
	memset(route->wanted, 0, sizeof(route->wanted));
	memset(route->missing, 0, sizeof(route->missing));
	for (segment = 0; segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);

		adjust(route->insync, 0, psh_word_valid(word));
		adjust(route->wanted, 0, psh_route_wants(route, word));
		adjust(route->missing, 0, psh_route_lacks(route, word));
		if (!(segment % SWEEP_YIELD))
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
			     psh_word_make(segment, route->trusted, 0));
		if (!(segment % SWEEP_YIELD))
			cond_resched();
	}
	psh_route_free(route->words);
	route->words = words;
	route->nr_segments = nr_segments;
	recount(route);
}

u64 psh_route_lose(struct psh_route *route, u64 segment, unsigned int member)
{
	s64 word = atomic64_read(&route->words[segment]);
	u64 lost;

	do {
		lost = psh_word_lose(word, member, route->trusted);
		if (lost == (u64)word)
			return word;
	} while (!atomic64_try_cmpxchg(&route->words[segment], &word, lost));
	account(route, word, lost);
	return lost;
}

u64 psh_route_gain(struct psh_route *route, u64 segment, unsigned int member)
{
	s64 word = atomic64_read(&route->words[segment]);
	u64 gained;

	do {
		gained = psh_word_gain(word, member, route->trusted);
		if (gained == (u64)word)
			return word;
	} while (!atomic64_try_cmpxchg(&route->words[segment], &word, gained));
	account(route, word, gained);
	return gained;
}

void psh_route_flag(struct psh_route *route, u64 segment, u64 set, u64 clear)
{
	if (set)
		atomic64_or(set, &route->words[segment]);
	if (clear)
		atomic64_andnot(clear, &route->words[segment]);
}

/* A rule that no word names any more, and that is not @claimed. */
static int reuse_rule(struct psh_route *route, u64 claimed)
{
	u64 used = claimed | 1; /* rule 0 is the rule of new segments */
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		used |= 1ULL << psh_word_rule(psh_route_word(route, segment));
		if (!(segment % SWEEP_YIELD))
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
		if (!(segment % SWEEP_YIELD))
			cond_resched();
	}
	for (segment = first; segment < first + count; segment++) {
		wanted = wants_then(route, segment, member, want);
		set_rule(route, segment, find_rule(route, wanted, &claimed));
		if (!(segment % SWEEP_YIELD))
			cond_resched();
	}
	return 0;
}

void psh_route_want_all(struct psh_route *route, u32 add, u32 remove)
{
	int i;

	for (i = 0; i < route->nr_rules; i++)
		WRITE_ONCE(route->rule[i], (route->rule[i] | add) & ~remove);
	recount(route);
}

void psh_route_lose_range(struct psh_route *route, u64 first, u64 count,
			  unsigned int member)
{
	u64 segment;

	for (segment = first; segment < first + count; segment++) {
		psh_route_lose(route, segment, member);
		if (!(segment % SWEEP_YIELD))
			cond_resched();
	}
}

void psh_route_lose_all(struct psh_route *route, unsigned int member)
{
	psh_route_lose_range(route, 0, route->nr_segments, member);
}

void psh_route_accept(struct psh_route *route, u64 segment,
		      unsigned int member)
{
	s64 word = atomic64_read(&route->words[segment]);

	while (word & PSH_WORD_WRITE_REFUSED && psh_word_home(word) == member)
		if (atomic64_try_cmpxchg(&route->words[segment], &word,
					 word & ~PSH_WORD_WRITE_REFUSED))
			break;
}

void psh_route_accept_all(struct psh_route *route, unsigned int member)
{
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		psh_route_accept(route, segment, member);
		if (!(segment % SWEEP_YIELD))
			cond_resched();
	}
}

bool psh_route_only_on(const struct psh_route *route, unsigned int member)
{
	u64 segment;

	for (segment = 0; segment < route->nr_segments; segment++) {
		u64 word = psh_route_word(route, segment);

		if (psh_word_home(word) == member && !psh_word_copies(word))
			return true;
		if (!(segment % SWEEP_YIELD))
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
