/* SPDX-License-Identifier: GPL-2.0 */
/*
 * predict: the tick that turns a volume's meters into what is to be expected.
 *
 * Once a second it reads the per-CPU counters and adds what was done since to
 * the series of four metrics. With each slot of 10 s that is full it looks for
 * spikes, with each of 5 min it classifies the load and looks 15 min ahead, with
 * each hour it scores what was said of that hour and looks 72 h ahead; once a
 * day the ensemble learns. All of it is arithmetic on memory that was allocated
 * with the volume: the I/O path never waits for it, and it waits for no I/O.
 *
 * One ordered queue serves all volumes, so that the networks and the room to
 * work in, 80 KB, are there once and need no lock. It runs while a volume is
 * active. It takes no decision: that is policy's.
 */
#ifndef PSH_PREDICT_H
#define PSH_PREDICT_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "core/classify.h"
#include "core/forecast.h"
#include "core/recall.h"
#include "core/score.h"
#include "core/series.h"
#include "core/spike.h"
#include "meter.h"

#define PSH_PREDICT_HOURS	72	/* ahead */
#define PSH_PREDICT_MINUTES	3	/* steps of 5 min ahead */
#define PSH_PREDICT_BYTES	(PSH_METRIC_NR * PSH_RECALL_METRIC_BYTES)
#define PSH_PREDICT_SCALE	1000	/* requests are counted in thousandths */

enum psh_metric_kind {
	PSH_METRIC_READS,	/* thousandths per second */
	PSH_METRIC_WRITES,
	PSH_METRIC_READ_BYTES,	/* per second */
	PSH_METRIC_WRITE_BYTES,
	PSH_METRIC_NR
};

#define PSH_METRIC_REQUESTS	2	/* the first so many; spikes are of these */

/**
 * struct psh_expected - what is expected of one step ahead
 * @low: p10 as psh_series_code() makes it
 * @middle: p50
 * @high: p90
 * @peak: as in struct psh_forecast_step
 */
struct psh_expected {
	u16 low;
	u16 middle;
	u16 high;
	u16 peak;
};

/**
 * struct psh_metric - one metric of a volume
 * @series: what it was. Written by the tick, with @lock
 * @ensemble: what was learnt of the forecasters. Tick
 * @score: how good forecasts were. @lock
 * @hour: what is expected, by hour; the first one has begun. @lock
 * @hours: how many, 0 or all. @lock
 * @five: what is expected, by step of 5 min; the first one has begun. @lock
 * @fives: how many, 0 or all. @lock
 */
struct psh_metric {
	struct psh_series series;
	struct psh_ensemble ensemble;
	struct psh_score score;
	struct psh_expected hour[PSH_PREDICT_HOURS];
	u32 hours;
	struct psh_expected five[PSH_PREDICT_MINUTES];
	u32 fives;
};

/**
 * struct psh_predict_cost - what a piece of work took
 * @nr: how often it was done
 * @ns: time in all
 * @most_ns: the longest
 */
struct psh_predict_cost {
	u64 nr;
	u64 ns;
	u64 most_ns;
};

enum psh_predict_work {
	PSH_PREDICT_SAMPLE,	/* a second, and slots of 10 s */
	PSH_PREDICT_FIVES,	/* forecast of 15 min, of all metrics */
	PSH_PREDICT_HOUR,	/* forecast of 72 h, of all metrics */
	PSH_PREDICT_LEARN,	/* once a day, of one metric */
	PSH_PREDICT_WORKS
};

/**
 * struct psh_predict - the predictor of one volume
 * @name: of the volume, for the log
 * @meter: its counters
 * @hour_over: called by the tick when an hour is full; must not wait
 * @owner: for it
 * @lock: what readers look at; taken by the tick and by readers in process
 *	  context. It is held for copying, never while a forecast is made
 * @tick: the tick
 * @metric: by enum psh_metric_kind
 * @spike: of reads and writes, by ring (10 s, 5 min). @lock
 * @blind: by metric: what is forecast follows a spike, and is not usual. Tick
 * @classify: what kind of load it is. @lock
 * @seen: counters at the last tick. Tick
 * @seen_ns: when that was, by the monotonic clock; 0 for never. Tick
 * @window: counters at the beginning of the 5 min. Tick
 * @slot: requests at the beginning of the 10 s. Tick
 * @busiest: most requests in one slot of 10 s of the window. Tick
 * @slots: slots of the window. Tick
 * @hour_s: wall clock when @metric.hour begins. @lock
 * @five_s: wall clock when @metric.five begins. @lock
 * @fresh: what was restored is to be forecast from. Tick
 * @cost: by enum psh_predict_work. @lock
 */
