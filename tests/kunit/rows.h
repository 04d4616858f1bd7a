/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rows: a KUnit parameter generator from a vector.
 *
 * One test per row, under the row's name. Defines functions, so that each
 * suite includes it for its own vectors.
 */
#ifndef PSH_KUNIT_ROWS_H
#define PSH_KUNIT_ROWS_H

#include <kunit/test.h>
#include <linux/string.h>

/* Defines rows_gen_params, the second argument of KUNIT_CASE_PARAM(). */
#define ROWS(rows)							\
	static void rows##_describe(typeof(&(rows)[0]) row, char *text)	\
	{								\
		strscpy(text, row->name, KUNIT_PARAM_DESC_SIZE);	\
	}								\
	KUNIT_ARRAY_PARAM(rows, rows, rows##_describe)

#endif /* PSH_KUNIT_ROWS_H */
