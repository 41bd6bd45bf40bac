// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <linux/bpf.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define PATIENCE 2000

void sleep_ms(int milliseconds)
{
	struct timespec time = { .tv_sec = milliseconds / 1000,
				 .tv_nsec = milliseconds % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* Asks again and again, at first without a pause: most answers are there already. */
bool wait_until(bool (*condition)(void *), void *context, int milliseconds)
{
	struct timespec pause = { .tv_nsec = 100000 };

	for (long attempt = 0; attempt < milliseconds * 10L; attempt++) {
		if (condition(context))
			return true;
		nanosleep(&pause, NULL);
	}
	return condition(context);
}

static bool socket_info(int fd, struct tcp_info *info)
{
	socklen_t size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return fd >= 0 && !getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size);
}

int socket_state(int fd)
{
	struct tcp_info info;

	return socket_info(fd, &info) ? info.tcpi_state : -1;
}

/* Nobody to ask: acknowledged is arrived, too. */
static bool is_acknowledged(void *context)
{
	struct end *end = context;
	int unacknowledged = 0;

	return ioctl(end->fd, SIOCOUTQ, &unacknowledged) || !unacknowledged ||
	       socket_state(end->fd) == BPF_TCP_CLOSE;
}

static bool has_arrived(void *context)
{
	struct end *end = context;
	struct tcp_info own, peer;

	if (!socket_info(end->fd, &own) || !socket_info(end->peer->fd, &peer))
		return true;
	return !own.tcpi_notsent_bytes &&
	       peer.tcpi_bytes_received >= own.tcpi_bytes_sent - own.tcpi_bytes_retrans;
}

void settle(struct end *end)
{
	if (end->peer->fd < 0)
		wait_until(is_acknowledged, end, PATIENCE);
	else if (!wait_until(has_arrived, end, PATIENCE))
		trace("%s: not everything arrives", end->name);
}

struct expected_state {
	int fd;
	int state;
};

static bool has_state(void *context)
{
	struct expected_state *expected = context;

	return socket_state(expected->fd) == expected->state;
}

void settle_state(struct end *end, int state)
{
	struct expected_state expected = { end->fd, state };

	if (!wait_until(has_state, &expected, PATIENCE))
		trace("%s: not in TCP state %d but %d", end->name, state, socket_state(end->fd));
}

static bool has_heard_of_end(void *context)
{
	struct end *end = context;
	int state = socket_state(end->fd);

	return state != BPF_TCP_ESTABLISHED && state != BPF_TCP_FIN_WAIT1 && state != BPF_TCP_FIN_WAIT2;
}

void settle_gone(struct end *peer)
{
	if (peer->fd >= 0 && !wait_until(has_heard_of_end, peer, PATIENCE))
		trace("%s: hears nothing of the end", peer->name);
}
