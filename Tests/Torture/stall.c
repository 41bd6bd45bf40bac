// SPDX-License-Identifier: Apache-2.0
/*
 * A reader that does not read: how much does the road take before it says EAGAIN, and does
 * everything arrive once the reader drains? A second connection carries the sender's words to the
 * reader: one byte "drain", then eight bytes, the total.
 */
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SETTLED_MS 400
#define AFTERWARDS (1 << 20)

struct sender {
	const struct options *options;
	struct stream stream;
	int data;
	int control;
	int epoll;
	uint64_t sent;
	uint64_t sends;
	uint64_t waits;
	int error;
};

static bool poll_for(int fd, short events, double seconds)
{
	struct pollfd waited = { .fd = fd, .events = events };

	return poll(&waited, 1, (int)(seconds * 1000)) > 0;
}

/* By an edge: a wake-up that does not come is not made up for by looking again. */
static bool writable_edge(struct sender *sender, int milliseconds)
{
	struct epoll_event event;

	return epoll_wait(sender->epoll, &event, 1, milliseconds) > 0;
}

static bool send_some(struct sender *sender)
{
	static uint8_t bytes[BUFFER_SIZE];
	size_t count = sender->options->write_size;
	ssize_t result;

	stream_fill(&sender->stream, sender->sent, bytes, count);
	result = send(sender->data, bytes, count, MSG_NOSIGNAL);
	if (result < 0) {
		sender->error = errno == EAGAIN ? 0 : errno;
		return false;
	}
	sender->sent += (uint64_t)result;
	sender->sends++;
	return true;
}

/* True: the road is full and stays full. False: it took everything up to the cap, or an error. */
static bool fill_road(struct sender *sender)
{
	while (sender->sent < sender->options->cap) {
		if (send_some(sender))
			continue;
		if (sender->error)
			return false;
		if (!writable_edge(sender, SETTLED_MS))
			return true;
		sender->waits++;
	}
	return false;
}

static bool send_until(struct sender *sender, uint64_t target)
{
	while (sender->sent < target) {
		if (send_some(sender))
			continue;
		if (sender->error ||
		    !writable_edge(sender, (int)(sender->options->deadline * 1000)))
			return false;
	}
	return true;
}

static int open_patiently(const struct options *options)
{
	for (int i = 0; i < 250; i++) {
		int fd = socket_connect(options, SOCK_NONBLOCK);

		if (fd >= 0 && poll_for(fd, POLLOUT, options->deadline) && !socket_error(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		usleep(20000);
	}
	return -1;
}

static bool sender_open(struct sender *sender)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET };

	sender->data = open_patiently(sender->options);
	sender->control = open_patiently(sender->options);
	sender->epoll = epoll_create1(EPOLL_CLOEXEC);
	return sender->data >= 0 && sender->control >= 0 && sender->epoll >= 0 &&
	       !epoll_ctl(sender->epoll, EPOLL_CTL_ADD, sender->data, &event);
}

/* The reader may drain; says whether the sender was woken and the rest went out. */
static bool sender_resume(struct sender *sender, bool blocked)
{
	int deadline = (int)(sender->options->deadline * 1000);
	bool resumed;

	if (send(sender->control, "d", 1, MSG_NOSIGNAL) != 1)
		return false;
	if (blocked && !writable_edge(sender, deadline))
		return false;
	resumed = send_until(sender, sender->sent + AFTERWARDS);
	shutdown(sender->data, SHUT_WR);
	return resumed && send(sender->control, &sender->sent, sizeof(sender->sent),
			       MSG_NOSIGNAL) == sizeof(sender->sent);
}

int run_stall_sender(const struct options *options)
{
	struct sender sender = { .options = options };
	bool blocked, still_blocked, resumed;
	uint64_t accepted;

	sender.stream.key = mix64(options->seed);
	if (!sender_open(&sender)) {
		perror("torture stall");
		return 1;
	}
	blocked = fill_road(&sender);
	accepted = sender.sent;
	usleep((useconds_t)(options->hold * 1e6));
	still_blocked = blocked && !poll_for(sender.data, POLLOUT, 0);
	resumed = !sender.error && sender_resume(&sender, blocked);
	printf("{\"role\":\"stall-sender\",\"accepted\":%llu,\"sends\":%llu,\"waits\":%llu,"
	       "\"blocked\":%s,\"writable_cleared\":%s,\"writable_again\":%s,\"sent\":%llu,"
	       "\"error\":%d,\"failures\":%d}\n",
	       (unsigned long long)accepted, (unsigned long long)sender.sends,
	       (unsigned long long)sender.waits, blocked ? "true" : "false",
	       still_blocked ? "true" : "false", resumed ? "true" : "false",
	       (unsigned long long)sender.sent, sender.error, !resumed);
	return !resumed;
}

static int accept_patiently(int listener, double seconds)
{
	if (!poll_for(listener, POLLIN, seconds))
		return -1;
	return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* Bytes up to the end; *fault names what was wrong. */
static uint64_t drain(const struct options *options, int data, const char **fault)
{
	static uint8_t bytes[BUFFER_SIZE];
	struct stream stream = { .key = mix64(options->seed), .total = UINT64_MAX };
	uint64_t received = 0;
	ssize_t count;

	while (poll_for(data, POLLIN, options->deadline)) {
		count = recv(data, bytes, sizeof(bytes), 0);
		if (count == 0)
			return received;
		if (count < 0 && errno != EAGAIN)
			*fault = strerror(errno);
		if (count < 0 && errno == EAGAIN)
			continue;
		if (count > 0 && stream_mismatch(&stream, received, bytes, (size_t)count) <
					 (size_t)count)
			*fault = "wrong byte";
		if (*fault)
			return received;
		received += (uint64_t)count;
	}
	*fault = "nothing more to read, and no end";
	return received;
}

static const char *compare_total(const struct options *options, int control, uint64_t received)
{
	uint64_t total = 0;

	if (!poll_for(control, POLLIN, options->deadline) ||
	    recv(control, &total, sizeof(total), 0) != sizeof(total))
		return "the sender did not tell the total";
	return total == received ? NULL : "bytes are missing at the end";
}

int run_stall_reader(const struct options *options)
{
	int listener = socket_listen(options, SOCK_NONBLOCK);
	int data = accept_patiently(listener, options->idle);
	int control = accept_patiently(listener, options->idle);
	const char *fault = NULL;
	uint64_t received = 0;
	char word;

	if (control < 0 || !poll_for(control, POLLIN, options->idle + options->hold) ||
	    recv(control, &word, 1, 0) != 1)
		fault = "the sender did not ask to drain";
	else
		received = drain(options, data, &fault);
	if (!fault)
		fault = compare_total(options, control, received);
	printf("{\"role\":\"stall-reader\",\"received\":%llu,\"failures\":%d,\"fault\":\"%s\"}\n",
	       (unsigned long long)received, fault != NULL, fault ? fault : "");
	return fault != NULL;
}
