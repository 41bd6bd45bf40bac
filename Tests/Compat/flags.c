// SPDX-License-Identifier: Apache-2.0
/* MSG_* flags, and the calls beside send and recv. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/uio.h>

static void peek(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	step_recv_flags(server, 1000, MSG_PEEK);
	step_send(&connection->client, 777);
	step_recv_flags(server, 100, MSG_PEEK);
	step_recv_flags(server, 1000, MSG_PEEK);
	step_poll(server);
	step_recv(server, 100);
	step_recv_flags(server, 1000, MSG_PEEK);
	step_recv(server, 1000);
	step_recv_flags(server, 1000, MSG_PEEK);
}

static void peek_across(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	step_send(&connection->client, 100);
	step_send(&connection->client, 200);
	step_send(&connection->client, 40000);
	step_recv_flags(server, 250, MSG_PEEK);
	step_recv_flags(server, 100000, MSG_PEEK);
	step_recv(server, 250);
	step_recv_flags(server, 100, MSG_PEEK);
	step_recv(server, 100000);
}

static void peek_at_end(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	step_send(&connection->client, 100);
	step_shutdown(&connection->client, SHUT_WR);
	step_recv_flags(server, 1000, MSG_PEEK);
	step_recv(server, 1000);
	step_recv_flags(server, 1000, MSG_PEEK);
	step_recv(server, 1000);
}

static ssize_t run_discard(struct call *call)
{
	return recv(call->end->fd, NULL, call->size, MSG_TRUNC);
}

static void peek_offset(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	uint8_t bytes[100];

	(void)test;
	STEP_SET(server, SOL_SOCKET, SO_PEEK_OFF, 50);
	path_mark();
	step_send(&connection->client, 300);
	for (int i = 0; i < 3; i++) {
		ssize_t result = recv(server->fd, bytes, sizeof(bytes), MSG_PEEK);

		trace("server peek: %zd %s", result,
		      result > 0 && stream_matches(server->peer, server->received + 50 + 100 * i,
						   bytes, result) ? "right" : "WRONG");
	}
	step_recv(server, 1000);
}

/* recv(..., MSG_TRUNC) throws bytes away. */
static void discard(struct connection *connection, const struct test *test)
{
	struct call call = { .end = &connection->server, .text = "recv(NULL, 300, MSG_TRUNC)",
			     .run = run_discard, .size = 300 };

	(void)test;
	step_send(&connection->client, 777);
	if (call_now(call) > 0)
		connection->server.received += 300;
	step_recv(&connection->server, 1000);
}

static void truncate_into_buffer(struct connection *connection, const struct test *test)
{
	(void)test;
	step_send(&connection->client, 777);
	step_recv_flags(&connection->server, 300, MSG_TRUNC);
	step_recv(&connection->server, 1000);
}

static void wait_all(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	step_recv_flags(server, 100, MSG_WAITALL);
	step_send(&connection->client, 40);
	step_recv_flags(server, 100, MSG_WAITALL);
	step_send(&connection->client, 100);
	step_send(&connection->client, 100);
	step_recv_flags(server, 150, MSG_WAITALL);
	step_recv_flags(server, 150, MSG_WAITALL);
}

static void more(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	step_send_flags(client, 100, MSG_MORE);
	step_send_flags(client, 100, MSG_MORE);
	step_send(client, 100);
	step_recv(&connection->server, 1000);
}

static void more_waits(struct connection *connection, const struct test *test)
{
	(void)test;
	step_send_flags(&connection->client, 100, MSG_MORE);
	step_poll(&connection->server);
	step_await(&connection->server, POLLIN);
	step_recv(&connection->server, 1000);
}

static void cork(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_CORK, 1);
	path_mark();
	call_now((struct call){ .end = client, .text = "send(100)", .run = run_send, .size = 100,
				.flags = MSG_MORE });
	step_poll(&connection->server);
	call_now((struct call){ .end = client, .text = "send(100)", .run = run_send, .size = 100,
				.flags = MSG_MORE });
	STEP_SET(client, IPPROTO_TCP, TCP_CORK, 0);
	settle(client);
	step_recv(&connection->server, 1000);
}

