# SPDX-License-Identifier: GPL-2.0
# One bad sector would reach the user although another copy has the data, or
# stay bad: the primary or a replica fails reads until the place is rewritten.
# kernels: debug
# timeout: 120
requires_target dust
nullb meta 16
nullb a 2
nullb b 2
random_data /dev/a
dm_create bad_a <<EOT
0 4096 dust /dev/a 0 4096
EOT
dm_create bad_b <<EOT
0 4096 dust /dev/b 0 4096
EOT
dm_create vol <<EOT
0 4096 predshard /dev/meta 256 2 primary:/dev/mapper/bad_a:0 replica:/dev/mapper/bad_b:0
EOT
filled vol
knob vol suspect_errors 1000
knob vol fail_errors 1000
number=0
for member in bad_a bad_b; do
	for block in 0 333 334 335 511; do message $member addbadblock $block; done
	message $member enable
	knob vol m$number/weight 1000 # or a slower one is not asked
	repairs=$(stat_of vol repairs) retries=$(stat_of vol read_retries)
	# every block is read until each was asked of the bad member
	wait_until 60 sh -c "dd if=/dev/mapper/vol of=/dev/null bs=64k iflag=direct 2>/dev/null || exit 2
		dmsetup message $member 0 countbadblocks | grep -q ' 0 '" || fail "bad blocks are left: $(dmsetup message $member 0 countbadblocks) $(dmsetup status vol)"
	[ "$(stat_of vol read_retries)" -gt "$retries" ] || fail "no retry counted: $(dmsetup status vol)"
	[ "$(stat_of vol repairs)" -gt "$repairs" ] || fail "no repair counted: $(dmsetup status vol)"
	[ "$(stat_of vol m$number.read_errors)" -gt 0 ] || fail "no error counted: $(dmsetup status vol)"
	message $member disable
	knob vol m$number/weight 100
	number=$((number + 1))
done
stat_is vol read_errors 0 || fail "the user saw an error"
stat_is vol copies_left_segments 0 || fail "$(dmsetup status vol)"
identical /dev/a /dev/b
same /dev/mapper/vol /dev/a
