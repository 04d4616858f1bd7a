# SPDX-License-Identifier: GPL-2.0
# A write that nobody flushes would stay in memory for ever, and a power cut in
# the evening take what was written in the morning.
nullb meta 16
nullb a 32
nullb log 16
dm_create vol <<EOT
0 65536 predshard /dev/meta 256 2 primary:/dev/a:0 buffer:/dev/log:0
EOT
message vol write_mode buffer
before=$(stat_of vol m1.writes)
dd if=/dev/urandom of=/dev/mapper/vol bs=4k count=1 oflag=direct conv=notrunc 2>/dev/null
stat_exceeds 20 vol m1.writes "$before"
