// SPDX-License-Identifier: GPL-2.0
/*
 * stamp DEVICE [KEY=VALUE]...: writes stamped sectors from several threads to
 * the same few blocks while others read them, and knows for each sector read
 * whether it may say what it says.
 *
 * A sector carries its address, the writer and the number of the write, and is
 * filled from these three, so that one that is torn or misplaced is noticed.
 * There is one clock, which ticks with every event.  A read may return the
 * write w of a sector unless another one was acknowledged before the read began
 * and issued after w had ended.  A write that failed may be there or not.  When
 * the threads have ended, all of it is read several times: the same each time.
 *
 * Keys (defaults): first (0) and span (all), in sectors; writers (4), readers
 * (2); ops (1000) per writer, or seconds, or until SIGTERM; max (16) and unit (1),
 * sectors per request and what it is a multiple of; of every so many writes one
 * is: zero, discard, dsync, flush (0: never); fill (1) write all of it first;
 * errors (0) of I/O are failures; pause, us between requests of a thread;
 * passes (4); rounds (1) of all that but the filling, ops in each; seed;
 * trace=FILE.csv, requests
 * "t,R|W,sector,sectors" folded into the span instead of random ones;
 * state=FILE writes what must have survived a power cut, check=FILE compares a
 * device with that.  Exit 0 right, 1 wrong data or an error, 2 trouble.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512
#define WORDS (SECTOR / 8)
#define MAGIC 0x646d2d7073682121ULL
#define THREADS_MAX 64
#define OPS_MAX (1 << 17) /* writes per writer */
#define FILL_SECTORS 256

typedef _Atomic uint64_t clock_at;

/* When one write was issued and when it ended; 0: not yet. */
struct life {
	clock_at begun;
	clock_at ended;
};

/* What is known of one sector, in times of writes to it. */
struct sector {
	clock_at acked; /* latest issue of an acknowledged write */
	clock_at covered; /* the same, of those a flush or FUA made durable */
	clock_at odd; /* latest end of a discard or zeroing */
	int odd_inside; /* discards and zeroings in flight. atomic */
};

struct request {
	char op;
	uint64_t sector;
	uint64_t count;
};

struct thread {
	pthread_t id;
	unsigned int number; /* of the writer, 1..; 0 writes the first fill */
	uint64_t random;
	uint64_t nr; /* of its next write */
	uint64_t *data;
	uint64_t *before; /* sector.acked as it was when the read began */
};

static uint64_t first, span, writers = 4, readers = 2, ops = 1000, seconds,
			     most = 16, unit = 1, zero, discard, dsync, flush,
			     fill = 1, errors, rest, passes = 4, rounds = 1,
			     seed = 1;
static const char *device, *trace, *state, *check;
static int fd;
static struct sector *sectors;
static struct life *lives[THREADS_MAX + 1];
static struct request *requests;
static uint64_t nr_requests;
static struct thread threads[2 * THREADS_MAX];
static _Atomic uint64_t next_request;
static clock_at now = 1;
static _Atomic uint64_t reads, writes, read_errors, write_errors;
static atomic_bool stop, writers_gone;

