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

#define FIELD(field) \
	offsetof(struct psh_disk_stripe, field), \
	sizeof(((struct psh_disk_stripe *)0)->field)

/* Stripe 9 of stripes of 3 blocks, tail 4, durable 6: write 3, discard, write 2. */
static const struct stripe_row stripe_rows[] = {
	{ "nothing is changed", FIELD(nr), 3, true },
	{ "magic", FIELD(head.magic), PSH_MAGIC_JOURNAL, false },
	{ "another place", FIELD(head.address), 13, false },
	{ "more records than fit", FIELD(nr), 251, false },
	{ "a record less", FIELD(nr), 2, false },
	{ "an empty record more", FIELD(nr), 4, false },
	{ "less data", FIELD(data_sectors), 4, false },
	{ "more data", FIELD(data_sectors), 6, false },
	{ "no tail", FIELD(tail), 0, false },
	{ "its own tail", FIELD(tail), 9, false },
	{ "a tail right behind what is durable", FIELD(tail), 7, true },
	{ "a tail that is not durable", FIELD(tail), 8, false },
	{ "durable before it is written", FIELD(durable), 9, false },
	{ "all before it durable", FIELD(durable), 8, true },
	{ "no sectors", FIELD(record[0].sectors), 0, false },
	{ "too many sectors", FIELD(record[0].sectors), 0xffffffff, false },
	{ "a long discard", FIELD(record[1].sectors), 0xffffffff, true },
	{ "no kind", FIELD(record[1].key), 8, false },
	{ "an unknown kind", FIELD(record[1].key), 5ULL << 56, false },
	{ "beyond any volume", FIELD(record[1].key), 2ULL << 56 | 1ULL << 55, false },
	{ "home", FIELD(record[1].key), 4ULL << 56 | 8, true },
	{ "any number", FIELD(head.sequence), 1000, true },
	{ "any epoch", FIELD(head.epoch), 1, true },
	{ "any chain", FIELD(chain), 0, true },
};

#undef FIELD
/* clang-format on */

#endif /* PSH_VECTORS_STRIPE_H */
