/* SPDX-License-Identifier: GPL-2.0 */
/*
 * action: rows for the words of actions, holds and reasons.
 *
 * Data only; tests/unit/action_test.c and the KUnit suite compare the same
 * rows. Now is 1000.
 */
#ifndef PSH_VECTORS_ACTION_H
#define PSH_VECTORS_ACTION_H

#include "../../dm-predshard/core/action.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct action_row {
	const char *name;
	struct psh_action action;
	const char *text;
};

static const struct action_row action_rows[] = {
	{ "a peak",
	  { PSH_ACTION_BUFFER_ON, PSH_REASON_PEAK, PSH_HOLD_NONE, 1600, 2200,
	    0, 0, 0, 820, { 5200, 4000 } },
	  "buffer on in 600..1200 s, 0 bytes, 0 copies, zones 0x0, 820 permille: "
	  "up to 5200/s are forecast, the line is 4000/s" },
	{ "quiet, and held",
	  { PSH_ACTION_BUFFER_OFF, PSH_REASON_QUIET, PSH_HOLD_DWELL, 1000, 1000,
	    0, 0, 0, 1000, { 10, 2000 } },
	  "buffer off in 0..0 s, 0 bytes, 0 copies, zones 0x0, 1000 permille: "
	  "10/s now and no peak ahead, the line is 2000/s; held: dwell" },
	{ "copies to zones",
	  { PSH_ACTION_COPY, PSH_REASON_LATE, PSH_HOLD_BUDGET, 1000, 4600,
	    1048576, 0x6, 2, 500, { 2097152, 1048576 } },
	  "copy in 0..3600 s, 1048576 bytes, 2 copies, zones 0x6, 500 "
	  "permille: 2097152 bytes are wanted, in time are 1048576; "
	  "held: budget" },
	{ "a window",
	  { PSH_ACTION_MERGE, PSH_REASON_WINDOW, PSH_HOLD_LOSING, 1000, 4600,
	    4096, 0, 0, 1000, { 4096, 70 } },
	  "merge in 0..3600 s, 4096 bytes, 0 copies, zones 0x0, 1000 permille: "
	  "4096 bytes, and the load is lowest then: 70/s; held: losing" },
	{ "space",
	  { PSH_ACTION_ASK_SPACE, PSH_REASON_FILLING, PSH_HOLD_NONE, 1000, 4600,
	    4096, 0, 0, 900, { 3600, 7200 } },
	  "ask for space in 0..3600 s, 4096 bytes, 0 copies, zones 0x0, 900 "
	  "permille: full in 3600 s at the earliest, 7200 s likely" },
	{ "what is none",
	  { (enum psh_action_kind)99, (enum psh_reason)99, (enum psh_held)99,
	    1000, 1000, 0, 0, 0, 0, { 1, 2 } },
	  "unknown in 0..0 s, 0 bytes, 0 copies, zones 0x0, 0 permille: 1, 2; "
	  "held: unknown" },
	{ "the highest numbers fit",
	  { PSH_ACTION_ASK_REPLICA, PSH_REASON_QUIET, PSH_HOLD_LOSING, S64_MIN,
	    S64_MAX, U64_MAX, U32_MAX, 255, U16_MAX, { U64_MAX, U64_MAX } },
	  "ask for replica in -1152921504606847976..1152921504606845976 s, "
	  "18446744073709551615 bytes, 255 copies, zones 0xffffffff, 65535 "
	  "permille: 18446744073709551615/s now and no peak ahead, the line "
	  "is 18446744073709551615/s; held: losing" },
};

#endif /* PSH_VECTORS_ACTION_H */
