# SPDX-License-Identifier: GPL-2.0
# What a disk or cable damaged in the log would reach the user, or be written
# home as if it were data: from two buffers the good one counts, of one the
# damaged sectors, and only these, cannot be read.
# timeout: 60
# allow-log: I/O error|are damaged in stripe|Buffer I/O error|lost async
nullb meta 16
nullb a 32
nullb one 16
nullb two 16
dd if=/dev/urandom of=data bs=4k count=200 2>/dev/null
begin() { # begin BUFFERS [FEATURE]: a volume with the data in its log only
	echo "0 65536 predshard /dev/meta 256 $1" | dmsetup create vol
	patient vol
	message vol write_mode buffer
	message vol merge pause
	dd if=data of=/dev/mapper/vol bs=4k oflag=direct conv=fsync,notrunc 2>/dev/null || fail "a write"
}
# The first stripe is in row 1, at block 130, its head first.
damage() { for at in 134 141 149; do dd if=/dev/urandom of=$1 bs=4k count=1 seek=$at oflag=direct conv=notrunc 2>/dev/null; done; }
on_exit dm_remove vol
begin "3 primary:/dev/a:0 buffer:/dev/one:0 buffer:/dev/two:0 1 buffer_copies:2"
log_mark
damage /dev/one
dd if=/dev/mapper/vol bs=4k count=200 iflag=direct 2>/dev/null | cmp - data || fail "one of two is good"
log_has 'damaged in stripe' || fail "nobody said so"
message vol merge start
stat_becomes 20 vol buffered_sectors 0
dd if=/dev/a bs=4k count=200 iflag=direct 2>/dev/null | cmp - data || fail "it came home damaged"
message vol merge stop
message vol write_mode home
dmsetup remove vol
for name in meta a one; do dd if=/dev/zero of=/dev/$name bs=1M count=4 oflag=direct 2>/dev/null; done
begin "2 primary:/dev/a:0 buffer:/dev/one:0"
damage /dev/one
# blocks of the data in which FILE is not as it should be
differ() { cmp -l data "$1" | awk '{ print int(($1 - 1) / 4096) }' | sort -u | wc -l; }
dd if=/dev/mapper/vol of=got bs=4k count=200 iflag=direct conv=noerror,sync 2>/dev/null || true
[ "$(differ got)" = 3 ] || fail "$(differ got) blocks cannot be read, expected 3"
message vol merge stop
message vol write_mode home
stat_becomes 20 vol buffered_sectors 24
# what is damaged did not go home: there is what was there before
dd if=/dev/a of=got bs=4k count=200 iflag=direct 2>/dev/null
[ "$(differ got)" = 3 ] || fail "$(differ got) blocks are not home, expected 3"
cmp -l data got | awk '$3 != 0 { exit 1 }' || fail "damage went home"
# what is written anew is well
dd if=data of=/dev/mapper/vol bs=4k oflag=direct conv=fsync,notrunc 2>/dev/null || fail "written anew"
dd if=/dev/mapper/vol bs=4k count=200 iflag=direct 2>/dev/null | cmp - data || fail "read after it was written anew"
stat_becomes 20 vol buffered_sectors 0
