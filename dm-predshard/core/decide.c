// SPDX-License-Identifier: GPL-2.0
/*
 * decide: one rule per kind of decision, over one look at the peaks ahead.
 *
 * Called by the policy's worker. Every rule asks the same three questions: is
 * it needed now, will it be needed and when, is it needed no more; the line up
 * and the line down are apart, so that what wavers between them changes
 * nothing. Amounts are cut to 2^48 and times to 2^60 on entry: times 1000 they
 * stay below 2^58, sums over 96 steps below 2^55. Of products of two amounts
 * each factor is cut to 2^31.
 */
#include "decide.h"
#include "fixed.h"

#define FACTOR_MOST ((1ULL << 31) - 1)
#define DAY_S 86400
#define DWELL_MOST (1U << 20)
#define SURE 1000
#define SPACE_SURE 900 /* it may be full before p10 in one of ten */

const struct psh_decide_policy psh_decide_usual = {
	.high_permille = 800,
	.low_permille = 500,
	.trust_permille = 500,
	.margin_s = 600,
	.dwell_s = 1800,
	.copies_most = 2,
	.full_permille = 750,
	.space_lead_s = 3 * DAY_S,
};

/* What the rules share: the input within its limits, and the list. */
struct desk {
	const struct psh_decide_state *state;
	const struct psh_decide_policy *policy;
	const struct psh_book *book;
	struct psh_peak_view read_view;
	struct psh_peak_view write_view;
	struct psh_peak reads;
	struct psh_peak writes;
	s64 now_s;
	u64 budget;
	struct psh_action *action;
	u32 nr;
};

static u64 cut(u64 amount)
{
	return amount < PSH_PEAK_AMOUNT_MOST ? amount : PSH_PEAK_AMOUNT_MOST;
}

static u64 product(u64 a, u64 b)
{
	a = a < FACTOR_MOST ? a : FACTOR_MOST;
	b = b < FACTOR_MOST ? b : FACTOR_MOST;
	return cut(a * b);
}

static s64 bounded(s64 time_s)
{
	return psh_fixed_clamp(time_s, -PSH_PEAK_TIME_MOST, PSH_PEAK_TIME_MOST);
}

static u64 share(u64 amount, u64 permille)
{
	return div64_u64(cut(amount) * (permille < SURE ? permille : SURE),
			 SURE);
}

static s64 not_before_now(const struct desk *desk, s64 time_s)
{
	return time_s > desk->now_s ? time_s : desk->now_s;
}

static struct psh_action *put(struct desk *desk, enum psh_action_kind kind,
			      enum psh_reason reason, u64 first, u64 second)
{
	struct psh_action *action = &desk->action[desk->nr++];

	memset(action, 0, sizeof(*action));
	action->kind = kind;
	action->reason = reason;
	action->start_s = desk->now_s;
	action->deadline_s = desk->now_s;
	action->permille = SURE;
	action->number[0] = first;
	action->number[1] = second;
	return action;
}

/* An action that is there for a peak, and has the peak's numbers. */
static struct psh_action *put_for(struct desk *desk, enum psh_action_kind kind,
				  const struct psh_peak *peak)
{
	const struct psh_peak_view *view =
		peak == &desk->reads ? &desk->read_view : &desk->write_view;
	struct psh_action *action;

	if (peak->kind == PSH_PEAK_FORECAST)
		action =
			put(desk, kind, PSH_REASON_PEAK, peak->top, view->high);
	else if (peak->kind == PSH_PEAK_LOAD)
		action = put(desk, kind, PSH_REASON_LOAD, view->load,
			     view->high);
	else
		action = put(desk, kind, PSH_REASON_SPIKE, view->load,
			     view->low);
	action->deadline_s = not_before_now(desk, peak->begin_s);
	action->permille = peak->permille;
	return action;
}

