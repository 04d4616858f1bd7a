/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The copies protocol of docs/disk-format.md for one segment: two blocks, one
 * writer each, MEMBERS members with volatile caches, one metadata worker, a
 * flusher, a clearer of intent, somebody who loses and returns members, and a
 * copier.
 *
 * A crash is no process here.  poss[] is the set of values that a block of a
 * member may have on its medium if the power goes now, so "a crash at any step"
 * is a statement about every state, which `monitor` makes:
 *   I1  what a FLUSH covered is on the durable home, whatever the caches keep
 *   I2  copies of a durable word without INTENT cannot differ
 *   I3  a usable copy holds every acknowledged write, and copies agree
 *   I5  the word has one home, and it is not among its copies
 * A life begins in any state that activation may leave (init), so that one life
 * stands for many.  Values only rise: 0 stale, 1 what was there, 2.. written.
 *
 * Does not model: several segments (a record of one word is atomic), legs that
 * hang, FUA, asynchronous copies, the journal (checkpoint.pml).  The legs of
 * one write are one step: poss[] has every order of them already.
 *
 * -D of a mutant takes one rule out; tests/model/run lists them.
 */

#ifndef MEMBERS
#define MEMBERS 2
#endif
#ifndef WRITES0
#define WRITES0 2	/* of the writers */
#endif
#ifndef WRITES1
#define WRITES1 1
#endif
#ifndef FLUSHES
#define FLUSHES 1
#endif
#ifndef CLEARS
#define CLEARS 1
#endif
#ifndef FILLS
#define FILLS 1
#endif
#ifndef FAULTS
#define FAULTS 2	/* failed legs, failed flushes and lost members together */
#endif
#ifndef RETURNS
#define RETURNS 1
#endif

#define NONE		7
#define ALL		((1 << MEMBERS) - 1)
#define BIT(m)		(1 << (m))
#define HAS(set, m)	(((set) >> (m)) & 1)
#define LOWEST(x)	((x) & 1 -> 0 : ((x) & 2 -> 1 : ((x) & 4 -> 2 : 3)))
#define AT(m, b)	(2 * (m) + (b))

/* the word in memory, and as the journal has it */
byte home, copies, dhome, dcopies;
bit intent, clearing, dintent;
#define VALID		(BIT(home) | copies)

byte usable = ALL, away;	/* sets; away is durable */
byte copying = NONE;		/* target of the job */
bit spoilt;

byte vol[2 * MEMBERS];		/* what a read of the member returns */
byte poss[2 * MEMBERS];		/* set of values its medium may have */
byte forgetful;			/* members that failed a flush */
byte dirty;			/* members with unflushed writes, as FLUSH sees it */

byte acked[2], flushed[2];
byte busy;			/* blocks with a write inside */
byte held;			/* those that fans hold; the fast path holds none */
byte drain_clear, drain_fill;	/* writes that a drain waits for */
byte faults = FAULTS;

/* metadata worker: requests in order, one answer per requester */
#define INTENT	1
#define LOSE	2
#define CLEAR	3
#define AWAY	4
#define BACK	5
#define GAIN	6
#define FLUSHER	2
#define CLEARER	3
#define LOSER	4
#define COPIER	5
#define DONE	1
#define REFUSED	2
chan queue = [6] of { byte, byte, byte };
byte answer[6];

#define ASK(what, set, who)	queue!what, set, who
#define ANSWERED(who)		(answer[who] != 0)

