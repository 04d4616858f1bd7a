// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs: see sysfs.h. One value per file; a value that is refused changes
 * nothing and leaves a line in the log that says what was expected.
 *
 * Two kinds of kobject: the directory itself with a subdirectory statistics,
 * and one per member. Both live in memory of their own that goes with the last
 * reference; the volume waits for that before it goes. Show and store only try
 * for the volume's mutex, and have the system call restarted otherwise: a
 * member's directory is removed with the mutex held, which waits for readers.
 */
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "entry.h"
#include "forecasts.h"
#include "policy.h"
#include "status.h"
#include "sysfs.h"
#include "volume.h"

#define DM_MSG_PREFIX "predshard"

/**
 * struct member_dir - directory of one member
 * @kobj: the directory
 * @volume: whose
 * @number: the member
 */
struct member_dir {
	struct kobject kobj;
	struct psh_volume *volume;
	unsigned int number;
};

/**
 * struct psh_sysfs - the directory
 * @kobj: the directory
 * @volume: whose
 * @gone: completed when the directory's memory may go
 * @member: by number, NULL where there is none. Volume's mutex
 */
struct psh_sysfs {
	struct kobject kobj;
	struct psh_volume *volume;
	struct completion gone;
	struct member_dir *member[PSH_MEMBERS_MAX];
};

/* --- attributes ---------------------------------------------------------- */

static ssize_t show_entry(struct psh_volume *volume, unsigned int member,
			  struct attribute *attr, char *page)
{
	struct psh_entry *entry = container_of(attr, struct psh_entry, attr);
	ssize_t r;

	if (!mutex_trylock(&volume->lock))
		return restart_syscall();
	r = entry->show(volume, member, entry->offset, page);
	mutex_unlock(&volume->lock);
	return r;
}

static ssize_t store_entry(struct psh_volume *volume, unsigned int member,
			   struct attribute *attr, const char *page,
			   size_t count)
{
	struct psh_entry *entry = container_of(attr, struct psh_entry, attr);
	char value[64];
	int r = -EINVAL;

	if (!entry->store)
		return -EIO;
	if (count < sizeof(value)) {
		memcpy(value, page, count);
		value[count] = '\0';
		if (!mutex_trylock(&volume->lock))
			return restart_syscall();
		r = entry->store(volume, member, entry->offset,
				 strim(value));
		mutex_unlock(&volume->lock);
	}
	if (!r)
		return count;
	DMERR("%s: %s does not take this value, expected %s",
	      dm_device_name(volume->md), attr->name, entry->expected);
	return r;
}

/* Which word of a list; -EINVAL if none. */
static int match_word(const char * const *words, int nr, const char *value)
{
	int i = match_string(words, nr, value);

	return i < 0 ? -EINVAL : i;
}

/* --- the volume's knobs -------------------------------------------------- */

static const char * const mode_words[] = { "manual", "advise", "auto" };
static const char * const read_policy_words[] = { "balanced", "home" };
static const char * const verify_words[] = { "none", "sample", "all" };
static const char * const copy_mode_words[] = { "sync", "async" };

static ssize_t show_mode(struct psh_volume *volume, unsigned int member,
			 size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n", mode_words[volume->mode]);
}

static int store_mode(struct psh_volume *volume, unsigned int member,
		      size_t offset, const char *value)
{
	int i = match_word(mode_words, ARRAY_SIZE(mode_words), value);

	if (i >= 0)
		psh_policy_set_mode(volume, i);
	return min(i, 0);
}

static u32 *most_of(struct psh_volume *volume, size_t offset)
{
	return (u32 *)((char *)volume + offset);
}

static ssize_t show_most(struct psh_volume *volume, unsigned int member,
			 size_t offset, char *page)
{
	return sysfs_emit(page, "%u\n", *most_of(volume, offset));
}

static int store_most(struct psh_volume *volume, unsigned int member,
		      size_t offset, const char *value)
{
	u32 number;

	if (kstrtou32(value, 10, &number) || number > 1000000000)
		return -EINVAL;
	*most_of(volume, offset) = number;
	return 0;
}

