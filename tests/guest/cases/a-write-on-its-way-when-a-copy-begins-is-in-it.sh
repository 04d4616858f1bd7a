# SPDX-License-Identifier: GPL-2.0
# A copy would miss what was inside the primary, not yet on its medium, when the
# copy began: the primary takes writes late, and copies begin all the time.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
dm_delay late /dev/a 0 4
dm_create vol <<EOT
0 32768 predshard /dev/meta 128 2 primary:/dev/mapper/late:0 replica:/dev/b:0
EOT
filled vol
fill_fast vol
round=0 rounds=12
if [ -e /sys/kernel/debug/kmemleak ]; then rounds=4; fi # it is ten times slower
while [ $round -lt $rounds ]; do
	load_begin stamp /dev/mapper/vol first=60 span=200 writers=4 readers=1 ops=100000 max=24 seed=$round
	message vol drop_copy 1 0 3
	for again in 1 2 3; do
		stat_exceeds 20 vol writes $(($(stat_of vol writes) + 20))
		message vol resync 1
		message vol add_copy 1 0 3
	done
	load_end
	filled vol
	identical /dev/a /dev/b
	round=$((round + 1))
done
