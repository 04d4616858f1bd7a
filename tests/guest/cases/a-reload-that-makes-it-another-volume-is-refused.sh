# SPDX-License-Identifier: GPL-2.0
# The volume would go on with the state of another one: a table with other
# metadata, segment size, primary or offsets must leave the live one alone.
nullb meta 16
nullb other 16
nullb a 32
nullb b 32
random_data /dev/a
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:0
EOT
filled vol
table=$(dmsetup table vol)
while IFS='|' read -r line regex; do
	refuses "predshard.*$regex" dmq load vol "$line"
	[ "$(dmsetup table vol)" = "$table" ] || fail "the live table changed"
	[ -z "$(dmsetup table --inactive vol)" ] || fail "a table is loaded: $line"
done <<EOT
0 32768 predshard /dev/meta 1024 2 primary:/dev/a:0 replica:/dev/b:0|segment size is 1024 sectors, expected 2048
0 32768 predshard /dev/other 2048 2 primary:/dev/a:0 replica:/dev/b:0|metadata device is .*expected
0 32768 predshard /dev/meta 2048 2 primary:/dev/b:0 replica:/dev/a:0|primary is .*expected
0 32768 predshard /dev/meta 2048 1 primary:/dev/a:8|primary is .*expected .* at 0
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0 replica:/dev/b:8|offset
EOT
for device in /dev/a /dev/b; do same /dev/mapper/vol $device 32768; done
stat_is vol state ok || fail "$(dmsetup status vol)"