static ssize_t show_decisions(struct psh_volume *volume, unsigned int member,
			      size_t offset, char *page)
{
	bool all;

	return psh_policy_tell(volume->decisions, page, PAGE_SIZE, &all);
}

static ssize_t show_read_policy(struct psh_volume *volume, unsigned int member,
				size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n",
			  read_policy_words[volume->balance.home_only]);
}

static int store_read_policy(struct psh_volume *volume, unsigned int member,
			     size_t offset, const char *value)
{
	int i = match_word(read_policy_words, ARRAY_SIZE(read_policy_words),
			   value);

	if (i >= 0)
		WRITE_ONCE(volume->balance.home_only, i);
	return min(i, 0);
}

static ssize_t show_local_zone(struct psh_volume *volume, unsigned int member,
			       size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n", volume->balance.local_zone);
}

static int store_local_zone(struct psh_volume *volume, unsigned int member,
			    size_t offset, const char *value)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i) &&
		    !strcmp(volume->members.member[i].zone, value)) {
			psh_balance_set_zone(&volume->balance, value);
			return 0;
		}
	return -EINVAL;
}

static u32 *policy_of(struct psh_volume *volume, size_t offset)
{
	return (u32 *)((char *)&volume->policy + offset);
}

static ssize_t show_policy(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	return sysfs_emit(page, "%u\n", *policy_of(volume, offset));
}

static int store_policy(struct psh_volume *volume, unsigned int member,
			size_t offset, const char *value)
{
	u32 number;

	if (kstrtou32(value, 10, &number) || !number || number > 1000000)
		return -EINVAL;
	*policy_of(volume, offset) = number;
	return 0;
}

static ssize_t show_verify(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n", verify_words[volume->copier.verify]);
}

static int store_verify(struct psh_volume *volume, unsigned int member,
			size_t offset, const char *value)
{
	int i = match_word(verify_words, ARRAY_SIZE(verify_words), value);

	if (i >= 0)
		WRITE_ONCE(volume->copier.verify, i);
	return min(i, 0);
}

static const char * const write_mode_words[] = {
	[PSH_WRITE_HOME] = "home",
	[PSH_WRITE_BUFFER] = "buffer",
};

static ssize_t show_write_mode(struct psh_volume *volume, unsigned int member,
			       size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n", write_mode_words[volume->write_mode]);
}

static int store_write_mode(struct psh_volume *volume, unsigned int member,
			    size_t offset, const char *value)
{
	int i = match_word(write_mode_words, ARRAY_SIZE(write_mode_words),
			   value);

	if (i < 0 || (i == PSH_WRITE_BUFFER && !psh_volume_may_buffer(volume)))
		return -EINVAL;
	if (!psh_volume_is_writable(volume))
		return -EROFS;
	psh_volume_set_write_mode(volume, i);
	/* That notes the mode too. */
	psh_volume_ask_away(volume);
	return 0;
}

/* Without a buffer there is nothing to set. */
static ssize_t show_bypass(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	return sysfs_emit(page, "%u\n", !volume->buffer ? 0 :
			  volume->buffer->bypass_sectors / 2);
}

static int store_bypass(struct psh_volume *volume, unsigned int member,
			size_t offset, const char *value)
{
	u32 number;

	if (!volume->buffer || kstrtou32(value, 10, &number) || !number ||
	    number > PSH_BUFFER_BYPASS_MAX / 2)
		return -EINVAL;
	WRITE_ONCE(volume->buffer->bypass_sectors, number * 2);
	return 0;
}

static ssize_t show_merge_floor(struct psh_volume *volume, unsigned int member,
				size_t offset, char *page)
{
	return sysfs_emit(page, "%llu\n", !volume->merge ? 0 :
			  volume->merge->floor_Bps / SZ_1K);
}

static int store_merge_floor(struct psh_volume *volume, unsigned int member,
			     size_t offset, const char *value)
{
	u32 number;

	if (!volume->merge || kstrtou32(value, 10, &number) || !number)
		return -EINVAL;
	volume->merge->floor_Bps = (u64)number * SZ_1K;
	return 0;
}

