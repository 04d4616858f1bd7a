// SPDX-License-Identifier: GPL-2.0
/*
 * policy: see policy.h. The table cannot change while an order is given: the
 * tick is stopped, and waited for, before the volume is suspended. It holds no
 * lock while it waits for one.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "orders.h"
#include "policy.h"

#define DM_MSG_PREFIX "predshard"

#define TICK		(10 * HZ)
#define HOUR_S		3600
#define COST_SHIFT	3
#define FAR_S		S32_MAX

/* --- what is there ---------------------------------------------------------- */

/* Thousandths to requests per second. */
static u64 whole(u64 value)
{
	return div_u64(value + PSH_PREDICT_SCALE / 2, PSH_PREDICT_SCALE);
}

static void expand(const struct psh_metric *metric,
		   struct psh_forecast_step *step)
{
	u32 i;

	for (i = 0; i < metric->hours; i++) {
		const struct psh_expected *expected = &metric->hour[i];

		step[i].p10 = whole(psh_series_value(expected->low));
		step[i].p50 = whole(psh_series_value(expected->middle));
		step[i].p90 = whole(psh_series_value(expected->high));
		step[i].peak = expected->peak;
	}
}

static u64 load_now(const struct psh_predict *predict,
		    enum psh_metric_kind kind)
{
	u16 code;

	if (!psh_series_read(&predict->metric[kind].series, PSH_SERIES_10S,
			     &code, 1))
		return 0;
	return psh_series_value(code);
}

static bool spikes(const struct psh_predict *predict, enum psh_metric_kind kind)
{
	return predict->spike[kind][PSH_SERIES_10S].active ||
	       predict->spike[kind][PSH_SERIES_5MIN].active;
}

static void look_at_load(struct psh_policy *policy,
			 struct psh_decide_outlook *outlook,
			 struct psh_decide_state *state)
{
	struct psh_predict *predict = policy->volume->predict;
	u64 bytes;

	mutex_lock(&predict->lock);
	expand(&predict->metric[PSH_METRIC_READS], policy->reads);
	expand(&predict->metric[PSH_METRIC_WRITES], policy->writes);
	outlook->steps = predict->metric[PSH_METRIC_WRITES].hours;
	outlook->first_s = predict->hour_s;
	state->reads = whole(load_now(predict, PSH_METRIC_READS));
	state->writes = whole(load_now(predict, PSH_METRIC_WRITES));
	bytes = load_now(predict, PSH_METRIC_WRITE_BYTES);
	state->reads_spike = spikes(predict, PSH_METRIC_READS);
	state->writes_spike = spikes(predict, PSH_METRIC_WRITES);
	mutex_unlock(&predict->lock);
	outlook->reads = policy->reads;
	outlook->writes = policy->writes;
	outlook->step_s = HOUR_S;
	state->write_bytes = PSH_BLOCK_SIZE;
	if (state->writes)
		state->write_bytes = div64_u64(bytes, state->writes);
}

static void look_at_buffer(struct psh_volume *volume,
			   struct psh_decide_state *state)
{
	struct psh_buffer *buffer = volume->buffer;
	struct psh_merge *merge = volume->merge;
	u64 stripe_bytes;

	lockdep_assert_held(&volume->lock);
	state->reads_most = volume->reads_most;
	state->writes_most = volume->writes_most;
	if (!psh_volume_may_buffer(volume))
		return;
	stripe_bytes = psh_buffer_stripe_sectors(buffer) << SECTOR_SHIFT;
	state->buffering = volume->write_mode == PSH_WRITE_BUFFER;
	state->buffer_bytes = buffer->tail.ring * stripe_bytes;
	state->buffered_bytes = READ_ONCE(buffer->buffered_sectors) <<
				SECTOR_SHIFT;
	/* While merge is paused nothing is cleaned either: places run out. */
	if (READ_ONCE(merge->paused) && state->buffered_bytes &&
	    psh_buffer_used_percent(buffer) >= merge->high_percent)
		state->buffered_bytes = state->buffer_bytes;
	state->merging = READ_ONCE(merge->asked) ||
			 (READ_ONCE(merge->drain) && !merge->paused);
	/* The meter falls to 0 when nothing is merged. */
	state->merge_Bps = max(volume->merge_rate.Bps, merge->floor_Bps);
}

/* --- the journal ------------------------------------------------------------- */

static s32 after(s64 at_s, s64 then_s)
{
	return clamp_t(s64, then_s - at_s, -FAR_S, FAR_S);
}

static void note(struct psh_policy *policy, const struct psh_action *action,
		 s64 now_s, enum psh_outcome outcome)
{
	struct psh_journal_entry *entry;

	mutex_lock(&policy->lock);
	entry = &policy->entry[policy->entries++ % PSH_JOURNAL_ENTRIES];
	entry->at_s = now_s;
	entry->bytes = action->bytes;
	entry->number[0] = action->number[0];
	entry->number[1] = action->number[1];
	entry->start_s = after(now_s, action->start_s);
	entry->deadline_s = after(now_s, action->deadline_s);
	entry->permille = action->permille;
	entry->kind = action->kind;
	entry->reason = action->reason;
	entry->held = action->held;
	entry->outcome = outcome;
	mutex_unlock(&policy->lock);
}

