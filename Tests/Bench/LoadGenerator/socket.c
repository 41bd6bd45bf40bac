// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
};

static socklen_t unix_address(union address *address, const char *path, unsigned int index)
{
	int size = snprintf(address->local.sun_path, sizeof(address->local.sun_path), "%s.%u", path,
			    index);

	address->local.sun_family = AF_UNIX;
	if (size < 0 || (size_t)size >= sizeof(address->local.sun_path)) {
		errno = ENAMETOOLONG;
		fault("use", path);
	}
	return sizeof(address->local);
}

static socklen_t address_of(const struct options *options, unsigned int index,
			    union address *address)
{
	uint16_t port = htons((uint16_t)(options->port + index));

	memset(address, 0, sizeof(*address));
	if (!strncmp(options->address, UNIX_PREFIX, strlen(UNIX_PREFIX)))
		return unix_address(address, options->address + strlen(UNIX_PREFIX), index);
	if (inet_pton(AF_INET, options->address, &address->four.sin_addr) == 1) {
		address->four.sin_family = AF_INET;
		address->four.sin_port = port;
		return sizeof(address->four);
	}
	if (inet_pton(AF_INET6, options->address, &address->six.sin6_addr) != 1) {
		errno = EINVAL;
		fault("parse", options->address);
	}
	address->six.sin6_family = AF_INET6;
	address->six.sin6_port = port;
	return sizeof(address->six);
}

static void set_flag(int fd, int level, int name)
{
	int on = 1;

	/* TCP_NODELAY does not exist for AF_UNIX. */
	(void)setsockopt(fd, level, name, &on, sizeof(on));
}

void socket_no_delay(int fd)
{
	set_flag(fd, IPPROTO_TCP, TCP_NODELAY);
}

int socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		return errno;
	return error;
}

static int socket_make(const union address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		fault("create", "socket");
	return fd;
}

int socket_listen(const struct options *options, unsigned int port_index)
{
	union address address;
	socklen_t size = address_of(options, port_index, &address);
	int fd = socket_make(&address);

	set_flag(fd, SOL_SOCKET, SO_REUSEADDR);
	if (address.any.sa_family == AF_UNIX)
		unlink(address.local.sun_path);
	if (bind(fd, &address.any, size) || listen(fd, 4096))
		fault("listen on", options->address);
	return fd;
}

int socket_connect(const struct options *options, unsigned int port_index)
{
	union address address;
	socklen_t size = address_of(options, port_index, &address);
	int fd = socket_make(&address);

	if (options->no_delay)
		socket_no_delay(fd);
	if (connect(fd, &address.any, size) && errno != EINPROGRESS)
		fault("connect to", options->address);
	return fd;
}
