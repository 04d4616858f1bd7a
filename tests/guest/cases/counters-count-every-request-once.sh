# SPDX-License-Identifier: GPL-2.0
# Everything that decides by load, and every admin with iostat, would be
# misled: numbers of the kernel and of status equal what was done.
requires fio
nullb meta 16
nullb a 16 cache_size=16
nullb b 16 cache_size=16
nullb c 16 cache_size=16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
message vol stats reset
for key in reads writes flushes m1.write_sectors m2.writes m0.reads read_p99_us; do
	stat_is vol $key 0 || fail "$key after reset: $(dmsetup status vol)"
done
stat_file=$(sysfs_of vol)/../stat
field() { awk "{ print \$$1 }" "$stat_file"; }
r=$(field 1) rs=$(field 3) w=$(field 5) ws=$(field 7)
fio --name=c --filename=/dev/mapper/vol --rw=randread --bs=8k --direct=1 --ioengine=libaio --iodepth=8 --number_ios=500 >/dev/null
# deep and on few blocks, so that many wait for each other
fio --name=c --filename=/dev/mapper/vol --rw=randwrite --norandommap --bs=4k --size=64k --io_size=2800k --direct=1 \
	--ioengine=libaio --iodepth=16 >/dev/null
stat_becomes 20 vol inflight 0
reads=$(($(field 1) - r)) rsectors=$(($(field 3) - rs)) writes=$(($(field 5) - w)) wsectors=$(($(field 7) - ws))
[ "$writes $wsectors" = "700 5600" ] || fail "iostat writes: $writes $wsectors"
[ $reads -ge 500 ] && [ $reads -lt 520 ] || fail "iostat reads: $reads"
[ "$(field 9)" = 0 ] || fail "iostat inflight: $(field 9)"
for i in 1 2 3 4 5; do
	dd if=/dev/zero of=/dev/mapper/vol bs=4k count=4 oflag=direct conv=fsync 2>/dev/null
done
while read -r key value; do
	stat_is vol "$key" "$value" || fail "$key is $(stat_of vol "$key"), expected $value: $(dmsetup status vol)"
done <<EOT
writes 720
write_sectors 5760
flushes 5
read_errors 0
write_errors 0
m0.write_sectors 5760
m1.write_sectors 5760
m2.write_sectors 5760
m0.flushes 5
m1.flushes 5
m2.flushes 5
m0.inflight 0
m1.inflight 0
EOT
sum=$(($(stat_of vol m0.read_sectors) + $(stat_of vol m1.read_sectors) + $(stat_of vol m2.read_sectors)))
stat_is vol read_sectors $sum || fail "members read $sum sectors: $(dmsetup status vol)"
for i in 0 1 2; do
	stat_is vol m$i.writes 720 || fail "m$i.writes is $(stat_of vol m$i.writes), expected 720, and 5 flushes apart"
done
