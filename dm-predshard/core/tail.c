// SPDX-License-Identifier: GPL-2.0
/*
 * tail: see tail.h. Numbers only rise: released <= tail <= durable + 1 <= next.
 */
#include "tail.h"

void psh_tail_begin(struct psh_tail *tail, u64 first, u64 end)
{
	tail->next = end + 1;
	tail->durable = end;
	tail->tail = first;
	tail->released = first;
	tail->proposed = 0;
}

u64 psh_tail_sequence(const struct psh_tail *tail, u64 place)
{
	u64 first = psh_tail_place(tail, tail->released);

	return tail->released +
	       (place >= first ? place - first : place + tail->ring - first);
}

bool psh_tail_may_open(const struct psh_tail *tail)
{
	u64 used = tail->next - tail->released;

	return used + 1 < tail->ring ||
	       (used < tail->ring && tail->tail > tail->released);
}

/* Is what the proposal rests on durable? */
static void settle(struct psh_tail *tail)
{
	if (!tail->proposed || !tail->flushed || tail->durable < tail->need)
		return;
	tail->tail = tail->proposed;
	tail->proposed = 0;
}

void psh_tail_durable(struct psh_tail *tail, u64 sequence, u64 said)
{
	if (sequence > tail->durable)
		tail->durable = sequence;
	if (said > tail->released)
		tail->released = said;
	settle(tail);
}

bool psh_tail_propose(struct psh_tail *tail, bool staged)
{
	u64 first = tail->tail;

	if (tail->proposed)
		return false;
	while (first < tail->next && !tail->live[psh_tail_place(tail, first)])
		first++;
	if (first == tail->tail)
		return false;
	tail->proposed = first;
	tail->need = staged ? tail->next : tail->next - 1;
	tail->flushed = false;
	return true;
}

void psh_tail_flushed(struct psh_tail *tail)
{
	tail->flushed = true;
	settle(tail);
}
