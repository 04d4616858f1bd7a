# SPDX-License-Identifier: GPL-2.0
# A writer would get an error though the primary has the data, or a later read
# would find the old data on the replica that refused.
# timeout: 60
requires_target flakey
nullb meta 16
nullb a 16
nullb b 16
dm_linear way /dev/b
dm_create vol <<EOT
0 32768 predshard /dev/meta 256 2 primary:/dev/a:0 replica:/dev/mapper/way:0
EOT
fill_fast vol
filled vol
knob vol suspect_errors 1000000
knob vol fail_errors 1000000
load_begin stamp /dev/mapper/vol first=2000 span=3000 writers=3 readers=1 ops=130000 max=40 pause=500
# sectors 3000..3999 take no writes, and still read
swap way "0 3000 linear /dev/b 0;3000 1000 flakey /dev/b 3000 0 1000 1 error_writes;4000 28768 linear /dev/b 4000"
wait_until 5 sh -c "! dmsetup status vol | grep -q ' copies_left_segments=0 '" || fail "no copy became stale: $(dmsetup status vol)"
[ "$(stat_of vol m1.insync_segments)" -ge 110 ] || fail "too many copies became stale: $(dmsetup status vol)"
load_alive
swap way "0 32768 linear /dev/b 0"
filled vol
load_end
[ "$(stat_of vol m1.write_errors)" -gt 0 ] || fail "$(dmsetup status vol)"
stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
filled vol
identical /dev/a /dev/b
