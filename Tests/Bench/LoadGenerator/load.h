/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load generator for two ends on one machine: ping-pong, one-way streams and short connections
 * over TCP or AF_UNIX. All its sockets are non-blocking, from before connect() on.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define BUFFER_SIZE (1024 * 1024)
#define PORTS_MAX 64
#define PATH_SIZE 256

enum verb {
	VERB_SERVE,
	VERB_PING,
	VERB_STREAM,
	VERB_CONNECT,
	VERB_HOLD,
	VERB_HTTP,
};

struct options {
	enum verb verb;
	/* An IPv4 or IPv6 address, or unix:PATH: then PATH.0, PATH.1... take the place of ports. */
	const char *address;
	uint16_t port;
	/* This many ports from the first on; connections are spread over them. */
	unsigned int ports;
	uint32_t size;
	double seconds;
	unsigned int parallel;
	unsigned int connections;
	bool no_delay;
	/* http: what is requested. */
	const char *path;
	/* serve: close each connection as soon as it is accepted. */
	bool refuse;
};

/* What a client wants of the connection: the first bytes it sends. */
enum service {
	/* Each message of `size` bytes comes back. */
	SERVICE_ECHO = 'E',
	/* Bytes are discarded; after one that ends in STREAM_END, their number comes back. */
	SERVICE_SINK = 'S',
	/* One message of `size` bytes, these included, comes back; then the server closes. */
	SERVICE_ONCE = 'O',
};

#define STREAM_END 1

struct hello {
	uint8_t service;
	uint8_t pad[3];
	uint32_t size;
};

/* options.c */
bool options_parse(struct options *options, int count, char **arguments);

/* socket.c: every failure ends the program with a message. */
int socket_listen(const struct options *options, unsigned int port_index);
int socket_connect(const struct options *options, unsigned int port_index);
void socket_no_delay(int fd);
int socket_error(int fd);

/* wait.c */
int poller_make(void);
void poller_add(int poller, int fd, uint32_t events, void *data);
void poller_change(int poller, int fd, uint32_t events, void *data);
void wait_for(int fd, short events);
void send_all(int fd, const void *bytes, size_t size);
void receive_all(int fd, void *bytes, size_t size);

/* clock.c */
uint64_t now(void);
void expire_after(double seconds);
bool expired(void);

/* fault.c */
_Noreturn void fault(const char *operation, const char *subject);

/* session.c: a connection of a client that has said what it wants. */
int session_open(const struct options *options, unsigned int port_index, enum service service);
void warm_up(const struct options *options, unsigned int port_index);

int run_serve(const struct options *options);
int run_ping(const struct options *options);
int run_stream(const struct options *options);
int run_connect(const struct options *options);
int run_hold(const struct options *options);
int run_http(const struct options *options);

extern char payload[BUFFER_SIZE];

#endif /* LOAD_H */
