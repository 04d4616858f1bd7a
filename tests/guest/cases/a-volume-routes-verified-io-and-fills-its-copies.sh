# SPDX-License-Identifier: GPL-2.0
# A volume would lose or mix up blocks in the simplest case: verified random
# I/O over a primary and two replicas, which end up identical.
# timeout: 90
requires fio
nullb meta 16
nullb a 64
nullb b 64
nullb c 64
dd if=/dev/urandom of=/dev/a bs=1M count=64 oflag=direct 2>/dev/null
dm_create vol <<TABLE
0 131072 predshard /dev/meta 2048 3 primary:/dev/a:0:east replica:/dev/b:0:east replica:/dev/c:0:west
TABLE
dmsetup table vol
dmsetup status vol
fio --name=v --filename=/dev/mapper/vol --rw=randrw --bsrange=512-128k --size=64M --io_size=24M \
	--direct=1 --ioengine=libaio --iodepth=16 --verify=crc32c --verify_fatal=1 --fsync=32 >fio.log 2>&1 ||
	{ cat fio.log; fail "fio found wrong data"; }
wait_until 20 sh -c 'dmsetup status vol | grep -q " copies_left_segments=0 "' || fail "not filled: $(dmsetup status vol)"
dmsetup status vol
same /dev/a /dev/b
same /dev/a /dev/c
