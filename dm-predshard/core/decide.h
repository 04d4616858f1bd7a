/* SPDX-License-Identifier: GPL-2.0 */
/*
 * decide: from what is forecast and what is, to what should be done.
 *
 * A pure function: forecasts by quantiles, the present state with its costs,
 * the user's policy, and the book of earlier decisions go in, a short list of
 * actions comes out, each with its reason and the numbers behind it. A line
 * is judged by p50 plus a share of the way to p90. What the book holds, or what no
 * bytes are left for, is listed and marked as held. It remembers nothing,
 * changes nothing, and does not know who carries the list out: in manual,
 * advise and auto it is the same.
 */
#ifndef PSH_DECIDE_H
#define PSH_DECIDE_H

#include "action.h"
#include "capacity.h"
#include "peak.h"

#define PSH_DECIDE_ACTIONS	8	/* at most, in one list */
#define PSH_DECIDE_ZONES	16

/**
 * struct psh_decide_policy - what the user wants
 * @high_permille: of what a volume can do; above it is a peak
 * @low_permille: below it is quiet, not above @high_permille
 * @trust_permille: share of the way from p50 to p90 that is reckoned with
 * @margin_s: everything is to be ready so long before a peak
 * @dwell_s: how long a decision is kept at least
 * @copies_most: copies of a hot segment beside its home, at most
 * @zones_wanted: bit set; these first
 * @zones_forbidden: bit set; these never
 * @full_permille: of the buffer; from there on it is merged at once
 * @space_lead_s: space is asked for so long before it may be full
 */
struct psh_decide_policy {
	u16 high_permille;
	u16 low_permille;
	u16 trust_permille;
	u32 margin_s;
	u32 dwell_s;
	u8 copies_most;
	u32 zones_wanted;
	u32 zones_forbidden;
	u16 full_permille;
	u32 space_lead_s;
};

/* What a volume has when nobody says otherwise. */
extern const struct psh_decide_policy psh_decide_usual;

/**
 * struct psh_decide_outlook - what is forecast
 * @reads: requests per second, by step; NULL for none
 * @writes: likewise
 * @steps: of both, at most %PSH_FORECAST_STEPS
 * @step_s: seconds of a step, 1..86400
 * @first_s: when the first step begins; it may have begun
 * @space: when the volume will be full
 */
struct psh_decide_outlook {
	const struct psh_forecast_step *reads;
	const struct psh_forecast_step *writes;
	u32 steps;
	u32 step_s;
	s64 first_s;
	struct psh_capacity_outlook space;
};

/**
 * struct psh_decide_state - what is, and what things cost
 * @now_s: the caller's clock
 * @reads: requests per second now
 * @writes: likewise
 * @reads_spike: the detector says so
 * @writes_spike: likewise
 * @reads_most: what the home can do per second; 0 if not known
 * @writes_most: likewise
 * @copy_reads: what one more copy can do per second
 * @write_bytes: mean size of a write
 * @buffering: the buffer mode is on
 * @merging: a merge is under way
 * @buffer_bytes: room of all buffers; 0 if there are none
 * @buffered_bytes: of it in use
 * @merge_Bps: how fast a merge goes
 * @hot_bytes: size of the hot set
 * @copies: of the hot set that are there or being made
 * @copied_bytes: of them that are there
 * @zone_permille: share of reads that come from each zone
 * @zones_with_room: bit set of those that have a copy of the hot set, or can
 * @shadow_bytes: what the shadow lacks; 0 if there is none to fill
 * @copy_Bps: how fast background copies may go
 * @budget_bytes: of background copies that are left today
 * @provision_s: from asking for a member to having it
 */
struct psh_decide_state {
	s64 now_s;
	u64 reads;
	u64 writes;
	bool reads_spike;
	bool writes_spike;
	u64 reads_most;
	u64 writes_most;
	u64 copy_reads;
	u64 write_bytes;
	bool buffering;
	bool merging;
	u64 buffer_bytes;
	u64 buffered_bytes;
	u64 merge_Bps;
	u64 hot_bytes;
	u32 copies;
	u64 copied_bytes;
	u16 zone_permille[PSH_DECIDE_ZONES];
	u32 zones_with_room;
	u64 shadow_bytes;
	u64 copy_Bps;
	u64 budget_bytes;
	u32 provision_s;
};

/**
 * psh_decide() - what should be done
 * @outlook: what is forecast
 * @state: what is
 * @policy: what the user wants
 * @book: of earlier decisions
 * @action: result, %PSH_DECIDE_ACTIONS
 *
 * Some 3,500 instructions, few of them divisions; for once a minute, and when a
 * spike begins or ends. Times above 2^60 s and amounts above 2^48 are taken as
 * these.
 *
 * Return: how many actions.
 */
u32 psh_decide(const struct psh_decide_outlook *outlook,
	       const struct psh_decide_state *state,
	       const struct psh_decide_policy *policy,
	       const struct psh_book *book, struct psh_action *action);

#endif /* PSH_DECIDE_H */
