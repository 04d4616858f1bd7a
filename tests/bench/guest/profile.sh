# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# One cell on some subjects, for tests/bench/profile, which counts the executed
# instructions from outside.  /with/plan has the subjects in its first line and
# the options of bench-io in its second.  Its own figures are slowed by nothing:
# virtual time does not know that it is watched.
# modules: crc32c-intel raid1 bcache dm-writecache dm-cache dm-cache-smq
# memory: 3072
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 300
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh
# shellcheck source=tests/bench/buffers.sh
. /with/buffers.sh

# shellcheck disable=SC2034 # read by pair_of_devices
HOME_MEMBER='irqmode=0 hw_queue_depth=128' FAST_MEMBER=$HOME_MEMBER

{
	read -r names
	read -r options
} </with/plan
for name in $names; do
	DEV=/dev/mapper/$name
	case $name in
	raw) member raw && DEV=/dev/raw ;;
	linear | stripe | mirror) "make_$name" "$name" ;;
	raid1) make_raid1 raid1 2 && DEV=$MD ;;
	fast | predshard_buffer | writecache | cache | bcache) pair_of_devices && have_pages && "make_$name" ;;
	with-buffer) make_with_buffer "$name" ;;
	predshard*) make_predshard "$name" "${name#predshard}" ;;
	*) fail "no subject $name" ;;
	esac
	# Now, because the modules are loaded.
	cat /proc/kallsyms >/out/symbols
	quiet
	# shellcheck disable=SC2086 # a list
	bench-io $options runs=1 "$DEV"
	take_away
done