static unsigned int *merge_mark(struct psh_volume *volume, size_t offset)
{
	return (void *)volume->merge + offset;
}

static ssize_t show_merge_mark(struct psh_volume *volume, unsigned int member,
			       size_t offset, char *page)
{
	return sysfs_emit(page, "%u\n", !volume->merge ? 0 :
			  *merge_mark(volume, offset));
}

static int store_merge_mark(struct psh_volume *volume, unsigned int member,
			    size_t offset, const char *value)
{
	bool high = offset == offsetof(struct psh_merge, high_percent);
	u32 number;

	if (!volume->merge || kstrtou32(value, 10, &number) ||
	    number > PSH_MERGE_URGENT ||
	    (high ? number <= volume->merge->low_percent :
		    number >= volume->merge->high_percent))
		return -EINVAL;
	WRITE_ONCE(*merge_mark(volume, offset), number);
	return 0;
}

#define KNOB(_name, _show, _store, _offset, _expected)			\
	static struct psh_entry _name##_entry = {				\
		.attr = { .name = #_name, .mode = 0644 },		\
		.show = _show, .store = _store,				\
		.offset = _offset, .expected = _expected,		\
	}

#define POLICY_KNOB(_name)						\
	KNOB(_name, show_policy, store_policy,				\
	     offsetof(struct psh_health_policy, _name), "1 to 1000000")

#define MOST_KNOB(_name)						\
	KNOB(home_##_name, show_most, store_most,			\
	     offsetof(struct psh_volume, _name), "0 to 1000000000")

#define BUFFER_KNOB(_name, _method, _offset, _expected)			\
	KNOB(_name, show_##_method, store_##_method, _offset,		\
	     _expected ", and a table with a buffer")

#define MERGE_MARK(_name, _expected)					\
	BUFFER_KNOB(merge_##_name, merge_mark,				\
		    offsetof(struct psh_merge, _name), _expected)

KNOB(mode, show_mode, store_mode, 0, "manual, advise or auto");
MOST_KNOB(reads_most);
MOST_KNOB(writes_most);
KNOB(read_policy, show_read_policy, store_read_policy, 0, "balanced or home");
KNOB(local_zone, show_local_zone, store_local_zone, 0, "the zone of a member");
KNOB(copy_verify, show_verify, store_verify, 0, "none, sample or all");
KNOB(write_mode, show_write_mode, store_write_mode, 0, "home or buffer");
BUFFER_KNOB(buffer_bypass_kB, bypass, 0, "1 to 128");
BUFFER_KNOB(merge_floor_kBps, merge_floor, 0, "1 to 4294967295");
MERGE_MARK(high_percent, "at most 90 and above merge_low_percent");
MERGE_MARK(low_percent, "below merge_high_percent");
POLICY_KNOB(suspect_errors);
POLICY_KNOB(fail_errors);
POLICY_KNOB(suspect_stall_ms);
POLICY_KNOB(fail_stall_ms);

static struct psh_entry decisions_entry = {
	.attr = { .name = "decisions", .mode = 0444 },
	.show = show_decisions,
};

static struct attribute *volume_attrs[] = {
	&mode_entry.attr,
	&home_reads_most_entry.attr,
	&home_writes_most_entry.attr,
	&decisions_entry.attr,
	&read_policy_entry.attr,
	&local_zone_entry.attr,
	&copy_verify_entry.attr,
	&write_mode_entry.attr,
	&buffer_bypass_kB_entry.attr,
	&merge_floor_kBps_entry.attr,
	&merge_high_percent_entry.attr,
	&merge_low_percent_entry.attr,
	&suspect_errors_entry.attr,
	&fail_errors_entry.attr,
	&suspect_stall_ms_entry.attr,
	&fail_stall_ms_entry.attr,
	NULL
};

static const struct attribute_group volume_group = { .attrs = volume_attrs };

/* --- statistics ---------------------------------------------------------- */

static struct psh_meter_volume *sum_up(struct psh_volume *volume)
{
	struct psh_meter_volume *sum = kmalloc(sizeof(*sum), GFP_NOIO);

