/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table: the dm table line of a volume, as text and as struct psh_config.
 *
 *	<metadata dev>[,<mirror dev>] <segment sectors> <#members>
 *	[<role>:<dev>:<offset>[:<zone>[:<tier>]]]... [<#feature args> <feature>...]
 *
 * Pure: it opens nothing and trusts nothing. The command line tool writes what
 * the kernel reads with the same code. Devices are taken as text (a path or
 * major:minor); that they exist, differ and are large enough is for the
 * constructor to find out.
 */
#ifndef PSH_TABLE_H
#define PSH_TABLE_H

#include "base.h"
#include "word.h"

#define PSH_SEGMENT_SECTORS_MIN	128U	/* 64 KiB */
#define PSH_SEGMENT_SECTORS_MAX	131072U	/* 64 MiB */
#define PSH_SEGMENTS_MAX	(1ULL << 32)	/* the word's slot has 32 bits */
#define PSH_SHARE_END_MAX	(1ULL << 54)	/* sectors: 2^63 bytes, loff_t */
#define PSH_LABEL_SIZE		32	/* zone or tier, with its 0 */
#define PSH_ERROR_SIZE		192	/* one message, with its 0 */

enum psh_role {
	PSH_ROLE_PRIMARY,
	PSH_ROLE_REPLICA,
	PSH_ROLE_BUFFER,
	PSH_ROLE_SHADOW,
	PSH_ROLE_SPARE,
	PSH_ROLE_NR
};

enum {
	PSH_FEATURE_NO_DISCARD = 1U << 0,	/* "no_discard" */
	PSH_FEATURE_BUFFER_COPIES = 1U << 1,	/* "buffer_copies:N" */
};

/**
 * struct psh_member_config - one member as the table line gives it
 * @role: what the member is for
 * @device: path or major:minor, points into the parsed arguments
 * @offset_sectors: where the member's share begins on the device
 * @zone: failure domain label, "" if not given
 * @tier: tier label, "" if not given; never without a zone
 */
struct psh_member_config {
	enum psh_role role;
	const char *device;
	u64 offset_sectors;
	char zone[PSH_LABEL_SIZE];
	char tier[PSH_LABEL_SIZE];
};

/**
 * struct psh_config - a parsed table line
 * @metadata: metadata device, points into the parsed arguments
 * @mirror: its mirror, or NULL
 * @segment_sectors: segment size, a power of two
 * @nr_members: used entries of @member
 * @primary: index of the one primary in @member
 * @features: set of PSH_FEATURE_*
 * @member: the members in the order of the line
 * @buffer_copies: buffers that hold each stripe; 0 if not given: one
 */
struct psh_config {
	const char *metadata;
	const char *mirror;
	u32 segment_sectors;
	unsigned int nr_members;
	unsigned int primary;
	u32 features;
	struct psh_member_config member[PSH_MEMBERS_MAX];
	u32 buffer_copies;
};

/**
 * psh_table_parse() - parse the arguments of a table line
 * @argc: number of arguments after "predshard"
 * @argv: the arguments; cut apart in place, and kept by @config
 * @len_sectors: length of the volume
 * @config: filled on success, undefined otherwise
 * @error: PSH_ERROR_SIZE bytes; on failure a message that names the argument
 *	   (counted from 1), what it says and what was expected; "" on success
 *
 * Context: any, does not sleep.
 * Return: 0, or -EINVAL with @error set.
 */
int psh_table_parse(unsigned int argc, char **argv, u64 len_sectors,
		    struct psh_config *config, char *error);

/**
 * psh_table_format() - write the line that parses to the same configuration
 * @config: the configuration
 * @line: where to write
 * @size: bytes there
 *
 * Bytes of devices that dm would cut at or take away are escaped with a
 * backslash.
 *
 * Return: characters written (without the 0), or -ENOSPC.
 */
int psh_table_format(const struct psh_config *config, char *line, size_t size);

/**
 * psh_role_name() - the word for a role, as in the table line
 * @role: the role
 *
 * Return: a constant, "unknown" for what is no role.
 */
const char *psh_role_name(enum psh_role role);

#endif /* PSH_TABLE_H */
