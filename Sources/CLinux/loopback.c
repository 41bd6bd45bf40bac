// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"
#include "closing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

int clinux_listen_loopback(uint16_t *port)
{
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1 || listen(fd, 4) == -1 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) == -1)
		return close_keeping_errno(fd, -1);
	*port = ntohs(address.sin_port);
	return fd;
}

int clinux_connect_loopback(uint16_t port)
{
	struct sockaddr_in address = loopback(port);
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1 && errno != EINPROGRESS)
		return close_keeping_errno(fd, -1);
	return fd;
}

int clinux_poll(int fd, short events, int timeout_milliseconds)
{
	struct pollfd request = { .fd = fd, .events = events };
	int ready = poll(&request, 1, timeout_milliseconds);

	return ready > 0 ? request.revents : ready;
}

int clinux_accept_nonblocking(int listener, int timeout_milliseconds)
{
	if (clinux_poll(listener, POLLIN, timeout_milliseconds) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_receive_queue_memory(int fd, uint32_t *bytes)
{
	uint32_t memory[SK_MEMINFO_VARS];
	socklen_t length = sizeof(memory);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length) == -1)
		return -1;
	*bytes = memory[SK_MEMINFO_RMEM_ALLOC];
	return 0;
}

int clinux_readable_bytes(int fd, int *bytes)
{
	return ioctl(fd, FIONREAD, bytes);
}

ssize_t clinux_send(int fd, const void *bytes, size_t count)
{
	return send(fd, bytes, count, MSG_NOSIGNAL);
}
