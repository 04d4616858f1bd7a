/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat: what differs between the kernels we build for.
 *
 * The code is written for the newest kernel; here older ones are given its
 * shape. Each difference is found by a probe of the kernel's headers (the
 * list is in Kbuild beside this file), never by a version number, because
 * stable and distribution kernels backport API changes.
 */
#ifndef PSH_COMPAT_H
#define PSH_COMPAT_H

#include <linux/blkdev.h>
#include <linux/device-mapper.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include <linux/version.h>
#if LINUX_VERSION_CODE < 0x060100 /* 6.1 */
#error "dm-predshard needs Linux 6.1 or newer"
#endif

/* 930c2ea566af ("workqueue: Add new WQ_PERCPU flag") */
#ifndef PSH_HAVE_WQ_PERCPU
#define WQ_PERCPU 0
#endif

/* 05bdb9965305 ("block: replace fmode_t with a block-specific type ...") */
#ifndef PSH_HAVE_BLK_OPEN_WRITE
#define BLK_OPEN_WRITE FMODE_WRITE
#endif

#endif /* PSH_COMPAT_H */