/* No peak before the dwell is over, and less than the line down. */
static bool is_quiet(const struct desk *desk, const struct psh_peak *peak,
		     const struct psh_peak_view *view)
{
	s64 soon_s = desk->now_s + desk->policy->dwell_s;

	if (peak->kind && peak->begin_s <= soon_s + desk->policy->margin_s)
		return false;
	return view->load < view->low;
}

/* For a peak that writes more than the buffers hold. */
static void ask_for_buffer(struct desk *desk)
{
	const struct psh_decide_state *state = desk->state;
	const struct psh_peak *peak = &desk->writes;
	u64 needed = product(peak->units >> 10, state->write_bytes) << 10;
	u64 room = cut(state->buffer_bytes);
	struct psh_action *action;
	s64 start_s;

	needed = cut(needed);
	if (needed <= room)
		return;
	action = put(desk, PSH_ACTION_ASK_BUFFER, PSH_REASON_SMALL, needed,
		     room);
	start_s = peak->begin_s - desk->policy->margin_s - state->provision_s;
	action->start_s = not_before_now(desk, start_s);
	action->deadline_s = not_before_now(desk, peak->begin_s);
	action->bytes = needed - room;
	action->permille = peak->permille;
}

static void decide_buffer(struct desk *desk)
{
	const struct psh_peak_view *view = &desk->write_view;
	const struct psh_peak *peak = &desk->writes;
	struct psh_action *action;

	if (peak->kind)
		ask_for_buffer(desk);
	if (desk->state->buffering) {
		if (is_quiet(desk, peak, view))
			put(desk, PSH_ACTION_BUFFER_OFF, PSH_REASON_QUIET,
			    view->load, view->low);
		return;
	}
	if (!peak->kind || !desk->state->buffer_bytes)
		return;
	action = put_for(desk, PSH_ACTION_BUFFER_ON, peak);
	action->start_s =
		not_before_now(desk, peak->begin_s - desk->policy->margin_s);
}

static s64 step_begin(const struct desk *desk, u32 step)
{
	return desk->write_view.first_s + (s64)step * desk->write_view.step_s;
}

/* Of reads and writes together. */
static u64 load_in(const struct desk *desk, u32 step)
{
	u64 load = 0;

	if (desk->read_view.step)
		load += psh_peak_load(&desk->read_view,
				      &desk->read_view.step[step]);
	if (desk->write_view.step)
		load += psh_peak_load(&desk->write_view,
				      &desk->write_view.step[step]);
	return load;
}

/**
 * struct window - steps in a row
 * @nr: of steps; 0 if there is no window
 * @load: of all of them, summed
 * @start_s: when it begins, or now
 */
struct window {
	u32 nr;
	u64 load;
	s64 start_s;
};

/* The quietest steps that a merge fits in, and that end before the deadline. */
static void find_window(const struct desk *desk, u64 takes_s, s64 deadline_s,
			struct window *window)
{
	u64 nr = div64_u64(takes_s, desk->write_view.step_s) + 1, load = 0;
	u32 steps = desk->write_view.steps, first = 0, end;

	window->nr = 0;
	while (first < steps && step_begin(desk, first + 1) <= desk->now_s)
		first++;
	for (end = first; end < steps; end++) {
		s64 start_s;

		load += load_in(desk, end);
		if (end + 1 - first < nr)
			continue;
		start_s = not_before_now(desk, step_begin(desk, first));
		if (start_s + (s64)takes_s > deadline_s)
			return;
		if (!window->nr || load < window->load) {
			window->nr = nr;
			window->load = load;
			window->start_s = start_s;
		}
		load -= load_in(desk, first++);
	}
}

static void merge_what_is_full(struct desk *desk, u64 takes_s)
{
	u64 buffered = cut(desk->state->buffered_bytes);
	struct psh_action *action = put(desk, PSH_ACTION_MERGE, PSH_REASON_FULL,
					buffered,
					cut(desk->state->buffer_bytes));

	action->bytes = buffered;
	action->deadline_s = desk->now_s + (s64)takes_s;
}

