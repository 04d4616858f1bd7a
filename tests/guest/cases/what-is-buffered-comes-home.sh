# SPDX-License-Identifier: GPL-2.0
# After a merge the home would not have, byte for byte, what the volume shows,
# or small writes to a full log would be lost or wait for ever.
# timeout: 90
requires fio
nullb meta 16
nullb a 64
nullb b 64
nullb log 24
line="0 131072 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/log:0"
echo "$line" | dmsetup create vol
on_exit dm_remove vol
patient vol
filled vol
message vol write_mode buffer
# four times what the log takes, verified while it is merged
verified_fio /dev/mapper/vol --size=8M --offset=32M --bs=4k --io_size=48M --verify_backlog=64 --fsync=64
stamp /dev/mapper/vol span=6000 writers=4 readers=2 ops=200 max=100 flush=20 dsync=20 zero=10
message vol write_mode home
drained() { [ "$(stat_of vol buffered_sectors)" = 0 ] && [ "$(stat_of vol merge_left_sectors)" = 0 ]; }
wait_until 30 drained || fail "not drained: $(dmsetup status vol)"
filled vol
same /dev/mapper/vol /dev/a 131072
same /dev/a /dev/b 131072
# and then the buffer may go
dmsetup remove vol
dm_create vol <<EOT
0 131072 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0
EOT
same /dev/mapper/vol /dev/a 131072
