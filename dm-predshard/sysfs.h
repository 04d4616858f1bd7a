/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs: the directory predshard/ under the disk, with knobs and statistics.
 *
 * It exists from the first resume to the removal of the volume, over reloads.
 * Files and values: docs/reference.md, "sysfs".
 */
#ifndef PSH_SYSFS_H
#define PSH_SYSFS_H

struct psh_volume;

/**
 * psh_sysfs_update() - bring the directory in line with the members
 * @volume: the volume
 *
 * Context: preresume.
 * Return: 0 or an error.
 */
int psh_sysfs_update(struct psh_volume *volume);

/**
 * psh_sysfs_destroy() - remove the directory and wait for its last reader
 * @volume: the volume, which nobody can find any more
 *
 * Context: process, without the volume's mutex: readers take it.
 */
void psh_sysfs_destroy(struct psh_volume *volume);

#endif /* PSH_SYSFS_H */
