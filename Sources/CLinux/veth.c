// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"
#include "closing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_SIZE 512

struct request {
	struct nlmsghdr head;
	struct ifinfomsg interface;
	char attributes[REQUEST_SIZE];
};

static struct rtattr *add(struct request *request, unsigned short type, const void *data,
			  size_t size)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)request + NLMSG_ALIGN(request->head.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	request->head.nlmsg_len =
		NLMSG_ALIGN(request->head.nlmsg_len) + (unsigned int)RTA_ALIGN(attribute->rta_len);
	return attribute;
}

/* What was added since belongs to this attribute. */
static void end(struct request *request, struct rtattr *attribute)
{
	char *tail = (char *)request + request->head.nlmsg_len;

	attribute->rta_len = (unsigned short)(tail - (char *)attribute);
}

static void fill(struct request *request, const char *name, const char *peer, int peer_namespace)
{
	struct ifinfomsg blank = { 0 };
	struct rtattr *link, *data, *other;

	request->head.nlmsg_len = NLMSG_LENGTH(sizeof(request->interface));
	request->head.nlmsg_type = RTM_NEWLINK;
	request->head.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
	add(request, IFLA_IFNAME, name, strlen(name) + 1);
	link = add(request, IFLA_LINKINFO, NULL, 0);
	add(request, IFLA_INFO_KIND, "veth", 4);
	data = add(request, IFLA_INFO_DATA, NULL, 0);
	other = add(request, VETH_INFO_PEER, &blank, sizeof(blank));
	add(request, IFLA_IFNAME, peer, strlen(peer) + 1);
	add(request, IFLA_NET_NS_FD, &peer_namespace, sizeof(peer_namespace));
	end(request, other);
	end(request, data);
	end(request, link);
}

static int acknowledged(int fd)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[REQUEST_SIZE + 256];
	} answer;
	ssize_t count = recv(fd, &answer, sizeof(answer), 0);

	if (count == -1)
		return -1;
	if (count < (ssize_t)NLMSG_LENGTH(sizeof(answer.error)) ||
	    answer.head.nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		return -1;
	}
	errno = -answer.error.error;
	return answer.error.error ? -1 : 0;
}

int clinux_veth_create(const char *name, const char *peer, int peer_namespace)
{
	struct request request = { 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd == -1)
		return -1;
	fill(&request, name, peer, peer_namespace);
	if (send(fd, &request, request.head.nlmsg_len, 0) == -1)
		return close_keeping_errno(fd, -1);
	return close_keeping_errno(fd, acknowledged(fd));
}

static struct ifreq request_with(const char *name, uint32_t address)
{
	struct ifreq request = { 0 };
	struct sockaddr_in *target = (struct sockaddr_in *)&request.ifr_addr;

	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	target->sin_family = AF_INET;
	memcpy(&target->sin_addr, &address, sizeof(address));
	return request;
}

static int set_up(int fd, const char *name, const uint8_t *address)
{
	struct ifreq own, mask = request_with(name, htonl(0xffffff00)), flags = { 0 };
	uint32_t bytes;

	memcpy(&bytes, address, sizeof(bytes));
	own = request_with(name, bytes);
	strncpy(flags.ifr_name, name, IFNAMSIZ - 1);
	flags.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFADDR, &own) == -1 || ioctl(fd, SIOCSIFNETMASK, &mask) == -1)
		return -1;
	return ioctl(fd, SIOCSIFFLAGS, &flags);
}

int clinux_interface_up(const char *name, const uint8_t *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	return close_keeping_errno(fd, set_up(fd, name, address));
}
