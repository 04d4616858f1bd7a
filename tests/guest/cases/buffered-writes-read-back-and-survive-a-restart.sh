# SPDX-License-Identifier: GPL-2.0
# What was written to the log would not be found there, in pieces of any size,
# or would be gone after the volume was removed and made again.
# timeout: 180
requires fio
nullb meta 16
nullb a 64
nullb b 64
nullb log 64
line="0 131072 predshard /dev/meta 256 2 primary:/dev/a:0 buffer:/dev/log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
message vol write_mode buffer
before=$(dd if=/dev/a bs=1M iflag=direct 2>/dev/null | md5sum)
stamp /dev/mapper/vol span=4000 fill=0 writers=4 readers=2 ops=150 max=100 flush=20 dsync=20
[ "$(stat_of vol m0.writes)" = 0 ] || fail "small writes went home: $(dmsetup status vol)"
[ "$before" = "$(dd if=/dev/a bs=1M iflag=direct 2>/dev/null | md5sum)" ] || fail "the home changed"
stamp /dev/mapper/vol first=5000 span=4000 writers=4 readers=2 ops=150 max=400 flush=20 dsync=20 zero=10
verified_fio /dev/mapper/vol --size=4M --offset=32M --bsrange=512-256k
dd if=/dev/urandom of=data bs=512 count=4000 2>/dev/null
dd if=data of=/dev/mapper/vol bs=4k oflag=direct conv=notrunc 2>/dev/null
for round in 1 2 3; do
	dmsetup remove vol
	echo "$line" | dmsetup create vol
	patient vol
	dd if=/dev/mapper/vol bs=512 count=4000 iflag=direct 2>/dev/null | cmp - data || fail "round $round"
done
