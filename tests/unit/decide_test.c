// SPDX-License-Identifier: GPL-2.0
/*
 * decide_test: what is decided is in time, does not flap, and keeps its limits.
 *
 * The rows of tests/vectors/decide.h; two weeks of a volume with a peak of
 * writes at night and one of reads in the morning, a holiday among them, lived
 * through in steps of 10 minutes; loads that waver; decisions that lose; and
 * input of any kind.
 */
#include "rows.h"
#include "../vectors/decide.h"
#include "../vectors/random.h"

#define MiB 1048576ULL
#define GiB 1073741824ULL
#define HOUR 3600
#define DAY 86400
#define TICK 600
#define HORIZON 24

static void assert_same(const struct psh_action *a, const struct psh_action *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->held, b->held);
	assert_int_equal(a->start_s, b->start_s);
	assert_int_equal(a->deadline_s, b->deadline_s);
	assert_int_equal(a->bytes, b->bytes);
	assert_int_equal(a->zones, b->zones);
	assert_int_equal(a->copies, b->copies);
	assert_int_equal(a->permille, b->permille);
	assert_int_equal(a->number[0], b->number[0]);
	assert_int_equal(a->number[1], b->number[1]);
}

static void decides(void **state)
{
	const struct decide_row *row = *state;
	struct psh_action action[PSH_DECIDE_ACTIONS];
	u32 i;

	assert_int_equal(decide_run_row(row, action), row->nr);
	for (i = 0; i < row->nr; i++)
		assert_same(&action[i], &row->list[i]);
}

/* A volume that carries out what is decided. */
struct life {
	struct psh_decide_state state;
	struct psh_decide_policy policy;
	struct psh_book book;
	struct psh_forecast_step reads[HORIZON];
	struct psh_forecast_step writes[HORIZON];
	bool blind; /* nothing is forecast */
	bool loses; /* buffering costs more than it gains */
	u64 wanted_bytes; /* of copies */
	u32 done[PSH_ACTION_NR];
};

static struct life life;

static u64 usual_reads(s64 at_s)
{
	s64 hour = at_s % DAY / HOUR;

	return hour >= 9 && hour < 12 ? 1500 : 100;
}

static u64 usual_writes(s64 at_s)
{
	s64 hour = at_s % DAY / HOUR;

	return hour >= 2 && hour < 4 ? 950 : 100;
}

static struct psh_forecast_step band(u64 p50)
{
	struct psh_forecast_step step = {
		.p10 = p50 * 8 / 10,
		.p50 = p50,
		.p90 = p50 * 12 / 10,
	};

	return step;
}

static void begin_life(void)
{
	memset(&life, 0, sizeof(life));
	life.policy = psh_decide_usual;
	life.state.reads_most = 1000;
	life.state.writes_most = 1000;
	life.state.copy_reads = 1000;
	life.state.write_bytes = 4096;
	life.state.buffer_bytes = 100 * GiB;
	life.state.merge_Bps = 20 * MiB;
	life.state.hot_bytes = 20 * GiB;
	life.state.zones_with_room = 6;
	life.state.copy_Bps = 20 * MiB;
	life.state.budget_bytes = 1ULL << 40;
	psh_book_begin(&life.book);
}

static void carry_out(const struct psh_action *action)
{
	struct psh_decide_state *state = &life.state;
	enum psh_decision kind = psh_action_decision(action->kind);

	life.done[action->kind]++;
	psh_book_change(&life.book, kind, state->now_s);
	switch (action->kind) {
	case PSH_ACTION_BUFFER_ON:
		state->buffering = true;
		break;
	case PSH_ACTION_BUFFER_OFF:
		state->buffering = false;
		psh_book_end(&life.book, kind, 10, life.loses ? 0 : 20,
			     state->now_s);
		break;
	case PSH_ACTION_MERGE:
		state->merging = true;
		break;
	case PSH_ACTION_COPY:
		state->copies = action->copies;
		life.wanted_bytes = state->copied_bytes + action->bytes;
		break;
	case PSH_ACTION_DROP:
		state->copies = 0;
		state->copied_bytes = 0;
		life.wanted_bytes = 0;
		break;
	default:
		break;
	}
}

static void decide_and_do(void)
{
	struct psh_decide_outlook outlook = { life.reads, life.writes,
					      life.blind ? 0 : HORIZON, HOUR,
					      life.state.now_s -
						      life.state.now_s % HOUR };
	struct psh_action action[PSH_DECIDE_ACTIONS];
	u32 nr, i;

	for (i = 0; i < HORIZON; i++) {
		s64 at_s = outlook.first_s + (s64)i * HOUR;

		life.reads[i] = band(usual_reads(at_s));
		life.writes[i] = band(usual_writes(at_s));
	}
	nr = psh_decide(&outlook, &life.state, &life.policy, &life.book,
			action);
	for (i = 0; i < nr; i++)
		if (action[i].held == PSH_HOLD_NONE &&
		    action[i].start_s <= life.state.now_s)
			carry_out(&action[i]);
}

