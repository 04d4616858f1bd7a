// SPDX-License-Identifier: GPL-2.0
/*
 * target: device-mapper's methods, turned into calls on a volume.
 *
 * The constructor parses the line, opens the devices, checks them and finds
 * the volume; nothing is written, and a table that is refused changes nothing.
 * The volume takes the table over when it is resumed. Grammar of table, status
 * and messages: docs/reference.md.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "adopt.h"
#include "compat.h"
#include "io.h"
#include "orders.h"
#include "policy.h"
#include "status.h"
#include "sysfs.h"
#include "target.h"
#include "volume.h"

#define DM_MSG_PREFIX "predshard"

/* --- construction -------------------------------------------------------- */

static int open_device(struct dm_target *ti, const char *what,
		       const char *path, struct dm_dev **dev, char *error)
{
	int r = dm_get_device(ti, path, dm_table_get_mode(ti->table), dev);

	if (r)
		scnprintf(error, PSH_ERROR_SIZE,
			  "%s '%s' cannot be opened %s (error %d)", what, path,
			  dm_table_get_mode(ti->table) & BLK_OPEN_WRITE ?
			  "for writing" : "for reading", r);
	return r;
}

static int open_devices(struct psh_table *table, char *error)
{
	const struct psh_config *config = &table->config;
	unsigned int i;
	int r;

	r = open_device(table->ti, "metadata device", config->metadata,
			&table->metadata, error);
	if (!r && config->mirror)
		r = open_device(table->ti, "metadata mirror", config->mirror,
				&table->mirror, error);
	for (i = 0; !r && i < config->nr_members; i++)
		r = open_device(table->ti, psh_role_name(config->member[i].role),
				config->member[i].device, &table->dev[i],
				error);
	return r;
}

static void close_devices(struct psh_table *table)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (table->dev[i])
			dm_put_device(table->ti, table->dev[i]);
	if (table->mirror)
		dm_put_device(table->ti, table->mirror);
	if (table->metadata)
		dm_put_device(table->ti, table->metadata);
}

/* What a member needs beyond opening: room, and to be an ordinary device. */
static int check_member(const struct psh_table *table, unsigned int i,
			char *error)
{
	const struct psh_member_config *config = &table->config.member[i];
	struct block_device *bdev = table->dev[i]->bdev;
	u64 size = bdev_nr_sectors(bdev);
	u64 need = psh_role_holds_data(config->role) ? table->ti->len : 1;

	if (bdev_read_only(bdev) &&
	    dm_table_get_mode(table->ti->table) & BLK_OPEN_WRITE)
		scnprintf(error, PSH_ERROR_SIZE,
			  "%s %pg is read-only, expected a device that can be written",
			  psh_role_name(config->role), bdev);
	else if (bdev_is_zoned(bdev))
		scnprintf(error, PSH_ERROR_SIZE,
			  "%s %pg is zoned, expected a conventional device",
			  psh_role_name(config->role), bdev);
	else if (config->offset_sectors > size ||
		 size - config->offset_sectors < need)
		scnprintf(error, PSH_ERROR_SIZE,
			  "%s %pg has %llu sectors behind offset %llu, expected at least %llu",
			  psh_role_name(config->role), bdev,
			  size - min(size, config->offset_sectors),
			  config->offset_sectors, need);
	else if (config->role == PSH_ROLE_BUFFER &&
		 bdev_logical_block_size(bdev) > SECTOR_SIZE)
		scnprintf(error, PSH_ERROR_SIZE,
			  "buffer %pg has blocks of %u bytes, expected %u: it must be read by the sector",
			  bdev, bdev_logical_block_size(bdev), SECTOR_SIZE);
	else if (config->role == PSH_ROLE_BUFFER &&
		 config->offset_sectors % PSH_BLOCK_SECTORS)
		scnprintf(error, PSH_ERROR_SIZE,
			  "buffer %pg has offset %llu, expected a multiple of %u",
			  bdev, config->offset_sectors, PSH_BLOCK_SECTORS);
	else
		return 0;
	return -EINVAL;
}

static int check_distinct(const struct psh_table *table, unsigned int i,
			  char *error)
{
	struct block_device *bdev = table->dev[i]->bdev;
	unsigned int j;

	for (j = 0; j < i; j++)
		if (table->dev[j]->bdev->bd_dev == bdev->bd_dev)
			break;
	if (j == i && table->metadata->bdev->bd_dev != bdev->bd_dev &&
	    (!table->mirror || table->mirror->bdev->bd_dev != bdev->bd_dev))
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "%pg is named twice, expected another device for metadata and each member",
		  bdev);
	return -EINVAL;
}

