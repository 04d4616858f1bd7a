/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace: tracepoints, the module's debug interface. They sit off the fast
 * path; what the fast path decides can be seen with block:block_bio_remap.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM predshard

#if !defined(PSH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PSH_TRACE_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/tracepoint.h>

TRACE_EVENT(predshard_map,
	TP_PROTO(struct bio *bio, u64 word, u32 targets),
	TP_ARGS(bio, word, targets),
	TP_STRUCT__entry(
		__field(u64, sector)
		__field(u64, word)
		__field(u32, sectors)
		__field(u32, targets)
		__field(u32, op)
	),
	TP_fast_assign(
		__entry->sector = bio->bi_iter.bi_sector;
		__entry->word = word;
		__entry->sectors = bio_sectors(bio);
		__entry->targets = targets;
		__entry->op = (__force u32)bio_op(bio);
	),
	TP_printk("op=%u sector=%llu+%u word=%016llx targets=%04x",
		  __entry->op, __entry->sector, __entry->sectors,
		  __entry->word, __entry->targets)
);

TRACE_EVENT(predshard_retry,
	TP_PROTO(struct bio *bio, unsigned int from, int to),
	TP_ARGS(bio, from, to),
	TP_STRUCT__entry(
		__field(u64, sector)
		__field(u32, from)
		__field(s32, to)
		__field(s32, error)
	),
	TP_fast_assign(
		__entry->sector = bio->bi_iter.bi_sector;
		__entry->from = from;
		__entry->to = to;
		__entry->error = blk_status_to_errno(bio->bi_status);
	),
	TP_printk("sector=%llu error=%d m%u -> m%d", __entry->sector,
		  __entry->error, __entry->from, __entry->to)
);

TRACE_EVENT(predshard_member_state,
	TP_PROTO(unsigned int member, unsigned int from, unsigned int to,
		 const char *reason),
	TP_ARGS(member, from, to, reason),
	TP_STRUCT__entry(
		__field(u32, member)
		__field(u32, from)
		__field(u32, to)
		__array(char, reason, 48)
	),
	TP_fast_assign(
		__entry->member = member;
		__entry->from = from;
		__entry->to = to;
		strscpy(__entry->reason, reason, sizeof(__entry->reason));
	),
	TP_printk("m%u %u -> %u: %s", __entry->member, __entry->from,
		  __entry->to, __entry->reason)
);

DECLARE_EVENT_CLASS(predshard_copy,
	TP_PROTO(u64 start, u64 end, unsigned int source, unsigned int target,
		 bool repair, int error, u32 crc),
	TP_ARGS(start, end, source, target, repair, error, crc),
	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
		__field(u32, source)
		__field(u32, target)
		__field(u32, crc)
		__field(s32, error)
		__field(bool, repair)
	),
	TP_fast_assign(
		__entry->start = start;
		__entry->end = end;
		__entry->source = source;
		__entry->target = target;
		__entry->crc = crc;
		__entry->error = error;
		__entry->repair = repair;
	),
	TP_printk("%s %llu..%llu m%u -> m%u error=%d last_crc=%08x",
		  __entry->repair ? "repair" : "fill", __entry->start,
		  __entry->end, __entry->source, __entry->target,
		  __entry->error, __entry->crc)
);

DEFINE_EVENT(predshard_copy, predshard_copy_begin,
	TP_PROTO(u64 start, u64 end, unsigned int source, unsigned int target,
		 bool repair, int error, u32 crc),
	TP_ARGS(start, end, source, target, repair, error, crc)
);

DEFINE_EVENT(predshard_copy, predshard_copy_end,
	TP_PROTO(u64 start, u64 end, unsigned int source, unsigned int target,
		 bool repair, int error, u32 crc),
	TP_ARGS(start, end, source, target, repair, error, crc)
);

#endif /* PSH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
