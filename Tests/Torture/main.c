// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <signal.h>
#include <string.h>

_Atomic bool stopping;

static void stop(int signal)
{
	(void)signal;
	stopping = true;
}

static void install_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = stop;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(int count, char **arguments)
{
	struct options options;

	if (!options_parse(&options, count, arguments))
		return 2;
	install_signals();
	switch (options.mode) {
	case MODE_STALL_READER:
		return run_stall_reader(&options);
	case MODE_STALL_SENDER:
		return run_stall_sender(&options);
	default:
		return options.blocking ? run_blocking(&options) : run_nonblocking(&options);
	}
}