	if (sum) {
		psh_meter_volume_sum(volume->meter, sum);
		psh_meter_subtract(sum, &volume->base, sizeof(*sum));
	}
	return sum;
}

static ssize_t show_counter(struct psh_volume *volume, unsigned int member,
			    size_t offset, char *page)
{
	struct psh_meter_volume *sum = sum_up(volume);
	ssize_t r;

	if (!sum)
		return -ENOMEM;
	r = sysfs_emit(page, "%llu\n", *(u64 *)((char *)sum + offset));
	kfree(sum);
	return r;
}

/* Sequential ones per thousand; @offset says of which direction. */
static ssize_t show_sequential(struct psh_volume *volume, unsigned int member,
			       size_t offset, char *page)
{
	struct psh_meter_volume *sum = sum_up(volume);
	u64 permille = 0;

	if (!sum)
		return -ENOMEM;
	if (sum->sampled[offset])
		permille = div64_u64(sum->sequential[offset] * 1000,
				     sum->sampled[offset]);
	kfree(sum);
	return sysfs_emit(page, "%llu\n", permille);
}

/* Samples by size, one line each: "<up to bytes> <samples>". */
static ssize_t show_sizes(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	struct psh_meter_volume *sum = sum_up(volume);
	ssize_t length = 0;
	unsigned int i;

	if (!sum)
		return -ENOMEM;
	for (i = 0; i < PSH_METER_SIZES; i++)
		length += sysfs_emit_at(page, length, "%u %llu\n",
					SECTOR_SIZE << i, sum->size[offset][i]);
	kfree(sum);
	return length;
}

#define STATISTIC(_name, _show, _offset)				\
	static struct psh_entry _name##_entry = {				\
		.attr = { .name = #_name, .mode = 0444 },		\
		.show = _show,						\
		.offset = _offset,					\
	}

#define COUNTER(_name, _field)						\
	STATISTIC(_name, show_counter, offsetof(struct psh_meter_volume, _field))

COUNTER(reads, ops[READ]);
COUNTER(read_sectors, sectors[READ]);
COUNTER(read_errors, errors[READ]);
COUNTER(read_retries, retries);
COUNTER(writes, ops[WRITE]);
COUNTER(write_sectors, sectors[WRITE]);
COUNTER(write_errors, errors[WRITE]);
COUNTER(discards, discards);
COUNTER(flushes, flushes);
COUNTER(repairs, repairs);
STATISTIC(read_sequential_permille, show_sequential, READ);
STATISTIC(write_sequential_permille, show_sequential, WRITE);
STATISTIC(read_sizes, show_sizes, READ);
STATISTIC(write_sizes, show_sizes, WRITE);

static struct attribute *statistics_attrs[] = {
	&reads_entry.attr,
	&read_sectors_entry.attr,
	&read_sequential_permille_entry.attr,
	&read_sizes_entry.attr,
	&read_errors_entry.attr,
	&read_retries_entry.attr,
	&writes_entry.attr,
	&write_sectors_entry.attr,
	&write_sequential_permille_entry.attr,
	&write_sizes_entry.attr,
	&write_errors_entry.attr,
	&discards_entry.attr,
	&flushes_entry.attr,
	&repairs_entry.attr,
	NULL
};

static const struct attribute_group statistics_group = {
	.name = "statistics",
	.attrs = statistics_attrs,
};

static const struct attribute_group *volume_groups[] = {
	&volume_group,
	&statistics_group,
	&psh_forecasts_group,
	NULL
};

/* --- members ------------------------------------------------------------- */

static ssize_t show_device(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	dev_t dev = volume->members.member[member].dev;

	return sysfs_emit(page, "%u:%u\n", MAJOR(dev), MINOR(dev));
}

static ssize_t show_role(struct psh_volume *volume, unsigned int member,
			 size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n",
			  psh_role_name(volume->members.member[member].role));
}

static ssize_t show_state(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n",
			  psh_state_name(volume->members.member[member].state));
}

