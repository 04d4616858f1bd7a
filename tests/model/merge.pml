/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The buffer log of docs/disk-format.md: STRIPES places in a ring, a stripe per
 * write, two blocks, merge, LIVES crashes with replay between them.
 *
 * Every write gets the next number as its value, so "newest" is "largest".
 * Guarantees, checked when a crash was replayed: what a FLUSH covered, or what
 * an earlier replay showed, is there or something newer is; the log has no hole
 * below what was durable; and before any crash the index finds the newest.
 *
 * A crash keeps, per stripe and home block, what is durable or what was written
 * last, or a torn stripe, which is none.  Does not model: writes that bypass the
 * buffer, several buffers, stripes of more than one write.
 *
 * -D of a mutant takes one rule out; tests/model/run lists them.
 */

#ifndef STRIPES
#define STRIPES 3
#endif
#ifndef WRITES
#define WRITES 5
#endif
#ifndef LIVES
#define LIVES 3
#endif

typedef stripe { byte seq, epoch, block, value, tail, durable };

stripe ram[STRIPES], cached[STRIPES], medium[STRIPES];
bit written[STRIPES];		/* the stripe in RAM was sent and has ended */
byte home[2], home_medium[2];
byte flushed[2], newest[2];
byte index[2];			/* stripe with the newest version; 0: home */
byte tail = 1, next = 1, durable, durable_tail = 1, writes, lives = 1;
byte sb_epoch = 1, sb_start = 1, sb_tail = 1;
bit merging, home_done;
byte merge_block;
byte s, t, k, b;		/* scratch, zero between steps */

#define PLACE(n)	((n) % STRIPES)

#ifdef NO_EPOCH
#define OURS(x)		(1)
#else
#define OURS(x)		((x.epoch == sb_epoch && x.seq >= sb_start) || \
			 (x.epoch < sb_epoch && x.seq < sb_start))
#endif
#define VALID(n)	(medium[PLACE(n)].seq == (n) && (n) && OURS(medium[PLACE(n)]))

#ifdef REUSE_BEFORE_TAIL
#define FREE_BELOW	tail
#else
#define FREE_BELOW	durable_tail
#endif

inline copy(to, from)
{
	to.seq = from.seq; to.epoch = from.epoch; to.block = from.block;
	to.value = from.value; to.tail = from.tail; to.durable = from.durable
}

inline append(n)
{
	writes < WRITES && next < FREE_BELOW + STRIPES ->
	writes++;
	ram[PLACE(next)].seq = next;
	ram[PLACE(next)].epoch = sb_epoch;
	ram[PLACE(next)].block = n;
	ram[PLACE(next)].value = writes;
	written[PLACE(next)] = 0;
	newest[n] = writes;
	index[n] = next;
	next++
}

/* stripes are sent in any order */
inline send(place)
{
	ram[place].seq && !written[place] ->
	ram[place].tail = tail;
	ram[place].durable = durable;
	copy(cached[place], ram[place]);
	written[place] = 1
}

/* FLUSH of the buffer: covers the stripes up to the first that is not there */
inline flush_log()
{
	k = 0;
	do
	:: k == STRIPES -> break
	:: else -> copy(medium[k], cached[k]); k++
	od;
	do
	:: durable + 1 < next && written[PLACE(durable + 1)] ->
		durable++;
		b = ram[PLACE(durable)].block;
		flushed[b] = (flushed[b] < ram[PLACE(durable)].value ->
			      ram[PLACE(durable)].value : flushed[b])
	:: else -> break
	od;
	k = next - 1;
	do
	:: k == 0 || k + STRIPES < next -> break
	:: else ->
		if
		:: written[PLACE(k)] && ram[PLACE(k)].seq == k ->
			durable_tail = (ram[PLACE(k)].tail > durable_tail ->
					ram[PLACE(k)].tail : durable_tail)
		:: else
		fi;
		k--
	od;
	k = 0; b = 0
}

#ifdef MERGE_BEFORE_LOG_DURABLE
#define MAY_MERGE	(tail < next)
#else
#define MAY_MERGE	(tail < next && tail <= durable)
#endif
#ifdef DEAD_BEFORE_DURABLE
#define MAY_PASS	1
#else
#define MAY_PASS	(index[b] <= durable)	/* the version that killed it */
#endif

