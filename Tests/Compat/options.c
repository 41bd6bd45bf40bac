// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct options options = { .server_address = { "127.0.0.1", "::1" }, .repeat = 1 };

static const char usage[] =
	"usage: compat [OPTION]...\n"
	"Runs each case over a TCP connection from this network namespace to a server's, and prints\n"
	"what the program was told at each step.\n\n"
	"--server-netns FILE   network namespace of the server (default: this one)\n"
	"--server4 ADDRESS     its IPv4 address (default 127.0.0.1)\n"
	"--server6 ADDRESS     its IPv6 address (default ::1)\n"
	"--counters FILE       pinned counters of the datapath: tells which cases were shortened\n"
	"--filter PATTERN      only the cases whose names match, as in a shell\n"
	"--repeat N            each case N times\n"
	"--list                prints the names of the cases\n";

static const struct option long_options[] = {
	{ "server-netns", required_argument, NULL, 'n' }, { "server4", required_argument, NULL, '4' },
	{ "server6", required_argument, NULL, '6' },	  { "counters", required_argument, NULL, 'c' },
	{ "filter", required_argument, NULL, 'f' },	  { "repeat", required_argument, NULL, 'r' },
	{ "list", no_argument, NULL, 'l' },		  { "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool option_take(int option)
{
	switch (option) {
	case 'n':
		options.server_netns = optarg;
		return true;
	case '4':
		options.server_address[0] = optarg;
		return true;
	case '6':
		options.server_address[1] = optarg;
		return true;
	case 'c':
		options.counters = optarg;
		return true;
	case 'f':
		options.filter = optarg;
		return true;
	case 'r':
		options.repeat = strtoul(optarg, NULL, 10);
		return options.repeat > 0;
	case 'l':
		options.list = true;
		return true;
	}
	return false;
}

bool options_parse(int count, char **arguments)
{
	int option;

	while ((option = getopt_long(count, arguments, "h", long_options, NULL)) >= 0) {
		if (option == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (!option_take(option))
			return false;
	}
	return optind == count;
}
