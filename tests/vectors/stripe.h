/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stripe: rows of what makes the head of a stripe invalid.
 *
 * One field of a good head is changed and its checksum made right again. Data
 * only; tests/unit/buflog_test.c and the KUnit suite compare the same rows.
 */
#ifndef PSH_VECTORS_STRIPE_H
#define PSH_VECTORS_STRIPE_H

#include "../../dm-predshard/core/stripe.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct stripe_row {
	const char *name;
	u32 offset;	/* of the field */
	u32 size;
	u64 value;
	bool good;
};

#define ROW(name, field, value, good) \
	{ name, offsetof(struct psh_disk_stripe, field), \
	  sizeof(((struct psh_disk_stripe *)0)->field), value, good }

/* Stripe 9 of stripes of 3 blocks, tail 4, durable 6: write 3, discard, write 2. */
static const struct stripe_row stripe_rows[] = {
	ROW("nothing is changed", nr, 3, true),
	ROW("magic", head.magic, PSH_MAGIC_JOURNAL, false),
	ROW("another place", head.address, 13, false),
	ROW("more records than fit", nr, 251, false),
	ROW("a record less", nr, 2, false),
	ROW("an empty record more", nr, 4, false),
	ROW("less data", data_sectors, 4, false),
	ROW("more data", data_sectors, 6, false),
	ROW("no tail", tail, 0, false),
	ROW("its own tail", tail, 9, false),
	ROW("a tail right behind what is durable", tail, 7, true),
	ROW("a tail that is not durable", tail, 8, false),
	ROW("durable before it is written", durable, 9, false),
	ROW("all before it durable", durable, 8, true),
	ROW("no sectors", record[0].sectors, 0, false),
	ROW("too many sectors", record[0].sectors, 0xffffffff, false),
	ROW("a long discard", record[1].sectors, 0xffffffff, true),
	ROW("no kind", record[1].key, 8, false),
	ROW("an unknown kind", record[1].key, 5ULL << 56, false),
	ROW("beyond any volume", record[1].key, 2ULL << 56 | 1ULL << 55, false),
	ROW("home", record[1].key, 4ULL << 56 | 8, true),
	ROW("any number", head.sequence, 1000, true),
	ROW("any epoch", head.epoch, 1, true),
	ROW("any chain", chain, 0, true),
};

#undef ROW
/* clang-format on */

#endif /* PSH_VECTORS_STRIPE_H */
