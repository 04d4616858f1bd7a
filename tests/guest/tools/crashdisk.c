// SPDX-License-Identifier: GPL-2.0
/*
 * crashdisk: disks with a volatile cache that can be taken back to any instant
 * of their past, as a power cut at that instant might have left them.
 *
 *	crashdisk serve DIR NAME:MB...	be these disks, /dev/NAME, until "quit"
 *	crashdisk DIR COMMAND...	ask the server; prints its answer.  Several
 *				commands are separated by the word "," and answered
 *				by a line each, up to the first that is an error
 *
 * One process is the server of all disks (kernel side: nbd).  It sees every
 * request when it is issued, ends it when it wants, in any order, and writes
 * both down with one clock for all disks, which others (stamp clock=DIR/clock)
 * tick as well.  So an instant is the same over all disks and the user of the
 * volume.  dm-log-writes cannot give that: it writes an entry down when a
 * later flush has ended, so it is not known when, before that, the write was
 * issued, nor how entries of several logs lie to each other; and one log below
 * all disks would take the flush of one for the flush of all.  A violation of
 * "the log before the home" is an order between two disks.
 *
 * What a disk may hold after a cut at T: every write that was issued by T, but
 *  - surely those that a flush covers: it was issued after the write had ended
 *    and has itself ended by T; and FUA writes that ended by T;
 *  - of each other one all, nothing, or any of its sectors, as the seed says;
 *    a disk may be dealt with as a whole: all is kept, or nothing.
 * Writes to the same sector are kept in the order in which they ended, which is
 * the one that readers saw.  Trim and write-zeroes write zeroes, and are torn
 * in the same way.
 *
 * Lives: life 0 begins with "begin"; "cut L T SEED" ends all lives after L,
 * makes the disks as they might be after a cut at T of life L, and begins life
 * L + 1, which can be cut in turn.  "reset" is the same for a machine that stops
 * while the disks keep their power: what had ended is all there, but what was
 * volatile still is, and may be gone after the next cut.
 *
 *	blank			all zero, life 0 begins
 *	begin			what is there now is durable, life 0 begins
 *	now			the clock
 *	delay US		half of the writes and flushes take up to that
 *	points L N SEED FROM TO	N instants of that time of life L, in order: 2 of 5
 *				right after a flush or FUA write has ended, 1 right
 *				before, 2 at any event
 *	cut L T SEED
 *	reset L T SEED
 *	quit
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nbd.h>
#include <poll.h>
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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512
#define PAGE 4096
#define DISKS_MAX 12
#define LIVES_MAX 8
#define NBD_FLAG_ZEROES (1 << 6) /* not in every linux/nbd.h */
#define NBD_ZEROES 6
#define NBD_FUA (1 << 16)

/* A page of a disk; several images may share it. */
struct page {
	unsigned int users;
	uint8_t data[PAGE];
};

/* A write, flush, trim or zeroing, from its issue on. */
struct entry {
	uint32_t type;
	bool fua;
	uint64_t sector;
	uint64_t count;
	uint8_t *data; /* NULL: zeroes */
	uint64_t issued;
	uint64_t ended; /* 0: not yet */
	uint64_t durable; /* 0: not that we know */
	char handle[8];
	uint64_t due; /* time of its end, ns */
};

struct entries {
	struct entry **at;
	size_t nr;
	size_t room;
};

/* What one disk went through in one life. */
struct record {
	struct page **begin; /* when the life began */
	struct page **base; /* the same and the first base_nr of ended */
	size_t base_nr;
	uint64_t base_time;
	struct entries issued; /* owns the entries */
	struct entries ended; /* the same, in this order, without flushes */
	size_t undurable; /* of ended, the first that may not be durable */
};

struct disk {
	const char *name;
	uint64_t pages;
	int nbd;
	int sock;
	int kernel_sock;
	pthread_t thread;
	struct page **live;
	struct record lives[LIVES_MAX];
	struct entries inside;
};

static struct disk disks[DISKS_MAX];
static int nr_disks, life;
static _Atomic uint64_t *now;
static uint64_t delay_ns, random_state = 88172645463325252ULL;
static struct page nothing = { .users = 1 };
static bool leaving;

