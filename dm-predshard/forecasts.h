/* SPDX-License-Identifier: GPL-2.0 */
/*
 * forecasts: the folder forecast/ of sysfs: what is expected, and how good that
 * was. Files and values: docs/reference.md, "forecast/".
 */
#ifndef PSH_FORECASTS_H
#define PSH_FORECASTS_H

#include <linux/sysfs.h>

/* Of entries (entry.h), which are called with the volume's mutex held. */
extern const struct attribute_group psh_forecasts_group;

#endif /* PSH_FORECASTS_H */
