// SPDX-License-Identifier: GPL-2.0
/*
 * table: parse and write the dm table line of a volume.
 *
 * Every argument is hostile until it was looked at: lengths, bytes and numbers
 * are checked, nothing is guessed, and the first thing that is wrong is
 * reported by its number, its text and what was expected. It does not open
 * devices; two members are compared as text here and as devices by the
 * constructor. Called without locks; used by target.c, the tools and a fuzzer.
 *
 * A member is read from its right end, because only the device may contain
 * colons: labels start with a letter, so the last field that is all digits is
 * the offset, and what is left of it, less the role, is the device.
 */
#include "table.h"

#define SHOWN_SIZE	48	/* bytes of an argument in a message, with 0 */
#define ESCAPE		"\\xff"
#define ELLIPSIS	"..."
#define DIGITS		"0123456789"
#define MAJOR_MAX	4095	/* 12 bits of dev_t */
#define MINOR_MAX	1048575	/* 20 bits of dev_t */

#define EXPECT_DEVICE	"a path that starts with / or major:minor"
#define EXPECT_LABEL \
	"a letter, then letters, digits, '.', '_' or '-', at most 31 characters"
#define EXPECT_MEMBER	"<role>:<device>:<offset>[:<zone>[:<tier>]]"
#define EXPECT_ROLE	"primary, replica, buffer, shadow or spare"
#define EXPECT_SEGMENT	"a power of two from 128 to 131072 sectors"
#define EXPECT_MEMBERS	"1 to 16"
#define EXPECT_FEATURE	"no_discard or buffer_copies:N"
#define EXPECT_FEATURES	"the number of feature arguments or the end"

static_assert(PSH_SEGMENT_SECTORS_MIN == 128);
static_assert(PSH_SEGMENT_SECTORS_MAX == 131072);
static_assert(PSH_MEMBERS_MAX == 16);
static_assert(PSH_LABEL_SIZE == 31 + 1);

static const struct {
	const char *name;
	u32 feature;
} features[] = {
	{ "no_discard", PSH_FEATURE_NO_DISCARD },
	{ "buffer_copies:", PSH_FEATURE_BUFFER_COPIES },
};

/* Where the parser is: @next counts from 0, messages count from 1. */
struct args {
	unsigned int argc;
	unsigned int next;
	char **argv;
	char *error;
};

const char *psh_role_name(enum psh_role role)
{
	switch (role) {
	case PSH_ROLE_PRIMARY:
		return "primary";
	case PSH_ROLE_REPLICA:
		return "replica";
	case PSH_ROLE_BUFFER:
		return "buffer";
	case PSH_ROLE_SHADOW:
		return "shadow";
	case PSH_ROLE_SPARE:
		return "spare";
	case PSH_ROLE_NR:
		break;
	}
	return "unknown";
}

/* ASCII only, unlike the kernel's and libc's own. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '\\';
}

/* Digits only: kstrtou64() alone would take a plus and a newline. */
static bool parse_number(const char *text, u64 max, u64 *value)
{
	return !text[strspn(text, DIGITS)] && !kstrtou64(text, 10, value) &&
	       *value <= max;
}

/* Copy @text into SHOWN_SIZE bytes, cut to fit, any byte made visible. */
static void quote(char *to, const char *text)
{
	const char *last = to + SHOWN_SIZE - sizeof(ESCAPE ELLIPSIS);

	for (; *text && to <= last; text++) {
		if (is_plain(*text) || *text == ' ')
			*to++ = *text;
		else
			to += sprintf(to, "\\x%02x", (u8)*text);
	}
	memcpy(to, *text ? ELLIPSIS : "", *text ? sizeof(ELLIPSIS) : 1);
}

/*
 * Refuse the argument taken last: number, what it is, its text, what was
 * expected. Return: -EINVAL.
 */
static __printf(4, 5) int refuse(const struct args *args, const char *what,
				 const char *text, const char *expected, ...)
{
	char shown[SHOWN_SIZE];
	va_list values;
	int used;

	quote(shown, text);
	used = snprintf(args->error, PSH_ERROR_SIZE,
			"argument %u: %s '%s', expected ", args->next, what,
			shown);
	va_start(values, expected);
	vsnprintf(args->error + used, PSH_ERROR_SIZE - used, expected, values);
	va_end(values);
	return -EINVAL;
}