static void merge_before(struct desk *desk, u64 takes_s, s64 deadline_s)
{
	u64 buffered = cut(desk->state->buffered_bytes), in_time;
	struct psh_action *action;

	in_time =
		product(deadline_s > desk->now_s ? deadline_s - desk->now_s : 0,
			desk->state->merge_Bps);
	action = put(desk, PSH_ACTION_MERGE, PSH_REASON_LATE, buffered,
		     in_time < buffered ? in_time : buffered);
	action->bytes = buffered;
	action->deadline_s = desk->now_s + (s64)takes_s;
}

static void merge_in(struct desk *desk, const struct window *window,
		     s64 deadline_s)
{
	u64 buffered = cut(desk->state->buffered_bytes);
	struct psh_action *action = put(desk, PSH_ACTION_MERGE,
					PSH_REASON_WINDOW, buffered,
					div64_u64(window->load, window->nr));

	action->bytes = buffered;
	action->start_s = window->start_s;
	action->deadline_s = deadline_s;
}

static void decide_merge(struct desk *desk)
{
	const struct psh_decide_state *state = desk->state;
	const struct psh_peak *peak = &desk->writes;
	u64 buffered = cut(state->buffered_bytes);
	u64 takes_s =
		div64_u64(buffered, state->merge_Bps ? state->merge_Bps : 1) +
		1;
	bool ahead = peak->kind && !peak->on;
	s64 deadline_s = ahead ? peak->begin_s - desk->policy->margin_s :
				 step_begin(desk, desk->write_view.steps);
	struct window window;

	if (!buffered || state->merging)
		return;
	if (buffered >=
	    share(state->buffer_bytes, desk->policy->full_permille)) {
		merge_what_is_full(desk, takes_s);
		return;
	}
	find_window(desk, takes_s, deadline_s, &window);
	if (window.nr)
		merge_in(desk, &window, deadline_s);
	else if (ahead)
		merge_before(desk, takes_s, deadline_s);
	else if (is_quiet(desk, peak, &desk->write_view))
		put(desk, PSH_ACTION_MERGE, PSH_REASON_QUIET,
		    desk->write_view.load, desk->write_view.low)
			->bytes = buffered;
}

static u32 rank_of(const struct desk *desk, u32 zone)
{
	u32 rank = desk->state->zone_permille[zone] + 1;

	return desk->policy->zones_wanted & 1U << zone ? rank + (1U << 16) :
							 rank;
}

/* Wanted zones first, then by share of reads. Return: how many there are. */
static u32 choose_zones(const struct desk *desk, u32 copies, u32 *zones)
{
	u32 left = desk->state->zones_with_room &
		   ~desk->policy->zones_forbidden &
		   ((1U << PSH_DECIDE_ZONES) - 1);
	u32 nr = 0, zone;

	for (*zones = 0; left && nr < copies; nr++) {
		u32 best = PSH_DECIDE_ZONES;

		for (zone = 0; zone < PSH_DECIDE_ZONES; zone++)
			if (left & 1U << zone &&
			    (best == PSH_DECIDE_ZONES ||
			     rank_of(desk, zone) > rank_of(desk, best)))
				best = zone;
		*zones |= 1U << best;
		left &= ~(1U << best);
	}
	return nr;
}

/* As many as bring the peak below the line; at least one for a spike. */
static u32 copies_for(const struct desk *desk)
{
	const struct psh_peak *peak = &desk->reads;
	u64 each = share(desk->state->copy_reads, desk->policy->high_permille);
	u32 most = desk->policy->copies_most;
	u64 more = 1;

	if (!peak->kind || !each)
		return 0;
	if (most > PSH_DECIDE_ZONES)
		most = PSH_DECIDE_ZONES;
	if (peak->top > desk->read_view.high)
		more = div64_u64(peak->top - desk->read_view.high + each - 1,
				 each);
	return more < most ? more : most;
}

