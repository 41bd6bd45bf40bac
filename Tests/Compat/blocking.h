/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets that block. A kernel whose sockhash a socket is in ends their recv() in ways of its own,
 * so they must not be in one; however they came to be blocking.
 */
#ifndef COMPAT_BLOCKING_H
#define COMPAT_BLOCKING_H

#include "compat.h"

/* How an end came to be blocking: the column of each case. */
enum origin {
	/* Both ends always were. */
	ORIGIN_ALWAYS,
	/* Non-blocking for connect() alone, as for a connect with a timeout. */
	ORIGIN_AFTER_CONNECT,
	/* Accepted blocking from a non-blocking listener, as accept() does on Linux. */
	ORIGIN_ACCEPTED,
	/* Both were non-blocking until the case begins. */
	ORIGIN_LATE,
	/* The same, and both have sent and received since. */
	ORIGIN_SETTLED,
};

/* Makes the ends what the case's origin says; returns the one that reads with blocking calls. */
struct end *blocking_prepare(struct connection *connection, const struct test *test);

#define ONE(name, suffix, behaviour, expectation, body, origin, ...)                               \
	{ "blocking/" name "-" suffix, "blocking: " behaviour, expectation, __VA_ARGS__, body, 0,  \
	  origin }
#define ALL(name, behaviour, body)                                                                 \
	ONE(name, "always", behaviour, EXPECT_NEVER, body, ORIGIN_ALWAYS, { BLOCKING }),           \
	ONE(name, "after-connect", behaviour, EXPECT_AVOIDED, body, ORIGIN_AFTER_CONNECT,          \
	    { .manual = true }),                                                                   \
	ONE(name, "accepted", behaviour, EXPECT_AVOIDED, body, ORIGIN_ACCEPTED,                    \
	    { .blocking_server = true }),                                                          \
	ONE(name, "late", behaviour, EXPECT_AVOIDED, body, ORIGIN_LATE, {}),                       \
	ONE(name, "settled", behaviour, EXPECT_AVOIDED, body, ORIGIN_SETTLED, {})

#endif /* COMPAT_BLOCKING_H */
