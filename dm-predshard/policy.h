/* SPDX-License-Identifier: GPL-2.0 */
/*
 * policy: carries out, or only lists, what core/decide asks for.
 *
 * Every ten seconds it puts forecasts, the load of now and the state of the
 * write buffer before psh_decide(). In advise the actions are journalled with
 * their reasons and nothing else happens; in auto those that are due are given
 * as orders, as an administrator would by message, and the book is kept of what
 * they cost and gained; in manual nothing is decided. It runs on the volume's
 * queue while the volume is active, because an order waits for the metadata.
 *
 * It acts on the write mode and on merge. Copies of hot segments and shadows
 * need heat, which nobody measures yet: decide is told that there are none.
 */
#ifndef PSH_POLICY_H
#define PSH_POLICY_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "core/decide.h"
#include "volume.h"

#define PSH_JOURNAL_ENTRIES	256

enum psh_outcome {
	PSH_OUTCOME_ADVISED,	/* the mode is advise */
	PSH_OUTCOME_WAITING,	/* held, or its time has not come */
	PSH_OUTCOME_DONE,
	PSH_OUTCOME_FAILED,
	PSH_OUTCOME_ASKED,	/* for people: nothing here can do it */
};

/**
 * struct psh_journal_entry - a decision, as struct psh_action
 * @at_s: when it was taken
 * @bytes: to be moved
 * @number: that led to it
 * @start_s: seconds after @at_s
 * @deadline_s: likewise
 * @permille: chance that it is needed
 * @kind: enum psh_action_kind
 * @reason: enum psh_reason
 * @held: enum psh_held
 * @outcome: enum psh_outcome
 */
struct psh_journal_entry {
	s64 at_s;
	u64 bytes;
	u64 number[2];
	s32 start_s;
	s32 deadline_s;
	u16 permille;
	u8 kind;
	u8 reason;
	u8 held;
	u8 outcome;
};

/**
 * struct psh_regret - what the buffer is worth while it is on
 * @last_ns: of the last look
 * @gain: writes beyond what the home does easily
 * @cost: an eighth of the writes that the home would have done easily, for each
 *	  is written twice
 */
struct psh_regret {
	u64 last_ns;
	u64 gain;
	u64 cost;
};

/**
 * struct psh_policy - the policy of one volume
 * @volume: the volume
 * @tick: the tick
 * @lock: protects what readers look at: @entry and @entries
 * @entry: the last decisions; number n is in place n modulo the size. @lock
 * @entries: how many there ever were. @lock
 * @book: what decisions cost and gained. Tick
 * @regret: of the buffer that is on. Tick
 * @paused: merge waits for its window, by our order. Tick
 * @begin_at: nothing is decided before, in jiffies. Changes only suspended
 * @known: bit set of what is listed now, by kind and whether it is held. Tick
 * @action: the list. Tick
 * @reads: what is forecast, for decide. Tick
 * @writes: likewise
 */
struct psh_policy {
	struct psh_volume *volume;
	struct delayed_work tick;
	struct mutex lock; /* entry, entries */
	struct psh_journal_entry entry[PSH_JOURNAL_ENTRIES];
	u64 entries;
	struct psh_book book;
	struct psh_regret regret;
	bool paused;
	unsigned long begin_at;
	u32 known;
	struct psh_action action[PSH_DECIDE_ACTIONS];
	struct psh_forecast_step reads[PSH_PREDICT_HOURS];
	struct psh_forecast_step writes[PSH_PREDICT_HOURS];
};

/* With the predictor: what a volume may have for foresight. */
static_assert(sizeof(struct psh_policy) + sizeof(struct psh_predict) <=
	      64 * 1024);

/**
 * psh_policy_create() - a policy that has decided nothing
 * @volume: the volume
 *
 * Once for a volume; later calls do nothing. Context: preresume.
 * Return: 0 or -ENOMEM.
 */
int psh_policy_create(struct psh_volume *volume);

/** psh_policy_destroy() - undo that. Nobody can find the volume any more. */
void psh_policy_destroy(struct psh_volume *volume);

/** psh_policy_start() - decide from now on. Context: resume. */
void psh_policy_start(struct psh_volume *volume);

/**
 * psh_policy_stop() - decide nothing any more
 * @volume: the volume
 *
 * Context: presuspend, without the owner's mutex; waits for an order on its way.
 */
void psh_policy_stop(struct psh_volume *volume);

/**
 * psh_policy_set_mode() - who decides from now on
 * @volume: the volume
 * @mode: manual, advise or auto
 *
 * Context: owner's mutex.
 */
void psh_policy_set_mode(struct psh_volume *volume, enum psh_mode mode);

/**
 * psh_policy_tell() - the last decisions, oldest first
 * @policy: the policy
 * @text: room
 * @size: of it; as many of the last as fit
 * @all: result: none that is known was left out
 *
 * Context: process.
 * Return: bytes of text.
 */
size_t psh_policy_tell(struct psh_policy *policy, char *text, size_t size,
		       bool *all);

#endif /* PSH_POLICY_H */
