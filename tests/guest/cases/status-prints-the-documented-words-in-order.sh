# SPDX-License-Identifier: GPL-2.0
# Monitoring that was written from the reference would read nothing, or a
# neighbour's number.
# files: docs/reference.md
nullb meta 16
nullb a 16
nullb b 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 2 primary:/dev/a:0:east replica:/dev/b:0
EOT
# the two blocks indented by four in the section Status
blocks=$(sed -n '/^## Status/,/^## sysfs/p' /with/reference.md | grep '^    ')
volume=$(echo "$blocks" | sed '/^    role/,$d' | xargs)
member=$(echo "$blocks" | sed -n '/^    role/,$p' | xargs)
[ -n "$volume" ] && [ -n "$member" ] || fail "the reference has no words"
want=$(for word in $volume; do echo "$word"; done
	for number in 0 1; do for word in $member; do echo "m$number.$word"; done; done)
have=$(dmsetup status vol | cut -d' ' -f4- | tr ' ' '\n' | sed 's/=.*//')
[ "$have" = "$want" ] || fail "printed: $have"
values=$(dmsetup status vol | cut -d' ' -f4- | tr ' ' '\n' | sed 's/^[^=]*=//')
if echo "$values" | grep -q '^$'; then fail "a word without a value: $(dmsetup status vol)"; fi
filled vol
while read -r key value; do
	stat_is vol "$key" "$value" || fail "$key is not $value: $(dmsetup status vol)"
done <<'EOT'
segment_sectors 2048
segments 16
mode manual
state ok
copy_eta_s -
members 2
m0.role primary
m0.zone east
m1.zone -
m0.tier -
m1.insync_segments 16
m1.wanted_segments 16
m1.late 0
EOT
[ "$(stat_of vol route_bytes_per_segment)" -le 9 ] || fail "a route word is too large"
[ "$(stat_of vol m1.copied_sectors)" -ge 32768 ] || fail "copied_sectors: $(dmsetup status vol)"