static void trouble(const char *what)
{
	fprintf(stderr, "crashdisk: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *room(size_t bytes)
{
	void *p = calloc(1, bytes);

	if (!p)
		trouble("no memory");
	return p;
}

static uint64_t random_below(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 11) % below;
}

static void seed(uint64_t n)
{
	int i;

	random_state = (n + 1) * 0x9e3779b97f4a7c15ULL | 1;
	for (i = 0; i < 8; i++)
		random_below(2);
}

static uint64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void add(struct entries *list, struct entry *e)
{
	if (list->nr == list->room) {
		list->room = list->room ? 2 * list->room : 256;
		list->at = realloc(list->at, list->room * sizeof(*list->at));
		if (!list->at)
			trouble("no memory");
	}
	list->at[list->nr++] = e;
}

/* --- images ---------------------------------------------------------------- */

static void page_put(struct page *p)
{
	if (p != &nothing && !--p->users)
		free(p);
}

static struct page **image_copy(const struct disk *d, struct page **from)
{
	struct page **image = room(d->pages * sizeof(*image));
	uint64_t i;

	for (i = 0; i < d->pages; i++) {
		image[i] = from ? from[i] : &nothing;
		image[i]->users++;
	}
	return image;
}

static void image_free(const struct disk *d, struct page **image)
{
	uint64_t i;

	if (!image)
		return;
	for (i = 0; i < d->pages; i++)
		page_put(image[i]);
	free(image);
}

static void image_read(struct page **image, uint64_t sector, uint8_t *data,
		       uint64_t count)
{
	for (; count--; sector++, data += SECTOR)
		memcpy(data, image[sector / 8]->data + sector % 8 * SECTOR,
		       SECTOR);
}

/* The page of a sector, for writing. */
static uint8_t *image_sector(struct page **image, uint64_t sector)
{
	struct page *p = image[sector / 8];

	if (p == &nothing || p->users > 1) {
		image[sector / 8] = room(sizeof(*p));
		memcpy(image[sector / 8]->data, p->data, PAGE);
		image[sector / 8]->users = 1;
		page_put(p);
	}
	return image[sector / 8]->data + sector % 8 * SECTOR;
}

static void image_write(struct page **image, const struct entry *e,
			uint64_t first, uint64_t count)
{
	uint64_t i;

	for (i = first; i < first + count; i++) {
		uint8_t *to = image_sector(image, e->sector + i);

		if (e->data)
			memcpy(to, e->data + i * SECTOR, SECTOR);
		else
			memset(to, 0, SECTOR);
	}
}

/* --- lives ----------------------------------------------------------------- */

static void record_free(struct disk *d, struct record *r)
{
	size_t i;

	for (i = 0; i < r->issued.nr; i++) {
		free(r->issued.at[i]->data);
		free(r->issued.at[i]);
	}
	free(r->issued.at);
	free(r->ended.at);
	image_free(d, r->begin);
	image_free(d, r->base);
	memset(r, 0, sizeof(*r));
}

/* The disks as they are begin life @nr; all after the one before it are gone. */
static const char *life_begin(int nr)
{
	struct disk *d;
	int i;

	for (d = disks; d < disks + nr_disks; d++)
		if (d->inside.nr)
			return "error: requests inside";
	for (d = disks; d < disks + nr_disks; d++) {
		for (i = nr; i <= life; i++)
			record_free(d, &d->lives[i]);
		d->lives[nr].begin = image_copy(d, d->live);
		d->lives[nr].base = image_copy(d, d->live);
	}
	life = nr;
	return "ok";
}

static const char *blank(void)
{
	struct disk *d;

	for (d = disks; d < disks + nr_disks; d++) {
		image_free(d, d->live);
		d->live = image_copy(d, NULL);
	}
	return life_begin(0);
}

/* Take into the base what is durable at @time and has nothing before it that is not. */
static void base_advance(struct disk *d, struct record *r, uint64_t time)
{
	if (time < r->base_time) {
		image_free(d, r->base);
		r->base = image_copy(d, r->begin);
		r->base_nr = 0;
	}
	r->base_time = time;
	for (; r->base_nr < r->ended.nr; r->base_nr++) {
		struct entry *e = r->ended.at[r->base_nr];

		if (!e->durable || e->durable > time)
			return;
		image_write(r->base, e, 0, e->count);
	}
}

/* What of a write that nothing covers is on the medium? */
static void keep_some(struct page **image, const struct entry *e,
		      unsigned int percent)
{
	uint64_t at, n;

	if (random_below(100) >= percent)
		return;
	at = random_below(e->count + 1);
	switch (random_below(6)) {
	case 0: /* its begin */
		image_write(image, e, 0, at);
		break;
	case 1: /* its end */
		image_write(image, e, at, e->count - at);
		break;
	case 2: /* any sectors */
		for (n = 0; n < e->count; n++)
			if (random_below(2))
				image_write(image, e, n, 1);
		break;
	default:
		image_write(image, e, 0, e->count);
	}
}

struct sum {
	unsigned int sure;
	unsigned int open;
};

static struct entry *entry_copy(const struct entry *e)
{
	struct entry *copy = room(sizeof(*copy));

	*copy = *e;
	if (e->data) {
		copy->data = room(e->count * SECTOR);
		memcpy(copy->data, e->data, e->count * SECTOR);
	}
	return copy;
}

/*
 * The machine stops at @time and the disk does not: it has what had ended, and
 * of what was inside some, as volatile as it was.
 */
static void disk_reset(struct disk *d, int of, uint64_t time, struct sum *sum)
{
	struct record *r = &d->lives[of], next = { 0 };
	size_t i;

	base_advance(d, r, time);
	next.begin = image_copy(d, r->base);
	next.base = image_copy(d, r->base);
	image_free(d, d->live);
	d->live = image_copy(d, r->base);
	sum->sure += r->base_nr;
	for (i = r->base_nr; i < r->ended.nr; i++) {
		struct entry *e = r->ended.at[i];

		if (e->issued > time || (e->ended > time && random_below(2)))
			continue;
		e = entry_copy(e);
		if (e->durable > time)
			e->durable = 0;
		e->ended = time;
		add(&next.issued, e);
		add(&next.ended, e);
		image_write(d->live, e, 0, e->count);
		sum->open++;
	}
	for (i = of + 1; (int)i <= life; i++)
		record_free(d, &d->lives[i]);
	d->lives[of + 1] = next;
}

static void disk_cut(struct disk *d, int of, uint64_t time, struct sum *sum)
{
	static const unsigned int percents[] = { 0, 0, 15, 50, 85, 100 };
	unsigned int percent = percents[random_below(6)];
	struct record *r = &d->lives[of];
	struct page **image;
	size_t i;

	base_advance(d, r, time);
	image = image_copy(d, r->base);
	sum->sure += r->base_nr;
	for (i = r->base_nr; i < r->ended.nr; i++) {
		struct entry *e = r->ended.at[i];

		if (e->issued > time)
			continue;
		if (e->durable && e->durable <= time) {
			image_write(image, e, 0, e->count);
			sum->sure++;
		} else {
			keep_some(image, e, percent);
			sum->open++;
		}
	}
	image_free(d, d->live);
	d->live = image;
}

static const char *cut(int of, uint64_t time, uint64_t with, bool power)
{
	static char answer[80];
	struct sum sum = { 0 };
	struct disk *d;

	if (of > life || of + 1 >= LIVES_MAX)
		return "error: no such life";
	for (d = disks; d < disks + nr_disks; d++)
		if (d->inside.nr)
			return "error: requests inside";
	seed(with);
	for (d = disks; d < disks + nr_disks; d++)
		if (power)
			disk_cut(d, of, time, &sum);
		else
			disk_reset(d, of, time, &sum);
	if (power)
		life_begin(of + 1);
	life = of + 1;
	snprintf(answer, sizeof(answer), "ok %u sure %u open", sum.sure,
		 sum.open);
	return answer;
}

/* --- points ---------------------------------------------------------------- */

struct times {
	uint64_t *at;
	size_t nr;
};

static void times_add(struct times *t, uint64_t time, uint64_t from,
		      uint64_t to)
{
	if (time < from || time > to)
		return;
	if (!(t->nr & (t->nr - 1))) {
		t->at = realloc(t->at, (2 * t->nr + 1) * sizeof(*t->at));
		if (!t->at)
			trouble("no memory");
	}
	t->at[t->nr++] = time;
}

static int earlier(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void times_collect(int of, uint64_t from, uint64_t to,
			  struct times *marks, struct times *any)
{
	struct disk *d;
	size_t i;

	for (d = disks; d < disks + nr_disks; d++) {
		struct record *r = &d->lives[of];

		for (i = 0; i < r->issued.nr; i++) {
			struct entry *e = r->issued.at[i];

			times_add(any, e->issued, from, to);
			if (!e->ended)
				continue;
			times_add(any, e->ended, from, to);
			if (e->fua || e->type == NBD_CMD_FLUSH)
				times_add(marks, e->ended, from, to);
		}
	}
}

static const char *points(int of, uint64_t n, uint64_t with, uint64_t from,
			  uint64_t to)
{
	struct times marks = { 0 }, any = { 0 };
	char *answer = room(32 * (n + 2)), *end = answer;
	uint64_t *chosen = room(n * sizeof(*chosen) + 1);
	uint64_t i, pick;

	if (of > life)
		return "error: no such life";
	times_collect(of, from, to, &marks, &any);
	if (!any.nr)
		times_add(&any, from, from, to);
	seed(with);
	for (i = 0; i < n; i++) {
		pick = random_below(5);
		if (pick < 3 && marks.nr)
			chosen[i] =
				marks.at[random_below(marks.nr)] - (pick == 2);
		else
			chosen[i] = any.at[random_below(any.nr)];
	}
	qsort(chosen, n, sizeof(*chosen), earlier);
	for (i = 0; i < n; i++)
		end += sprintf(end, "%llu ", (unsigned long long)chosen[i]);
	free(marks.at);
	free(any.at);
	free(chosen);
	return answer; /* lost: few and small */
}

/* --- requests -------------------------------------------------------------- */

static void all_of(int fd, void *data, size_t bytes, bool in)
{
	ssize_t r;

	for (; bytes; bytes -= r, data = (char *)data + r) {
		r = in ? read(fd, data, bytes) : write(fd, data, bytes);
		if (r <= 0)
			trouble(in ? "request" : "reply");
	}
}

static void answer_to(struct disk *d, const char *handle)
{
	struct nbd_reply reply = { .magic = htobe32(NBD_REPLY_MAGIC) };

	memcpy(reply.handle, handle, sizeof(reply.handle));
	all_of(d->sock, &reply, sizeof(reply), false);
}

static void flush_ended(struct record *r, const struct entry *flush)
{
	size_t i;

	for (i = r->undurable; i < r->ended.nr; i++) {
		struct entry *e = r->ended.at[i];

		if (e->ended > flush->issued)
			break;
		if (!e->durable)
			e->durable = flush->ended;
	}
	r->undurable = i;
}

/* The order is: done, on the clock, told. */
static void entry_end(struct disk *d, struct entry *e)
{
	struct record *r = &d->lives[life];

	if (e->type == NBD_CMD_FLUSH) {
		e->ended = ++*now;
		flush_ended(r, e);
	} else {
		image_write(d->live, e, 0, e->count);
		e->ended = ++*now;
		if (e->fua)
			e->durable = e->ended;
		add(&r->ended, e);
	}
	answer_to(d, e->handle);
}

/* Answer and data in one go, or the other side is woken twice. */
static void do_read(struct disk *d, const char *handle, uint64_t sector,
		    uint64_t count)
{
	struct nbd_reply reply = { .magic = htobe32(NBD_REPLY_MAGIC) };
	size_t bytes = sizeof(reply) + count * SECTOR;
	uint8_t *answer = malloc(bytes);

	if (!answer)
		trouble("no memory");
	memcpy(reply.handle, handle, sizeof(reply.handle));
	memcpy(answer, &reply, sizeof(reply));
	image_read(d->live, sector, answer + sizeof(reply), count);
	all_of(d->sock, answer, bytes, false);
	free(answer);
}

static void begin_entry(struct disk *d, const struct nbd_request *request,
			uint32_t type, uint64_t sector, uint64_t count)
{
	struct entry *e = room(sizeof(*e));

	e->type = type & 0xffff;
	e->fua = type & NBD_FUA;
	e->sector = sector;
	e->count = e->type == NBD_CMD_FLUSH ? 0 : count;
	memcpy(e->handle, request->handle, sizeof(e->handle));
	if (e->type == NBD_CMD_WRITE) {
		e->data = room(count * SECTOR);
		all_of(d->sock, e->data, count * SECTOR, true);
	}
	e->issued = ++*now;
	add(&d->lives[life].issued, e);
	if (!delay_ns || random_below(2)) {
		entry_end(d, e);
		return;
	}
	e->due = nanoseconds() + random_below(delay_ns);
	add(&d->inside, e);
}

static void take_request(struct disk *d)
{
	struct nbd_request request;
	uint64_t sector, count;
	uint32_t type;

	all_of(d->sock, &request, sizeof(request), true);
	if (request.magic != htobe32(NBD_REQUEST_MAGIC))
		trouble("not a request");
	type = be32toh(request.type);
	sector = be64toh(request.from) / SECTOR;
	count = be32toh(request.len) / SECTOR;
	if (sector + count > d->pages * 8)
		trouble("beyond the end");
	switch (type & 0xffff) {
	case NBD_CMD_READ:
		do_read(d, request.handle, sector, count);
		break;
	case NBD_CMD_DISC:
		leaving = true;
		break;
	default:
		begin_entry(d, &request, type, sector, count);
	}
}

/* Ends what is due; returns how long until something else is. */
static int64_t end_due(void)
{
	uint64_t time = nanoseconds();
	int64_t wait = -1;
	struct disk *d;
	size_t i;

	for (d = disks; d < disks + nr_disks; d++) {
		for (i = 0; i < d->inside.nr;) {
			struct entry *e = d->inside.at[i];

			if (e->due <= time) {
				d->inside.at[i] = d->inside.at[--d->inside.nr];
				entry_end(d, e);
				continue;
			}
			if (wait < 0 || (int64_t)(e->due - time) < wait)
				wait = e->due - time;
			i++;
		}
	}
	return wait;
}

/* --- the server ------------------------------------------------------------ */

static const char *command(const char *line)
{
	unsigned long long a, b, c, d, e;
	static char answer[32];
	int n;

	n = sscanf(line, "%*s %llu %llu %llu %llu %llu", &a, &b, &c, &d, &e);
	if (!strcmp(line, "begin"))
		return life_begin(0);
	if (!strcmp(line, "blank"))
		return blank();
	if (!strcmp(line, "now")) {
		snprintf(answer, sizeof(answer), "%llu",
			 (unsigned long long)*now);
		return answer;
	}
	if (!strcmp(line, "quit")) {
		leaving = true;
		return "ok";
	}
	if (n == 1 && !strncmp(line, "delay ", 6)) {
		delay_ns = a * 1000;
		return "ok";
	}
	if (n == 3 && !strncmp(line, "cut ", 4))
		return cut(a, b, c, true);
	if (n == 3 && !strncmp(line, "reset ", 6))
		return cut(a, b, c, false);
	if (n == 5 && !strncmp(line, "points ", 7))
		return points(a, b, c, d, e);
	return "error: what?";
}

static void tell(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		perror("crashdisk: answer");
}

static void take_command(int control)
{
	int fd = accept(control, NULL, NULL);
	char line[256], *rest, *next;
	const char *answer = "";
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, line, sizeof(line) - 1);
	line[n > 0 ? n : 0] = 0;
	for (rest = n > 0 ? line : NULL; rest && answer[0] != 'e';
	     rest = next) {
		next = strstr(rest, " , ");
		if (next) {
			*next = 0;
			next += 3;
		}
		answer = command(rest);
		tell(fd, answer);
		tell(fd, "\n");
	}
	close(fd);
}

static void *do_it(void *context)
{
	struct disk *d = context;

	ioctl(d->nbd, NBD_DO_IT);
	ioctl(d->nbd, NBD_CLEAR_SOCK);
	return NULL;
}

static void set(const char *format, int i, const char *value)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), format, i);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		trouble(path);
	close(fd);
}

