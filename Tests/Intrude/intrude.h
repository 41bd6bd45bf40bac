/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the attack on a connection share. */
#ifndef INTRUDE_H
#define INTRUDE_H

#include <linux/types.h>
#include <netinet/in.h>
#include <stdbool.h>

#define PORT 7000

/* Both next sequence numbers of a handshake, in host byte order. */
struct numbers {
	__u32 client_next;
	__u32 server_next;
};

/* Whose sockets are made from now on: a network namespace and a cgroup. */
struct place {
	const char *netns;
	const char *cgroup;
};

/* What the attack is about, and where the road has it. */
struct stage {
	struct sockaddr_in server_address;
	/* Pod of the attacker, registered like any other. */
	struct sockaddr_in third_address;
	/* A registered pod whose address the attacker pretends to have. */
	struct sockaddr_in client_address;
	struct place server;
	struct place third;
	struct place client;
	/* A process of the node, which the datapath does not see. */
	struct place outside;
	const char *pins;
	int listener;
};

/* Bytes that went where they should not, and where they should; and pairs that should not be. */
struct outcome {
	long stolen;
	long injected;
	long intact;
	unsigned long long paired;
};

__attribute__((noreturn)) void fail(const char *what);
void enter(const struct place *place);
/* Runs a command line of the shell in the present place; its failure ends the program. */
void command(const char *line);

/* pins.c: what the datapath has written down. */
__u64 count_pairs(const char *pins);
struct numbers find_request(const char *pins);

/* sockets.c: sockets that never block. */
int open_socket(void);
int listen_on(const struct sockaddr_in *address);
int connect_from(const struct sockaddr_in *source, const struct sockaddr_in *target);
int accept_one(int listener);
bool wait_for(int socket, short events, int milliseconds);
/* All that can be read now; at most so much is kept. */
long read_all(int socket, char *text, long size);
bool exchanges(int one, int other);
void reset(int socket);

/* forge.c: sockets of the attacker. */
/* Established by decree, with numbers of one's choice. */
int forge_by_repair(const struct stage *stage, const struct numbers *numbers);
/* Established by a forged answer; the own number is the kernel's unless it is chosen. */
int forge_by_answer(const struct stage *stage, const struct numbers *numbers, bool chooses);

/* attacks.c */
struct outcome impersonate(const struct stage *stage, const char *attack);
struct outcome spoof(const struct stage *stage);
struct outcome reuse(const struct stage *stage);

#endif /* INTRUDE_H */
