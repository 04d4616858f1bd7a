# SPDX-License-Identifier: GPL-2.0
# Every reload, snapshot and resize suspends: I/O or a copy in the middle would
# be lost or block for ever.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16 irqmode=2 completion_nsec=200000
dm_create vol <<EOT
0 32768 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/b:0
EOT
knob vol m1/copy_limit_kBps 3000
load_begin stamp /dev/mapper/vol span=4000 writers=3 readers=2 ops=130000 max=40 pause=500 flush=100
round=0
while [ $round -lt 30 ]; do
	if [ $((round % 2)) = 0 ]; then dmq suspend vol; else dmq noflush vol; fi
	if [ $((round % 5)) = 4 ]; then message vol resync 1; fi
	dmq resume vol
	load_alive
	round=$((round + 1))
done
load_end
knob vol m1/copy_limit_kBps 0
filled vol
stat_is vol inflight 0 || fail "$(dmsetup status vol)"
identical /dev/a /dev/b
