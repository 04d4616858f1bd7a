/* SPDX-License-Identifier: GPL-2.0 */
/*
 * weights: the networks that ship with the module.
 *
 * Blobs for psh_lstm_decode(), so that the first forecast needs no training and
 * no daemon. Data only; what they were trained on says docs/forecasting.md.
 */
#ifndef PSH_WEIGHTS_H
#define PSH_WEIGHTS_H

#include "base.h"

#define PSH_WEIGHTS_HOURS_SIZE		12182
#define PSH_WEIGHTS_MINUTES_SIZE	5272

extern const u8 psh_weights_hours[PSH_WEIGHTS_HOURS_SIZE];
extern const u8 psh_weights_minutes[PSH_WEIGHTS_MINUTES_SIZE];

#endif /* PSH_WEIGHTS_H */