static void ask_for_replica(struct desk *desk, u32 copies, u32 nr)
{
	const struct psh_decide_state *state = desk->state;
	const struct psh_peak *peak = &desk->reads;
	struct psh_action *action =
		put(desk, PSH_ACTION_ASK_REPLICA, PSH_REASON_ZONES, copies, nr);
	s64 start_s = psh_peak_start(peak->begin_s, state->hot_bytes,
				     state->copy_Bps, desk->policy->margin_s);

	action->start_s = not_before_now(desk, start_s - state->provision_s);
	action->deadline_s = not_before_now(desk, peak->begin_s);
	action->bytes = cut(state->hot_bytes);
	action->copies = copies - nr;
	action->zones = desk->policy->zones_wanted &
			~desk->policy->zones_forbidden &
			~state->zones_with_room;
	action->permille = peak->permille;
}

/* Not more than is left of today's budget, of which that much is taken. */
static void spend(struct desk *desk, struct psh_action *action, u64 bytes,
		  u64 budget)
{
	action->bytes = bytes < budget ? bytes : budget;
	desk->budget -= action->bytes;
	if (!action->bytes)
		action->held = PSH_HOLD_BUDGET;
}

/* The budget is for copies and buffers as the peaks are reads and writes. */
static u64 budget_of_copies(const struct desk *desk)
{
	u64 reads = desk->reads.top, writes = desk->writes.top;

	if (!desk->writes.kind || !(reads + writes))
		return desk->budget;
	return share(desk->budget, div64_u64(reads * SURE, reads + writes));
}

static void copy(struct desk *desk, u32 copies, u32 zones, u64 bytes)
{
	const struct psh_peak *peak = &desk->reads;
	u64 rate = desk->state->copy_Bps;
	s64 start_s = psh_peak_start(peak->begin_s, bytes, rate,
				     desk->policy->margin_s);
	struct psh_action *action = put_for(desk, PSH_ACTION_COPY, peak);
	u64 in_time;

	action->copies = copies;
	action->zones = zones;
	action->start_s = not_before_now(desk, start_s);
	/* While a peak is on, what is hottest is still worth its way. */
	if (!peak->on) {
		in_time = product(peak->begin_s - desk->now_s, rate);
		if (in_time < bytes) {
			action->reason = PSH_REASON_LATE;
			action->number[0] = bytes;
			action->number[1] = in_time;
			bytes = in_time;
		}
	}
	spend(desk, action, bytes, budget_of_copies(desk));
}

static void decide_copies(struct desk *desk)
{
	const struct psh_decide_state *state = desk->state;
	u32 copies = copies_for(desk), zones, nr;
	u64 hot = cut(state->hot_bytes), there = cut(state->copied_bytes);

	if (state->copies && !desk->reads.kind &&
	    is_quiet(desk, &desk->reads, &desk->read_view)) {
		put(desk, PSH_ACTION_DROP, PSH_REASON_QUIET,
		    desk->read_view.load, desk->read_view.low);
		return;
	}
	if (copies <= state->copies || !hot)
		return;
	nr = choose_zones(desk, copies, &zones);
	if (nr < copies)
		ask_for_replica(desk, copies, nr);
	if (nr > state->copies && hot * nr > there)
		copy(desk, nr, zones, cut(hot * nr - there));
}

/* The next peak of either kind that is still to come. */
static const struct psh_peak *next_peak(const struct desk *desk)
{
	const struct psh_peak *reads = &desk->reads, *writes = &desk->writes;
	bool has_reads = reads->kind && !reads->on;
	bool has_writes = writes->kind && !writes->on;

	if (has_reads && has_writes)
		return reads->begin_s < writes->begin_s ? reads : writes;
	return has_reads ? reads : has_writes ? writes : NULL;
}

static void decide_warm(struct desk *desk)
{
	const struct psh_peak *peak = next_peak(desk);
	u64 bytes = cut(desk->state->shadow_bytes);
	struct psh_action *action;
	s64 start_s;

	if (!bytes || !peak)
		return;
	action = put_for(desk, PSH_ACTION_WARM, peak);
	start_s = psh_peak_start(peak->begin_s, bytes, desk->state->copy_Bps,
				 desk->policy->margin_s);
	action->start_s = not_before_now(desk, start_s);
	spend(desk, action, bytes, desk->budget);
}

