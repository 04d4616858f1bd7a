/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk: what predshard writes to devices, byte for byte.
 *
 * docs/disk-format.md as C: it says what each field means and in which order
 * blocks are written; core/ holds the only code that reads and writes them, the
 * same in the module, the tools and the simulator. All numbers are little-endian,
 * a block is 4096 bytes, and every block of ours begins with struct
 * psh_disk_head. Nothing here has behaviour.
 */
#ifndef PREDSHARD_DISK_H
#define PREDSHARD_DISK_H

#include <linux/types.h>

#define PSH_BLOCK_SIZE		4096
#define PSH_BLOCK_SECTORS	8
#define PSH_UUID_SIZE		16

#define PSH_DISK_VERSION	1
#define PSH_DISK_ARCHIVE_VERSION	1

/* What a block is, as its bytes read in a dump. */
#define PSH_MAGIC_SUPER		0x62735350U	/* "PSsb" */
#define PSH_MAGIC_MAP		0x706d5350U	/* "PSmp" */
#define PSH_MAGIC_JOURNAL	0x726a5350U	/* "PSjr" */
#define PSH_MAGIC_MEMBER	0x736d5350U	/* "PSms" */
#define PSH_MAGIC_BUFFER	0x75625350U	/* "PSbu" */
#define PSH_MAGIC_STRIPE	0x74735350U	/* "PSst" */
#define PSH_MAGIC_FORECAST	0x63665350U	/* "PSfc" */

#define PSH_SUPER_BLOCKS	2
#define PSH_RESERVED_BLOCKS	16	/* superblocks and room for later */
#define PSH_FORECAST_BLOCKS	64
#define PSH_MAP_WORDS		506	/* route words in a map block */
#define PSH_JOURNAL_RECORDS	252	/* records in a journal block */
#define PSH_DISK_MEMBERS	16
#define PSH_DISK_RULES		64
#define PSH_STRIPE_RECORDS	250	/* records in the head of a stripe */
#define PSH_DISK_DEVICES	2	/* metadata device and mirror */

/* struct psh_disk_super, flags */
#define PSH_SUPER_CLEAN		(1U << 0)	/* deactivated in order */
#define PSH_SUPER_SETTLING	(1U << 1)	/* identities are being written */

/* struct psh_disk_member, flags */
#define PSH_MEMBER_USED		(1U << 0)	/* this number is taken */
#define PSH_MEMBER_AWAY		(1U << 1)	/* lost, or absent, and not returned */
#define PSH_MEMBER_ABSENT	(1U << 2)	/* away because no table named it */
#define PSH_MEMBER_MARKED	(1U << 3)	/* has a superblock of its own */
#define PSH_MEMBER_LOST		(1U << 4)	/* a buffer that missed a stripe */

/* struct psh_disk_record, top byte of the key */
#define PSH_RECORD_WORD		1
#define PSH_RECORD_KIND_SHIFT	56

/* struct psh_disk_stripe_record, top byte of the key */
#define PSH_STRIPE_WRITE	1
#define PSH_STRIPE_DISCARD	2
#define PSH_STRIPE_ZEROES	3
#define PSH_STRIPE_HOME		4	/* what the home holds is newer than the log */

struct psh_disk_head {
	__le32 crc;		/* CRC-32C of all that follows in the block */
	__le32 magic;
	__u8 uuid[PSH_UUID_SIZE];	/* of the volume */
	__le64 address;		/* its own block number on its device */
	__le64 epoch;		/* of the activation that wrote it */
	__le64 sequence;
};

struct psh_disk_member {
	__u8 uuid[PSH_UUID_SIZE];
	__le64 epoch;		/* that its identity shows .. */
	__le64 next_epoch;	/* .. or this one, if the machine stopped */
	__le64 offset_sectors;
	__le32 role;
	__le32 flags;
	__u8 zero[16];
};

struct psh_disk_super {
	struct psh_disk_head head;
	__le32 version;
	__le32 flags;
	__le64 compat;
	__le64 ro_compat;
	__le64 incompat;
	__le32 segment_sectors;
	__le32 map_current;
	__le64 len_sectors;
	__le64 nr_segments;
	__le64 journal_start;
	__le64 journal_blocks;
	__le64 map_start[2];
	__le64 map_blocks;
	__le64 forecast_start;
	__le64 map_generation;
	__le64 checkpoint;
	__le32 devices;		/* metadata devices that are up to date */
	__le32 device;		/* which of them this one is */
	__le32 write_mode;
	__le32 map_crc;		/* CRC-32C of the checksums of the map's blocks */
	__le16 rule[PSH_DISK_RULES];
	struct psh_disk_member member[PSH_DISK_MEMBERS];
	__le64 before_sectors;	/* length of before, while it settles; or the same */
	__u8 zero[2752];
};

struct psh_disk_map {
	struct psh_disk_head head;
	__le64 word[PSH_MAP_WORDS];
};

struct psh_disk_record {
	__le64 key;
	__le64 value;
};

struct psh_disk_journal {
	struct psh_disk_head head;
	__le32 nr;
	__le32 zero32;
	__u8 zero[8];
	struct psh_disk_record record[PSH_JOURNAL_RECORDS];
};

struct psh_disk_identity {
	struct psh_disk_head head;	/* epoch: the last activation that used it */
	__u8 member_uuid[PSH_UUID_SIZE];
	__le32 number;
	__le32 role;
	__le64 offset_sectors;
	__le64 len_sectors;
	__u8 zero[4008];
};

struct psh_disk_buffer {
	struct psh_disk_head head;	/* sequence: generation of this superblock */
	__le32 version;
	__le32 zero32;
	__le64 incompat;
	__u8 member_uuid[PSH_UUID_SIZE];
	__le32 index;		/* which of the log's buffers this one is */
	__le32 nr_buffers;
	__le32 copies;		/* buffers that hold each stripe */
	__le32 stripe_blocks;
	__le64 rows;		/* stripes on each buffer */
	__le64 start;		/* first stripe of the epoch */
	__le64 tail;
	__le64 durable;		/* counts when the epoch is settled */
	__le64 flushed;		/* counts until then */
	__le32 chain;		/* checksum of the head of stripe start - 1 */
	__u8 zero[3956];
};

struct psh_disk_stripe_record {
	__le64 key;		/* kind, first sector of the volume */
	__le32 sectors;
	__le32 crc;		/* CRC-32C of the data of a write */
};

struct psh_disk_stripe {
	struct psh_disk_head head;	/* sequence: number of the stripe */
	__le32 nr;
	__le32 data_sectors;
	__le32 chain;		/* checksum of the head of the stripe before */
	__le32 zero32;
	__le64 tail;		/* oldest stripe that is still needed */
	__le64 durable;		/* all up to this one were durable */
	__u8 zero[16];
	struct psh_disk_stripe_record record[PSH_STRIPE_RECORDS];
};

struct psh_disk_archive {
	struct psh_disk_head head;	/* sequence: number of the saving */
	__le32 version;
	__le32 bytes;		/* of the whole saving */
	__u8 zero[8];
	__u8 data[4032];
};

#endif /* PREDSHARD_DISK_H */
