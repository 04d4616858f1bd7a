# SPDX-License-Identifier: GPL-2.0
# Copies would differ for ever, and reads flip between two values: writers that
# hit the same few blocks at once reach the members in different order.
nullb meta 16
nullb a 16 irqmode=2 completion_nsec=50000 hw_queue_depth=2
nullb b 16 irqmode=2 completion_nsec=120000 hw_queue_depth=3
nullb c 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
# across the edge of two segments
stamp /dev/mapper/vol first=100 span=56 writers=6 readers=1 rounds=40 ops=15 max=40 dsync=20 flush=50 zero=40
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
identical /dev/a /dev/b /dev/c
