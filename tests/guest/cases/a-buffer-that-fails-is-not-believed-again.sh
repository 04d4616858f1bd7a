# SPDX-License-Identifier: GPL-2.0
# What the only buffer holds would be forgotten or formatted over when it fails,
# a flush would be acknowledged of what is nowhere, and writes would stop.
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
log_mark
if xfs_io -c fsync /dev/mapper/vol 2>/dev/null; then fail "a flush of what is nowhere"; fi
log_has 'cannot be read and is not home' || fail "$(dmesg | tail -5)"
stat_is vol m1.state failed || fail "$(dmsetup status vol)"
stat_is vol state degraded || fail "$(dmsetup status vol)"
dd if=/dev/mapper/vol bs=4k count=20 skip=1000 iflag=direct 2>/dev/null | cmp - data -n 81920 || fail "not read from memory"
# writes go home
dd if=data of=/dev/mapper/vol bs=4k count=20 seek=2000 oflag=direct conv=notrunc 2>/dev/null || fail "a write that went home"
dd if=/dev/a bs=4k count=20 skip=2000 iflag=direct 2>/dev/null | cmp - data -n 81920 || fail "it did not go home"
if message vol write_mode buffer 2>/dev/null; then fail "a broken log was switched on"; fi
dmsetup remove vol
# without it nothing is made active
log_mark
if echo "0 65536 predshard /dev/meta 256 1 primary:/dev/a:0" | dmsetup create vol; then fail "the log was forgotten"; fi
if echo "$line" | dmsetup create vol; then fail "the log cannot be read and was forgotten"; fi
# and with it, all is there that was ever flushed
swap wlog "0 32768 linear /dev/log 0"
echo "$line" | dmsetup create vol
patient vol
dd if=/dev/mapper/vol bs=4k count=400 iflag=direct 2>/dev/null | cmp - data || fail "what was flushed"
message vol write_mode home
stat_becomes 20 vol buffered_sectors 0
dd if=/dev/a bs=4k count=400 iflag=direct 2>/dev/null | cmp - data || fail "what was flushed, at home"
