# SPDX-License-Identifier: GPL-2.0
# A power cut would take back what a flush had promised, or leave copies that
# differ and are both read: writes to three copies that come after an INTENT.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
LINE="0 8192 predshard /dev/meta 128 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0"
COPIES="/dev/a /dev/b /dev/c" DISCARDS=1
scenario() {
	crash_fresh
	crash_begin
	load writers=4 ops=60 max=60 flush=10 dsync=10 zero=20 discard=30
	load_ended
	# what nobody flushed is flushed before INTENT goes
	stat_becomes 100 vol intent_segments 0
	crash_end
}
crash_disks meta:1 a:5 b:5 c:5
crash 20
