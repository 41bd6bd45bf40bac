// SPDX-License-Identifier: Apache-2.0
/* Protocols above and beside plain TCP: kTLS, MPTCP, Fast Open, repair. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <linux/tls.h>
#include <string.h>
#include <unistd.h>

static void upper_layer(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	int result = setsockopt(client->fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls"));

	(void)test;
	if (result && errno == ENOENT)
		skip("the kernel has no TLS (CONFIG_TLS)");
	trace_result(client, "TCP_ULP tls", result, errno);
	path_mark();
	step_transfer(client, 1000);
	step_transfer(&connection->server, 1000);
}

/* What came before is read after it. */
static void upper_layer_unread(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	int result;

	(void)test;
	step_send(&connection->server, 500);
	step_await(client, POLLIN);
	result = setsockopt(client->fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls"));
	if (result && errno == ENOENT)
		skip("the kernel has no TLS (CONFIG_TLS)");
	trace_result(client, "TCP_ULP tls", result, errno);
	step_poll(client);
	step_recv(client, 1000);
	path_mark();
	step_transfer(client, 1000);
	step_transfer(&connection->server, 1000);
}

static struct tls12_crypto_info_aes_gcm_128 tls_key(void)
{
	struct tls12_crypto_info_aes_gcm_128 key = {
		.info = { .version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128 },
	};

	memset(key.key, 7, sizeof(key.key));
	return key;
}

static void encrypt(struct connection *connection)
{
	struct tls12_crypto_info_aes_gcm_128 key = tls_key();
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	if (setsockopt(client->fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls")))
		skip("the kernel has no TLS (CONFIG_TLS)");
	trace_result(server, "TCP_ULP",
		     setsockopt(server->fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls")), errno);
	trace_result(client, "TLS_TX",
		     setsockopt(client->fd, SOL_TLS, TLS_TX, &key, sizeof(key)), errno);
	trace_result(server, "TLS_RX",
		     setsockopt(server->fd, SOL_TLS, TLS_RX, &key, sizeof(key)), errno);
	step_transfer(client, 1000);
}

static void encrypted(struct connection *connection, const struct test *test)
{
	(void)test;
	path_mark();
	encrypt(connection);
}

/* The program's next connection, after one that may have been refused keys. */
static void encrypted_again(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	if (setsockopt(client->fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof("tls")))
		skip("the kernel has no TLS (CONFIG_TLS)");
	step_close(client);
	step_await(server, POLLRDHUP);
	step_close(server);
	path_mark();
	client->sent = client->received = server->sent = server->received = 0;
	connection_connect(connection);
	connection_accept(connection);
	encrypt(connection);
}

/* What begins a handshake of TLS, in each direction: a record of 300 bytes. */
static void shake(struct end *from, struct end *to)
{
	unsigned char record[305] = { 22, 3, 1, 300 >> 8, 300 & 255 };
	unsigned char got[sizeof(record)] = { 0 };

	trace_result(from, "hello", send(from->fd, record, sizeof(record), 0), errno);
	step_await(to, POLLIN);
	trace_result(to, "hello", recv(to->fd, got, sizeof(got), 0), errno);
	trace("%s", memcmp(got, record, sizeof(got)) ? "something else" : "the same");
}

/* As programs do: hand it over with keys that both have agreed on. */
static void encrypted_after_handshake(struct connection *connection, const struct test *test)
{
	(void)test;
	shake(&connection->client, &connection->server);
	shake(&connection->server, &connection->client);
	path_mark();
	encrypt(connection);
}

static void unknown_upper_layer(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	char name[16] = "";
	socklen_t size = sizeof(name);
	int result = setsockopt(client->fd, IPPROTO_TCP, TCP_ULP, "none-such", 10);

	(void)test;
	trace_result(client, "TCP_ULP none-such", result, errno);
	result = getsockopt(client->fd, IPPROTO_TCP, TCP_ULP, name, &size);
	trace_result(client, "TCP_ULP", result, errno);
	trace("'%s', %u bytes", name, size);
	step_transfer(client, 1000);
}

static void both_ways(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	if (client->fd < 0) {
		connection_connect(connection);
		connection_accept(connection);
	}
	step_transfer(client, 30000);
	step_transfer(server, 30000);
	STEP_GET(client, SOL_SOCKET, SO_PROTOCOL);
	STEP_GET(server, SOL_SOCKET, SO_PROTOCOL);
	trace("shutdown: %d", shutdown(client->fd, SHUT_WR));
	step_await(server, POLLRDHUP);
	step_recv(server, 10);
}

static void allow_fast_open(int fd, bool client)
{
	int value = 5;

	if (!client && setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &value, sizeof(value)))
		broken("TCP_FASTOPEN");
	value = 1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, &value, sizeof(value)))
		broken("TCP_FASTOPEN_NO_COOKIE");
}

/* Only the server's own pod is changed. */
static void enable_fast_open(void)
{
	int fd;

	pod_enter(false);
	fd = open("/proc/sys/net/ipv4/tcp_fastopen", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "3", 1) != 1)
		broken("tcp_fastopen");
	close(fd);
}

static void fast_open(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;
	uint8_t bytes[300];
	ssize_t result;

	(void)test;
	enable_fast_open();
	client->fd = connection_socket(connection, true);
	stream_fill(client, 0, bytes, sizeof(bytes));
	result = sendto(client->fd, bytes, sizeof(bytes), MSG_FASTOPEN,
			(struct sockaddr *)&connection->address, connection->address_size);
	trace_result(client, "sendto(300, MSG_FASTOPEN)", result, errno);
	client->sent = result > 0 ? result : 0;
	connection_accept(connection);
	step_await(server, POLLIN);
	step_recv(server, 1000);
	step_transfer(client, 1000);
	step_transfer(server, 1000);
}

static void repair(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	STEP_SET(server, IPPROTO_TCP, TCP_REPAIR, 1);
	path_mark();
	step_send(&connection->client, 100);
	step_recv(server, 50);
	STEP_SET(server, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE);
	step_recv_flags(server, 1000, MSG_PEEK);
	STEP_SET(server, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
	STEP_SET(server, IPPROTO_TCP, TCP_REPAIR, 0);
	step_recv(server, 1000);
}

/* Bytes written in repair mode are never sent. */
static void repair_send(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	uint8_t bytes[100] = { 0 };

	(void)test;
	STEP_SET(client, IPPROTO_TCP, TCP_REPAIR, 1);
	path_mark();
	STEP_SET(client, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
	trace_result(client, "send(100)", send(client->fd, bytes, sizeof(bytes), 0), errno);
	sleep_ms(10);
	step_poll(&connection->server);
	step_recv(&connection->server, 1000);
}

#define REPAIR "`TCP_REPAIR`"

static const struct test protocol_tests[] = {
	{ "protocol/ulp", "kTLS", EXPECT_RETURNS, {}, upper_layer, 0, 0 },
	{ "protocol/ulp-unread", "kTLS", EXPECT_RETURNS, {}, upper_layer_unread, 0, 0 },
	{ "protocol/ktls", "kTLS", EXPECT_RETURNS, {}, encrypted, 0, 0 },
	{ "protocol/ktls-again", "kTLS", EXPECT_RETURNS, {}, encrypted_again, 0, 0 },
	{ "protocol/ktls-handshake", "kTLS", EXPECT_AVOIDED, { .silent = true },
	  encrypted_after_handshake, 0, 0 },
	{ "protocol/ulp-unknown", "`TCP_ULP` of a protocol the kernel does not have",
	  EXPECT_SHORTENED, {}, unknown_upper_layer, 0, 0 },
	{ "protocol/mptcp-listener", "MPTCP listener, plain TCP client", EXPECT_SHORTENED,
	  { .silent = true, .multipath_listener = true }, both_ways, 0, 0 },
	{ "protocol/mptcp-client", "MPTCP client, plain TCP listener", EXPECT_NEVER,
	  { .silent = true, .multipath_client = true }, both_ways, 0, 0 },
	{ "protocol/mptcp", "MPTCP", EXPECT_NEVER,
	  { .silent = true, .multipath_listener = true, .multipath_client = true }, both_ways, 0,
	  0 },
	{ "protocol/fast-open", "TCP Fast Open", EXPECT_NEVER,
	  { .manual = true, .prepare = allow_fast_open }, fast_open, 0, 0 },
	{ "protocol/repair", REPAIR, EXPECT_RETURNS, {}, repair, 0, 0 },
	{ "protocol/repair-send", REPAIR, EXPECT_RETURNS, {}, repair_send, 0, 0 },
};

TABLE(protocol);
