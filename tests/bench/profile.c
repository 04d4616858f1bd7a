// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's translator (API 1): counts how often each kernel
 * instruction is executed between the two marks that bench-io executes around
 * a run, and writes "address count" lines to the file given as out=.  User
 * space is one line, address 0.  Knows no symbols; tests/bench/profile does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From QEMU's qemu-plugin.h, which is not packaged. */
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*trans_cb)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int cpu, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, trans_cb cb);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t number);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    exec_cb cb, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *data,
						uint64_t add);

int qemu_plugin_version = 1;
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

#define SLOTS (1 << 21) /* more than a kernel that runs has */
#define KERNEL_SPACE (1ULL << 63)

static struct slot {
	uint64_t address, count;
} slots[SLOTS];

static const char *out;

/* nopl 0xdeadd00x(%rax,%rax,1), as in bench-io.c */
static const uint8_t mark[] = { 0x0f, 0x1f, 0x84, 0x00 };
static const uint8_t mark_end[] = { 0xd0, 0xad, 0xde };

static struct slot *find(uint64_t address)
{
	uint64_t i;

	if (address < KERNEL_SPACE)
		return &slots[0];
	for (i = address * 0x9e3779b97f4a7c15 >> 43;; i = (i + 1) % SLOTS) {
		if (!i || (slots[i].address && slots[i].address != address))
			continue;
		slots[i].address = address;
		return &slots[i];
	}
}

static void begin(unsigned int cpu, void *data)
{
	size_t i;

	(void)cpu;
	(void)data;
	for (i = 0; i < SLOTS; i++)
		slots[i].count = 0;
}

static void end(unsigned int cpu, void *data)
{
	FILE *file = fopen(out, "a");
	size_t i;

	(void)cpu;
	(void)data;
	if (!file)
		abort();
	fprintf(file, "run\n");
	for (i = 0; i < SLOTS; i++)
		if (slots[i].count)
			fprintf(file, "%016llx %llu\n",
				(unsigned long long)slots[i].address,
				(unsigned long long)slots[i].count);
	fclose(file);
}

static bool is_mark(const struct qemu_plugin_insn *insn, const uint8_t *bytes)
{
	return qemu_plugin_insn_size(insn) == 8 && !memcmp(bytes, mark, 4) &&
	       !memcmp(bytes + 5, mark_end, 3);
}

static void watch(struct qemu_plugin_insn *insn)
{
	struct slot *slot = find(qemu_plugin_insn_vaddr(insn));
	const uint8_t *bytes = qemu_plugin_insn_data(insn);
	exec_cb cb;

	if (is_mark(insn, bytes)) {
		cb = bytes[4] == 1 ? begin : end;
		qemu_plugin_register_vcpu_insn_exec_cb(insn, cb, 0, NULL);
	}
	qemu_plugin_register_vcpu_insn_exec_inline(insn, 0, &slot->count, 1);
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;

	(void)id;
	for (i = 0; i < n; i++)
		watch(qemu_plugin_tb_get_insn(tb, i));
}

__attribute__((visibility("default"))) int
qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return 1;
	out = argv[0] + 4;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