/* What background work does in a tick, and what comes in. */
static void live(void)
{
	struct psh_decide_state *state = &life.state;
	u64 moved = state->merge_Bps * TICK;

	if (state->merging) {
		state->buffered_bytes -= moved < state->buffered_bytes ?
						 moved :
						 state->buffered_bytes;
		state->merging = state->buffered_bytes > 0;
	}
	if (state->buffering)
		state->buffered_bytes +=
			state->writes * state->write_bytes * TICK;
	state->copied_bytes += state->copy_Bps * TICK;
	if (state->copied_bytes > life.wanted_bytes)
		state->copied_bytes = life.wanted_bytes;
}

static void assert_ready(void)
{
	const struct psh_decide_state *state = &life.state;

	if (state->writes >= 900)
		assert_true(state->buffering);
	if (state->writes >= 900 && state->now_s % DAY == 2 * HOUR)
		assert_true(state->buffered_bytes < 5 * GiB);
	if (state->reads >= 900)
		assert_int_equal(state->copied_bytes, 2 * state->hot_bytes);
}

static void two_weeks_of_peaks_are_met_in_time(void **state)
{
	s64 tick, ticks = 14 * DAY / TICK;

	(void)state;
	begin_life();
	for (tick = 0; tick < ticks; tick++) {
		bool holiday = tick * TICK / DAY == 7;

		life.state.now_s = tick * TICK;
		life.state.reads = holiday ? 100 :
					     usual_reads(life.state.now_s);
		life.state.writes = holiday ? 100 :
					      usual_writes(life.state.now_s);
		decide_and_do();
		assert_ready();
		live();
		/* All is home well before the next night. */
		if (life.state.now_s % DAY == 20 * HOUR)
			assert_int_equal(life.state.buffered_bytes, 0);
	}
	/* Once a day each, and once for a holiday that nobody forecast. */
	assert_int_equal(life.done[PSH_ACTION_BUFFER_ON], 14);
	assert_int_equal(life.done[PSH_ACTION_BUFFER_OFF], 14);
	assert_int_equal(life.done[PSH_ACTION_COPY], 1);
	assert_int_equal(life.done[PSH_ACTION_DROP], 0);
	assert_in_range(life.done[PSH_ACTION_MERGE], 13, 42);
}

static void quiet_weeks_have_no_action(void **state)
{
	s64 tick, ticks = 14 * DAY / TICK;
	u32 i;

	(void)state;
	begin_life();
	life.blind = true;
	for (tick = 0; tick < ticks; tick++) {
		life.state.now_s = tick * TICK;
		life.state.reads = 100 + tick % 300;
		life.state.writes = 100 + tick % 370;
		decide_and_do();
		live();
	}
	for (i = 0; i < PSH_ACTION_NR; i++)
		assert_int_equal(life.done[i], 0);
}

/* Anything from idle to far above the line, anew each 10 s. */
static void live_wildly(s64 days)
{
	u64 random = 3;
	s64 now_s;

	for (now_s = 0; now_s < days * DAY; now_s += 10) {
		life.state.now_s = now_s;
		life.state.writes = random_next(&random) % 2000;
		life.state.writes_spike = random_next(&random) & 1;
		life.state.buffered_bytes = 0;
		decide_and_do();
	}
}

static void a_wavering_load_switches_once_per_dwell(void **state)
{
	u32 switches;

	(void)state;
	begin_life();
	life.blind = true;
	live_wildly(4);
	switches = life.done[PSH_ACTION_BUFFER_ON] +
		   life.done[PSH_ACTION_BUFFER_OFF];
	assert_in_range(switches, 2, 4 * 48);
}

static void buffering_that_loses_is_tried_ever_more_rarely(void **state)
{
	(void)state;
	begin_life();
	life.blind = true;
	life.loses = true;
	live_wildly(30);
	assert_in_range(life.done[PSH_ACTION_BUFFER_ON], 8, 12);
	assert_in_range(life.done[PSH_ACTION_BUFFER_OFF], 8, 12);
}

static s64 any_time(u64 *random)
{
	s64 time_s = (s64)(random_magnitude(random) >> 1);

	return random_next(random) & 1 ? time_s : -time_s;
}

static void fill_wildly(void *bytes, size_t size, u64 *random)
{
	u8 *byte = bytes;

	while (size--)
		*byte++ = random_next(random) >> (random_next(random) & 31);
}

static void make_wild(struct psh_decide_state *state, u64 *random)
{
	bool flags = random_next(random) & 1;

	fill_wildly(state, sizeof(*state), random);
	state->now_s = any_time(random);
	state->reads = random_magnitude(random);
	state->writes = random_magnitude(random);
	state->reads_most = random_magnitude(random);
	state->writes_most = random_magnitude(random);
	state->buffer_bytes = random_magnitude(random);
	state->buffered_bytes = random_magnitude(random);
	state->merge_Bps = random_magnitude(random);
	state->hot_bytes = random_magnitude(random);
	state->copied_bytes = random_magnitude(random);
	state->copy_Bps = random_magnitude(random);
	state->budget_bytes = random_magnitude(random);
	state->copies = random_next(random) % 4;
	state->buffering = flags;
	state->merging = !flags && random_next(random) & 1;
	state->reads_spike = random_next(random) & 1;
	state->writes_spike = random_next(random) & 1;
}