static ssize_t show_label(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n",
			  (char *)&volume->members.member[member] + offset);
}

static ssize_t show_weight(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	return sysfs_emit(page, "%u\n", volume->members.member[member].weight);
}

static int store_weight(struct psh_volume *volume, unsigned int member,
			size_t offset, const char *value)
{
	unsigned int weight;

	if (kstrtouint(value, 10, &weight) || !weight ||
	    weight > PSH_WEIGHT_MAX)
		return -EINVAL;
	psh_member_set_weight(&volume->members.member[member], weight);
	return 0;
}

static ssize_t show_copy_mode(struct psh_volume *volume, unsigned int member,
			      size_t offset, char *page)
{
	return sysfs_emit(page, "%s\n",
		copy_mode_words[volume->members.member[member].async]);
}

static int store_copy_mode(struct psh_volume *volume, unsigned int member,
			   size_t offset, const char *value)
{
	struct psh_member *m = &volume->members.member[member];
	int i = match_word(copy_mode_words, ARRAY_SIZE(copy_mode_words), value);

	if (i < 0 || (i && m->role == PSH_ROLE_PRIMARY))
		return -EINVAL;
	m->async = i;
	psh_member_set_state(&volume->members, member, m->state);
	return 0;
}

static u64 *kilobytes_of(struct psh_volume *volume, unsigned int member,
			 size_t offset)
{
	return (u64 *)((char *)&volume->members.member[member] + offset);
}

static ssize_t show_kilobytes(struct psh_volume *volume, unsigned int member,
			      size_t offset, char *page)
{
	return sysfs_emit(page, "%llu\n",
			  *kilobytes_of(volume, member, offset) >> 10);
}

static int store_kilobytes(struct psh_volume *volume, unsigned int member,
			   size_t offset, const char *value)
{
	u64 kilobytes;

	if (kstrtou64(value, 10, &kilobytes) || kilobytes > U32_MAX)
		return -EINVAL;
	if (!kilobytes && offset == offsetof(struct psh_member, floor_Bps))
		return -EINVAL;
	*kilobytes_of(volume, member, offset) = kilobytes << 10;
	return 0;
}

#define MEMBER_FILE(_name, _show, _offset)				\
	static struct psh_entry member_##_name##_entry = {			\
		.attr = { .name = #_name, .mode = 0444 },		\
		.show = _show, .offset = _offset,			\
	}

#define MEMBER_KNOB(_name, _show, _store, _offset, _expected)		\
	static struct psh_entry member_##_name##_entry = {			\
		.attr = { .name = #_name, .mode = 0644 },		\
		.show = _show, .store = _store,				\
		.offset = _offset, .expected = _expected,		\
	}

MEMBER_FILE(device, show_device, 0);
MEMBER_FILE(role, show_role, 0);
MEMBER_FILE(state, show_state, 0);
MEMBER_FILE(zone, show_label, offsetof(struct psh_member, zone));
MEMBER_FILE(tier, show_label, offsetof(struct psh_member, tier));
MEMBER_KNOB(weight, show_weight, store_weight, 0, "1 to 1000");
MEMBER_KNOB(copy_mode, show_copy_mode, store_copy_mode, 0,
	    "sync or async, and sync for the primary");
MEMBER_KNOB(copy_limit_kBps, show_kilobytes, store_kilobytes,
	    offsetof(struct psh_member, limit_Bps),
	    "0 (no limit) to 4294967295");
MEMBER_KNOB(copy_floor_kBps, show_kilobytes, store_kilobytes,
	    offsetof(struct psh_member, floor_Bps), "1 to 4294967295");

static struct attribute *member_attrs[] = {
	&member_device_entry.attr,
	&member_role_entry.attr,
	&member_state_entry.attr,
	&member_zone_entry.attr,
	&member_tier_entry.attr,
	&member_weight_entry.attr,
	&member_copy_mode_entry.attr,
	&member_copy_limit_kBps_entry.attr,
	&member_copy_floor_kBps_entry.attr,
	NULL
};
ATTRIBUTE_GROUPS(member);

/* --- directories --------------------------------------------------------- */

