// SPDX-License-Identifier: Apache-2.0
/* One socket in several hands: fork, passed descriptors, duplicates, changed flags. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void wait_for(pid_t child)
{
	int status = 0;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		broken("child");
}

/* Runs part of the case in a child; what that sent and received counts here, too. */
static void in_child(struct connection *connection, void (*part)(struct connection *))
{
	pid_t child = fork();

	if (!child) {
		part(connection);
		_exit(0);
	}
	wait_for(child);
}

static void child_uses_server(struct connection *connection)
{
	step_recv(&connection->server, 1000);
	step_send(&connection->server, 200);
}

static void forked(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	step_send(client, 300);
	in_child(connection, child_uses_server);
	server->received += 300;
	server->sent += 200;
	step_recv(client, 1000);
	step_transfer(client, 100000);
	step_transfer(server, 100000);
}

static void child_sees_the_end(struct connection *connection)
{
	close(connection->client.fd);
	connection->client.fd = -1;
	step_recv(&connection->server, 1000);
	step_poll(&connection->server);
}

/* The connection ends with the last descriptor, not the first. */
static void parent_closes(struct connection *connection, const struct test *test)
{
	pid_t holder = fork();

	(void)test;
	if (!holder) {
		close(connection->server.fd);
		sleep_ms(150);
		_exit(0);
	}
	trace("close: %d", close(connection->client.fd));
	connection->client.fd = -1;
	step_poll(&connection->server);
	wait_for(holder);
	settle_gone(&connection->server);
	in_child(connection, child_sees_the_end);
}

static void send_descriptor(int channel, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte = 'f';
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(channel, &message, 0) != 1)
		broken("SCM_RIGHTS");
}

static int receive_descriptor(int channel)
{
	char control[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd = -1;

	if (recvmsg(channel, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Another process gets the server's descriptor and uses it alone. */
static void passed(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	int channel[2];
	pid_t child;

	(void)test;
	step_send(&connection->client, 300);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel))
		broken("socketpair");
	child = fork();
	if (!child) {
		close(server->fd);
		server->fd = receive_descriptor(channel[1]);
		child_uses_server(connection);
		step_shutdown(server, SHUT_WR);
		_exit(0);
	}
	send_descriptor(channel[0], server->fd);
	close(server->fd);
	server->fd = -1;
	wait_for(child);
	server->sent += 200;
	step_recv(&connection->client, 1000);
	step_recv(&connection->client, 1000);
}

/* Bytes wait in the receive queue while the descriptor travels. */
static void passed_in_flight(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	int channel[2];

	(void)test;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, channel))
		broken("socketpair");
	send_descriptor(channel[0], server->fd);
	close(server->fd);
	server->fd = -1;
	trace("client sends: %d", (int)call_now(SEND(&connection->client, 500, 0)));
	sleep_ms(10);
	server->fd = receive_descriptor(channel[1]);
	step_recv(server, 1000);
	step_transfer(server, 1000);
}

static void duplicated(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	int copy = dup(server->fd);

	(void)test;
	step_send(&connection->client, 300);
	trace("close: %d", close(server->fd));
	trace("dup2: %s", dup2(copy, server->fd) == server->fd ? "same" : "other");
	close(copy);
	step_poll(&connection->client);
	step_recv(server, 100);
	step_recv(server, 1000);
	step_transfer(&connection->client, 1000);
}

static void flag_changes(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	step_transfer(client, 100000);
	set_blocking(server, true);
	step_transfer(client, 100000);
	step_transfer(server, 100000);
	set_blocking(server, false);
	set_blocking(client, true);
	step_transfer(client, 100000);
	step_transfer(server, 100000);
	set_blocking(client, false);
	step_transfer(client, 100000);
	step_transfer(server, 100000);
	step_recv(server, 100);
}

/* Bytes took the shortcut, then the reader becomes blocking and reads them. */
static void flag_changes_with_bytes(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	struct task *task;
	int off = 0;

	(void)test;
	step_send(&connection->client, 300);
	trace("FIONBIO: %d", ioctl(server->fd, FIONBIO, &off));
	path_mark();
	step_send(&connection->client, 300);
	step_recv(server, 200);
	step_drain(server);
	task = task_begin(RECV(server, 1000, 0));
	task_asleep(task);
	step_send(&connection->client, 300);
	task_end(task);
}

static void plain_calls(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	uint8_t bytes[300];
	struct iovec parts[2] = { { bytes, 100 }, { bytes + 100, 200 } };
	ssize_t result;

	(void)test;
	stream_fill(client, client->sent, bytes, sizeof(bytes));
	trace_result(client, "write", write(client->fd, bytes, 100), errno);
	parts[0].iov_base = bytes + 100;
	parts[0].iov_len = 50;
	parts[1].iov_base = bytes + 150;
	parts[1].iov_len = 150;
	trace_result(client, "writev", writev(client->fd, parts, 2), errno);
	trace_result(client, "pwrite", pwrite(client->fd, bytes, 1, 0), errno);
	trace_result(client, "lseek", lseek(client->fd, 0, SEEK_CUR), errno);
	client->sent += 300;
	settle(client);
	memset(bytes, 0, sizeof(bytes));
	result = read(connection->server.fd, bytes, 300);
	trace("server read: %zd", result);
	trace("%s", check_received(&connection->server, bytes, result > 0 ? result : 0));
	trace_result(&connection->server, "read", read(connection->server.fd, bytes, 300), errno);
}

#define CASE(name, behaviour, expectation, body) \
	{ "process/" name, behaviour, expectation, {}, body, 0, 0 }
#define HANDS "`fork`, `dup2`, descriptors passed to another process"

static const struct test process_tests[] = {
	CASE("fork", HANDS, EXPECT_SHORTENED, forked),
	CASE("fork-close", HANDS, EXPECT_SHORTENED, parent_closes),
	CASE("pass", HANDS, EXPECT_SHORTENED, passed),
	CASE("pass-in-flight", HANDS, EXPECT_SHORTENED, passed_in_flight),
	CASE("dup2", HANDS, EXPECT_SHORTENED, duplicated),
	CASE("flags", "`O_NONBLOCK` switched in mid-connection", EXPECT_SHORTENED, flag_changes),
	CASE("flags-queued", "`O_NONBLOCK` switched in mid-connection", EXPECT_RETURNS,
	     flag_changes_with_bytes),
	CASE("read-write", "`read`, `write`, `writev`, `lseek`", EXPECT_SHORTENED, plain_calls),
};

TABLE(process);
