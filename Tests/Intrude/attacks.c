// SPDX-License-Identifier: Apache-2.0
/* What a pod can try, and what came of it. */
#define _GNU_SOURCE
#include "intrude.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECRET 'S'
#define EVIL 'E'

static void hold_acknowledgements(const struct stage *stage, char action)
{
	char line[256];

	enter(&stage->server);
	snprintf(line, sizeof(line),
		 "iptables -w -%c INPUT -p tcp --dport %d --tcp-flags SYN,ACK,RST ACK -j DROP",
		 action, PORT);
	command(line);
}

static long occurrences(const char *text, long size, char byte)
{
	long found = 0;

	for (long i = 0; i < size; i++)
		found += text[i] == byte;
	return found;
}

/* Both ends and the attacker send for a while; who reads what? */
static void talk(struct outcome *outcome, int client, int server, int attacker)
{
	static char text[65536];
	long size;

	for (int round = 0; round < 100; round++) {
		send(server, (char[]){ SECRET }, 1, MSG_NOSIGNAL);
		send(client, (char[]){ SECRET }, 1, MSG_NOSIGNAL);
		send(attacker, (char[]){ EVIL }, 1, MSG_NOSIGNAL);
		usleep(10000);
		size = read_all(attacker, text, sizeof(text));
		outcome->stolen += occurrences(text, size, SECRET);
		size = read_all(server, text, sizeof(text));
		outcome->injected += occurrences(text, size, EVIL);
		outcome->intact += occurrences(text, size, SECRET);
		size = read_all(client, text, sizeof(text));
		outcome->injected += occurrences(text, size, EVIL);
		outcome->intact += occurrences(text, size, SECRET);
	}
}

/*
 * The client's acknowledgement is on its way: now the attacker has all the time it wants, and knows
 * both numbers.
 */
struct outcome impersonate(const struct stage *stage, const char *attack)
{
	__u64 before = count_pairs(stage->pins);
	struct outcome outcome = {};
	struct numbers numbers;
	int client, server, attacker;

	hold_acknowledgements(stage, 'A');
	enter(&stage->outside);
	client = connect_from(NULL, &stage->server_address);
	if (!wait_for(client, POLLOUT, 10000))
		fail("connect");
	numbers = find_request(stage->pins);
	attacker = !strcmp(attack, "repair") ?
			   forge_by_repair(stage, &numbers) :
			   forge_by_answer(stage, &numbers, !strcmp(attack, "choice"));
	hold_acknowledgements(stage, 'D');
	send(client, "h", 1, MSG_NOSIGNAL);
	server = accept_one(stage->listener);
	talk(&outcome, client, server, attacker);
	outcome.paired = count_pairs(stage->pins) - before;
	return outcome;
}

/* The attacker takes the addresses of both ends for its own, and talks to itself and to them. */
struct outcome spoof(const struct stage *stage)
{
	__u64 before = count_pairs(stage->pins);
	struct sockaddr_in from = stage->client_address;
	struct outcome outcome = {};
	int client, server, attacker, listener, own;
	char line[256], text[INET_ADDRSTRLEN];

	enter(&stage->client);
	client = connect_from(&from, &stage->server_address);
	server = accept_one(stage->listener);
	if (!exchanges(client, server))
		fail("exchange");
	enter(&stage->third);
	inet_ntop(AF_INET, &from.sin_addr, text, sizeof(text));
	snprintf(line, sizeof(line), "ip address add %s/32 dev lo", text);
	command(line);
	attacker = connect_from(&from, &stage->server_address);
	if (wait_for(attacker, POLLOUT, 1500) && send(attacker, "E", 1, MSG_NOSIGNAL) == 1)
		outcome.injected++;
	inet_ntop(AF_INET, &stage->server_address.sin_addr, text, sizeof(text));
	snprintf(line, sizeof(line), "ip address add %s/32 dev lo", text);
	command(line);
	listener = listen_on(&stage->server_address);
	own = connect_from(NULL, &stage->server_address);
	attacker = accept_one(listener);
	if (!exchanges(own, attacker))
		fail("exchange");
	talk(&outcome, client, server, attacker);
	/* The two of the pods are one pair. */
	outcome.paired = count_pairs(stage->pins) - before - 1;
	return outcome;
}

/* Ends that are gone left bytes unread; who has their port now must not get them. */
struct outcome reuse(const struct stage *stage)
{
	struct sockaddr_in from = stage->client_address;
	struct outcome outcome = {};
	static char text[65536];
	int client, server, other;

	from.sin_port = htons(50000);
	enter(&stage->server);
	other = listen_on(&stage->server_address);
	for (int round = 0; round < 200; round++) {
		enter(&stage->client);
		client = connect_from(&from, &stage->server_address);
		while (!wait_for(stage->listener, POLLIN, 5) && !wait_for(other, POLLIN, 5))
			if (wait_for(client, POLLERR, 0))
				fail("connect");
		server = accept_one(wait_for(stage->listener, POLLIN, 0) ? stage->listener : other);
		usleep(2000);
		long size = read_all(server, text, sizeof(text));
		size += read_all(client, text + size, sizeof(text) - size);
		outcome.stolen += size;
		outcome.intact += exchanges(client, server);
		for (int i = 0; i < 5; i++) {
			send(client, (char[]){ SECRET }, 1, MSG_NOSIGNAL);
			send(server, (char[]){ SECRET }, 1, MSG_NOSIGNAL);
		}
		reset(round % 2 ? client : server);
		reset(round % 2 ? server : client);
	}
	close(other);
	return outcome;
}