/* Take the next argument. Return: NULL with the error set if there is none. */
static char *take(struct args *args, const char *expected)
{
	if (args->next < args->argc)
		return args->argv[args->next++];
	snprintf(args->error, PSH_ERROR_SIZE,
		 "argument %u: missing, expected %s", args->next + 1, expected);
	return NULL;
}

static bool is_major_minor(const char *text)
{
	char major[sizeof("4095")] = "";
	const char *colon = strchr(text, ':');
	u64 value;

	if (!colon || (size_t)(colon - text) >= sizeof(major))
		return false;
	memcpy(major, text, colon - text);
	return parse_number(major, MAJOR_MAX, &value) &&
	       parse_number(colon + 1, MINOR_MAX, &value);
}

static bool is_device(const char *text)
{
	return (text[0] == '/' && text[1]) || is_major_minor(text);
}

static bool is_label(const char *text)
{
	size_t i;

	if (!is_letter(text[0]))
		return false;
	for (i = 1; text[i]; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]) &&
		    !strchr("._-", text[i]))
			return false;
	return i < PSH_LABEL_SIZE;
}

static int parse_metadata(struct args *args, struct psh_config *config)
{
	char *device = take(args, "the metadata device");
	char *comma;

	if (!device)
		return -EINVAL;
	comma = strchr(device, ',');
	if (comma)
		*comma = '\0';
	config->metadata = device;
	config->mirror = comma ? comma + 1 : NULL;
	if (!is_device(device))
		return refuse(args, "metadata device", device, EXPECT_DEVICE);
	if (!comma)
		return 0;
	if (!is_device(config->mirror))
		return refuse(args, "metadata mirror", config->mirror,
			      EXPECT_DEVICE);
	if (!strcmp(device, config->mirror))
		return refuse(args, "metadata mirror", config->mirror,
			      "another device than the metadata device");
	return 0;
}

static int parse_segment_size(struct args *args, u64 len_sectors,
			      struct psh_config *config)
{
	const char *text = take(args, "the segment size in sectors");
	u64 size;

	if (!text)
		return -EINVAL;
	if (!parse_number(text, PSH_SEGMENT_SECTORS_MAX, &size) ||
	    size < PSH_SEGMENT_SECTORS_MIN || !is_power_of_2(size))
		return refuse(args, "segment size", text, EXPECT_SEGMENT);
	if ((len_sectors - 1) >> psh_log2(size) >= PSH_SEGMENTS_MAX)
		return refuse(args, "segment size", text,
			      "at most %llu segments in %llu sectors",
			      PSH_SEGMENTS_MAX, len_sectors);
	config->segment_sectors = size;
	return 0;
}

static int parse_nr_members(struct args *args, struct psh_config *config)
{
	const char *text = take(args, "the number of members");
	u64 nr;

	if (!text)
		return -EINVAL;
	if (!parse_number(text, PSH_MEMBERS_MAX, &nr) || !nr)
		return refuse(args, "number of members", text, EXPECT_MEMBERS);
	config->nr_members = nr;
	return 0;
}

/*
 * Find the offset of a member: the last field that is a number, with at most
 * zone and tier behind it and something before it. NULL if there is none.
 */
static char *find_offset(char *text)
{
	char *end = text + strlen(text);
	char *field;
	size_t digits;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		field = end;
		while (field > text && field[-1] != ':')
			field--;
		if (field == text)
			break;
		digits = strspn(field, DIGITS);
		if (digits && field + digits == end)
			return field;
		end = field - 1;
	}
	return NULL;
}

