/* SPDX-License-Identifier: GPL-2.0 */
/*
 * target: device-mapper's view of us, the target type "predshard". Registered by
 * main; nobody else calls into it.
 */
#ifndef PSH_TARGET_H
#define PSH_TARGET_H

int psh_target_init(void);
void psh_target_exit(void);

#endif /* PSH_TARGET_H */
