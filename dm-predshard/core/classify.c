// SPDX-License-Identifier: GPL-2.0
/*
 * classify: limits with margins, and a table of what applications look like.
 *
 * Called by the predictor's worker once per window. Counters are cut to 2^48,
 * which no window reaches, so that sums and products with 1000 stay below
 * 2^60. An application is a row of ranges; a feature inside its range counts
 * 4, near it 2, and rows of different length compare by the share of what they
 * could have.
 */
#include "classify.h"
#include "fixed.h"

#define COUNT_MOST	(1ULL << 48)
#define READ_PERMILLE	700
#define WRITE_PERMILLE	300
#define IDLE_PERMILLE	50	/* of the mean load */
#define BURSTY_TIMES	3	/* busiest slot to mean slot */
#define SUSTAINED_TIMES	2
#define WINDOW_LEAST	64	/* requests, to look for an application */
#define NO_FEATURE	S32_MIN

const struct psh_classify_policy psh_classify_fives = {
	.dwell = 3,
	.margin_permille = 50,
	.mean_shift = 11,
};

enum feature {
	READS,		/* permille of requests */
	READ_SIZE,	/* log2 of the mean in sectors, Q4 */
	WRITE_SIZE,	/* likewise */
	FLUSHES,	/* permille of writes */
	SEQUENTIAL,	/* permille of requests */
	TOUCHED,	/* permille of the volume's segments */
	FEATURES
};

/* How far outside a range is still near. */
static const u16 near_by[FEATURES] = { 100, 16, 16, 10, 100, 50 };

struct range {
	s16 low;
	s16 high;	/* 0 for any */
};

struct portrait {
	u8 application;
	struct range range[FEATURES];
};

#define MOST		10000

/* Sizes: 3 is 4 KiB, 6 is 32 KiB, 8 is 128 KiB. */
/* clang-format off */
static const struct portrait portraits[] = {
	{ PSH_APPLICATION_DATABASE, {
		[READS] = { 150, 900 },
		[READ_SIZE] = { 3 * 16, 6 * 16 },
		[WRITE_SIZE] = { 2 * 16, 6 * 16 },
		[FLUSHES] = { 10, MOST },
		[SEQUENTIAL] = { 0, 400 } } },
	{ PSH_APPLICATION_WEB, {
		[READS] = { 850, 1000 },
		[READ_SIZE] = { 3 * 16, 7 * 16 },
		[SEQUENTIAL] = { 0, 500 } } },
	{ PSH_APPLICATION_MEDIA, {
		[READS] = { 850, 1000 },
		[READ_SIZE] = { 8 * 16, 18 * 16 },
		[SEQUENTIAL] = { 500, 1000 },
		[TOUCHED] = { 0, 100 } } },
	/* Into a volume, ... */
	{ PSH_APPLICATION_BACKUP, {
		[READS] = { 0, 200 },
		[WRITE_SIZE] = { 7 * 16, 18 * 16 },
		[FLUSHES] = { 0, 5 },
		[SEQUENTIAL] = { 600, 1000 } } },
	/* ... and of one. */
	{ PSH_APPLICATION_BACKUP, {
		[READS] = { 900, 1000 },
		[READ_SIZE] = { 7 * 16, 18 * 16 },
		[SEQUENTIAL] = { 800, 1000 },
		[TOUCHED] = { 150, 1000 } } },
	{ PSH_APPLICATION_LOG, {
		[READS] = { 0, 100 },
		[WRITE_SIZE] = { 0 * 16, 7 * 16 },
		[FLUSHES] = { 50, MOST },
		[SEQUENTIAL] = { 600, 1000 },
		[TOUCHED] = { 0, 50 } } },
};

/* clang-format on */

void psh_classify_begin(struct psh_classify *classify)
{
	memset(classify, 0, sizeof(*classify));
}

static u64 cut(u64 count)
{
	return count < COUNT_MOST ? count : COUNT_MOST;
}

/* In permille of what may be nothing. */
static s32 permille(u64 part, u64 whole)
{
	u64 share;

	if (!whole)
		return NO_FEATURE;
	share = div64_u64(cut(part) * 1000, whole);
	return share < MOST ? share : MOST;
}

static s32 size_q4(u64 sectors, u64 requests)
{
	if (!requests)
		return NO_FEATURE;
	return psh_fixed_log2(div64_u64(cut(sectors), cut(requests))) >> 12;
}

/* Windows in a row that say the same replace the answer. */
static bool settle(struct psh_settled *answer, u8 found, u8 dwell)
{
	if (found == answer->now) {
		answer->agreed = 0;
		return false;
	}
	answer->agreed = found == answer->next ? answer->agreed + 1 : 1;
	answer->next = found;
	if (answer->agreed < dwell)
		return false;
	answer->now = found;
	answer->agreed = 0;
	return true;
}

