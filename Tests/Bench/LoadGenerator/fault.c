// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fault(const char *operation, const char *subject)
{
	int code = errno;

	fprintf(stderr, "load-generator: %s %s: %s (errno %d)\n", operation, subject,
		strerror(code), code);
	exit(1);
}
