// SPDX-License-Identifier: GPL-2.0
/*
 * orders: see orders.h. What is ordered is durable when the order returns. The
 * mutex is not held while the metadata devices are waited for, because the tick
 * needs it; the table cannot change meanwhile, since a message holds it.
 */
#include "compat.h"
#include "orders.h"

static int check_data_member(struct psh_volume *volume, unsigned int number,
			     char *error)
{
	struct psh_members *members = &volume->members;

	if (number >= PSH_MEMBERS_MAX || !(members->present & BIT(number)))
		scnprintf(error, PSH_ERROR_SIZE,
			  "there is no member %u, status lists the members",
			  number);
	else if (!psh_role_holds_data(members->member[number].role))
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is a %s, expected a primary or replica",
			  number, psh_role_name(members->member[number].role));
	else
		return 0;
	return -EINVAL;
}

int psh_order_fail(struct psh_volume *volume, unsigned int number,
		   char *error)
{
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	if (!r && psh_route_only_on(&volume->route,
				    BIT(number) | ~volume->members.usable)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the only one that holds some segments",
			  number);
		r = -EBUSY;
	}
	if (!r && volume->members.member[number].state != PSH_STATE_FAILED)
		psh_volume_set_state(volume, number, PSH_STATE_FAILED,
				     "by request");
	mutex_unlock(&volume->lock);
	if (!r)
		psh_metadata_settle(&volume->metadata);
	return r;
}

/**
 * struct order - a change that an administrator asked for
 * @change: what is asked of the metadata
 * @volume: the volume
 * @usable: members that were usable when it was carried out
 * @first: first segment
 * @count: segments
 */
struct order {
	struct psh_change change;
	struct psh_volume *volume;
	u32 usable;
	u64 first;
	u64 count;
};

/* Runs before the words are looked at. */
static void note_usable(const struct psh_change *change,
			struct psh_super *super)
{
	struct order *order = container_of(change, struct order, change);

	order->usable = READ_ONCE(order->volume->members.usable);
}

static void note_rules(const struct psh_change *change,
		       struct psh_super *super)
{
	const struct psh_route *route =
		&container_of(change, struct order, change)->volume->route;
	int i;

	note_usable(change, super);
	for (i = 0; i < PSH_RULES_MAX; i++)
		super->rule[i] = i < route->nr_rules ?
				 READ_ONCE(route->rule[i]) : 0;
}

static void note_back(const struct psh_change *change, struct psh_super *super)
{
	super->member[__ffs(change->members)].flags &= ~PSH_MEMBER_AWAY;
}

/* Where another holder is away still, and INTENT is set, only who is here counts. */
static u64 word_when_back(const struct psh_change *change, u64 segment,
			  u64 word)
{
	const struct order *order = container_of(change, struct order, change);

	return psh_word_away(word,
			     psh_super_away(&order->volume->metadata.next));
}

static u64 word_without(const struct psh_change *change, u64 segment, u64 word)
{
	const struct order *order = container_of(change, struct order, change);

	/* What nobody else holds that can be read stays. */
	if (segment < order->first || segment - order->first >= order->count ||
	    !(psh_word_valid(word) & ~change->members & order->usable))
		return word;
	return psh_word_lose(word, change->members, order->usable);
}

static int carry_out(struct order *order, char *error)
{
	int r;

	order->change.kind = PSH_CHANGE_SAVE;
	r = psh_metadata_do(&order->volume->metadata, &order->change);
	if (r)
		scnprintf(error, PSH_ERROR_SIZE,
			  "the metadata cannot be written (error %d), it is %s",
			  r, psh_metadata_state_name(&order->volume->metadata));
	return r;
}

/* For orders after which something may be there to copy. */
static int carry_out_and_copy(struct order *order, char *error)
{
	struct psh_volume *volume = order->volume;
	int r = carry_out(order, error);

	if (r)
		return r;
	mutex_lock(&volume->lock);
	psh_volume_start_copier(volume);
	mutex_unlock(&volume->lock);
	return 0;
}

static void begin_anew(struct psh_volume *volume, unsigned int number)
{
	struct psh_member *member = &volume->members.member[number];
	struct psh_meter_member *sum = &volume->member_sum;
	struct psh_watch *watch = &volume->watch[number];
	unsigned int i;

	psh_meter_member_sum(volume->members.path[number].meter, sum);
	for (i = 0; i < PSH_ERROR_WINDOW; i++)
		watch->errors[i] = sum->errors[READ] + sum->errors[WRITE];
	watch->moved = jiffies;
	WRITE_ONCE(member->flush_failed, false);
	psh_route_accept_all(&volume->route, number);
	psh_volume_set_state(volume, number, PSH_STATE_OK, "by request");
	psh_volume_start_copier(volume);
}

static int check_return(struct psh_volume *volume, unsigned int number,
			char *error)
{
	struct psh_member *member = &volume->members.member[number];
	int r = check_data_member(volume, number, error);

	if (r || !atomic_read(&member->late))
		return r;
	scnprintf(error, PSH_ERROR_SIZE,
		  "%d requests from before are still inside member %u",
		  atomic_read(&member->late), number);
	return -EBUSY;
}

