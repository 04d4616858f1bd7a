// SPDX-License-Identifier: GPL-2.0
/*
 * main: the module predshard_kunit.
 *
 * Each <noun>_suite.c registers itself with KUnit, which runs it when the module
 * is loaded and writes KTAP to the kernel log. Nothing is left to do here.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit suites of dm-predshard's core");
MODULE_LICENSE("GPL");
