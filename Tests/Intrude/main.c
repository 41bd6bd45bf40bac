// SPDX-License-Identifier: Apache-2.0
/*
 * A third pod tries to get between two ends, or into the place of one of them. Of their bytes none
 * may reach it, of its bytes none may reach them, and nothing of it may be paired.
 */
#define _GNU_SOURCE
#include "intrude.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void fail(const char *what)
{
	fprintf(stderr, "intrude: %s: %s\n", what, strerror(errno));
	exit(2);
}

void enter(const struct place *place)
{
	int netns = open(place->netns, O_RDONLY | O_CLOEXEC);
	int procs = open(place->cgroup, O_WRONLY | O_CLOEXEC);

	if (netns == -1 || setns(netns, CLONE_NEWNET) == -1)
		fail(place->netns);
	if (procs == -1 || write(procs, "0", 1) != 1)
		fail(place->cgroup);
	close(netns);
	close(procs);
}

void command(const char *line)
{
	if (system(line) != 0)
		fail(line);
}

/* Pods that may pair do: else nothing would be tested. */
static void expect_honest_pairs(const struct stage *stage)
{
	__u64 before = count_pairs(stage->pins);

	for (int round = 0; round < 8; round++) {
		const struct place *place = round % 2 ? &stage->client : &stage->third;
		int client, server;

		enter(place);
		client = connect_from(NULL, &stage->server_address);
		server = accept_one(stage->listener);
		if (!exchanges(client, server))
			fail("exchange");
		close(client);
		wait_for(server, POLLIN, 5000);
		close(server);
	}
	if (count_pairs(stage->pins) < before + 4)
		fail("honest connections are not paired");
}

static struct sockaddr_in address(const char *text, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
		fail(text);
	return address;
}

static struct place place(const char *road, const char *netns, const char *cgroup)
{
	struct place place = {};

	if (asprintf((char **)&place.netns, "%s/netns/%s", road, netns) == -1 ||
	    asprintf((char **)&place.cgroup, "%s/cgroup.procs", cgroup) == -1)
		fail("place");
	return place;
}

static struct place pod(const char *road, const char *cgroup, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", cgroup, name);
	return place(road, name, path);
}

int main(int count, char **arguments)
{
	if (count != 9) {
		fprintf(stderr, "usage: intrude {repair|answer|choice|spoof|reuse} ROAD CGROUP "
				"OUTSIDE-CGROUP PINS SERVER THIRD CLIENT\n");
		return 2;
	}
	struct stage stage = {
		.server_address = address(arguments[6], PORT),
		.third_address = address(arguments[7], 0),
		.client_address = address(arguments[8], 0),
		.server = pod(arguments[2], arguments[3], "server"),
		.third = pod(arguments[2], arguments[3], "third"),
		.client = pod(arguments[2], arguments[3], "client"),
		.outside = place(arguments[2], "node", arguments[4]),
		.pins = arguments[5],
	};
	struct outcome outcome;

	enter(&stage.server);
	stage.listener = listen_on(&stage.server_address);
	expect_honest_pairs(&stage);
	if (!strcmp(arguments[1], "spoof"))
		outcome = spoof(&stage);
	else if (!strcmp(arguments[1], "reuse"))
		outcome = reuse(&stage);
	else
		outcome = impersonate(&stage, arguments[1]);
	printf("{\"stolen\":%ld,\"injected\":%ld,\"intact\":%ld,\"paired\":%llu}\n", outcome.stolen,
	       outcome.injected, outcome.intact, outcome.paired);
	return 0;
}
