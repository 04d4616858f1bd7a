# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What the crash cases share: a volume on disks that can be taken back to any
# instant (crashdisk), a run of it that is recorded, and then, for many instants
# of that run: what the disks may hold after a power cut there, activated, read,
# written a little, cut again during that activation or in what was written,
# activated, read.
#
# What each reading must show is in stamp.c: what was durable or newer and
# issued by then (I1), whole sectors (I2), the same twice and again after the
# second cut (I3).  Each reading is a point.  Now and then the copies are
# compared as well (I5).
#
# A case sets LINE (its table), has "# files: tests/guest/crash.sh" and "#
# modules: nbd", defines scenario, which ends with crash_begin, what is recorded,
# and crash_end, and says crash_disks NAME:MB... and crash CUTS.  crash_cuts=N
# crash_rounds=N crash_seed=N on the kernel's command line are for long runs.
# shellcheck disable=SC2086 # numbers and names of files have no blanks

VOL=/dev/mapper/vol
SPAN=1024		# sectors that are written and read, from FIRST on
FIRST=0
DISCARDS=0		# 1: also discarded; then they may say anything
BUFFERED=		# yes: there is a buffer
LINE=			# the table
COPIES=			# devices that must be equal when all is in sync
SEED=1
LIFE=20			# number of the first writer after a cut
CUT=0			# of the whole case
POINTS=0

crash_disks() { # crash_disks NAME:MB...
	# not of this session: it must outlive the volume, also when the case fails
	setsid crashdisk serve . "$@" >disks.log 2>&1 &
	wait_until 60 [ -S control ] || fail "no disks: $(cat disks.log)"
	on_exit 'disks quit >answer 2>&1 || true'
	on_exit 'down'
	# a cut costs half the time, and most of that is grace periods
	echo 1 >/sys/kernel/rcu_expedited
	on_exit 'echo 0 >/sys/kernel/rcu_expedited'
}

disks() { crashdisk . "$@"; }

up() { # activate it
	dmq create vol || return
	if ! dmq load vol "$LINE" || ! dmq resume vol; then
		dmq remove vol
		return 1
	fi
	[ "$(cat /sys/block/dm-0/dm/name)" = vol ] || fail "dm-0 is not the volume"
	ln -sf ../dm-0 $VOL
	echo 100000 >/sys/block/dm-0/predshard/suspect_stall_ms
	echo 100000 >/sys/block/dm-0/predshard/fail_stall_ms
}

down() { # remove it in order; what that writes is not looked at
	[ -L $VOL ] || return 0
	rm -f $VOL
	until dmq remove vol 2>remove.log; do sleep 0.05; done
}

# --- the run ---------------------------------------------------------------

crash_fresh() { # a new volume, in sync, filled with what is known
	disks delay 0 >answer
	disks blank >answer
	up || fail "no volume"
	stat_becomes 100 vol copies_left_segments 0
	if [ -n "$BUFFERED" ]; then message vol write_mode buffer; fi
	stamp $VOL first=$FIRST span=$SPAN writers=0 readers=0 clock=clock state=fill.state >stamp.log || fail "fill"
	stamp $VOL first=$FIRST span=$SPAN check=fill.state saw=filled passes=1 || fail "fill"
	# or what is recorded would set none
	stat_becomes 100 vol intent_segments 0
}

crash_begin() { # from here on all is recorded
	disks delay 1500 >answer
	disks begin >answer
	BEGUN=$(disks now)
}

crash_end() {
	ENDED=$(disks now)
	down
	disks delay 0 >answer
}

# load STAMP_WORDS...: what is written, meanwhile; loading is true until it ends
load() {
	rm -f loaded
	(
		stamp $VOL first=$FIRST span=$SPAN from=filled clock=clock state=run.state readers=0 seed=$SEED "$@" >load.log
		echo $? >loaded
	) &
}

loading() { [ ! -e loaded ]; }

