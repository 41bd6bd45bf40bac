// SPDX-License-Identifier: Apache-2.0
/*
 * Short connections: connect, a request and its answer if there is one, close. The server closes
 * first, so that the client's ports do not fill up with TIME_WAIT.
 */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct slot {
	int fd;
	bool is_connected;
};

static char answer[BUFFER_SIZE];

static void begin(const struct options *options, int poller, struct slot *slot, unsigned int index)
{
	slot->fd = socket_connect(options, index % options->ports);
	slot->is_connected = false;
	poller_add(poller, slot->fd, EPOLLIN | EPOLLOUT, slot);
}

/* A request fits into any send buffer. */
static void ask(const struct options *options, int poller, struct slot *slot)
{
	struct hello *hello = (struct hello *)payload;

	errno = socket_error(slot->fd);
	if (errno)
		fault("connect to", options->address);
	slot->is_connected = true;
	poller_change(poller, slot->fd, EPOLLIN, slot);
	if (!options->size)
		return;
	*hello = (struct hello){ .service = SERVICE_ONCE, .size = options->size };
	send_all(slot->fd, payload, options->size);
}

/* True when the server has closed. */
static bool is_over(struct slot *slot)
{
	ssize_t received = read(slot->fd, answer, sizeof(answer));

	if (received < 0 && errno != EAGAIN)
		fault("read from", "connection");
	if (received)
		return false;
	close(slot->fd);
	return true;
}

static unsigned long drive(const struct options *options, int poller, struct slot *slots)
{
	struct epoll_event events[256];
	unsigned long finished = 0;

	for (unsigned int i = 0; i < options->parallel; i++)
		begin(options, poller, &slots[i], i);
	while (!expired()) {
		int count = epoll_wait(poller, events, 256, 30000);

		for (int i = 0; i < count; i++) {
			struct slot *slot = events[i].data.ptr;

			if (!slot->is_connected)
				ask(options, poller, slot);
			else if (is_over(slot))
				begin(options, poller, slot, (unsigned int)++finished);
		}
	}
	return finished;
}

int run_connect(const struct options *options)
{
	struct slot *slots = calloc(options->parallel, sizeof(*slots));
	int poller = poller_make();
	unsigned long finished;
	double seconds;
	uint64_t start;

	if (!slots)
		fault("allocate", "slots");
	expire_after(options->seconds);
	start = now();
	finished = drive(options, poller, slots);
	seconds = (double)(now() - start) / 1e9;
	free(slots);
	printf("{\"connections\": %lu, \"seconds\": %.6f, \"per_s\": %.1f}\n", finished, seconds,
	       (double)finished / seconds);
	return 0;
}
