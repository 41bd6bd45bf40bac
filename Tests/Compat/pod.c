// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static int client_netns;
static int server_netns;

/* The program is started inside the client's pod. */
void pods_open(void)
{
	client_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	server_netns = client_netns;
	if (options.server_netns)
		server_netns = open(options.server_netns, O_RDONLY | O_CLOEXEC);
	if (client_netns < 0 || server_netns < 0)
		broken("network namespaces");
}

void pod_enter(bool client)
{
	if (setns(client ? client_netns : server_netns, CLONE_NEWNET))
		broken("setns");
}

static socklen_t address_4(const char *text, struct sockaddr_storage *storage)
{
	struct sockaddr_in *address = (struct sockaddr_in *)storage;

	address->sin_family = AF_INET;
	if (inet_pton(AF_INET, text, &address->sin_addr) != 1)
		broken(text);
	return sizeof(*address);
}

static socklen_t address_6(const char *text, struct sockaddr_storage *storage)
{
	struct sockaddr_in6 *address = (struct sockaddr_in6 *)storage;

	address->sin6_family = AF_INET6;
	if (inet_pton(AF_INET6, text, &address->sin6_addr) != 1)
		broken(text);
	return sizeof(*address);
}

socklen_t pod_address(const struct setup *setup, struct sockaddr_storage *address)
{
	const char *v4 = setup->loopback ? "127.0.0.1" : options.server_address[0];
	const char *v6 = setup->loopback ? "::1" : options.server_address[1];
	char mapped[INET6_ADDRSTRLEN];

	memset(address, 0, sizeof(*address));
	if (setup->family == FAMILY_4)
		return address_4(v4, address);
	if (setup->family == FAMILY_6)
		return address_6(v6, address);
	snprintf(mapped, sizeof(mapped), "::ffff:%s", v4);
	return address_6(mapped, address);
}
