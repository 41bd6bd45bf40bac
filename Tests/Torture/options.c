// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum choice { LISTEN = 256, TO, PORT, CONNECTIONS, FIRST_ID, PARALLEL, SEED, MAX_BYTES, RATE,
	      SECONDS, LOCKSTEP, DEADLINE, IDLE, CAP, WRITE_SIZE, HOLD, BLOCKING, CALM, CORRUPT,
	      RECEIVE_BUFFER, LATE };

static const struct option names[] = {
	{ "listen", required_argument, NULL, LISTEN },
	{ "to", required_argument, NULL, TO },
	{ "port", required_argument, NULL, PORT },
	{ "connections", required_argument, NULL, CONNECTIONS },
	{ "first-id", required_argument, NULL, FIRST_ID },
	{ "parallel", required_argument, NULL, PARALLEL },
	{ "seed", required_argument, NULL, SEED },
	{ "max-bytes", required_argument, NULL, MAX_BYTES },
	{ "rate", required_argument, NULL, RATE },
	{ "seconds", required_argument, NULL, SECONDS },
	{ "lockstep", required_argument, NULL, LOCKSTEP },
	{ "deadline", required_argument, NULL, DEADLINE },
	{ "idle", required_argument, NULL, IDLE },
	{ "cap", required_argument, NULL, CAP },
	{ "write-size", required_argument, NULL, WRITE_SIZE },
	{ "hold", required_argument, NULL, HOLD },
	{ "blocking", no_argument, NULL, BLOCKING },
	{ "late", no_argument, NULL, LATE },
	{ "calm", no_argument, NULL, CALM },
	{ "corrupt", required_argument, NULL, CORRUPT },
	{ "receive-buffer", required_argument, NULL, RECEIVE_BUFFER },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: torture serve --listen ADDRESS --port PORT [--connections N] [--seed S]\n"
	"       torture connect --to ADDRESS --port PORT [--connections N] [--parallel K] "
	"[--seed S]\n"
	"       torture stall --listen ADDRESS --port PORT | --to ADDRESS --port PORT\n"
	"serve, connect:\n"
	"  --max-bytes N     most bytes of one direction of a connection (1048576)\n"
	"  --rate N          bytes per second of each direction, for --seconds T (5):\n"
	"                    long-lived connections of even traffic\n"
	"  --lockstep N      turn-taking: each end waits for the other every N bytes\n"
	"  --first-id N      id of the first connection (0)\n"
	"  --calm            no pauses, large reads and writes\n"
	"  --blocking        blocking sockets, two threads for each connection\n"
	"  --late            with --blocking: blocking only once connected\n"
	"  --receive-buffer N  SO_RCVBUF of this end's sockets\n"
	"  --deadline T      seconds without progress that count as a hang (30)\n"
	"  --idle T          seconds without a connection after which serve gives up (60)\n"
	"  --corrupt swap|lose|flip|short|extra   falsify what is sent: the run must fail\n"
	"  serve without --seed takes clients of any seed; without --connections it ends at "
	"SIGTERM\n"
	"stall:\n"
	"  --cap N           bytes after which the sender stops trying to fill the road "
	"(536870912)\n"
	"  --write-size N    bytes of one write (16384)\n"
	"  --hold T          seconds the sender then waits before the reader may drain (0)\n";

static bool fault(const char *what, const char *value)
{
	fprintf(stderr, "torture: %s: %s\n%s", what, value, usage);
	return false;
}

static bool set_corruption(struct options *options, const char *name)
{
	static const char *const kinds[] = { "none", "swap", "lose", "flip", "short", "extra" };

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(name, kinds[i])) {
			options->corruption = (enum corruption)i;
			return true;
		}
	return fault("unknown corruption", name);
}

static uint64_t *number_of(struct options *options, int option)
{
	switch (option) {
	case CONNECTIONS:
		return &options->connections;
	case FIRST_ID:
		return &options->first_id;
	case SEED:
		options->any_seed = false;
		return &options->seed;
	case MAX_BYTES:
		return &options->max_bytes;
	case RATE:
		return &options->rate;
	case LOCKSTEP:
		return &options->quantum;
	case CAP:
		return &options->cap;
	case WRITE_SIZE:
		return &options->write_size;
	case RECEIVE_BUFFER:
		return &options->receive_buffer;
	}
	return NULL;
}

static double *duration_of(struct options *options, int option)
{
	switch (option) {
	case SECONDS:
		return &options->seconds;
	case DEADLINE:
		return &options->deadline;
	case IDLE:
		return &options->idle;
	case HOLD:
		return &options->hold;
	}
	return NULL;
}

static bool set_value(struct options *options, int option, const char *value)
{
	uint64_t *number = number_of(options, option);
	double *duration = duration_of(options, option);
	char *end;

	if (number)
		*number = strtoull(value, &end, 0);
	else if (duration)
		*duration = strtod(value, &end);
	else
		return fault("unknown option", value);
	return !*end || fault("not a number", value);
}

static bool set_option(struct options *options, int option, const char *value)
{
	switch (option) {
	case LISTEN:
	case TO:
		options->address = value;
		if (options->mode == MODE_STALL_READER && option == TO)
			options->mode = MODE_STALL_SENDER;
		return true;
	case PORT:
		options->port = (uint16_t)atoi(value);
		return true;
	case PARALLEL:
		options->parallel = (unsigned int)atoi(value);
		return true;
	case BLOCKING:
		return options->blocking = true;
	case LATE:
		return options->late = true;
	case CALM:
		return options->calm = true;
	case CORRUPT:
		return set_corruption(options, value);
	case '?':
		return false;
	}
	return set_value(options, option, value);
}

static bool set_mode(struct options *options, const char *name)
{
	if (!strcmp(name, "serve"))
		options->mode = MODE_SERVE;
	else if (!strcmp(name, "connect"))
		options->mode = MODE_CONNECT;
	else if (!strcmp(name, "stall"))
		options->mode = MODE_STALL_READER;
	else
		return fault("unknown mode", name);
	return true;
}

static bool set_address(struct options *options)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&options->socket_address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&options->socket_address;

	if (!options->address)
		return fault("missing", "--listen or --to");
	if (inet_pton(AF_INET, options->address, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(options->port);
		options->socket_address_size = sizeof(*four);
		return true;
	}
	if (inet_pton(AF_INET6, options->address, &six->sin6_addr) != 1)
		return fault("not an address", options->address);
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(options->port);
	options->socket_address_size = sizeof(*six);
	return true;
}

static void complete(struct options *options)
{
	if (options->mode == MODE_CONNECT && !options->connections)
		options->connections = options->parallel;
	if (!options->parallel || options->parallel > 256)
		options->parallel = 16;
	if (!options->write_size || options->write_size > BUFFER_SIZE)
		options->write_size = BUFFER_SIZE;
}

bool options_parse(struct options *options, int count, char **arguments)
{
	int option;

	*options = (struct options){ .parallel = 16, .any_seed = true, .max_bytes = 1 << 20,
				     .seconds = 5, .deadline = 30, .idle = 60,
				     .cap = 512ULL << 20, .write_size = 16384 };
	if (count < 2)
		return fault("missing", "mode");
	if (!set_mode(options, arguments[1]))
		return false;
	optind = 2;
	while ((option = getopt_long(count, arguments, "", names, NULL)) != -1)
		if (!set_option(options, option, optarg))
			return false;
	complete(options);
	return set_address(options);
}
