# SPDX-License-Identifier: GPL-2.0
# The daemon and monitoring would learn of a dead disk by chance: dmsetup wait
# returns when a member changes state and when all copies are in sync.
nullb meta 16
nullb a 16
nullb b 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
events() { dmsetup info -c --noheadings -o events vol; }
waits() { # waits COMMAND...: the command raises an event
	timeout 20 /tools/bin/dmsetup wait vol "$(events)" >/dev/null 2>&1 &
	waiter=$!
	wait_until 5 grep -q dm_wait_event /proc/$waiter/stack /proc/$waiter/wchan 2>/dev/null || true
	"$@"
	wait $waiter || fail "no event: $*"
}
knob vol m1/copy_limit_kBps 30000
waits message vol fail 1
before=$(events)
message vol return 1
[ "$(events)" -gt "$before" ] || fail "no event when it returned"
last_copy() { message vol resync 1; }
filled vol
waits last_copy
stat_is vol copies_left_segments 0 || fail "the event came before the last copy"
before=$(events)
dd if=/dev/zero of=/dev/mapper/vol bs=1M count=4 oflag=direct 2>/dev/null
message vol stats reset
[ "$(events)" = "$before" ] || fail "an event for nothing"
