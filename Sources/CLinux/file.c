// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/xattr.h>

#define ATTRIBUTES_MAX 65536

int clinux_exchange(const char *one, const char *other)
{
	return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

int clinux_has_writer(int fd)
{
	/* Whoever opens the file while it is leased has us told, by a signal that is ignored. */
	if (fcntl(fd, F_SETSIG, SIGURG) == -1)
		return -1;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return 0;
	}
	return errno == EAGAIN ? 1 : -1;
}

static void copy_attribute(int from, int to, const char *name)
{
	char value[ATTRIBUTES_MAX];
	ssize_t size = fgetxattr(from, name, value, sizeof(value));

	/* What the other file system does not take is no reason to stop. */
	if (size != -1 && fsetxattr(to, name, value, size, 0) == -1)
		return;
}

void clinux_copy_attributes(int from, int to)
{
	char names[ATTRIBUTES_MAX];
	ssize_t size = flistxattr(from, names, sizeof(names));

	for (ssize_t at = 0; at < size; at += strlen(names + at) + 1)
		copy_attribute(from, to, names + at);
}

int clinux_termination_descriptor(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	errno = pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (errno)
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_terminal_rows(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == -1 ? -1 : size.ws_row;
}