static void decide_space(struct desk *desk,
			 const struct psh_capacity_outlook *space)
{
	u64 lead_s = (u64)desk->policy->space_lead_s + desk->state->provision_s;
	bool full = space->trend == PSH_TREND_FULL;
	struct psh_action *action;
	u64 days, bytes;

	if (!full && space->trend != PSH_TREND_GROWING)
		return;
	if (space->low_s > lead_s)
		return;
	action = put(desk, PSH_ACTION_ASK_SPACE, PSH_REASON_FILLING,
		     space->low_s, space->middle_s);
	action->deadline_s = desk->now_s + (s64)space->low_s;
	action->permille = full ? SURE : SPACE_SURE;
	/* As much as comes in as long again, at least. */
	if (space->per_day > 0) {
		days = div64_u64(lead_s, DAY_S) + 1;
		bytes = product(space->per_day >> 10, days);
		action->bytes = cut(bytes << 10);
	}
}

/*
 * As the book has it for the time when it starts. What is full is merged
 * whatever the book says, for writes would have no room; and to go off is not
 * held by what was lost while on, for it is the cure of that.
 */
static void hold(const struct desk *desk, struct psh_action *action)
{
	bool ends = action->kind == PSH_ACTION_BUFFER_OFF ||
		    action->kind == PSH_ACTION_DROP;
	enum psh_held held;

	held = psh_book_hold(desk->book, psh_action_decision(action->kind),
			     desk->policy->dwell_s, action->start_s);
	if (held == PSH_HOLD_NONE || action->reason == PSH_REASON_FULL)
		return;
	if (ends && held == PSH_HOLD_LOSING)
		return;
	action->held = held;
}

static void take_view(const struct psh_decide_outlook *outlook,
		      const struct psh_decide_policy *policy, s64 now_s,
		      u64 most, struct psh_peak_view *view)
{
	view->steps = psh_fixed_clamp(outlook->steps, 0, PSH_FORECAST_STEPS);
	view->step_s = psh_fixed_clamp(outlook->step_s, 1, DAY_S);
	view->first_s = bounded(outlook->first_s);
	view->now_s = now_s;
	view->load = cut(view->load);
	view->high = share(most, policy->high_permille);
	view->low = share(most, policy->low_permille);
	/* What can do anything at all has a line. */
	if (most && !view->high)
		view->high = 1;
	view->trust_q10 = share(1024, policy->trust_permille);
	view->hold_s = policy->dwell_s < DWELL_MOST ? policy->dwell_s :
						      DWELL_MOST - 1;
}

u32 psh_decide(const struct psh_decide_outlook *outlook,
	       const struct psh_decide_state *state,
	       const struct psh_decide_policy *policy,
	       const struct psh_book *book, struct psh_action *action)
{
	s64 now_s = bounded(state->now_s);
	struct desk desk = {
		.state = state,
		.policy = policy,
		.book = book,
		.read_view = { .step = outlook->reads,
			       .load = state->reads,
			       .spike = state->reads_spike },
		.write_view = { .step = outlook->writes,
				.load = state->writes,
				.spike = state->writes_spike },
		.now_s = now_s,
		.budget = cut(state->budget_bytes),
		.action = action,
	};
	u32 i;

	take_view(outlook, policy, now_s, state->reads_most, &desk.read_view);
	take_view(outlook, policy, now_s, state->writes_most, &desk.write_view);
	psh_peak_look(&desk.read_view, &desk.reads);
	psh_peak_look(&desk.write_view, &desk.writes);
	decide_buffer(&desk);
	decide_merge(&desk);
	decide_copies(&desk);
	decide_warm(&desk);
	decide_space(&desk, &outlook->space);
	for (i = 0; i < desk.nr; i++)
		hold(&desk, &action[i]);
	return desk.nr;
}
