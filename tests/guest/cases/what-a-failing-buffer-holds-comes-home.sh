# SPDX-License-Identifier: GPL-2.0
# Data would be lost, or every fsync fail, when the only buffer refuses writes
# though what it holds can be read: it comes home, and then the buffer may go.
# timeout: 90
# allow-log: I/O error|rescheduling|lost async page write
requires_target flakey
nullb meta 16
nullb a 32
nullb b 32
nullb log 16
dm_linear wlog /dev/log
dm_create vol <<EOT
0 65536 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/mapper/wlog:0
EOT
patient vol
filled vol
message vol write_mode buffer
message vol merge pause
load_begin stamp /dev/mapper/vol span=6000 writers=3 readers=2 max=40 flush=30 dsync=30 zero=20 pause=1000 seconds=60
stat_exceeds 20 vol buffered_sectors 500
log_mark
swap wlog "0 32768 flakey /dev/log 0 0 1000 1 error_writes"
stat_becomes 20 vol m2.state failed
stat_becomes 20 vol buffered_sectors 0
wait_until 20 log_has 'all that the log held is home' || fail "$(dmesg | tail -5)"
sleep 1
load_alive
load_end
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
stat_is vol read_errors 0 || fail "$(dmsetup status vol)"
xfs_io -c fsync /dev/mapper/vol || fail "a flush after the rescue"
dd if=/dev/mapper/vol bs=512 count=6000 iflag=direct 2>/dev/null >want
same /dev/a /dev/b 6000
dmsetup remove vol
dm_create vol <<EOT
0 65536 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0
EOT
dd if=/dev/mapper/vol bs=512 count=6000 iflag=direct 2>/dev/null | cmp - want || fail "without the buffer"
