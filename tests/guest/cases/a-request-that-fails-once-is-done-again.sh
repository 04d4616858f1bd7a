# SPDX-License-Identifier: GPL-2.0
# A passing error of one member, at any moment, would reach the user, lose a
# copy, or leave two copies different: every so many requests of a member fail.
# kernels: debug
# timeout: 120
nullb meta 4
nullb a 8
nullb b 8
nullb c 8
dm_create vol <<EOT
0 16384 predshard /dev/meta 256 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
knob vol suspect_errors 1000000
knob vol fail_errors 1000000
inject=/sys/kernel/debug/fail_make_request
on_exit "echo 0 >$inject/probability"
echo 0 >$inject/verbose
# what fails may be a flush of our own, and then the member has failed, rightly
heal() {
	local number
	for number in 0 1 2; do
		stat_is vol m$number.state ok || message vol return $number
	done
	filled vol
}
for member in a b c; do
	echo 1 >/sys/block/$member/make-it-fail
	for every in 7 40 101; do
		echo $every >$inject/interval
		echo 60 >$inject/times
		echo 100 >$inject/probability
		stamp /dev/mapper/vol first=100 span=1500 writers=3 readers=2 ops=200 max=40
		echo 0 >$inject/probability
		heal
	done
	echo 0 >/sys/block/$member/make-it-fail
done
stat_is vol read_errors 0 && stat_is vol write_errors 0 || fail "the user saw it: $(dmsetup status vol)"
for number in 0 1 2; do
	[ $(($(stat_of vol m$number.read_errors) + $(stat_of vol m$number.write_errors))) -gt 10 ] || fail "no errors: $(dmsetup status vol)"
done
[ "$(stat_of vol repairs)" -gt 0 ] || fail "nothing repaired: $(dmsetup status vol)"
filled vol
identical /dev/a /dev/b /dev/c
