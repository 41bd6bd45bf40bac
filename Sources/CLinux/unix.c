// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"
#include "closing.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The length of the address, or -1. A name that begins with @ is in the abstract namespace. */
static socklen_t make_address(struct sockaddr_un *address, const char *path)
{
	size_t length = strlen(path);

	if (length >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return (socklen_t)-1;
	}
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, length + 1);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

int clinux_unix_connect(const char *path, int type)
{
	struct sockaddr_un address = { 0 };
	socklen_t length = make_address(&address, path);
	int fd;

	if (length == (socklen_t)-1)
		return -1;
	fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, length) == -1)
		return close_keeping_errno(fd, -1);
	return fd;
}

int clinux_unix_listen(const char *path)
{
	struct sockaddr_un address = { 0 };
	socklen_t length = make_address(&address, path);
	int fd;

	if (length == (socklen_t)-1)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	/* The file gets the socket's mode; a umask would be every other thread's and child's too. */
	if (fchmod(fd, 0600) == -1 || bind(fd, (struct sockaddr *)&address, length) == -1 ||
	    listen(fd, 16) == -1)
		return close_keeping_errno(fd, -1);
	return fd;
}

int clinux_accept(int listener)
{
	return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