static void disk_begin(struct disk *d, int i, char *word)
{
	char path[64], *size = strchr(word, ':');
	int pair[2];

	if (!size || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		trouble(word);
	*size++ = 0;
	d->name = word;
	d->pages = strtoull(size, NULL, 10) * 256;
	d->live = image_copy(d, NULL);
	d->sock = pair[0];
	d->kernel_sock = pair[1];
	snprintf(path, sizeof(path), "/dev/nbd%d", i);
	d->nbd = open(path, O_RDWR);
	if (d->nbd < 0 || ioctl(d->nbd, NBD_SET_BLKSIZE, 512ul) ||
	    ioctl(d->nbd, NBD_SET_SIZE_BLOCKS, d->pages * 8) ||
	    ioctl(d->nbd, NBD_SET_FLAGS,
		  NBD_FLAG_HAS_FLAGS | NBD_FLAG_SEND_FLUSH | NBD_FLAG_SEND_FUA |
			  NBD_FLAG_SEND_TRIM | NBD_FLAG_ZEROES) ||
	    ioctl(d->nbd, NBD_SET_SOCK, d->kernel_sock))
		trouble(path);
	set("/sys/block/nbd%d/queue/scheduler", i, "none");
	set("/sys/block/nbd%d/queue/nomerges", i, "2");
	if (pthread_create(&d->thread, NULL, do_it, d))
		trouble("thread");
}

static void disk_end(struct disk *d)
{
	char path[64];

	shutdown(d->sock, SHUT_RDWR);
	pthread_join(d->thread, NULL);
	close(d->nbd);
	snprintf(path, sizeof(path), "/dev/%s", d->name);
	unlink(path);
}

static struct sockaddr_un address_of(const char *dir)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/control", dir);
	return a;
}