static void assert_within(const struct psh_action *action,
			  const struct psh_decide_state *state,
			  const struct psh_decide_policy *policy)
{
	char text[PSH_ACTION_TEXT];
	u32 allowed = state->zones_with_room & ~policy->zones_forbidden;

	assert_in_range(psh_action_tell(action, state->now_s, text,
					sizeof(text)),
			40, sizeof(text) - 1);
	assert_null(strstr(text, "unknown"));
	assert_true(action->permille <= 1000);
	assert_true(action->bytes < 1ULL << 53);
	/* Times are cut to 2^60. */
	if (state->now_s < 1LL << 60 && state->now_s > -(1LL << 60))
		assert_true(action->start_s >= state->now_s);
	if (action->kind == PSH_ACTION_COPY) {
		assert_int_equal(action->zones & ~allowed, 0);
		assert_true(action->copies <= policy->copies_most);
		assert_int_equal(__builtin_popcount(action->zones),
				 action->copies);
	}
}

static struct psh_forecast_step wild_reads[PSH_FORECAST_STEPS];
static struct psh_forecast_step wild_writes[PSH_FORECAST_STEPS];

static void make_wild_forecast(u64 *random)
{
	u32 i;

	for (i = 0; i < PSH_FORECAST_STEPS; i++) {
		wild_reads[i].p50 = random_magnitude(random);
		wild_reads[i].p90 = random_magnitude(random);
		wild_writes[i].p50 = random_magnitude(random);
		wild_writes[i].p90 = random_magnitude(random);
	}
}

static void make_wild_outlook(struct psh_decide_outlook *outlook, s64 now_s,
			      u64 *random)
{
	bool near = random_next(random) & 1;

	outlook->reads = random_next(random) % 8 ? wild_reads : NULL;
	outlook->writes = random_next(random) % 8 ? wild_writes : NULL;
	outlook->steps = random_next(random) % 97;
	outlook->step_s = random_magnitude(random);
	outlook->first_s = near ? now_s : any_time(random);
	outlook->space.trend = random_next(random) % PSH_TREND_NR;
	outlook->space.low_s = random_magnitude(random);
	outlook->space.middle_s = 0;
	outlook->space.per_day = any_time(random);
}

static void make_wild_book(struct psh_book *book, u64 *random)
{
	u32 i;

	psh_book_begin(book);
	for (i = 0; i < PSH_DECISION_NR; i++) {
		book->page[i].changed = random_next(random) & 1;
		book->page[i].losses = random_next(random) % 8;
		book->page[i].changed_s = any_time(random) / 8;
		book->page[i].until_s = any_time(random) / 8;
	}
}

static void assert_same_again(const struct psh_decide_outlook *outlook,
			      const struct psh_decide_state *now,
			      const struct psh_decide_policy *policy,
			      const struct psh_book *book,
			      const struct psh_action *action, u32 nr)
{
	struct psh_action again[PSH_DECIDE_ACTIONS];
	u32 i = psh_decide(outlook, now, policy, book, again);

	assert_int_equal(i, nr);
	while (i--)
		assert_same(&action[i], &again[i]);
}

static void no_input_breaks_a_limit(void **state)
{
	struct psh_action action[PSH_DECIDE_ACTIONS];
	struct psh_decide_outlook outlook;
	struct psh_decide_policy policy;
	struct psh_decide_state now;
	u64 random = 5, listed = 0;
	struct psh_book book;
	u32 round, i, nr;

	(void)state;
	for (round = 0; round < 30000; round++) {
		u64 moved = 0;

		if (!(round % 10))
			make_wild_forecast(&random);
		fill_wildly(&policy, sizeof(policy), &random);
		make_wild(&now, &random);
		make_wild_book(&book, &random);
		make_wild_outlook(&outlook, now.now_s, &random);
		nr = psh_decide(&outlook, &now, &policy, &book, action);
		assert_true(nr <= PSH_DECIDE_ACTIONS);
		assert_same_again(&outlook, &now, &policy, &book, action, nr);
		for (i = 0; i < nr; i++) {
			assert_within(&action[i], &now, &policy);
			if (action[i].kind == PSH_ACTION_COPY ||
			    action[i].kind == PSH_ACTION_WARM)
				moved += action[i].bytes;
		}
		assert_true(moved <= now.budget_bytes);
		listed += nr;
	}
	assert_true(listed > 30000);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, decide_rows, decides);
	rows_add(&rows, "two weeks of peaks are met in time",
		 two_weeks_of_peaks_are_met_in_time);
	rows_add(&rows, "quiet weeks have no action",
		 quiet_weeks_have_no_action);
	rows_add(&rows, "a wavering load switches once per dwell",
		 a_wavering_load_switches_once_per_dwell);
	rows_add(&rows, "buffering that loses is tried ever more rarely",
		 buffering_that_loses_is_tried_ever_more_rarely);
	rows_add(&rows, "no input breaks a limit", no_input_breaks_a_limit);
	return rows_run("decide", &rows);
}
