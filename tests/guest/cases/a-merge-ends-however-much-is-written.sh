# SPDX-License-Identifier: GPL-2.0
# An admin who asks for a merge before maintenance would wait for ever next to
# an application that goes on writing the same blocks.
# timeout: 120
nullb meta 16
nullb a 32
nullb log 16
dm_create vol <<EOT
0 65536 predshard /dev/meta 256 2 primary:/dev/a:0 buffer:/dev/log:0
EOT
patient vol
message vol write_mode buffer
load_begin stamp /dev/mapper/vol span=3000 writers=3 readers=1 max=24 flush=40 pause=2000 seconds=100
stat_exceeds 20 vol buffered_sectors 300
message vol merge start
stat_becomes 60 vol merge_left_sectors 0
load_alive
message vol write_mode home
stat_becomes 60 vol buffered_sectors 0
load_alive
load_end
same /dev/mapper/vol /dev/a 3000
