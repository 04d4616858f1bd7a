# SPDX-License-Identifier: GPL-2.0
# After a power cut the volume would be read from a member that was lost before,
# or not from the one that alone has the newest: primary and replicas in turn.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
LINE="0 8192 predshard /dev/meta,/dev/mirror 128 4 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0 buffer:/dev/one:0"
BUFFERED=yes
lose_and_return() { # lose_and_return MEMBER: refused while it alone holds something
	dmq message vol fail "$1" 2>refused || return 0
	stat_becomes 60 vol m"$1".state failed
	wait_until 60 dmq message vol return "$1" 2>refused || fail "return: $(cat refused)"
}
scenario() {
	local round=0
	crash_fresh
	crash_begin
	load writers=3 ops=120 max=60 flush=10 dsync=10 zero=20
	while loading; do
		if [ $((round % 3)) = 2 ]; then message vol write_mode buffer; else message vol write_mode home; fi
		lose_and_return $((round % 3))
		round=$((round + 1))
	done
	load_ended
	crash_end
}
crash_disks meta:1 mirror:1 a:5 b:5 c:5 one:3
crash 20
