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

/* The segment is being copied: writes also go to the copier's target. */
#define PSH_WORD_COPYING	(1ULL << 26)
/*
 * Writes are refused. Home is not the member that an activation would trust, and
 * nothing durable says so; or it is, and may still do an old write.
 */
#define PSH_WORD_WRITE_REFUSED	(1ULL << 27)

/* What takes a bio off the fast path, by direction. */
#define PSH_WORD_SLOW_READ	PSH_WORD_COPIES_MASK
#define PSH_WORD_SLOW_WRITE \
	(PSH_WORD_COPIES_MASK | PSH_WORD_COPYING | PSH_WORD_WRITE_REFUSED)

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
 * psh_word_lose() - the word after a member's data of the segment was lost
 * @word: the word before
 * @member: the member that no longer holds the segment, 0..15
 * @trusted: the member that an activation trusts
 *
 * A lost copy is taken from the copies. A lost home moves to the lowest
 * numbered copy; writes are refused from then on if that is not @trusted. A
 * lost home without copies stays where it is: it is all there is.
 *
 * Return: the word after.
 */
u64 psh_word_lose(u64 word, unsigned int member, unsigned int trusted);

/**
 * psh_word_gain() - the word after a member was brought in sync
 * @word: the word before
 * @member: the member that now holds the segment, 0..15
 * @trusted: the member that an activation trusts
 *
 * The member becomes a copy; @trusted becomes home again, the home it takes
 * over from becomes a copy, and writes are accepted again.
 *
 * Return: the word after.
 */
u64 psh_word_gain(u64 word, unsigned int member, unsigned int trusted);

#endif /* PSH_WORD_H */
