// SPDX-License-Identifier: Apache-2.0
/* One connection, messages one way, until the server confirms the last byte. */
#include "load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static void finish(const struct options *options, int fd, uint64_t sent)
{
	uint64_t received;

	payload[options->size - 1] = STREAM_END;
	send_all(fd, payload, options->size);
	receive_all(fd, &received, sizeof(received));
	if (received != sent + options->size) {
		errno = EPROTO;
		fault("count bytes of", "stream");
	}
}

int run_stream(const struct options *options)
{
	uint64_t start, sent = 0;
	double seconds;
	int fd;

	warm_up(options, 0);
	fd = session_open(options, 0, SERVICE_SINK);
	expire_after(options->seconds);
	start = now();
	while (!expired()) {
		send_all(fd, payload, options->size);
		sent += options->size;
	}
	finish(options, fd, sent);
	seconds = (double)(now() - start) / 1e9;
	sent += options->size;
	close(fd);
	printf("{\"bytes\": %" PRIu64 ", \"seconds\": %.6f, \"mb_per_s\": %.3f}\n", sent, seconds,
	       (double)sent / seconds / 1e6);
	return 0;
}
