# SPDX-License-Identifier: GPL-2.0
# A typing error would change what the volume does, silently: each is refused,
# the log says what was expected.
# timeout: 90
nullb meta 16
nullb a 16
nullb b 16
nullb s 16
dm_create vol <<EOT
0 32768 predshard /dev/meta 2048 3 primary:/dev/a:0 replica:/dev/b:0 spare:/dev/s:0
EOT
filled vol
words() { dmsetup status vol | tr ' ' '\n' | grep -E 'state|segments|members|role' | grep -v intent_; }
before=$(words)
while IFS='|' read -r text regex; do
	# shellcheck disable=SC2086 # words
	refuses "predshard.*$regex" dmq message vol $text
	[ "$(words)" = "$before" ] || fail "'$text' changed something: $(words)"
done <<'EOT'
nonsense|message 'nonsense' is unknown, expected add_copy
add_copy|message 'add_copy' has 1 words, expected 'add_copy <member>
add_copy 1 0|has 3 words, expected
add_copy 1 0 1 1|has 5 words, expected
add_copy 1 0 0|segments 0\+0, expected some within 0..15
add_copy 1 16 1|segments 16\+1, expected
add_copy 1 15 2|segments 15\+2, expected
add_copy 1 18446744073709551615 2|expected
add_copy 1 1 18446744073709551615|expected
add_copy 1 a 1|'a 1' is no range, expected
add_copy 2 0 1|member 2 is a spare, expected a primary or replica
add_copy 3 0 1|there is no member 3
add_copy 16 0 1|'16' is no member, expected a number
add_copy m1 0 1|'m1' is no member
add_copy 7:7 0 1|'7:7' is no member
drop_copy 0 0 1|member 0 is the primary, expected a replica
fail|message 'fail' has 1 words
fail 9|there is no member 9
fail x|'x' is no member
fail 2|member 2 is a spare
return 5|there is no member 5
return 2|member 2 is a spare
resync 0|member 0 is the primary, expected a replica
resync 3|there is no member 3
stats|message 'stats' has 1 words
stats clear|'stats clear' is unknown, expected 'stats reset'
EOT
# by device number, as status shows it
message vol resync "$(stat_of vol m1.dev)"
filled vol
message vol drop_copy 1 0 16
refuses "member 0 is the only one that holds" dmq message vol fail 0
stat_is vol m0.state ok || fail "$(dmsetup status vol)"
