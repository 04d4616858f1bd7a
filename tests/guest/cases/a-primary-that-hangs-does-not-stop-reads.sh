# SPDX-License-Identifier: GPL-2.0
# Readers would wait for the dead primary although a replica has the data.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
random_data /dev/a
dm_linear stuck /dev/a
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/mapper/stuck:0 replica:/dev/b:0
EOT
filled vol
impatient vol
on_exit 'dmq resume stuck'
fio --name=r --filename=/dev/mapper/vol --rw=randread --bs=4k --direct=1 --ioengine=libaio --iodepth=4 \
	--time_based --runtime=2 --numjobs=2 >fio.log 2>&1 &
reader=$!
dmq suspend stuck
stat_becomes 20 vol m0.state failed
reads=$(stat_of vol m1.reads)
same /dev/mapper/vol /dev/b
[ "$(stat_of vol m1.reads)" -ge $((reads + 16)) ] || fail "not read from the replica"
stat_is vol state degraded || fail "$(dmsetup status vol)"
dmq resume stuck
wait $reader || { cat fio.log; fail "a reader failed"; }
stat_becomes 20 vol m0.late 0
patient vol
message vol return 0
filled vol
stat_is vol state ok || fail "$(dmsetup status vol)"
dd if=/dev/urandom of=/dev/mapper/vol bs=64k count=16 oflag=direct 2>/dev/null
identical /dev/a /dev/b