proctype worker()
{
	byte kind, set, who, h, c, x;
	bit i, unclear;

end:	do
	:: atomic {
		queue?kind, set, who;
		h = home; c = copies; i = intent; unclear = 0; x = DONE;
		if
		:: kind == INTENT ->
			set = VALID & usable;
			if
			:: set == 0 -> x = REFUSED
			:: else ->
				h = (HAS(set, home) -> home : LOWEST(set));
				c = set & ~BIT(h);
				i = 1;
				unclear = 1
			fi
		:: kind == LOSE ->
			set = VALID & ~set;
			if
			:: set == 0 -> c = 0
			:: else ->
				h = (HAS(set, home) -> home : LOWEST(set));
				c = set & ~BIT(h)
			fi
		:: kind == CLEAR ->
			if
			:: clearing && !(VALID & ~usable) -> i = 0; unclear = 1
			:: else -> x = REFUSED
			fi
		:: kind == AWAY ->
			away = away | BIT(set);
			if
			:: h == set && (c & ~away) ->
				h = LOWEST(c & ~away);
				c = c & ~BIT(h);
				c = (i -> c : c | BIT(set))
			:: h != set && i -> c = c & ~BIT(set)
			:: else
			fi
		:: kind == BACK ->
			away = away & ~BIT(set)
		:: kind == GAIN ->
			if
			:: !spoilt && HAS(usable, set) ->
				c = c | BIT(set);
				if
				:: set == 0 -> c = (c | BIT(h)) & ~1; h = 0
				:: else
				fi;
				i = 1;
#ifndef GAIN_KEEPS_CLEARING
				unclear = 1
#endif
			:: else -> x = REFUSED
			fi
		fi;
		/* durable from here on */
#ifdef AWAY_NOT_REPLAYED
		/* a home moved by AWAY is in the set only, not in the word */
		if
		:: kind != AWAY && kind != BACK -> dhome = h; dcopies = c; dintent = i
		:: else
		fi;
#else
		dhome = h; dcopies = c; dintent = i;
#endif
		set = 0; kind = 0
	   }
	   atomic {	/* used from here on */
		home = h; copies = c; intent = i;
		if
		:: unclear -> clearing = 0
		:: else
		fi;
		answer[who] = x;
		h = 0; c = 0; i = 0; x = 0; who = 0; unclear = 0
	   }
	od
}

/* what was in the cache of member m is gone */
inline forget(m)
{
	vol[AT(m, 0)] = LOWEST(poss[AT(m, 0)]);
	vol[AT(m, 1)] = LOWEST(poss[AT(m, 1)]);
	poss[AT(m, 0)] = BIT(vol[AT(m, 0)]);
	poss[AT(m, 1)] = BIT(vol[AT(m, 1)])
}

inline persist(m)
{
	poss[AT(m, 0)] = BIT(vol[AT(m, 0)]);
	poss[AT(m, 1)] = BIT(vol[AT(m, 1)])
}

/* step 1 of losing m: nobody uses it, and jobs that do are spoilt */
inline unuse(m)
{
	usable = usable & ~BIT(m);
	if
	:: copying == m || home == m -> spoilt = 1
	:: else
	fi
}

proctype writer(byte b; byte last)
{
	byte v = 2, targets, failed, took, m;

	do
	:: v > last -> break
	:: atomic { v <= last ->
			busy = busy | BIT(b);
again:			if
			:: copies && (!intent || clearing || (VALID & ~usable)) ->
				ASK(INTENT, 0, b);
#ifdef NO_INTENT_WAIT
				targets = VALID | (copying == NONE -> 0 : BIT(copying));
				goto send
#endif
			:: else ->
				targets = VALID | (copying == NONE -> 0 : BIT(copying));
				goto send
			fi
		}
		atomic {
			ANSWERED(b);
			if
			:: answer[b] == REFUSED -> answer[b] = 0; goto over
			:: else -> answer[b] = 0; goto again
			fi
		}
send:		atomic {
			held = (targets & (targets - 1) -> held | BIT(b) : held);
			m = 0;
			do
			:: m == MEMBERS -> break
			:: m < MEMBERS && !HAS(targets, m) -> m++
			:: m < MEMBERS && HAS(targets, m) && HAS(usable, m) ->
				vol[AT(m, b)] = v;
				poss[AT(m, b)] = poss[AT(m, b)] | BIT(v);
				dirty = dirty | BIT(m);
				took = took | BIT(m);
				m++
			:: m < MEMBERS && HAS(targets, m) && (!HAS(usable, m) || faults) ->
				/* it may have done it all the same */
				if
				:: HAS(usable, m) ->
					faults--;
					if
					:: vol[AT(m, b)] = v;
					   poss[AT(m, b)] = poss[AT(m, b)] | BIT(v)
					:: skip
					fi
				:: else
				fi;
				failed = failed | BIT(m);
				m++
			od;
			m = 0;
			if
			:: failed -> goto settle
			:: else -> answer[b] = DONE; goto acknowledge
			fi
		}
settle:		atomic {
			if
			:: failed && (targets & (targets - 1)) ->
				if
				:: copying != NONE &&
				   (HAS(failed, copying) || HAS(failed, home)) -> spoilt = 1
				:: else
				fi;
				ASK(LOSE, failed, b)
			:: else -> answer[b] = DONE
			fi
		}
acknowledge:	atomic {
#ifndef ACK_BEFORE_LOSE
			ANSWERED(b);
			answer[b] = 0;
#endif
			if
			:: HAS(took, home) -> acked[b] = v
			:: else
			fi;
over:			busy = busy & ~BIT(b);
			held = held & ~BIT(b);
			drain_clear = drain_clear & ~BIT(b);
			drain_fill = drain_fill & ~BIT(b);
			targets = 0; failed = 0; took = 0;
			v++
		}
	od
}

