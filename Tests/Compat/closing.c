// SPDX-License-Identifier: Apache-2.0
/* How a connection ends: close, half-close, reset, in every order. */
#define _GNU_SOURCE
#include "compat.h"

#include <linux/bpf.h>
#include <unistd.h>

/* All that an end can see of the other's end. */
static void see_the_end(struct end *end)
{
	step_poll(end);
	step_recv(end, 10000);
	step_recv(end, 10000);
	step_socket_error(end);
	step_poll(end);
}

static struct end *closer(struct connection *connection, const struct test *test)
{
	return test->number ? &connection->server : &connection->client;
}

static void one_closes(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);
	struct end *other = end->peer;

	step_send(end, 500);
	step_close(end);
	see_the_end(other);
	step_send(other, 10);
	settle_state(other, BPF_TCP_CLOSE);
	step_poll(other);
	step_send(other, 10);
	see_the_end(other);
	step_close(other);
}

static void one_shuts_down(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);
	struct end *other = end->peer;

	step_send(end, 500);
	step_shutdown(end, SHUT_WR);
	step_send(end, 10);
	see_the_end(other);
	step_transfer(other, 1000);
	step_poll(end);
	step_transfer(other, 100000);
	step_poll(end);
	step_close(other);
	see_the_end(end);
	step_close(end);
}

/* As one_shuts_down(), when the other direction never carried a byte before. */
static void shuts_down_at_once(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_transfer(end, test->size);
	step_shutdown(end, SHUT_WR);
	see_the_end(end->peer);
	step_transfer(end->peer, test->size);
	step_poll(end);
	step_shutdown(end->peer, SHUT_WR);
	see_the_end(end);
}

/* The last bytes are still unread when the end comes. */
static void shuts_down_unread(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end, 500);
	step_send(end->peer, 700);
	step_shutdown(end, SHUT_WR);
	step_poll(end->peer);
	step_recv(end->peer, 200);
	step_poll(end->peer);
	step_recv(end->peer, 1000);
	see_the_end(end->peer);
	step_recv(end, 1000);
	step_close(end->peer);
	see_the_end(end);
}

static void one_shuts_both(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end, 500);
	step_shutdown(end, SHUT_RDWR);
	step_poll(end);
	step_recv(end, 100);
	step_send(end, 100);
	see_the_end(end->peer);
	step_close(end->peer);
	see_the_end(end);
}

static void both_shut_down(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end, 500);
	step_send(end->peer, 600);
	step_shutdown(end, SHUT_WR);
	step_shutdown(end->peer, SHUT_WR);
	step_poll(end);
	step_poll(end->peer);
	step_recv(end, 1000);
	step_recv(end->peer, 1000);
	see_the_end(end);
	see_the_end(end->peer);
	step_shutdown(end, SHUT_WR);
	step_shutdown(end, SHUT_RDWR);
}

static void both_close(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end, 500);
	step_recv(end->peer, 1000);
	step_close(end);
	step_poll(end->peer);
	step_close(end->peer);
}

static void reading_stops(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_shutdown(end, SHUT_RD);
	see_the_end(end);
	step_transfer(end, 1000);
	step_poll(end->peer);
	step_close(end);
	see_the_end(end->peer);
}

static void reading_stops_before_bytes(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_shutdown(end, SHUT_RD);
	step_send(end->peer, 300);
	step_poll(end);
	step_recv(end, 100);
	step_recv(end, 1000);
	step_recv(end, 1000);
}

static void reading_stops_after_bytes(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end->peer, 300);
	step_shutdown(end, SHUT_RD);
	step_poll(end);
	step_recv(end, 100);
	step_recv(end, 1000);
	step_recv(end, 1000);
}

static void one_resets(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_reset(end);
	step_poll(end->peer);
	step_recv(end->peer, 100);
	step_recv(end->peer, 100);
	step_send(end->peer, 100);
	step_poll(end->peer);
}

static void reset_shows_in_send(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_reset(end);
	step_send(end->peer, 100);
	step_send(end->peer, 100);
	step_recv(end->peer, 100);
	step_socket_error(end->peer);
}

static void reset_shows_in_option(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_reset(end);
	step_socket_error(end->peer);
	step_socket_error(end->peer);
	see_the_end(end->peer);
}