static u8 find_traffic(const struct psh_classify *classify,
		       const struct psh_classify_policy *policy,
		       const struct psh_window *window)
{
	u64 requests = cut(window->reads) + cut(window->writes);
	u64 reads = cut(window->reads) * 1000;
	u32 margin = policy->margin_permille;
	u8 now = classify->traffic.now;
	u64 read = READ_PERMILLE, write = WRITE_PERMILLE, idle = IDLE_PERMILLE;

	/* A half more to leave idleness, for 5 % leave little room. */
	if (margin && now == PSH_TRAFFIC_IDLE && classify->windows)
		idle += idle / 2;
	if ((requests * 1000) <= (classify->mean_q8 >> 8) * idle)
		return PSH_TRAFFIC_IDLE;
	if (now == PSH_TRAFFIC_READ)
		read -= margin < READ_PERMILLE ? margin : READ_PERMILLE;
	if (now == PSH_TRAFFIC_WRITE)
		write += margin;
	if (reads >= requests * read)
		return PSH_TRAFFIC_READ;
	if (reads <= requests * write)
		return PSH_TRAFFIC_WRITE;
	return PSH_TRAFFIC_MIXED;
}

static u8 find_shape(const struct psh_classify *classify,
		     const struct psh_window *window)
{
	u64 requests = cut(window->reads) + cut(window->writes);
	u64 times_q4, mean_q4;

	if (window->slots < 2 || !requests)
		return PSH_SHAPE_SUSTAINED;
	mean_q4 = div64_u64(requests << 4, window->slots) + 1;
	times_q4 = div64_u64(cut(window->busiest) << 8, mean_q4);
	if (times_q4 >= BURSTY_TIMES << 4)
		return PSH_SHAPE_BURSTY;
	if (times_q4 < SUSTAINED_TIMES << 4)
		return PSH_SHAPE_SUSTAINED;
	return classify->shape.now;
}

static void find_features(const struct psh_window *window, s32 *feature)
{
	u64 requests = cut(window->reads) + cut(window->writes);

	feature[READS] = permille(window->reads, requests);
	feature[READ_SIZE] = size_q4(window->read_sectors, window->reads);
	feature[WRITE_SIZE] = size_q4(window->write_sectors, window->writes);
	feature[FLUSHES] = permille(window->flushes, window->writes);
	feature[SEQUENTIAL] = permille(window->sequential, window->sampled);
	feature[TOUCHED] = permille(window->touched, window->segments);
}

/* Return: how well it fits in permille; all that it names must be known. */
static u32 fit(const struct portrait *portrait, const s32 *feature)
{
	u32 points = 0, most = 0, i;

	for (i = 0; i < FEATURES; i++) {
		const struct range *range = &portrait->range[i];

		if (!range->high)
			continue;
		if (feature[i] == NO_FEATURE)
			return 0;
		most += 4;
		if (feature[i] >= range->low && feature[i] <= range->high)
			points += 4;
		else if (feature[i] >= range->low - near_by[i] &&
			 feature[i] <= range->high + near_by[i])
			points += 2;
	}
	return points * 1000 / most;
}

#define FIT_LEAST	850	/* one feature of five near instead of inside */
#define FIT_LEAD	75	/* before the next application */

static u8 find_application(const struct psh_classify *classify,
			   const struct psh_window *window)
{
	u32 best = 0, second = 0, i;
	u8 found = PSH_APPLICATION_UNKNOWN;
	s32 feature[FEATURES];

	if (cut(window->reads) + cut(window->writes) < WINDOW_LEAST)
		return classify->application.now;
	find_features(window, feature);
	for (i = 0; i < ARRAY_SIZE(portraits); i++) {
		u32 fits = fit(&portraits[i], feature);

		if (fits > best) {
			if (portraits[i].application != found)
				second = best;
			best = fits;
			found = portraits[i].application;
		} else if (fits > second && portraits[i].application != found) {
			second = fits;
		}
	}
	if (best < FIT_LEAST || best < second + FIT_LEAD)
		return PSH_APPLICATION_UNKNOWN;
	return found;
}

static void take_mean(struct psh_classify *classify, u32 most,
		      const struct psh_window *window)
{
	s64 requests_q8 = (cut(window->reads) + cut(window->writes)) << 8;
	u32 shift = psh_log2((u64)classify->windows + 1);

	if (shift > most)
		shift = most;
	classify->mean_q8 += (requests_q8 - (s64)classify->mean_q8) >> shift;
	classify->windows += classify->windows < U32_MAX;
}

bool psh_classify_look(struct psh_classify *classify,
		       const struct psh_classify_policy *policy,
		       const struct psh_window *window)
{
	bool first = !classify->windows, changed;
	u8 traffic, shape, application, dwell = first ? 1 : policy->dwell;

	if (first)
		take_mean(classify, policy->mean_shift, window);
	traffic = find_traffic(classify, policy, window);
	shape = find_shape(classify, window);
	application = find_application(classify, window);
	if (!first)
		take_mean(classify, policy->mean_shift, window);
	changed = settle(&classify->shape, shape, policy->dwell);
	changed |= settle(&classify->traffic, traffic, dwell);
	changed |= settle(&classify->application, application, policy->dwell);
	return changed;
}

static const char *name_of(const char *const *names, u32 nr, u32 which)
{
	return which < nr ? names[which] : "unknown";
}

const char *psh_traffic_name(u32 traffic)
{
	static const char *const names[] = { "idle", "read", "write", "mixed" };

	return name_of(names, ARRAY_SIZE(names), traffic);
}

const char *psh_shape_name(u32 shape)
{
	static const char *const names[] = { "sustained", "bursty" };

	return name_of(names, ARRAY_SIZE(names), shape);
}

const char *psh_application_name(u32 application)
{
	static const char *const names[] = { "unknown", "database", "web",
					     "media",	"backup",   "log" };

	return name_of(names, ARRAY_SIZE(names), application);
}
