/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The metadata protocol of docs/disk-format.md: a journal ring, two maps of two
 * blocks, two superblocks, checkpoints, LIVES activations.
 *
 * Every record has the next number as its value and changes one of two words.
 * A crash may come at any step, also within activation; what was written with
 * FUA and did not end is there, is not there, is torn, or *lands late*: after
 * the next activation has read, before that writes to the same place.
 *
 * Guarantees, checked after each load: it succeeds, and gives the words after
 * the last acknowledged record or after the one that was in flight; what was
 * loaded stays, once
 * activation has ended: until then nobody has seen it.  Does not model: the mirror, damage, refusals.
 *
 * -D of a mutant takes one rule out; tests/model/run lists them.
 */

#ifndef RING
#define RING 3
#endif
#ifndef RECORDS
#define RECORDS 6
#endif
#ifndef LIVES
#define LIVES 4
#endif

typedef record { byte seq, epoch, key, value };
typedef super { byte generation, epoch, map, map_generation, start };
typedef map_copy { byte generation[2], word[2] };

record ring[RING], flying, late;
record open;			/* unacknowledged: may still show up until activation ends */
super sb[2], sb_flying, sb_late;
map_copy cached[2], medium[2];

byte word[2];			/* in memory, as used */
byte want[2];			/* as acknowledged */
byte next = 1, epoch = 1, generation = 1, start = 1, current;
byte records, lives = 1;
byte step, new_start, other;	/* of the checkpoint */
bit activating;
byte i, best, got[2];		/* scratch, zero between steps */

#define PLACE(n)	((n) % RING)
#define BUSY		(flying.seq != 0)

#ifdef RING_FREE_AT_NOTE
#define FREE_FROM	(step -> new_start : start)
#else
#define FREE_FROM	start
#endif
#ifdef RECORD_BEFORE_EPOCH
#define MAY_RECORD	1
#else
#define MAY_RECORD	(!activating)
#endif

inline no_record(x) { x.seq = 0; x.epoch = 0; x.key = 0; x.value = 0 }
inline copy_record(to, from)
{
	to.seq = from.seq; to.epoch = from.epoch; to.key = from.key; to.value = from.value
}
inline no_super(x)
{
	x.generation = 0; x.epoch = 0; x.map = 0; x.map_generation = 0; x.start = 0
}
inline copy_super(to, from)
{
	to.generation = from.generation; to.epoch = from.epoch; to.map = from.map;
	to.map_generation = from.map_generation; to.start = from.start
}

inline record_begin(k)
{
	MAY_RECORD && !BUSY && records < RECORDS && next < FREE_FROM + RING ->
	records++;
	flying.seq = next; flying.epoch = epoch; flying.key = k; flying.value = records;
	if
	:: late.seq && PLACE(late.seq) == PLACE(next) -> no_record(late)
	:: else
	fi;
#ifdef USE_BEFORE_DURABLE
	want[k] = records;
#endif
	next++
}

inline record_end()
{
	BUSY ->
	copy_record(ring[PLACE(flying.seq)], flying);
	word[flying.key] = flying.value;
	want[flying.key] = flying.value;
	no_record(flying)
}

inline checkpoint_begin()
{
	step == 0 && (activating || next > start + 1) ->
#ifdef NOTE_IGNORES_FLIGHT
	new_start = next;
#else
	new_start = (BUSY -> flying.seq : next);
#endif
#ifdef MAP_IN_PLACE
	other = current;
#else
	other = 1 - current;
#endif
	step = 1
}

inline checkpoint_write(n)
{
	step == n + 1 ->
	cached[other].generation[n] = generation + 1;
	cached[other].word[n] = word[n];
	step++
}

inline flush_maps()
{
	i = 0;
	do
	:: i == 2 -> break
	:: else ->
		medium[i].generation[0] = cached[i].generation[0];
		medium[i].generation[1] = cached[i].generation[1];
		medium[i].word[0] = cached[i].word[0];
		medium[i].word[1] = cached[i].word[1];
		i++
	od;
	i = 0
}

inline super_begin()
{
	step == 3 ->
#ifndef SUPER_WITHOUT_FLUSH
	flush_maps();
#endif
	sb_flying.generation = generation + 1;
#ifdef NO_EPOCH
	sb_flying.epoch = epoch;
#else
	sb_flying.epoch = epoch + activating;
#endif
	sb_flying.map = other;
	sb_flying.map_generation = generation + 1;
	sb_flying.start = new_start;
	if
	:: sb_late.generation % 2 == sb_flying.generation % 2 -> no_super(sb_late)
	:: else
	fi;
	step = 4
}