static int check_devices(const struct psh_table *table, char *error)
{
	unsigned int i;
	int r = 0;

	if (table->mirror &&
	    table->mirror->bdev->bd_dev == table->metadata->bdev->bd_dev) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "metadata and its mirror are both %pg, expected two devices",
			  table->mirror->bdev);
		return -EINVAL;
	}
	for (i = 0; !r && i < table->config.nr_members; i++) {
		r = check_distinct(table, i, error);
		if (!r)
			r = check_member(table, i, error);
	}
	return r;
}

static bool has_buffers(const struct psh_config *config)
{
	unsigned int i;

	for (i = 0; i < config->nr_members; i++)
		if (config->member[i].role == PSH_ROLE_BUFFER)
			return true;
	return false;
}

/* With one member there is no other copy to send a read to. */
static unsigned int io_size(const struct psh_config *config)
{
	unsigned int data = 0;
	unsigned int i;

	for (i = 0; i < config->nr_members; i++)
		data += psh_role_holds_data(config->member[i].role);
	static_assert(sizeof(struct psh_read) <= sizeof(struct psh_log_read));
	if (has_buffers(config))
		return sizeof(struct psh_log_read);
	return data > 1 ? sizeof(struct psh_read) : 0;
}

static void set_features(struct dm_target *ti, const struct psh_config *config)
{
	bool discard = !(config->features & PSH_FEATURE_NO_DISCARD);

	ti->num_flush_bios = 1;
	ti->flush_supported = true;
	ti->num_discard_bios = discard;
	/* Not from a log. */
	ti->num_secure_erase_bios = discard && !has_buffers(config);
	ti->num_write_zeroes_bios = 1;
	ti->per_io_data_size = io_size(config);
	ti->accounts_remapped_io = true;
}

/* The texts point into arguments that are about to go. */
static void forget_texts(struct psh_config *config)
{
	unsigned int i;

	config->metadata = NULL;
	config->mirror = NULL;
	for (i = 0; i < config->nr_members; i++)
		config->member[i].device = NULL;
}

static void leave(struct psh_volume *volume)
{
	psh_sysfs_destroy(volume);
	psh_policy_destroy(volume);
}

static const struct psh_volume_ops volume_ops = {
	.leave = leave,
	.renew = psh_adopt_renew,
	.part = psh_io_part,
};

static int build(struct psh_table *table, unsigned int argc, char **argv,
		 char *error)
{
	struct dm_target *ti = table->ti;
	int r;

	if (ti->begin) {
		strscpy(error, "the table begins behind sector 0, expected one for all the device",
			PSH_ERROR_SIZE);
		return -EINVAL;
	}
	r = psh_table_parse(argc, argv, ti->len, &table->config, error);
	if (!r)
		r = open_devices(table, error);
	if (!r)
		r = check_devices(table, error);
	if (!r)
		r = dm_set_target_max_io_len(ti, table->config.segment_sectors);
	if (!r)
		r = psh_volume_get(table, &volume_ops, error);
	if (!r)
		r = psh_adopt_check(table, error);
	forget_texts(&table->config);
	return r;
}

static void psh_dtr(struct dm_target *ti)
{
	struct psh_table *table = ti->private;

	psh_adopt_forget(table);
	if (table->volume)
		psh_volume_put(table);
	close_devices(table);
	kvfree(table);
}

static int psh_ctr(struct dm_target *ti, unsigned int argc, char **argv)
{
	struct psh_table *table = kvzalloc(sizeof(*table), GFP_KERNEL);
	char *error = kzalloc(PSH_ERROR_SIZE, GFP_KERNEL);
	int r = -ENOMEM;

	ti->error = "no memory";
	if (table && error) {
		table->ti = ti;
		ti->private = table;
		r = build(table, argc, argv, error);
		if (r) {
			DMERR("%s: %s", dm_table_device_name(ti->table), error);
			ti->error = "the message before this one says what";
			psh_dtr(ti);
			table = NULL;
		}
	}
	if (r)
		kvfree(table);
	else
		set_features(ti, &table->config);
	kfree(error);
	return r;
}

/* --- life ---------------------------------------------------------------- */

