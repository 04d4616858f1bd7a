# SPDX-License-Identifier: GPL-2.0
# The loss of one of two buffers would be the user's, or the one that missed
# something would be read when it is back.
# timeout: 90
# allow-log: I/O error|rescheduling|lost async page write|could not be
nullb meta 16
nullb a 32
nullb one 16
nullb two 16
line="0 65536 predshard /dev/meta 256 3 primary:/dev/a:0 buffer:/dev/mapper/w1:0 buffer:/dev/mapper/w2:0 1 buffer_copies:2"
dm_linear w1 /dev/one
dm_linear w2 /dev/two
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
load_begin stamp /dev/mapper/vol span=6000 writers=3 readers=2 max=40 flush=30 dsync=30 pause=1000 seconds=60
stat_exceeds 10 vol buffered_sectors 500
swap w1 "0 32768 error"
stat_becomes 20 vol m1.state failed
sleep 1
load_alive
load_end
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
message vol merge pause
dd if=/dev/mapper/vol bs=4096 count=750 iflag=direct 2>/dev/null >want
dmsetup remove vol
swap w1 "0 32768 linear /dev/one 0"
# it comes back, is filled, and is as good as the other
echo "$line" | dmsetup create vol
patient vol
message vol merge pause
stat_is vol m1.state ok || fail "$(dmsetup status vol)"
dd if=/dev/mapper/vol bs=4096 count=750 iflag=direct 2>/dev/null | cmp - want || fail "after the restart"
swap w2 "0 32768 error"
dd if=/dev/mapper/vol bs=4096 count=750 iflag=direct 2>/dev/null | cmp - want || fail "from the one that came back"
message vol merge stop
message vol write_mode home
stat_becomes 20 vol buffered_sectors 0
dd if=/dev/a bs=4096 count=750 iflag=direct 2>/dev/null | cmp - want || fail "at home"
