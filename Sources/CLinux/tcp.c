// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"
#include "closing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t make_address(struct sockaddr_storage *storage, const uint8_t *address, size_t size,
			      uint16_t port)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
	struct sockaddr_in *four = (struct sockaddr_in *)storage;

	if (size == sizeof(four->sin_addr)) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		memcpy(&four->sin_addr, address, size);
		return sizeof(*four);
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(port);
	memcpy(&six->sin6_addr, address, sizeof(six->sin6_addr));
	return sizeof(*six);
}

int clinux_tcp_listen(const uint8_t *address, size_t size, uint16_t port)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = make_address(&storage, address, size, port);
	int one = 1, fd;

	fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&storage, length) == 0 && listen(fd, 16) == 0)
		return fd;
	return close_keeping_errno(fd, -1);
}

int clinux_tcp_connect(const uint8_t *address, size_t size, uint16_t port)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = make_address(&storage, address, size, port);
	int one = 1, fd;

	fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&storage, length) == 0 || errno == EINPROGRESS)
		return fd;
	return close_keeping_errno(fd, -1);
}
