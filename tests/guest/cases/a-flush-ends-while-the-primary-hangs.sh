# SPDX-License-Identifier: GPL-2.0
# fsync would block for ever, with a hung-task warning, on a volume whose primary
# was given up on, or be acknowledged with the data on the primary only.
# timeout: 90
nullb meta 16
nullb a 16 cache_size=16
nullb b 16 cache_size=16
dm_linear slow /dev/a
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/mapper/slow:0 replica:/dev/b:0
EOT
filled vol
impatient vol
dd if=/dev/urandom of=/dev/mapper/vol bs=64k count=4 oflag=direct 2>/dev/null
on_exit 'dmq resume slow'
dmq suspend slow
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 oflag=direct 2>/dev/null
stat_is vol m0.state failed || fail "$(dmsetup status vol)"
timeout 20 /tools/bin/xfs_io -c fsync /dev/mapper/vol >fsync.log 2>&1 || fail "fsync: $(cat fsync.log)"
[ ! -s fsync.log ] || fail "fsync: $(cat fsync.log)"
same /dev/mapper/vol /dev/b
dmq resume slow
stat_becomes 20 vol m0.late 0
patient vol
message vol return 0
filled vol
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=8 oflag=direct conv=fsync 2>/dev/null
same /dev/a /dev/b