static void trouble(const char *what)
{
	fprintf(stderr, "stamp: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *room(size_t bytes)
{
	void *p;

	if (posix_memalign(&p, 4096, bytes))
		trouble("no memory");
	return memset(p, 0, bytes);
}

static void raise_to(clock_at *what, uint64_t value)
{
	uint64_t old = *what;

	while (old < value && !atomic_compare_exchange_weak(what, &old, value))
		;
}

static uint64_t random_of(struct thread *t, uint64_t below)
{
	t->random ^= t->random << 13;
	t->random ^= t->random >> 7;
	t->random ^= t->random << 17;
	return (t->random >> 11) % below;
}

static bool one_of(struct thread *t, uint64_t n)
{
	return n && !random_of(t, n);
}

/* --- the stamp ------------------------------------------------------------ */

static void stamp(uint64_t *data, uint64_t sector, uint64_t writer, uint64_t nr)
{
	uint64_t x = sector * 0x9e3779b97f4a7c15ULL + (writer << 40) + nr;
	int i;

	data[0] = MAGIC;
	data[1] = sector;
	data[2] = writer;
	data[3] = nr;
	for (i = 4; i < WORDS; i++) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		data[i] = x;
	}
}

static bool all_zero(const uint64_t *data)
{
	int i;

	for (i = 0; i < WORDS; i++)
		if (data[i])
			return false;
	return true;
}

static const char *wrong_stamp(const uint64_t *data, uint64_t sector)
{
	uint64_t right[WORDS];

	if (data[0] != MAGIC || data[2] > THREADS_MAX || !lives[data[2]] ||
	    data[3] >= OPS_MAX)
		return "no stamp";
	if (data[1] != sector)
		return "stamp of another sector";
	stamp(right, sector, data[2], data[3]);
	if (memcmp(right, data, SECTOR))
		return "torn";
	if (!lives[data[2]][data[3]].begun)
		return "a write that was never issued";
	return NULL;
}

static void complain(const uint64_t *data, uint64_t sector, uint64_t after,
		     const char *what)
{
	struct life *life;

	if (data[0] == MAGIC && data[2] <= THREADS_MAX && lives[data[2]] &&
	    data[3] < OPS_MAX) {
		life = &lives[data[2]][data[3]];
		printf("stamp: sector %llu: %s: writer %llu write %llu, "
		       "issued %llu ended %llu, expected one not older than %llu\n",
		       (unsigned long long)sector, what,
		       (unsigned long long)data[2], (unsigned long long)data[3],
		       (unsigned long long)life->begun,
		       (unsigned long long)life->ended,
		       (unsigned long long)after);
	} else {
		printf("stamp: sector %llu: %s: %016llx %016llx..., "
		       "expected one not older than %llu\n",
		       (unsigned long long)sector, what,
		       (unsigned long long)data[0], (unsigned long long)data[1],
		       (unsigned long long)after);
	}
	fflush(stdout);
	_exit(1);
}

/* May the sector say this, to one who must see what was issued at @after? */
static void judge(const uint64_t *data, uint64_t sector, uint64_t after)
{
	const struct sector *s = &sectors[sector - first];
	const char *wrong;
	uint64_t ended;

	if (__atomic_load_n(&s->odd_inside, __ATOMIC_SEQ_CST) ||
	    (s->odd && s->odd >= after))
		if (discard || all_zero(data))
			return;
	if (!after && !fill)
		return; /* nobody wrote it: as it was */
	wrong = wrong_stamp(data, sector);
	if (wrong)
		complain(data, sector, after, wrong);
	ended = lives[data[2]][data[3]].ended;
	if (ended && ended < after)
		complain(data, sector, after, "stale");
}

/* --- requests ------------------------------------------------------------- */

static void failed(const char *what, _Atomic uint64_t *counter, uint64_t sector,
		   uint64_t count)
{
	++*counter;
	if (errors)
		return;
	printf("stamp: %s of %llu+%llu: %s\n", what, (unsigned long long)sector,
	       (unsigned long long)count, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static void do_read(struct thread *t, uint64_t sector, uint64_t count)
{
	uint64_t i;

	for (i = 0; i < count; i++)
		t->before[i] = sectors[sector - first + i].acked;
	reads++;
	if (pread(fd, t->data, count * SECTOR, sector * SECTOR) !=
	    (ssize_t)(count * SECTOR)) {
		failed("read", &read_errors, sector, count);
		return;
	}
	for (i = 0; i < count; i++)
		judge(t->data + i * WORDS, sector + i, t->before[i]);
}

static void do_odd(uint64_t sector, uint64_t count, unsigned long op,
		   const char *what)
{
	struct sector *s = &sectors[sector - first];
	uint64_t extent[2] = { sector * SECTOR, count * SECTOR };
	uint64_t begun = now++, i;
	int r;

	for (i = 0; i < count; i++)
		__atomic_add_fetch(&s[i].odd_inside, 1, __ATOMIC_SEQ_CST);
	r = ioctl(fd, op, extent);
	for (i = 0; i < count; i++) {
		raise_to(&s[i].odd, now);
		__atomic_sub_fetch(&s[i].odd_inside, 1, __ATOMIC_SEQ_CST);
		if (!r)
			raise_to(&s[i].acked, begun);
	}
	if (r)
		failed(what, &write_errors, sector, count);
}

static void do_write(struct thread *t, uint64_t nr, uint64_t sector,
		     uint64_t count)
{
	struct life *life = &lives[t->number][nr];
	struct iovec vec = { t->data, count * SECTOR };
	int flags = one_of(t, dsync) ? RWF_DSYNC : 0;
	uint64_t i, begun;
	ssize_t r;

	for (i = 0; i < count; i++)
		stamp(t->data + i * WORDS, sector + i, t->number, nr);
	begun = now++;
	life->begun = begun;
	writes++;
	r = pwritev2(fd, &vec, 1, sector * SECTOR, flags);
	life->ended = now++;
	if (r != (ssize_t)(count * SECTOR)) {
		failed("write", &write_errors, sector, count);
		return;
	}
	for (i = 0; i < count; i++) {
		raise_to(&sectors[sector - first + i].acked, begun);
		if (flags)
			raise_to(&sectors[sector - first + i].covered, begun);
	}
}

/* Whatever was acknowledged before it is durable after it. */
static void do_flush(void)
{
	uint64_t *seen = room(span * sizeof(*seen)), i;

	for (i = 0; i < span; i++)
		seen[i] = sectors[i].acked;
	if (fdatasync(fd))
		failed("flush", &write_errors, first, span);
	else
		for (i = 0; i < span; i++)
			raise_to(&sectors[i].covered, seen[i]);
	free(seen);
}

/* --- threads -------------------------------------------------------------- */

static void pick(struct thread *t, uint64_t *sector, uint64_t *count)
{
	uint64_t units = span / unit;
	uint64_t at = random_of(t, units);
	uint64_t n = 1 + random_of(t, most / unit);

	*sector = first + at * unit;
	*count = (n < units - at ? n : units - at) * unit;
}

static void write_randomly(struct thread *t)
{
	uint64_t end = t->nr + ops;
	uint64_t sector, count;

	if (end > OPS_MAX)
		end = OPS_MAX;
	for (; t->nr < end && !stop; t->nr++) {
		if (rest)
			usleep(rest);
		pick(t, &sector, &count);
		if (one_of(t, zero))
			do_odd(sector, count, BLKZEROOUT, "zeroing");
		else if (one_of(t, discard))
			do_odd(sector, count, BLKDISCARD, "discard");
		else
			do_write(t, t->nr, sector, count);
		if (one_of(t, flush))
			do_flush();
	}
}

static void replay(struct thread *t)
{
	uint64_t i;

	while (!stop && (i = next_request++) < nr_requests) {
		const struct request *request = &requests[i];

		if (rest)
			usleep(rest);
		if (request->op == 'R')
			do_read(t, request->sector, request->count);
		else
			do_write(t, t->nr++, request->sector, request->count);
		if (one_of(t, flush))
			do_flush();
	}
}

static void *writer(void *context)
{
	if (trace)
		replay(context);
	else
		write_randomly(context);
	return NULL;
}

static void *reader(void *context)
{
	uint64_t sector, count;

	while (!writers_gone) {
		if (rest)
			usleep(rest);
		pick(context, &sector, &count);
		do_read(context, sector, count);
	}
	return NULL;
}

static void on_signal(int number)
{
	(void)number;
	stop = true;
}

static void thread_init(struct thread *t, unsigned int number)
{
	uint64_t count = most > FILL_SECTORS ? most : FILL_SECTORS;

	t->number = number;
	t->random = (seed * 1000003 + number) * 0x9e3779b97f4a7c15ULL + 1;
	t->data = room(count * SECTOR);
	t->before = room(count * sizeof(*t->before));
	if (!lives[number])
		lives[number] = room(OPS_MAX * sizeof(struct life));
}

/* What a reader never writes is never looked up: it may be called 0. */
static void threads_init(void)
{
	uint64_t i;

	for (i = 0; i < writers + readers; i++) {
		thread_init(&threads[i], i < writers ? i + 1 : 0);
		threads[i].random += i;
	}
}

static void run_threads(void)
{
	uint64_t i;

	writers_gone = false;
	for (i = 0; i < writers + readers; i++)
		if (pthread_create(&threads[i].id, NULL,
				   i < writers ? writer : reader, &threads[i]))
			trouble("thread");
	for (i = 0; i < writers; i++)
		pthread_join(threads[i].id, NULL);
	writers_gone = true;
	for (; i < writers + readers; i++)
		pthread_join(threads[i].id, NULL);
}

/* --- before and after ----------------------------------------------------- */

static void fill_all(void)
{
	struct thread t = { 0 };
	uint64_t at, nr = 0;

	thread_init(&t, 0);
	for (at = 0; at < span; at += FILL_SECTORS, nr++)
		do_write(&t, nr, first + at,
			 span - at < FILL_SECTORS ? span - at : FILL_SECTORS);
}

/* Read all of it so many times: right, and the same each time. */
static void read_all(bool durable)
{
	uint64_t *data = room(FILL_SECTORS * SECTOR);
	uint64_t *seen = room(span * 2 * sizeof(*seen));
	uint64_t at, i, pass;

	for (pass = 0; pass < passes; pass++) {
		for (at = 0; at < span; at += FILL_SECTORS) {
			uint64_t count = span - at < FILL_SECTORS ?
						 span - at :
						 FILL_SECTORS;

			if (pread(fd, data, count * SECTOR,
				  (first + at) * SECTOR) !=
			    (ssize_t)(count * SECTOR)) {
				errors = 0;
				failed("last read", &read_errors, first + at,
				       count);
			}
			for (i = 0; i < count; i++) {
				struct sector *s = &sectors[at + i];
				uint64_t *d = data + i * WORDS;
				uint64_t *last = seen + (at + i) * 2;

				judge(d, first + at + i,
				      durable ? s->covered : s->acked);
				if (pass &&
				    (last[0] != d[2] || last[1] != d[3]))
					complain(d, first + at + i, s->acked,
						 "not what the last pass read");
				last[0] = d[2];
				last[1] = d[3];
			}
		}
	}
	free(data);
	free(seen);
}

static void move(FILE *file, bool save, void *data, size_t bytes)
{
	if ((save ? fwrite(data, 1, bytes, file) :
		    fread(data, 1, bytes, file)) != bytes)
		trouble("state file");
}

/* All that is known, written or taken from a file. */
static void state_io(const char *name, bool save)
{
	FILE *file = fopen(name, save ? "w" : "r");
	uint64_t used, i;

	if (!file)
		trouble(name);
	move(file, save, sectors, span * sizeof(*sectors));
	for (i = 0; i <= THREADS_MAX; i++) {
		used = lives[i] ? OPS_MAX : 0;
		while (used && !lives[i][used - 1].begun)
			used--;
		move(file, save, &used, sizeof(used));
		if (!save && used)
			lives[i] = room(OPS_MAX * sizeof(struct life));
		move(file, save, lives[i], used * sizeof(struct life));
	}
	fclose(file);
}

static void load_trace(void)
{
	FILE *file = fopen(trace, "r");
	char line[128], op;
	unsigned long long sector, count;

	if (!file)
		trouble(trace);
	requests = room(ops * sizeof(*requests));
	while (nr_requests < ops && fgets(line, sizeof(line), file)) {
		struct request *request = &requests[nr_requests];

		if (sscanf(line, "%*[0-9],%c,%llu,%llu", &op, &sector,
			   &count) != 3)
			continue;
		request->op = op;
		request->sector = first + sector % span;
		request->count = count < 1 ? 1 : count > most ? most : count;
		if (request->count > first + span - request->sector)
			request->count = first + span - request->sector;
		nr_requests++;
	}
	fclose(file);
}

static const struct {
	const char *name;
	uint64_t *number;
	const char **text;
} keys[] = {
	{ "first", &first, NULL },     { "span", &span, NULL },
	{ "writers", &writers, NULL }, { "readers", &readers, NULL },
	{ "ops", &ops, NULL },	       { "seconds", &seconds, NULL },
	{ "max", &most, NULL },	       { "unit", &unit, NULL },
	{ "zero", &zero, NULL },       { "discard", &discard, NULL },
	{ "dsync", &dsync, NULL },     { "flush", &flush, NULL },
	{ "fill", &fill, NULL },       { "errors", &errors, NULL },
	{ "pause", &rest, NULL },      { "passes", &passes, NULL },
	{ "rounds", &rounds, NULL },   { "seed", &seed, NULL },
	{ "trace", NULL, &trace },     { "state", NULL, &state },
	{ "check", NULL, &check },
};

static void take_key(const char *word)
{
	size_t i, n;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		n = strlen(keys[i].name);
		if (strncmp(word, keys[i].name, n) || word[n] != '=')
			continue;
		if (keys[i].text)
			*keys[i].text = word + n + 1;
		else
			*keys[i].number = strtoull(word + n + 1, NULL, 0);
		return;
	}
	fprintf(stderr, "stamp: unknown word %s\n", word);
	exit(2);
}

static void begin(int argc, char **argv)
{
	uint64_t bytes;
	int i;

	if (argc < 2)
		take_key("DEVICE");
	device = argv[1];
	for (i = 2; i < argc; i++)
		take_key(argv[i]);
	fd = open(device, (check ? O_RDONLY : O_RDWR) | O_DIRECT);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		trouble(device);
	if (!span)
		span = bytes / SECTOR - first;
	if (seconds)
		ops = OPS_MAX;
	if (writers > THREADS_MAX || readers > THREADS_MAX || !most ||
	    ops > OPS_MAX || most % unit || span % unit) {
		fprintf(stderr, "stamp: a number is out of range\n");
		exit(2);
	}
	sectors = room(span * sizeof(*sectors));
}

int main(int argc, char **argv)
{
	begin(argc, argv);
	signal(SIGTERM, on_signal);
	signal(SIGALRM, on_signal);
	if (check) {
		state_io(check, false);
		fill = 0;
		read_all(true);
		return 0;
	}
	if (trace)
		load_trace();
	if (fill)
		fill_all();
	alarm(seconds);
	threads_init();
	while (rounds-- && !stop) {
		run_threads();
		read_all(false);
	}
	if (state)
		state_io(state, true);
	printf("stamp: %llu writes, %llu reads, %llu write errors, %llu read errors\n",
	       (unsigned long long)writes, (unsigned long long)reads,
	       (unsigned long long)write_errors,
	       (unsigned long long)read_errors);
	return 0;
}
