// SPDX-License-Identifier: GPL-2.0
/*
 * book: dwell, and exponential backing off of what loses.
 *
 * Called by the policy's worker, which alone writes the book. Times are cut to
 * 2^60 seconds on either side of 1970, so that differences do not overflow.
 * Sums stay below 2^59: each is seven eighths of itself plus 2^56 at most.
 */
#include "book.h"
#include "fixed.h"

#define HOUR_S 3600
#define LOSSES_MOST 7 /* 128 hours */
#define AMOUNT_MOST (1ULL << 56)
#define TIME_MOST (1LL << 60)

void psh_book_begin(struct psh_book *book)
{
	memset(book, 0, sizeof(*book));
}

static s64 bounded(s64 time_s)
{
	return psh_fixed_clamp(time_s, -TIME_MOST, TIME_MOST);
}

void psh_book_change(struct psh_book *book, enum psh_decision kind, s64 now_s)
{
	book->page[kind].changed = true;
	book->page[kind].changed_s = bounded(now_s);
}

static void add(u64 *sum, u64 amount)
{
	*sum -= *sum >> 3;
	*sum += amount < AMOUNT_MOST ? amount : AMOUNT_MOST;
}

void psh_book_end(struct psh_book *book, enum psh_decision kind, u64 cost,
		  u64 gain, s64 now_s)
{
	struct psh_book_page *page = &book->page[kind];

	add(&page->cost, cost);
	add(&page->gain, gain);
	page->ended += page->ended < U32_MAX;
	if (gain >= cost) {
		page->losses -= page->losses > 0;
		page->until_s = bounded(now_s);
		return;
	}
	page->losses += page->losses < LOSSES_MOST;
	page->until_s = bounded(now_s) + ((s64)HOUR_S << page->losses);
}

/* Neither over nor, because the clock went back, still to come. */
static bool is_within(s64 now_s, s64 begin_s, s64 end_s)
{
	return now_s >= begin_s && now_s < end_s;
}

enum psh_held psh_book_hold(const struct psh_book *book, enum psh_decision kind,
			    u32 dwell_s, s64 now_s)
{
	const struct psh_book_page *page = &book->page[kind];
	s64 now = bounded(now_s);

	if (page->losses &&
	    is_within(now, page->until_s - ((s64)HOUR_S << page->losses),
		      page->until_s))
		return PSH_HOLD_LOSING;
	if (page->changed &&
	    is_within(now, page->changed_s, page->changed_s + dwell_s))
		return PSH_HOLD_DWELL;
	return PSH_HOLD_NONE;
}

const char *psh_hold_name(u32 hold)
{
	static const char *const names[] = { "none", "dwell", "losing",
					     "budget" };

	return hold < PSH_HOLD_NR ? names[hold] : "unknown";
}
