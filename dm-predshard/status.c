// SPDX-License-Identifier: GPL-2.0
/*
 * status: see status.h. Words are only ever appended at the end of their
 * group; scripts read them by key. Numbers are sampled one after another while
 * I/O goes on.
 */
#include <linux/slab.h>

#include "status.h"

const char *psh_mode_name(enum psh_mode mode)
{
	static const char * const name[] = {
		[PSH_MODE_MANUAL] = "manual",
		[PSH_MODE_ADVISE] = "advise",
		[PSH_MODE_AUTO] = "auto",
	};

	return name[mode];
}

const char *psh_volume_state_name(struct psh_volume *volume)
{
	const struct psh_members *members = &volume->members;

	/* Somewhere writes are refused, or will be. */
	if (atomic64_read(&volume->route.refused) ||
	    READ_ONCE(volume->metadata.store.failed))
		return "read-only";
	if (READ_ONCE(volume->metadata.failed) ||
	    (volume->buffer &&
	     psh_buffer_state(volume->buffer) != PSH_LOG_OK) ||
	    psh_volume_data_members(volume) != members->healthy ||
	    psh_route_missing(&volume->route))
		return "degraded";
	return "ok";
}

static u64 quantile_us(const u64 *count, unsigned int permille)
{
	return div_u64(psh_hist_quantile(count, permille), NSEC_PER_USEC);
}

static unsigned int emit_eta(u64 left_bytes, u64 Bps, char *result,
			     unsigned int maxlen)
{
	unsigned int sz = 0;

	if (left_bytes && Bps)
		DMEMIT("%llu", div64_u64(left_bytes + Bps - 1, Bps));
	else
		DMEMIT("-");
	return sz;
}

/* What is left counts when all of it shall go home. */
static unsigned int emit_buffer(struct psh_volume *volume, char *result,
				unsigned int maxlen)
{
	static const char * const state[] = {
		[PSH_LOG_OK] = "ok",
		[PSH_LOG_BROKEN] = "rescue",
		[PSH_LOG_RESCUED] = "void",
		[PSH_LOG_STRANDED] = "stranded",
	};
	struct psh_buffer *buffer = volume->buffer;
	u64 buffered = buffer ? READ_ONCE(buffer->buffered_sectors) : 0;
	bool all = buffer && (volume->merge->drain || volume->merge->asked);
	u64 left = all ? buffered : 0;
	unsigned int sz = 0;

	DMEMIT(" write_mode=%s buffer=%s buffered_sectors=%llu buffer_used_percent=%u",
	       volume->write_mode == PSH_WRITE_BUFFER ? "buffer" : "home",
	       buffer ? state[psh_buffer_state(buffer)] : "-", buffered,
	       buffer ? psh_buffer_used_percent(buffer) : 0);
	DMEMIT(" merge_left_sectors=%llu merge_Bps=%llu merge_eta_s=", left,
	       volume->merge_rate.Bps);
	sz += emit_eta(left << SECTOR_SHIFT, volume->merge_rate.Bps,
		       result + sz, maxlen - sz);
	return sz;
}

static const char *spiking(const struct psh_predict *predict)
{
	bool on[PSH_METRIC_REQUESTS];
	unsigned int kind;

	for (kind = 0; kind < PSH_METRIC_REQUESTS; kind++)
		on[kind] = predict->spike[kind][PSH_SERIES_10S].active ||
			   predict->spike[kind][PSH_SERIES_5MIN].active;
	if (on[PSH_METRIC_READS])
		return on[PSH_METRIC_WRITES] ? "both" : "reads";
	return on[PSH_METRIC_WRITES] ? "writes" : "-";
}

static unsigned int emit_peak(const struct psh_predict *predict,
			      enum psh_metric_kind kind, char *result,
			      unsigned int maxlen)
{
	s64 peak_s = psh_predict_peak(predict, kind);
	unsigned int sz = 0;

	if (peak_s < 0)
		DMEMIT("-");
	else
		DMEMIT("%lld", peak_s);
	return sz;
}

