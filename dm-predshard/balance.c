// SPDX-License-Identifier: GPL-2.0
/*
 * balance: see balance.h. Choosing takes no lock: latencies, loads and sets
 * are single words that others change meanwhile, and a choice made on a value
 * that is a moment old is as good.
 */
#include <linux/slab.h>

#include "balance.h"
#include "trace.h"

#define PROBE_BYTES	4096

static void send_again(struct work_struct *work);
static void send_probes(struct work_struct *work);

int psh_balance_init(struct psh_balance *balance, struct psh_route *route,
		     struct psh_members *members,
		     struct workqueue_struct *queue)
{
	memset(balance, 0, sizeof(*balance));
	balance->route = route;
	balance->members = members;
	balance->queue = queue;
	init_llist_head(&balance->again);
	INIT_WORK(&balance->work, send_again);
	INIT_WORK(&balance->probe_work, send_probes);
	balance->turn = alloc_percpu(unsigned int);
	return balance->turn ? 0 : -ENOMEM;
}

void psh_balance_quiesce(struct psh_balance *balance)
{
	struct psh_members *members = balance->members;
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		while (psh_member_is_usable(members, i) &&
		       wait_on_bit_timeout(&members->member[i].probing, 0,
					   TASK_UNINTERRUPTIBLE, HZ / 20))
			;
}

void psh_balance_exit(struct psh_balance *balance)
{
	flush_work(&balance->work);
	flush_work(&balance->probe_work);
	free_percpu(balance->turn);
}

void psh_balance_set_zone(struct psh_balance *balance, const char *zone)
{
	struct psh_members *members = balance->members;
	u32 remote = 0;
	unsigned int i;

	strscpy(balance->local_zone, zone, sizeof(balance->local_zone));
	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (members->present & BIT(i) &&
		    strcmp(members->member[i].zone, balance->local_zone))
			remote |= BIT(i);
	WRITE_ONCE(balance->remote, remote);
}

static u64 cost(const struct psh_balance *balance, unsigned int number,
		unsigned int load)
{
	const struct psh_member *member = &balance->members->member[number];
	u64 ns = psh_latency_expect(&member->latency, load + 1);

	ns = ns * READ_ONCE(member->weight_cost_q8) >> 8;
	if (READ_ONCE(balance->remote) >> number & 1)
		ns += ns >> 3;
	return ns;
}

/* The first of a set with the fewest requests in flight; set is not empty. */
static unsigned int emptiest(const unsigned int *load, u32 set)
{
	unsigned int chosen = __ffs(set);

	for (set &= set - 1; set; set &= set - 1)
		if (load[__ffs(set)] < load[chosen])
			chosen = __ffs(set);
	return chosen;
}

/*
 * Cheapest of a set that is not empty. Estimates are never equal, and up to
 * the depth of a device one more request costs nothing that latency shows: so
 * of the members within a 16th of the best the one with the fewest requests in
 * flight is taken, and equals take turns.
 */
static unsigned int cheapest(const struct psh_balance *balance, u32 set)
{
	unsigned int load[PSH_MEMBERS_MAX], turn, i;
	u64 costs[PSH_MEMBERS_MAX], best = U64_MAX;
	u32 rest, near = 0, behind;

	if (!(set & (set - 1)))
		return __ffs(set);
	for (rest = set; rest; rest &= rest - 1) {
		i = __ffs(rest);
		load[i] = atomic_read(&balance->members->member[i].load);
		costs[i] = cost(balance, i, load[i]);
		best = min(best, costs[i]);
	}
	best += best >> 4;
	for (rest = set; rest; rest &= rest - 1)
		if (costs[__ffs(rest)] <= best)
			near |= BIT(__ffs(rest));
	/* Those behind the one chosen last come first. */
	turn = this_cpu_read(*balance->turn);
	behind = near & ~(BIT(turn) - 1);
	i = emptiest(load, near);
	if (behind && load[emptiest(load, behind)] == load[i])
		i = emptiest(load, behind);
	this_cpu_write(*balance->turn, (i + 1) % PSH_MEMBERS_MAX);
	return i;
}

static int choose(const struct psh_balance *balance, u64 word, u32 exclude)
{
	u32 set = psh_word_valid(word) & READ_ONCE(balance->members->usable) &
		  ~exclude;
	u32 healthy = set & READ_ONCE(balance->members->healthy);
	u32 home = BIT(psh_word_home(word));

	if (!set)
		return -EIO;
	if (healthy)
		set = healthy;
	if (READ_ONCE(balance->home_only) && set & home)
		set = home;
	return cheapest(balance, set);
}

static void aim(struct psh_balance *balance, struct psh_read *read,
		unsigned int number)
{
	struct psh_members *members = balance->members;
	struct psh_meter_member __percpu *meter = members->path[number].meter;

	read->member = number;
	read->load = atomic_inc_return(&members->member[number].load);
	read->begun_ns = psh_meter_now();
	this_cpu_inc(meter->begun[READ]);
	this_cpu_add(meter->sectors[READ], read->iter.bi_size >> SECTOR_SHIFT);
	psh_route_to(members, number, read->bio, read->iter.bi_sector);
}

int psh_balance_read(struct psh_balance *balance, struct psh_read *read,
		     struct bio *bio, u64 segment, u64 word)
{
	int number = choose(balance, word, 0);

	if (number < 0)
		return number;
	read->bio = bio;
	read->iter = bio->bi_iter;
	read->segment = segment;
	read->tried = 0;
	aim(balance, read, number);
	return 0;
}

