// SPDX-License-Identifier: Apache-2.0
/* Bytes that never pass the program: splice, sendfile, zero-copy. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#ifndef SO_EE_ORIGIN_ZEROCOPY
#define SO_EE_ORIGIN_ZEROCOPY 5
#endif

static int pipe_ends[2];

static void open_pipe(void)
{
	if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK))
		broken("pipe2");
}

#define SPLICE(the_end, the_size)                                                                  \
	((struct call){ .end = (the_end), .text = "splice to pipe(" #the_size ")",                 \
			.run = run_splice_out, .size = (the_size), .other = pipe_ends[1],          \
			.flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK })
#define step_splice(end, size) ((void)call_now(SPLICE(end, size)))

static void check_pipe(struct end *end)
{
	static uint8_t bytes[1 << 17];
	ssize_t result = read(pipe_ends[0], bytes, sizeof(bytes));

	if (result > 0)
		trace("%s's pipe: %zd %s", end->name, result, check_received(end, bytes, result));
	else
		trace_result(end, "pipe", result, errno);
}

static void from_socket(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	open_pipe();
	step_splice(server, 1000);
	step_send(&connection->client, 777);
	step_poll(server);
	step_splice(server, 1000);
	check_pipe(server);
	step_poll(server);
	step_splice(server, 1000);
	step_shutdown(&connection->client, SHUT_WR);
	step_splice(server, 1000);
}

/* The end comes while bytes are unread: they must not be cut off. */
static void from_ended_socket(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	open_pipe();
	step_send(&connection->client, 777);
	step_shutdown(&connection->client, SHUT_WR);
	step_poll(server);
	step_splice(server, 1000);
	check_pipe(server);
	step_splice(server, 1000);
	step_recv(server, 1000);
}

/* As haproxy and Go do: what splice does not get, recv still may. */
static void splice_after_recv(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	open_pipe();
	step_send(&connection->client, 100);
	step_recv(server, 50);
	step_splice(server, 1000);
	check_pipe(server);
	step_send(&connection->client, 100);
	step_send(&connection->client, 100);
	step_recv(server, 50);
	step_splice(server, 1000);
	check_pipe(server);
}

static void many_splices(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	open_pipe();
	for (int i = 0; i < 4; i++) {
		step_send(&connection->client, 3000);
		step_splice(server, 10000);
		check_pipe(server);
	}
}

static void into_socket(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	uint8_t bytes[5000];
	ssize_t result;

	(void)test;
	open_pipe();
	stream_fill(client, client->sent, bytes, sizeof(bytes));
	if (write(pipe_ends[1], bytes, sizeof(bytes)) != sizeof(bytes))
		broken("pipe");
	result = splice(pipe_ends[0], NULL, client->fd, NULL, sizeof(bytes), SPLICE_F_NONBLOCK);
	trace_result(client, "splice from pipe(5000)", result, errno);
	client->sent += result > 0 ? result : 0;
	settle(client);
	step_recv(&connection->server, 10000);
}

static int make_file(struct end *end, size_t size)
{
	int fd = memfd_create("compat", MFD_CLOEXEC);
	uint8_t *bytes = malloc(size);

	if (fd < 0 || !bytes)
		broken("memfd_create");
	stream_fill(end, end->sent, bytes, size);
	if (pwrite(fd, bytes, size, 0) != (ssize_t)size)
		broken("pwrite");
	free(bytes);
	return fd;
}

static void file(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	uint64_t begin = client->sent;
	int fd = make_file(client, test->size);
	off_t offset = 0;

	while (offset < (off_t)test->size) {
		ssize_t result = sendfile(client->fd, fd, &offset, test->size - offset);

		if (result <= 0 && errno != EAGAIN) {
			trace_result(client, "sendfile", result, errno);
			return;
		}
		client->sent = begin + offset;
		while (watch_now(&connection->server) & POLLIN) {
			uint8_t bytes[65536];
			ssize_t count = recv(connection->server.fd, bytes, sizeof(bytes), 0);

			if (count <= 0 ||
			    check_received(&connection->server, bytes, count)[0] != 'r')
				broken("sendfile: recv");
		}
	}
	trace("client sendfile: all");
	step_drain(&connection->server);
}

static void announce_zerocopy(struct end *end)
{
	STEP_SET(end, SOL_SOCKET, SO_ZEROCOPY, 1);
}

