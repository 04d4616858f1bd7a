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
	on_exit 'down; rm -f $VOL'
	# or grace periods would be half of the time
	echo 1 >/sys/kernel/rcu_expedited
	on_exit 'echo 0 >/sys/kernel/rcu_expedited'
	on_exit 'cpus 2'
}

disks() { crashdisk . "$@"; }

CPU1=/sys/devices/system/cpu/cpu1/online
KNOBS=/sys/block/dm-0/predshard
up() { # activate it; few programs are started, for that is most of the time
	local name
	if ! dmq create vol , load vol "$LINE" , resume vol , \
		set $KNOBS/suspect_stall_ms 100000 , set $KNOBS/fail_stall_ms 100000; then
		dmq remove vol || true
		return 1
	fi
	read -r name </sys/block/dm-0/dm/name
	[ "$name" = vol ] || fail "dm-0 is not the volume"
	[ -L $VOL ] || ln -sf ../dm-0 $VOL
}

down() { # remove it in order; what that writes is not looked at
	[ -e $KNOBS ] || return 0
	until dmq remove vol 2>remove.log; do sleep 0.05; done
}

# --- the run ---------------------------------------------------------------

# What is recorded runs on two CPUs.  Most cuts are looked at by one: who asks
# and who serves the disks take turns, and waking the other CPU each time takes
# longer than all else where emulated CPUs have to wait for real ones.
cpus() { # cpus 1|2
	[ ! -e $CPU1 ] || echo $(($1 - 1)) >$CPU1
}

crash_fresh() { # a new volume, in sync, filled with what is known
	cpus 1
	disks delay 0 , blank >answer
	up || fail "no volume"
	stat_becomes 100 vol copies_left_segments 0
	if [ -n "$BUFFERED" ]; then message vol write_mode buffer; fi
	stamp $VOL first=$FIRST span=$SPAN writers=0 readers=0 clock=clock state=fill.state >stamp.log || fail "fill"
	stamp $VOL first=$FIRST span=$SPAN check=fill.state saw=filled passes=1 || fail "fill"
	# or what is recorded would set none: an orderly removal leaves none
	down
	up || fail "no volume again"
	stat_is vol intent_segments 0 || fail "intent after an orderly removal"
	[ -z "$BUFFERED" ] || stat_is vol write_mode buffer || fail "the write mode is forgotten"
}

crash_begin() { # from here on all is recorded
	cpus 2
	disks delay 1500 , begin , now >answer
	{ read -r _; read -r _; read -r BEGUN; } <answer
}

crash_end() {
	ENDED=$(disks now)
	down
	cpus 1
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

# must_read STATE AT SAW: as after a cut at that time of the run of that state;
# FROM and TO are when it was read
must_read() {
	POINTS=$((POINTS + 1))
	stamp $VOL first=$FIRST span=$SPAN check="$1" at="$2" saw="$3" passes=2 discard=$DISCARDS clock=clock >wrong ||
		wrong "wrong data"
	read -r _ _ FROM _ TO <wrong
}

work() { # something to do between the first and the second cut; it ends at TO
	local mode=buffer
	if [ -n "$BUFFERED" ]; then
		if [ $((CUT % 4)) = 0 ]; then mode=home; fi
		if [ $((CUT % 3)) = 0 ]; then
			dmq message vol write_mode $mode , message vol merge start
		else
			dmq message vol write_mode $mode
		fi
	fi
	stamp $VOL first=$FIRST span=$SPAN from=saw1 number=$LIFE clock=clock state=second.state writers=2 readers=0 \
		ops=6 max=40 flush=4 dsync=4 zero=10 passes=1 seed=$CUT >wrong || wrong "in the second life"
	{ read -r _; read -r _ _ _ _ TO; } <wrong
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
	local born active shown gone second state=run.state at=$1 how=cut delay=0 seed=$((SEED * 1000 + CUT + 1))
	CUT=$((CUT + 1))
	if [ $((CUT % 5)) = 0 ]; then how=reset; fi
	WHERE="$how at $1 ($BEGUN to $ENDED)"
	if [ $((CUT % 8)) -lt 4 ]; then delay=400; fi
	disks $how 0 "$1" $seed , delay $delay , now >cut.log || fail "$(cat cut.log)"
	{ read -r _; read -r _; read -r born; } <cut.log
	up || wrong "it does not activate"
	must_read run.state "$1" saw1
	active=$FROM shown=$TO
	work
	gone=$TO
	down
	if [ $((CUT % 2)) = 0 ]; then
		disks points 1 1 $CUT "$born" "$active" , delay 0 >cut.log
		read -r second _ <cut.log
	else
		disks points 1 1 $CUT "$shown" "$gone" , delay 0 >cut.log
		read -r second _ <cut.log
		state=second.state at=$second
	fi
	WHERE="$WHERE, then at $second ($born active $active, $shown to $gone)"
	disks cut 1 "$second" $seed >cut.log || fail "$(cat cut.log)"
	up || wrong "it does not activate again"
	must_read $state "$at" saw2
	if [ -n "$COPIES" ] && [ $((CUT % 7)) = 0 ]; then compare_copies; fi
	down
}

word_of() { # word_of NAME DEFAULT: of the kernel's command line
	local word
	word=$(tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p")
	echo "${word:-$2}"
}

crash_cuts() { # crash_cuts CUTS: of the run, and one more at its end; 1 of 8 on two CPUs
	local nr=0 time
	for time in $(disks points 0 "$1" "$SEED" "$BEGUN" "$ENDED") $ENDED; do
		if [ $((nr * 8 / $1)) = $((SEED % 8)) ]; then cpus 2; else cpus 1; fi
		crash_cut "$time"
		nr=$((nr + 1))
	done
}

crash() { # crash CUTS
	local round=0 cuts
	SEED=$(word_of crash_seed 1)
	cuts=$(word_of crash_cuts "$1")
	while [ $round -lt "$(word_of crash_rounds 1)" ]; do
		scenario
		crash_cuts "$cuts"
		log "$POINTS points, seed $SEED, $((ENDED - BEGUN)) events"
		SEED=$((SEED + 1)) round=$((round + 1))
	done
}
