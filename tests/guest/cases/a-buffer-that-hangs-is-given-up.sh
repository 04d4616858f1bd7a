# SPDX-License-Identifier: GPL-2.0
# Writers, readers, fsync and suspend would wait for ever for one of two buffers
# that does not answer, or memory be used that its requests still point at.
# timeout: 90
nullb meta 16
nullb a 32
nullb one 16
nullb two 16
dm_linear w1 /dev/one
dm_create vol <<EOT
0 65536 predshard /dev/meta 256 3 primary:/dev/a:0 buffer:/dev/mapper/w1:0 buffer:/dev/two:0 1 buffer_copies:2
EOT
message vol write_mode buffer
load_begin stamp /dev/mapper/vol span=6000 writers=3 readers=2 max=40 flush=30 dsync=30 pause=1000 seconds=60
stat_exceeds 20 vol buffered_sectors 500
impatient vol
on_exit 'dmq resume w1'
dmq suspend w1
stat_becomes 20 vol m1.state failed
patient vol
before=$(stat_of vol flushes)
stat_exceeds 30 vol flushes $((before + 5))
dmq suspend vol
dmq resume vol
before=$(stat_of vol writes)
stat_exceeds 30 vol writes $((before + 50))
load_alive
dmq resume w1
load_end
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
message vol write_mode home
stat_becomes 20 vol buffered_sectors 0
same /dev/mapper/vol /dev/a 6000
