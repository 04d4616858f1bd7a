# SPDX-License-Identifier: GPL-2.0
# A power cut would take back what fsync or O_DSYNC had promised; and members
# that have nothing to flush would be flushed for nothing.
nullb meta 16
nullb a 16 cache_size=16
nullb b 16 cache_size=16
nullb c 16 cache_size=16
line="0 32768 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0"
for round in 1 2; do
	echo "$line" | dmsetup create vol
	patient vol
	if [ $round != 1 ]; then filled vol; fi
	stamp /dev/mapper/vol span=1500 writers=3 readers=0 ops=80 max=40 flush=10 dsync=10 seed=$round state=must
	dmsetup remove vol
	power_cut a b c
	stamp /dev/a span=1500 check=must || fail "the primary lost what was flushed, round $round"
done
echo "$line" | dmsetup create vol
patient vol
on_exit dm_remove vol
filled vol
message vol drop_copy 2 0 128
flushed() { # flushed N0 N1 N2: flushes of each since the last time
	local sums="$(stat_of vol m0.flushes) $(stat_of vol m1.flushes) $(stat_of vol m2.flushes)"
	[ "$sums" = "$1 $2 $3" ] || fail "flushes: $sums, expected $*: $4"
	message vol stats reset
}
xfs_io -c fsync /dev/mapper/vol
message vol stats reset
xfs_io -c fsync /dev/mapper/vol
flushed 0 0 0 "nothing was written"
dd if=/dev/zero of=/dev/mapper/vol bs=4k count=3 oflag=direct 2>/dev/null
xfs_io -c fsync /dev/mapper/vol
flushed 1 1 0 "two members were written"
xfs_io -c fsync /dev/mapper/vol
flushed 0 0 0 "nothing was written since"
message vol drop_copy 1 0 64
dd if=/dev/zero of=/dev/mapper/vol bs=4k count=3 oflag=direct 2>/dev/null
xfs_io -c fsync /dev/mapper/vol
flushed 1 0 0 "only the primary was written"
stat_is vol flushes 0