/* What kind of load it is, and what comes. */
static unsigned int emit_forecast(struct psh_predict *predict, char *result,
				  unsigned int maxlen)
{
	const struct psh_classify *classify = &predict->classify;
	unsigned int sz = 0;

	mutex_lock(&predict->lock);
	DMEMIT(" traffic=%s shape=%s application=%s spike=%s history_hours=%u",
	       psh_traffic_name(classify->traffic.now),
	       psh_shape_name(classify->shape.now),
	       psh_application_name(classify->application.now),
	       spiking(predict), psh_predict_history(predict));
	DMEMIT(" reads_peak_s=");
	sz += emit_peak(predict, PSH_METRIC_READS, result + sz, maxlen - sz);
	DMEMIT(" writes_peak_s=");
	sz += emit_peak(predict, PSH_METRIC_WRITES, result + sz, maxlen - sz);
	mutex_unlock(&predict->lock);
	return sz;
}

static unsigned int emit_volume(struct psh_volume *volume,
				struct psh_meter_volume *sum, char *result,
				unsigned int maxlen)
{
	u64 missing = psh_route_missing(&volume->route);
	u64 left = missing * volume->segment_sectors << SECTOR_SHIFT;
	unsigned int sz = 0;

	psh_meter_volume_sum(volume->meter, sum);
	psh_meter_subtract(sum, &volume->base, sizeof(*sum));
	DMEMIT("segment_sectors=%u segments=%llu route_bytes_per_segment=%zu",
	       volume->segment_sectors, volume->route.nr_segments,
	       sizeof(*volume->route.words));
	DMEMIT(" mode=%s state=%s", psh_mode_name(volume->mode),
	       psh_volume_state_name(volume));
	DMEMIT(" copies_left_segments=%llu copy_Bps=%llu copy_eta_s=", missing,
	       volume->copy_rate.Bps);
	sz += emit_eta(left, volume->copy_rate.Bps, result + sz, maxlen - sz);
	DMEMIT(" reads=%llu read_sectors=%llu writes=%llu write_sectors=%llu",
	       sum->ops[READ], sum->sectors[READ], sum->ops[WRITE],
	       sum->sectors[WRITE]);
	DMEMIT(" discards=%llu flushes=%llu", sum->discards, sum->flushes);
	DMEMIT(" read_errors=%llu write_errors=%llu read_retries=%llu repairs=%llu",
	       sum->errors[READ], sum->errors[WRITE], sum->retries,
	       sum->repairs);
	DMEMIT(" read_p50_us=%llu read_p99_us=%llu write_p50_us=%llu write_p99_us=%llu",
	       quantile_us(sum->latency[READ], 500),
	       quantile_us(sum->latency[READ], 990),
	       quantile_us(sum->latency[WRITE], 500),
	       quantile_us(sum->latency[WRITE], 990));
	DMEMIT(" inflight=%lu members=%u",
	       psh_flight_inside(&volume->flight, READ) +
	       psh_flight_inside(&volume->flight, WRITE),
	       hweight32(volume->members.present));
	DMEMIT(" intent_segments=%llu metadata=%s",
	       (u64)atomic64_read(&volume->route.intents),
	       psh_metadata_state_name(&volume->metadata));
	sz += emit_buffer(volume, result + sz, maxlen - sz);
	return sz + emit_forecast(volume->predict, result + sz, maxlen - sz);
}

static const char *or_dash(const char *label)
{
	return *label ? label : "-";
}

