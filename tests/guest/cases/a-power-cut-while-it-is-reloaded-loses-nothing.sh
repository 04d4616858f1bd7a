# SPDX-License-Identifier: GPL-2.0
# A power cut while the volume is suspended, or takes another table over with a
# replica more or less, would lose what was acknowledged before or after it.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
TWO="0 8192 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/one:0"
THREE="0 8192 predshard /dev/meta 128 4 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0 buffer:/dev/one:0"
LINE=$THREE BUFFERED=yes
scenario() {
	local round=0
	crash_fresh
	crash_begin
	load writers=3 ops=100 max=60 flush=10 dsync=10 zero=20
	while loading; do
		case $((round % 4)) in
		0) dmq suspend vol && dmq resume vol ;;
		1) swap vol "$TWO" ;;
		2) dmq noflush vol && dmq resume vol ;;
		3) swap vol "$THREE" ;;
		esac
		round=$((round + 1))
	done
	load_ended
	crash_end
}
crash_disks meta:1 a:5 b:5 c:5 one:3
crash 20
