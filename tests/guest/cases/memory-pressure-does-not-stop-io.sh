# SPDX-License-Identifier: GPL-2.0
# Writeback would wait for memory that only writeback frees: a deadlock, or
# writes that fail, when the guest runs out of memory.
# memory: 320
# timeout: 90
requires stress-ng fio
nullb meta 1
nullb a 24
nullb b 24
nullb c 24
dm_create vol <<EOT
0 49152 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
fill_fast vol
stress-ng --vm 2 --vm-bytes 90% --vm-keep --oomable --timeout 60 >stress.log 2>&1 &
stress=$!
# buffered, so that writeback runs; then direct
fio --name=v --filename=/dev/mapper/vol --rw=randwrite --bsrange=4k-256k --size=20M --io_size=20M --ioengine=psync \
	--verify=crc32c --verify_fatal=1 --fsync=64 >fio.log 2>&1 || { cat fio.log; fail "buffered"; }
verified_fio /dev/mapper/vol --bsrange=512-1m --io_size=12M --iodepth=32
kill $stress 2>/dev/null || true
filled vol
identical /dev/a /dev/b /dev/c
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
