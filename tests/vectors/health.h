/* SPDX-License-Identifier: GPL-2.0 */
/*
 * health: rows for the state ladder.
 *
 * Data only; tests/unit/health_test.c and the KUnit suite compare the same
 * rows. The policy is that of the reference page unless a row says otherwise.
 */
#ifndef PSH_VECTORS_HEALTH_H
#define PSH_VECTORS_HEALTH_H

#include "../../dm-predshard/core/health.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define DEFAULT_POLICY	{ 4, 16, 1000, 5000 }
#define OK	PSH_STATE_OK
#define SUSPECT	PSH_STATE_SUSPECT
#define FAILED	PSH_STATE_FAILED

struct health_row {
	const char *name;
	enum psh_state before;
	struct psh_health_signs signs;	/* errors, stall_ms, flush_failed */
	struct psh_health_policy policy;
	enum psh_state after;
	const char *reason;	/* NULL: left alone */
};

static const struct health_row health_rows[] = {
	{ "no sign, no step",
	  OK, { 0, 0, false }, DEFAULT_POLICY, OK, NULL },
	{ "3 errors are not enough",
	  OK, { 3, 0, false }, DEFAULT_POLICY, OK, NULL },
	{ "4 errors make suspect",
	  OK, { 4, 0, false }, DEFAULT_POLICY, SUSPECT, "I/O errors" },
	{ "15 errors still make suspect",
	  OK, { 15, 0, false }, DEFAULT_POLICY, SUSPECT, "I/O errors" },
	{ "16 errors make failed at once",
	  OK, { 16, 0, false }, DEFAULT_POLICY, FAILED, "too many I/O errors" },
	{ "the most errors make failed",
	  OK, { U32_MAX, 0, false }, DEFAULT_POLICY, FAILED,
	  "too many I/O errors" },
	{ "999 ms are not enough",
	  OK, { 0, 999, false }, DEFAULT_POLICY, OK, NULL },
	{ "1000 ms make suspect",
	  OK, { 0, 1000, false }, DEFAULT_POLICY, SUSPECT,
	  "no completion for a while" },
	{ "4999 ms still make suspect",
	  OK, { 0, 4999, false }, DEFAULT_POLICY, SUSPECT,
	  "no completion for a while" },
	{ "5000 ms make failed",
	  OK, { 0, 5000, false }, DEFAULT_POLICY, FAILED,
	  "no completion for too long" },
	{ "the longest stall makes failed",
	  OK, { 0, U32_MAX, false }, DEFAULT_POLICY, FAILED,
	  "no completion for too long" },
	{ "a failed flush makes failed at once",
	  OK, { 0, 0, true }, DEFAULT_POLICY, FAILED, "a flush failed" },
	{ "a failed flush is named before errors",
	  OK, { 16, 5000, true }, DEFAULT_POLICY, FAILED, "a flush failed" },
	{ "errors are named before a stall",
	  OK, { 4, 1000, false }, DEFAULT_POLICY, SUSPECT, "I/O errors" },
	{ "a fatal stall is named before tolerable errors",
	  OK, { 4, 5000, false }, DEFAULT_POLICY, FAILED,
	  "no completion for too long" },
	{ "suspect stays without signs",
	  SUSPECT, { 0, 0, false }, DEFAULT_POLICY, SUSPECT, NULL },
	{ "suspect stays with signs of suspect",
	  SUSPECT, { 4, 1000, false }, DEFAULT_POLICY, SUSPECT, NULL },
	{ "suspect falls to failed by errors",
	  SUSPECT, { 16, 0, false }, DEFAULT_POLICY, FAILED,
	  "too many I/O errors" },
	{ "suspect falls to failed by a stall",
	  SUSPECT, { 0, 5000, false }, DEFAULT_POLICY, FAILED,
	  "no completion for too long" },
	{ "suspect falls to failed by a flush",
	  SUSPECT, { 0, 0, true }, DEFAULT_POLICY, FAILED, "a flush failed" },
	{ "failed stays without signs",
	  FAILED, { 0, 0, false }, DEFAULT_POLICY, FAILED, NULL },
	{ "failed stays with signs of suspect",
	  FAILED, { 4, 0, false }, DEFAULT_POLICY, FAILED, NULL },
	{ "failed stays with signs of failed",
	  FAILED, { 16, 5000, true }, DEFAULT_POLICY, FAILED, NULL },
	{ "rungs of 0 are never reached",
	  OK, { U32_MAX, U32_MAX, false }, { 0, 0, 0, 0 }, OK, NULL },
	{ "a flush has no rung",
	  OK, { 0, 0, true }, { 0, 0, 0, 0 }, FAILED, "a flush failed" },
	{ "errors of failed below those of suspect go to failed",
	  OK, { 2, 0, false }, { 4, 2, 0, 0 }, FAILED, "too many I/O errors" },
	{ "only suspect errors switched on",
	  OK, { U32_MAX, 0, false }, { 1, 0, 0, 0 }, SUSPECT, "I/O errors" },
};

struct health_name_row {
	const char *name;
	enum psh_state state;
	const char *word;
};

static const struct health_name_row health_name_rows[] = {
	{ "ok is named ok", OK, "ok" },
	{ "suspect is named suspect", SUSPECT, "suspect" },
	{ "failed is named failed", FAILED, "failed" },
	{ "a state that is none has a name", (enum psh_state)3, "unknown" },
};

#undef OK
#undef SUSPECT
#undef FAILED
#undef DEFAULT_POLICY

#endif /* PSH_VECTORS_HEALTH_H */
