// SPDX-License-Identifier: GPL-2.0
/*
 * word: how a routing word changes when members lose or gain their data.
 *
 * Keeps the rules that home is never among the copies, that a word names at
 * least one member, and that INTENT is there only while there are copies. The
 * rule index, the slot and the volatile flags pass through untouched: all
 * copies of an identity-mapped segment have the same slot. Decides, stores
 * nothing: who may change a word, and when, is said in metadata.h.
 */
#include "word.h"

/* The word with these members only; @home is one of @valid. */
static u64 with_valid(u64 word, unsigned int home, u32 valid)
{
	word &= ~(PSH_WORD_HOME_MASK | PSH_WORD_COPIES_MASK);
	word |= (u64)home << PSH_WORD_HOME_SHIFT;
	word |= valid & ~(1U << home);
	return psh_word_copies(word) ? word : word & ~PSH_WORD_INTENT;
}

static unsigned int lowest(u32 set)
{
	return psh_log2(set & -set); /* x & -x is the lowest bit of x */
}

u64 psh_word_intent(u64 word, u32 usable, u32 async)
{
	unsigned int home = psh_word_home(word);
	u32 live = psh_word_valid(word) & usable;

	if (!live)
		return word;
	if (!(live & 1U << home))
		home = lowest(live & ~async ? live & ~async : live);
	return with_valid(word | PSH_WORD_INTENT, home,
			  (live & ~async) | 1U << home);
}

u64 psh_word_lose(u64 word, u32 lost, u32 usable)
{
	unsigned int home = psh_word_home(word);
	u32 left = psh_word_valid(word) & ~lost;

	if (!left)
		left = 1U << home;
	else if (lost & 1U << home)
		home = lowest(left & usable ? left & usable : left);
	return with_valid(word, home, left);
}

u64 psh_word_gain(u64 word, unsigned int member, unsigned int primary)
{
	unsigned int home = psh_word_home(word);

	if (member == primary)
		home = primary;
	return with_valid(word | PSH_WORD_INTENT, home,
			  psh_word_valid(word) | 1U << member);
}

u64 psh_word_away(u64 word, u32 away)
{
	unsigned int home = psh_word_home(word);
	u32 valid = psh_word_valid(word);
	u32 here = valid & ~away;

	if (!here)
		return word;
	if (away & 1U << home)
		home = lowest(here);
	return with_valid(word, home, word & PSH_WORD_INTENT ? here : valid);
}

u64 psh_word_recover(u64 word, u32 here)
{
	unsigned int home = psh_word_home(word);

	here &= psh_word_valid(word);
	if (!(word & PSH_WORD_INTENT) || !here)
		return word;
	if (!(here & 1U << home))
		home = lowest(here);
	return with_valid(word, home, 1U << home);
}