static ssize_t run_sendmsg(struct call *call)
{
	struct iovec parts[3] = { { call->bytes, 1 }, { call->bytes + 1, 0 },
				  { call->bytes + 1, call->size - 1 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };
	ssize_t result;

	stream_fill(call->end, call->end->sent, call->bytes, call->size);
	result = sendmsg(call->end->fd, &message, 0);
	if (result > 0)
		call->end->sent += result;
	return result;
}

static void vectors(struct connection *connection, const struct test *test)
{
	uint8_t bytes[600];
	struct iovec parts[3] = { { bytes, 7 }, { bytes + 7, 100 }, { bytes + 107, 493 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };
	ssize_t result;

	(void)test;
	call_now((struct call){ .end = &connection->client, .text = "sendmsg(500)",
				.run = run_sendmsg, .size = 500 });
	settle(&connection->client);
	result = recvmsg(connection->server.fd, &message, 0);
	trace("server recvmsg: %zd %s, flags %x", result,
	      result < 0 ? error_name(errno) : check_received(&connection->server, bytes, result),
	      message.msg_flags);
}

static void several_messages(struct connection *connection, const struct test *test)
{
	uint8_t bytes[2][100];
	struct iovec parts[2] = { { bytes[0], 100 }, { bytes[1], 100 } };
	struct mmsghdr messages[2] = { { .msg_hdr = { .msg_iov = &parts[0], .msg_iovlen = 1 } },
				       { .msg_hdr = { .msg_iov = &parts[1], .msg_iovlen = 1 } } };

	(void)test;
	step_send(&connection->client, 150);
	trace("server recvmmsg: %d", recvmmsg(connection->server.fd, messages, 2, 0, NULL));
	trace("lengths: %u %u", messages[0].msg_len, messages[1].msg_len);
	trace("content: %s %s", check_received(&connection->server, bytes[0], messages[0].msg_len),
	      check_received(&connection->server, bytes[1], messages[1].msg_len));
}

static void nothing(struct connection *connection, const struct test *test)
{
	(void)test;
	step_send(&connection->client, 0);
	step_poll(&connection->server);
	step_recv(&connection->server, 0);
	step_recv(&connection->server, 10);
	step_send(&connection->client, 10);
	step_recv(&connection->server, 0);
	step_recv_flags(&connection->server, 10, MSG_ERRQUEUE);
	step_recv(&connection->server, 10);
}

static void bad_buffer(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	trace_result(&connection->client, "send(bad)",
		     send(connection->client.fd, (void *)16, 100, 0), errno);
	step_poll(server);
	step_send(&connection->client, 100);
	trace_result(server, "recv(bad)", recv(server->fd, (void *)16, 100, 0), errno);
	step_recv(server, 100);
}

static volatile sig_atomic_t pipe_signals;

static void count_pipe(int signal)
{
	(void)signal;
	pipe_signals++;
}

static void broken_pipe(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	signal(SIGPIPE, count_pipe);
	step_shutdown(client, SHUT_WR);
	step_send(client, 10);
	trace("SIGPIPE: %d", pipe_signals);
	step_send_flags(client, 10, MSG_NOSIGNAL);
	trace("SIGPIPE: %d", pipe_signals);
}

#define CASE(name, behaviour, body) \
	{ "flags/" name, behaviour, EXPECT_SHORTENED, {}, body, 0, 0 }

static const struct test flags_tests[] = {
	CASE("peek", "`MSG_PEEK`", peek),
	CASE("peek-across", "`MSG_PEEK`", peek_across),
	{ "flags/peek-off", "`SO_PEEK_OFF`", EXPECT_RETURNS, {}, peek_offset, 0, 0 },
	CASE("peek-at-end", "`MSG_PEEK`", peek_at_end),
	CASE("discard", "`MSG_TRUNC` discards bytes", discard),
	CASE("truncate", "`MSG_TRUNC` discards bytes", truncate_into_buffer),
	CASE("wait-all", "`MSG_WAITALL`, non-blocking", wait_all),
	CASE("more", "`MSG_MORE`: all arrives in order", more),
	CASE("more-waits", "`MSG_MORE`: nothing is sent yet", more_waits),
	{ "flags/cork", "`TCP_CORK`", EXPECT_RETURNS, {}, cork, 0, 0 },
	CASE("vectors", "`sendmsg`, `recvmsg`, `recvmmsg`", vectors),
	CASE("several-messages", "`sendmsg`, `recvmsg`, `recvmmsg`", several_messages),
	CASE("nothing", "calls of zero bytes", nothing),
	CASE("bad-buffer", "bad addresses: EFAULT", bad_buffer),
	CASE("broken-pipe", "EPIPE, SIGPIPE, `MSG_NOSIGNAL`", broken_pipe),
};

TABLE(flags);
