// SPDX-License-Identifier: Apache-2.0
/* Socket options and ioctls that tell or change what a connection does. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static void step_ioctl(const struct end *end, const char *text, unsigned long request)
{
	int value = -1;
	int result = ioctl(end->fd, request, &value);

	trace_result(end, text, result ? -1 : value, errno);
}

static void readable_bytes(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	step_ioctl(server, "FIONREAD", FIONREAD);
	step_send(&connection->client, 777);
	step_ioctl(server, "FIONREAD", FIONREAD);
	step_send(&connection->client, 100);
	step_ioctl(server, "FIONREAD", FIONREAD);
	step_recv(server, 700);
	step_ioctl(server, "FIONREAD", FIONREAD);
	step_recv(server, 1000);
	step_ioctl(server, "FIONREAD", FIONREAD);
	step_send(&connection->client, 5);
	step_shutdown(&connection->client, SHUT_WR);
	step_ioctl(server, "FIONREAD", FIONREAD);
}

/* All bytes went over the stack, because nobody had accepted yet. */
static void readable_stack_bytes(struct connection *connection, const struct test *test)
{
	(void)test;
	connection_connect(connection);
	step_send(&connection->client, 777);
	connection_accept(connection);
	step_ioctl(&connection->server, "FIONREAD", FIONREAD);
	step_recv(&connection->server, 700);
	step_ioctl(&connection->server, "FIONREAD", FIONREAD);
	step_recv(&connection->server, 1000);
	step_send(&connection->client, 10);
	step_ioctl(&connection->server, "FIONREAD", FIONREAD);
}

static void unsent_bytes(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	int queued = 0;

	(void)test;
	step_send(client, 777);
	step_recv(&connection->server, 1000);
	sleep_ms(50);
	step_ioctl(client, "SIOCOUTQ", SIOCOUTQ);
	step_ioctl(client, "SIOCOUTQNSD", SIOCOUTQNSD);
	step_fill(client);
	ioctl(client->fd, SIOCOUTQ, &queued);
	trace("client SIOCOUTQ: %s", queued > 0 ? "some" : "none");
	step_drain(&connection->server);
	sleep_ms(50);
	step_ioctl(client, "SIOCOUTQ", SIOCOUTQ);
}

static void low_water(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	STEP_SET(server, SOL_SOCKET, SO_RCVLOWAT, 100);
	path_mark();
	step_send(&connection->client, 40);
	step_poll(server);
	step_send(&connection->client, 70);
	step_poll(server);
	step_recv(server, 50);
	step_poll(server);
	step_recv(server, 50);
	step_recv(server, 50);
}

static void low_water_at_end(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	STEP_SET(server, SOL_SOCKET, SO_RCVLOWAT, 100);
	path_mark();
	step_send(&connection->client, 40);
	step_shutdown(&connection->client, SHUT_WR);
	step_poll(server);
	step_recv(server, 1000);
	STEP_GET(server, SOL_SOCKET, SO_RCVLOWAT);
}

static struct tcp_info get_info(const struct end *end)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof(info);

	if (getsockopt(end->fd, IPPROTO_TCP, TCP_INFO, &info, &size))
		broken("TCP_INFO");
	return info;
}

static void info(struct connection *connection, const struct test *test)
{
	struct tcp_info client = get_info(&connection->client);
	struct tcp_info server = get_info(&connection->server);

	(void)test;
	step_send(&connection->client, 1000);
	step_recv(&connection->server, 2000);
	trace("client TCP_INFO: sent %ju more",
	      (uintmax_t)(get_info(&connection->client).tcpi_bytes_sent - client.tcpi_bytes_sent));
	trace("server TCP_INFO: received %ju more",
	      (uintmax_t)(get_info(&connection->server).tcpi_bytes_received -
			  server.tcpi_bytes_received));
	trace("server TCP_INFO: state %d", socket_state(connection->server.fd));
	step_shutdown(&connection->client, SHUT_WR);
	trace("server TCP_INFO: state %d", socket_state(connection->server.fd));
}

/* What comes beside the bytes of one recvmsg. */
static void receive_with_control(struct end *end)
{
	uint8_t bytes[300];
	char control[256];
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t result = recvmsg(end->fd, &message, 0);

	trace("%s recvmsg: %zd %s", end->name, result,
	      result > 0 ? check_received(end, bytes, result) : error_name(errno));
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); result > 0 && header;
	     header = CMSG_NXTHDR(&message, header)) {
		int value = 0;

		memcpy(&value, CMSG_DATA(header), sizeof(value));
		trace("control: level %d, type %d, %d", header->cmsg_level, header->cmsg_type,
		      header->cmsg_level == IPPROTO_TCP ? value : 0);
	}
}