/* Cut @text at its first colon. Return: what follows it, NULL if none. */
static char *cut(char *text)
{
	char *colon = strchr(text, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static int parse_role(const struct args *args, const char *text,
		      struct psh_member_config *member)
{
	unsigned int role;

	for (role = 0; role < PSH_ROLE_NR; role++) {
		if (!strcmp(text, psh_role_name(role))) {
			member->role = role;
			return 0;
		}
	}
	return refuse(args, "unknown role", text, EXPECT_ROLE);
}

static int parse_label(const struct args *args, const char *what,
		       const char *text, char *label)
{
	label[0] = '\0';
	if (!text)
		return 0;
	if (!is_label(text))
		return refuse(args, what, text, EXPECT_LABEL);
	memcpy(label, text, strlen(text) + 1);
	return 0;
}

static int parse_offset(const struct args *args, const char *text,
			u64 len_sectors, struct psh_member_config *member)
{
	u64 last = PSH_SHARE_END_MAX - len_sectors;

	if (!parse_number(text, last, &member->offset_sectors))
		return refuse(args, "offset", text, "at most %llu sectors",
			      last);
	return 0;
}

static int parse_member(struct args *args, char *text, u64 len_sectors,
			struct psh_member_config *member)
{
	char *offset = find_offset(text);
	char *zone, *tier, *device;

	if (!offset || strchr(text, ':') == offset - 1)
		return refuse(args, "member", text, EXPECT_MEMBER);
	zone = cut(offset);
	tier = zone ? cut(zone) : NULL;
	offset[-1] = '\0';
	device = cut(text);
	member->device = device;
	if (parse_role(args, text, member))
		return -EINVAL;
	if (!is_device(device))
		return refuse(args, "device", device, EXPECT_DEVICE);
	if (parse_offset(args, offset, len_sectors, member))
		return -EINVAL;
	if (parse_label(args, "zone", zone, member->zone))
		return -EINVAL;
	return parse_label(args, "tier", tier, member->tier);
}

static bool shares_overlap(const struct psh_member_config *a,
			   const struct psh_member_config *b, u64 len_sectors)
{
	return !strcmp(a->device, b->device) &&
	       a->offset_sectors < b->offset_sectors + len_sectors &&
	       b->offset_sectors < a->offset_sectors + len_sectors;
}

/* Is the member just taken, @idx, in the way of anything before it? */
static int check_member(const struct args *args, u64 len_sectors,
			const struct psh_config *config, unsigned int idx)
{
	const struct psh_member_config *member = &config->member[idx];
	unsigned int first = args->next - idx;	/* argument of member 0 */
	unsigned int i;

	if (!strcmp(member->device, config->metadata) ||
	    (config->mirror && !strcmp(member->device, config->mirror)))
		return refuse(args, "device", member->device,
			      "another device than argument 1");
	for (i = 0; i < idx; i++) {
		if (shares_overlap(&config->member[i], member, len_sectors))
			return refuse(args, "device", member->device,
				      "no overlap with argument %u", first + i);
		if (member->role == PSH_ROLE_PRIMARY &&
		    config->member[i].role == PSH_ROLE_PRIMARY)
			return refuse(args, "second primary", member->device,
				      "only one, argument %u", first + i);
	}
	return 0;
}

static int parse_members(struct args *args, u64 len_sectors,
			 struct psh_config *config)
{
	char number[sizeof("16")];
	unsigned int i;
	char *text;

	config->primary = PSH_MEMBERS_MAX;
	for (i = 0; i < config->nr_members; i++) {
		text = take(args, "a member: " EXPECT_MEMBER);
		if (!text ||
		    parse_member(args, text, len_sectors, &config->member[i]) ||
		    check_member(args, len_sectors, config, i))
			return -EINVAL;
		if (config->member[i].role == PSH_ROLE_PRIMARY)
			config->primary = i;
	}
	if (config->primary < PSH_MEMBERS_MAX)
		return 0;
	snprintf(number, sizeof(number), "%u", config->nr_members);
	args->next = 3;
	return refuse(args, "number of members", number,
		      "exactly one of them to be primary");
}

/* Each stripe lies on so many buffers; the log's lanes have that many each. */
static int parse_buffer_copies(const struct args *args, const char *text,
			       const char *value, struct psh_config *config)
{
	u64 copies, buffers = 0;
	unsigned int i;

	for (i = 0; i < config->nr_members; i++)
		buffers += config->member[i].role == PSH_ROLE_BUFFER;
	if (!parse_number(value, PSH_MEMBERS_MAX, &copies) || !copies ||
	    !buffers || buffers % (u32)copies)
		return refuse(args, "feature", text,
			      "a divisor of the number of buffers, %llu",
			      buffers);
	config->buffer_copies = copies;
	return 0;
}

static int parse_feature(const struct args *args, const char *text,
			 struct psh_config *config)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		size_t size = strlen(features[i].name);

		if (strncmp(text, features[i].name, size) ||
		    (features[i].feature != PSH_FEATURE_BUFFER_COPIES &&
		     text[size]))
			continue;
		if (config->features & features[i].feature)
			return refuse(args, "repeated feature", text,
				      "each at most once");
		config->features |= features[i].feature;
		if (features[i].feature == PSH_FEATURE_BUFFER_COPIES)
			return parse_buffer_copies(args, text, text + size,
						   config);
		return 0;
	}
	return refuse(args, "unknown feature", text, EXPECT_FEATURE);
}

