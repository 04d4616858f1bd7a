# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by every check: the files of the tree, and how a check ends. A check
# runs in the root of the tree it looks at, prints one line per complaint as
# path:line: text, and nothing if all is well; tests/lint/run judges it by that
# and by its exit status. Changes nothing outside $LINT_BUILD.

set -euo pipefail
shopt -s inherit_errexit

CACHE=${PREDSHARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dm-predshard}
# shellcheck disable=SC2034 # read by those who source this
LINUX_SCRIPTS=$CACHE/linux-scripts/scripts

# files REGEX: what git knows or would add, and is there, one per line
files() {
	git ls-files -co --exclude-standard | grep -E -- "$1" |
		while IFS= read -r file; do
			if [ -f "$file" ]; then printf '%s\n' "$file"; fi
		done || true
}

# Fuzzers' inputs are bytes, not text.
text_files() { files . | grep -v '^tests/fuzz/corpus/' || true; }

# Shell scripts by name or first line.
shell_files() {
	text_files | xargs -d '\n' awk '
		FNR == 1 && (FILENAME ~ /\.sh$/ || /^#!.*(ba|da|\/)sh( |$)/) {
			print FILENAME
		}
		{ nextfile }'
}

skip() {
	echo "$*"
	exit 77
}

need() { # need PROGRAM...: of scripts/deps, so that its absence is a failure
	local program
	for program; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed: scripts/deps install"
			exit 1
		fi
	done
}
