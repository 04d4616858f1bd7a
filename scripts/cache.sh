# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # read by those who source this
#
# Sourced by the host scripts: where the repository and the cache are, and the
# names of the three guest kernels.  Fills no cache; scripts/kernels does.
# Layout of a kernel K in the cache, written by scripts/kernels:
#   $CACHE/K/release  vmlinuz  kdir -> build tree  root/lib/modules/<release>

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${PREDSHARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dm-predshard}
KERNELS=(6.1 6.12 debug)

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}
