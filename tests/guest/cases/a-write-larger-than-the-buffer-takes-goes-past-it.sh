# SPDX-License-Identifier: GPL-2.0
# A large write, a discard or zeroes over what is buffered would be undone by a
# restart, or by the merge of what they replaced.
# timeout: 60
nullb meta 16
nullb a 32 discard=1
nullb log 16
line="0 65536 predshard /dev/meta 512 2 primary:/dev/a:0 buffer:/dev/log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
message vol merge pause
dd if=/dev/urandom of=want bs=4k count=512 2>/dev/null
dd if=want of=/dev/mapper/vol bs=4k count=512 oflag=direct conv=notrunc 2>/dev/null
stat_is vol buffered_sectors 4096 || fail "$(dmsetup status vol)"
dd if=/dev/urandom of=large bs=256k count=2 2>/dev/null
dd if=large of=/dev/mapper/vol bs=256k seek=1 oflag=direct conv=notrunc 2>/dev/null
dd if=large of=want bs=256k seek=1 conv=notrunc 2>/dev/null
blkdiscard -z -o 1048576 -l 65536 /dev/mapper/vol
dd if=/dev/zero of=want bs=64k seek=16 count=1 conv=notrunc 2>/dev/null
# and small ones over these
dd if=large of=/dev/mapper/vol bs=4k count=4 seek=70 oflag=direct conv=notrunc 2>/dev/null
dd if=large of=want bs=4k count=4 seek=70 conv=notrunc 2>/dev/null
dd if=/dev/mapper/vol bs=64k count=32 iflag=direct 2>/dev/null | cmp - want || fail "before the restart"
xfs_io -c fsync /dev/mapper/vol
for round in 1 2; do
	dmsetup remove vol
	echo "$line" | dmsetup create vol
	patient vol
	message vol merge pause
	dd if=/dev/mapper/vol bs=64k count=32 iflag=direct 2>/dev/null | cmp - want || fail "after restart $round"
done
message vol merge start
stat_becomes 20 vol buffered_sectors 0
dd if=/dev/a bs=64k count=32 iflag=direct 2>/dev/null | cmp - want || fail "after the merge"
# the size is a knob
knob vol buffer_bypass_kB 4
knob vol merge_floor_kBps 100000
before=$(stat_of vol m0.writes)
dd if=large of=/dev/mapper/vol bs=8k count=4 oflag=direct conv=notrunc 2>/dev/null
[ "$(stat_of vol m0.writes)" -ge $((before + 4)) ] || fail "8 KiB went to the log"
refuses 'predshard.* buffer_bypass_kB does not take this value, expected' dmq set "$(sysfs_of vol)/buffer_bypass_kB" 129
knob vol merge_high_percent 50
knob vol merge_low_percent 20
refuses 'predshard.* merge_low_percent does not take this value, expected' dmq set "$(sysfs_of vol)/merge_low_percent" 50
refuses 'predshard.* merge_high_percent does not take this value, expected' dmq set "$(sysfs_of vol)/merge_high_percent" 20
