// SPDX-License-Identifier: Apache-2.0
/*
 * Many connections at once: opens them and says so; for each line on its standard input sends
 * messages over all of them in turn and reports; keeps them open until its standard input ends.
 */
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A connection joins once its first messages have been read. */
#define FIRST_MESSAGES 3

static char answer[BUFFER_SIZE];

/* With a reset: tens of thousands of ends in TIME_WAIT would be in the way of the next run. */
static void abort_all(const struct options *options, int *fds)
{
	struct linger at_once = { .l_onoff = 1 };

	for (unsigned int i = 0; i < options->connections; i++) {
		(void)setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fds[i]);
	}
	free(fds);
}

static void exchange(const struct options *options, int fd)
{
	send_all(fd, payload, options->size);
	receive_all(fd, answer, options->size);
}

static void open_one(const struct options *options, int *fd, unsigned int index)
{
	*fd = session_open(options, index % options->ports, SERVICE_ECHO);
	socket_no_delay(*fd);
	for (int i = 0; i < FIRST_MESSAGES; i++)
		exchange(options, *fd);
}

static double open_all(const struct options *options, int *fds)
{
	uint64_t start;

	for (unsigned int i = 0; i < options->ports; i++)
		warm_up(options, i);
	start = now();
	for (unsigned int i = 0; i < options->connections; i++)
		open_one(options, &fds[i], i);
	return (double)(now() - start) / 1e9;
}

static double messages_per_second(const struct options *options, const int *fds)
{
	uint64_t start = now();
	unsigned long count = 0;

	expire_after(options->seconds);
	while (!expired())
		exchange(options, fds[count++ % options->connections]);
	return (double)count / ((double)(now() - start) / 1e9);
}

static void report(const struct options *options, const int *fds)
{
	printf("{\"messages_per_s\": %.1f}\n", messages_per_second(options, fds));
	fflush(stdout);
}

int run_hold(const struct options *options)
{
	int *fds = calloc(options->connections, sizeof(*fds));
	double seconds;
	char byte;

	if (!fds)
		fault("allocate", "descriptors");
	seconds = open_all(options, fds);
	printf("{\"open_us\": %.3f}\n", seconds * 1e6 / options->connections);
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		if (byte == '\n')
			report(options, fds);
	abort_all(options, fds);
	return 0;
}
