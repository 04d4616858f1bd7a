# SPDX-License-Identifier: GPL-2.0
# Memory would be used after it was freed: remove is refused under load, and a
# forced one fails the I/O but not the kernel.
# timeout: 60
requires fio
nullb meta 16
nullb a 16
nullb b 16
line="0 32768 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0"
for round in 1 2 3; do
	dmsetup create vol --table "$line"
	load_begin fio --thread --name=w --filename=/dev/mapper/vol --rw=randrw --bs=16k --direct=1 --ioengine=libaio --iodepth=16 \
		--time_based --runtime=30 --numjobs=2
	stat_exceeds 20 vol writes 200
	! dmsetup remove vol 2>/dev/null || fail "removed under load"
	load_alive
	[ -e "$(sysfs_of vol)/mode" ] || fail "half removed"
	if [ $round = 1 ]; then
		kill -INT $LOAD
		wait $LOAD || true
		dmsetup remove --retry vol
	else
		dmsetup remove --force vol 2>/dev/null || true
		! wait $LOAD || fail "the load did not notice"
		dm_remove vol
	fi
done
