// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIVE_MAXIMUM 1024
#define RETRIES 250

static struct totals totals;
static const struct options *run_options;
static _Atomic uint64_t next_number;
static pthread_mutex_t live_lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection *live[LIVE_MAXIMUM];
static unsigned int live_count;

static void *reader(void *argument)
{
	struct connection *connection = argument;

	while (!connection->failed && !connection->ended) {
		uint64_t now = now_us();

		if (now < connection->read_at)
			usleep((useconds_t)(connection->read_at - now));
		else
			connection_read(connection, now);
	}
	return NULL;
}

static void write_all(struct connection *connection)
{
	while (!connection->failed && !connection->finished) {
		uint64_t now = now_us();

		if (now < connection->write_at ||
		    connection_write(connection, now) == STEP_WAIT)
			if (connection_finish(connection, now) != STEP_DONE)
				usleep(100);
	}
}

static void live_add(struct connection *connection)
{
	pthread_mutex_lock(&live_lock);
	if (live_count == LIVE_MAXIMUM)
		abort();
	live[live_count++] = connection;
	pthread_mutex_unlock(&live_lock);
}

static void live_remove(const struct connection *connection)
{
	pthread_mutex_lock(&live_lock);
	for (unsigned int i = 0; i < live_count; i++)
		if (live[i] == connection)
			live[i] = live[--live_count];
	pthread_mutex_unlock(&live_lock);
}

/* The writer runs in the caller's thread, the reader in one of its own. */
static void run_connection(struct connection *connection)
{
	pthread_t thread;

	live_add(connection);
	if (pthread_create(&thread, NULL, reader, connection))
		abort();
	write_all(connection);
	if (connection->failed)
		shutdown(connection->fd, SHUT_RDWR);
	pthread_join(thread, NULL);
	live_remove(connection);
	totals.completed += !connection->failed;
	close(connection->fd);
	free(connection);
}

static struct connection *make_connection(int fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		abort();
	connection->fd = fd;
	connection->options = run_options;
	connection->totals = &totals;
	return connection;
}

/* As programs connect that want a timeout: without blocking, which comes back afterwards. */
static int connect_late(void)
{
	int fd = socket_connect(run_options, SOCK_NONBLOCK);
	struct pollfd connecting = { .fd = fd, .events = POLLOUT };
	int error = 0;

	if (fd < 0)
		return -1;
	if (poll(&connecting, 1, 5000) == 1 && !(error = socket_error(fd)) &&
	    !fcntl(fd, F_SETFL, 0))
		return fd;
	close(fd);
	errno = error ? error : ETIMEDOUT;
	return -1;
}

static int connect_once(void)
{
	return run_options->late ? connect_late() : socket_connect(run_options, 0);
}

static int dial(void)
{
	int fd = connect_once();

	for (int i = 0; i < RETRIES && fd < 0 && errno == ECONNREFUSED && !totals.completed; i++) {
		usleep(20000);
		fd = connect_once();
	}
	return fd;
}

static void *client_worker(void *argument)
{
	(void)argument;
	for (;;) {
		uint64_t number = next_number++;
		struct connection *connection;
		int fd;

		if (number >= run_options->connections || stopping)
			return NULL;
		fd = dial();
		if (fd < 0) {
			perror("torture: connect");
			totals.failures++;
			return NULL;
		}
		connection = make_connection(fd);
		connection_open_client(connection, run_options->first_id + number);
		run_connection(connection);
	}
}

static void *server_worker(void *argument)
{
	run_connection(argument);
	return NULL;
}

/* A thread blocked in the kernel cannot see that it hangs: this one looks. */
static void *watchdog(void *argument)
{
	(void)argument;
	for (;;) {
		usleep(200000);
		pthread_mutex_lock(&live_lock);
		for (unsigned int i = 0; i < live_count; i++)
			if (!live[i]->failed && connection_late(live[i], now_us()))
				shutdown(live[i]->fd, SHUT_RDWR);
		pthread_mutex_unlock(&live_lock);
	}
	return NULL;
}

static void run_client(void)
{
	pthread_t threads[256];

	for (unsigned int i = 0; i < run_options->parallel; i++)
		if (pthread_create(&threads[i], NULL, client_worker, NULL))
			abort();
	for (unsigned int i = 0; i < run_options->parallel; i++)
		pthread_join(threads[i], NULL);
}

static void accept_one(int listener)
{
	struct connection *connection;
	pthread_t thread;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	connection = make_connection(fd);
	connection_open_server(connection, totals.connections);
	if (pthread_create(&thread, NULL, server_worker, connection))
		abort();
	pthread_detach(thread);
}

static bool server_over(uint64_t *last_activity)
{
	uint64_t wanted = run_options->connections;
	double idle;

	if (totals.completed + totals.failures < totals.connections) {
		*last_activity = now_us();
		return false;
	}
	idle = (double)(now_us() - *last_activity) / 1e6;
	if (stopping || (wanted && totals.connections >= wanted))
		return true;
	if (idle < run_options->idle)
		return false;
	fprintf(stderr, "torture server: no connection for %.0f s\n", idle);
	totals.failures++;
	return true;
}

static bool run_server(void)
{
	uint64_t last_activity = now_us();
	struct pollfd listener = { .fd = socket_listen(run_options, 0), .events = POLLIN };

	if (listener.fd < 0) {
		perror("torture: listen");
		return false;
	}
	while (!server_over(&last_activity))
		if (poll(&listener, 1, 50) > 0)
			accept_one(listener.fd);
	return true;
}

int run_blocking(const struct options *options)
{
	bool server = options->mode == MODE_SERVE;
	pthread_t thread;

	run_options = options;
	totals.started = now_us();
	if (pthread_create(&thread, NULL, watchdog, NULL))
		abort();
	if (!server)
		run_client();
	else if (!run_server())
		return 1;
	totals_print(&totals, server ? "server" : "client", options->seed);
	return totals.failures != 0;
}
