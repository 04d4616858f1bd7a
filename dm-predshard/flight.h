/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flight: which bios are inside the volume, and waiting for those that were.
 *
 * Every bio enters an epoch when it is mapped and leaves it when it ends.
 * There are two epochs; psh_flight_drain() makes the other one current and
 * waits until nobody is left in the one that was. New bios never wait for it.
 *
 * What a drain promises: a bio that entered before the drain, or that read a
 * route word older than what the drainer published before it, has ended when
 * the drain returns. Entering and reading the word happen in one RCU read
 * section, so the fast path needs neither lock nor barrier.
 */
#ifndef PSH_FLIGHT_H
#define PSH_FLIGHT_H

#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait.h>

/**
 * struct psh_flight_cpu - bios inside, as one CPU counted them
 * @inside: per direction (READ, WRITE) and epoch; only the sum over all CPUs
 *	    means something, since a bio may end on another CPU
 */
struct psh_flight_cpu {
	long inside[2][2];
};

/**
 * struct psh_flight - the bios inside one volume
 * @epoch: the current epoch per direction, 0 or 1. Written under @lock
 * @draining: somebody waits for an epoch to empty. Written under @lock
 * @cpu: the counters. per-CPU
 * @wait: where the drainer waits
 * @lock: one drain at a time; taken from process context only
 */
struct psh_flight {
	unsigned int epoch[2];
	bool draining;
	struct psh_flight_cpu __percpu *cpu;
	wait_queue_head_t wait;
	struct mutex lock; /* one drain at a time */
};

int psh_flight_init(struct psh_flight *flight);
void psh_flight_exit(struct psh_flight *flight);

/**
 * psh_flight_enter() - count a bio in
 * @flight: the volume's flight
 * @dir: READ or WRITE
 *
 * Context: inside the RCU read section in which the route word is read, and
 * before it. The acquire pairs with the release in psh_flight_drain(): who
 * sees the new epoch also sees the word that was published before it.
 * Return: the epoch, to be given to psh_flight_leave().
 */
static inline unsigned int psh_flight_enter(struct psh_flight *flight, int dir)
{
	/* pairs with the release in psh_flight_drain() */
	unsigned int epoch = smp_load_acquire(&flight->epoch[dir]);

	this_cpu_inc(flight->cpu->inside[dir][epoch]);
	return epoch;
}

/**
 * psh_flight_leave() - count a bio out
 * @flight: the volume's flight
 * @dir: READ or WRITE, as at entry
 * @epoch: what psh_flight_enter() returned
 *
 * Context: any, also hard interrupt.
 */
static inline void psh_flight_leave(struct psh_flight *flight, int dir,
				    unsigned int epoch)
{
	this_cpu_dec(flight->cpu->inside[dir][epoch]);
	/* May be missed: the drainer also looks by itself every few ms. */
	if (unlikely(READ_ONCE(flight->draining)))
		wake_up(&flight->wait);
}

/**
 * psh_flight_drain() - wait for every bio of one direction that is inside
 * @flight: the volume's flight
 * @dir: READ or WRITE
 * @stop: gives up when this becomes true; may be NULL
 *
 * Context: process, sleeps; not from the I/O path.
 * Return: 0, or -EINTR if @stop ended the wait.
 */
int psh_flight_drain(struct psh_flight *flight, int dir, const bool *stop);

/**
 * psh_flight_inside() - number of bios inside
 * @flight: the volume's flight
 * @dir: READ or WRITE
 *
 * Context: any.
 * Return: a sample that was never exact at one instant.
 */
unsigned long psh_flight_inside(struct psh_flight *flight, int dir);

#endif /* PSH_FLIGHT_H */
