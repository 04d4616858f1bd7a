// SPDX-License-Identifier: GPL-2.0
/*
 * bench-io [OPTION=VALUE]... DEVICE: keeps I/O in flight on a block device with
 * raw system calls and prints one line of key=value words per run.  In virtual
 * time (one instruction is 1 ns) ns_per_io on a device without latency is
 * instructions per I/O, so the loop does as little as it can: no clock is read
 * per I/O unless latencies are asked for.  Direct I/O, one thread, no data
 * checked.
 *
 * engine=aio|uring  rw=read|write|mix  reads=PERCENT (of mix)  size=BYTES
 * order=random|sequential|zipf (theta 1.2, hot places far apart)
 * depth=N  batch=N (at once: sent, and waited for)
 * eager=0|1 (aio: take what has ended after each submission, as uring does
 * anyway, so that no latency has others' submission in it)
 * fsync=N (after each N I/Os; the thread waits for it, the rest stays in flight)
 * count=N (I/Os per run)  ms=N (instead: time per run)  runs=N
 * warm=N (I/Os before)  warm_ms=N (instead: time)
 * span=BYTES (of the device; 0: all)  seed=N (other places)  latency=0|1
 * window_ms=N: also a line for each window of the clock, by the time of issue
 * SIGTERM ends a run early and well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEPTH_MAX 256
#define SAMPLES_MAX (1 << 22)
#define FLUSHES_MAX (1 << 16)
#define THETA 1.2
#define FAR 0x9e3779b1 /* a prime: neighbours in rank are none in place */

struct sample {
	uint64_t begun;
	uint32_t ns;
};

static struct {
	const char *engine, *rw, *order;
	long size, depth, batch, count, ms, runs, warm, warm_ms, span;
	long latency, window_ms, fsync, reads, seed, eager;
} options = {
	.engine = "aio",
	.rw = "read",
	.order = "random",
	.size = 4096,
	.depth = 32,
	.batch = 1,
	.count = 4000,
	.warm = 500,
	.runs = 1,
	.reads = 50,
};

static int device, ring;
static char *memory;
static uint64_t slots, next_slot, seed = 0x9e3779b97f4a7c15;
static uint64_t begun[DEPTH_MAX];
static bool writes[DEPTH_MAX];
static unsigned int idle[DEPTH_MAX], nr_idle;
static struct sample *samples;
static struct sample flushes[FLUSHES_MAX];
static long nr_samples, nr_flushes, unflushed;
static uint32_t *share; /* of the ranks up to each, of 2^32 */
static bool stopped;

