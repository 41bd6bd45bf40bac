// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define WARM_UP_MESSAGES 64
#define WARM_UP_SIZE 64

int session_open(const struct options *options, unsigned int port_index, enum service service)
{
	struct hello hello = { .service = (uint8_t)service, .size = options->size };
	int fd = socket_connect(options, port_index);

	wait_for(fd, POLLOUT);
	errno = socket_error(fd);
	if (errno)
		fault("connect to", options->address);
	send_all(fd, &hello, sizeof(hello));
	return fd;
}

/* What a datapath wants to know of a listener, it learns from its first connection. */
void warm_up(const struct options *options, unsigned int port_index)
{
	struct options small = *options;
	char answer[WARM_UP_SIZE];
	int fd;

	small.size = WARM_UP_SIZE;
	fd = session_open(&small, port_index, SERVICE_ECHO);
	for (int i = 0; i < WARM_UP_MESSAGES; i++) {
		send_all(fd, payload, sizeof(answer));
		receive_all(fd, answer, sizeof(answer));
	}
	close(fd);
}
