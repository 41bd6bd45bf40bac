// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static void set_flag(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

void socket_no_delay(int fd)
{
	set_flag(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

/* Small enough that a writer meets EAGAIN and waits for EPOLLOUT. */
void socket_small_buffers(int fd)
{
	set_flag(fd, SOL_SOCKET, SO_SNDBUF, 24 * 1024);
	set_flag(fd, SOL_SOCKET, SO_RCVBUF, 48 * 1024);
}

/* Before the handshake: a buffer that shrinks later has promised more than it holds. */
static void set_receive_buffer(int fd, const struct options *options)
{
	if (options->receive_buffer)
		set_flag(fd, SOL_SOCKET, SO_RCVBUF, (int)options->receive_buffer);
}

int socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		return errno;
	return error;
}

int socket_listen(const struct options *options, int flags)
{
	int family = options->socket_address.ss_family;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		return -1;
	set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_receive_buffer(fd, options);
	if (family == AF_INET6)
		set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (!bind(fd, (const struct sockaddr *)&options->socket_address,
		  options->socket_address_size) &&
	    !listen(fd, 1024))
		return fd;
	close(fd);
	return -1;
}

/* With SOCK_NONBLOCK the flag is there before connect(), as datapaths that look at it need. */
int socket_connect(const struct options *options, int flags)
{
	int fd = socket(options->socket_address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		return -1;
	set_receive_buffer(fd, options);
	if (!connect(fd, (const struct sockaddr *)&options->socket_address,
		     options->socket_address_size) ||
	    errno == EINPROGRESS)
		return fd;
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}