static int psh_preresume(struct dm_target *ti)
{
	struct psh_table *table = ti->private;
	/* Memory must not be waited for from the device that is suspended. */
	unsigned int noio = memalloc_noio_save();
	int r = psh_adopt(table);

	if (!r)
		r = psh_policy_create(table->volume);
	if (!r)
		r = psh_sysfs_update(table->volume);
	memalloc_noio_restore(noio);
	return r;
}

static void psh_resume(struct dm_target *ti)
{
	struct psh_table *table = ti->private;

	psh_volume_resume(table->volume);
	psh_policy_start(table->volume);
}

static void psh_presuspend(struct dm_target *ti)
{
	struct psh_table *table = ti->private;

	psh_volume_suspend(table->volume);
	/* It is not active any more: nobody starts the policy again. */
	psh_policy_stop(table->volume);
}

static void psh_postsuspend(struct dm_target *ti)
{
	struct psh_table *table = ti->private;

	psh_volume_suspended(table->volume);
}

/* --- questions ----------------------------------------------------------- */

static int psh_iterate_devices(struct dm_target *ti,
			       iterate_devices_callout_fn call, void *data)
{
	struct psh_table *table = ti->private;
	unsigned int i;
	int r = 0;

	for (i = 0; !r && i < table->config.nr_members; i++) {
		const struct psh_member_config *member =
			&table->config.member[i];

		if (psh_role_holds_data(member->role))
			r = call(ti, table->dev[i], member->offset_sectors,
				 ti->len, data);
	}
	return r;
}

static void psh_status(struct dm_target *ti, status_type_t type,
		       unsigned int flags, char *result, unsigned int maxlen)
{
	struct psh_table *table = ti->private;

	switch (type) {
	case STATUSTYPE_INFO:
		psh_status_info(table->volume, result, maxlen);
		break;
	case STATUSTYPE_TABLE:
		psh_status_table(table, result, maxlen);
		break;
	case STATUSTYPE_IMA:
		*result = '\0';
		break;
	}
}

/* --- messages ------------------------------------------------------------ */

static int parse_member(struct psh_volume *volume, const char *word,
			unsigned int *number, char *error)
{
	struct psh_members *members = &volume->members;
	unsigned int major, minor;
	char rest;

	if (!kstrtouint(word, 10, number) && *number < PSH_MEMBERS_MAX)
		return 0;
	if (sscanf(word, "%u:%u%c", &major, &minor, &rest) == 2)
		for (*number = 0; *number < PSH_MEMBERS_MAX; ++*number)
			if (members->present & BIT(*number) &&
			    members->member[*number].dev == MKDEV(major, minor))
				return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "'%.40s' is no member, expected a number as in status or major:minor",
		  word);
	return -EINVAL;
}

static int member_message(struct psh_volume *volume, char **argv, char *error)
{
	unsigned int member;
	int r = parse_member(volume, argv[1], &member, error);

	if (r)
		return r;
	if (!strcasecmp(argv[0], "fail"))
		return psh_order_fail(volume, member, error);
	if (!strcasecmp(argv[0], "return"))
		return psh_order_return(volume, member, error);
	return psh_order_resync(volume, member, error);
}

static int copy_message(struct psh_volume *volume, char **argv, char *error)
{
	bool want = !strcasecmp(argv[0], "add_copy");
	unsigned int member;
	u64 first, count;
	int r = parse_member(volume, argv[1], &member, error);

	if (r)
		return r;
	if (kstrtou64(argv[2], 10, &first) || kstrtou64(argv[3], 10, &count)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "'%.40s %.40s' is no range, expected first segment and count",
			  argv[2], argv[3]);
		return -EINVAL;
	}
	return psh_order_copy(volume, member, first, count, want, error);
}

static int stats_message(struct psh_volume *volume, char **argv, char *error)
{
	if (strcasecmp(argv[1], "reset")) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "'stats %.40s' is unknown, expected 'stats reset'",
			  argv[1]);
		return -EINVAL;
	}
	psh_order_reset_stats(volume);
	return 0;
}

static int write_mode_message(struct psh_volume *volume, char **argv,
			      char *error)
{
	if (!strcasecmp(argv[1], "home"))
		return psh_order_write_mode(volume, PSH_WRITE_HOME, error);
	if (!strcasecmp(argv[1], "buffer"))
		return psh_order_write_mode(volume, PSH_WRITE_BUFFER, error);
	scnprintf(error, PSH_ERROR_SIZE,
		  "'write_mode %.40s' is unknown, expected home or buffer",
		  argv[1]);
	return -EINVAL;
}

