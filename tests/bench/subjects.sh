# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Sourced by the guest scripts of the bench: how the things that are compared
# are built, each on members of its own so that none disturbs another, and how
# a result is written.  A member is a null_blk without data, with the attributes
# in $MEMBER.  Measures nothing.

# shellcheck disable=SC2034 # the defaults of a group; scripts override them
MEMBER='irqmode=0 submit_queues=1 hw_queue_depth=128'
MEMBER_MB=256
SEGMENT=2048 # sectors
ARRAYS=0

# While the host's disk is waited for, virtual time runs away: that is no hang.
# (modprobe has waited before this is read, hence the allow-log of the scripts.)
echo 0 >/proc/sys/kernel/hung_task_timeout_secs

say() { echo "$*" >&2; }

member() { # member NAME [ATTRIBUTE=VALUE]...
	local name=$1
	shift
	# shellcheck disable=SC2086 # a list
	nullb "$name" "$MEMBER_MB" memory_backed=0 queue_mode=2 $MEMBER "$@"
}

# --- peers: device NAME is /dev/mapper/NAME, or what the comment says -------

make_linear() { # make_linear NAME
	member "$1.0"
	dm_linear "$1" "/dev/$1.0"
}

make_stripe() {
	member "$1.0"
	member "$1.1"
	dm_create "$1" <<TABLE
0 $((2 * $(sectors "/dev/$1.0"))) striped 2 128 /dev/$1.0 0 /dev/$1.1 0
TABLE
}

make_mirror() { # in sync from the start
	requires_target mirror
	member "$1.0"
	member "$1.1"
	dm_create "$1" <<TABLE
0 $(sectors "/dev/$1.0") mirror core 2 1024 nosync 2 /dev/$1.0 0 /dev/$1.1 0
TABLE
}

members() { # members NAME COUNT: makes NAME.0 and on, and leaves them in $DEVICES
	local i=0
	DEVICES=
	while [ $i -lt "$2" ]; do
		member "$1.$i"
		DEVICES="$DEVICES /dev/$1.$i"
		i=$((i + 1))
	done
}

array() { # array DEVICE...: an md raid1 without metadata, in sync; it is $MD
	ARRAYS=$((ARRAYS + 1))
	MD=/dev/md$ARRAYS
	mdadm --quiet --build "$MD" --level=1 --raid-devices=$# --assume-clean "$@"
	on_exit "mdadm --quiet --stop $MD"
}

make_raid1() { # make_raid1 NAME LEGS
	members "$1" "$2"
	# shellcheck disable=SC2086 # a list
	array $DEVICES
}

# --- predshard -------------------------------------------------------------

knobs() { # knobs NAME: the folder of a volume's knobs
	echo "/sys/block/dm-$(dmsetup info -c --noheadings -o minor "$1" | tr -d ' ')/predshard"
}

table() { # table NAME DEVICE...: the table line of volume NAME over devices
	local name=$1 role=primary members='' device
	shift
	for device; do
		members="$members $role:$device:0"
		role=replica
	done
	echo "0 $(sectors "$1") predshard /dev/$name.meta $SEGMENT $#$members"
}

filled() { dmsetup status "$1" | grep -q ' copies_left_segments=0 '; }

# volume NAME DEVICE...: returns when all copies are in sync.  The members keep
# no data, so what was copied must not be compared with what was read.
volume() {
	local name=$1 first=$2
	nullb "$name.meta" 4
	dm_create "$name" <<TABLE
$(table "$name" "$first")
TABLE
	echo none >"$(knobs "$name")/copy_verify"
	shift
	if [ $# -gt 1 ]; then table "$name" "$@" | dm_reload "$name"; fi
	wait_until 300 filled "$name" || fail "not filled: $(dmsetup status "$name")"
}

make_predshard() { # make_predshard NAME MEMBERS
	members "$1" "$2"
	# shellcheck disable=SC2086 # a list
	volume "$1" $DEVICES
}

make_with_buffer() { # make_with_buffer NAME: one member, and a buffer that is not used
	member "$1.0"
	nullb "$1.log" 8 irqmode=0
	nullb "$1.meta" 4
	dm_create "$1" <<TABLE
0 $(sectors "/dev/$1.0") predshard /dev/$1.meta $SEGMENT 2 primary:/dev/$1.0:0 buffer:/dev/$1.log:0
TABLE
}

status_word() { # status_word NAME KEY
	dmsetup status "$1" | tr ' ' '\n' | sed -n "s/^$2=//p"
}

# Nothing of making the subjects is left: no work, no cached page of a device.
# The page cache as a whole must stay: while a program is read from the host's
# disk, virtual time runs away.
quiet() {
	local path
	sleep 2
	for path in /sys/block/*; do
		case $path in
		*/vd*) ;; # the guest's own
		*) blockdev --flushbufs "/dev/${path##*/}" ;;
		esac
	done
}

# --- results ---------------------------------------------------------------

# row CASE SUBJECT METRIC VALUE UNIT: none of them has blanks
row() {
	[ -n "$4" ] || fail "no value: $*"
	echo "$*" >>/out/rows
	say "$*"
}

word() { # word KEY: the values of KEY in lines of bench-io, one per line
	tr ' ' '\n' | sed -n "s/^$1=//p"
}

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'; }
spread() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[NR] - v[1] }'; }
