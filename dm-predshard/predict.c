// SPDX-License-Identifier: GPL-2.0
/*
 * predict: see predict.h.
 *
 * What was done is divided by the time that has passed on the monotonic clock,
 * so a tick that comes late tells no wrong rate; where it belongs is told by
 * the wall clock, in UTC. A wall clock that jumps ahead is a gap, which series
 * fills with what was last; one that goes back by more than an hour makes the
 * history worthless, which starts afresh then.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "core/weights.h"
#include "predict.h"

#define DM_MSG_PREFIX "predshard"

#define TICK		HZ
#define TEN_S		10
#define FIVE_S		300
#define HOUR_S		3600
#define DAY_HOURS	24
#define LEARN_APART	6	/* hours from metric to metric */
#define BACK_MOST_S	3600
#define HALF_SECOND_NS	(NSEC_PER_SEC / 2)
#define COUNT_MOST	(1ULL << 40)
#define FIVES_LEAST	576	/* two days, below which a forecast is no band */
#define SAMPLES_LEAST	(HOUR_S / 2)	/* of an hour that is scored */

/**
 * struct room - what all volumes share. The ordered queue's
 * @hours: network of 1 h steps
 * @minutes: network of 5 min steps
 * @networks: those of them that are right
 * @work: room for a forecast
 * @code: a history
 * @step: a forecast
 */
struct room {
	struct psh_lstm hours;
	struct psh_lstm minutes;
	struct psh_forecast_networks networks;
	struct psh_forecast work;
	u16 code[PSH_SERIES_FIVES];
	struct psh_forecast_step step[PSH_PREDICT_HOURS];
};

static_assert(PSH_SERIES_HOURS <= PSH_SERIES_FIVES);
static_assert(PSH_SCORE_HISTORY <= PSH_SERIES_FIVES);

static struct workqueue_struct *queue;
static struct room *room;

const char *psh_metric_name(enum psh_metric_kind kind)
{
	static const char * const name[] = {
		[PSH_METRIC_READS] = "reads",
		[PSH_METRIC_WRITES] = "writes",
		[PSH_METRIC_READ_BYTES] = "read_bytes",
		[PSH_METRIC_WRITE_BYTES] = "write_bytes",
	};

	return name[kind];
}

/* --- what it costs -------------------------------------------------------- */

static void book_cost(struct psh_predict *predict, enum psh_predict_work work,
		      u64 began_ns)
{
	struct psh_predict_cost *cost = &predict->cost[work];
	u64 ns = psh_meter_now() - began_ns;

	mutex_lock(&predict->lock);
	cost->nr++;
	cost->ns += ns;
	cost->most_ns = max(cost->most_ns, ns);
	mutex_unlock(&predict->lock);
}

/* --- forecasts ------------------------------------------------------------ */

static void keep(const struct psh_forecast_step *step, u32 nr,
		 struct psh_expected *expected)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		expected[i].low = psh_series_code(step[i].p10);
		expected[i].middle = psh_series_code(step[i].p50);
		expected[i].high = psh_series_code(step[i].p90);
		expected[i].peak = step[i].peak;
	}
}

/* Return: samples of history; 0 if there is nothing to forecast from. */
static u32 forecast(struct psh_metric *metric, enum psh_series_ring ring,
		    u32 step_s, u32 steps)
{
	u32 nr = psh_series_read(&metric->series, ring, room->code,
				 ARRAY_SIZE(room->code));

	if (psh_forecast_make(&room->work, &room->networks, &metric->ensemble,
			      room->code, nr, step_s, steps, room->step))
		return 0;
	return nr;
}