static unsigned int emit_member(struct psh_volume *volume, unsigned int i,
				struct psh_meter_member *sum, char *result,
				unsigned int maxlen)
{
	struct psh_member *member = &volume->members.member[i];
	unsigned int sz = 0;
	u64 inflight;

	psh_meter_member_sum(volume->members.path[i].meter, sum);
	inflight = sum->begun[READ] + sum->begun[WRITE] - sum->done[READ] -
		   sum->done[WRITE];
	psh_meter_subtract(sum, &member->base, sizeof(*sum));
	DMEMIT(" m%u.role=%s m%u.dev=%u:%u m%u.zone=%s m%u.tier=%s m%u.state=%s",
	       i, psh_role_name(member->role), i, MAJOR(member->dev),
	       MINOR(member->dev), i, or_dash(member->zone), i,
	       or_dash(member->tier), i, psh_state_name(member->state));
	DMEMIT(" m%u.insync_segments=%llu m%u.wanted_segments=%llu",
	       i, (u64)atomic64_read(&volume->route.insync[i]), i,
	       (u64)atomic64_read(&volume->route.wanted[i]));
	DMEMIT(" m%u.reads=%llu m%u.read_sectors=%llu m%u.writes=%llu",
	       i, sum->begun[READ], i, sum->sectors[READ], i,
	       sum->begun[WRITE] - min(sum->flushes, sum->begun[WRITE]));
	DMEMIT(" m%u.write_sectors=%llu m%u.flushes=%llu",
	       i, sum->sectors[WRITE], i, sum->flushes);
	DMEMIT(" m%u.read_errors=%llu m%u.write_errors=%llu m%u.inflight=%llu m%u.late=%d",
	       i, sum->errors[READ], i, sum->errors[WRITE], i, inflight, i,
	       atomic_read(&member->late));
	DMEMIT(" m%u.read_p50_us=%llu m%u.read_p99_us=%llu",
	       i, quantile_us(sum->latency[READ], 500),
	       i, quantile_us(sum->latency[READ], 990));
	DMEMIT(" m%u.write_p50_us=%llu m%u.write_p99_us=%llu",
	       i, quantile_us(sum->latency[WRITE], 500),
	       i, quantile_us(sum->latency[WRITE], 990));
	DMEMIT(" m%u.expect_us=%llu m%u.copied_sectors=%llu",
	       i, div_u64(psh_latency_expect(&member->latency,
					     atomic_read(&member->load) + 1),
			  NSEC_PER_USEC),
	       i, sum->copied_sectors);
	return sz;
}

/* The sums are too large for the stack; one room serves both kinds. */
union sums {
	struct psh_meter_volume volume;
	struct psh_meter_member member;
};

void psh_status_info(struct psh_volume *volume, char *result,
		     unsigned int maxlen)
{
	union sums *sums = kmalloc(sizeof(*sums), GFP_NOIO);
	unsigned int sz = 0;
	unsigned int i;

	*result = '\0';
	if (!sums)
		return;
	mutex_lock(&volume->lock);
	if (volume->table) {
		sz = emit_volume(volume, &sums->volume, result, maxlen);
		for (i = 0; i < PSH_MEMBERS_MAX; i++)
			if (volume->members.present & BIT(i))
				sz += emit_member(volume, i, &sums->member,
						  result + sz, maxlen - sz);
	}
	mutex_unlock(&volume->lock);
	kfree(sums);
}

void psh_status_table(struct psh_table *table, char *result,
		      unsigned int maxlen)
{
	const struct psh_config *config = &table->config;
	unsigned int sz = 0;
	unsigned int i;

	DMEMIT("%s", table->metadata->name);
	if (table->mirror)
		DMEMIT(",%s", table->mirror->name);
	DMEMIT(" %u %u", config->segment_sectors, config->nr_members);
	for (i = 0; i < config->nr_members; i++) {
		const struct psh_member_config *member = &config->member[i];

		DMEMIT(" %s:%s:%llu", psh_role_name(member->role),
		       table->dev[i]->name, member->offset_sectors);
		if (*member->zone)
			DMEMIT(":%s", member->zone);
		if (*member->tier)
			DMEMIT(":%s", member->tier);
	}
	if (config->features)
		DMEMIT(" %u", hweight32(config->features));
	if (config->features & PSH_FEATURE_NO_DISCARD)
		DMEMIT(" no_discard");
	if (config->features & PSH_FEATURE_BUFFER_COPIES)
		DMEMIT(" buffer_copies:%u", config->buffer_copies);
}
