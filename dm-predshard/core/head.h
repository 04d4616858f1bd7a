/* SPDX-License-Identifier: GPL-2.0 */
/*
 * head: the 48 bytes that every block of ours begins with.
 *
 * They say what the block is, whose, where it belongs, which activation wrote it
 * and in which order, and carry the checksum of all of it. So a block that was
 * lost, torn, misdirected, or left over from another volume or another time is
 * told from the one that should be there. It looks at one block at a time;
 * what follows from a bad one is the caller's.
 */
#ifndef PSH_HEAD_H
#define PSH_HEAD_H

#include "base.h"
#include "../../include/predshard/disk.h"

/* How a block looks, from best to worst. */
enum psh_head_state {
	PSH_HEAD_GOOD,
	PSH_HEAD_BLANK, /* all zero */
	PSH_HEAD_DAMAGED, /* ours by magic, volume and place, but not whole */
	PSH_HEAD_MISPLACED, /* ours and whole, but of another place */
	PSH_HEAD_OTHER_VOLUME, /* whole, of another volume */
	PSH_HEAD_FOREIGN, /* anything else */
};

/**
 * struct psh_head - what a head says
 * @magic: PSH_MAGIC_*
 * @uuid: of the volume
 * @address: its own block number
 * @epoch: of the activation that wrote it
 * @sequence: generation or number, by magic
 */
struct psh_head {
	u32 magic;
	u8 uuid[PSH_UUID_SIZE];
	u64 address;
	u64 epoch;
	u64 sequence;
};

/**
 * psh_head_seal() - write the head of a block, checksum last
 * @block: PSH_BLOCK_SIZE bytes, filled but for the head
 * @head: what to say
 */
void psh_head_seal(void *block, const struct psh_head *head);

/**
 * psh_head_check() - is this the block that should be here?
 * @block: PSH_BLOCK_SIZE bytes
 * @magic: what it should be
 * @uuid: of the volume, or NULL for any
 * @address: where it was read
 * @head: filled if the result is GOOD or OTHER_VOLUME
 *
 * Epoch and sequence are for the caller to judge.
 *
 * Return: how it looks.
 */
enum psh_head_state psh_head_check(const void *block, u32 magic, const u8 *uuid,
				   u64 address, struct psh_head *head);

/** psh_head_state_name() - the state in words, for messages. */
const char *psh_head_state_name(enum psh_head_state state);

#endif /* PSH_HEAD_H */