static void prepare_zerocopy(int fd, bool client)
{
	int one = 1;

	if (client && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		broken("SO_ZEROCOPY");
}

/* What the kernel says of the zero-copy sends that are done. */
static void completion(struct end *end)
{
	char control[256];
	struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct sock_extended_err *error = NULL;

	watch_wait(end, POLLERR, 100);
	if (recvmsg(end->fd, &message, MSG_ERRQUEUE) < 0) {
		trace("%s completion: %s", end->name, error_name(errno));
		return;
	}
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header))
		error = (struct sock_extended_err *)CMSG_DATA(header);
	if (error && error->ee_origin == SO_EE_ORIGIN_ZEROCOPY)
		trace("%s completion: %u to %u", end->name, error->ee_info, error->ee_data);
	else
		trace("%s completion: of another kind", end->name);
}

static void zerocopy(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	if (test->number)
		announce_zerocopy(client);
	path_mark();
	step_send_flags(client, 20000, MSG_ZEROCOPY);
	step_drain(&connection->server);
	completion(client);
	step_send_flags(client, 20000, MSG_ZEROCOPY);
	step_drain(&connection->server);
	completion(client);
	completion(client);
}

/* MSG_ZEROCOPY means nothing until SO_ZEROCOPY was set. */
static void zerocopy_unannounced(struct connection *connection, const struct test *test)
{
	(void)test;
	step_send_flags(&connection->client, 20000, MSG_ZEROCOPY);
	step_drain(&connection->server);
	completion(&connection->client);
}

static void map_received(struct connection *connection, const struct test *test)
{
	size_t size = 16 * 4096;
	void *area = mmap(NULL, size, PROT_READ, MAP_SHARED, connection->server.fd, 0);
	struct tcp_zerocopy_receive request = { 0 };
	socklen_t request_size = sizeof(request);
	char copy[4096];
	int result;

	(void)test;
	if (area == MAP_FAILED) {
		trace("mmap: %s", error_name(errno));
		return;
	}
	step_send(&connection->client, 3000);
	request.address = (uintptr_t)area;
	request.length = size;
	request.copybuf_address = (uintptr_t)copy;
	request.copybuf_len = sizeof(copy);
	result = getsockopt(connection->server.fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &request,
			    &request_size);
	trace("TCP_ZEROCOPY_RECEIVE: %s, %u mapped, %d copied, %u to be received",
	      error_name(result ? errno : 0), request.length, request.copybuf_len,
	      request.recv_skip_hint);
}

#define CASE(name, behaviour, expectation, body, size, number) \
	{ "splice/" name, behaviour, expectation, {}, body, size, number }

static const struct test splice_tests[] = {
	CASE("from-socket", "`splice` from the socket", EXPECT_SHORTENED, from_socket, 0, 0),
	CASE("from-ended-socket", "`splice` from the socket", EXPECT_SHORTENED, from_ended_socket, 0,
	     0),
	CASE("after-recv", "`splice` from the socket", EXPECT_SHORTENED, splice_after_recv, 0, 0),
	CASE("many", "`splice` from the socket", EXPECT_SHORTENED, many_splices, 0, 0),
	CASE("into-socket", "`splice` into the socket", EXPECT_SHORTENED, into_socket, 0, 0),
	CASE("sendfile-1", "`sendfile`", EXPECT_SHORTENED, file, 1, 0),
	CASE("sendfile-64k", "`sendfile`", EXPECT_SHORTENED, file, 65536, 0),
	CASE("sendfile-3m", "`sendfile`", EXPECT_SHORTENED, file, 3 << 20, 0),
	{ "splice/zerocopy", "`SO_ZEROCOPY` before the connection", EXPECT_NEVER,
	  { .prepare = prepare_zerocopy }, zerocopy, 0, 0 },
	CASE("zerocopy-late", "`SO_ZEROCOPY` after the connection", EXPECT_RETURNS, zerocopy, 0, 1),
	CASE("zerocopy-unannounced", "`MSG_ZEROCOPY` without `SO_ZEROCOPY`", EXPECT_SHORTENED,
	     zerocopy_unannounced, 0, 0),
	CASE("zerocopy-receive", "`TCP_ZEROCOPY_RECEIVE`", EXPECT_SHORTENED, map_received, 0, 0),
};

TABLE(splice);