static void clock_open(const char *dir)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/clock", dir);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, PAGE))
		trouble(path);
	now = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (now == MAP_FAILED)
		trouble(path);
	close(fd);
	if (!*now)
		*now = 100;
}

static void serve_requests(int control)
{
	struct pollfd polls[DISKS_MAX + 1];
	struct timespec t;
	int64_t wait;
	int i;

	while (!leaving) {
		wait = end_due();
		t.tv_sec = wait < 0 ? 3600 : wait / 1000000000;
		t.tv_nsec = wait < 0 ? 0 : wait % 1000000000;
		for (i = 0; i < nr_disks; i++)
			polls[i] = (struct pollfd){ disks[i].sock, POLLIN, 0 };
		polls[i] = (struct pollfd){ control, POLLIN, 0 };
		if (ppoll(polls, nr_disks + 1, &t, NULL) < 0 && errno != EINTR)
			trouble("poll");
		for (i = 0; i < nr_disks; i++)
			if (polls[i].revents)
				take_request(&disks[i]);
		if (polls[nr_disks].revents)
			take_command(control);
	}
}

static int serve(int argc, char **argv)
{
	struct sockaddr_un a = address_of(argv[0]);
	int control = socket(AF_UNIX, SOCK_STREAM, 0);
	char path[64], target[32];
	int i;

	clock_open(argv[0]);
	for (i = 1; i < argc && nr_disks < DISKS_MAX; i++, nr_disks++) {
		disk_begin(&disks[nr_disks], nr_disks, argv[i]);
		snprintf(path, sizeof(path), "/dev/%s", argv[i]);
		snprintf(target, sizeof(target), "nbd%d", nr_disks);
		unlink(path);
		if (symlink(target, path))
			trouble(path);
	}
	life_begin(0);
	unlink(a.sun_path);
	if (bind(control, (void *)&a, sizeof(a)) || listen(control, 8))
		trouble(a.sun_path);
	serve_requests(control);
	for (i = 0; i < nr_disks; i++)
		disk_end(&disks[i]);
	return 0;
}

/* --- the client ------------------------------------------------------------ */

static int ask(int argc, char **argv)
{
	struct sockaddr_un a = address_of(argv[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), i;
	bool wrong = false, begins = true;
	char line[256] = "", answer[4096];
	ssize_t n;

	for (i = 1; i < argc; i++) {
		if (i > 1)
			strcat(line, " ");
		strncat(line, argv[i], sizeof(line) - strlen(line) - 2);
	}
	if (connect(fd, (void *)&a, sizeof(a)))
		trouble(a.sun_path);
	all_of(fd, line, strlen(line), false);
	while ((n = read(fd, answer, sizeof(answer))) > 0) {
		fwrite(answer, 1, n, stdout);
		for (i = 0; i < n; i++) {
			wrong = wrong || (begins && answer[i] == 'e');
			begins = answer[i] == '\n';
		}
	}
	return wrong;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 3 && !strcmp(argv[1], "serve"))
		return serve(argc - 2, argv + 2);
	if (argc > 2)
		return ask(argc - 1, argv + 1);
	fputs("crashdisk: wrong words, see the head of crashdisk.c\n", stderr);
	return 2;
}
