# SPDX-License-Identifier: GPL-2.0
# A file system on a volume would lose files: real ones are copied while the
# replicas fill, checked after a remount, by fsck, and on a copy alone.
# timeout: 90
# files: tests/guest/files.sh
# shellcheck disable=SC2317 # they are called by files()
# shellcheck source=tests/guest/files.sh
. /with/files.sh

make_fs() { mkfs.ext4 -q -F "$1"; }
check_fs() { e2fsck -fn "$1"; }
files
