// SPDX-License-Identifier: GPL-2.0
/*
 * main: what happens when the module comes and goes, in order.
 */
#include "compat.h"
#include "fanout.h"
#include "flush.h"
#include "predict.h"
#include "target.h"

static int __init psh_init(void)
{
	int r;

	r = psh_fan_caches_create();
	if (r)
		return r;
	r = psh_flush_pool_create();
	if (r)
		goto destroy_fan_caches;
	r = psh_predict_pool_create();
	if (r)
		goto destroy_flush_pool;
	r = psh_target_init();
	if (r)
		goto destroy_predict_pool;
	return 0;

destroy_predict_pool:
	psh_predict_pool_destroy();
destroy_flush_pool:
	psh_flush_pool_destroy();
destroy_fan_caches:
	psh_fan_caches_destroy();
	return r;
}

static void __exit psh_exit(void)
{
	psh_target_exit();
	psh_predict_pool_destroy();
	psh_flush_pool_destroy();
	psh_fan_caches_destroy();
}

module_init(psh_init);
module_exit(psh_exit);

MODULE_DESCRIPTION(DM_NAME " target that routes by prediction");
MODULE_AUTHOR("dm-predshard authors");
MODULE_LICENSE("GPL");
MODULE_ALIAS("dm-predshard");