inline merge_begin()
{
	MAY_MERGE && !merging ->
	b = ram[PLACE(tail)].block;
	if
	:: index[b] == tail ->
		home[b] = ram[PLACE(tail)].value;
		merging = 1
	:: index[b] != tail && MAY_PASS -> tail++
	:: else
	fi;
	b = 0
}

inline merge_flush()
{
	merging && !home_done ->
#ifndef MERGE_WITHOUT_HOME_FLUSH
	home_medium[0] = home[0]; home_medium[1] = home[1];
#endif
	home_done = 1
}

/* the entry goes only if nobody wrote meanwhile; the tail only if it may */
inline merge_end()
{
	b = ram[PLACE(tail)].block;
	if
	:: index[b] == tail || MAY_PASS ->
#ifdef MERGE_DROPS_NEWER
		index[b] = 0;
#else
		index[b] = (index[b] == tail -> 0 : index[b]);
#endif
		merging = 0; home_done = 0;
		tail++
	:: else
	fi;
	b = 0
}

inline crash_keeps()
{
	k = 0;
	do
	:: k == STRIPES -> break
	:: k < STRIPES -> copy(medium[k], cached[k]); k++
	:: k < STRIPES && (medium[k].seq != cached[k].seq || medium[k].epoch != cached[k].epoch) ->
		copy(cached[k], medium[k]); k++
	:: k < STRIPES && (medium[k].seq != cached[k].seq || medium[k].epoch != cached[k].epoch) ->
		medium[k].seq = 0; cached[k].seq = 0; k++
	od;
	if
	:: home_medium[0] = home[0]
	:: home[0] != home_medium[0] -> home[0] = home_medium[0]
	fi;
	if
	:: home_medium[1] = home[1]
	:: home[1] != home_medium[1] -> home[1] = home_medium[1]
	fi
}

inline replay()
{
	k = 0; s = 0;
	tail = sb_tail;
	do	/* stripes end in any order, so an older one may know a later tail */
	:: k == STRIPES -> break
	:: else ->
		b = medium[k].seq;
#ifdef TAIL_OF_NEWEST
		tail = (VALID(b) && b > s && medium[k].tail > sb_tail -> medium[k].tail : tail);
		s = (VALID(b) && b > s -> b : s);
#else
		tail = (VALID(b) && medium[k].tail > tail -> medium[k].tail : tail);
#endif
		t = (VALID(b) && medium[k].durable > t -> medium[k].durable : t);
		k++
	od;
	index[0] = 0; index[1] = 0;
	newest[0] = home[0]; newest[1] = home[1];
	k = 0;
	do
	:: k == STRIPES -> break
	:: else -> ram[k].seq = 0; ram[k].epoch = 0; ram[k].block = 0; ram[k].value = 0;
		ram[k].tail = 0; ram[k].durable = 0; written[k] = 0; k++
	od;
	next = tail;
	do
	:: VALID(next) && next < tail + STRIPES ->
		b = medium[PLACE(next)].block;
		newest[b] = medium[PLACE(next)].value;
		index[b] = next;
		copy(ram[PLACE(next)], medium[PLACE(next)]);
		written[PLACE(next)] = 1;
		next++
	:: else -> break
	od;
	assert(t < next);				/* no hole below `durable` */
	assert(newest[0] >= flushed[0]);
	assert(newest[1] >= flushed[1]);
	/* what was read stays */
	flushed[0] = newest[0]; flushed[1] = newest[1];
	durable = next - 1; durable_tail = tail;
	sb_epoch++; sb_start = next; sb_tail = tail;
	merging = 0; home_done = 0;
	lives++;
	k = 0; s = 0; t = 0; b = 0
}

/* a read finds the newest */
#define READ(n)	(index[n] -> ram[PLACE(index[n])].value : home[n])

active proctype volume()
{
end:	do
	:: atomic { append(0) }
	:: atomic { append(1) }
	:: atomic { send(0) }
	:: atomic { send(1) }
	:: atomic { send(2) }
#if STRIPES > 3
	:: atomic { send(3) }
#endif
	:: atomic { flush_log() }
	:: atomic { merge_begin() }
	:: atomic { merge_flush() }
	:: atomic { merging && home_done -> merge_end() }
	:: atomic { lives < LIVES -> crash_keeps(); replay() }
	:: atomic { READ(0) != newest[0] || READ(1) != newest[1] -> assert(0) }
	od
}
