// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <signal.h>
#include <sys/resource.h>

char payload[BUFFER_SIZE];

static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max < 300000 ? 300000 : limit.rlim_max;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		(void)getrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **arguments)
{
	struct options options;

	if (!options_parse(&options, count, arguments))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	switch (options.verb) {
	case VERB_SERVE:
		return run_serve(&options);
	case VERB_PING:
		return run_ping(&options);
	case VERB_STREAM:
		return run_stream(&options);
	case VERB_CONNECT:
		return run_connect(&options);
	case VERB_HOLD:
		return run_hold(&options);
	case VERB_HTTP:
		return run_http(&options);
	}
	return 2;
}
