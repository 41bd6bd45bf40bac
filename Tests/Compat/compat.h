/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program can see of one TCP connection, case by case. A case is a straight list of steps on
 * both ends; each step waits until the other end's kernel has what it caused, and writes down what
 * the caller was told. Run between two pairs of pods, one plain and one shortened, it must write
 * down the same.
 *
 * Both ends' sockets belong to one process, each made inside the network namespace of its own pod.
 * What has to wait for the other end does so in a thread, what needs another process has one.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum family { FAMILY_4, FAMILY_6, FAMILY_MAPPED };
enum watcher { WATCH_POLL, WATCH_SELECT, WATCH_LEVEL, WATCH_EDGE, WATCH_NONE };

/* Which bytes of a case that runs between the shortened pods may have taken the shortcut. */
enum expectation {
	/* Some did, and nothing sent it back for good. */
	EXPECT_SHORTENED,
	/* Some did, but none after the case's mark. */
	EXPECT_RETURNS,
	/* None did. */
	EXPECT_NEVER,
	/* None did after the case's mark, if any before. */
	EXPECT_AVOIDED,
	/* Either way is right. */
	EXPECT_EITHER,
};

/* One socket and what was sent and received on it so far. */
struct end {
	const char *name;
	int fd;
	struct end *peer;
	uint64_t sent;
	uint64_t received;
	enum watcher watcher;
	int epoll;
	/* WATCH_EDGE: told ready, and not found otherwise since. */
	short known;
};

struct setup {
	enum family family;
	enum watcher watcher;
	bool blocking_client;
	bool blocking_listener;
	bool blocking_server;
	/* No bytes each way before the case begins. */
	bool silent;
	/* Both ends in the server's pod, over its loopback interface. */
	bool loopback;
	/* The body opens the connection itself. */
	bool manual;
	/* IPPROTO_MPTCP for the listener, and for the client. */
	bool multipath_listener;
	bool multipath_client;
	/* Options of the sockets before connect() and listen(). */
	void (*prepare)(int fd, bool client);
};

#define BLOCKING .blocking_client = true, .blocking_listener = true, .blocking_server = true

struct connection {
	const struct setup *setup;
	struct sockaddr_storage address;
	socklen_t address_size;
	int listener;
	struct end client;
	struct end server;
};

struct test {
	const char *name;
	/* One row of the documentation; cases of one behaviour share it. */
	const char *behaviour;
	enum expectation expectation;
	struct setup setup;
	void (*body)(struct connection *connection, const struct test *test);
	/* For bodies that serve many cases. */
	size_t size;
	int number;
};

struct options {
	const char *server_netns;
	const char *server_address[2];
	const char *counters;
	const char *filter;
	unsigned int repeat;
	bool list;
};

extern struct options options;
bool options_parse(int count, char **arguments);

/* trace.c */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Ends the case: this machine cannot run it. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Ends the case: its own preparations went wrong. */
void broken(const char *what) __attribute__((noreturn));
/* "recv(10): 10", or ": EAGAIN" for a negative result. */
void trace_result(const struct end *end, const char *call, ssize_t result, int error);
const char *error_name(int error);

/* pod.c */
void pods_open(void);
void pod_enter(bool client);
/* Where a server listens: its pod's address, or that of the loopback interface; port 0. */
socklen_t pod_address(const struct setup *setup, struct sockaddr_storage *address);

/* path.c */
void path_begin(void);
/* From here on bytes of this case should go over the stack. */
void path_mark(void);
const char *path_taken(void);

/* stream.c: byte i of what an end sends, so that every receiver can check. */
void stream_fill(const struct end *sender, uint64_t offset, uint8_t *bytes, size_t count);
bool stream_matches(const struct end *sender, uint64_t offset, const uint8_t *bytes,
		    size_t count);

/* connection.c */
int connection_socket(struct connection *connection, bool client);
void connection_listen(struct connection *connection);
/* A connection that lives and dies before the case: a listener's first teaches the datapath. */
void connection_warm_up(struct connection *connection);
void connection_connect(struct connection *connection);
void connection_accept(struct connection *connection);
void connection_greet(struct connection *connection);
void connection_open(struct connection *connection, const struct setup *setup);
void end_attach(struct end *end, int fd);

