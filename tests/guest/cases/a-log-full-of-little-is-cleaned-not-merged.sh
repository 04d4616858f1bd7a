# SPDX-License-Identifier: GPL-2.0
# Each fsync seals a stripe however little is in it: a log of 60 places would be
# full after 60 of them, and all would go home for nothing, or past the log.
# timeout: 120
# mode: warp
nullb meta 16
nullb a 32 discard=1
nullb log 16
line="0 65536 predshard /dev/meta 256 2 primary:/dev/a:0 buffer:/dev/log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
stamp /dev/mapper/vol first=0 span=2000 writers=2 readers=1 ops=600 max=8 dsync=2 zero=50 discard=50 state=must
used=$(stat_of vol buffer_used_percent)
[ "$used" -le 95 ] || fail "the log is $used % full"
# 8 are those of 128 KiB that fill it first
[ "$(stat_of vol m0.writes)" = 8 ] || fail "$(stat_of vol m0.writes) writes went home"
[ "$(stat_of vol buffered_sectors)" -gt 1000 ] || fail "little is buffered: $(dmsetup status vol)"
# what was staged again is what it was, also for the next activation, and comes home
stamp /dev/mapper/vol first=0 span=2000 check=must discard=1 || fail "from the log"
dmsetup remove vol
echo "$line" | dmsetup create vol
patient vol
stamp /dev/mapper/vol first=0 span=2000 check=must discard=1 || fail "after the restart"
message vol merge start
stat_becomes 20 vol buffered_sectors 0
stamp /dev/mapper/vol first=0 span=2000 check=must discard=1 || fail "at home"