/* The slot that is open has begun: the first step is of it. */
static void look_at_fives(struct psh_predict *predict)
{
	u64 began = psh_meter_now();
	unsigned int kind;

	for (kind = 0; kind < PSH_METRIC_NR; kind++) {
		struct psh_metric *metric = &predict->metric[kind];
		u32 nr = forecast(metric, PSH_SERIES_5MIN, FIVE_S,
				  PSH_PREDICT_MINUTES);

		mutex_lock(&predict->lock);
		metric->fives = nr ? PSH_PREDICT_MINUTES : 0;
		keep(room->step, metric->fives, metric->five);
		if (kind < PSH_METRIC_REQUESTS)
			predict->blind[kind] =
				nr < FIVES_LEAST ||
				predict->spike[kind][PSH_SERIES_10S].active ||
				predict->spike[kind][PSH_SERIES_5MIN].active;
		predict->five_s = FIVE_S *
			metric->series.slot[PSH_SERIES_5MIN].number;
		mutex_unlock(&predict->lock);
		cond_resched();
	}
	book_cost(predict, PSH_PREDICT_FIVES, began);
}

static void say(struct psh_metric *metric, u32 hour)
{
	unsigned int row;

	for (row = 0; row < PSH_SCORE_AHEADS; row++) {
		u32 step = psh_score_ahead(row) - 1;
		struct psh_score_said said = {
			.hour = hour + step,
			.low = metric->hour[step].low,
			.middle = metric->hour[step].middle,
			.high = metric->hour[step].high,
		};

		psh_score_say(&metric->score, row, &said);
	}
}

static void look_at_hours(struct psh_predict *predict)
{
	u64 began = psh_meter_now();
	unsigned int kind;

	for (kind = 0; kind < PSH_METRIC_NR; kind++) {
		struct psh_metric *metric = &predict->metric[kind];
		u32 hour = metric->series.slot[PSH_SERIES_1H].number;
		u32 nr = forecast(metric, PSH_SERIES_1H, HOUR_S,
				  PSH_PREDICT_HOURS);

		mutex_lock(&predict->lock);
		metric->hours = nr ? PSH_PREDICT_HOURS : 0;
		keep(room->step, metric->hours, metric->hour);
		if (nr)
			say(metric, hour);
		predict->hour_s = (s64)hour * HOUR_S;
		mutex_unlock(&predict->lock);
		cond_resched();
	}
	book_cost(predict, PSH_PREDICT_HOUR, began);
}

/* Hour @hour is over, and was seen at least half. */
static void score_hour(struct psh_predict *predict, u32 hour)
{
	unsigned int kind;

	for (kind = 0; kind < PSH_METRIC_NR; kind++) {
		struct psh_metric *metric = &predict->metric[kind];
		u32 nr = psh_series_read(&metric->series, PSH_SERIES_1H,
					 room->code, PSH_SCORE_HISTORY);

		if (!nr)
			continue;
		mutex_lock(&predict->lock);
		psh_score_came(&metric->score, hour, room->code, nr);
		mutex_unlock(&predict->lock);
	}
}

/* One metric at a time, so that no tick does the work of all. */
static void learn(struct psh_predict *predict, u32 hour)
{
	u32 kind = hour % DAY_HOURS / LEARN_APART;
	struct psh_metric *metric = &predict->metric[kind];
	u64 began = psh_meter_now();
	u32 nr;

	if (hour % LEARN_APART)
		return;
	nr = psh_series_read(&metric->series, PSH_SERIES_1H, room->code,
			     ARRAY_SIZE(room->code));
	psh_forecast_score(&room->work, &room->networks, &metric->ensemble,
			   room->code, nr);
	book_cost(predict, PSH_PREDICT_LEARN, began);
}

/* --- what is seen now ----------------------------------------------------- */

static struct psh_spike_band band_of(const struct psh_predict *predict,
				     unsigned int kind)
{
	const struct psh_metric *metric = &predict->metric[kind];
	struct psh_spike_band band = { 0, PSH_SPIKE_UNKNOWN };

	if (metric->fives && !predict->blind[kind]) {
		band.low = metric->five[0].low;
		band.high = metric->five[0].high;
	}
	return band;
}