static void timestamps(struct connection *connection, const struct test *test)
{
	(void)test;
	STEP_SET(&connection->server, SOL_SOCKET, SO_TIMESTAMP, 1);
	/* The kernel begins to stamp packets a little later. */
	usleep(50000);
	path_mark();
	step_send(&connection->client, 100);
	receive_with_control(&connection->server);
	step_send(&connection->client, 100);
	receive_with_control(&connection->server);
}

static void inquiry(struct connection *connection, const struct test *test)
{
	(void)test;
	STEP_SET(&connection->server, IPPROTO_TCP, TCP_INQ, 1);
	path_mark();
	step_send(&connection->client, 500);
	receive_with_control(&connection->server);
	receive_with_control(&connection->server);
}

static void keep_alive(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, SOL_SOCKET, SO_KEEPALIVE, 1);
	STEP_SET(client, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	STEP_SET(client, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	STEP_SET(client, IPPROTO_TCP, TCP_KEEPCNT, 1);
	step_send(client, 100);
	step_recv(&connection->server, 1000);
	sleep_ms(2500);
	step_poll(client);
	step_send(client, 100);
	step_recv(&connection->server, 1000);
	STEP_GET(client, SOL_SOCKET, SO_KEEPALIVE);
	STEP_GET(client, IPPROTO_TCP, TCP_KEEPIDLE);
}

/* A reader that stalls longer than that ends the connection. */
static void user_timeout(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_USER_TIMEOUT, 700);
	step_transfer(client, 100000);
	step_fill(client);
	step_await(client, POLLERR);
	step_socket_error(client);
	step_send(client, 10);
}

static void user_timeout_when_idle(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_USER_TIMEOUT, 200);
	step_send(client, 1000);
	sleep_ms(600);
	step_poll(client);
	step_recv(&connection->server, 2000);
	step_transfer(client, 100000);
}

static void no_delay(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_NODELAY, 1);
	STEP_SET(&connection->server, IPPROTO_TCP, TCP_QUICKACK, 1);
	for (int i = 0; i < 20; i++)
		call_now(SEND(client, 1, 0));
	step_recv(&connection->server, 100);
	STEP_GET(client, IPPROTO_TCP, TCP_NODELAY);
	STEP_GET(client, SOL_SOCKET, SO_TYPE);
	STEP_GET(client, SOL_SOCKET, SO_PROTOCOL);
	STEP_GET(client, SOL_SOCKET, SO_DOMAIN);
	STEP_GET(client, SOL_SOCKET, SO_ACCEPTCONN);
}

/* The close waits for the bytes, and says so. */
static void lingers(struct connection *connection, const struct test *test)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 5 };

	(void)test;
	setsockopt(connection->client.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	step_send(&connection->client, 3000);
	step_close(&connection->client);
	step_recv(&connection->server, 10000);
	step_recv(&connection->server, 10000);
}

static void unsent_low_water(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16384);
	step_poll(client);
	step_fill(client);
	step_poll(client);
	step_drain(&connection->server);
	step_await(client, POLLOUT);
	step_transfer(client, 200000);
}

#define CASE(name, behaviour, body) \
	{ "option/" name, behaviour, EXPECT_SHORTENED, {}, body, 0, 0 }
#define RETURNS(name, behaviour, body) \
	{ "option/" name, behaviour, EXPECT_RETURNS, {}, body, 0, 0 }

static const struct test options_tests[] = {
	CASE("fionread", "`FIONREAD`", readable_bytes),
	{ "option/fionread-stack", "`FIONREAD`", EXPECT_EITHER, { .manual = true },
	  readable_stack_bytes, 0, 0 },
	CASE("siocoutq", "`SIOCOUTQ`, `SIOCOUTQNSD`", unsent_bytes),
	RETURNS("rcvlowat", "`SO_RCVLOWAT`", low_water),
	RETURNS("rcvlowat-end", "`SO_RCVLOWAT`", low_water_at_end),
	CASE("info", "`TCP_INFO`", info),
	RETURNS("timestamp", "`SO_TIMESTAMP`", timestamps),
	RETURNS("inq", "`TCP_INQ`", inquiry),
	CASE("keepalive", "`SO_KEEPALIVE`", keep_alive),
	CASE("user-timeout", "`TCP_USER_TIMEOUT`", user_timeout),
	CASE("user-timeout-idle", "`TCP_USER_TIMEOUT`", user_timeout_when_idle),
	CASE("nodelay", "`TCP_NODELAY`, `TCP_QUICKACK` and what sockets say of themselves",
	     no_delay),
	CASE("linger", "`SO_LINGER` with a time", lingers),
	CASE("notsent-lowat", "`TCP_NOTSENT_LOWAT`", unsent_low_water),
};

TABLE(options);
