/* SPDX-License-Identifier: GPL-2.0 */
/*
 * adopt: how a table becomes the active one of a volume.
 *
 * When a table is loaded its devices are compared with what the volume is, or with
 * what its metadata says, and all memory is taken; what is wrong is said then, and
 * nothing is written. When it is resumed the same is done again, because time has
 * passed, and then it is written and used.
 */
#ifndef PSH_ADOPT_H
#define PSH_ADOPT_H

#include "volume.h"

/**
 * psh_adopt_check() - take the memory that a table needs, and look at its devices
 * @table: a table whose volume is found
 * @error: PSH_ERROR_SIZE bytes for a message
 *
 * Context: constructor.
 * Return: 0 or an error.
 */
int psh_adopt_check(struct psh_table *table, char *error);

/** psh_adopt_forget() - give back what was not used. Destructor. */
void psh_adopt_forget(struct psh_table *table);

/**
 * psh_adopt() - make a table the active one
 * @table: the table
 *
 * Context: preresume: no bio is inside.
 * Return: 0; or an error, and the volume has no table then.
 */
int psh_adopt(struct psh_table *table);

/**
 * psh_adopt_renew() - begin an epoch while the volume is active
 * @volume: the volume
 *
 * After a metadata device was dropped: what is on it is of an older epoch than
 * the members show from then on, so by itself it is never believed again.
 *
 * Context: process, the volume is active and stays so; waits for metadata and
 * members.
 * Return: 0; or an error, and then it must be done again.
 */
int psh_adopt_renew(struct psh_volume *volume);

#endif /* PSH_ADOPT_H */
