# SPDX-License-Identifier: GPL-2.0
# Blocks would be lost or mixed up in requests that cross segments, start
# anywhere, carry FUA or a flush, while a copy moves along underneath.
# timeout: 90
requires fio
nullb meta 16
nullb a 32 cache_size=32
nullb b 32 cache_size=32
nullb c 32 cache_size=32 blocksize=512
dm_create vol <<EOT
0 65536 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
# slow enough to last for all of the load, and then let go
knob vol m1/copy_limit_kBps 1500
knob vol m2/copy_limit_kBps 2500
verified_fio /dev/mapper/vol --bsrange=512-1m --io_size=12M --fsync=16
[ "$(stat_of vol copies_left_segments)" -gt 0 ] || log "the copies were faster"
verified_fio /dev/mapper/vol --bsrange=512-64k --io_size=2M --sync=dsync --rw=randwrite
knob vol m1/copy_limit_kBps 0
knob vol m2/copy_limit_kBps 0
filled vol
identical /dev/a /dev/b /dev/c
verified_fio /dev/mapper/vol --bsrange=512-1m --io_size=12M --fdatasync=8
verified_fio /dev/mapper/vol --bsrange=512-64k --io_size=2M --sync=dsync
identical /dev/a /dev/b /dev/c
