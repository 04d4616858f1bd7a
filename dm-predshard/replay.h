/* SPDX-License-Identifier: GPL-2.0 */
/*
 * replay: what lies on a volume's buffers, from finding it to closing it.
 *
 * The metadata knows which members are buffers, which epoch their log was last
 * settled at, and which of them missed something. Here the log is looked for
 * when a table is loaded, read into the index when it is resumed, and begun. What
 * of it counts is decided by core/buflog. A log that might hold what nobody else
 * has is never formatted over: it is refused, and what would be lost is named.
 */
#ifndef PSH_REPLAY_H
#define PSH_REPLAY_H

#include "buffer.h"
#include "core/identity.h"

/**
 * psh_replay_identity() - whose log is on a device?
 * @bdev: the device
 * @offset: first sector of the share
 * @block: PSH_BLOCK_SIZE bytes, scratch
 * @identity: filled if it is one of ours
 *
 * Context: process, sleeps.
 * Return: what was found.
 */
enum psh_found psh_replay_identity(struct block_device *bdev, u64 offset,
				   void *block, struct psh_identity *identity);

/**
 * psh_replay_find() - look for the log
 * @buffer: with number, bdev, offset, and of its log the members' uuids and
 *	    nr_buffers and copies of the shape set
 * @super: of the metadata as it was loaded
 * @error: PSH_ERROR_SIZE bytes
 *
 * Sets the shape of the log, of a new one too. Writes nothing.
 *
 * Return: 0, or an error with @error set.
 */
int psh_replay_find(struct psh_buffer *buffer, const struct psh_super *super,
		    char *error);

/**
 * psh_replay_read() - read the log into the index
 * @buffer: prepared, after psh_replay_find()
 * @error: PSH_ERROR_SIZE bytes
 *
 * Return: 0, or an error with @error set.
 */
int psh_replay_read(struct psh_buffer *buffer, char *error);

/**
 * psh_replay_begin() - begin an epoch of the log
 * @buffer: after psh_replay_read(), with its pointers to neighbours set
 * @epoch: durable in the metadata
 * @error: PSH_ERROR_SIZE bytes
 *
 * Afterwards, and when the metadata says that the epoch is settled, it is used.
 *
 * Return: 0, or an error with @error set.
 */
int psh_replay_begin(struct psh_buffer *buffer, u64 epoch, char *error);

/** psh_replay_close() - all is durable and nothing is written any more. */
int psh_replay_close(struct psh_buffer *buffer);

#endif /* PSH_REPLAY_H */
