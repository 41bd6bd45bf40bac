/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP connections of which every byte is known beforehand: a function of (seed, connection,
 * direction, offset). Both ends check what they receive, so a byte that is wrong, missing, extra
 * or late is found at its offset.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUFFER_SIZE (256 * 1024)
#define HEADER_SIZE 72
#define GREETING_SIZE 16

enum mode { MODE_SERVE, MODE_CONNECT, MODE_STALL_READER, MODE_STALL_SENDER };

/* How --corrupt falsifies what this end sends, to prove that the other end notices. */
enum corruption { CORRUPT_NONE, CORRUPT_SWAP, CORRUPT_LOSE, CORRUPT_FLIP, CORRUPT_SHORT,
		  CORRUPT_EXTRA };

struct options {
	enum mode mode;
	const char *address;
	struct sockaddr_storage socket_address;
	socklen_t socket_address_size;
	uint16_t port;
	uint64_t connections;
	uint64_t first_id;
	unsigned int parallel;
	uint64_t seed;
	bool any_seed;
	uint64_t max_bytes;
	uint64_t rate;
	double seconds;
	uint64_t quantum;
	double deadline;
	double idle;
	uint64_t cap;
	uint64_t write_size;
	uint64_t receive_buffer;
	double hold;
	bool blocking;
	bool late;
	bool calm;
	enum corruption corruption;
};

bool options_parse(struct options *options, int count, char **arguments);

/* random.c */
struct random {
	uint64_t state;
};

uint64_t mix64(uint64_t value);
uint64_t random_next(struct random *random);
uint64_t random_below(struct random *random, uint64_t bound);
/* 1...maximum, every order of magnitude equally likely. */
uint64_t random_magnitude(struct random *random, uint64_t maximum);

/* stream.c: the expected bytes of one direction: a prefix, then the pattern. */
struct stream {
	uint64_t key;
	uint64_t total;
	uint8_t prefix[HEADER_SIZE];
	size_t prefix_size;
	enum corruption corruption;
	uint64_t corrupt_at;
};

void stream_fill(const struct stream *stream, uint64_t offset, uint8_t *bytes, size_t count);
void stream_corrupt(struct stream *stream, enum corruption corruption, struct random *random);
/* Index of the first byte that differs; count when none does. */
size_t stream_mismatch(const struct stream *stream, uint64_t offset, const uint8_t *bytes,
		       size_t count);
/* Offset in the stream at which these bytes belong, UINT64_MAX when nowhere. */
uint64_t stream_find(const struct stream *stream, const uint8_t *bytes, size_t count);

/* plan.c: what the client asks for, and how one end behaves. */
struct header {
	uint64_t magic;
	uint64_t seed;
	uint64_t id;
	uint64_t up_total;
	uint64_t down_total;
	/* Bytes per second of each direction, 0: as fast as it goes. */
	uint64_t rate;
	/* Turn-taking: the other end answers every so many bytes, 0: both at once. */
	uint64_t quantum;
	/* No pauses, large reads and writes. */
	uint64_t calm;
	uint64_t checksum;
};

enum finish { FINISH_AT_ONCE, FINISH_AFTER_PAUSE, FINISH_AFTER_DATA, FINISH_AFTER_END };

struct plan {
	uint64_t write_maximum;
	uint64_t read_maximum;
	/* Of 64 writes or reads, how many are followed by a pause of at most so many us. */
	unsigned int write_pauses;
	unsigned int read_pauses;
	unsigned int pause_maximum;
	/* All pauses of one direction together, us. */
	unsigned int pause_budget;
	unsigned int read_delay;
	enum finish finish;
	bool edge_triggered;
	bool no_delay;
	bool small_buffers;
	bool vectored;
	bool peek;
	bool wait_all;
};

void header_plan(struct header *header, const struct options *options, uint64_t id);
bool header_valid(const struct header *header);
void plan_make(struct plan *plan, const struct header *header, bool client);

/* connection.c, sending.c, receiving.c */
struct connection {
	int fd;
	bool client;
	bool connecting;
	const struct options *options;
	struct totals *totals;
	struct header header;
	_Atomic bool header_known;
	struct plan plan;
	struct stream out;
	struct stream in;
	struct random write_random;
	struct random read_random;
	_Atomic uint64_t sent;
	_Atomic uint64_t received;
	_Atomic uint64_t last_progress;
	_Atomic bool ended;
	_Atomic bool failed;
	bool finished;
	/* What is left of the present write; resumed after EAGAIN. */
	uint64_t chunk;
	uint64_t opened;
	uint64_t write_at;
	uint64_t read_at;
	uint64_t finish_at;
	unsigned int write_paused;
	unsigned int read_paused;
	/* epoll's word, until a call returns EAGAIN. */
	bool readable;
	bool writable;
	uint32_t armed;
};

enum step { STEP_DONE, STEP_WAIT, STEP_PAUSE, STEP_FAILED };

uint64_t now_us(void);
void connection_open_client(struct connection *connection, uint64_t id);
void connection_open_server(struct connection *connection, uint64_t number);
/* Streams and plan, as soon as the header is known. */
void connection_set_header(struct connection *connection);
enum step connection_write(struct connection *connection, uint64_t now);
enum step connection_read(struct connection *connection, uint64_t now);
enum step connection_finish(struct connection *connection, uint64_t now);
/* Sets *until and returns STEP_PAUSE where the plan wants a pause. */
enum step pause_after(struct random *random, const struct plan *plan, unsigned int pauses,
		      unsigned int *spent, uint64_t *until, uint64_t now);
/* How far the sender may go now: total, turn and rate. */
uint64_t connection_limit(const struct connection *connection, uint64_t now);
bool connection_complete(const struct connection *connection);
bool connection_late(struct connection *connection, uint64_t now);

/* turn.c: one non-blocking connection in an epoll loop. */
void turn_run(struct connection *connection);
/* The events it now waits for. */
uint32_t turn_events(const struct connection *connection, uint64_t now);
/* When it can go on without an event; UINT64_MAX: not before one. */
uint64_t turn_next(const struct connection *connection, uint64_t now);

/* socket.c */
int socket_listen(const struct options *options, int flags);
int socket_connect(const struct options *options, int flags);
int socket_error(int fd);
void socket_no_delay(int fd);
void socket_small_buffers(int fd);

/* totals.c: what the one JSON line says. */
struct totals {
	_Atomic uint64_t connections;
	_Atomic uint64_t completed;
	_Atomic uint64_t failures;
	_Atomic uint64_t sent;
	_Atomic uint64_t received;
	_Atomic uint64_t sends;
	_Atomic uint64_t receives;
	_Atomic uint64_t full;
	uint64_t started;
};

void fail(struct connection *connection, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fail_bytes(struct connection *connection, const uint8_t *bytes, size_t count);
void totals_print(const struct totals *totals, const char *role, uint64_t seed);

/* The modes; each returns the exit status. */
int run_nonblocking(const struct options *options);
int run_blocking(const struct options *options);
int run_stall_reader(const struct options *options);
int run_stall_sender(const struct options *options);

extern _Atomic bool stopping;

_Static_assert(sizeof(struct header) == HEADER_SIZE, "the header is its own wire format");

#endif /* TORTURE_H */
