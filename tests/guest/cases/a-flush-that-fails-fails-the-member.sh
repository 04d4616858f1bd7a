# SPDX-License-Identifier: GPL-2.0
# fsync would be acknowledged by a primary that lost the data, or fail because
# of a replica; and the member that lost data would be trusted on.
# timeout: 60
requires_target flakey
nullb meta 16
nullb a 8 cache_size=8
nullb b 8 cache_size=8
for name in a b; do dm_linear way_$name /dev/$name; done
no_writes() { swap way_$1 "0 16384 flakey /dev/$1 0 0 1000 1 error_writes"; }
well() { swap way_$1 "0 16384 linear /dev/$1 0"; }
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 2 primary:/dev/mapper/way_a:0 replica:/dev/mapper/way_b:0
EOT
filled vol
dd if=/dev/urandom of=/dev/mapper/vol bs=64k count=8 oflag=direct 2>/dev/null
log_mark
no_writes b
xfs_io -c fsync /dev/mapper/vol >fsync.log 2>&1 || true
[ ! -s fsync.log ] || fail "fsync failed because of the replica: $(cat fsync.log)"
stat_becomes 20 vol m1.state failed
log_has "member 1 .*-> failed: a flush failed" || fail "not said why"
well b
message vol return 1
filled vol
identical /dev/a /dev/b
dd if=/dev/urandom of=/dev/mapper/vol bs=64k count=8 oflag=direct 2>/dev/null
no_writes a
xfs_io -c fsync /dev/mapper/vol >fsync.log 2>&1 || true
[ ! -s fsync.log ] || fail "fsync failed although the replica has all: $(cat fsync.log) $(dmsetup status vol)"
stat_becomes 20 vol m0.state failed
no_writes b
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 oflag=direct 2>/dev/null || true
xfs_io -c fsync /dev/mapper/vol >fsync.log 2>&1 || true
grep -q 'Input/output error' fsync.log || fail "fsync was acknowledged by nobody: $(cat fsync.log) $(dmsetup status vol)"
well b
message vol return 1
same /dev/mapper/vol /dev/b
well a
message vol return 0
filled vol
dd if=/dev/urandom of=/dev/mapper/vol bs=64k count=8 oflag=direct conv=fsync 2>/dev/null
identical /dev/a /dev/b
