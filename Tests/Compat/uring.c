// SPDX-License-Identifier: Apache-2.0
/* io_uring, by its system calls. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

struct ring {
	int fd;
	struct io_uring_params parameters;
	uint8_t *rings;
	struct io_uring_sqe *entries;
};

static void ring_open(struct ring *ring)
{
	struct io_uring_params *parameters = &ring->parameters;
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, parameters);
	if (ring->fd < 0)
		skip("io_uring_setup: %s", error_name(errno));
	if (!(parameters->features & IORING_FEAT_SINGLE_MMAP))
		skip("io_uring of a kernel before 5.4");
	size = parameters->sq_off.array + ENTRIES * sizeof(uint32_t);
	if (size < parameters->cq_off.cqes + parameters->cq_entries * sizeof(struct io_uring_cqe))
		size = parameters->cq_off.cqes +
		       parameters->cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			   IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, ENTRIES * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (ring->rings == MAP_FAILED || ring->entries == MAP_FAILED)
		broken("io_uring mmap");
}

static _Atomic uint32_t *word(struct ring *ring, uint32_t offset)
{
	return (_Atomic uint32_t *)(ring->rings + offset);
}

static void ring_submit(struct ring *ring, const struct io_uring_sqe *entry)
{
	uint32_t tail = *word(ring, ring->parameters.sq_off.tail);
	uint32_t index = tail % ring->parameters.sq_entries;

	ring->entries[index] = *entry;
	*word(ring, ring->parameters.sq_off.array + index * sizeof(uint32_t)) = index;
	*word(ring, ring->parameters.sq_off.tail) = tail + 1;
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) != 1)
		broken("io_uring_enter");
}

static bool is_complete(void *context)
{
	struct ring *ring = context;

	/* Entering lets work be done that waits for this task. */
	syscall(SYS_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0);
	return *word(ring, ring->parameters.cq_off.head) !=
	       *word(ring, ring->parameters.cq_off.tail);
}

/* False when nothing has completed in that time. */
static bool ring_take(struct ring *ring, int milliseconds, struct io_uring_cqe *event)
{
	uint32_t head = *word(ring, ring->parameters.cq_off.head);
	uint32_t index = head % ring->parameters.cq_entries;

	if (!wait_until(is_complete, ring, milliseconds))
		return false;
	memcpy(event,
	       ring->rings + ring->parameters.cq_off.cqes + index * sizeof(struct io_uring_cqe),
	       sizeof(*event));
	*word(ring, ring->parameters.cq_off.head) = head + 1;
	return true;
}

static void receive_done(struct ring *ring, struct end *end, const uint8_t *bytes, int wait)
{
	struct io_uring_cqe event;

	if (!ring_take(ring, wait, &event))
		trace("%s io_uring recv: pending", end->name);
	else if (event.res > 0)
		trace("%s io_uring recv: %d %s", end->name, event.res,
		      check_received(end, bytes, event.res));
	else
		trace("%s io_uring recv: %s", end->name, error_name(-event.res));
}

static struct io_uring_sqe receive_entry(const struct end *end, void *bytes, size_t size, int flags)
{
	return (struct io_uring_sqe){ .opcode = IORING_OP_RECV, .fd = end->fd,
				      .addr = (uintptr_t)bytes, .len = size, .msg_flags = flags };
}

static void receive(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	struct io_uring_sqe entry;
	struct ring ring;
	uint8_t bytes[1000];

	(void)test;
	ring_open(&ring);
	entry = receive_entry(server, bytes, sizeof(bytes), 0);
	for (int i = 0; i < 2; i++) {
		ring_submit(&ring, &entry);
		receive_done(&ring, server, bytes, 20);
		step_send(&connection->client, 300);
		receive_done(&ring, server, bytes, 1000);
	}
	step_send(&connection->client, 300);
	ring_submit(&ring, &entry);
	receive_done(&ring, server, bytes, 1000);
	step_shutdown(&connection->client, SHUT_WR);
	ring_submit(&ring, &entry);
	receive_done(&ring, server, bytes, 1000);
}

static void receive_all(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	struct io_uring_sqe entry;
	struct ring ring;
	uint8_t bytes[100];

	(void)test;
	ring_open(&ring);
	entry = receive_entry(server, bytes, sizeof(bytes), MSG_WAITALL);
	ring_submit(&ring, &entry);
	step_send(&connection->client, 40);
	receive_done(&ring, server, bytes, 20);
	step_send(&connection->client, 60);
	receive_done(&ring, server, bytes, 200);
}

static void transmit_done(struct ring *ring, struct end *end)
{
	struct io_uring_cqe event;

	if (!ring_take(ring, 1000, &event)) {
		trace("%s io_uring send: pending", end->name);
		return;
	}
	trace_result(end, "io_uring send", event.res < 0 ? -1 : event.res, -event.res);
	end->sent += event.res > 0 ? event.res : 0;
	settle(end);
}

static void transmit(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct io_uring_cqe event;
	struct ring ring;
	uint8_t bytes[3000];
	struct io_uring_sqe entry = { .opcode = test->number, .fd = client->fd,
				      .addr = (uintptr_t)bytes, .len = sizeof(bytes) };

	ring_open(&ring);
	for (int i = 0; i < 3; i++) {
		stream_fill(client, client->sent, bytes, sizeof(bytes));
		ring_submit(&ring, &entry);
		transmit_done(&ring, client);
		step_drain(&connection->server);
		/* A zero-copy send completes twice, also one that failed. */
		if (test->number == IORING_OP_SEND_ZC)
			trace("client io_uring: notified: %d", ring_take(&ring, 500, &event));
	}
}

static void watch(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;
	struct io_uring_sqe entry = { .opcode = IORING_OP_POLL_ADD, .fd = server->fd,
				      .poll32_events = POLLIN | POLLRDHUP };
	struct io_uring_cqe event;
	struct ring ring;
	char text[64];

	(void)test;
	ring_open(&ring);
	for (int i = 0; i < 2; i++) {
		ring_submit(&ring, &entry);
		trace("poll: %s", ring_take(&ring, 20, &event) ? "TOO EARLY" : "pending");
		if (i)
			step_shutdown(&connection->client, SHUT_WR);
		else
			step_send(&connection->client, 300);
		if (ring_take(&ring, 1000, &event))
			trace("poll: %s", event_names(event.res, text, sizeof(text)));
		step_recv(server, 1000);
	}
}

#define URING "io_uring"

static const struct test uring_tests[] = {
	{ "uring/recv", URING, EXPECT_SHORTENED, {}, receive, 0, 0 },
	{ "uring/recv-all", URING ", `MSG_WAITALL`", EXPECT_SHORTENED, {}, receive_all, 0, 0 },
	{ "uring/send", URING, EXPECT_SHORTENED, {}, transmit, 0, IORING_OP_SEND },
	{ "uring/send-zerocopy", URING ", zero-copy", EXPECT_SHORTENED, {}, transmit, 0,
	  IORING_OP_SEND_ZC },
	{ "uring/poll", URING, EXPECT_SHORTENED, {}, watch, 0, 0 },
	{ "uring/recv-blocking", URING, EXPECT_NEVER, { BLOCKING }, receive, 0, 0 },
};

TABLE(uring);
