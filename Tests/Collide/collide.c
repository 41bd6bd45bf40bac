// SPDX-License-Identifier: Apache-2.0
/*
 * Opens the same connection in two networks at the same instant, many times: equal addresses,
 * mostly equal ports, and now and then equal sequence numbers, which the kernel derives from those
 * and a clock of 64 ns. Each network's byte must arrive in that network. Clients of the second one
 * may be made in another cgroup, which no datapath sees: so are those of a raw socket.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 7000

struct meeting {
	atomic_int arrived[2];
	atomic_int wrong;
	atomic_int equal_ports;
	atomic_int port[2];
};

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void enter(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file == -1 || setns(file, CLONE_NEWNET) == -1)
		fail(path);
	close(file);
}

/* What this process makes from now on belongs to another cgroup. */
static void move(const char *procs)
{
	int file = open(procs, O_WRONLY | O_CLOEXEC);

	if (file == -1 || write(file, "0", 1) != 1)
		fail(procs);
	close(file);
}

/* Both processes leave within some nanoseconds of each other; false if the other one is gone. */
static int meet(struct meeting *meeting, int self, int round)
{
	atomic_store(&meeting->arrived[self], round);
	for (long spins = 0; atomic_load(&meeting->arrived[!self]) < round; spins++)
		if (spins > 2000000000L)
			return 0;
	return 1;
}

static int wait_for(int socket, short events)
{
	struct pollfd request = { .fd = socket, .events = events };

	return poll(&request, 1, 1000) == 1;
}

static int listen_at(const struct sockaddr_in *address)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int one = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (const struct sockaddr *)address, sizeof(*address)) == -1 ||
	    listen(listener, 128) == -1)
		fail("listen");
	return listener;
}

static int arrives(int from, int to, char byte)
{
	char got = 0;

	if (!wait_for(from, POLLOUT) || send(from, &byte, 1, MSG_NOSIGNAL) != 1)
		return 0;
	return wait_for(to, POLLIN) && recv(to, &got, 1, 0) == 1 && got == byte;
}

static void note_port(struct meeting *meeting, int self, int client)
{
	struct sockaddr_in local;
	socklen_t length = sizeof(local);

	if (!getsockname(client, (struct sockaddr *)&local, &length))
		atomic_store(&meeting->port[self], local.sin_port);
}

/* Without TIME_WAIT, so that ports do not run out. */
static void reset(int socket)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(socket);
}

static int run_round(struct meeting *meeting, int self, int round, int listener,
		     const struct sockaddr_in *address)
{
	int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	char byte = self ? 'b' : 'a';
	int server;

	if (!meet(meeting, self, round * 2 - 1))
		return 0;
	connect(client, (const struct sockaddr *)address, sizeof(*address));
	wait_for(listener, POLLIN);
	server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	note_port(meeting, self, client);
	if (server == -1 || !arrives(client, server, byte) || !arrives(client, server, byte) ||
	    !arrives(server, client, byte))
		atomic_fetch_add(&meeting->wrong, 1);
	if (!meet(meeting, self, round * 2))
		return 0;
	if (!self && atomic_load(&meeting->port[0]) == atomic_load(&meeting->port[1]))
		atomic_fetch_add(&meeting->equal_ports, 1);
	reset(client);
	close(server);
	return 1;
}

static void run(struct meeting *meeting, int self, int rounds, const char *address, char **paths,
		const char *procs)
{
	struct sockaddr_in target = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	cpu_set_t processor;
	int listener;

	CPU_ZERO(&processor);
	CPU_SET(self, &processor);
	sched_setaffinity(0, sizeof(processor), &processor);
	inet_pton(AF_INET, address, &target.sin_addr);
	enter(paths[1]);
	listener = listen_at(&target);
	enter(paths[0]);
	if (procs)
		move(procs);
	for (int round = 1; round <= rounds; round++)
		if (!run_round(meeting, self, round, listener, &target))
			exit(3);
	exit(0);
}

int main(int count, char **arguments)
{
	struct meeting *meeting = mmap(NULL, sizeof(*meeting), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, failed = 0;

	if ((count != 7 && count != 8) || meeting == MAP_FAILED) {
		fprintf(stderr, "usage: collide ROUNDS SERVER-ADDRESS CLIENT-NETNS SERVER-NETNS "
				"CLIENT-NETNS SERVER-NETNS [SECOND-CLIENTS-CGROUP-PROCS]\n");
		return 2;
	}
	for (int self = 0; self < 2; self++)
		if (fork() == 0)
			run(meeting, self, atoi(arguments[1]), arguments[2],
			    arguments + 3 + 2 * self, self && count == 8 ? arguments[7] : NULL);
	while (wait(&status) > 0)
		failed |= status;
	printf("{\"rounds\":%s,\"equal_ports\":%d,\"wrong\":%d}\n", arguments[1],
	       atomic_load(&meeting->equal_ports), atomic_load(&meeting->wrong));
	return failed || atomic_load(&meeting->wrong) ? 1 : 0;
}
