# SPDX-License-Identifier: GPL-2.0
# Readers would get an error while a good copy exists, or try a dead member for
# ever: replica, then primary, refuse everything in part of their sectors.
# timeout: 60
requires_target error
nullb meta 16
nullb a 16
nullb b 16
nullb ref 16
random_data /dev/a
dd if=/dev/a of=/dev/ref bs=1M iflag=direct oflag=direct 2>/dev/null
for name in a b; do dm_linear way_$name /dev/$name; done
holed() { # holed NAME: sectors 3000..3999 fail
	dm_reload way_$1 <<EOT
0 3000 linear /dev/$1 0
3000 1000 error
4000 28768 linear /dev/$1 4000
EOT
}
whole() { swap way_$1 "0 32768 linear /dev/$1 0"; }
dm_create vol <<EOT
0 32768 predshard /dev/meta 256 2 primary:/dev/mapper/way_a:0 replica:/dev/mapper/way_b:0
EOT
filled vol
# the primary, until it is given up: soon, because places that cannot be rewritten
# are not asked again
knob vol suspect_errors 2
knob vol fail_errors 5
log_mark
holed a
reading() {
	/tools/bin/dd if=/dev/mapper/vol of=/dev/null bs=16k iflag=direct 2>/dev/null || fail "a read failed: $(dmsetup status vol)"
	stat_is vol m0.state failed
}
wait_until 20 reading || fail "still asked: $(dmsetup status vol)"
log_has "member 0 .*-> failed: too many I/O errors" || fail "not said why it failed"
stat_is vol read_errors 0 || fail "$(dmsetup status vol)"
same /dev/mapper/vol /dev/ref
whole a
message vol return 0
filled vol
stat_is vol state ok || fail "$(dmsetup status vol)"
# the replica: what cannot be rewritten there is not read there
knob vol suspect_errors 100000
knob vol fail_errors 100000
knob vol m0/weight 1
knob vol m1/weight 1000
holed b
for try in 1 2 3; do same /dev/mapper/vol /dev/ref; done
wait_until 5 sh -c "dmsetup status vol | grep -q ' state=degraded '" || fail "bad copies still count: $(dmsetup status vol)"
[ "$(stat_of vol m1.insync_segments)" -ge 120 ] || fail "good copies were given up: $(dmsetup status vol)"
whole b
filled vol
identical /dev/ref /dev/a /dev/b
