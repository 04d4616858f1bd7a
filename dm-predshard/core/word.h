/* SPDX-License-Identifier: GPL-2.0 */
/*
 * word: the 64-bit routing word of one segment.
 *
 * One word says all that the fast path needs to send a bio: which member is
 * the segment's home, in which slot, which members hold in-sync copies, which
 * copy rule the segment follows and whether anything about it is unusual. It
 * is read once, whole, so a reader never sees half of a change. This header
 * only packs and unpacks; who may change a word, and when, is route.c's.
 *
 *	bits  0..15  copies: members with a valid, in-sync copy, home excluded
 *	bits 16..21  rule: index of the copy rule (which members should have one)
 *	bits 22..25  home: the member that is the truth
 *	bits 26..31  flags
 *	bits 32..63  slot on the home member; equals the segment number on a
 *		     member that is mapped one to one
 */
#ifndef PSH_WORD_H
#define PSH_WORD_H

#include "base.h"

#define PSH_MEMBERS_MAX		16	/* bits of the copies field */
#define PSH_RULES_MAX		64	/* values of the rule field */

#define PSH_WORD_COPIES_MASK	0xffffULL
#define PSH_WORD_RULE_SHIFT	16
#define PSH_WORD_RULE_MASK	(0x3fULL << PSH_WORD_RULE_SHIFT)
#define PSH_WORD_HOME_SHIFT	22
#define PSH_WORD_HOME_MASK	(0xfULL << PSH_WORD_HOME_SHIFT)
#define PSH_WORD_SLOT_SHIFT	32

/* Volatile: the segment is being copied, writes also go to the copier's target. */
#define PSH_WORD_COPYING	(1ULL << 26)
/* Volatile: an old write may still be done inside the only member that holds it. */
#define PSH_WORD_WRITE_REFUSED	(1ULL << 27)
/* Durable: the copies may differ; after a crash only the home counts. */
#define PSH_WORD_INTENT		(1ULL << 28)
/* Volatile: INTENT is being taken back; who writes must ask for it again. */
#define PSH_WORD_CLEARING	(1ULL << 29)
/* Volatile: the buffer log knows some sectors; replay finds out which. */
#define PSH_WORD_BUFFERED	(1ULL << 30)
/* Volatile: small writes go to the buffer log. */
#define PSH_WORD_ABSORB		(1ULL << 31)

/* What is written to the map and the journal. */
#define PSH_WORD_DURABLE \
	(PSH_WORD_COPIES_MASK | PSH_WORD_RULE_MASK | PSH_WORD_HOME_MASK | \
	 PSH_WORD_INTENT | ~0ULL << PSH_WORD_SLOT_SHIFT)
/* Of that, what says where the data is; the rule only says what is wanted. */
#define PSH_WORD_PLACE		(PSH_WORD_DURABLE & ~PSH_WORD_RULE_MASK)

/* What takes a bio off the fast path, by direction. */
#define PSH_WORD_SLOW_READ	(PSH_WORD_COPIES_MASK | PSH_WORD_BUFFERED)
#define PSH_WORD_LOGGED		(PSH_WORD_BUFFERED | PSH_WORD_ABSORB)
#define PSH_WORD_FANNED \
	(PSH_WORD_COPIES_MASK | PSH_WORD_COPYING | PSH_WORD_WRITE_REFUSED | \
	 PSH_WORD_BUFFERED)
#define PSH_WORD_SLOW_WRITE	(PSH_WORD_FANNED | PSH_WORD_ABSORB)

static inline u64 psh_word_make(u32 slot, unsigned int home, unsigned int rule)
{
	return ((u64)slot << PSH_WORD_SLOT_SHIFT) |
	       ((u64)home << PSH_WORD_HOME_SHIFT) |
	       ((u64)rule << PSH_WORD_RULE_SHIFT);
}

static inline unsigned int psh_word_home(u64 word)
{
	return (word & PSH_WORD_HOME_MASK) >> PSH_WORD_HOME_SHIFT;
}

static inline u32 psh_word_copies(u64 word)
{
	return word & PSH_WORD_COPIES_MASK;
}

static inline unsigned int psh_word_rule(u64 word)
{
	return (word & PSH_WORD_RULE_MASK) >> PSH_WORD_RULE_SHIFT;
}

static inline u32 psh_word_slot(u64 word)
{
	return word >> PSH_WORD_SLOT_SHIFT;
}

/* Every member that may serve a read of this segment, as a bit set. */
static inline u32 psh_word_valid(u64 word)
{
	return psh_word_copies(word) | 1U << psh_word_home(word);
}

static inline u64 psh_word_set_rule(u64 word, unsigned int rule)
{
	return (word & ~PSH_WORD_RULE_MASK) |
	       ((u64)rule << PSH_WORD_RULE_SHIFT);
}

/**
 * psh_word_intent() - the word before its copies may differ
 * @word: the word before
 * @usable: members that can be written
 * @async: members whose copies are not written with the home
 *
 * Copies that the write will not reach are taken from it. A home that is not
 * usable moves to the lowest copy that is. With no usable member at all the
 * word stays: it cannot be written.
 *
 * Return: the word after; with INTENT if a copy is left.
 */
u64 psh_word_intent(u64 word, u32 usable, u32 async);

/**
 * psh_word_needs_intent() - must a write ask for INTENT first?
 * @word: the word
 * @usable: members that can be written
 * @async: members whose copies are not written with the home
 *
 * Return: true if psh_word_intent() must be durable before the write is sent.
 */
static inline bool psh_word_needs_intent(u64 word, u32 usable, u32 async)
{
	u32 copies = psh_word_copies(word);

	return copies && ((word & (PSH_WORD_INTENT | PSH_WORD_CLEARING)) !=
			  PSH_WORD_INTENT ||
			  copies & async || psh_word_valid(word) & ~usable);
}

/**
 * psh_word_lose() - the word after members' data of the segment was lost
 * @word: the word before
 * @lost: the members that no longer hold the segment
 * @usable: members that a lost home had better move to
 *
 * A lost home moves to the lowest copy that is left, of @usable if there is one.
 * If none is left it stays where it is: it is all there is.
 *
 * Return: the word after.
 */
u64 psh_word_lose(u64 word, u32 lost, u32 usable);

/**
 * psh_word_gain() - the word after a member was brought in sync
 * @word: the word before
 * @member: the member that now holds the segment, 0..15
 * @primary: the member that is home wherever it can be
 *
 * The member becomes a copy, and home if it is @primary; the home it takes over
 * from becomes a copy. With INTENT, because writes go on meanwhile.
 *
 * Return: the word after.
 */
u64 psh_word_gain(u64 word, unsigned int member, unsigned int primary);

/**
 * psh_word_away() - the word while some members are away
 * @word: the word before
 * @away: members that were lost and may come back
 *
 * A home that is away moves to the lowest copy that is not, and becomes a copy
 * itself. Copies that are away stay, since nothing is written to the segment
 * without INTENT, and that takes them out; where INTENT is set already they
 * may miss a write and go. With no copy that is not away nothing changes.
 *
 * Return: the word after.
 */
u64 psh_word_away(u64 word, u32 away);

/**
 * psh_word_recover() - the word after a crash
 * @word: the word as it was found
 * @here: members that are there and as the metadata knows them
 *
 * Where copies might differ one is left: the home, or if that is not there the
 * lowest copy that is. Every copy that the word names took every write that was
 * acknowledged, so any one of them is the truth, but only one.
 *
 * Return: the word after; unchanged if nobody who holds it is there.
 */
u64 psh_word_recover(u64 word, u32 here);

#endif /* PSH_WORD_H */
