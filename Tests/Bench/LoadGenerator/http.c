// SPDX-License-Identifier: Apache-2.0
/* Requests over kept-alive HTTP connections, one under way on each; also where wrk cannot go. */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

struct slot {
	int fd;
	/* Bytes of the present response that are missing. */
	size_t missing;
};

static char request[PATH_SIZE + 64];

static char answer[BUFFER_SIZE + 1];

static void ask(const struct slot *slot)
{
	send_all(slot->fd, request, strlen(request));
}

/* Bytes of a response whose head is in `answer`; 0 while the head is not complete. */
static size_t response_size(void)
{
	const char *end = strstr(answer, "\r\n\r\n");
	const char *length = strcasestr(answer, "\r\ncontent-length:");

	if (!end || strncmp(answer, "HTTP/1.1 200", 12) || !length || length > end)
		return 0;
	return (size_t)(end + 4 - answer) + strtoul(length + 17, NULL, 10);
}

static size_t receive_some(int fd, size_t offset)
{
	ssize_t received = read(fd, answer + offset, BUFFER_SIZE - offset);

	if (received < 0 && errno == EAGAIN)
		return 0;
	if (!received)
		errno = ECONNRESET;
	if (received <= 0)
		fault("read from", "connection");
	return (size_t)received;
}

/* All responses are alike, so one tells the size of the others. */
static size_t first_response(int fd)
{
	size_t total = 0, size = 0;

	while (!size || total < size) {
		wait_for(fd, POLLIN);
		total += receive_some(fd, total);
		answer[total] = 0;
		size = response_size();
		if (total == BUFFER_SIZE) {
			errno = EMSGSIZE;
			fault("read from", "web server");
		}
	}
	return size;
}

static void open_slot(const struct options *options, int poller, struct slot *slot)
{
	slot->fd = socket_connect(options, 0);
	wait_for(slot->fd, POLLOUT);
	errno = socket_error(slot->fd);
	if (errno)
		fault("connect to", options->address);
	ask(slot);
	slot->missing = first_response(slot->fd);
	poller_add(poller, slot->fd, EPOLLIN, slot);
}

static unsigned long drive(const struct options *options, int poller, struct slot *slots)
{
	struct epoll_event events[256];
	size_t size = slots[0].missing;
	unsigned long finished = 0;

	for (unsigned int i = 0; i < options->parallel; i++)
		ask(&slots[i]);
	while (!expired()) {
		int count = epoll_wait(poller, events, 256, 30000);

		for (int i = 0; i < count; i++) {
			struct slot *slot = events[i].data.ptr;

			slot->missing -= receive_some(slot->fd, 0);
			if (slot->missing)
				continue;
			finished++;
			slot->missing = size;
			ask(slot);
		}
	}
	return finished;
}

int run_http(const struct options *options)
{
	struct slot *slots = calloc(options->parallel, sizeof(*slots));
	int poller = poller_make();
	unsigned long finished;
	uint64_t start;
	double seconds;

	if (!slots)
		fault("allocate", "slots");
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", options->path);
	for (unsigned int i = 0; i < options->parallel; i++)
		open_slot(options, poller, &slots[i]);
	expire_after(options->seconds);
	start = now();
	finished = drive(options, poller, slots);
	seconds = (double)(now() - start) / 1e9;
	free(slots);
	printf("{\"requests\": %lu, \"seconds\": %.6f, \"per_s\": %.1f}\n", finished, seconds,
	       (double)finished / seconds);
	return 0;
}
