# SPDX-License-Identifier: GPL-2.0
# A discard of what is in the log would be undone by a merge or a crash, or go to
# the slow home; it must read as zeroes at once, and at home after the merge.
# timeout: 60
# modules: loop
# null_blk writes no zeroes without data; a loop device does
nullb meta 16
for name in a log; do
	truncate -s 32M $name
	losetup -f $name
done
a=$(losetup -j a | cut -d: -f1) log=$(losetup -j log | cut -d: -f1)
on_exit "losetup -d $a; losetup -d $log"
line="0 65536 predshard /dev/meta 256 2 primary:$a:0 buffer:$log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
dd if=/dev/urandom of=data bs=64k count=32 2>/dev/null
dd if=data of=/dev/mapper/vol bs=64k oflag=direct conv=fsync,notrunc 2>/dev/null
message vol write_mode buffer
message vol merge pause
cp data want
gone() { # gone FIRST COUNT: these sectors are zeroes
	dd if=/dev/zero of=want bs=512 seek=$1 count=$2 conv=notrunc 2>/dev/null
}
right() { dd if=/dev/mapper/vol bs=64k count=32 iflag=direct 2>/dev/null | cmp - want || fail "$1"; }
dd if=data of=/dev/mapper/vol bs=4k count=64 oflag=direct conv=notrunc 2>/dev/null
blkdiscard -o $((100 * 512)) -l $((700 * 512)) /dev/mapper/vol
gone 100 700
blkdiscard -z -o $((1111 * 512)) -l $((513 * 512)) /dev/mapper/vol
gone 1111 513
# and something on top of them
dd if=data of=/dev/mapper/vol bs=4k count=2 skip=30 seek=30 oflag=direct conv=fsync,notrunc 2>/dev/null
dd if=data of=want bs=4k count=2 skip=30 seek=30 conv=notrunc 2>/dev/null
right "while it is in the log"
dd if=$a bs=64k count=32 iflag=direct 2>/dev/null | cmp - data || fail "it went home"
dmsetup remove vol
echo "$line" | dmsetup create vol
patient vol
message vol merge pause
right "after a restart"
message vol merge stop
message vol write_mode home
stat_becomes 20 vol buffered_sectors 0
right "after the merge"
dd if=$a bs=64k count=32 iflag=direct 2>/dev/null | cmp - want || fail "at home"