static ssize_t volume_show(struct kobject *kobj, struct attribute *attr,
			   char *page)
{
	return show_entry(container_of(kobj, struct psh_sysfs, kobj)->volume,
			  0, attr, page);
}

static ssize_t volume_store(struct kobject *kobj, struct attribute *attr,
			    const char *page, size_t count)
{
	return store_entry(container_of(kobj, struct psh_sysfs, kobj)->volume,
			   0, attr, page, count);
}

static void volume_release(struct kobject *kobj)
{
	complete(&container_of(kobj, struct psh_sysfs, kobj)->gone);
}

static const struct sysfs_ops volume_ops = {
	.show = volume_show,
	.store = volume_store,
};

static const struct kobj_type volume_type = {
	.release = volume_release,
	.sysfs_ops = &volume_ops,
	.default_groups = volume_groups,
};

static ssize_t member_show(struct kobject *kobj, struct attribute *attr,
			   char *page)
{
	struct member_dir *dir = container_of(kobj, struct member_dir, kobj);

	return show_entry(dir->volume, dir->number, attr, page);
}

static ssize_t member_store(struct kobject *kobj, struct attribute *attr,
			    const char *page, size_t count)
{
	struct member_dir *dir = container_of(kobj, struct member_dir, kobj);

	return store_entry(dir->volume, dir->number, attr, page, count);
}

static void member_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct member_dir, kobj));
}

static const struct sysfs_ops member_ops = {
	.show = member_show,
	.store = member_store,
};

static const struct kobj_type member_type = {
	.release = member_release,
	.sysfs_ops = &member_ops,
	.default_groups = member_groups,
};

static void remove_member(struct psh_sysfs *sysfs, unsigned int number)
{
	struct member_dir *dir = sysfs->member[number];

	sysfs->member[number] = NULL;
	if (dir) {
		kobject_del(&dir->kobj);
		kobject_put(&dir->kobj);
	}
}

static int add_member(struct psh_sysfs *sysfs, unsigned int number)
{
	struct member_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	int r;

	if (!dir)
		return -ENOMEM;
	dir->volume = sysfs->volume;
	dir->number = number;
	r = kobject_init_and_add(&dir->kobj, &member_type, &sysfs->kobj, "m%u",
				 number);
	if (r) {
		kobject_put(&dir->kobj);
		return r;
	}
	sysfs->member[number] = dir;
	return 0;
}

static void destroy(struct psh_sysfs *sysfs)
{
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		remove_member(sysfs, i);
	kobject_del(&sysfs->kobj);
	kobject_put(&sysfs->kobj);
	wait_for_completion(&sysfs->gone);
	kfree(sysfs);
}

static int create(struct psh_volume *volume)
{
	struct psh_sysfs *sysfs = kzalloc(sizeof(*sysfs), GFP_KERNEL);
	int r;

	if (!sysfs)
		return -ENOMEM;
	sysfs->volume = volume;
	init_completion(&sysfs->gone);
	r = kobject_init_and_add(&sysfs->kobj, &volume_type,
				 &disk_to_dev(dm_disk(volume->md))->kobj,
				 "predshard");
	if (r) {
		kobject_put(&sysfs->kobj);
		wait_for_completion(&sysfs->gone);
		kfree(sysfs);
		return r;
	}
	volume->sysfs = sysfs;
	return 0;
}

int psh_sysfs_update(struct psh_volume *volume)
{
	unsigned int i;
	int r = 0;

	mutex_lock(&volume->lock);
	if (!volume->sysfs)
		r = create(volume);
	for (i = 0; !r && i < PSH_MEMBERS_MAX; i++) {
		bool present = volume->members.present & BIT(i);

		if (present && !volume->sysfs->member[i])
			r = add_member(volume->sysfs, i);
		else if (!present)
			remove_member(volume->sysfs, i);
	}
	mutex_unlock(&volume->lock);
	return r;
}

void psh_sysfs_destroy(struct psh_volume *volume)
{
	if (volume->sysfs)
		destroy(volume->sysfs);
	volume->sysfs = NULL;
}