int psh_order_return(struct psh_volume *volume, unsigned int number,
		     char *error)
{
	struct order order = {
		.volume = volume,
		.change.members = BIT(number),
		.change.edit = note_back,
		.change.word = word_when_back,
	};
	enum psh_state state;
	int r;

	mutex_lock(&volume->lock);
	r = check_return(volume, number, error);
	state = volume->members.member[number].state;
	if (!r && state == PSH_STATE_SUSPECT)
		begin_anew(volume, number);
	if (!r && state == PSH_STATE_FAILED)
		volume->returning |= BIT(number);
	mutex_unlock(&volume->lock);
	if (r || state != PSH_STATE_FAILED)
		return r;
	r = carry_out(&order, error);
	mutex_lock(&volume->lock);
	volume->returning &= ~BIT(number);
	if (!r)
		r = check_return(volume, number, error);
	if (!r) {
		begin_anew(volume, number);
		volume->renew_due = true; /* a clone of before is told from it */
	} else {
		psh_volume_ask_away(volume); /* it may be back in the metadata */
	}
	mutex_unlock(&volume->lock);
	return r;
}

int psh_order_resync(struct psh_volume *volume, unsigned int number,
		     char *error)
{
	struct order order = {
		.volume = volume,
		.count = volume->route.nr_segments,
		.change.members = BIT(number),
		.change.edit = note_usable,
		.change.word = word_without,
	};
	u32 usable;
	int r;

	mutex_lock(&volume->lock);
	r = check_data_member(volume, number, error);
	usable = volume->members.usable;
	if (!r && number == volume->route.primary) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the primary, expected a replica",
			  number);
		r = -EINVAL;
	} else if (!r && psh_route_only_on(&volume->route,
					   BIT(number) | ~usable)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "member %u is the only one that holds some segments",
			  number);
		r = -EBUSY;
	}
	if (!r)
		psh_copier_forget(&volume->copier, number);
	mutex_unlock(&volume->lock);
	return r ? r : carry_out_and_copy(&order, error);
}

static int check_segments(struct psh_volume *volume, u64 first, u64 count,
			  char *error)
{
	u64 nr = volume->route.nr_segments;

	if (count && first < nr && count <= nr - first)
		return 0;
	scnprintf(error, PSH_ERROR_SIZE,
		  "segments %llu+%llu, expected some within 0..%llu", first,
		  count, nr - 1);
	return -EINVAL;
}

static int check_copy(struct psh_volume *volume, unsigned int number,
		      u64 first, u64 count, bool want, char *error)
{
	int r = check_data_member(volume, number, error);

	if (!r)
		r = check_segments(volume, first, count, error);
	if (r || want || number != volume->route.primary)
		return r;
	scnprintf(error, PSH_ERROR_SIZE,
		  "member %u is the primary, expected a replica", number);
	return -EINVAL;
}

int psh_order_copy(struct psh_volume *volume, unsigned int number, u64 first,
		   u64 count, bool want, char *error)
{
	struct order order = {
		.volume = volume,
		.first = first,
		.count = count,
		.change.members = BIT(number),
		.change.edit = note_rules,
		.change.word = want ? NULL : word_without,
	};
	int r;

	mutex_lock(&volume->lock);
	r = check_copy(volume, number, first, count, want, error);
	if (!r && psh_route_want(&volume->route, first, count, number, want)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "more than %u different sets of copies",
			  PSH_RULES_MAX);
		r = -ENOSPC;
	}
	/* A job that was about to publish did, or no longer can. */
	if (!r && !want)
		psh_copier_forget(&volume->copier, number);
	mutex_unlock(&volume->lock);
	return r ? r : carry_out_and_copy(&order, error);
}

/* As it is by then: two orders may meet. */
static void note_write_mode(const struct psh_change *change,
			    struct psh_super *super)
{
	const struct order *order = container_of(change, struct order, change);

	super->write_mode = READ_ONCE(order->volume->write_mode);
}

int psh_order_write_mode(struct psh_volume *volume, enum psh_write_mode mode,
			 char *error)
{
	struct order order = {
		.volume = volume,
		.change.edit = note_write_mode,
	};
	enum psh_write_mode before;
	int r = 0;

	mutex_lock(&volume->lock);
	before = volume->write_mode;
	if (mode == PSH_WRITE_BUFFER && !volume->buffer) {
		strscpy(error, "there is no buffer, expected a table with one",
			PSH_ERROR_SIZE);
		r = -EINVAL;
	} else if (mode == PSH_WRITE_BUFFER && !psh_volume_may_buffer(volume)) {
		scnprintf(error, PSH_ERROR_SIZE,
			  "%s, expected buffers that work: load a table with others when the volume is not active",
			  psh_log_state_text(psh_buffer_state(volume->buffer)));
		r = -EINVAL;
	} else {
		psh_volume_set_write_mode(volume, mode);
	}
	mutex_unlock(&volume->lock);
	if (r)
		return r;
	r = carry_out(&order, error);
	if (!r)
		return 0;
	mutex_lock(&volume->lock);
	psh_volume_set_write_mode(volume, before);
	mutex_unlock(&volume->lock);
	return r;
}

int psh_order_merge(struct psh_volume *volume, enum psh_merge_order what,
		    char *error)
{
	int r = 0;

	if (!volume->merge) {
		strscpy(error, "there is no buffer, expected a table with one",
			PSH_ERROR_SIZE);
		return -EINVAL;
	}
	mutex_lock(&volume->lock);
	if (psh_volume_is_writable(volume))
		psh_merge_order(volume->merge, what == PSH_MERGE_START,
				what == PSH_MERGE_PAUSE);
	else
		r = -EROFS;
	mutex_unlock(&volume->lock);
	if (r)
		strscpy(error, "the table is read-only, expected one that may write",
			PSH_ERROR_SIZE);
	return r;
}

void psh_order_reset_stats(struct psh_volume *volume)
{
	unsigned int i;

	mutex_lock(&volume->lock);
	psh_meter_volume_sum(volume->meter, &volume->base);
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (volume->members.present & BIT(i))
			psh_meter_member_sum(volume->members.path[i].meter,
					     &volume->members.member[i].base);
	mutex_unlock(&volume->lock);
}
