# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# One cell on some subjects, for tests/bench/profile, which counts the executed
# instructions from outside.  /with/plan has the subjects in its first line and
# the options of bench-io in its second.  Its own figures are slowed by nothing:
# virtual time does not know that it is watched.
# modules: raid1
# mode: warp
# allow-log: task modprobe:|echo 0 > /proc/sys/kernel/hung_task
# timeout: 300
# shellcheck source=tests/bench/subjects.sh
. /with/subjects.sh

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
	predshard*) make_predshard "$name" "${name#predshard}" ;;
	*) fail "no subject $name" ;;
	esac
	echo "$DEV" >>/out/devices
done
cat /proc/kallsyms >/out/symbols
quiet
while read -r device; do
	# shellcheck disable=SC2086 # a list
	bench-io $options runs=1 "$device"
done </out/devices
