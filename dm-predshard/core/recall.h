/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recall: what is remembered of forecasting, as bytes and back.
 *
 * One walk over the fields serves both ways, so that what is written and what
 * is read cannot differ. The bytes are a row of sections, each with a tag and a
 * length, little endian; a section that is not known is skipped. What is read is
 * believed only in the ranges that the forecasters rest on: a value outside makes
 * all of it bad. It does no I/O: archive keeps the bytes.
 */
#ifndef PSH_RECALL_H
#define PSH_RECALL_H

#include "ensemble.h"
#include "score.h"
#include "series.h"

#define PSH_RECALL_METRIC_BYTES 9216 /* more than a metric's section */

/**
 * struct psh_recall - a walk over bytes
 * @byte: the bytes
 * @size: how many there are, or room for
 * @at: where the walk is
 * @end: of the section
 * @reading: from bytes; else to bytes
 * @bad: there is no room, or something that cannot be
 */
struct psh_recall {
	u8 *byte;
	u32 size;
	u32 at;
	u32 end;
	bool reading;
	bool bad;
};

/**
 * psh_recall_write() - begin to write
 * @recall: the walk
 * @byte: room
 * @size: of it
 */
void psh_recall_write(struct psh_recall *recall, u8 *byte, u32 size);

/**
 * psh_recall_read() - begin to read
 * @recall: the walk
 * @byte: bytes of any content; not written to
 * @size: how many
 */
void psh_recall_read(struct psh_recall *recall, u8 *byte, u32 size);

/**
 * psh_recall_find() - go to a section
 * @recall: that reads
 * @tag: of the section
 *
 * Return: true if it is there, and whole.
 */
bool psh_recall_find(struct psh_recall *recall, u32 tag);

/**
 * psh_recall_metric() - the section of one metric
 * @recall: the walk; that reads has found the section
 * @tag: of the section that is written
 * @series: the history
 * @ensemble: what was learnt
 * @score: how good it was
 *
 * Return: true if it was written, or read and is what it can be; where it was
 * read and is not, what was read into is worthless.
 */
bool psh_recall_metric(struct psh_recall *recall, u32 tag,
		       struct psh_series *series, struct psh_ensemble *ensemble,
		       struct psh_score *score);

#endif /* PSH_RECALL_H */
