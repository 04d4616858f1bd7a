# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# What a guest case is written with; README.md beside this file is the manual.
# Devices made here remove themselves when the case ends, whatever its result,
# newest first.  A name given to nullb or dm_create is the whole handle: the
# device is /dev/NAME or /dev/mapper/NAME.  POSIX sh for busybox; no helper
# sleeps a fixed time to wait for something.

NULLB=/sys/kernel/config/nullb
CLEANUP=
FAILED=

log() { echo "# $*"; }
fail() { FAILED=1; echo "FAIL: $*"; exit 1; }
skip() { echo "$*"; exit 77; }

# busybox sh runs its own applets before looking at PATH; where the guest has
# the real program, that is the one to run.
prefer_real_programs() {
	local path name
	for path in /tools/bin/*; do
		name=${path##*/}
		if [ -L "/bin/$name" ]; then eval "$name() { $path \"\$@\"; }"; fi
	done
}

# --- begin and end, called by the runner -----------------------------------

load_predshard() {
	[ -e /lib/predshard/dm-predshard.ko ] || return 0
	[ ! -e /sys/module/dm_predshard ] || return 0
	local needed
	needed=$(modinfo -F depends /lib/predshard/dm-predshard.ko | tr , ' ')
	# shellcheck disable=SC2086 # a list
	[ -z "$needed" ] || modprobe -a $needed
	insmod /lib/predshard/dm-predshard.ko
}

case_begin() {
	prefer_real_programs
	[ $# -eq 0 ] || modprobe -a "$@" || skip "this kernel lacks one of: $*"
	load_predshard || fail "dm-predshard does not load"
}

case_end() { # case_end STATUS LINE
	local status=$1
	trap - EXIT
	set +eu
	case $status in
	0 | 77) ;;
	*) [ -n "$FAILED" ] || echo "FAIL: line $2: a command ended with status $status" ;;
	esac
	kill_processes
	run_cleanup || status=1
	wait_until 10 no_processes || { echo "FAIL: processes that cannot be killed"; exit 99; }
	if [ -n "$(leftovers)" ]; then
		echo "FAIL: left behind: $(leftovers | tr '\n' ' ')"
		status=1
		remove_leftovers
		[ -z "$(leftovers)" ] || { echo "FAIL: and it cannot be removed"; exit 99; }
	fi
	exit "$status"
}

# on_exit COMMAND...: run it when the case ends; last given runs first
on_exit() {
	CLEANUP="$*
$CLEANUP"
}

run_cleanup() {
	local command result=0
	while read -r command; do
		[ -n "$command" ] || continue
		eval "$command" || { echo "FAIL: cleanup: $command"; result=1; }
	done <<EOF
$CLEANUP
EOF
	return $result
}

# The processes of this case: all of its session but the shell itself.
processes() {
	local file self pid session rest
	read -r self rest </proc/self/stat # this may run in a subshell
	for file in /proc/[0-9]*/stat; do
		# shellcheck disable=SC2034 # fields that are not used
		read -r pid name state parent group session rest <"$file" || continue
		[ "$session" != $$ ] || [ "$pid" = $$ ] || [ "$pid" = "$self" ] || echo "$pid"
	done 2>/dev/null
}

no_processes() { [ -z "$(processes)" ]; }

kill_processes() {
	local pid
	for pid in $(processes); do kill -9 "$pid" 2>/dev/null; done
}

# What must not outlive a case, one per line.
leftovers() {
	local path
	for path in /sys/block/dm-* "$NULLB"/*/ /sys/block/md*; do
		if [ -d "$path" ]; then echo "${path%/}"; fi
	done
	for path in /sys/block/loop*/loop/backing_file; do
		if [ -e "$path" ]; then echo "$path"; fi
	done
	awk '$2 !~ "^/($|proc|sys|dev|tmp$|run$|tools$|lib/modules$)" { print "mount " $2 }' /proc/mounts
	if [ -e /sys/module/dm_predshard ] && [ "$(cat /sys/module/dm_predshard/refcnt)" != 0 ]; then
		echo "references to dm-predshard"
	fi
}

