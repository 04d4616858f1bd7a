/* SPDX-License-Identifier: GPL-2.0 */
/*
 * histogram: rows for buckets, quantiles and means.
 *
 * Data only; tests/unit/histogram_test.c and the KUnit suite compare the same
 * rows.
 */
#ifndef PSH_VECTORS_HISTOGRAM_H
#define PSH_VECTORS_HISTOGRAM_H

#include "../../dm-predshard/core/histogram.h"

/* Rows are laid out for their reader. */
/* clang-format off */

struct hist_bucket_row {
	const char *name;
	u64 ns;
	unsigned int bucket;
	u64 limit_ns;		/* of that bucket */
};

static const struct hist_bucket_row hist_bucket_rows[] = {
	{ "0", 0, 0, 1024 },
	{ "last of bucket 0", 1023, 0, 1024 },
	{ "first of bucket 1", 1024, 1, 2048 },
	{ "first of bucket 3", 3072, 3, 4096 },
	{ "last of bucket 3", 4095, 3, 4096 },
	{ "first of the first octave of four", 4096, 4, 5120 },
	{ "second of the first octave of four", 5120, 5, 6144 },
	{ "last of the first octave of four", 8191, 7, 8192 },
	{ "first of the second octave", 8192, 8, 10240 },
	{ "last of bucket 8", 10239, 8, 10240 },
	{ "100 us", 100000, 22, 114688 },
	{ "1 ms", 1000000, 35, 1048576 },
	{ "2^20 ns", 1048576, 36, 1310720 },
	{ "1 s", 1000000000, 75, 1073741824 },
	{ "last of bucket 94", 30064771071ULL, 94, 30064771072ULL },
	{ "first of the last bucket", 30064771072ULL, 95, 34359738368ULL },
	{ "above the last bucket", 34359738368ULL, 95, 34359738368ULL },
	{ "one octave above the last bucket", 1ULL << 36, 95, 34359738368ULL },
	{ "the longest", ~0ULL, 95, 34359738368ULL },
};

struct hist_samples {
	unsigned int bucket;
	u64 count;
};

#define HIST_SAMPLES	4

struct hist_quantile_row {
	const char *name;
	struct hist_samples samples[HIST_SAMPLES];
	unsigned int permille;
	u64 expected_ns;
};

static const struct hist_quantile_row hist_quantile_rows[] = {
	{ "no sample gives 0", { { 0 } }, 500, 0 },
	{ "one sample is its median", { { 8, 1 } }, 500, 10240 },
	{ "one sample is its minimum", { { 8, 1 } }, 0, 10240 },
	{ "one sample is its maximum", { { 8, 1 } }, 1000, 10240 },
	{ "half of two is the lower", { { 0, 1 }, { 8, 1 } }, 500, 1024 },
	{ "more than half of two is the upper", { { 0, 1 }, { 8, 1 } }, 501,
	  10240 },
	{ "990 of 1000 leave out the ten worst", { { 4, 990 }, { 80, 10 } },
	  990, 5120 },
	{ "991 of 1000 meet the tenth worst", { { 4, 990 }, { 80, 10 } }, 991,
	  2684354560ULL },
	{ "999 of 1000 leave out the worst", { { 4, 999 }, { 80, 1 } }, 999,
	  5120 },
	{ "ranks round up", { { 4, 998 }, { 80, 1 } }, 999, 2684354560ULL },
	{ "above 1000 counts as 1000", { { 4, 999 }, { 80, 1 } }, 2000,
	  2684354560ULL },
	{ "samples in the last bucket", { { 95, 3 } }, 500, 34359738368ULL },
	{ "many samples do not overflow",
	  { { 4, 1ULL << 62 }, { 8, 1ULL << 62 } }, 500, 5120 },
	{ "many samples do not overflow above the middle",
	  { { 4, 1ULL << 62 }, { 8, 1ULL << 62 } }, 501, 10240 },
	{ "the most samples do not overflow", { { 4, ~0ULL } }, 1000, 5120 },
};

struct hist_mean_row {
	const char *name;
	struct hist_samples samples[HIST_SAMPLES];
	u64 expected_ns;
};

static const struct hist_mean_row hist_mean_rows[] = {
	{ "no sample gives 0", { { 0 } }, 0 },
	{ "one sample gives the middle of its bucket", { { 8, 1 } }, 9216 },
	{ "bucket 0 gives half a unit", { { 0, 7 } }, 512 },
	{ "two samples give their mean", { { 0, 1 }, { 8, 1 } }, 4864 },
	{ "counts weigh", { { 0, 3 }, { 8, 1 } }, 2688 },
	{ "the last bucket has a middle", { { 95, 2 } }, 32212254720ULL },
	{ "scaling starts above 2^28", { { 0, (1ULL << 28) - 1 } }, 512 },
	{ "many samples do not overflow",
	  { { 95, 1ULL << 62 }, { 0, 1ULL << 62 } }, 16106127616ULL },
	{ "the most samples do not overflow", { { 95, ~0ULL } },
	  32212254720ULL },
};

/*
 * Random latencies counted, compared by the mean and by all permilles. The
 * numbers are from a model in another language that searches the limits.
 */
struct hist_walk_row {
	const char *name;
	u64 seed;
	u32 samples;
	u64 mean_ns;
	u64 permilles_ns;	/* sum of the quantiles 0..1000 */
};

static const struct hist_walk_row hist_walk_rows[] = {
	{ "random latencies of any size end alike everywhere", 1, 100000,
	  14875980292ULL, 15896412988416ULL },
};

#endif /* PSH_VECTORS_HISTOGRAM_H */
