# SPDX-License-Identifier: GPL-2.0
# The newest data would be lost, or I/O sent to a member that is no more: the
# home moved to a replica, and a table without that replica is loaded.
nullb meta 16
nullb a 16
nullb b 16
random_data /dev/a
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
message vol fail 0
stat_is vol state degraded || fail "$(dmsetup status vol)"
same /dev/mapper/vol /dev/b
log_mark
if dm_reload vol 2>/dev/null <<EOT; then fail "the last holder of the data was removed: $(dmsetup status vol)"; fi
0 32768 predshard /dev/meta 2048 1 primary:/dev/a:0
EOT
log_has 'predshard.*(member 1|nullb|/dev/b|only)' || fail "no word about why"
dmsetup clear vol
dmsetup resume vol
same /dev/mapper/vol /dev/b
message vol return 0
filled vol
dm_reload vol <<EOT
0 32768 predshard /dev/meta 2048 1 primary:/dev/a:0
EOT
same /dev/mapper/vol /dev/b
