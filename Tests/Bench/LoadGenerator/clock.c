// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "load.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* A signal ends a measurement: asking the clock for each small message would be measured, too. */
static volatile sig_atomic_t is_expired;

static void expire(int signal)
{
	(void)signal;
	is_expired = 1;
}

uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void expire_after(double seconds)
{
	struct itimerval timer = {
		.it_value.tv_sec = (time_t)seconds,
		.it_value.tv_usec = (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6),
		/* Again and again: the first may come just before a call that sleeps. */
		.it_interval.tv_usec = 10000,
	};
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = expire;
	sigaction(SIGALRM, &action, NULL);
	is_expired = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
}

bool expired(void)
{
	struct itimerval off = { 0 };

	if (!is_expired)
		return false;
	setitimer(ITIMER_REAL, &off, NULL);
	return true;
}
