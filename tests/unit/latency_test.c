// SPDX-License-Identifier: GPL-2.0
/*
 * latency_test: what is learnt of members sends reads where they end soonest.
 *
 * The rows of tests/vectors/latency.h, and two simulated members under a fixed
 * number of reads in flight. The choice made here is the plainest there is,
 * the smaller expectation, with a probe of the other member now and then;
 * balance.c's own choice is tested in the guest.
 */
#include "rows.h"
#include "../vectors/latency.h"
#include "../vectors/random.h"

#define US		1000ULL
#define DEPTH_MAX	32
#define SERVERS_MAX	8
#define PROBE_EVERY	64	/* reads */

/* A device that serves @servers requests at a time, in @service_ns each. */
struct device {
	u64 service_ns;
	unsigned int servers;
	u64 free_ns[SERVERS_MAX];
	unsigned int inflight;
	unsigned int reads;
	u64 learnt;
	struct psh_latency latency;
};

struct read {
	struct device *device;
	u64 sent_ns;
	u64 done_ns;
	unsigned int load;
};

struct volume {
	struct device device[2];
	struct read read[DEPTH_MAX];
	unsigned int depth;
	unsigned int sent;
	u64 now_ns;
	u64 total_ns;		/* latencies of all reads that are done */
	u64 random;
};

static u64 serve(struct volume *volume, struct device *device)
{
	/* +-12 % of jitter, as two equal devices are never equal. */
	u64 jitter = device->service_ns / 4;
	u64 service = device->service_ns - jitter / 2 +
		      random_next(&volume->random) % (jitter + 1);
	unsigned int first = 0, i;

	for (i = 1; i < device->servers; i++)
		if (device->free_ns[i] < device->free_ns[first])
			first = i;
	if (device->free_ns[first] < volume->now_ns)
		device->free_ns[first] = volume->now_ns;
	device->free_ns[first] += service;
	return device->free_ns[first];
}

static struct device *choose(struct volume *volume)
{
	struct device *device = volume->device;
	u64 a = psh_latency_expect(&device[0].latency, device[0].inflight + 1);
	u64 b = psh_latency_expect(&device[1].latency, device[1].inflight + 1);
	bool other = volume->sent % PROBE_EVERY == 0;

	if (a == b)
		return &device[random_next(&volume->random) & 1];
	return &device[(b < a) ^ other];
}

static void submit(struct volume *volume, struct read *read)
{
	struct device *device = choose(volume);

	volume->sent++;
	device->reads++;
	read->device = device;
	read->load = ++device->inflight;
	read->sent_ns = volume->now_ns;
	read->done_ns = serve(volume, device);
}

static void complete(struct volume *volume, struct read *read)
{
	u64 ns = read->done_ns - read->sent_ns;

	volume->now_ns = read->done_ns;
	volume->total_ns += ns;
	psh_latency_learn(&read->device->latency, ns, read->load);
	read->device->learnt++;
	read->device->inflight--;
}

static struct read *next_done(struct volume *volume)
{
	struct read *first = &volume->read[0];
	unsigned int i;

	for (i = 1; i < volume->depth; i++)
		if (volume->read[i].done_ns < first->done_ns)
			first = &volume->read[i];
	return first;
}

static void step(struct volume *volume)
{
	struct read *read = next_done(volume);

	complete(volume, read);
	submit(volume, read);
}

static void start(struct volume *volume, unsigned int depth,
		  unsigned int servers, u64 a_ns, u64 b_ns)
{
	unsigned int i;

	memset(volume, 0, sizeof(*volume));
	volume->random = 11;
	volume->depth = depth;
	volume->device[0].service_ns = a_ns;
	volume->device[1].service_ns = b_ns;
	volume->device[0].servers = servers;
	volume->device[1].servers = servers;
	for (i = 0; i < depth; i++)
		submit(volume, &volume->read[i]);
}

/* Run @reads reads. Return: how many in a thousand went to @device. */
static unsigned int share_of(struct volume *volume, unsigned int device,
			     unsigned int reads)
{
	unsigned int before = volume->device[device].reads, i;

	for (i = 0; i < reads; i++)
		step(volume);
	return (volume->device[device].reads - before) * 1000 / reads;
}

/* Run until @device completed @samples more. */
static void learn_more(struct volume *volume, unsigned int device,
		       unsigned int samples)
{
	u64 until = volume->device[device].learnt + samples;

	while (volume->device[device].learnt < until)
		step(volume);
}

static void learns(void **state)
{
	const struct latency_row *row = *state;
	struct psh_latency latency = { 0, 0 };
	unsigned int run, i;

	for (run = 0; run < LATENCY_RUNS; run++)
		for (i = 0; i < row->runs[run].samples; i++)
			psh_latency_learn(&latency, row->runs[run].ns,
					  row->runs[run].load);
	assert_int_equal(latency.floor_ns, row->floor_ns);
	assert_int_equal(latency.slope_ns, row->slope_ns);
	assert_int_equal(psh_latency_expect(&latency, row->load),
			 row->expect_ns);
}

