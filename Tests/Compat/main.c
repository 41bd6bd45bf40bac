// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A case that takes longer hangs, s. */
#define DEADLINE 12

static const struct table *const tables[] = {
	&handshake_table, &closing_table, &readiness_table, &flags_table,    &splice_table,
	&urgent_table,	  &options_table, &segment_table,   &buffer_table,   &protocol_table,
	&place_table,	  &process_table, &uring_table,	    &blocking_table, &blocking_calls_table,
};

static const char *const expectations[] = { "shortened", "returns", "never", "avoided",
					    "either" };

/* What one case does after it is connected shall not be held against the next. */
static void become_a_program(void)
{
	char name[16];

	snprintf(name, sizeof(name), "compat-%d", (int)getpid());
	prctl(PR_SET_NAME, name);
}

/* Runs in a process of its own: its descriptors and signals go with it. */
static void run(const struct test *test)
{
	struct connection connection;

	alarm(DEADLINE);
	become_a_program();
	connection_open(&connection, &test->setup);
	test->body(&connection, test);
	printf("path %s\n", path_taken());
	fflush(stdout);
	_exit(0);
}

static void run_apart(const struct test *test)
{
	int status;
	pid_t child;

	printf("case %s\nbehaviour %s\nexpect %s\n", test->name, test->behaviour,
	       expectations[test->expectation]);
	fflush(stdout);
	child = fork();
	if (!child)
		run(test);
	if (child < 0 || waitpid(child, &status, 0) != child)
		broken("fork");
	if (WIFSIGNALED(status))
		trace("%s", WTERMSIG(status) == SIGALRM ? "hangs" : strsignal(WTERMSIG(status)));
}

static void consider(const struct test *test)
{
	if (options.filter && fnmatch(options.filter, test->name, 0))
		return;
	if (options.list) {
		puts(test->name);
		return;
	}
	for (unsigned int i = 0; i < options.repeat; i++)
		run_apart(test);
}

static void consider_all(void)
{
	struct test test;

	for (size_t i = 0; i < COUNT(tables); i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			consider(&tables[i]->tests[j]);
	for (size_t i = 0; i < exchange_count(); i++) {
		exchange_test(i, &test);
		consider(&test);
	}
}

int main(int count, char **arguments)
{
	if (!options_parse(count, arguments)) {
		fputs("compat: see --help\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	pods_open();
	consider_all();
	return 0;
}
