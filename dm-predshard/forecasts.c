// SPDX-License-Identifier: GPL-2.0
/*
 * forecasts: see forecasts.h. Every file is a copy of what the tick left,
 * under the predictor's lock, and all of them are read-only. Requests per
 * second have three decimals, since an idle volume has less than one; bytes per
 * second have none.
 */
#include <linux/sysfs.h>

#include "entry.h"
#include "forecasts.h"
#include "volume.h"

#define NUMBER_SIZE	24

static const char *number(enum psh_metric_kind kind, u64 value, char *text)
{
	u32 rest;

	if (kind >= PSH_METRIC_REQUESTS) {
		snprintf(text, NUMBER_SIZE, "%llu", value);
		return text;
	}
	value = div_u64_rem(value, PSH_PREDICT_SCALE, &rest);
	snprintf(text, NUMBER_SIZE, "%llu.%03u", value, rest);
	return text;
}

static ssize_t show_steps(const struct psh_expected *expected, u32 nr,
			  enum psh_metric_kind kind, char *page)
{
	char low[NUMBER_SIZE], middle[NUMBER_SIZE], high[NUMBER_SIZE];
	ssize_t length = 0;
	u32 i;

	for (i = 0; i < nr; i++, expected++)
		length += sysfs_emit_at(page, length, "%u %s %s %s%s\n", i + 1,
			number(kind, psh_series_value(expected->low), low),
			number(kind, psh_series_value(expected->middle),
			       middle),
			number(kind, psh_series_value(expected->high), high),
			expected->peak ? " peak" : "");
	return length;
}

static ssize_t show_hours(struct psh_volume *volume, unsigned int member,
			  size_t kind, char *page)
{
	struct psh_predict *predict = volume->predict;
	ssize_t length;

	mutex_lock(&predict->lock);
	length = show_steps(predict->metric[kind].hour,
			    predict->metric[kind].hours, kind, page);
	mutex_unlock(&predict->lock);
	return length;
}

static ssize_t show_minutes(struct psh_volume *volume, unsigned int member,
			    size_t kind, char *page)
{
	struct psh_predict *predict = volume->predict;
	ssize_t length;

	mutex_lock(&predict->lock);
	length = show_steps(predict->metric[kind].five,
			    predict->metric[kind].fives, kind, page);
	mutex_unlock(&predict->lock);
	return length;
}

static ssize_t show_from(struct psh_volume *volume, unsigned int member,
			 size_t offset, char *page)
{
	struct psh_predict *predict = volume->predict;
	ssize_t length;

	mutex_lock(&predict->lock);
	length = sysfs_emit(page, "%lld\n", *(s64 *)((char *)predict + offset));
	mutex_unlock(&predict->lock);
	return length;
}

static ssize_t show_history(struct psh_volume *volume, unsigned int member,
			    size_t offset, char *page)
{
	struct psh_predict *predict = volume->predict;
	ssize_t length;

	mutex_lock(&predict->lock);
	length = sysfs_emit(page, "%u\n", psh_predict_history(predict));
	mutex_unlock(&predict->lock);
	return length;
}

/* A line for each metric and distance. */
static ssize_t show_score(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	struct psh_predict *predict = volume->predict;
	unsigned int kind, row;
	ssize_t length = 0;

	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_NR; kind++)
		for (row = 0; row < PSH_SCORE_AHEADS; row++) {
			const struct psh_score_row *score =
				&predict->metric[kind].score.row[row];

			length += sysfs_emit_at(page, length, "%s %u %u %u %u\n",
				psh_metric_name(kind), psh_score_ahead(row),
				score->scored, psh_score_error(score),
				psh_score_inside(score));
		}
	mutex_unlock(&predict->lock);
	return length;
}

static ssize_t show_class(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	struct psh_predict *predict = volume->predict;
	const struct psh_classify *classify = &predict->classify;
	ssize_t length;

	mutex_lock(&predict->lock);
	length = sysfs_emit(page, "%s %s %s\n",
			    psh_traffic_name(classify->traffic.now),
			    psh_shape_name(classify->shape.now),
			    psh_application_name(classify->application.now));
	mutex_unlock(&predict->lock);
	return length;
}

