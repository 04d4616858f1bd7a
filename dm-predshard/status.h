/* SPDX-License-Identifier: GPL-2.0 */
/*
 * status: what "dmsetup status" and "dmsetup table" print. Text only; nothing
 * here decides anything. Grammar: docs/reference.md, "Status" and "Table line".
 */
#ifndef PSH_STATUS_H
#define PSH_STATUS_H

#include "volume.h"

/** psh_mode_name() - the word for a policy mode. */
const char *psh_mode_name(enum psh_mode mode);

/** psh_volume_state_name() - ok, degraded or read-only. */
const char *psh_volume_state_name(struct psh_volume *volume);

/** psh_status_info() - the words of docs/reference.md, "Status". */
void psh_status_info(struct psh_volume *volume, char *result,
		     unsigned int maxlen);

/** psh_status_table() - the table line, devices as major:minor. */
void psh_status_table(struct psh_table *table, char *result,
		      unsigned int maxlen);

#endif /* PSH_STATUS_H */
