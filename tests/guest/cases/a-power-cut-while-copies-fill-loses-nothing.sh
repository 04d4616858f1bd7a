# SPDX-License-Identifier: GPL-2.0
# A copy that was being filled when the power went would be believed, with what
# it missed: replicas are filled again and again under load.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
LINE="0 8192 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0"
COPIES="/dev/a /dev/b /dev/c"
scenario() {
	local round=0
	crash_fresh
	fill_fast vol
	crash_begin
	load writers=3 ops=80 max=60 flush=10 dsync=10 zero=20
	while loading; do
		message vol resync $((round % 2 + 1))
		stat_is vol copies_left_segments 0 || sleep 0.2
		round=$((round + 1))
	done
	load_ended
	crash_end
}
crash_disks meta:1 a:5 b:5 c:5
crash 20