/* A slot of the ring is full. */
static void watch(struct psh_predict *predict, enum psh_series_ring ring)
{
	const struct psh_spike_policy *policy =
		ring == PSH_SERIES_10S ? &psh_spike_tens : &psh_spike_fives;
	unsigned int kind;
	u16 code;

	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_REQUESTS; kind++)
		if (psh_series_read(&predict->metric[kind].series, ring, &code,
				    1))
			psh_spike_look(&predict->spike[kind][ring], policy,
				       code, band_of(predict, kind));
	mutex_unlock(&predict->lock);
}

static u64 requests(const struct psh_meter_load *load)
{
	return load->ops[READ] + load->ops[WRITE];
}

static void close_slot(struct psh_predict *predict)
{
	u64 now = requests(&predict->seen);

	predict->busiest = max(predict->busiest, now - predict->slot);
	predict->slots++;
	predict->slot = now;
}

static void begin_window(struct psh_predict *predict)
{
	predict->window = predict->seen;
	predict->slot = requests(&predict->seen);
	predict->busiest = 0;
	predict->slots = 0;
}

/* How many segments were touched is not known. */
static void classify(struct psh_predict *predict)
{
	struct psh_meter_load load = predict->seen;
	struct psh_window window = { };

	psh_meter_subtract(&load, &predict->window, sizeof(load));
	window.reads = load.ops[READ];
	window.writes = load.ops[WRITE];
	window.read_sectors = load.sectors[READ];
	window.write_sectors = load.sectors[WRITE];
	window.flushes = load.flushes;
	window.sampled = load.sampled[READ] + load.sampled[WRITE];
	window.sequential = load.sequential[READ] + load.sequential[WRITE];
	window.busiest = predict->busiest;
	window.slots = predict->slots;
	mutex_lock(&predict->lock);
	psh_classify_look(&predict->classify, &psh_classify_fives, &window);
	mutex_unlock(&predict->lock);
	begin_window(predict);
}

/* --- the tick ------------------------------------------------------------- */

/* Values per second, of what was done in some milliseconds. */
static u64 rate(u64 count, u32 scale, u64 ms)
{
	return div64_u64(min_t(u64, count, COUNT_MOST) * scale * MSEC_PER_SEC,
			 ms);
}

static void find_rates(const struct psh_meter_load *done, u64 ms,
		       u64 value[PSH_METRIC_NR])
{
	value[PSH_METRIC_READS] = rate(done->ops[READ], PSH_PREDICT_SCALE, ms);
	value[PSH_METRIC_WRITES] = rate(done->ops[WRITE], PSH_PREDICT_SCALE,
					ms);
	value[PSH_METRIC_READ_BYTES] = rate(done->sectors[READ], SECTOR_SIZE,
					    ms);
	value[PSH_METRIC_WRITE_BYTES] = rate(done->sectors[WRITE], SECTOR_SIZE,
					     ms);
}

static void forget(struct psh_predict *predict)
{
	unsigned int kind, ring;

	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_NR; kind++) {
		struct psh_metric *metric = &predict->metric[kind];

		psh_series_begin(&metric->series);
		psh_ensemble_begin(&metric->ensemble);
		psh_score_begin(&metric->score);
		metric->hours = 0;
		metric->fives = 0;
	}
	for (kind = 0; kind < PSH_METRIC_REQUESTS; kind++)
		for (ring = 0; ring < PSH_SERIES_1H; ring++)
			psh_spike_begin(&predict->spike[kind][ring]);
	psh_classify_begin(&predict->classify);
	mutex_unlock(&predict->lock);
}

static void check_clock(struct psh_predict *predict, s64 now_s)
{
	const struct psh_series *series = &predict->metric[0].series;
	s64 last_s = series->slot[PSH_SERIES_10S].number * TEN_S;

	if (!series->started || now_s >= last_s - BACK_MOST_S)
		return;
	DMWARN("%s: the clock went back by %lld s, the load's history starts afresh",
	       predict->name, last_s - now_s);
	forget(predict);
}

