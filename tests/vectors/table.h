/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table: table lines with the configuration or the message they must give.
 *
 * Lines are what follows "predshard" in a dm table and are cut by args.h. The
 * accepted lines quote the grammar of docs/reference.md, the refused ones hold
 * every message of core/table.c. Data only; tests/unit/table_test.c and the
 * KUnit suite compare the same rows; the fuzzer's corpus is made by hand.
 */
#ifndef PSH_VECTORS_TABLE_H
#define PSH_VECTORS_TABLE_H

#include "../../dm-predshard/core/table.h"

/* Rows are laid out for their reader. */
/* clang-format off */

#define PRIMARY		PSH_ROLE_PRIMARY
#define REPLICA		PSH_ROLE_REPLICA
#define BUFFER		PSH_ROLE_BUFFER
#define SHADOW		PSH_ROLE_SHADOW
#define SPARE		PSH_ROLE_SPARE

#define LABEL_31	"z234567890123456789012345678901"
#define SECTORS_MAX	(1ULL << 49)	/* 2^32 segments of 2^17 sectors */

struct table_good_row {
	const char *name;
	const char *line;
	u64 len_sectors;
	const char *canonical;	/* NULL: formatted, it is @line again */
	struct psh_config config;
};

static const struct table_good_row table_good_rows[] = {
	{ "a primary is enough", "/dev/m 2048 1 primary:/dev/a:0", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0, { { PRIMARY, "/dev/a", 0 } } } },
	{ "every role", "/dev/m 2048 5 replica:/dev/b:1 buffer:/dev/c:2 "
	  "primary:/dev/a:3 shadow:/dev/d:4 spare:/dev/e:5", 2048, NULL,
	  { "/dev/m", NULL, 2048, 5, 2, 0,
	    { { REPLICA, "/dev/b", 1 }, { BUFFER, "/dev/c", 2 },
	      { PRIMARY, "/dev/a", 3 }, { SHADOW, "/dev/d", 4 },
	      { SPARE, "/dev/e", 5 } } } },
	{ "devices by number, with zone and tier",
	  "8:1,8:2 2048 1 primary:8:16:0:a:ssd", 2048, NULL,
	  { "8:1", "8:2", 2048, 1, 0, 0,
	    { { PRIMARY, "8:16", 0, "a", "ssd" } } } },
	{ "highest device number",
	  "4095:1048575 2048 1 primary:0:0:0", 2048, NULL,
	  { "4095:1048575", NULL, 2048, 1, 0, 0, { { PRIMARY, "0:0", 0 } } } },
	{ "copies of the buffer log",
	  "/dev/m 2048 3 primary:/dev/a:0 buffer:/dev/b:0 buffer:/dev/c:0 "
	  "2 no_discard buffer_copies:2", 2048, NULL,
	  { "/dev/m", NULL, 2048, 3, 0, PSH_FEATURE_NO_DISCARD |
	    PSH_FEATURE_BUFFER_COPIES,
	    { { PRIMARY, "/dev/a", 0 }, { BUFFER, "/dev/b", 0 },
	      { BUFFER, "/dev/c", 0 } }, 2 } },
	{ "one copy of it",
	  "/dev/m 2048 2 primary:/dev/a:0 buffer:/dev/b:0 "
	  "1 buffer_copies:1", 2048, NULL,
	  { "/dev/m", NULL, 2048, 2, 0, PSH_FEATURE_BUFFER_COPIES,
	    { { PRIMARY, "/dev/a", 0 }, { BUFFER, "/dev/b", 0 } }, 1 } },
	{ "a zone alone",
	  "/dev/m 2048 1 primary:/dev/a:0:rack-7.b_2", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a", 0, "rack-7.b_2", "" } } } },
	{ "labels of one character",
	  "/dev/m 2048 1 primary:/dev/a:0:z:t", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a", 0, "z", "t" } } } },
	{ "every kind of character in labels",
	  "/dev/m 2048 1 primary:/dev/a:0:AZaz.09_-:Z", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a", 0, "AZaz.09_-", "Z" } } } },
	{ "labels of 31 characters",
	  "/dev/m 2048 1 primary:/dev/a:0:" LABEL_31 ":" LABEL_31, 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a", 0, LABEL_31, LABEL_31 } } } },
	{ "colons in a device",
	  "/dev/m 2048 1 primary:/dev/disk/by-path/pci-0000:00:1f.2:2048:a",
	  2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/disk/by-path/pci-0000:00:1f.2", 2048, "a" } } } },
	{ "the last number is the offset",
	  "/dev/m 2048 1 primary:/dev/a:5:z:0:7", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a:5:z:0", 7 } } } },
	{ "a device that ends in a colon",
	  "/dev/m 2048 1 primary:/dev/a::7", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0, { { PRIMARY, "/dev/a:", 7 } } } },
	{ "colons in metadata devices",
	  "/dev/x:1,/dev/x:2 2048 1 primary:/dev/a:0", 2048, NULL,
	  { "/dev/x:1", "/dev/x:2", 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a", 0 } } } },
	{ "the first comma parts the mirror",
	  "/dev/m,/dev/n,o 2048 1 primary:/dev/a,b:0", 2048, NULL,
	  { "/dev/m", "/dev/n,o", 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/a,b", 0 } } } },
	{ "printable bytes in devices are not escaped",
	  "/dev/m 2048 1 primary:/dev/!~'\"#:0", 2048, NULL,
	  { "/dev/m", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/!~'\"#", 0 } } } },
	{ "escaped bytes in devices",
	  "/dev/m\\ 1 2048 1 primary:/dev/my\\\\x20lv\\\xa0:0", 2048, NULL,
	  { "/dev/m 1", NULL, 2048, 1, 0, 0,
	    { { PRIMARY, "/dev/my\\x20lv\xa0", 0 } } } },
	{ "escapes that need not be are dropped",
	  "/dev/\\m \\2048 1 primary:/dev/a:0", 2048,
	  "/dev/m 2048 1 primary:/dev/a:0",
	  { "/dev/m", NULL, 2048, 1, 0, 0, { { PRIMARY, "/dev/a", 0 } } } },
	{ "leading zeros and wide spaces are dropped",
	  " /dev/m\t02048  01 primary:/dev/a:007 0 ", 2048,
	  "/dev/m 2048 1 primary:/dev/a:7",
	  { "/dev/m", NULL, 2048, 1, 0, 0, { { PRIMARY, "/dev/a", 7 } } } },
	{ "a feature", "/dev/m 2048 1 primary:/dev/a:0 1 no_discard", 2048,
	  NULL,
	  { "/dev/m", NULL, 2048, 1, 0, PSH_FEATURE_NO_DISCARD,
	    { { PRIMARY, "/dev/a", 0 } } } },
	{ "smallest segments", "/dev/m 128 1 primary:/dev/a:0", 1, NULL,
	  { "/dev/m", NULL, 128, 1, 0, 0, { { PRIMARY, "/dev/a", 0 } } } },
	{ "largest segments, longest volume, highest offset",
	  "/dev/m 131072 1 primary:/dev/a:17451448556060672", SECTORS_MAX,
	  NULL,
	  { "/dev/m", NULL, 131072, 1, 0, 0,
	    { { PRIMARY, "/dev/a", (1ULL << 54) - (1ULL << 49) } } } },
	{ "2^32 segments of the smallest size",
	  "/dev/m 128 1 primary:/dev/a:0", 1ULL << 39, NULL,
	  { "/dev/m", NULL, 128, 1, 0, 0, { { PRIMARY, "/dev/a", 0 } } } },
	{ "shares of one device side by side",
	  "/dev/m 128 3 primary:/dev/a:1000 replica:/dev/a:2000 "
	  "replica:/dev/a:0", 1000, NULL,
	  { "/dev/m", NULL, 128, 3, 0, 0,
	    { { PRIMARY, "/dev/a", 1000 }, { REPLICA, "/dev/a", 2000 },
	      { REPLICA, "/dev/a", 0 } } } },
	{ "sixteen members",
	  "/dev/m 128 16 replica:/dev/a:0 replica:/dev/b:0 replica:/dev/c:0 "
	  "replica:/dev/d:0 replica:/dev/e:0 replica:/dev/f:0 "
	  "replica:/dev/g:0 replica:/dev/h:0 replica:/dev/i:0 "
	  "replica:/dev/j:0 replica:/dev/k:0 replica:/dev/l:0 "
	  "replica:/dev/n:0 replica:/dev/o:0 replica:/dev/p:0 "
	  "primary:/dev/q:0", 1000, NULL,
	  { "/dev/m", NULL, 128, 16, 15, 0,
	    { { REPLICA, "/dev/a" }, { REPLICA, "/dev/b" },
	      { REPLICA, "/dev/c" }, { REPLICA, "/dev/d" },
	      { REPLICA, "/dev/e" }, { REPLICA, "/dev/f" },
	      { REPLICA, "/dev/g" }, { REPLICA, "/dev/h" },
	      { REPLICA, "/dev/i" }, { REPLICA, "/dev/j" },
	      { REPLICA, "/dev/k" }, { REPLICA, "/dev/l" },
	      { REPLICA, "/dev/n" }, { REPLICA, "/dev/o" },
	      { REPLICA, "/dev/p" }, { PRIMARY, "/dev/q" } } } },
};

#undef PRIMARY
#undef REPLICA
#undef BUFFER
#undef SHADOW
#undef SPARE

struct table_bad_row {
	const char *name;
	const char *line;
	u64 len_sectors;
	const char *error;
};

#define DEVICE	"a path that starts with / or major:minor"
#define MEMBER	"<role>:<device>:<offset>[:<zone>[:<tier>]]"
#define LABEL	"a letter, then letters, digits, '.', '_' or '-', " \
		"at most 31 characters"
#define SEGMENT	"a power of two from 128 to 131072 sectors"
#define ROLE	"primary, replica, buffer, shadow or spare"
#define END	"the number of feature arguments or the end"

static const struct table_bad_row table_bad_rows[] = {
	{ "a volume without length", "/dev/m 2048 1 primary:/dev/a:0", 0,
	  "length 0, expected at least 1 sector" },

	/* Arguments that end too early. */
	{ "nothing", "", 2048,
	  "argument 1: missing, expected the metadata device" },
	{ "no segment size", "/dev/m", 2048,
	  "argument 2: missing, expected the segment size in sectors" },
	{ "no number of members", "/dev/m 2048", 2048,
	  "argument 3: missing, expected the number of members" },
	{ "no member", "/dev/m 2048 1", 2048,
	  "argument 4: missing, expected a member: " MEMBER },
	{ "one member too few", "/dev/m 2048 2 primary:/dev/a:0", 2048,
	  "argument 5: missing, expected a member: " MEMBER },
	{ "no feature", "/dev/m 2048 1 primary:/dev/a:0 1", 2048,
	  "argument 6: missing, expected a feature: "
	  "no_discard or buffer_copies:N" },
	{ "one feature too few",
	  "/dev/m 2048 1 primary:/dev/a:0 2 no_discard", 2048,
	  "argument 7: missing, expected a feature: "
	  "no_discard or buffer_copies:N" },

	/* Metadata device. */
	{ "a metadata device that is no path", "sda 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device 'sda', expected " DEVICE },
	{ "a metadata device that is the root", "/ 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '/', expected " DEVICE },
	{ "an empty metadata device", ",/dev/n 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '', expected " DEVICE },
	{ "an empty mirror", "/dev/m, 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata mirror '', expected " DEVICE },
	{ "a mirror that is no path", "/dev/m,n 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata mirror 'n', expected " DEVICE },
	{ "a mirror that is the metadata device",
	  "/dev/m,/dev/m 2048 1 primary:/dev/a:0", 2048,
	  "argument 1: metadata mirror '/dev/m', expected another device than "
	  "the metadata device" },
	{ "a major number above 12 bits", "4096:0 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '4096:0', expected " DEVICE },
	{ "a major number of five digits", "00008:0 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '00008:0', expected " DEVICE },
	{ "a minor number above 20 bits", "8:1048576 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '8:1048576', expected " DEVICE },
	{ "a minor number that is none", "8:0x1 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '8:0x1', expected " DEVICE },
	{ "no major number", ":1 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device ':1', expected " DEVICE },
	{ "no minor number", "8: 2048 1 primary:/dev/a:0",
	  2048, "argument 1: metadata device '8:', expected " DEVICE },

	/* Segment size. */
	{ "a segment size that is no number", "/dev/m 1M 1 primary:/dev/a:0",
	  2048, "argument 2: segment size '1M', expected " SEGMENT },
	{ "a signed segment size", "/dev/m +2048 1 primary:/dev/a:0",
	  2048, "argument 2: segment size '+2048', expected " SEGMENT },
	{ "a segment size with a newline",
	  "/dev/m 2048\\\n 1 primary:/dev/a:0", 2048,
	  "argument 2: segment size '2048\\x0a', expected " SEGMENT },
	{ "a segment size of 0", "/dev/m 0 1 primary:/dev/a:0",
	  2048, "argument 2: segment size '0', expected " SEGMENT },
	{ "a segment size that is no power of two",
	  "/dev/m 2047 1 primary:/dev/a:0", 2048,
	  "argument 2: segment size '2047', expected " SEGMENT },
	{ "segments too small", "/dev/m 64 1 primary:/dev/a:0",
	  2048, "argument 2: segment size '64', expected " SEGMENT },
	{ "segments too large", "/dev/m 262144 1 primary:/dev/a:0",
	  2048, "argument 2: segment size '262144', expected " SEGMENT },
	{ "a segment size beyond 64 bits",
	  "/dev/m 18446744073709551744 1 primary:/dev/a:0", 2048,
	  "argument 2: segment size '18446744073709551744', expected "
	  SEGMENT },
	{ "more than 2^32 segments", "/dev/m 128 1 primary:/dev/a:0",
	  (1ULL << 39) + 1,
	  "argument 2: segment size '128', expected at most 4294967296 "
	  "segments in 549755813889 sectors" },
	{ "more than 2^32 of the largest segments",
	  "/dev/m 131072 1 primary:/dev/a:0", SECTORS_MAX + 1,
	  "argument 2: segment size '131072', expected at most 4294967296 "
	  "segments in 562949953421313 sectors" },
	{ "the longest length there is", "/dev/m 131072 1 primary:/dev/a:0",
	  ~0ULL,
	  "argument 2: segment size '131072', expected at most 4294967296 "
	  "segments in 18446744073709551615 sectors" },

	/* Number of members. */
	{ "a number of members that is none",
	  "/dev/m 2048 primary:/dev/a:0", 2048,
	  "argument 3: number of members 'primary:/dev/a:0', expected 1 to "
	  "16" },
	{ "no members", "/dev/m 2048 0", 2048,
	  "argument 3: number of members '0', expected 1 to 16" },
	{ "too many members", "/dev/m 2048 17 primary:/dev/a:0", 2048,
	  "argument 3: number of members '17', expected 1 to 16" },
	{ "a negative number of members", "/dev/m 2048 -1 primary:/dev/a:0",
	  2048, "argument 3: number of members '-1', expected 1 to 16" },
	{ "no primary", "/dev/m 2048 2 replica:/dev/a:0 spare:/dev/b:0", 2048,
	  "argument 3: number of members '2', expected exactly one of them to "
	  "be primary" },

	/* Members. */
	{ "an unknown role", "/dev/m 2048 1 primry:/dev/a:0", 2048,
	  "argument 4: unknown role 'primry', expected " ROLE },
	{ "a role called unknown", "/dev/m 2048 1 unknown:/dev/a:0", 2048,
	  "argument 4: unknown role 'unknown', expected " ROLE },
	{ "a role in capitals", "/dev/m 2048 1 Primary:/dev/a:0", 2048,
	  "argument 4: unknown role 'Primary', expected " ROLE },
	{ "the beginning of a role", "/dev/m 2048 1 prim:/dev/a:0", 2048,
	  "argument 4: unknown role 'prim', expected " ROLE },
	{ "an empty role", "/dev/m 2048 1 :/dev/a:0", 2048,
	  "argument 4: unknown role '', expected " ROLE },
	{ "a member without colons", "/dev/m 2048 1 primary", 2048,
	  "argument 4: member 'primary', expected " MEMBER },
	{ "a member without device", "/dev/m 2048 1 primary:0", 2048,
	  "argument 4: member 'primary:0', expected " MEMBER },
	{ "a member without offset", "/dev/m 2048 1 primary:/dev/a", 2048,
	  "argument 4: member 'primary:/dev/a', expected " MEMBER },
	{ "a member with zone and no offset", "/dev/m 2048 1 primary:/dev/a:z",
	  2048, "argument 4: member 'primary:/dev/a:z', expected " MEMBER },
	{ "a member with three labels",
	  "/dev/m 2048 1 primary:/dev/a:0:z:t:u", 2048,
	  "argument 4: member 'primary:/dev/a:0:z:t:u', expected " MEMBER },
	{ "a member that is a number", "/dev/m 2048 1 0", 2048,
	  "argument 4: member '0', expected " MEMBER },
	{ "a member that is a colon", "/dev/m 2048 1 :", 2048,
	  "argument 4: member ':', expected " MEMBER },
	{ "a member by number without offset", "/dev/m 2048 1 primary:8:16",
	  2048, "argument 4: device '8', expected " DEVICE },
	{ "a device that is no path", "/dev/m 2048 1 primary:sda:0", 2048,
	  "argument 4: device 'sda', expected " DEVICE },
	{ "an empty device", "/dev/m 2048 1 primary::0", 2048,
	  "argument 4: device '', expected " DEVICE },
	{ "a negative offset", "/dev/m 2048 1 primary:/dev/a:-1", 2048,
	  "argument 4: member 'primary:/dev/a:-1', expected " MEMBER },
	{ "a share that ends beyond the largest device",
	  "/dev/m 131072 1 primary:/dev/a:17451448556060673", SECTORS_MAX,
	  "argument 4: offset '17451448556060673', expected at most "
	  "17451448556060672 sectors" },
	{ "an offset that would wrap",
	  "/dev/m 2048 1 primary:/dev/a:18446744073709551615", 2048,
	  "argument 4: offset '18446744073709551615', expected at most "
	  "18014398509479936 sectors" },
	{ "an offset beyond 64 bits",
	  "/dev/m 2048 1 primary:/dev/a:18446744073709551616", 2048,
	  "argument 4: offset '18446744073709551616', expected at most "
	  "18014398509479936 sectors" },
	{ "an empty zone", "/dev/m 2048 1 primary:/dev/a:0:", 2048,
	  "argument 4: zone '', expected " LABEL },
	{ "an empty zone before a tier", "/dev/m 2048 1 primary:/dev/a:0::ssd",
	  2048, "argument 4: zone '', expected " LABEL },
	{ "an empty tier", "/dev/m 2048 1 primary:/dev/a:0:a:", 2048,
	  "argument 4: tier '', expected " LABEL },
	{ "a zone that starts with a digit",
	  "/dev/m 2048 1 primary:/dev/a:0:9z", 2048,
	  "argument 4: zone '9z', expected " LABEL },
	{ "a tier that starts with a dot",
	  "/dev/m 2048 1 primary:/dev/a:0:z:.t", 2048,
	  "argument 4: tier '.t', expected " LABEL },
	{ "a zone with the byte before A", "/dev/m 2048 1 primary:/dev/a:0:@",
	  2048, "argument 4: zone '@', expected " LABEL },
	{ "a zone with the byte after Z", "/dev/m 2048 1 primary:/dev/a:0:[",
	  2048, "argument 4: zone '[', expected " LABEL },
	{ "a zone with the byte before a", "/dev/m 2048 1 primary:/dev/a:0:`",
	  2048, "argument 4: zone '`', expected " LABEL },
	{ "a zone with the byte after z", "/dev/m 2048 1 primary:/dev/a:0:{",
	  2048, "argument 4: zone '{', expected " LABEL },
	{ "a zone with a slash", "/dev/m 2048 1 primary:/dev/a:0:a/b", 2048,
	  "argument 4: zone 'a/b', expected " LABEL },
	{ "a zone with a letter beyond ASCII",
	  "/dev/m 2048 1 primary:/dev/a:0:z\xe9", 2048,
	  "argument 4: zone 'z\\xe9', expected " LABEL },
	{ "a zone of 32 characters",
	  "/dev/m 2048 1 primary:/dev/a:0:" LABEL_31 "x", 2048,
	  "argument 4: zone '" LABEL_31 "x', expected " LABEL },
	{ "a second primary",
	  "/dev/m 2048 3 replica:/dev/c:0 primary:/dev/a:0 primary:/dev/b:0",
	  2048,
	  "argument 6: second primary '/dev/b', expected only one, "
	  "argument 5" },
	{ "a device twice",
	  "/dev/m 2048 3 primary:/dev/a:0 replica:/dev/b:0 replica:/dev/b:0",
	  2048,
	  "argument 6: device '/dev/b', expected no overlap with argument 5" },
	{ "shares that overlap far inside a device",
	  "/dev/m 2048 2 primary:/dev/a:5000 replica:/dev/a:5001", 2048,
	  "argument 5: device '/dev/a', expected no overlap with argument 4" },
	{ "a share that begins in another",
	  "/dev/m 2048 2 primary:/dev/a:0 replica:/dev/a:2047", 2048,
	  "argument 5: device '/dev/a', expected no overlap with argument 4" },
	{ "a share that ends in another",
	  "/dev/m 2048 2 primary:/dev/a:2047 replica:/dev/a:0", 2048,
	  "argument 5: device '/dev/a', expected no overlap with argument 4" },
	{ "a member on the metadata device",
	  "/dev/m,/dev/n 2048 1 primary:/dev/m:4096", 2048,
	  "argument 4: device '/dev/m', expected another device than "
	  "argument 1" },
	{ "a member on the metadata mirror",
	  "/dev/m,/dev/n 2048 1 primary:/dev/n:4096", 2048,
	  "argument 4: device '/dev/n', expected another device than "
	  "argument 1" },

	/* Features. */
	{ "one member too many",
	  "/dev/m 2048 1 primary:/dev/a:0 replica:/dev/b:0", 2048,
	  "argument 5: feature count 'replica:/dev/b:0', expected " END },
	{ "a feature without count", "/dev/m 2048 1 primary:/dev/a:0 "
	  "no_discard", 2048,
	  "argument 5: feature count 'no_discard', expected " END },
	{ "a feature count beyond 32 bits",
	  "/dev/m 2048 1 primary:/dev/a:0 4294967296 no_discard", 2048,
	  "argument 5: feature count '4294967296', expected " END },
	{ "an unknown feature",
	  "/dev/m 2048 1 primary:/dev/a:0 1 discard", 2048,
	  "argument 6: unknown feature 'discard', expected no_discard or "
	  "buffer_copies:N" },
	{ "copies of what is not there",
	  "/dev/m 2048 1 primary:/dev/a:0 1 buffer_copies:1", 2048,
	  "argument 6: feature 'buffer_copies:1', expected a divisor of the "
	  "number of buffers, 0" },
	{ "copies that do not part the buffers",
	  "/dev/m 2048 4 primary:/dev/a:0 buffer:/dev/b:0 buffer:/dev/c:0 "
	  "buffer:/dev/d:0 1 buffer_copies:2", 2048,
	  "argument 9: feature 'buffer_copies:2', expected a divisor of the "
	  "number of buffers, 3" },
	{ "no copies", "/dev/m 2048 2 primary:/dev/a:0 buffer:/dev/b:0 1 "
	  "buffer_copies:0", 2048,
	  "argument 7: feature 'buffer_copies:0', expected a divisor of the "
	  "number of buffers, 1" },
	{ "copies without a number", "/dev/m 2048 2 primary:/dev/a:0 "
	  "buffer:/dev/b:0 1 buffer_copies:", 2048,
	  "argument 7: feature 'buffer_copies:', expected a divisor of the "
	  "number of buffers, 1" },
	{ "copies twice", "/dev/m 2048 2 primary:/dev/a:0 "
	  "buffer:/dev/b:0 2 buffer_copies:1 buffer_copies:1", 2048,
	  "argument 8: repeated feature 'buffer_copies:1', expected each at most "
	  "once" },
	{ "a feature twice",
	  "/dev/m 2048 1 primary:/dev/a:0 2 no_discard no_discard", 2048,
	  "argument 7: repeated feature 'no_discard', expected each at most "
	  "once" },
	{ "one feature too many",
	  "/dev/m 2048 1 primary:/dev/a:0 1 no_discard no_flush", 2048,
	  "argument 7: extra argument 'no_flush', expected the end after 1 "
	  "feature arguments" },
	{ "something after no features",
	  "/dev/m 2048 1 primary:/dev/a:0 0 0", 2048,
	  "argument 6: extra argument '0', expected the end after 0 feature "
	  "arguments" },

	/* What messages make of arguments. */
	{ "a text of 41 bytes is shown whole",
	  "abcdefghijklmnopqrstuvwxyz123456789012345 2048 1", 2048,
	  "argument 1: metadata device "
	  "'abcdefghijklmnopqrstuvwxyz123456789012345', expected " DEVICE },
	{ "a text of 42 bytes is cut",
	  "abcdefghijklmnopqrstuvwxyz1234567890123456 2048 1", 2048,
	  "argument 1: metadata device "
	  "'abcdefghijklmnopqrstuvwxyz123456789012345...', expected "
	  DEVICE },
	{ "bytes that cannot be printed are spelled",
	  "a\\ b\x1b\x7f\x80\xff'\\\\ 2048 1", 2048,
	  "argument 1: metadata device 'a b\\x1b\\x7f\\x80\\xff'\\x5c', "
	  "expected " DEVICE },
	{ "a cut does not split a spelled byte",
	  "abcdefghijklmnopqrstuvwxyz12345678901234\xff\xff 2048 1", 2048,
	  "argument 1: metadata device "
	  "'abcdefghijklmnopqrstuvwxyz12345678901234\\xff...', expected "
	  DEVICE },
	{ "the longest message has room",
	  "/dev/m 2048 1 primary:/dev/a:0:a:"
	  "abcdefghijklmnopqrstuvwxyz12345678901234\xff\xff", 2048,
	  "argument 4: tier 'abcdefghijklmnopqrstuvwxyz12345678901234\\xff"
	  "...', expected " LABEL },
};

#undef DEVICE
#undef MEMBER
#undef LABEL
#undef SEGMENT
#undef ROLE
#undef END

struct table_role_row {
	const char *name;
	enum psh_role role;
	const char *word;
};

static const struct table_role_row table_role_rows[] = {
	{ "primary is named primary", PSH_ROLE_PRIMARY, "primary" },
	{ "replica is named replica", PSH_ROLE_REPLICA, "replica" },
	{ "buffer is named buffer", PSH_ROLE_BUFFER, "buffer" },
	{ "shadow is named shadow", PSH_ROLE_SHADOW, "shadow" },
	{ "spare is named spare", PSH_ROLE_SPARE, "spare" },
	{ "a role that is none has a name", PSH_ROLE_NR, "unknown" },
};

#endif /* PSH_VECTORS_TABLE_H */