static void learn(struct psh_balance *balance, unsigned int number,
		  u64 begun_ns, unsigned int load, blk_status_t status)
{
	struct psh_meter_member __percpu *meter =
		balance->members->path[number].meter;
	u64 ns = psh_meter_now() - begun_ns;

	this_cpu_inc(meter->done[READ]);
	this_cpu_inc(meter->latency[READ][psh_hist_bucket(ns)]);
	if (likely(!status))
		psh_latency_learn(&balance->members->member[number].latency,
				  ns, load);
	else if (!psh_status_is_refusal(status))
		this_cpu_inc(meter->errors[READ]);
}

bool psh_balance_end(struct psh_balance *balance, struct psh_read *read,
		     blk_status_t status)
{
	struct psh_member *member = &balance->members->member[read->member];
	int number;
	u64 word;

	atomic_dec(&member->load);
	learn(balance, read->member, read->begun_ns, read->load, status);
	if (likely(!status) || psh_status_is_refusal(status))
		return false;

	read->tried |= BIT(read->member);
	word = psh_route_word(balance->route, read->segment);
	number = choose(balance, word, read->tried);
	trace_predshard_retry(read->bio, read->member, number);
	if (number < 0)
		return false;
	read->member = number;
	llist_add(&read->node, &balance->again);
	queue_work(balance->queue, &balance->work);
	return true;
}

/*
 * The bio went through a device and came back with an error, so what it needs
 * to be sent anew is restored: extent, status, and the count of a bio that
 * has no parts. It may wait for resources from here on.
 */
static void send_again(struct work_struct *work)
{
	struct psh_balance *balance = container_of(work, struct psh_balance,
						   work);
	struct llist_node *list =
		llist_reverse_order(llist_del_all(&balance->again));
	struct psh_read *read, *next;

	llist_for_each_entry_safe(read, next, list, node) {
		struct bio *bio = read->bio;

		bio->bi_iter = read->iter;
		bio->bi_status = BLK_STS_OK;
		bio->bi_opf &= ~REQ_NOWAIT;
		atomic_set(&bio->__bi_remaining, 1);
		aim(balance, read, read->member);
		submit_bio_noacct(bio);
	}
}

/**
 * struct probe - a read of our own
 * @balance: whose
 * @number: the member probed
 * @begun_ns: when it was sent
 * @vec: its one vector
 * @bio: the read
 */
struct probe {
	struct psh_balance *balance;
	unsigned int number;
	u64 begun_ns;
	struct bio_vec vec;
	struct bio bio;
};

static void probe_end(struct bio *bio)
{
	struct probe *probe = container_of(bio, struct probe, bio);
	struct psh_balance *balance = probe->balance;
	struct psh_member *member = &balance->members->member[probe->number];
	struct page *page = probe->vec.bv_page;

	/* A probe is sent to a member that has nothing else to do. */
	learn(balance, probe->number, probe->begun_ns, 1, bio->bi_status);
	__free_page(page);
	kfree(probe);
	clear_and_wake_up_bit(0, &member->probing);
}

/* A segment that the member holds; looks at some, and goes on next time. */
static bool find_held(struct psh_balance *balance, unsigned int number)
{
	struct psh_route *route = balance->route;
	int looks = 256;

	while (looks--) {
		u64 segment = balance->probe_segment++;

		if (segment >= route->nr_segments) {
			balance->probe_segment = 0;
			continue;
		}
		if (psh_word_valid(psh_route_word(route, segment)) &
		    BIT(number)) {
			balance->probe_segment = segment;
			return true;
		}
	}
	return false;
}

static void send_probe(struct psh_balance *balance, unsigned int number)
{
	struct psh_path *path = &balance->members->path[number];
	struct psh_member *member = &balance->members->member[number];
	sector_t sector = path->offset + balance->probe_sector[number];
	struct probe *probe = kzalloc(sizeof(*probe), GFP_NOIO);
	struct page *page = alloc_page(GFP_NOIO);

	if (!probe || !page ||
	    sector + PROBE_BYTES / SECTOR_SIZE > bdev_nr_sectors(path->bdev)) {
		if (page)
			__free_page(page);
		kfree(probe);
		clear_and_wake_up_bit(0, &member->probing);
		return;
	}
	probe->balance = balance;
	probe->number = number;
	probe->begun_ns = psh_meter_now();
	bio_init(&probe->bio, path->bdev, &probe->vec, 1, REQ_OP_READ);
	__bio_add_page(&probe->bio, page, PROBE_BYTES, 0);
	probe->bio.bi_iter.bi_sector = sector;
	probe->bio.bi_end_io = probe_end;
	this_cpu_inc(path->meter->begun[READ]);
	submit_bio_noacct(&probe->bio);
}

static void send_probes(struct work_struct *work)
{
	struct psh_balance *balance = container_of(work, struct psh_balance,
						   probe_work);
	unsigned int i;

	for (i = 0; i < PSH_MEMBERS_MAX; i++)
		if (test_and_clear_bit(i, &balance->probe_due))
			send_probe(balance, i);
}

/* Sent by a worker: the tick must wait neither for memory nor for a member. */
void psh_balance_probe(struct psh_balance *balance, unsigned int number,
		       u64 served)
{
	struct psh_member *member = &balance->members->member[number];
	/* One may be the last probe itself. */
	bool idle = served - balance->served[number] <= 1;

	balance->served[number] = served;
	if (!idle || !psh_member_is_usable(balance->members, number) ||
	    !atomic64_read(&balance->route->insync[number]) ||
	    !find_held(balance, number) ||
	    test_and_set_bit_lock(0, &member->probing))
		return;
	balance->probe_sector[number] = balance->probe_segment
					<< balance->route->shift;
	set_bit(number, &balance->probe_due);
	queue_work(balance->queue, &balance->probe_work);
}
