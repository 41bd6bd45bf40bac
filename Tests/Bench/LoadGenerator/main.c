// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <signal.h>
#include <sys/resource.h>

#define FILES_WANTED 300000

char payload[BUFFER_SIZE];

/* To more than the hard limit where that is allowed, else to it. */
static void raise_file_limit(void)
{
	struct rlimit limit, more;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	more.rlim_max = limit.rlim_max < FILES_WANTED ? FILES_WANTED : limit.rlim_max;
	more.rlim_cur = more.rlim_max;
	if (!setrlimit(RLIMIT_NOFILE, &more))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
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
