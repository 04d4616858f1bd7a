/* SPDX-License-Identifier: GPL-2.0 */
/*
 * archive: what the forecaster remembers, in its area of the metadata.
 *
 * Some bytes, of which nothing but forecasts depends, kept in two places that are
 * written in turn. Every block says by its head whose it is, where it belongs
 * and of which saving; a place counts if all its blocks are good and of one
 * saving and activation, and of two the newer. The place that was good last is not touched by
 * the next saving, each write of which is durable when it returns: so after a
 * crash at any point the saving before it is there, or the new one. A device that
 * fails is left as it is, and what is damaged is not there: losing all of it costs
 * the history of a load. What the bytes mean is recall's.
 */
#ifndef PSH_ARCHIVE_H
#define PSH_ARCHIVE_H

#include "store.h"

#define PSH_ARCHIVE_PLACES 2
#define PSH_ARCHIVE_BLOCKS (PSH_FORECAST_BLOCKS / PSH_ARCHIVE_PLACES)
#define PSH_ARCHIVE_PAYLOAD (PSH_BLOCK_SIZE - 64) /* bytes per block */
#define PSH_ARCHIVE_MOST (PSH_ARCHIVE_BLOCKS * PSH_ARCHIVE_PAYLOAD)

/**
 * struct psh_archive - which of the places is what
 * @sequence: number of the last saving that was seen
 * @place: that the next one goes to
 */
struct psh_archive {
	u64 sequence;
	u32 place;
};

/**
 * psh_archive_load() - find what was saved last
 * @archive: result; for psh_archive_save() whatever is returned
 * @store: found or loaded; its buffer is used
 * @data: result
 * @most: room of @data
 * @bytes: result, how many there are
 *
 * Return: 0; -ENODATA if nothing was ever saved; -EBADMSG if something was and
 * no saving is whole, or is larger than @most.
 */
int psh_archive_load(struct psh_archive *archive, struct psh_store *store,
		     u8 *data, u32 most, u32 *bytes);

/**
 * psh_archive_save() - save, instead of the older one of two savings
 * @archive: from psh_archive_load()
 * @store: whose devices can be written; its buffer is used
 * @data: what to save
 * @bytes: how many, 1..%PSH_ARCHIVE_MOST
 *
 * Return: 0 if it is durable on one device at least; -EINVAL for too many bytes;
 * or an error of a device, and then what was saved before is there still.
 */
int psh_archive_save(struct psh_archive *archive, struct psh_store *store,
		     const u8 *data, u32 bytes);

#endif /* PSH_ARCHIVE_H */