struct psh_predict {
	const char *name;
	struct psh_meter_volume __percpu *meter;
	void (*hour_over)(void *owner);
	void *owner;
	struct mutex lock; /* what readers look at */
	struct delayed_work tick;
	struct psh_metric metric[PSH_METRIC_NR];
	struct psh_spike spike[PSH_METRIC_REQUESTS][PSH_SERIES_1H];
	bool blind[PSH_METRIC_REQUESTS];
	struct psh_classify classify;
	struct psh_meter_load seen;
	u64 seen_ns;
	struct psh_meter_load window;
	u64 slot;
	u64 busiest;
	u32 slots;
	s64 hour_s;
	s64 five_s;
	bool fresh;
	struct psh_predict_cost cost[PSH_PREDICT_WORKS];
};

/* A volume may have 64 KiB for foresight; policy needs some of it. */
static_assert(sizeof(struct psh_predict) <= 44 * 1024);

/**
 * psh_predict_pool_create() - what all volumes share
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int psh_predict_pool_create(void);

/** psh_predict_pool_destroy() - undo that. No volume is left. */
void psh_predict_pool_destroy(void);

/**
 * psh_predict_create() - a predictor that has seen nothing
 * @meter: the volume's counters
 *
 * Return: the predictor, or NULL without memory.
 */
struct psh_predict *psh_predict_create(struct psh_meter_volume __percpu *meter);

/** psh_predict_destroy() - stop, and forget everything. NULL is allowed. */
void psh_predict_destroy(struct psh_predict *predict);

/**
 * psh_predict_start() - tick from now on
 * @predict: the predictor
 * @name: of the volume, which stays until psh_predict_stop()
 *
 * Context: resume. What was done while it was stopped is not seen.
 */
void psh_predict_start(struct psh_predict *predict, const char *name);

/**
 * psh_predict_stop() - do not tick any more
 * @predict: the predictor
 *
 * Context: process; waits for a tick that runs, some milliseconds.
 */
void psh_predict_stop(struct psh_predict *predict);

/**
 * psh_predict_save() - what is remembered, as bytes
 * @predict: the predictor
 * @data: room for %PSH_PREDICT_BYTES
 *
 * Context: process.
 * Return: bytes; 0 if there is nothing worth it.
 */
u32 psh_predict_save(struct psh_predict *predict, u8 *data);

/**
 * psh_predict_restore() - remember what was saved
 * @predict: the predictor, stopped
 * @data: bytes of any content
 * @bytes: how many
 *
 * What was seen already is worth more: then nothing is changed.
 *
 * Context: process.
 * Return: 0; or -EBADMSG, and then nothing is remembered.
 */
int psh_predict_restore(struct psh_predict *predict, u8 *data, u32 bytes);

/**
 * psh_predict_history() - full hours that are known
 * @predict: the predictor
 *
 * Context: @predict->lock is held.
 * Return: hours.
 */
u32 psh_predict_history(const struct psh_predict *predict);

/**
 * psh_predict_peak() - when the next peak of a metric begins
 * @predict: the predictor
 * @kind: the metric
 *
 * Context: @predict->lock is held.
 * Return: seconds from now on, 0 if it is to be on; -1 if none is forecast.
 */
s64 psh_predict_peak(const struct psh_predict *predict,
		     enum psh_metric_kind kind);

/** psh_metric_name() - "reads", "writes", "read_bytes" or "write_bytes". */
const char *psh_metric_name(enum psh_metric_kind kind);

#endif /* PSH_PREDICT_H */
