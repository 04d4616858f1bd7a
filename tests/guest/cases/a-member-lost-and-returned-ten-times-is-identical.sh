# SPDX-License-Identifier: GPL-2.0
# A write that was inside while a replica left or came back would be missing
# there, and be read later: verified load, ten losses of several kinds.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
nullb c 16
dm_linear left /dev/b
dm_create vol <<EOT
0 32768 predshard /dev/meta 512 3 primary:/dev/a:0 replica:/dev/mapper/left:0 replica:/dev/c:0
EOT
filled vol
fill_fast vol
load_begin stamp /dev/mapper/vol span=4000 writers=3 readers=1 ops=130000 max=32 pause=1000 flush=100
round=0
while [ $round -lt 10 ]; do
	if [ $((round % 2)) = 0 ]; then
		message vol fail 1
	else
		filled vol # so that writes meet the error
		swap left "0 32768 error"
		stat_becomes 10 vol m1.state failed
		swap left "0 32768 linear /dev/b 0"
	fi
	stat_becomes 10 vol m1.late 0
	message vol return 1
	if [ $((round % 3)) = 0 ]; then filled vol; fi # else lost again while it fills
	load_alive
	round=$((round + 1))
done
load_end
filled vol
stat_is vol read_errors 0 && stat_is vol write_errors 0 || fail "$(dmsetup status vol)"
identical /dev/a /dev/b /dev/c
