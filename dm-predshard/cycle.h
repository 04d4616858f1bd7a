/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cycle: how what was staged becomes durable, and places of the log free.
 *
 * One cycle at a time, shared by all who wait (psh_buffer_await()): flush the
 * home, stage records for what went past the log before that, seal, wait for
 * stripes on their way, flush the buffers. Then those bios end that came before
 * it began, extents that are not needed any more go, and places before the tail
 * are free. The order is docs/design.md, "The cycle of a flush". When the log is
 * broken, it waits instead until merge has brought home what it holds.
 */
#ifndef PSH_CYCLE_H
#define PSH_CYCLE_H

#include "buffer.h"

/** psh_cycle_init() - set up; @buffer->fanout is set before the first cycle. */
void psh_cycle_init(struct psh_buffer *buffer);

/**
 * psh_cycle_do() - a cycle on our own account
 * @buffer: the volume's buffer
 *
 * Context: process; waits for home and buffers.
 * Return: 0, or a negative error: then something is not durable.
 */
int psh_cycle_do(struct psh_buffer *buffer);

/** psh_cycle_forget() - the log is void: nothing is noted because of it. */
void psh_cycle_forget(struct psh_buffer *buffer);

#endif /* PSH_CYCLE_H */
