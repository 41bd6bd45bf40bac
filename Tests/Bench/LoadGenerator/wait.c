// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Longer than any stall a road recovers from by itself. */
#define PATIENCE_MS 10000

int poller_make(void)
{
	int poller = epoll_create1(EPOLL_CLOEXEC);

	if (poller < 0)
		fault("create", "epoll");
	return poller;
}

void poller_add(int poller, int fd, uint32_t events, void *data)
{
	struct epoll_event event = { .events = events, .data.ptr = data };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event))
		fault("add to", "epoll");
}

void poller_change(int poller, int fd, uint32_t events, void *data)
{
	struct epoll_event event = { .events = events, .data.ptr = data };

	if (epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event))
		fault("change in", "epoll");
}

/* The signal that ends a measurement also comes while we wait. */
void wait_for(int fd, short events)
{
	struct pollfd poller = { .fd = fd, .events = events };
	uint64_t start = now();
	int ready;

	do {
		ready = poll(&poller, 1, PATIENCE_MS);
		if (ready < 0 && errno != EINTR)
			fault("wait for", "peer");
		if (ready <= 0 && now() - start > PATIENCE_MS * 1000000ULL) {
			errno = ETIMEDOUT;
			fault("wait for", events & POLLOUT ? "peer to read" : "peer to write");
		}
	} while (ready <= 0);
}

void send_all(int fd, const void *bytes, size_t size)
{
	const char *rest = bytes;

	while (size) {
		ssize_t sent = write(fd, rest, size);

		if (sent > 0) {
			rest += sent;
			size -= (size_t)sent;
		} else if (sent < 0 && errno == EAGAIN) {
			wait_for(fd, POLLOUT);
		} else if (sent < 0 && errno != EINTR) {
			fault("write to", "connection");
		}
	}
}

/* Waits before it reads, as an event loop does: what is not there yet costs one call less. */
void receive_all(int fd, void *bytes, size_t size)
{
	char *rest = bytes;

	while (size) {
		ssize_t received;

		wait_for(fd, POLLIN);
		received = read(fd, rest, size);
		if (received > 0) {
			rest += received;
			size -= (size_t)received;
		} else if (!received) {
			errno = ECONNRESET;
			fault("read from", "connection");
		} else if (errno != EAGAIN && errno != EINTR) {
			fault("read from", "connection");
		}
	}
}
