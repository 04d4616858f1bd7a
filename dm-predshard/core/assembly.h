/* SPDX-License-Identifier: GPL-2.0 */
/*
 * assembly: which device of a table is which member of the volume.
 *
 * The table names devices in any order; the metadata knows members by number
 * and uuid. A device is bound to a number by the identity that it carries. What
 * is new gets a free number; what the metadata knows and the table does not
 * name is absent; what is older than it should be is filled anew; what belongs
 * elsewhere, or was written by somebody else meanwhile, is refused by name.
 *
 * A member without an identity (the primary, and one without room for it) is
 * bound by role and offset. Pure: it looks at what was read and edits a
 * superblock that somebody else will write.
 */
#ifndef PSH_ASSEMBLY_H
#define PSH_ASSEMBLY_H

#include "identity.h"

#define PSH_UNBOUND	(-1)

/**
 * struct psh_candidate - a device that a table names
 * @role: what the table says that it is for
 * @offset_sectors: where the table says that its share begins
 * @found: what lies where its identity would be
 * @identity: that identity
 * @uuid: a fresh one, in case it is new
 * @number: in: its number if the volume is active and it is bound already, else
 *	    PSH_UNBOUND; out: its number
 */
struct psh_candidate {
	enum psh_role role;
	u64 offset_sectors;
	enum psh_found found;
	struct psh_identity identity;
	u8 uuid[PSH_UUID_SIZE];
	int number;
};

/**
 * struct psh_assembly - what follows
 * @fill: members that hold nothing that counts: new, stale, or without a data
 *	  role; their copies must go from every word
 * @unsure: members without an identity, so nothing tells whether they are as
 *	    they were left; where another member holds the data it is preferred
 * @ambiguous: those of @unsure that may be exchanged with another one
 * @mark: members whose identity must be written
 * @culprit: on failure the index of the candidate that the message is about
 */
struct psh_assembly {
	u32 fill;
	u32 unsure;
	u32 ambiguous;
	u32 mark;
	unsigned int culprit;
};

/**
 * psh_assemble() - bind candidates to numbers
 * @super: the superblock that will be written, as it was loaded, or as it is
 *	   while the volume is active; its members are edited
 * @candidate: the devices in the order of the table, one of them the primary
 * @nr: their number
 * @assembly: what follows
 * @error: PSH_ERROR_SIZE bytes, for a message that goes behind the device's name
 *
 * Members that no candidate is bound to become absent, unless they were bound
 * while the volume is active and are not any more: those are the caller's to
 * remove before.
 *
 * Return: 0, or -EINVAL with @error set, and @super is of no use then.
 */
int psh_assemble(struct psh_super *super, struct psh_candidate *candidate,
		 unsigned int nr, struct psh_assembly *assembly, char *error);

/**
 * psh_assembly_raise() - begin an epoch
 * @super: the superblock that will be written before identities are
 * @used: members that the table names
 *
 * From now on their identities may show the epoch that they showed, or the new
 * one: whenever the machine stops, and whether or not they are there next time.
 */
void psh_assembly_raise(struct psh_super *super, u32 used);

/**
 * psh_assembly_settle() - the epoch is known to members
 * @super: the superblock that will be written before anything else is
 * @members: those in use, without those whose identity could not be
 *	     written: these are known by either epoch when they return
 */
void psh_assembly_settle(struct psh_super *super, u32 members);

#endif /* PSH_ASSEMBLY_H */
