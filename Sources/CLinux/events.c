// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

int clinux_epoll_create(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

int clinux_epoll_add(int epoll, int fd, uint64_t token)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = token };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int clinux_epoll_add_exceptional(int epoll, int fd, uint64_t token)
{
	struct epoll_event event = { .events = EPOLLPRI, .data.u64 = token };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

#define EVENTS_MAX 16

int clinux_epoll_wait(int epoll, uint64_t *tokens, int count, int timeout_milliseconds)
{
	struct epoll_event events[EVENTS_MAX];
	int ready;

	if (count > EVENTS_MAX)
		count = EVENTS_MAX;
	ready = epoll_wait(epoll, events, count, timeout_milliseconds);
	if (ready == -1 && errno == EINTR)
		return 0;
	for (int i = 0; i < ready; i++)
		tokens[i] = events[i].data.u64;
	return ready;
}

int clinux_signal_descriptor(const int *signals, int count)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < count; i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int clinux_next_signal(int fd)
{
	struct signalfd_siginfo received;

	if (read(fd, &received, sizeof(received)) != sizeof(received))
		return errno == EAGAIN ? 0 : -1;
	return (int)received.ssi_signo;
}

int clinux_inotify_create(void)
{
	return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

int clinux_inotify_watch(int fd, const char *path)
{
	return inotify_add_watch(fd, path,
				 IN_ATTRIB | IN_CREATE | IN_DELETE | IN_DELETE_SELF |
					 IN_MOVED_TO | IN_ONLYDIR);
}

int clinux_inotify_drain(int fd)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t length;

	do {
		length = read(fd, events, sizeof(events));
	} while (length > 0 || (length == -1 && errno == EINTR));
	return length == -1 && errno != EAGAIN ? -1 : 0;
}
