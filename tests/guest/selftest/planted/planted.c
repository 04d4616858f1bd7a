// SPDX-License-Identifier: GPL-2.0
/*
 * Bugs on demand for the self-test of the guest harness: writing a bug's name
 * to /sys/module/predshard_planted/parameters/bug commits it.  It proves that
 * the debug kernel sees such bugs and that the harness turns what it sees into
 * a failure.  It is no part of the product and is built by the self-test alone.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);

static void use_after_free(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	pr_info("%d\n", READ_ONCE(p[5]));
}

static void invert_locks(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);
	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void sleep_in_atomic(void)
{
	spin_lock(&lock_a);
	might_sleep();
	spin_unlock(&lock_a);
}

static void corrupt_list(void)
{
	LIST_HEAD(head);
	LIST_HEAD(entry);

	list_add(&entry, &head);
	head.next = &head;
	list_del(&entry);
}

/* Many: a stale pointer somewhere in memory hides a single one. */
static void leak(void)
{
	void *p;
	int i;

	for (i = 0; i < 50; i++) {
		p = kmalloc(333, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(p);
	}
}

static void warn(void)
{
	WARN_ON(1);
}

static const struct {
	const char *name;
	void (*commit)(void);
} bugs[] = {
	{ "use-after-free", use_after_free },
	{ "lock-inversion", invert_locks },
	{ "sleep-in-atomic", sleep_in_atomic },
	{ "list-corruption", corrupt_list },
	{ "leak", leak },
	{ "warning", warn },
};

static int bug_set(const char *value, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!sysfs_streq(value, bugs[i].name))
			continue;
		bugs[i].commit();
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops bug_ops = { .set = bug_set };
module_param_cb(bug, &bug_ops, NULL, 0200);

MODULE_DESCRIPTION("bugs on demand for the harness self-test");
MODULE_LICENSE("GPL");