/* Return: bit set of the rings of which a slot is full. */
static u32 add_sample(struct psh_predict *predict,
		      const u64 value[PSH_METRIC_NR])
{
	struct psh_series *first = &predict->metric[0].series;
	u64 open[PSH_SERIES_RINGS];
	s64 now_s = ktime_get_real_seconds();
	unsigned int kind, ring;
	u32 closed = 0;

	check_clock(predict, now_s);
	for (ring = 0; ring < PSH_SERIES_RINGS; ring++)
		open[ring] = first->started ? first->slot[ring].number :
					      U64_MAX;
	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_NR; kind++)
		psh_series_add(&predict->metric[kind].series, now_s,
			       value[kind]);
	mutex_unlock(&predict->lock);
	for (ring = 0; ring < PSH_SERIES_RINGS; ring++)
		if (open[ring] < first->slot[ring].number)
			closed |= BIT(ring);
	return closed;
}

static void hour_is_over(struct psh_predict *predict, u32 hour, u32 samples)
{
	const struct psh_series *series = &predict->metric[0].series;
	u32 open = series->slot[PSH_SERIES_1H].number;

	if (open == hour + 1 && samples >= SAMPLES_LEAST)
		score_hour(predict, hour);
	learn(predict, open);
	look_at_hours(predict);
	predict->hour_over(predict->owner);
}

/* A second has passed: what was done in it, and what follows. */
static void look(struct psh_predict *predict, u64 now_ns)
{
	struct psh_series_slot hour =
		predict->metric[0].series.slot[PSH_SERIES_1H];
	struct psh_meter_load now, done;
	u64 value[PSH_METRIC_NR];
	u32 closed;

	psh_meter_volume_load(predict->meter, &now);
	done = now;
	psh_meter_subtract(&done, &predict->seen, sizeof(done));
	find_rates(&done, div_u64(now_ns - predict->seen_ns, NSEC_PER_MSEC),
		   value);
	predict->seen = now;
	predict->seen_ns = now_ns;
	closed = add_sample(predict, value);
	if (closed & BIT(PSH_SERIES_10S)) {
		close_slot(predict);
		watch(predict, PSH_SERIES_10S);
	}
	book_cost(predict, PSH_PREDICT_SAMPLE, now_ns);
	if (closed & BIT(PSH_SERIES_5MIN)) {
		watch(predict, PSH_SERIES_5MIN);
		classify(predict);
		look_at_fives(predict);
	}
	if (closed & BIT(PSH_SERIES_1H))
		hour_is_over(predict, hour.number, hour.samples);
	else if (predict->fresh)
		look_at_hours(predict);
	predict->fresh = false;
}

static void tick(struct work_struct *work)
{
	struct psh_predict *predict = container_of(to_delayed_work(work),
						   struct psh_predict, tick);
	u64 now_ns = psh_meter_now();

	if (!predict->seen_ns) {
		psh_meter_volume_load(predict->meter, &predict->seen);
		predict->seen_ns = now_ns;
		begin_window(predict);
	} else if (now_ns - predict->seen_ns >= HALF_SECOND_NS) {
		look(predict, now_ns);
	}
	queue_delayed_work(queue, &predict->tick, TICK);
}

/* --- what is remembered ---------------------------------------------------- */

/* Tags of sections: metrics keep their numbers. */
static u32 tag_of(unsigned int kind)
{
	return kind + 1;
}

u32 psh_predict_save(struct psh_predict *predict, u8 *data)
{
	struct psh_recall recall;
	unsigned int kind;

	psh_recall_write(&recall, data, PSH_PREDICT_BYTES);
	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_NR; kind++) {
		struct psh_metric *metric = &predict->metric[kind];

		if (metric->series.started)
			psh_recall_metric(&recall, tag_of(kind),
					  &metric->series, &metric->ensemble,
					  &metric->score);
	}
	mutex_unlock(&predict->lock);
	return recall.at;
}

