# SPDX-License-Identifier: GPL-2.0
# A write between two modes would be lost or be older than one before it, or
# draining would never end while somebody writes.
# timeout: 90
nullb meta 16
nullb a 32 discard=1
nullb b 32 discard=1
nullb log 16
nullb log2 24
dm_create vol <<EOT
0 65536 predshard /dev/meta 128 4 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/log:0 buffer:/dev/log2:8
EOT
fill_fast vol
load_begin stamp /dev/mapper/vol span=8000 writers=4 readers=2 max=64 flush=30 dsync=30 zero=40 discard=60 pause=500 seconds=60
for round in 1 2 3 4; do
	if [ $round = 4 ]; then knob vol write_mode buffer; else message vol write_mode buffer; fi
	stat_exceeds 20 vol buffered_sectors 200
	if [ $round = 2 ]; then dmsetup suspend vol && dmsetup resume vol; fi
	if [ $round = 3 ]; then message vol resync 1; fi
	message vol merge start
	sleep 0.2
	message vol write_mode home
	stat_becomes 20 vol buffered_sectors 0
	load_alive
done
load_end
filled vol
same /dev/mapper/vol /dev/a 65536
same /dev/a /dev/b 65536
