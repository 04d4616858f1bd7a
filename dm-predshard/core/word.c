// SPDX-License-Identifier: GPL-2.0
/*
 * word: how a routing word changes when a member loses or gains its data.
 *
 * Keeps the rule that home is never among the copies and that a word names at
 * least one member that may be read. The rule index, the slot and the copying
 * flag pass through untouched: both copies of an identity-mapped segment have
 * the same slot. Called by route.c under its lock; decides, stores nothing.
 */
#include "word.h"

static u64 set_home(u64 word, unsigned int home, unsigned int trusted)
{
	word &= ~(PSH_WORD_HOME_MASK | PSH_WORD_WRITE_REFUSED | 1ULL << home);
	word |= (u64)home << PSH_WORD_HOME_SHIFT;
	return home == trusted ? word : word | PSH_WORD_WRITE_REFUSED;
}

u64 psh_word_lose(u64 word, unsigned int member, unsigned int trusted)
{
	u32 copies = psh_word_copies(word);

	if (member != psh_word_home(word))
		return word & ~(1ULL << member);
	if (!copies)
		return word;
	/* x & -x is the lowest bit of x. */
	return set_home(word, psh_log2(copies & -copies), trusted);
}

u64 psh_word_gain(u64 word, unsigned int member, unsigned int trusted)
{
	unsigned int home = psh_word_home(word);

	if (member == trusted)
		word = set_home(word | 1ULL << home, trusted, trusted);
	else if (member != home)
		word |= 1ULL << member;
	return word;
}