static size_t tell_entry(const struct psh_journal_entry *entry, char *text,
			 size_t size)
{
	static const char * const outcome[] = {
		[PSH_OUTCOME_ADVISED] = "advised",
		[PSH_OUTCOME_WAITING] = "waiting",
		[PSH_OUTCOME_DONE] = "done",
		[PSH_OUTCOME_FAILED] = "failed",
		[PSH_OUTCOME_ASKED] = "asked",
	};
	struct psh_action action = {
		.kind = entry->kind,
		.reason = entry->reason,
		.held = entry->held,
		.start_s = entry->at_s + entry->start_s,
		.deadline_s = entry->at_s + entry->deadline_s,
		.bytes = entry->bytes,
		.permille = entry->permille,
		.number = { entry->number[0], entry->number[1] },
	};
	char words[PSH_ACTION_TEXT];

	psh_action_tell(&action, entry->at_s, words, sizeof(words));
	return scnprintf(text, size, "%lld %s %s\n", entry->at_s,
			 outcome[entry->outcome], words);
}

/* From the newest back, as many as fit; then from there on, in order. */
size_t psh_policy_tell(struct psh_policy *policy, char *text, size_t size,
		       bool *all)
{
	u64 first, number;
	size_t used = 0;

	mutex_lock(&policy->lock);
	first = policy->entries;
	while (first && policy->entries - first < PSH_JOURNAL_ENTRIES) {
		number = (first - 1) % PSH_JOURNAL_ENTRIES;
		used += tell_entry(&policy->entry[number], text, size);
		if (used >= size)
			break;
		first--;
	}
	*all = used < size;
	used = 0;
	for (number = first; number < policy->entries; number++)
		used += tell_entry(&policy->entry[number % PSH_JOURNAL_ENTRIES],
				   text + used, size - used);
	mutex_unlock(&policy->lock);
	return used;
}

/* --- carrying out --------------------------------------------------------------- */

static int merge_again(struct psh_policy *policy, enum psh_merge_order how,
		       char *error)
{
	int r = psh_order_merge(policy->volume, how, error);

	/* A table that may not write is followed by one that may. */
	policy->paused = r == -EROFS;
	return r;
}

/* Home, but what is buffered waits for its window. */
static int buffer_off(struct psh_policy *policy, char *error)
{
	int r = psh_order_merge(policy->volume, PSH_MERGE_PAUSE, error);
	char rest[PSH_ERROR_SIZE];

	if (r)
		return r;
	policy->paused = true;
	r = psh_order_write_mode(policy->volume, PSH_WRITE_HOME, error);
	if (r)
		merge_again(policy, PSH_MERGE_STOP, rest);
	return r;
}

static int order(struct psh_policy *policy, const struct psh_action *action,
		 char *error)
{
	int r;

	switch (action->kind) {
	case PSH_ACTION_BUFFER_ON:
		r = psh_order_write_mode(policy->volume, PSH_WRITE_BUFFER,
					 error);
		return r ? : merge_again(policy, PSH_MERGE_STOP, error);
	case PSH_ACTION_BUFFER_OFF:
		return buffer_off(policy, error);
	case PSH_ACTION_MERGE:
		return merge_again(policy, PSH_MERGE_START, error);
	default:
		return -EOPNOTSUPP;
	}
}

static bool can_do(const struct psh_action *action)
{
	return action->kind == PSH_ACTION_BUFFER_ON ||
	       action->kind == PSH_ACTION_BUFFER_OFF ||
	       action->kind == PSH_ACTION_MERGE;
}

static enum psh_outcome carry_out(struct psh_policy *policy,
				  const struct psh_action *action, s64 now_s)
{
	enum psh_decision kind = psh_action_decision(action->kind);
	const char *name = dm_device_name(policy->volume->md);
	char error[PSH_ERROR_SIZE] = "";
	int r;

	if (READ_ONCE(policy->volume->mode) != PSH_MODE_AUTO)
		return PSH_OUTCOME_ADVISED;
	if (!can_do(action))
		return PSH_OUTCOME_ASKED;
	if (action->held || action->start_s > now_s)
		return PSH_OUTCOME_WAITING;
	r = order(policy, action, error);
	/* One that failed is not tried again before its dwell is over. */
	psh_book_change(&policy->book, kind, now_s);
	if (r) {
		DMWARN("%s: auto: %s failed: %s", name,
		       psh_action_name(action->kind), error);
		return PSH_OUTCOME_FAILED;
	}
	DMINFO("%s: auto: %s", name, psh_action_name(action->kind));
	if (action->kind == PSH_ACTION_BUFFER_OFF)
		psh_book_end(&policy->book, kind, policy->regret.cost,
			     policy->regret.gain, now_s);
	return PSH_OUTCOME_DONE;
}

