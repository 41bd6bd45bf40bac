// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

static const struct {
	short event;
	const char *name;
} names[] = {
	{ POLLIN, "IN" },   { POLLPRI, "PRI" }, { POLLOUT, "OUT" },	{ POLLRDHUP, "RDHUP" },
	{ POLLERR, "ERR" }, { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" },
};

const char *event_names(short events, char *text, size_t size)
{
	snprintf(text, size, "%s", events ? "" : " nothing");
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!(events & names[i].event))
			continue;
		strncat(text, " ", size - strlen(text) - 1);
		strncat(text, names[i].name, size - strlen(text) - 1);
	}
	return text + 1;
}

static short poll_now(int fd, int milliseconds)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP };

	return poll(&entry, 1, milliseconds) > 0 ? entry.revents : 0;
}

/* Readable, writable, exceptional; select() tells no more. */
static short select_now(int fd)
{
	struct timeval none = { 0 };
	fd_set readable, writable, exceptional;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	writable = readable;
	exceptional = readable;
	if (select(fd + 1, &readable, &writable, &exceptional, &none) <= 0)
		return 0;
	return (FD_ISSET(fd, &readable) ? POLLIN : 0) | (FD_ISSET(fd, &writable) ? POLLOUT : 0) |
	       (FD_ISSET(fd, &exceptional) ? POLLPRI : 0);
}

static short epoll_now(int epoll)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, 0) > 0 ? event.events : 0;
}

/* Edges come once: they count until a call finds the contrary. */
static short edge_now(struct end *end)
{
	short events = epoll_now(end->epoll);

	end->known |= events;
	return events;
}

void watch_open(struct end *end)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP };

	if (end->watcher != WATCH_LEVEL && end->watcher != WATCH_EDGE)
		return;
	if (end->watcher == WATCH_EDGE)
		event.events |= EPOLLET;
	end->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (end->epoll < 0 || epoll_ctl(end->epoll, EPOLL_CTL_ADD, end->fd, &event))
		broken("epoll_ctl");
}

short watch_now(struct end *end)
{
	switch (end->watcher) {
	case WATCH_SELECT:
		return select_now(end->fd);
	case WATCH_LEVEL:
		return epoll_now(end->epoll);
	case WATCH_EDGE:
		return edge_now(end);
	default:
		return poll_now(end->fd, 0);
	}
}

struct awaited {
	struct end *end;
	short events;
	short seen;
};

static bool has_come(void *context)
{
	struct awaited *awaited = context;

	awaited->seen |= watch_now(awaited->end);
	return awaited->seen & awaited->events;
}

/* Everything seen meanwhile. */
short watch_wait(struct end *end, short events, int milliseconds)
{
	struct awaited awaited = { end, events, 0 };

	wait_until(has_come, &awaited, milliseconds);
	return awaited.seen;
}

static void trace_events(const struct end *end, short events)
{
	static const char *const watchers[] = { "poll", "select", "epoll", "epoll (edge)",
					       "poll" };
	char text[64];

	trace("%s %s: %s", end->name, watchers[end->watcher],
	      event_names(events, text, sizeof(text)));
}

void step_poll(struct end *end)
{
	trace_events(end, watch_now(end));
}

void step_await(struct end *end, short events)
{
	short seen = end->known & events;

	if (!seen)
		seen = watch_wait(end, events, 2000) & events;
	if (seen)
		trace_events(end, end->watcher == WATCH_EDGE ? seen : watch_now(end));
	else
		trace("%s: waits in vain", end->name);
}