/* settle.c: waits without touching what is observed. */
/* Until the peer's kernel has every byte this end has sent. */
void settle(struct end *end);
void settle_state(struct end *end, int state);
int socket_state(int fd);
bool wait_until(bool (*condition)(void *), void *context, int milliseconds);
void sleep_ms(int milliseconds);

/* watch.c */
/* What the end's watcher says now, as POLL* bits. */
short watch_now(struct end *end);
short watch_wait(struct end *end, short events, int milliseconds);
void watch_open(struct end *end);
void step_poll(struct end *end);
/* Waits for the events first; says so if they do not come. */
void step_await(struct end *end, short events);
const char *event_names(short events, char *text, size_t size);

/* call.c: calls that move bytes. */
struct call {
	struct end *end;
	const char *text;
	ssize_t (*run)(struct call *call);
	size_t size;
	int flags;
	int other;
	uint8_t *bytes;
	ssize_t result;
	int error;
};

ssize_t call_now(struct call call);
ssize_t run_send(struct call *call);
ssize_t run_recv(struct call *call);
ssize_t run_splice_out(struct call *call);
void call_run(struct call *call);
void call_record(struct call *call);
/* Checks bytes that came in some other way than through a call, and says whether they are right. */
const char *check_received(struct end *end, const uint8_t *bytes, size_t count);

#define SEND(the_end, the_size, the_flags)                                                         \
	((struct call){ .end = (the_end), .text = "send(" #the_size ", " #the_flags ")",           \
			.run = run_send, .size = (the_size), .flags = (the_flags) })
#define RECV(the_end, the_size, the_flags)                                                         \
	((struct call){ .end = (the_end), .text = "recv(" #the_size ", " #the_flags ")",           \
			.run = run_recv, .size = (the_size), .flags = (the_flags) })
#define step_send(end, size) ((void)call_now(SEND(end, size, 0)))
#define step_recv(end, size) ((void)call_now(RECV(end, size, 0)))
#define step_send_flags(end, size, flags) ((void)call_now(SEND(end, size, flags)))
#define step_recv_flags(end, size, flags) ((void)call_now(RECV(end, size, flags)))

/* task.c: a call in a thread of its own. */
struct task;
struct task *task_begin(struct call call);
/* Waits until the thread sleeps in its call. */
void task_asleep(struct task *task);
void task_signal(struct task *task, int signal);
bool task_done(struct task *task);
void task_end(struct task *task);

/* step.c */
void step_shutdown(struct end *end, int how);
void step_close(struct end *end);
void step_reset(struct end *end);
void step_socket_error(struct end *end);
void step_option(struct end *end, const char *text, int level, int name, int value);
void step_get_option(struct end *end, const char *text, int level, int name);
#define STEP_SET(end, level, name, value) step_option(end, #name " " #value, level, name, value)
#define STEP_GET(end, level, name) step_get_option(end, #name, level, name)
void set_blocking(struct end *end, bool blocking);
bool is_blocking(const struct end *end);
/* Waits until the peer of a closed end has heard of it. */
void settle_gone(struct end *peer);
/* Fills everything between the ends; what is accepted is not written down. */
void step_fill(struct end *end);
/* Reads what the peer has sent so far. */
void step_drain(struct end *end);
/* Moves bytes while the other end reads, as the ends' watchers and flags allow. */
void step_transfer(struct end *from, size_t size);

/* The tables of cases. */
struct table {
	const struct test *tests;
	size_t count;
};

extern const struct table closing_table, handshake_table, flags_table, splice_table,
	options_table, blocking_table, blocking_calls_table, process_table, readiness_table, uring_table,
	protocol_table, buffer_table, urgent_table, segment_table, place_table;
#define TABLE(name) const struct table name##_table = { name##_tests, COUNT(name##_tests) }

/* exchange.c: the cases of one table are all combinations of its columns. */
size_t exchange_count(void);
void exchange_test(size_t index, struct test *test);

#endif /* COMPAT_H */
