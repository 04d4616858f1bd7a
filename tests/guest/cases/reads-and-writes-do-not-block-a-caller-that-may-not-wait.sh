# SPDX-License-Identifier: GPL-2.0
# io_uring would hand every request to a worker thread, or fail it: requests
# that may not wait succeed at once where nothing has to, and are told so where
# another write is in the way.
requires fio
nullb meta 16
nullb a 32 submit_queues=2
nullb b 32 submit_queues=2
dm_linear gate /dev/b
line="0 65536 predshard /dev/meta 2048"
dm_create vol <<EOT
$line 1 primary:/dev/a:0
EOT
nowait() { # nowait RW
	fio --name=n --filename=/dev/mapper/vol --rw=$1 --bs=4k --direct=1 --ioengine=io_uring --iodepth=16 \
		--nowait=1 --io_size=4M >fio.log 2>&1 || { cat fio.log; fail "$1 with $(stat_of vol members) members"; }
}
nowait randwrite
nowait randread
swap vol "$line 2 primary:/dev/a:0 replica:/dev/mapper/gate:0"
filled vol
nowait randread
# the first write to a segment waits for its INTENT, the next ones do not
fio --filename=/dev/mapper/vol --direct=1 --ioengine=io_uring --rw=write --io_size=4M --name=first --bs=1M \
	--name=n --stonewall --bs=4k --iodepth=16 --nowait=1 >fio.log 2>&1 || { cat fio.log; fail "write with 2 members"; }
verified_fio /dev/mapper/vol --ioengine=io_uring --bsrange=512-64k --io_size=8M
identical /dev/a /dev/b
dmsetup suspend --noflush gate
dd if=/dev/zero of=/dev/mapper/vol bs=64k count=1 oflag=direct 2>/dev/null &
writer=$!
stat_exceeds 20 vol m1.inflight 0
if timeout 10 fio --name=n --filename=/dev/mapper/vol --rw=write --bs=4k --direct=1 --ioengine=io_uring --nowait=1 \
	--io_size=4k --size=64k >fio.log 2>&1; then fail "a write was done inside another one"; fi
grep -q "Resource temporarily unavailable" fio.log || fail "not EAGAIN: $(cat fio.log)"
dmsetup resume gate
wait $writer
stat_is vol read_errors 0 && stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
