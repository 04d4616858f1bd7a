# SPDX-License-Identifier: GPL-2.0
# The copier would bring back old data, or publish a copy that missed a write:
# writers hit the blocks that are being copied again and again.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16 irqmode=2 completion_nsec=200000
nullb c 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
load_begin stamp /dev/mapper/vol first=60 span=200 writers=3 readers=1 ops=100000 max=40 pause=100 flush=100 zero=50
round=0
while [ $round -lt 8 ]; do
	message vol drop_copy 1 0 3
	message vol resync 2
	message vol add_copy 1 0 3
	wait_until 20 stat_is vol copies_left_segments 0 || fail "not filled: $(dmsetup status vol)"
	load_alive
	round=$((round + 1))
done
# and in the middle of a copy
while [ $round -lt 36 ]; do
	message vol resync $((1 + round % 2))
	message vol drop_copy $((1 + round % 2)) 1 1
	message vol add_copy $((1 + round % 2)) 1 1
	round=$((round + 1))
done
load_end
filled vol
identical /dev/a /dev/b /dev/c