inline super_end()
{
	step == 4 ->
#ifdef ONE_SUPER
	copy_super(sb[0], sb_flying);
#else
	copy_super(sb[sb_flying.generation % 2], sb_flying);
#endif
	epoch = sb_flying.epoch;
	generation = sb_flying.generation;
	start = new_start;
	current = other;
	no_super(sb_flying);
	if
	:: activating ->			/* what was loaded stays */
		no_record(open);
		want[0] = word[0]; want[1] = word[1]
	:: else
	fi;
	activating = 0; step = 0; new_start = 0; other = 0
}

/* what was in flight: there, not there, torn, or late; blocks of maps: any */
inline crash()
{
	if
	:: late.seq -> no_record(late)
	:: else
	fi;
	if
	:: sb_late.generation -> no_super(sb_late)
	:: else
	fi;
	if
	:: !BUSY
	:: BUSY -> copy_record(ring[PLACE(flying.seq)], flying)
	:: BUSY
	:: BUSY -> no_record(ring[PLACE(flying.seq)])
	:: BUSY -> copy_record(late, flying)
	fi;
	if
	:: step != 4
#ifdef ONE_SUPER
	:: step == 4 -> no_super(sb[0])
#else
	:: step == 4 -> copy_super(sb[sb_flying.generation % 2], sb_flying)
	:: step == 4
	:: step == 4 -> no_super(sb[sb_flying.generation % 2])
	:: step == 4 -> copy_super(sb_late, sb_flying)
#endif
	fi;
	i = 0;
	do
	:: i == 4 -> break
	:: i < 4 ->
		medium[i / 2].generation[i % 2] = cached[i / 2].generation[i % 2];
		medium[i / 2].word[i % 2] = cached[i / 2].word[i % 2];
		i++
	:: i < 4 && medium[i / 2].generation[i % 2] != cached[i / 2].generation[i % 2] ->
		cached[i / 2].generation[i % 2] = medium[i / 2].generation[i % 2];
		cached[i / 2].word[i % 2] = medium[i / 2].word[i % 2];
		i++
	od;
	i = 0;
	no_super(sb_flying)
}

inline load()
{
	best = (sb[1].generation > sb[0].generation -> 1 : 0);
	assert(sb[best].generation);		/* there is a superblock */
	epoch = sb[best].epoch;
	generation = sb[best].generation;
	start = sb[best].start;
	current = sb[best].map;
	assert(medium[current].generation[0] == sb[best].map_generation);
	assert(medium[current].generation[1] == sb[best].map_generation);
	got[0] = medium[current].word[0];
	got[1] = medium[current].word[1];
	next = start;
	do
	:: ring[PLACE(next)].seq == next && ring[PLACE(next)].epoch == epoch ->
		got[ring[PLACE(next)].key] = ring[PLACE(next)].value;
		next++
	:: else -> break
	od;
	i = 0;
	do					/* no hole */
	:: i == RING -> break
	:: else ->
		assert(ring[i].epoch != epoch || ring[i].seq <= next);
		i++
	od;
	if
	:: BUSY -> copy_record(open, flying)
	:: else
	fi;
	if
	:: got[0] == want[0] && got[1] == want[1]
	:: else ->				/* or the one in flight too */
		assert(open.seq);
		assert(got[open.key] == open.value);
		assert(got[1 - open.key] == want[1 - open.key])
	fi;
	word[0] = got[0]; word[1] = got[1];
	no_record(flying);
	step = 0; new_start = 0; other = 0;
	activating = 1;
	i = 0; best = 0; got[0] = 0; got[1] = 0;
	lives++
}

active proctype volume()
{
	atomic {
		sb[1].generation = 1; sb[1].epoch = 1; sb[1].start = 1; sb[1].map_generation = 1;
		medium[0].generation[0] = 1; medium[0].generation[1] = 1;
		cached[0].generation[0] = 1; cached[0].generation[1] = 1
	}
end:	do
	:: atomic { record_begin(0) }
	:: atomic { record_begin(1) }
	:: atomic { record_end() }
	:: atomic { checkpoint_begin() }
	:: atomic { checkpoint_write(0) }
	:: atomic { checkpoint_write(1) }
	:: atomic { super_begin() }
	:: atomic { super_end() }
	:: atomic { lives < LIVES -> crash(); load() }
	:: atomic { late.seq -> copy_record(ring[PLACE(late.seq)], late); no_record(late) }
	:: atomic { sb_late.generation ->
		copy_super(sb[sb_late.generation % 2], sb_late); no_super(sb_late) }
	od
}
