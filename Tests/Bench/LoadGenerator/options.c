// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum choice {
	ADDRESS = 256, PORT, PORTS, SIZE, SECONDS, PARALLEL, CONNECTIONS, PATH, NO_DELAY, REFUSE
};

static const struct option names[] = {
	{ "address", required_argument, NULL, ADDRESS },
	{ "port", required_argument, NULL, PORT },
	{ "ports", required_argument, NULL, PORTS },
	{ "size", required_argument, NULL, SIZE },
	{ "seconds", required_argument, NULL, SECONDS },
	{ "parallel", required_argument, NULL, PARALLEL },
	{ "connections", required_argument, NULL, CONNECTIONS },
	{ "path", required_argument, NULL, PATH },
	{ "no-delay", no_argument, NULL, NO_DELAY },
	{ "close", no_argument, NULL, REFUSE },
	{ NULL, 0, NULL, 0 },
};

static const char *const verbs[] = { "serve", "ping", "stream", "connect", "hold", "http" };

static const char usage[] =
	"usage: load-generator serve --address ADDRESS --port PORT [--ports N] [--close]\n"
	"       load-generator ping|stream --address ADDRESS --port PORT [--size BYTES]\n"
	"                      [--seconds T] [--no-delay]\n"
	"       load-generator connect --address ADDRESS --port PORT [--ports N] [--size BYTES]\n"
	"                      [--seconds T] [--parallel K]\n"
	"       load-generator hold --address ADDRESS --port PORT [--ports N] [--size BYTES]\n"
	"                      [--seconds T] [--connections N]\n"
	"       load-generator http --address ADDRESS --port PORT [--seconds T] [--parallel K]\n"
	"                      [--path PATH]\n"
	"serve     answers all others until SIGTERM; prints `ready` when it listens\n"
	"ping      one message there and back at a time: quantiles of half a round trip\n"
	"stream    messages one way: bytes per second, the last byte confirmed\n"
	"connect   connections that live for one request (with --size 0: for none, the server\n"
	"          then needs --close): connections per second\n"
	"hold      opens N connections and reports; for each line on its standard input sends\n"
	"          messages over all in turn and reports; keeps them open until that ends\n"
	"http      requests to a web server over K kept-alive connections: requests per second\n"
	"ADDRESS is an IPv4 or IPv6 address or unix:PATH (PATH.0, PATH.1... for the ports). Every result is one line of JSON.\n"
	"  --size BYTES      of a message (64)\n"
	"  --seconds T       how long to measure (1)\n"
	"  --parallel K      connections at once (16)\n"
	"  --connections N   to hold (1)\n"
	"  --ports N         ports from PORT on (1)\n"
	"  --path PATH       of the page that is requested (/)\n"
	"  --no-delay        TCP_NODELAY on the client's socket\n";

static bool misuse(const char *what, const char *value)
{
	fprintf(stderr, "load-generator: %s: %s\n%s", what, value, usage);
	return false;
}

static bool set_verb(struct options *options, const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(name, verbs[i])) {
			options->verb = (enum verb)i;
			return true;
		}
	return misuse("unknown verb", name);
}

static bool to_number(const char *text, unsigned long most, unsigned long *number)
{
	char *end;

	*number = strtoul(text, &end, 10);
	return *text && !*end && *number <= most;
}

static bool set_number(struct options *options, int option, const char *value)
{
	unsigned long number;

	if (!to_number(value, option == SIZE ? BUFFER_SIZE : 1000000, &number))
		return misuse("not a number in range", value);
	switch (option) {
	case PORT:
		options->port = (uint16_t)number;
		break;
	case PORTS:
		options->ports = (unsigned int)number;
		break;
	case SIZE:
		options->size = (uint32_t)number;
		break;
	case PARALLEL:
		options->parallel = (unsigned int)number;
		break;
	case CONNECTIONS:
		options->connections = (unsigned int)number;
		break;
	}
	return true;
}

static bool set_option(struct options *options, int option, const char *value)
{
	switch (option) {
	case ADDRESS:
		options->address = value;
		return true;
	case PATH:
		options->path = value;
		return (*value == '/' && strlen(value) < PATH_SIZE) || misuse("not a path", value);
	case SECONDS:
		options->seconds = atof(value);
		return options->seconds > 0 || misuse("not a time", value);
	case NO_DELAY:
		return options->no_delay = true;
	case REFUSE:
		return options->refuse = true;
	case '?':
		return misuse("unknown option or missing value", "see above");
	}
	return set_number(options, option, value);
}

static bool is_sound(const struct options *options)
{
	if (!options->address)
		return misuse("missing", "--address");
	if (!options->ports || options->ports > PORTS_MAX || !options->parallel ||
	    !options->connections)
		return misuse("out of range", "--ports, --parallel or --connections");
	if (options->verb == VERB_CONNECT ? options->size && options->size < sizeof(struct hello) :
					    !options->size)
		return misuse("too small", "--size");
	return true;
}

bool options_parse(struct options *options, int count, char **arguments)
{
	int option;

	*options = (struct options){ .ports = 1, .size = 64, .seconds = 1, .parallel = 16,
				     .connections = 1, .path = "/" };
	if (count < 2)
		return misuse("missing", "verb");
	if (!strcmp(arguments[1], "--help")) {
		printf("%s", usage);
		exit(0);
	}
	if (!set_verb(options, arguments[1]))
		return false;
	optind = 2;
	while ((option = getopt_long(count, arguments, "", names, NULL)) != -1)
		if (!set_option(options, option, optarg))
			return false;
	return is_sound(options);
}
