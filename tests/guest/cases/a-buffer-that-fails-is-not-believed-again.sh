# SPDX-License-Identifier: GPL-2.0
# A buffer that missed a part of the log would be read as if it had it, or what
# it alone holds would be formatted over; and writes would stop when it fails.
# timeout: 60
# allow-log: I/O error|rescheduling|lost async page write|could not be
nullb meta 16
nullb a 32
nullb log 16
line="0 65536 predshard /dev/meta 256 2 primary:/dev/a:0 buffer:/dev/mapper/wlog:0"
dm_linear wlog /dev/log
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
message vol merge pause
dd if=/dev/urandom of=data bs=4k count=400 2>/dev/null
dd if=data of=/dev/mapper/vol bs=4k oflag=direct conv=fsync,notrunc 2>/dev/null || fail "a write"
swap wlog "0 32768 error"
# what is not in the log yet is readable, and says when it cannot be kept
dd if=data of=/dev/mapper/vol bs=4k count=20 seek=1000 oflag=direct conv=notrunc 2>/dev/null || fail "a write to memory"
if xfs_io -c fsync /dev/mapper/vol 2>/dev/null; then fail "a flush of what is nowhere"; fi
stat_becomes 10 vol m1.state failed
dd if=/dev/mapper/vol bs=4k count=20 skip=1000 iflag=direct 2>/dev/null | cmp - data -n 81920 || fail "not read from memory"
# writes go home
dd if=data of=/dev/mapper/vol bs=4k count=20 seek=2000 oflag=direct conv=notrunc 2>/dev/null || fail "a write that went home"
dd if=/dev/a bs=4k count=20 skip=2000 iflag=direct 2>/dev/null | cmp - data -n 81920 || fail "it did not go home"
dmsetup remove vol
swap wlog "0 32768 linear /dev/log 0"
log_mark
if echo "$line" | dmsetup create vol; then fail "a buffer that missed something was believed"; fi
log_has 'what was not merged would be lost' || fail "$(dmesg | tail -5)"
if echo "0 65536 predshard /dev/meta 256 1 primary:/dev/a:0" | dmsetup create vol; then fail "the log was forgotten"; fi
