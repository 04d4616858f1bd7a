/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rows: one cmocka test per row of a vector, under the row's name.
 *
 * A check is an ordinary cmocka test whose state is the row. Each test program
 * fills a struct rows with all it has and runs it once; the results come out as
 * TAP, which tests/unit/Makefile counts.
 */
#ifndef PSH_UNIT_ROWS_H
#define PSH_UNIT_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../dm-predshard/core/base.h"

#define ROWS_MAX	256

struct rows {
	struct CMUnitTest test[ROWS_MAX];
	size_t nr;
};

/* A test that has no row. */
static inline void rows_add(struct rows *rows, const char *name,
			    CMUnitTestFunction check)
{
	assert_true(rows->nr < ROWS_MAX);
	rows->test[rows->nr++] = (struct CMUnitTest){
		.name = name,
		.test_func = check,
	};
}

static inline void rows_add_all(struct rows *rows, const void *array, size_t nr,
				size_t size, CMUnitTestFunction check)
{
	const char *row = array;

	for (; nr; nr--, row += size) {
		/* Every row begins with its name. */
		rows_add(rows, *(const char *const *)row, check);
		rows->test[rows->nr - 1].initial_state = (void *)row;
	}
}

/* All rows of a vector. */
#define ROWS_ADD(rows, array, check) \
	rows_add_all(rows, array, ARRAY_SIZE(array), sizeof((array)[0]), check)

/* Return: the number of tests that failed. */
static inline int rows_run(const char *noun, struct rows *rows)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(noun, rows->test, rows->nr, NULL, NULL);
}

#endif /* PSH_UNIT_ROWS_H */