remove_leftovers() {
	local path
	awk '$2 !~ "^/($|proc|sys|dev|tmp$|run$|tools$|lib/modules$)" { print $2 }' /proc/mounts |
		sort -r | while read -r path; do umount -f "$path" || umount -l "$path"; done
	timeout 20 dmsetup remove_all --force
	for path in /sys/block/md*; do
		if [ -d "$path" ]; then timeout 5 mdadm -S "/dev/${path##*/}"; fi
	done
	losetup -D
	for path in "$NULLB"/*/; do
		if [ -d "$path" ]; then remove_nullb "$(basename "$path")"; fi
	done
}

# --- what a case needs -----------------------------------------------------

requires() { # requires COMMAND...
	local command
	for command; do
		command -v "$command" >/dev/null || skip "no $command in the guest"
	done
}

requires_target() { # requires_target NAME...: device-mapper targets
	local target
	for target; do
		modprobe -q "dm-$target" || true
		dmsetup targets | grep -q "^$target " || skip "no dm target $target"
	done
}

# wait_until SECONDS COMMAND...: true as soon as the command is
wait_until() {
	local deadline
	deadline=$(($(uptime_cs) + $1 * 100))
	shift
	until "$@"; do
		[ "$(uptime_cs)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

uptime_cs() { # hundredths of a second since boot
	local up
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# --- devices ---------------------------------------------------------------

# nullb NAME SIZE_MB [ATTRIBUTE=VALUE]...: a memory-backed disk /dev/NAME
nullb() {
	local dir=$NULLB/$1 pair
	mkdir "$dir"
	on_exit "remove_nullb $1"
	echo "$2" >"$dir/size"
	echo 1 >"$dir/memory_backed"
	shift 2
	for pair; do echo "${pair#*=}" >"$dir/${pair%%=*}"; done
	nullb_power_on "${dir##*/}"
}

# Newer kernels call the disk NAME, older ones nullb<index>.
nullb_power_on() {
	local index
	echo 1 >"$NULLB/$1/power"
	read -r index <"$NULLB/$1/index"
	if [ ! -b "/dev/$1" ] || [ -L "/dev/$1" ]; then ln -sf "nullb$index" "/dev/$1"; fi
}

remove_nullb() {
	echo 0 >"$NULLB/$1/power"
	rmdir "$NULLB/$1" || return
	if [ -L "/dev/$1" ]; then rm "/dev/$1"; fi
}

# power_cut NAME...: what is only in the disk's volatile cache (cache_size=MB)
# is lost.  Remove what sits on top of the disks first.
power_cut() {
	local name
	for name; do echo 0 >"$NULLB/$name/power"; done
	for name; do nullb_power_on "$name"; done
}

sectors() { # sectors DEVICE
	blockdev --getsz "$1"
}

# A volume is made patient: on a busy host an emulated disk can be still for
# seconds.  Cases about members that hang make it impatient.
dm_create() { # dm_create NAME <TABLE
	dmsetup create "$1" || return
	on_exit "dm_remove $1"
	if [ -d "$(sysfs_of "$1")" ]; then patient "$1"; fi
}

dm_remove() { # dm_remove NAME: also if it is gone already
	[ ! -e "/dev/mapper/$1" ] || dmsetup remove --retry "$1"
}

dm_reload() { # dm_reload NAME <TABLE: swap the live table
	dmsetup load "$1" && dmsetup resume "$1"
}

dm_linear() { # dm_linear NAME DEVICE [FIRST_SECTOR [SECTORS]]
	local first=${3:-0}
	dm_create "$1" <<EOF
0 ${4:-$(($(sectors "$2") - first))} linear $2 $first
EOF
}

dm_delay() { # dm_delay NAME DEVICE READ_MS [WRITE_MS]
	requires_target delay
	dm_create "$1" <<EOF
0 $(sectors "$2") delay $2 0 $3 $2 0 ${4:-$3}
EOF
}

dm_flakey() { # dm_flakey NAME DEVICE UP_SECONDS DOWN_SECONDS [FEATURE]...
	local name=$1 device=$2 up=$3 down=$4
	shift 4
	requires_target flakey
	dm_create "$name" <<EOF
0 $(sectors "$device") flakey $device 0 $up $down $# $*
EOF
}