load_ended() {
	wait_until 200 [ -s loaded ] || fail "the load does not end"
	[ "$(cat loaded)" = 0 ] || fail "the load: $(cat load.log)"
}

# --- the cuts --------------------------------------------------------------

wrong() {
	dmesg | tail -n 20
	cat wrong 2>/dev/null || true
	dmsetup status | tr " " "\n" | grep -E "state|used|sectors|left|merge" | tr "\n" " "
	fail "$*: round seed $SEED, cut $CUT: $WHERE"
}

# must_read STATE AT SAW: as after a cut at that time of the run of that state
must_read() {
	POINTS=$((POINTS + 1))
	stamp $VOL first=$FIRST span=$SPAN check="$1" at="$2" saw="$3" passes=2 discard=$DISCARDS >wrong ||
		wrong "wrong data"
}

work() { # something to do between the first and the second cut
	if [ -n "$BUFFERED" ]; then
		if [ $((CUT % 4)) = 0 ]; then message vol write_mode home; else message vol write_mode buffer; fi
		if [ $((CUT % 3)) = 0 ]; then message vol merge start; fi
	fi
	stamp $VOL first=$FIRST span=$SPAN from=saw1 number=$LIFE clock=clock state=second.state writers=2 readers=0 \
		ops=6 max=40 flush=4 dsync=4 zero=10 passes=1 seed=$CUT >wrong || wrong "in the second life"
}

compare_copies() { # what is in sync is the same
	local device
	if [ -n "$BUFFERED" ]; then
		message vol write_mode home
		stat_becomes 100 vol buffered_sectors 0
	fi
	stat_becomes 100 vol copies_left_segments 0
	for device in $COPIES; do
		same $VOL "$device" "$(sectors $VOL)" >wrong || wrong "copies differ"
	done
}

crash_cut() { # crash_cut TIME
	local born active shown gone second state=run.state at=$1 how=cut
	CUT=$((CUT + 1))
	WHERE="$how at $1 ($BEGUN to $ENDED)"
	if [ $((CUT % 5)) = 0 ]; then how=reset; fi
	disks $how 0 "$1" $((SEED * 1000 + CUT)) >cut.log || fail "$(cat cut.log)"
	if [ $((CUT % 8)) -lt 4 ]; then disks delay 400 >answer; fi
	born=$(disks now)
	up || wrong "it does not activate"
	active=$(disks now)
	must_read run.state "$1" saw1
	shown=$(disks now)
	work
	gone=$(disks now)
	down
	disks delay 0 >answer
	if [ $((CUT % 2)) = 0 ]; then
		second=$(disks points 1 1 "$CUT" "$born" "$active")
	else
		second=$(disks points 1 1 "$CUT" "$shown" "$gone")
		state=second.state at=$((second))
	fi
	WHERE="$WHERE, then at $((second)) ($born active $active, $shown to $gone)"
	disks cut 1 $((second)) $((SEED * 1000 + CUT)) >cut.log || fail "$(cat cut.log)"
	up || wrong "it does not activate again"
	must_read $state $at saw2
	if [ -n "$COPIES" ] && [ $((CUT % 7)) = 0 ]; then compare_copies; fi
	down
}

word_of() { # word_of NAME DEFAULT: of the kernel's command line
	local word
	word=$(tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p")
	echo "${word:-$2}"
}

crash() { # crash CUTS: of one run, and one more at its end
	local round=0 time
	SEED=$(word_of crash_seed 1)
	while [ $round -lt "$(word_of crash_rounds 1)" ]; do
		scenario
		for time in $(disks points 0 "$(word_of crash_cuts "$1")" $SEED "$BEGUN" "$ENDED") $ENDED; do
			crash_cut "$time"
		done
		log "$POINTS points, seed $SEED, $((ENDED - BEGUN)) events"
		SEED=$((SEED + 1)) round=$((round + 1))
	done
}