/* FLUSH of the members in `set`; what fails is in `failed` and not usable */
inline flush_members(set, failed, m)
{
	m = 0;
	do
	:: m == MEMBERS -> break
	:: m < MEMBERS && !HAS(set, m) -> m++
	:: m < MEMBERS && HAS(set, m) -> persist(m); m++
	:: m < MEMBERS && HAS(set, m) && faults ->
		faults--;
		failed = failed | BIT(m);
		forget(m);
		forgetful = forgetful | BIT(m);
		unuse(m);
		m++
	od;
	m = 0
}

inline send_away(failed, who)
{
	do
	:: failed == 0 -> break
	:: else ->
		atomic { ASK(AWAY, LOWEST(failed), who) }
		atomic { ANSWERED(who); answer[who] = 0; failed = failed & (failed - 1) }
	od
}

proctype flusher()
{
	byte n, set, unsafe, failed, m, was0, was1;

	do
	:: n == FLUSHES -> break
	:: else ->
		atomic {
			was0 = acked[0]; was1 = acked[1];
			set = dirty & usable;
			unsafe = dirty & ~usable;
			dirty = dirty & ~set
		}
		atomic {
			flush_members(set, failed, m);
			unsafe = unsafe | failed;
#ifndef FLUSH_TRUSTS_THE_LOST
			/* somebody else's flush failed: what it lost, ours did not find */
			unsafe = unsafe | (set & ~usable);
#endif
			dirty = dirty | failed
		}
#ifdef AWAY_AFTER_ACK
		atomic {
			if
			:: usable & VALID & ~unsafe -> flushed[0] = was0; flushed[1] = was1
			:: else
			fi
		}
		send_away(failed, FLUSHER);
#else
		send_away(failed, FLUSHER);
#ifndef FLUSH_BEFORE_AWAY
		/* what missed the flush is durably away, whoever lost it */
		!(unsafe & ~away & ~usable);
#endif
		atomic {
			if
			:: !HAS(unsafe, home) ->
				flushed[0] = was0; flushed[1] = was1
			:: else
			fi
		}
#endif
		atomic { set = 0; unsafe = 0; was0 = 0; was1 = 0; n++ }
	od
}

proctype clearer()
{
	byte n, failed, m;

end:	do
	:: n == CLEARS -> break
	:: atomic { n < CLEARS && intent ->
		clearing = 1;
		n++;
#ifndef CLEAR_WITHOUT_DRAIN
		drain_clear = busy
#endif
	   }
	   drain_clear == 0;
#ifndef CLEAR_WITHOUT_FLUSH
	   atomic { flush_members(VALID & usable, failed, m) }
	   send_away(failed, CLEARER);
#endif
	   atomic { ASK(CLEAR, 0, CLEARER) }
	   atomic {
		ANSWERED(CLEARER);
		clearing = (answer[CLEARER] == REFUSED -> 0 : clearing);
		answer[CLEARER] = 0
	   }
	od
}

/* the tick and the administrator: members go and return */
inline lose(member)
{
	faults && HAS(usable, member) ->
	m = member;
	faults--;
	unuse(m);
	ASK(AWAY, m, LOSER)
}

/* its cache may be gone; a home that forgot something is not taken back */
inline take_back(member)
{
	n < RETURNS && HAS(away & ~usable, member) && !(home == member && HAS(forgetful, member)) ->
	m = member;
	n++;
	if
	:: home != m -> forget(m)
	:: skip
	fi;
	ASK(BACK, m, LOSER)
}

proctype loser()
{
	byte m, n;

end:	do
	:: atomic { lose(0) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; m = 0 }
	:: atomic { lose(1) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; m = 0 }
	:: atomic { take_back(0) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; usable = usable | BIT(m); m = 0 }
	:: atomic { take_back(1) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; usable = usable | BIT(m); m = 0 }
#if MEMBERS > 2
	:: atomic { lose(2) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; m = 0 }
	:: atomic { take_back(2) }
	   atomic { ANSWERED(LOSER); answer[LOSER] = 0; usable = usable | BIT(m); m = 0 }
#endif
	od
}

