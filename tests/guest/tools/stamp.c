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
 * state=FILE writes all that happened; check=FILE compares a device with what
 * must have survived a power cut then, or at=TIME before: newer than what was
 * durable, not newer than the cut.  saw=FILE writes down what was read there,
 * and from=FILE goes on from that: each sector says it until it is written.
 * number (1) is that of the first writer, which a later life must not use again.
 * clock=FILE is a clock that others tick too; then the last line says "stamp:
 * from FIRST to LAST", what it was before and after all that.
 * Exit 0 right, 1 wrong data or an error, 2 trouble.
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
#include <sys/mman.h>
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

enum asked {
	WRITE,
	DURABLE_WRITE,
	ODD,
	FLUSH
};

/* What a thread asked for, for the state file. */
struct event {
	uint32_t what;
	uint32_t writer;
	uint64_t nr;
	uint64_t sector;
	uint64_t count;
	uint64_t begun;
	uint64_t ended;
	uint64_t good;
};

/* What is known of one sector, in times of writes to it. */
struct sector {
	clock_at acked; /* latest issue of an acknowledged write */
	clock_at covered; /* the same, of those a flush or FUA made durable */
	clock_at odd; /* latest end of a discard or zeroing */
	int odd_inside; /* discards and zeroings in flight. atomic */
	uint64_t was; /* what it said before all this, 0: not known */
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
	struct event *events;
	uint64_t nr_events;
};

static uint64_t first, span, writers = 4, readers = 2, ops = 1000, seconds,
			     most = 16, unit = 1, zero, discard, dsync, flush,
			     fill = 1, errors, rest, passes = 4, rounds = 1,
			     seed = 1, number = 1, at;
static const char *device, *trace, *state, *check, *saw, *from, *clock_file;
static int fd;
static struct sector *sectors;
static struct life *lives[THREADS_MAX + 1];
static struct request *requests;
static uint64_t nr_requests;
static struct thread threads[2 * THREADS_MAX], filler;
static _Atomic uint64_t next_request;
static clock_at own_clock = 1;
static clock_at *now = &own_clock;
static _Atomic uint64_t reads, writes, read_errors, write_errors;
static atomic_bool stop, writers_gone;

