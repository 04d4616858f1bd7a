# SPDX-License-Identifier: GPL-2.0
# A file system on a volume would lose files: real ones are copied while the
# replicas fill, checked after a remount, by fsck, and on a copy alone.
# timeout: 90
# modules: xfs
# files: tests/guest/files.sh
# shellcheck disable=SC2317 # they are called by files()
# shellcheck source=tests/guest/files.sh
. /with/files.sh

make_fs() { TEST_DIR=1 TEST_DEV=1 QA_CHECK_FS=1 mkfs.xfs -q -f -m reflink=0,rmapbt=0 "$1"; }
check_fs() { xfs_repair -n "$1"; }
files