static void walks(void **state)
{
	const struct latency_walk_row *row = *state;
	struct psh_latency latency = { 0, 0 };
	u64 random = row->seed, hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (i = 0; i < row->samples; i++) {
		u64 ns = random_next(&random) & 0x7fffff;

		psh_latency_learn(&latency, ns, 1 + (random_next(&random) & 7));
		hash ^= (u64)latency.floor_ns << 32 | latency.slope_ns;
		hash *= 0x100000001b3ULL;
	}
	assert_int_equal(hash, row->hash);
}

static void every_load_divides_within_2_percent(void **state)
{
	unsigned int load;

	(void)state;
	for (load = 1; load < 5000; load++) {
		struct psh_latency latency = { 0, 0 };
		u32 exact = 1000000000U / load;

		psh_latency_learn(&latency, 1000000000U, load);
		assert_true(latency.slope_ns >= exact - exact / 50);
		assert_true(latency.slope_ns <= exact + exact / 50);
	}
}

static void equal_serial_members_share_evenly(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 16, 1, 500 * US, 500 * US);
	assert_in_range(share_of(&volume, 0, 10000), 470, 530);
}

static void equal_parallel_members_share_evenly(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 16, 8, 500 * US, 500 * US);
	assert_in_range(share_of(&volume, 0, 10000), 470, 530);
}

static void a_slowed_serial_member_is_shunned_before_40_samples(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 16, 1, 500 * US, 500 * US);
	share_of(&volume, 0, 1000);
	volume.device[1].service_ns *= 10;
	learn_more(&volume, 1, 39);
	/* It can do one read in eleven. */
	assert_in_range(share_of(&volume, 1, 1000), 0, 120);
}

static void a_slowed_parallel_member_is_shunned_before_40_samples(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 8, 8, 500 * US, 500 * US);
	share_of(&volume, 0, 1000);
	volume.device[1].service_ns *= 10;
	learn_more(&volume, 1, 39);
	/* Nothing but probes. */
	assert_in_range(share_of(&volume, 1, 1000), 0, 20);
}

static void a_recovered_serial_member_is_used_after_16_probes(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 16, 1, 500 * US, 5000 * US);
	share_of(&volume, 0, 2000);
	volume.device[1].service_ns /= 10;
	/* What it still has in flight was sent to the slow one. */
	learn_more(&volume, 1, volume.device[1].inflight + 16);
	assert_in_range(share_of(&volume, 1, 1000), 400, 600);
}

static void a_recovered_parallel_member_is_used_after_16_probes(void **state)
{
	struct volume volume;

	(void)state;
	/* More than the other member alone can serve at once. */
	start(&volume, 16, 8, 500 * US, 5000 * US);
	share_of(&volume, 0, 2000);
	volume.device[1].service_ns /= 10;
	learn_more(&volume, 1, volume.device[1].inflight + 16);
	assert_in_range(share_of(&volume, 1, 1000), 300, 700);
}

static void one_read_at_a_time_goes_to_the_fast_member(void **state)
{
	struct volume volume;

	(void)state;
	start(&volume, 1, 8, 500 * US, 5000 * US);
	share_of(&volume, 0, 100);
	volume.total_ns = 0;
	share_of(&volume, 0, 10000);
	assert_true(volume.total_ns / 10000 <= 600 * US);
}

static void a_slow_member_beside_a_fast_one_is_no_loss(void **state)
{
	struct volume volume;
	u64 before;

	(void)state;
	start(&volume, 32, 1, 500 * US, 5000 * US);
	share_of(&volume, 0, 1000);
	before = volume.now_ns;
	share_of(&volume, 0, 10000);
	/* The fast member alone needs 500 us a read. */
	assert_true(volume.now_ns - before <= 10000 * 500 * US);
}

int main(void)
{
	struct rows rows = { .nr = 0 };

	ROWS_ADD(&rows, latency_rows, learns);
	ROWS_ADD(&rows, latency_walk_rows, walks);
	rows_add(&rows, "every load divides within 2 %",
		 every_load_divides_within_2_percent);
	rows_add(&rows, "equal serial members share evenly",
		 equal_serial_members_share_evenly);
	rows_add(&rows, "equal parallel members share evenly",
		 equal_parallel_members_share_evenly);
	rows_add(&rows, "a slowed serial member is shunned before 40 samples",
		 a_slowed_serial_member_is_shunned_before_40_samples);
	rows_add(&rows, "a slowed parallel member is shunned before 40 samples",
		 a_slowed_parallel_member_is_shunned_before_40_samples);
	rows_add(&rows, "a recovered serial member is used after 16 probes",
		 a_recovered_serial_member_is_used_after_16_probes);
	rows_add(&rows, "a recovered parallel member is used after 16 probes",
		 a_recovered_parallel_member_is_used_after_16_probes);
	rows_add(&rows, "one read at a time goes to the fast member",
		 one_read_at_a_time_goes_to_the_fast_member);
	rows_add(&rows, "a slow member beside a fast one is no loss",
		 a_slow_member_beside_a_fast_one_is_no_loss);
	return rows_run("latency", &rows);
}