static void trouble(const char *what)
{
	fprintf(stderr, "stamp: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Zero, and no memory before it is used: most of what is asked for never is. */
static void *room(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		trouble("no memory");
	return p;
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

static uint64_t tick(void)
{
	return ++*now;
}

/* For the state file; what has not ended when it is written never will. */
static struct event *note(struct thread *t, enum asked what, uint64_t sector,
			  uint64_t count)
{
	struct event *e;

	if (!(t->nr_events & (t->nr_events - 1))) {
		t->events = realloc(t->events, (2 * t->nr_events + 1) *
						       sizeof(*t->events));
		if (!t->events)
			trouble("no memory");
	}
	e = &t->events[t->nr_events++];
	*e = (struct event){ .what = what,
			     .writer = t->number,
			     .sector = sector,
			     .count = count };
	return e;
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

/* Never 0. */
static uint64_t digest(const uint64_t *data)
{
	uint64_t x = 1;
	int i;

	for (i = 0; i < WORDS; i++)
		x = (x ^ data[i]) * 0x9e3779b97f4a7c15ULL + (x >> 29);
	return x | 1;
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
	if (!after && s->was && digest(data) == s->was)
		return;
	if (!after && !fill && !s->was)
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

static void do_odd(struct thread *t, uint64_t sector, uint64_t count,
		   unsigned long op, const char *what)
{
	struct sector *s = &sectors[sector - first];
	uint64_t extent[2] = { sector * SECTOR, count * SECTOR };
	struct event *e = note(t, ODD, sector, count);
	uint64_t begun = tick(), i;
	int r;

	e->begun = begun;
	for (i = 0; i < count; i++)
		__atomic_add_fetch(&s[i].odd_inside, 1, __ATOMIC_SEQ_CST);
	r = ioctl(fd, op, extent);
	e->ended = tick();
	e->good = !r;
	for (i = 0; i < count; i++) {
		raise_to(&s[i].odd, e->ended);
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
	struct event *e = note(t, flags ? DURABLE_WRITE : WRITE, sector, count);
	uint64_t i, begun;
	ssize_t r;

	for (i = 0; i < count; i++)
		stamp(t->data + i * WORDS, sector + i, t->number, nr);
	begun = tick();
	life->begun = begun;
	writes++;
	r = pwritev2(fd, &vec, 1, sector * SECTOR, flags);
	life->ended = tick();
	e->nr = nr;
	e->begun = begun;
	e->ended = life->ended;
	e->good = r == (ssize_t)(count * SECTOR);
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
static void do_flush(struct thread *t)
{
	struct event *e = note(t, FLUSH, first, span);

	e->begun = tick();
	if (fdatasync(fd))
		failed("flush", &write_errors, first, span);
	else
		e->good = 1;
	e->ended = tick();
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
			do_odd(t, sector, count, BLKZEROOUT, "zeroing");
		else if (one_of(t, discard))
			do_odd(t, sector, count, BLKDISCARD, "discard");
		else
			do_write(t, t->nr, sector, count);
		if (one_of(t, flush))
			do_flush(t);
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
			do_flush(t);
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

static void thread_init(struct thread *t, unsigned int nr)
{
	uint64_t count = most > FILL_SECTORS ? most : FILL_SECTORS;

	t->number = nr;
	t->random = (seed * 1000003 + nr) * 0x9e3779b97f4a7c15ULL + 1;
	t->data = room(count * SECTOR);
	t->before = room(count * sizeof(*t->before));
	if (!lives[nr])
		lives[nr] = room(OPS_MAX * sizeof(struct life));
}

/* What a reader never writes is never looked up: it may be called 0. */
static void threads_init(void)
{
	uint64_t i;

	for (i = 0; i < writers + readers; i++) {
		thread_init(&threads[i], i < writers ? i + number : 0);
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
	uint64_t done, nr = 0;

	thread_init(&filler, 0);
	for (done = 0; done < span; done += FILL_SECTORS, nr++)
		do_write(&filler, nr, first + done,
			 span - done < FILL_SECTORS ? span - done :
						      FILL_SECTORS);
	do_flush(&filler);
}

/* One chunk of one pass of read_all(). */
static void read_chunk(uint64_t *data, uint64_t *seen, uint64_t done,
		       bool again, bool durable)
{
	uint64_t count = span - done < FILL_SECTORS ? span - done :
						      FILL_SECTORS;
	uint64_t i;

	if (pread(fd, data, count * SECTOR, (first + done) * SECTOR) !=
	    (ssize_t)(count * SECTOR)) {
		errors = 0;
		failed("last read", &read_errors, first + done, count);
	}
	for (i = 0; i < count; i++) {
		struct sector *s = &sectors[done + i];
		uint64_t *d = data + i * WORDS;

		judge(d, first + done + i, durable ? s->covered : s->acked);
		if (again && seen[done + i] != digest(d))
			complain(d, first + done + i, s->acked,
				 "not what the last pass read");
		seen[done + i] = digest(d);
	}
}

/* Read all of it so many times: right, and the same each time. */
static void read_all(bool durable)
{
	uint64_t *data = room(FILL_SECTORS * SECTOR);
	uint64_t *seen = room(span * sizeof(*seen));
	uint64_t done, pass;
	FILE *file;

	for (pass = 0; pass < passes; pass++)
		for (done = 0; done < span; done += FILL_SECTORS)
			read_chunk(data, seen, done, pass, durable);
	if (durable && saw) {
		file = fopen(saw, "w");
		if (!file || fwrite(seen, sizeof(*seen), span, file) != span ||
		    fclose(file))
			trouble(saw);
	}
	munmap(data, FILL_SECTORS * SECTOR);
	munmap(seen, span * sizeof(*seen));
}

/* --- the state file ------------------------------------------------------- */

/*
 * What was each sector before, then one event after the other.
 */
static void state_save(void)
{
	FILE *file = fopen(state, "w");
	const struct thread *t;
	bool good = file;
	uint64_t i;

	for (i = 0; good && i < span; i++)
		good = fwrite(&sectors[i].was, sizeof(uint64_t), 1, file) == 1;
	for (i = 0; good && i <= writers; i++) {
		t = i ? &threads[i - 1] : &filler;
		good = fwrite(t->events, sizeof(*t->events), t->nr_events,
			      file) == t->nr_events;
	}
	if (!good || fclose(file))
		trouble(state);
}

static void was_load(FILE *file, const char *name)
{
	uint64_t i;

	for (i = 0; i < span; i++)
		if (fread(&sectors[i].was, sizeof(uint64_t), 1, file) != 1)
			trouble(name);
}

/* What was written by @e, as far as it had got at the cut. */
static void recall_write(const struct event *e, uint64_t flushed)
{
	bool ended = e->ended && e->ended <= at;
	bool covered = ended && e->good &&
		       (e->what == DURABLE_WRITE || e->ended <= flushed);
	struct sector *s;
	uint64_t i;

	if (e->what != ODD) {
		if (!lives[e->writer])
			lives[e->writer] = room(OPS_MAX * sizeof(struct life));
		lives[e->writer][e->nr].begun = e->begun;
		lives[e->writer][e->nr].ended = ended ? e->ended : 0;
	}
	for (i = 0; i < e->count; i++) {
		s = &sectors[e->sector + i - first];
		if (covered)
			raise_to(&s->covered, e->begun);
		if (e->what == ODD && ended)
			raise_to(&s->odd, e->ended);
		else if (e->what == ODD)
			s->odd_inside = 1;
	}
}

/* All that is known, as of the time of the cut. */
static void state_load(void)
{
	FILE *file = fopen(check, "r");
	struct event *events = NULL;
	uint64_t nr = 0, flushed = 0, i;

	if (!file)
		trouble(check);
	was_load(file, check);
	do {
		events = realloc(events, (nr + 1024) * sizeof(*events));
		if (!events)
			trouble("no memory");
		i = fread(events + nr, sizeof(*events), 1024, file);
		nr += i;
	} while (i == 1024);
	for (i = 0; i < nr; i++)
		if (events[i].what == FLUSH && events[i].good &&
		    events[i].ended <= at && events[i].begun > flushed)
			flushed = events[i].begun;
	for (i = 0; i < nr; i++)
		if (events[i].what != FLUSH && events[i].begun &&
		    events[i].begun <= at)
			recall_write(&events[i], flushed);
	free(events);
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
	{ "check", NULL, &check },     { "at", &at, NULL },
	{ "saw", NULL, &saw },	       { "from", NULL, &from },
	{ "number", &number, NULL },   { "clock", NULL, &clock_file },
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

static void clock_open(void)
{
	int file = open(clock_file, O_RDWR);

	now = mmap(NULL, sizeof(*now), PROT_READ | PROT_WRITE, MAP_SHARED, file,
		   0);
	if (file < 0 || now == MAP_FAILED)
		trouble(clock_file);
	close(file);
}

static void from_load(void)
{
	FILE *file = fopen(from, "r");

	if (!file)
		trouble(from);
	was_load(file, from);
	fclose(file);
	fill = 0;
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
	if (!at)
		at = -1;
	if (writers + number - 1 > THREADS_MAX || readers > THREADS_MAX ||
	    !most || ops > OPS_MAX || most % unit || span % unit) {
		fprintf(stderr, "stamp: a number is out of range\n");
		exit(2);
	}
	sectors = room(span * sizeof(*sectors));
	if (clock_file)
		clock_open();
	if (from)
		from_load();
}

static void say_when(uint64_t begun)
{
	if (clock_file)
		printf("stamp: from %llu to %llu\n", (unsigned long long)begun,
		       (unsigned long long)*now);
}

int main(int argc, char **argv)
{
	uint64_t begun;

	begin(argc, argv);
	begun = *now;
	signal(SIGTERM, on_signal);
	signal(SIGALRM, on_signal);
	if (check) {
		fill = 0;
		state_load();
		read_all(true);
		say_when(begun);
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
		state_save();
	printf("stamp: %llu writes, %llu reads, %llu write errors, %llu read errors\n",
	       (unsigned long long)writes, (unsigned long long)reads,
	       (unsigned long long)write_errors,
	       (unsigned long long)read_errors);
	say_when(begun);
	return 0;
}
