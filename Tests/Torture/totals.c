// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define REPORTED_MAXIMUM 20

typedef unsigned long long ull;

static void print_state(const struct connection *connection)
{
	struct tcp_info information = { 0 };
	socklen_t size = sizeof(information);
	int unread = -1, unsent = -1;

	(void)ioctl(connection->fd, SIOCINQ, &unread);
	(void)ioctl(connection->fd, SIOCOUTQ, &unsent);
	(void)getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &information, &size);
	fprintf(stderr,
		"; state: sent %llu of %llu, received %llu of %llu, quantum %llu, finish %d, "
		"finished %d, ended %d, readable %d, writable %d, armed %#x, edge %d, "
		"unread %d, unsent %d, tcp state %d, timeouts %u, age %.3f s\n",
		(ull)connection->sent, (ull)connection->out.total, (ull)connection->received,
		(ull)connection->in.total, (ull)connection->header.quantum,
		connection->plan.finish, connection->finished, connection->ended,
		connection->readable, connection->writable, connection->armed,
		connection->plan.edge_triggered, unread, unsent, information.tcpi_state,
		information.tcpi_retransmits,
		(double)(now_us() - connection->opened) / 1e6);
}

void fail(struct connection *connection, const char *format, ...)
{
	va_list arguments;

	connection->failed = true;
	if (connection->totals->failures++ >= REPORTED_MAXIMUM)
		return;
	flockfile(stderr);
	fprintf(stderr, "torture %s: connection %llu direction %s offset %llu: ",
		connection->client ? "client" : "server", (ull)connection->header.id,
		connection->client ? "down" : "up", (ull)connection->received);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	print_state(connection);
	funlockfile(stderr);
}

static void print_origin(const struct connection *connection, const uint8_t *bytes, size_t count)
{
	uint64_t origin = stream_find(&connection->in, bytes, count < 64 ? count : 64);

	if (origin != UINT64_MAX)
		fprintf(stderr, "torture: the bytes found there belong at offset %llu\n",
			(ull)origin);
}

void fail_bytes(struct connection *connection, const uint8_t *bytes, size_t count)
{
	size_t index = stream_mismatch(&connection->in, connection->received, bytes, count);
	uint8_t expected;

	connection->received += index;
	stream_fill(&connection->in, connection->received, &expected, 1);
	fail(connection, "expected 0x%02x, got 0x%02x (byte %zu of a read of %zu)", expected,
	     bytes[index], index, count);
	if (connection->totals->failures <= REPORTED_MAXIMUM)
		print_origin(connection, bytes + index, count - index);
}

void totals_print(const struct totals *totals, const char *role, uint64_t seed)
{
	printf("{\"role\":\"%s\",\"seed\":%llu,\"connections\":%llu,\"completed\":%llu,"
	       "\"failures\":%llu,\"bytes_sent\":%llu,\"bytes_received\":%llu,\"sends\":%llu,"
	       "\"receives\":%llu,\"full\":%llu,\"seconds\":%.3f}\n",
	       role, (ull)seed, (ull)totals->connections, (ull)totals->completed,
	       (ull)totals->failures, (ull)totals->sent, (ull)totals->received,
	       (ull)totals->sends, (ull)totals->receives, (ull)totals->full,
	       (double)(now_us() - totals->started) / 1e6);
	fflush(stdout);
}