static int parse_features(struct args *args, struct psh_config *config)
{
	const char *text;
	u64 nr = 0, i;

	config->features = 0;
	config->buffer_copies = 0;
	if (args->next == args->argc)
		return 0;
	text = take(args, EXPECT_FEATURES);
	if (!parse_number(text, U32_MAX, &nr))
		return refuse(args, "feature count", text, EXPECT_FEATURES);
	for (i = 0; i < nr; i++) {
		text = take(args, "a feature: " EXPECT_FEATURE);
		if (!text || parse_feature(args, text, config))
			return -EINVAL;
	}
	if (args->next == args->argc)
		return 0;
	return refuse(args, "extra argument", take(args, ""),
		      "the end after %llu feature arguments", nr);
}

int psh_table_parse(unsigned int argc, char **argv, u64 len_sectors,
		    struct psh_config *config, char *error)
{
	struct args args = { .argc = argc, .argv = argv, .error = error };

	error[0] = '\0';
	if (!len_sectors) {
		snprintf(error, PSH_ERROR_SIZE,
			 "length 0, expected at least 1 sector");
		return -EINVAL;
	}
	if (parse_metadata(&args, config) ||
	    parse_segment_size(&args, len_sectors, config) ||
	    parse_nr_members(&args, config) ||
	    parse_members(&args, len_sectors, config))
		return -EINVAL;
	return parse_features(&args, config);
}

/* Text under construction; @size becomes 0 when it does not fit. */
struct text {
	char *line;
	size_t used;
	size_t size;
};

static void put_char(struct text *text, char c)
{
	if (text->used + 1 >= text->size) {
		text->size = 0;
		return;
	}
	text->line[text->used++] = c;
	text->line[text->used] = '\0';
}

static void put(struct text *text, const char *word)
{
	while (*word)
		put_char(text, *word++);
}

/* dm cuts lines at spaces and takes any character after a backslash. */
static void put_escaped(struct text *text, const char *word)
{
	for (; *word; word++) {
		if (!is_plain(*word))
			put_char(text, '\\');
		put_char(text, *word);
	}
}

static void put_number(struct text *text, u64 number)
{
	char digits[sizeof("18446744073709551615")];

	snprintf(digits, sizeof(digits), "%llu", number);
	put(text, digits);
}

static void put_member(struct text *text,
		       const struct psh_member_config *member)
{
	put(text, " ");
	put(text, psh_role_name(member->role));
	put(text, ":");
	put_escaped(text, member->device);
	put(text, ":");
	put_number(text, member->offset_sectors);
	if (member->zone[0]) {
		put(text, ":");
		put(text, member->zone);
	}
	if (member->tier[0]) {
		put(text, ":");
		put(text, member->tier);
	}
}

static void put_features(struct text *text, const struct psh_config *config)
{
	u32 set = config->features;
	unsigned int nr = 0, i;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		nr += !!(set & features[i].feature);
	if (!nr)
		return;
	put(text, " ");
	put_number(text, nr);
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		if (set & features[i].feature) {
			put(text, " ");
			put(text, features[i].name);
			if (features[i].feature == PSH_FEATURE_BUFFER_COPIES)
				put_number(text, config->buffer_copies);
		}
	}
}

int psh_table_format(const struct psh_config *config, char *line, size_t size)
{
	struct text text = { .line = line, .size = size };
	unsigned int i;

	put_escaped(&text, config->metadata);
	if (config->mirror) {
		put(&text, ",");
		put_escaped(&text, config->mirror);
	}
	put(&text, " ");
	put_number(&text, config->segment_sectors);
	put(&text, " ");
	put_number(&text, config->nr_members);
	for (i = 0; i < config->nr_members; i++)
		put_member(&text, &config->member[i]);
	put_features(&text, config);
	return text.size ? (int)text.used : -ENOSPC;
}
