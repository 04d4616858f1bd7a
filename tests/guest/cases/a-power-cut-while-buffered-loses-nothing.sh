# SPDX-License-Identifier: GPL-2.0
# A power cut would take back what a flush had promised, or show what was never
# written, or something else at each read: two mirrored buffers under load.
# timeout: 600
# kernels: 6.1 6.12
# modules: nbd
# files: tests/guest/crash.sh
# shellcheck source=tests/guest/crash.sh
. /with/crash.sh
LINE="0 8192 predshard /dev/meta,/dev/mirror 128 4 primary:/dev/a:0 replica:/dev/b:0 buffer:/dev/one:0 buffer:/dev/two:0 1 buffer_copies:2"
BUFFERED=yes COPIES="/dev/a /dev/b"
scenario() {
	crash_fresh
	crash_begin
	load writers=4 ops=60 max=60 flush=10 dsync=10 zero=20
	load_ended
	crash_end
}
crash_disks meta:1 mirror:1 a:5 b:5 one:4 two:4
crash 20
