# SPDX-License-Identifier: GPL-2.0
# A dead or doubtful member would be trusted again because it was silent for a
# while: it goes down by itself, and up by a message only.
nullb meta 16
nullb a 16
nullb b 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
message vol fail 1
load_begin stamp /dev/mapper/vol span=4000 writers=2 readers=1 ops=130000 pause=1000
# some ticks of the watch, with load and without
writes=$(stat_of vol writes)
stat_exceeds 20 vol writes $((writes + 500))
sleep 2
load_end
sleep 2
stat_is vol m1.state failed || fail "it came back: $(dmsetup status vol)"
stat_is vol m1.insync_segments 0 || fail "it is used: $(dmsetup status vol)"
message vol return 1
filled vol
identical /dev/a /dev/b