static int mode_message(struct psh_volume *volume, char **argv, char *error)
{
	enum psh_mode mode;

	for (mode = PSH_MODE_MANUAL; mode <= PSH_MODE_AUTO; mode++)
		if (!strcasecmp(argv[1], psh_mode_name(mode)))
			break;
	if (mode > PSH_MODE_AUTO) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "'mode %.40s' is unknown, expected manual, advise or auto",
			  argv[1]);
		return -EINVAL;
	}
	mutex_lock(&volume->lock);
	psh_policy_set_mode(volume, mode);
	mutex_unlock(&volume->lock);
	return 0;
}

static int merge_message(struct psh_volume *volume, char **argv, char *error)
{
	static const char * const name[] = {
		[PSH_MERGE_START] = "start",
		[PSH_MERGE_PAUSE] = "pause",
		[PSH_MERGE_STOP] = "stop",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(name); i++)
		if (!strcasecmp(argv[1], name[i]))
			return psh_order_merge(volume, i, error);
	scnprintf(error, PSH_ERROR_SIZE,
		  "'merge %.40s' is unknown, expected start, pause or stop",
		  argv[1]);
	return -EINVAL;
}

static const struct {
	const char *name;
	unsigned int argc;
	int (*handle)(struct psh_volume *volume, char **argv, char *error);
	const char *arguments;
} messages[] = {
	{ "add_copy", 4, copy_message, "<member> <first segment> <count>" },
	{ "drop_copy", 4, copy_message, "<member> <first segment> <count>" },
	{ "fail", 2, member_message, "<member>" },
	{ "merge", 2, merge_message, "start|pause|stop" },
	{ "mode", 2, mode_message, "manual|advise|auto" },
	{ "return", 2, member_message, "<member>" },
	{ "resync", 2, member_message, "<member>" },
	{ "stats", 2, stats_message, "reset" },
	{ "write_mode", 2, write_mode_message, "home|buffer" },
};

static int handle_message(struct psh_volume *volume, unsigned int argc,
			  char **argv, char *error)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		if (strcasecmp(argv[0], messages[i].name))
			continue;
		if (argc == messages[i].argc)
			return messages[i].handle(volume, argv, error);
		scnprintf(error, PSH_ERROR_SIZE,
			  "message '%s' has %u words, expected '%s %s'",
			  messages[i].name, argc, messages[i].name,
			  messages[i].arguments);
		return -EINVAL;
	}
	scnprintf(error, PSH_ERROR_SIZE,
		  "message '%.40s' is unknown, expected add_copy, decisions, drop_copy, fail, merge, mode, return, resync, stats or write_mode",
		  argv[0]);
	return -EINVAL;
}

/* What does not fit is asked for again, with more room. */
static int tell_decisions(struct psh_volume *volume, char *result,
			  unsigned int maxlen)
{
	bool all = true;

	*result = '\0';
	if (volume->decisions)
		psh_policy_tell(volume->decisions, result, maxlen, &all);
	if (!all) {
		memset(result, ' ', maxlen - 1);
		result[maxlen - 1] = '\0';
	}
	return 1;
}

static int psh_message(struct dm_target *ti, unsigned int argc, char **argv,
		       char *result, unsigned int maxlen)
{
	struct psh_table *table = ti->private;
	char *error;
	int r;

	if (argc == 1 && !strcasecmp(argv[0], "decisions"))
		return tell_decisions(table->volume, result, maxlen);
	error = kzalloc(PSH_ERROR_SIZE, GFP_KERNEL);
	if (!error)
		return -ENOMEM;
	r = handle_message(table->volume, argc, argv, error);
	if (r)
		DMERR("%s: %s", dm_table_device_name(ti->table), error);
	kfree(error);
	return r;
}

static struct target_type predshard_target = {
	.name = "predshard",
	.version = { 0, 1, 0 },
	.features = DM_TARGET_SINGLETON | DM_TARGET_NOWAIT,
	.module = THIS_MODULE,
	.ctr = psh_ctr,
	.dtr = psh_dtr,
	.map = psh_map,
	.end_io = psh_end_io,
	.presuspend = psh_presuspend,
	.presuspend_undo = psh_resume,
	.postsuspend = psh_postsuspend,
	.preresume = psh_preresume,
	.resume = psh_resume,
	.status = psh_status,
	.message = psh_message,
	.iterate_devices = psh_iterate_devices,
};

int psh_target_init(void)
{
	return dm_register_target(&predshard_target);
}

void psh_target_exit(void)
{
	dm_unregister_target(&predshard_target);
}
