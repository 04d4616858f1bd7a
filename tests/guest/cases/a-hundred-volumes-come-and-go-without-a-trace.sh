# SPDX-License-Identifier: GPL-2.0
# Every volume ever made would cost memory: create and remove, load and clear,
# with copies filling and without any I/O.
# timeout: 120
nullb meta 16
nullb a 16
nullb b 16
line="0 32768 predshard /dev/meta 128 2 primary:/dev/a:0 replica:/dev/b:0"
kilobytes() { awk '/^(SUnreclaim|Percpu|VmallocUsed):/ { n += $2 } END { print n }' /proc/meminfo; }
things() {
	{
		find /sys/kernel/slab /sys/devices/virtual/workqueue -maxdepth 1 2>/dev/null
		ls /sys/module/dm_predshard/holders
	} | wc -l
}
round() {
	dmq create vol
	dmq load vol "$line"
	dmq resume vol
	dmq remove vol
}
dmq create idle
on_exit dmq remove idle
rounds=104
most=2000
# kmemleak sees any leak; KASAN keeps what was freed for a while
if [ -e /sys/kernel/debug/kmemleak ]; then rounds=28 most=12000; fi
i=0
while [ $i -lt 4 ]; do round; i=$((i + 1)); done
log_mark
before=$(kilobytes) had=$(things)
while [ $i -lt $rounds ]; do
	if [ $((i % 4)) = 0 ]; then
		dmq load idle "$line"
		if [ $((i % 8)) = 0 ]; then dmq load idle "$line"; fi
		dmq clear idle
	fi
	round
	i=$((i + 1))
done
# What is gone may still be listed for a moment: caches leave sysfs later.
no_more() { [ "$(things)" -le "$had" ]; }
wait_until 20 no_more || fail "objects: $had became $(things)"
wait_until 20 sh -c "[ \$(awk '/^(SUnreclaim|Percpu|VmallocUsed):/ { n += \$2 } END { print n }' /proc/meminfo) -lt $((before + most)) ]" ||
	fail "kernel memory grew from $before to $(kilobytes) kB"
noise=$(dmesg | sed "1,/$LOG_MARK/d" | grep -vE 'all copies are in sync|have no room for a superblock' || true)
[ -z "$noise" ] || fail "noise in the log: $noise"
