// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 512

/* One write each, so that nothing is lost of a case that is killed. */
static void line(const char *prefix, const char *format, va_list arguments)
{
	char text[LINE_SIZE];
	int used = snprintf(text, sizeof(text), "%s", prefix);

	vsnprintf(text + used, sizeof(text) - used - 1, format, arguments);
	strcat(text, "\n");
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(1);
}

void trace(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line("| ", format, arguments);
	va_end(arguments);
}

void skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line("skip ", format, arguments);
	va_end(arguments);
	_exit(0);
}

void broken(const char *what)
{
	trace("broken: %s: %s", what, error_name(errno));
	_exit(1);
}

const char *error_name(int error)
{
	const char *name = error ? strerrorname_np(error) : "0";

	return name ? name : "unknown error";
}

void trace_result(const struct end *end, const char *call, ssize_t result, int error)
{
	if (result < 0)
		trace("%s %s: %s", end->name, call, error_name(error));
	else
		trace("%s %s: %zd", end->name, call, result);
}