/* Journalled when it is new in the list, and when something is done. */
static void take(struct psh_policy *policy, const struct psh_action *action,
		 s64 now_s, u32 *listed)
{
	enum psh_outcome outcome = carry_out(policy, action, now_s);
	u32 bit = BIT(2 * action->kind + (action->held != PSH_HOLD_NONE));

	static_assert(2 * PSH_ACTION_NR <= 32);
	*listed |= bit;
	if (!(policy->known & bit) || outcome == PSH_OUTCOME_DONE ||
	    outcome == PSH_OUTCOME_FAILED)
		note(policy, action, now_s, outcome);
}

/* --- the tick ---------------------------------------------------------------------- */

/* Writes since the last look, by what the home does easily. */
static void regret(struct psh_policy *policy,
		   const struct psh_decide_state *state)
{
	struct psh_regret *regret = &policy->regret;
	u64 easily = div_u64(state->writes_most * psh_decide_usual.low_permille,
			     1000);
	u64 now_ns = psh_meter_now(), passed_s;

	if (!state->buffering || !regret->last_ns) {
		memset(regret, 0, sizeof(*regret));
		regret->last_ns = now_ns;
		return;
	}
	passed_s = div_u64(now_ns - regret->last_ns + NSEC_PER_SEC / 2,
			   NSEC_PER_SEC);
	regret->last_ns = now_ns;
	if (state->writes > easily)
		regret->gain += (state->writes - easily) * passed_s;
	regret->cost += min(state->writes, easily) * passed_s >> COST_SHIFT;
}

/* Who left auto, or has no buffer any more, gets merge back as it was. */
static void let_go(struct psh_policy *policy)
{
	char error[PSH_ERROR_SIZE];

	if (!policy->paused)
		return;
	if (merge_again(policy, PSH_MERGE_STOP, error) && !policy->paused)
		DMWARN("%s: auto: %s", dm_device_name(policy->volume->md),
		       error);
}

static void decide(struct psh_policy *policy, s64 now_s)
{
	struct psh_volume *volume = policy->volume;
	struct psh_decide_outlook outlook = { };
	struct psh_decide_state state = { .now_s = now_s };
	u32 nr, i, listed = 0;

	look_at_load(policy, &outlook, &state);
	mutex_lock(&volume->lock);
	look_at_buffer(volume, &state);
	mutex_unlock(&volume->lock);
	regret(policy, &state);
	nr = psh_decide(&outlook, &state, &psh_decide_usual, &policy->book,
			policy->action);
	for (i = 0; i < nr; i++)
		take(policy, &policy->action[i], now_s, &listed);
	policy->known = listed;
}

static void tick(struct work_struct *work)
{
	struct psh_policy *policy = container_of(to_delayed_work(work),
						 struct psh_policy, tick);
	enum psh_mode mode = READ_ONCE(policy->volume->mode);

	if (mode != PSH_MODE_AUTO)
		let_go(policy);
	if (mode == PSH_MODE_MANUAL)
		policy->known = 0;
	else if (time_after_eq(jiffies, policy->begin_at))
		decide(policy, ktime_get_real_seconds());
	queue_delayed_work(policy->volume->queue, &policy->tick, TICK);
}

void psh_policy_set_mode(struct psh_volume *volume, enum psh_mode mode)
{
	lockdep_assert_held(&volume->lock);
	WRITE_ONCE(volume->mode, mode);
	/* Not while it is suspended: resume starts the tick. */
	if (volume->active)
		mod_delayed_work(volume->queue, &volume->decisions->tick, 0);
}

/* --- life ------------------------------------------------------------------------- */

int psh_policy_create(struct psh_volume *volume)
{
	struct psh_policy *policy;

	if (volume->decisions)
		return 0;
	policy = kvzalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	policy->volume = volume;
	mutex_init(&policy->lock);
	INIT_DELAYED_WORK(&policy->tick, tick);
	psh_book_begin(&policy->book);
	volume->decisions = policy;
	return 0;
}

void psh_policy_destroy(struct psh_volume *volume)
{
	if (!volume->decisions)
		return;
	psh_policy_stop(volume);
	mutex_destroy(&volume->decisions->lock);
	kvfree(volume->decisions);
	volume->decisions = NULL;
}

void psh_policy_start(struct psh_volume *volume)
{
	/* The first slot is not whole, and says too much. */
	volume->decisions->begin_at = jiffies + 2 * TICK;
	queue_delayed_work(volume->queue, &volume->decisions->tick, TICK);
}

void psh_policy_stop(struct psh_volume *volume)
{
	if (volume->decisions)
		cancel_delayed_work_sync(&volume->decisions->tick);
}
