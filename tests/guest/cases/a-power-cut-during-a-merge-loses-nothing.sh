# SPDX-License-Identifier: GPL-2.0
# What is on its way home would be lost or torn by a power cut, or places of the
# log be used again too early: merge, and changes of the write mode, under load.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
LINE="0 8192 predshard /dev/meta 128 4 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/one:0 buffer:/dev/two:0"
BUFFERED=yes COPIES="/dev/a /dev/b"
scenario() {
	local round=0
	crash_fresh
	crash_begin
	load writers=4 ops=80 max=200 flush=8 dsync=8 zero=20
	while loading; do
		case $((round % 5)) in
		0 | 2) message vol merge start ;;
		3) message vol write_mode home ;;
		4) message vol write_mode buffer ;;
		esac
		round=$((round + 1))
	done
	load_ended
	crash_end
}
crash_disks meta:1 a:5 b:5 one:2 two:2
crash 20