/* copies one held block to the target */
inline copy_piece(b)
{
	vol[AT(copying, b)] = vol[AT(home, b)];
	poss[AT(copying, b)] = poss[AT(copying, b)] | BIT(vol[AT(copying, b)])
}

proctype copier()
{
	byte n, failed, m, t;

end:	do
	:: n == FILLS -> break
	:: atomic { n < FILLS && (usable & ~VALID & ~away) && HAS(usable, home) ->
		t = LOWEST(usable & ~VALID & ~away);
		copying = t;
		spoilt = 0;
		n++;
#ifndef FILL_WITHOUT_DRAIN
		drain_fill = busy
#endif
	   }
	   drain_fill == 0;
	   atomic { spoilt || !HAS(held, 0) ->
		if
		:: !spoilt -> copy_piece(0)
		:: else
		fi
	   }
	   atomic { spoilt || !HAS(held, 1) ->
		if
		:: !spoilt -> copy_piece(1)
		:: else
		fi
	   }
#ifndef GAIN_WITHOUT_FLUSH
	   atomic {
		if
		:: !spoilt -> flush_members(BIT(t), failed, m)
		:: else
		fi
	   }
	   send_away(failed, COPIER);
#endif
	   atomic { ASK(GAIN, t, COPIER) }
	   atomic { ANSWERED(COPIER); answer[COPIER] = 0; copying = NONE; spoilt = 0; t = 0 }
	od
}

#define UNSAFE(b)	(poss[AT(dhome, b)] & (BIT(flushed[b]) - 1))
#define APART(m, b)	(HAS(dcopies, m) && (poss[AT(m, b)] != poss[AT(dhome, b)] || \
			 (poss[AT(m, b)] & (poss[AT(m, b)] - 1))))
#define STALE(m, b)	(!HAS(busy, b) && HAS(VALID & usable, m) && \
			 (vol[AT(m, b)] < acked[b] || \
			  (HAS(usable, home) && vol[AT(m, b)] != vol[AT(home, b)])))
#if MEMBERS > 2
#define ANY(what)	(what(0, 0) || what(0, 1) || what(1, 0) || what(1, 1) || what(2, 0) || what(2, 1))
#else
#define ANY(what)	(what(0, 0) || what(0, 1) || what(1, 0) || what(1, 1))
#endif

/* never true: names for spin to print */
hidden byte I1_durable_is_durable, I2_no_divergence_without_intent, I3_no_stale_read, I5_one_truth;

proctype monitor()
{
end:	if
	:: atomic { UNSAFE(0) || UNSAFE(1) -> assert(I1_durable_is_durable) }
	:: atomic { !dintent && ANY(APART) -> assert(I2_no_divergence_without_intent) }
	:: atomic { ANY(STALE) -> assert(I3_no_stale_read) }
	:: atomic { HAS(dcopies, dhome) || HAS(copies, home) -> assert(I5_one_truth) }
	fi
}

inline instance(m, value)
{
	vol[AT(m, 0)] = value; vol[AT(m, 1)] = value;
	poss[AT(m, 0)] = BIT(value); poss[AT(m, 1)] = BIT(value)
}

init {
	atomic {
		acked[0] = 1; acked[1] = 1; flushed[0] = 1; flushed[1] = 1;
		instance(0, 1);
		instance(1, 1);
		if
		:: home = 0; copies = 2
		:: home = 1; copies = 1
		:: home = 0; instance(1, 0)
		:: home = 1; instance(0, 0)
		fi;
#if MEMBERS > 2
		if
		:: copies; copies = copies | 4; instance(2, 1)
		:: instance(2, 0)
		fi;
#endif
#ifdef ACTIVATE_WITHOUT_FLUSH
		/*
		 * The machine stopped, the member did not: what its cache held
		 * is read after activation, so it must stay.
		 */
		if
		:: copies == 0 -> poss[AT(home, 0)] = 3
		:: else
		fi;
#endif
		dhome = home; dcopies = copies;
		run worker();
		run writer(0, WRITES0 + 1);
		run writer(1, WRITES1 + 1);
		run flusher();
		run clearer();
		run loser();
		run copier();
		run monitor()
	}
}