static void trouble(const char *what)
{
	fprintf(stderr, "bench-io: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void stop(int signal)
{
	(void)signal;
	__atomic_store_n(&stopped, true, __ATOMIC_RELAXED);
}

static uint64_t random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* The first rank whose share, with those before it, is above @point. */
static uint64_t pick_rank(uint32_t point)
{
	uint64_t low = 0, high = slots - 1, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (share[middle] > point)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void share_ranks(void)
{
	double sum = 0, all = 0;
	uint64_t i;

	share = malloc(slots * sizeof(*share));
	if (!share)
		trouble("ranks");
	for (i = 0; i < slots; i++)
		all += pow(i + 1, -THETA);
	for (i = 0; i < slots; i++) {
		sum += pow(i + 1, -THETA);
		share[i] = sum / all * UINT32_MAX;
	}
}

static uint64_t pick_offset(void)
{
	uint64_t slot;

	if (options.order[0] == 'r')
		slot = (random_u64() >> 32) * slots >> 32;
	else if (options.order[0] == 'z')
		slot = pick_rank(random_u64() >> 32) * FAR % slots;
	else
		slot = next_slot++ % slots;
	return slot * options.size;
}

static bool pick_write(void)
{
	if (options.rw[0] == 'm')
		return (long)((random_u64() >> 32) * 100 >> 32) >=
		       options.reads;
	return options.rw[0] == 'w';
}

static void completed(unsigned int slot, long result)
{
	if (result != options.size) {
		errno = result < 0 ? -result : EIO;
		trouble("an I/O");
	}
	idle[nr_idle++] = slot;
	if (!options.latency)
		return;
	if (nr_samples == SAMPLES_MAX) {
		errno = ENOSPC;
		trouble("samples");
	}
	/* The lowest bit says that it was a write. */
	samples[nr_samples].begun = begun[slot] & ~1ULL;
	samples[nr_samples].begun |= writes[slot];
	samples[nr_samples++].ns = now() - begun[slot];
}

/* --- libaio's system calls ------------------------------------------------ */

static aio_context_t context;
static struct iocb iocbs[DEPTH_MAX];

static void aio_open(void)
{
	if (syscall(SYS_io_setup, options.depth, &context))
		trouble("io_setup");
}

/* The context is the address of the ring of what has ended, for us to read. */
static bool aio_has_ended(void)
{
	const struct {
		unsigned int id, nr, head, tail;
	} *at = (void *)context;

	return __atomic_load_n(&at->head, __ATOMIC_RELAXED) !=
	       __atomic_load_n(&at->tail, __ATOMIC_ACQUIRE);
}

static void aio_exchange(unsigned int send, unsigned int wait)
{
	static struct io_event events[DEPTH_MAX];
	struct iocb *list[DEPTH_MAX];
	unsigned int i;
	long got;

	for (i = 0; i < send; i++) {
		unsigned int slot = idle[--nr_idle];
		struct iocb *iocb = &iocbs[slot];

		iocb->aio_data = slot;
		writes[slot] = pick_write();
		iocb->aio_lio_opcode = writes[slot] ? IOCB_CMD_PWRITE :
						      IOCB_CMD_PREAD;
		iocb->aio_fildes = device;
		iocb->aio_buf = (uintptr_t)memory + slot * options.size;
		iocb->aio_nbytes = options.size;
		iocb->aio_offset = pick_offset();
		if (options.latency)
			begun[slot] = now();
		list[i] = iocb;
	}
	for (i = 0; i < send; i += got) {
		got = syscall(SYS_io_submit, context, send - i, list + i);
		if (got <= 0)
			trouble("io_submit");
	}
	if (!wait && !(options.eager && aio_has_ended()))
		return;
	got = syscall(SYS_io_getevents, context, wait, DEPTH_MAX, events, NULL);
	if (got < 0)
		trouble("io_getevents");
	for (i = 0; i < got; i++)
		completed(events[i].data, events[i].res);
}

/* --- io_uring ------------------------------------------------------------- */

static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static unsigned int *sq_tail, *sq_array, *cq_head, *cq_tail;
static unsigned int sq_mask, cq_mask;

static void uring_open(void)
{
	struct io_uring_params p = { 0 };
	size_t bytes;
	char *map;

	ring = syscall(SYS_io_uring_setup, options.depth, &p);
	if (ring < 0)
		trouble("io_uring_setup");
	bytes = p.cq_off.cqes + p.cq_entries * sizeof(*cqes);
	if (bytes < p.sq_off.array + p.sq_entries * sizeof(*sq_array))
		bytes = p.sq_off.array + p.sq_entries * sizeof(*sq_array);
	map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	sqes = mmap(NULL, p.sq_entries * sizeof(*sqes), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
	if (map == MAP_FAILED || (void *)sqes == MAP_FAILED)
		trouble("mmap of the ring");
	sq_tail = (unsigned int *)(map + p.sq_off.tail);
	sq_array = (unsigned int *)(map + p.sq_off.array);
	sq_mask = *(unsigned int *)(map + p.sq_off.ring_mask);
	cq_head = (unsigned int *)(map + p.cq_off.head);
	cq_tail = (unsigned int *)(map + p.cq_off.tail);
	cq_mask = *(unsigned int *)(map + p.cq_off.ring_mask);
	cqes = (struct io_uring_cqe *)(map + p.cq_off.cqes);
}

static void uring_exchange(unsigned int send, unsigned int wait)
{
	unsigned int tail = *sq_tail, head, i;

	for (i = 0; i < send; i++, tail++) {
		unsigned int slot = idle[--nr_idle];
		struct io_uring_sqe *sqe = &sqes[tail & sq_mask];

		memset(sqe, 0, sizeof(*sqe));
		writes[slot] = pick_write();
		sqe->opcode = writes[slot] ? IORING_OP_WRITE : IORING_OP_READ;
		sqe->fd = device;
		sqe->addr = (uintptr_t)memory + slot * options.size;
		sqe->len = options.size;
		sqe->off = pick_offset();
		sqe->user_data = slot;
		sq_array[tail & sq_mask] = tail & sq_mask;
		if (options.latency)
			begun[slot] = now();
	}
	__atomic_store_n(sq_tail, tail, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, send, wait,
		    wait ? IORING_ENTER_GETEVENTS : 0, NULL, 0) != send)
		trouble("io_uring_enter");
	tail = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
	for (head = *cq_head; head != tail; head++)
		completed(cqes[head & cq_mask].user_data,
			  cqes[head & cq_mask].res);
	__atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
}

/* --- a run ---------------------------------------------------------------- */

static void flush(long sent)
{
	uint64_t start = now();

	unflushed += sent;
	if (unflushed < options.fsync)
		return;
	unflushed = 0;
	if (fdatasync(device))
		trouble("fdatasync");
	if (nr_flushes < FLUSHES_MAX)
		flushes[nr_flushes++].ns = now() - start;
}

/* Sends count I/Os; or, if ms is not 0, as many as fit in that time. */
static long drive(long count, long ms)
{
	uint64_t deadline = ms ? now() + ms * 1000000ULL : 0;
	void (*exchange)(unsigned int send, unsigned int wait) =
		options.engine[0] == 'a' ? aio_exchange : uring_exchange;
	long sent = 0, inflight, send, wait;

	for (;;) {
		inflight = options.depth - nr_idle;
		send = nr_idle < options.batch ? nr_idle : options.batch;
		if (__atomic_load_n(&stopped, __ATOMIC_RELAXED) ||
		    (deadline && now() >= deadline))
			send = 0;
		else if (!deadline && sent + send > count)
			send = count - sent;
		if (!send && !inflight)
			return sent;
		sent += send;
		inflight += send;
		wait = 0;
		if (!send || inflight + options.batch > options.depth)
			wait = inflight < options.batch ? inflight :
							  options.batch;
		exchange(send, wait);
		if (options.fsync)
			flush(send);
	}
}

static int by_latency(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

static int by_begun(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->begun > y->begun) - (x->begun < y->begun);
}

static void print_latencies(const char *prefix, struct sample *part, long n)
{
	double sum = 0;
	long i;

	if (!n)
		return;
	qsort(part, n, sizeof(*part), by_latency);
	for (i = 0; i < n; i++)
		sum += part[i].ns;
	printf(" %smean_us=%.1f %sp50_us=%.1f %sp99_us=%.1f %sp999_us=%.1f %smax_us=%.1f",
	       prefix, sum / n / 1000, prefix, part[n / 2].ns / 1e3, prefix,
	       part[n * 99 / 100].ns / 1e3, prefix,
	       part[n * 999 / 1000].ns / 1e3, prefix, part[n - 1].ns / 1e3);
}

/* Both directions of mix, which are in the samples' lowest bits. */
static void print_directions(void)
{
	long first = 0, i;
	struct sample swap;

	for (i = 0; i < nr_samples; i++)
		if (samples[i].begun & 1) {
			swap = samples[first];
			samples[first++] = samples[i];
			samples[i] = swap;
		}
	print_latencies("write_", samples, first);
	print_latencies("read_", samples + first, nr_samples - first);
}

static void print_windows(void)
{
	uint64_t width = options.window_ms * 1000000ULL, window;
	long first = 0, end;

	qsort(samples, nr_samples, sizeof(*samples), by_begun);
	for (; first < nr_samples; first = end) {
		window = samples[first].begun / width;
		for (end = first; end < nr_samples; end++)
			if (samples[end].begun / width != window)
				break;
		printf("window_ms=%llu ios=%ld",
		       (unsigned long long)window * options.window_ms,
		       end - first);
		print_latencies("", samples + first, end - first);
		printf("\n");
	}
}

static void run(void)
{
	uint64_t start, ns;
	long ios;

	nr_samples = 0;
	nr_flushes = 0;
	/* Marks for tests/bench/profile.c: instructions that do nothing. */
	asm volatile("nopl 0xdeadd001 - (1 << 32)(%rax,%rax,1)");
	start = now();
	ios = drive(options.count, options.ms);
	ns = now() - start;
	asm volatile("nopl 0xdeadd002 - (1 << 32)(%rax,%rax,1)");
	if (options.window_ms)
		print_windows();
	printf("ios=%ld ns=%llu ns_per_io=%.1f iops=%.0f", ios,
	       (unsigned long long)ns, (double)ns / ios, ios * 1e9 / ns);
	if (options.latency)
		print_latencies("", samples, nr_samples);
	if (options.latency && options.rw[0] == 'm')
		print_directions();
	print_latencies("flush_", flushes, nr_flushes);
	printf("\n");
	fflush(stdout);
}

/* --- options -------------------------------------------------------------- */

static const struct {
	const char *name;
	const char **word;
	long *number;
} keys[] = {
	{ "engine", &options.engine, NULL },
	{ "rw", &options.rw, NULL },
	{ "order", &options.order, NULL },
	{ "size", NULL, &options.size },
	{ "depth", NULL, &options.depth },
	{ "batch", NULL, &options.batch },
	{ "count", NULL, &options.count },
	{ "ms", NULL, &options.ms },
	{ "warm", NULL, &options.warm },
	{ "runs", NULL, &options.runs },
	{ "warm_ms", NULL, &options.warm_ms },
	{ "span", NULL, &options.span },
	{ "latency", NULL, &options.latency },
	{ "window_ms", NULL, &options.window_ms },
	{ "fsync", NULL, &options.fsync },
	{ "reads", NULL, &options.reads },
	{ "seed", NULL, &options.seed },
	{ "eager", NULL, &options.eager },
};

static void set_option(const char *argument)
{
	const char *value = strchr(argument, '=');
	size_t i;

	for (i = 0; value && i < sizeof(keys) / sizeof(*keys); i++) {
		if (strlen(keys[i].name) != (size_t)(value - argument) ||
		    strncmp(argument, keys[i].name, value - argument))
			continue;
		if (keys[i].word)
			*keys[i].word = value + 1;
		else
			*keys[i].number = strtol(value + 1, NULL, 10);
		return;
	}
	errno = EINVAL;
	trouble(argument);
}

static void open_device(const char *name)
{
	uint64_t bytes;

	device = open(name, O_RDWR | O_DIRECT);
	if (device < 0 || ioctl(device, BLKGETSIZE64, &bytes))
		trouble(name);
	if (options.span && (uint64_t)options.span < bytes)
		bytes = options.span;
	slots = bytes / options.size;
	if (options.order[0] == 'z')
		share_ranks();
	memory = mmap(NULL, options.depth * options.size,
		      PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	samples = mmap(NULL, SAMPLES_MAX * sizeof(*samples),
		       PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || (void *)samples == MAP_FAILED)
		trouble("memory");
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc - 1; i++)
		set_option(argv[i]);
	if (argc < 2 || options.depth < 1 || options.depth > DEPTH_MAX ||
	    options.batch < 1 || options.batch > options.depth) {
		errno = EINVAL;
		trouble("usage");
	}
	seed += options.seed << 32;
	open_device(argv[argc - 1]);
	if (options.engine[0] == 'a')
		aio_open();
	else
		uring_open();
	for (nr_idle = 0; nr_idle < options.depth; nr_idle++)
		idle[nr_idle] = nr_idle;
	signal(SIGTERM, stop);
	drive(options.warm, options.warm_ms);
	for (i = 0; i < options.runs; i++)
		run();
	return 0;
}