static void resets_with_data_queued(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end, test->size);
	step_reset(end);
	step_poll(end->peer);
	step_recv(end->peer, 100);
	step_recv(end->peer, 100000);
	see_the_end(end->peer);
}

static void resets_after_half_close(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_shutdown(end, SHUT_WR);
	step_send(end->peer, 100);
	step_recv(end, 100);
	step_reset(end);
	see_the_end(end->peer);
}

static void closes_with_unread_data(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_send(end->peer, 700);
	step_close(end);
	step_poll(end->peer);
	step_recv(end->peer, 100);
	step_send(end->peer, 100);
}

static void closes_while_peer_sends(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_fill(end->peer);
	step_close(end);
	settle_state(end->peer, BPF_TCP_CLOSE);
	step_poll(end->peer);
	step_send(end->peer, 100);
	see_the_end(end->peer);
}

static void closes_full(struct connection *connection, const struct test *test)
{
	struct end *end = closer(connection, test);

	step_fill(end);
	trace("close: %d", close(end->fd));
	end->fd = -1;
	step_drain(end->peer);
	settle_gone(end->peer);
	see_the_end(end->peer);
}

#define BOTH(name, behaviour, expectation, body, size)                                             \
	{ "closing/" name "-by-client", behaviour, expectation, {}, body, size, 0 },               \
	{ "closing/" name "-by-server", behaviour, expectation, {}, body, size, 1 }
#define SILENT(name, behaviour, expectation, body, size)                                           \
	{ "closing/" name "-by-client", behaviour, expectation, { .silent = true }, body, size, 0 }, \
	{ "closing/" name "-by-server", behaviour, expectation, { .silent = true }, body, size, 1 }

#define CLOSE "`close`, then the peer reads and writes"
#define HALF "half-close: `shutdown(SHUT_WR)`, the other direction goes on"
#define STOP "`shutdown(SHUT_RD)`"
#define RESET "RST (`SO_LINGER` 0)"

static const struct test closing_tests[] = {
	BOTH("close", CLOSE, EXPECT_SHORTENED, one_closes, 0),
	BOTH("both-close", CLOSE, EXPECT_SHORTENED, both_close, 0),
	BOTH("close-full", "`close` with bytes on their way: all arrive", EXPECT_SHORTENED,
	     closes_full, 0),
	BOTH("half-close", HALF, EXPECT_SHORTENED, one_shuts_down, 0),
	BOTH("half-close-unread", HALF, EXPECT_SHORTENED, shuts_down_unread, 0),
	SILENT("half-close-at-once-1", HALF, EXPECT_EITHER, shuts_down_at_once, 1),
	SILENT("half-close-at-once-1m", HALF, EXPECT_EITHER, shuts_down_at_once, 1 << 20),
	BOTH("shut-both", "`shutdown(SHUT_RDWR)`", EXPECT_SHORTENED, one_shuts_both, 0),
	BOTH("both-half-close", HALF, EXPECT_SHORTENED, both_shut_down, 0),
	BOTH("shut-reading", STOP, EXPECT_SHORTENED, reading_stops, 0),
	BOTH("shut-reading-before-bytes", STOP, EXPECT_SHORTENED, reading_stops_before_bytes, 0),
	BOTH("shut-reading-after-bytes", STOP, EXPECT_SHORTENED, reading_stops_after_bytes, 0),
	BOTH("reset", RESET, EXPECT_SHORTENED, one_resets, 0),
	BOTH("reset-in-send", RESET, EXPECT_SHORTENED, reset_shows_in_send, 0),
	BOTH("reset-in-option", RESET, EXPECT_SHORTENED, reset_shows_in_option, 0),
	BOTH("reset-after-half-close", RESET, EXPECT_SHORTENED, resets_after_half_close, 0),
	BOTH("reset-queued-1", "RST while data is queued", EXPECT_SHORTENED,
	     resets_with_data_queued, 1),
	BOTH("reset-queued-64k", "RST while data is queued", EXPECT_SHORTENED,
	     resets_with_data_queued, 65536),
	BOTH("close-unread", "`close` with unread data", EXPECT_SHORTENED, closes_with_unread_data,
	     0),
	BOTH("close-while-peer-sends", "`close` with unread data", EXPECT_SHORTENED,
	     closes_while_peer_sends, 0),
};

TABLE(closing);
