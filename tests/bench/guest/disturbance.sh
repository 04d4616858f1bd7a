# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The longest I/O around a change, under 4k random I/O, half reads, half writes,
# 32 at a time: the clock is cut into windows of 50 ms, each has one change near
# its start, and its longest I/O counts.  "none" only asks for the status there.
# Members take 1 ms and 32 requests at a time, so that neither they nor the CPU
# are full; and 80 us, which fills the one CPU: there the load also waits for
# its turn behind what the change makes the kernel do.  The changes come from a
# process that runs already (bench-dm): starting dmsetup is no part of them.
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 300
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

MEMBER_MB=64 SPAN=8388608 # the load stays within 8 segments
CHANGES=9 WINDOW_MS=50 FIRST_MS=310

at() { echo $((FIRST_MS + WINDOW_MS * $1)); } # at NUMBER: when, in bench-dm's time

# by_turns DEVICE ODD EVEN: two changes, CHANGES times each.  bench-dm's time
# begins at a whole 100 ms of the clock, so each window has one change.
by_turns() {
	local i=0
	while [ $i -lt $((2 * CHANGES)) ]; do
		echo "$(at $i) $1 $2"
		echo "$(at $((i + 1))) $1 $3"
		i=$((i + 2))
	done >plan
}

# The longest I/O in ms of each change's window.
longest_each() {
	awk -v width=$WINDOW_MS '
		{ for (i = 1; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] } }
		$1 ~ /^window_ms/ { longest[v["window_ms"]] = v["max_us"] }
		/at_ms=/ { print longest[int(v["at_ms"] / width) * width] / 1000 }' windows changes
}

measure() { # measure CASE-ODD CASE-EVEN SUBJECT DEVICE: under load, what plan says
	bench-io rw=mix depth=32 span=$SPAN latency=1 window_ms=$WINDOW_MS \
		ms=$((FIRST_MS + 150 + 2 * WINDOW_MS * CHANGES)) "/dev/mapper/$4" >windows &
	bench-dm <plan >changes || fail "bench-dm"
	wait $!
	longest_each >longest
	[ "$(grep -c . longest)" -eq $((2 * CHANGES)) ] || fail "$(cat changes windows)"
	report "$1" "$3" 1
	report "$2" "$3" 0
}

report() { # report CASE SUBJECT REMAINDER
	awk -v r="$3" 'NR % 2 == r' longest >values
	row "$1" "$2" longest-median "$(median <values)" ms
	row "$1" "$2" longest-max "$(sort -n values | tail -n 1)" ms
}

measure_all() { # measure_all SUFFIX, with $MEMBER
	local suffix=$1 device line
	device=linear-$suffix
	make_linear "$device"
	quiet
	by_turns "$device" status status
	measure "none-$suffix" "none-again-$suffix" linear "$device"
	line="reload $(dmsetup table "$device")"
	by_turns "$device" "$line" "$line"
	measure "reload-$suffix" "reload-again-$suffix" linear "$device"

	device=one-$suffix
	make_predshard "$device" 1
	member "added-$suffix"
	quiet
	by_turns "$device" status status
	measure "none-$suffix" "none-again-$suffix" predshard1 "$device"
	by_turns "$device" "reload $(table "$device" "/dev/$device.0" "/dev/added-$suffix")" \
		"reload $(table "$device" "/dev/$device.0")"
	measure "add-member-$suffix" "remove-member-$suffix" predshard1 "$device"

	device=two-$suffix
	make_predshard "$device" 2
	quiet
	by_turns "$device" status status
	measure "none-$suffix" "none-again-$suffix" predshard2 "$device"
	by_turns "$device" 'message drop_copy 1 2 1' 'message add_copy 1 2 1'
	measure "drop-copy-$suffix" "add-copy-$suffix" predshard2 "$device"
}

MEMBER='irqmode=2 completion_nsec=1000000 submit_queues=1 hw_queue_depth=32'
measure_all 1ms
# shellcheck disable=SC2034 # read by member
MEMBER='irqmode=2 completion_nsec=80000 submit_queues=1 hw_queue_depth=32'
measure_all 80us
