/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLINUX_CLOSING_H
#define CLINUX_CLOSING_H

#include <errno.h>
#include <unistd.h>

/* Closes without losing the errno of what came before; returns what that returned. */
static inline int close_keeping_errno(int fd, int result)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return result;
}

#endif
