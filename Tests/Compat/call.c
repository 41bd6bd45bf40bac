// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

ssize_t run_send(struct call *call)
{
	stream_fill(call->end, call->end->sent, call->bytes, call->size);
	return send(call->end->fd, call->bytes, call->size, call->flags);
}

ssize_t run_recv(struct call *call)
{
	return recv(call->end->fd, call->bytes, call->size, call->flags);
}

/* From the socket into the pipe `other`, which the caller reads. */
ssize_t run_splice_out(struct call *call)
{
	return splice(call->end->fd, NULL, call->other, NULL, call->size, call->flags);
}

void call_run(struct call *call)
{
	call->bytes = calloc(1, call->size + 1);
	if (!call->bytes)
		broken("calloc");
	errno = 0;
	call->result = call->run(call);
	call->error = errno;
	if (call->run == run_send && call->result > 0)
		call->end->sent += call->result;
}

const char *check_received(struct end *end, const uint8_t *bytes, size_t count)
{
	bool right = stream_matches(end->peer, end->received, bytes, count);

	end->received += count;
	return right ? "right" : "WRONG";
}

static void record_received(struct call *call)
{
	struct end *end = call->end;
	uint64_t before = end->received;

	if (call->flags & MSG_TRUNC) {
		end->received += call->result;
		trace("%s %s: %zd", end->name, call->text, call->result);
		return;
	}
	trace("%s %s: %zd %s", end->name, call->text, call->result,
	      check_received(end, call->bytes, call->result));
	if (call->flags & MSG_PEEK)
		end->received = before;
}

void call_record(struct call *call)
{
	if (call->run == run_recv && call->result > 0)
		record_received(call);
	else
		trace_result(call->end, call->text, call->result, call->error);
	free(call->bytes);
	call->bytes = NULL;
}

ssize_t call_now(struct call call)
{
	call_run(&call);
	if (call.run == run_send && call.result > 0 && !(call.flags & MSG_MORE))
		settle(call.end);
	call_record(&call);
	return call.result;
}
