# SPDX-License-Identifier: GPL-2.0
# Writers would hang with the dead replica, or it would come back with what it
# missed, or while it still holds old writes that it may do at any time.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
nullb c 16
dm_linear stuck /dev/b
dm_create vol <<EOT
0 32768 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/mapper/stuck:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
impatient vol
on_exit 'dmq resume stuck'
load_begin stamp /dev/mapper/vol span=2000 writers=3 readers=0 ops=130000 pause=500 flush=30
dmq suspend stuck
stat_becomes 20 vol m1.state failed
load_alive
writes=$(stat_of vol writes)
stat_exceeds 20 vol writes $((writes + 100))
# reads of what is not inside the member
dd if=/dev/mapper/vol of=/dev/null bs=64k iflag=direct 2>/dev/null
late=$(stat_of vol m1.late)
[ "$late" -gt 0 ] || fail "no late writes: $(dmsetup status vol)"
log_mark
! dmq message vol return 1 2>err || fail "taken back with $late writes inside"
grep -q busy err || fail "no EBUSY: $(cat err)"
log_has "still inside member 1" || fail "no word about why"
dmq resume stuck
stat_becomes 20 vol m1.late 0
load_alive
stat_is vol m1.state failed || fail "it came back by itself"
patient vol
message vol return 1
load_end
filled vol
stat_is vol state ok || fail "$(dmsetup status vol)"
identical /dev/a /dev/b /dev/c