/* All metrics have the same slots: the tick looks at those of the first. */
static bool fits(const struct psh_predict *predict, unsigned int kind)
{
	const struct psh_series *first = &predict->metric[0].series;
	const struct psh_series *series = &predict->metric[kind].series;
	unsigned int ring;

	for (ring = 0; ring < PSH_SERIES_RINGS; ring++)
		if (series->slot[ring].number != first->slot[ring].number ||
		    series->slot[ring].filled != first->slot[ring].filled)
			return false;
	return series->started;
}

int psh_predict_restore(struct psh_predict *predict, u8 *data, u32 bytes)
{
	struct psh_recall recall;
	unsigned int kind;
	int r = 0;

	if (predict->metric[0].series.started)
		return 0;
	psh_recall_read(&recall, data, bytes);
	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_NR && !r; kind++) {
		struct psh_metric *metric = &predict->metric[kind];

		if (!psh_recall_find(&recall, tag_of(kind)) ||
		    !psh_recall_metric(&recall, 0, &metric->series,
				       &metric->ensemble, &metric->score) ||
		    !fits(predict, kind))
			r = -EBADMSG;
	}
	mutex_unlock(&predict->lock);
	if (r)
		forget(predict);
	predict->fresh = !r;
	return r;
}

/* --- questions ------------------------------------------------------------ */

u32 psh_predict_history(const struct psh_predict *predict)
{
	lockdep_assert_held(&predict->lock);
	return predict->metric[0].series.slot[PSH_SERIES_1H].filled;
}

s64 psh_predict_peak(const struct psh_predict *predict,
		     enum psh_metric_kind kind)
{
	const struct psh_metric *metric = &predict->metric[kind];
	s64 now_s = ktime_get_real_seconds();
	unsigned int i;

	lockdep_assert_held(&predict->lock);
	for (i = 0; i < metric->hours; i++) {
		s64 begin_s = predict->hour_s + (s64)i * HOUR_S;

		if (metric->hour[i].peak && begin_s + HOUR_S > now_s)
			return max_t(s64, begin_s - now_s, 0);
	}
	return -1;
}

/* --- life ----------------------------------------------------------------- */

struct psh_predict *psh_predict_create(struct psh_meter_volume __percpu *meter)
{
	struct psh_predict *predict = kvzalloc(sizeof(*predict), GFP_KERNEL);

	if (!predict)
		return NULL;
	predict->meter = meter;
	mutex_init(&predict->lock);
	INIT_DELAYED_WORK(&predict->tick, tick);
	forget(predict);
	return predict;
}

void psh_predict_destroy(struct psh_predict *predict)
{
	if (!predict)
		return;
	psh_predict_stop(predict);
	mutex_destroy(&predict->lock);
	kvfree(predict);
}

void psh_predict_start(struct psh_predict *predict, const char *name)
{
	predict->name = name;
	predict->seen_ns = 0;
	queue_delayed_work(queue, &predict->tick, 0);
}

void psh_predict_stop(struct psh_predict *predict)
{
	cancel_delayed_work_sync(&predict->tick);
}

static const struct psh_lstm *decode(struct psh_lstm *network, const u8 *blob,
				     size_t size)
{
	const char *error;

	if (!psh_lstm_decode(network, blob, size, &error))
		return network;
	DMERR("weights: expected %s; forecasting without them", error);
	return NULL;
}

int psh_predict_pool_create(void)
{
	room = kvzalloc(sizeof(*room), GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	queue = alloc_ordered_workqueue("predshard-predict", 0);
	if (!queue) {
		kvfree(room);
		return -ENOMEM;
	}
	room->networks.hours = decode(&room->hours, psh_weights_hours,
				      sizeof(psh_weights_hours));
	room->networks.minutes = decode(&room->minutes, psh_weights_minutes,
					sizeof(psh_weights_minutes));
	return 0;
}

void psh_predict_pool_destroy(void)
{
	destroy_workqueue(queue);
	kvfree(room);
}