/* A line for each of reads and writes, and ring. */
static ssize_t show_spikes(struct psh_volume *volume, unsigned int member,
			   size_t offset, char *page)
{
	static const char * const ring_name[] = { "10s", "5min" };
	struct psh_predict *predict = volume->predict;
	unsigned int kind, ring;
	char usual[NUMBER_SIZE];
	ssize_t length = 0;

	mutex_lock(&predict->lock);
	for (kind = 0; kind < PSH_METRIC_REQUESTS; kind++)
		for (ring = 0; ring < PSH_SERIES_1H; ring++) {
			const struct psh_spike *spike =
				&predict->spike[kind][ring];

			length += sysfs_emit_at(page, length,
				"%s %s %s %s %s\n", psh_metric_name(kind),
				ring_name[ring],
				spike->active ? "spike" : "-",
				spike->anomaly ? "anomaly" : "-",
				number(kind, psh_spike_usual(spike), usual));
		}
	mutex_unlock(&predict->lock);
	return length;
}

/* What the predictor's work took: times, mean and most in nanoseconds. */
static ssize_t show_cost(struct psh_volume *volume, unsigned int member,
			 size_t offset, char *page)
{
	static const char * const name[] = {
		[PSH_PREDICT_SAMPLE] = "sample",
		[PSH_PREDICT_FIVES] = "minutes",
		[PSH_PREDICT_HOUR] = "hours",
		[PSH_PREDICT_LEARN] = "learn",
	};
	struct psh_predict *predict = volume->predict;
	ssize_t length = 0;
	unsigned int i;

	mutex_lock(&predict->lock);
	for (i = 0; i < PSH_PREDICT_WORKS; i++) {
		const struct psh_predict_cost *cost = &predict->cost[i];

		length += sysfs_emit_at(page, length, "%s %llu %llu %llu\n",
			name[i], cost->nr,
			cost->nr ? div64_u64(cost->ns, cost->nr) : 0,
			cost->most_ns);
	}
	mutex_unlock(&predict->lock);
	return length;
}

static ssize_t show_bytes(struct psh_volume *volume, unsigned int member,
			  size_t offset, char *page)
{
	return sysfs_emit(page, "%zu\n", sizeof(*volume->predict));
}

#define FORECAST(_name, _show, _offset)					\
	static struct psh_entry _name##_entry = {			\
		.attr = { .name = #_name, .mode = 0444 },		\
		.show = _show,						\
		.offset = _offset,					\
	}

FORECAST(hours_reads, show_hours, PSH_METRIC_READS);
FORECAST(hours_writes, show_hours, PSH_METRIC_WRITES);
FORECAST(hours_read_bytes, show_hours, PSH_METRIC_READ_BYTES);
FORECAST(hours_write_bytes, show_hours, PSH_METRIC_WRITE_BYTES);
FORECAST(hours_from, show_from, offsetof(struct psh_predict, hour_s));
FORECAST(minutes_reads, show_minutes, PSH_METRIC_READS);
FORECAST(minutes_writes, show_minutes, PSH_METRIC_WRITES);
FORECAST(minutes_read_bytes, show_minutes, PSH_METRIC_READ_BYTES);
FORECAST(minutes_write_bytes, show_minutes, PSH_METRIC_WRITE_BYTES);
FORECAST(minutes_from, show_from, offsetof(struct psh_predict, five_s));
FORECAST(history_hours, show_history, 0);
FORECAST(score, show_score, 0);
FORECAST(class, show_class, 0);
FORECAST(spikes, show_spikes, 0);
FORECAST(cost_ns, show_cost, 0);
FORECAST(bytes, show_bytes, 0);

static struct attribute *attrs[] = {
	&hours_reads_entry.attr,
	&hours_writes_entry.attr,
	&hours_read_bytes_entry.attr,
	&hours_write_bytes_entry.attr,
	&hours_from_entry.attr,
	&minutes_reads_entry.attr,
	&minutes_writes_entry.attr,
	&minutes_read_bytes_entry.attr,
	&minutes_write_bytes_entry.attr,
	&minutes_from_entry.attr,
	&history_hours_entry.attr,
	&score_entry.attr,
	&class_entry.attr,
	&spikes_entry.attr,
	&cost_ns_entry.attr,
	&bytes_entry.attr,
	NULL
};

const struct attribute_group psh_forecasts_group = {
	.name = "forecast",
	.attrs = attrs,
};
