/* SPDX-License-Identifier: GPL-2.0 */
/*
 * classify: what kind of load a volume has.
 *
 * Three answers from the counters of one window after the other: traffic
 * (idle, read, write, mixed), shape (sustained or bursty), and the application
 * that the requests look like. Each changes only when windows in a row agree,
 * and a limit must be crossed by a margin to leave what is, so that a load on
 * the border does not flap. An application is named only if it fits well and
 * clearly better than any other; a guess is for people and for defaults, never
 * for correctness. 24 bytes per volume. It does not say what comes next.
 */
#ifndef PSH_CLASSIFY_H
#define PSH_CLASSIFY_H

#include "base.h"

enum psh_traffic {
	PSH_TRAFFIC_IDLE,	/* at most a twentieth of the mean load */
	PSH_TRAFFIC_READ,	/* 70 % reads or more */
	PSH_TRAFFIC_WRITE,	/* 30 % reads or less */
	PSH_TRAFFIC_MIXED,
	PSH_TRAFFIC_NR
};

enum psh_shape {
	PSH_SHAPE_SUSTAINED,
	PSH_SHAPE_BURSTY,	/* busiest slot three times the mean slot */
	PSH_SHAPE_NR
};

enum psh_application {
	PSH_APPLICATION_UNKNOWN,
	PSH_APPLICATION_DATABASE,
	PSH_APPLICATION_WEB,
	PSH_APPLICATION_MEDIA,
	PSH_APPLICATION_BACKUP,
	PSH_APPLICATION_LOG,
	PSH_APPLICATION_NR
};

/**
 * struct psh_window - counters of one window, begun from 0
 * @reads: requests
 * @writes: requests, discards not among them
 * @read_sectors: of @reads
 * @write_sectors: of @writes
 * @flushes: FLUSH and FUA requests
 * @sampled: requests of which was seen whether they are sequential
 * @sequential: of them those that begin where one before ended
 * @busiest: requests in the busiest slot
 * @slots: slots in the window
 * @touched: segments touched, as far as was seen
 * @segments: of the volume
 */
struct psh_window {
	u64 reads;
	u64 writes;
	u64 read_sectors;
	u64 write_sectors;
	u64 flushes;
	u64 sampled;
	u64 sequential;
	u64 busiest;
	u32 slots;
	u64 touched;
	u64 segments;
};

/**
 * struct psh_classify_policy - how easily an answer changes
 * @dwell: windows in a row that must agree on another answer, at least 1
 * @margin_permille: beyond a limit, to leave what is
 * @mean_shift: the mean load is over 2^@mean_shift windows; 0..16
 */
struct psh_classify_policy {
	u8 dwell;
	u16 margin_permille;
	u8 mean_shift;
};

/* For windows of 5 minutes: a quarter of an hour, and a mean of a week. */
extern const struct psh_classify_policy psh_classify_fives;

/**
 * struct psh_settled - an answer, and one that may follow it
 * @now: the answer
 * @next: what the last windows say
 * @agreed: windows in a row that say @next
 */
struct psh_settled {
	u8 now;
	u8 next;
	u8 agreed;
};

/**
 * struct psh_classify - one volume
 * @mean_q8: requests per window
 * @windows: seen, sticks
 * @traffic: enum psh_traffic
 * @shape: enum psh_shape
 * @application: enum psh_application
 */
struct psh_classify {
	u64 mean_q8;
	u32 windows;
	struct psh_settled traffic;
	struct psh_settled shape;
	struct psh_settled application;
};

/**
 * psh_classify_begin() - nothing was seen
 * @classify: the volume
 */
void psh_classify_begin(struct psh_classify *classify);

/**
 * psh_classify_look() - take one window into account
 * @classify: the volume
 * @policy: how easily an answer changes
 * @window: counters of the window
 *
 * Divides six times; for once in some minutes.
 *
 * Return: true if an answer changed.
 */
bool psh_classify_look(struct psh_classify *classify,
		       const struct psh_classify_policy *policy,
		       const struct psh_window *window);

/**
 * psh_traffic_name() - the word for a kind of traffic
 * @traffic: enum psh_traffic
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_traffic_name(u32 traffic);

/**
 * psh_shape_name() - the word for a shape
 * @shape: enum psh_shape
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_shape_name(u32 shape);

/**
 * psh_application_name() - the word for an application
 * @application: enum psh_application
 *
 * Return: a constant, "unknown" for what is none.
 */
const char *psh_application_name(u32 application);

#endif /* PSH_CLASSIFY_H */
