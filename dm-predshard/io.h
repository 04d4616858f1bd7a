/* SPDX-License-Identifier: GPL-2.0 */
/*
 * io: the data path, from dm's map call to the end of the bio.
 */
#ifndef PSH_IO_H
#define PSH_IO_H

#include "volume.h"

/**
 * struct psh_log_read - a user's read of the buffer log
 * @fetch: the order
 * @buffer: the log
 * @bio: the read
 */
struct psh_log_read {
	struct psh_fetch fetch;
	struct psh_buffer *buffer;
	struct bio *bio;
};

/** psh_map() - the target's map method. */
int psh_map(struct dm_target *ti, struct bio *bio);

/** psh_end_io() - the target's end_io method. */
int psh_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *status);

/** psh_io_part() - a bio leaves the flight, and ends later. Context: any. */
void psh_io_part(struct psh_volume *volume, struct bio *bio);

#endif /* PSH_IO_H */
