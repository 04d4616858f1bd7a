/* SPDX-License-Identifier: GPL-2.0 */
/*
 * intent: which segments may have copies that differ, and taking that back.
 *
 * A write to a segment with copies waits until INTENT is durable in its word
 * (fanout asks for it). Here it is taken back, so that after a crash little must
 * be copied again. In rounds: words that nobody wrote to since the last round are
 * marked CLEARING, the writes inside are drained, the members flushed, and
 * INTENT is taken from all words that still are. A write that comes meanwhile
 * asks for INTENT again and ends the CLEARING of its word.
 *
 * While there are writes, a round is made only every PSH_INTENT_KEEP_S or when
 * more than PSH_INTENT_MOST segments have INTENT: taking it back too early costs
 * a journal write for the next one, keeping it costs copying after a crash.
 */
#ifndef PSH_INTENT_H
#define PSH_INTENT_H

#include <linux/bitops.h>
#include <linux/workqueue.h>

#include "flight.h"
#include "metadata.h"

#define PSH_INTENT_ROUND_S	5
#define PSH_INTENT_KEEP_S	60
#define PSH_INTENT_MOST		32768

/**
 * struct psh_intent - the intent of one volume
 * @route: the routing table
 * @members: the members
 * @flight: what is inside
 * @metadata: the metadata
 * @queue: where @round runs
 * @recent: by segment: written since the last round. atomic bits
 * @rounds: since the last one in which INTENT was taken back. Work
 * @quiet: nobody wrote since the last round. Racing
 * @stop: begin no round
 * @round: the work
 */
struct psh_intent {
	struct psh_route *route;
	struct psh_members *members;
	struct psh_flight *flight;
	struct psh_metadata *metadata;
	struct workqueue_struct *queue;
	unsigned long *recent;
	unsigned int rounds;
	bool quiet;
	bool stop;
	struct delayed_work round;
};

void psh_intent_init(struct psh_intent *intent);
void psh_intent_exit(struct psh_intent *intent);

/** psh_intent_alloc() - a bit for so many segments, or NULL. May sleep. */
unsigned long *psh_intent_alloc(u64 nr_segments);

/** psh_intent_use() - use this memory from now on. Volume suspended. */
void psh_intent_use(struct psh_intent *intent, unsigned long *recent);

/**
 * psh_intent_wrote() - a segment with copies is being written
 * @intent: the volume's intent
 * @segment: the segment
 *
 * Writes its cache line only once per round. Context: any.
 */
static inline void psh_intent_wrote(struct psh_intent *intent, u64 segment)
{
	if (!test_bit(segment, intent->recent))
		set_bit(segment, intent->recent);
	if (READ_ONCE(intent->quiet))
		WRITE_ONCE(intent->quiet, false);
}

/** psh_intent_start() - make rounds. Owner's mutex. */
void psh_intent_start(struct psh_intent *intent);

/** psh_intent_stop() - make none, and wait for one on its way. Sleeps. */
void psh_intent_stop(struct psh_intent *intent);

/**
 * psh_intent_close() - take all back that can be
 * @intent: the volume's intent, stopped
 *
 * Context: process, volume suspended.
 */
void psh_intent_close(struct psh_intent *intent);

#endif /* PSH_INTENT_H */