# --- comparing -------------------------------------------------------------

# same DEVICE_A DEVICE_B [SECTORS [SKIP_A [SKIP_B]]]: byte by byte, past the
# page cache; prints the first sector that differs
same() { compare "$@"; }

# checksum_tree FOLDER: one line that stands for all names and contents
checksum_tree() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0r md5sum) | md5sum | cut -d' ' -f1
}

# --- volumes ---------------------------------------------------------------

stat_of() { # stat_of VOLUME KEY: one word of its status, as m1.reads
	dmq get "$1" "$2"
}

stat_is() { # stat_is VOLUME KEY VALUE
	dmq wait 0 "$1" "$2" = "$3"
}

stat_becomes() { # stat_becomes SECONDS VOLUME KEY VALUE: or the case fails
	dmq wait "$1" "$2" "$3" = "$4" || fail "$3 did not become $4: $(dmsetup status "$2")"
}

stat_exceeds() { # stat_exceeds SECONDS VOLUME KEY NUMBER: or the case fails
	dmq wait "$1" "$2" "$3" '>' "$4" || fail "$3 did not exceed $4: $(dmsetup status "$2")"
}

message() { # message VOLUME WORD...
	dmq message "$@"
}

swap() { # swap NAME TABLE: make it the live table; lines end with ";"
	dmq load "$1" "$2" && dmq resume "$1"
}

filled() { # filled VOLUME [SECONDS]: wait until every wanted copy is in sync
	stat_becomes "${2:-20}" "$1" copies_left_segments 0
}

identical() { # identical DEVICE DEVICE...: all like the first
	local device
	for device; do same "$1" "$device" || return; done
}

sysfs_of() { # sysfs_of VOLUME: its folder in sysfs
	echo "/sys/dev/block/$(dmsetup info -c --noheadings --separator : -o major,minor "$1")/predshard"
}

knob() { # knob VOLUME FILE VALUE: set a value in sysfs
	echo "$3" >"$(sysfs_of "$1")/$2"
}

impatient() { # impatient VOLUME: a member that hangs has soon failed
	knob "$1" suspect_stall_ms 500
	knob "$1" fail_stall_ms 1500
}

patient() { # patient VOLUME: one that is slow, as in emulation, has not
	knob "$1" suspect_stall_ms 100000
	knob "$1" fail_stall_ms 100000
}

fill_fast() { # fill_fast VOLUME: copies do not make way for load
	local file
	for file in "$(sysfs_of "$1")"/m*/copy_floor_kBps; do echo 1000000 >"$file"; done
}

random_data() { # random_data DEVICE: fill it
	dd if=/dev/urandom of="$1" bs=1M count=$(($(sectors "$1") / 2048)) oflag=direct 2>/dev/null
}

# --- the kernel log --------------------------------------------------------

log_mark() { # what log_has looks behind
	LOG_MARK="case-mark-$(uptime_cs)-$$"
	echo "$LOG_MARK" >/dev/kmsg
}

log_has() { # log_has REGEX: since the mark
	dmesg | sed "1,/$LOG_MARK/d" | grep -qE -- "$1"
}

# --- load ------------------------------------------------------------------

# load_begin COMMAND...: in the background, output to load.log;
# load_end: ask it to end (stamp does) and fail unless it ended well.
load_begin() {
	"$@" >load.log 2>&1 &
	LOAD=$!
}

load_end() {
	kill -TERM "$LOAD" 2>/dev/null || true
	wait "$LOAD" || fail "the load ended with $?: $(cat load.log)"
}

load_alive() { kill -0 "$LOAD" 2>/dev/null || fail "the load ended early: $(cat load.log)"; }

verified_fio() { # verified_fio DEVICE OPTION...: random I/O that is read back
	local device=$1
	shift
	fio --name=v --filename="$device" --direct=1 --ioengine=libaio --iodepth=16 --rw=randrw \
		--verify=crc32c --verify_fatal=1 "$@" >fio.log 2>&1 || { cat fio.log; fail "fio: $*"; }
}
