// SPDX-License-Identifier: GPL-2.0
/*
 * decide_fuzz: no state, forecast, policy or book makes a decision break its
 * limits, and no counters confuse the classes.
 *
 * Input: bytes that fill, one number after the other, everything that decide is
 * given; a number is a byte that says of how many bits, and 8 bytes. Past the
 * end all is 0. Guaranteed for every input: no crash and no undefined behaviour
 * (sanitizers watch), no more bytes of copies than the budget, no copy in a
 * forbidden zone, nothing before now, words for all. Whether a decision is wise
 * is tests/unit/decide_test.c's question.
 */
#include <stdlib.h>

#include "../../dm-predshard/core/classify.h"
#include "../../dm-predshard/core/decide.h"

struct input {
	const u8 *data;
	size_t size;
};

static void check(bool fact)
{
	if (!fact)
		abort();
}

static u64 take(struct input *input)
{
	u64 value = 0;
	u32 shift;

	if (input->size < 9)
		return 0;
	shift = input->data[0] & 63;
	memcpy(&value, input->data + 1, 8);
	input->data += 9;
	input->size -= 9;
	return value >> shift;
}

static void take_state(struct input *input, struct psh_decide_state *state)
{
	u32 i;

	state->now_s = (s64)take(input);
	state->reads = take(input);
	state->writes = take(input);
	state->reads_spike = take(input) & 1;
	state->writes_spike = take(input) & 1;
	state->reads_most = take(input);
	state->writes_most = take(input);
	state->copy_reads = take(input);
	state->write_bytes = take(input);
	state->buffering = take(input) & 1;
	state->merging = take(input) & 1;
	state->buffer_bytes = take(input);
	state->buffered_bytes = take(input);
	state->merge_Bps = take(input);
	state->hot_bytes = take(input);
	state->copies = take(input);
	state->copied_bytes = take(input);
	for (i = 0; i < PSH_DECIDE_ZONES; i++)
		state->zone_permille[i] = take(input);
	state->zones_with_room = take(input);
	state->shadow_bytes = take(input);
	state->copy_Bps = take(input);
	state->budget_bytes = take(input);
	state->provision_s = take(input);
}

static void take_policy(struct input *input, struct psh_decide_policy *policy)
{
	policy->high_permille = take(input);
	policy->low_permille = take(input);
	policy->trust_permille = take(input);
	policy->margin_s = take(input);
	policy->dwell_s = take(input);
	policy->copies_most = take(input);
	policy->zones_wanted = take(input);
	policy->zones_forbidden = take(input);
	policy->full_permille = take(input);
	policy->space_lead_s = take(input);
}

static void take_book(struct input *input, struct psh_book *book)
{
	u32 i;

	psh_book_begin(book);
	for (i = take(input) & 15; i; i--) {
		enum psh_decision kind = take(input) % PSH_DECISION_NR;
		u64 cost = take(input), gain = take(input);

		psh_book_change(book, kind, (s64)take(input));
		psh_book_end(book, kind, cost, gain, (s64)take(input));
	}
}

static void take_steps(struct input *input, struct psh_forecast_step *step,
		       u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		step[i].p10 = take(input);
		step[i].p50 = take(input);
		step[i].p90 = take(input);
	}
}

static void judge(const struct psh_decide_state *state,
		  const struct psh_decide_policy *policy,
		  const struct psh_action *action, u32 nr)
{
	s64 most = PSH_PEAK_TIME_MOST;
	u64 moved = 0;

	check(nr <= PSH_DECIDE_ACTIONS);
	for (; nr; nr--, action++) {
		char text[PSH_ACTION_TEXT];
		int length = psh_action_tell(action, state->now_s, text,
					     sizeof(text));

		check(length > 0 && length < PSH_ACTION_TEXT);
		check(action->start_s >= state->now_s || state->now_s > most);
		check(action->permille <= 1000);
		if (action->kind == PSH_ACTION_COPY)
			check(!(action->zones & policy->zones_forbidden) &&
			      action->copies <= policy->copies_most);
		if (action->kind == PSH_ACTION_COPY ||
		    action->kind == PSH_ACTION_WARM)
			moved += action->bytes;
	}
	check(moved <= state->budget_bytes);
}

static void classify(struct input *input)
{
	struct psh_classify classes;
	u32 i;

	psh_classify_begin(&classes);
	for (i = 0; i < 4; i++) {
		struct psh_window window = {
			take(input), take(input), take(input), take(input),
			take(input), take(input), take(input), take(input),
			take(input), take(input), take(input)
		};

		psh_classify_look(&classes, &psh_classify_fives, &window);
		check(classes.traffic.now < PSH_TRAFFIC_NR);
		check(classes.shape.now < PSH_SHAPE_NR);
		check(classes.application.now < PSH_APPLICATION_NR);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct psh_forecast_step reads[PSH_FORECAST_STEPS];
	static struct psh_forecast_step writes[PSH_FORECAST_STEPS];
	struct psh_decide_outlook outlook = { .reads = reads,
					      .writes = writes };
	struct psh_action action[PSH_DECIDE_ACTIONS];
	struct input input = { data, size };
	struct psh_decide_policy policy;
	struct psh_decide_state state;
	struct psh_book book;

	take_state(&input, &state);
	take_policy(&input, &policy);
	take_book(&input, &book);
	outlook.step_s = take(&input);
	outlook.first_s = (s64)take(&input);
	outlook.space.trend = take(&input) % PSH_TREND_NR;
	outlook.space.low_s = take(&input);
	outlook.space.per_day = (s64)take(&input);
	outlook.steps = take(&input) & 15;
	take_steps(&input, reads, 16);
	take_steps(&input, writes, 16);
	judge(&state, &policy, action,
	      psh_decide(&outlook, &state, &policy, &book, action));
	classify(&input);
	return 0;
}
