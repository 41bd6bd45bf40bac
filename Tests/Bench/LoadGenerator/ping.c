// SPDX-License-Identifier: Apache-2.0
/* One connection, one message under way: how long does it take? */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct samples {
	uint32_t *nanoseconds;
	size_t count;
	size_t room;
};

static char answer[BUFFER_SIZE];

static void record(struct samples *samples, uint64_t duration)
{
	if (samples->count == samples->room) {
		samples->room = samples->room ? samples->room * 2 : 1 << 20;
		samples->nanoseconds =
			realloc(samples->nanoseconds, samples->room * sizeof(uint32_t));
		if (!samples->nanoseconds)
			fault("allocate", "samples");
	}
	samples->nanoseconds[samples->count++] = (uint32_t)duration;
}

static int compare(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;

	return (a > b) - (a < b);
}

/* One way: half a round trip. */
static double quantile_us(const struct samples *samples, double share)
{
	return samples->nanoseconds[(size_t)(share * (double)(samples->count - 1))] / 2e3;
}

static void report(struct samples *samples)
{
	qsort(samples->nanoseconds, samples->count, sizeof(uint32_t), compare);
	printf("{\"messages\": %zu, \"p50_us\": %.3f, \"p99_us\": %.3f, \"p999_us\": %.3f}\n",
	       samples->count, quantile_us(samples, 0.5), quantile_us(samples, 0.99),
	       quantile_us(samples, 0.999));
}

int run_ping(const struct options *options)
{
	struct samples samples = { 0 };
	uint64_t start;
	int fd;

	warm_up(options, 0);
	fd = session_open(options, 0, SERVICE_ECHO);
	socket_no_delay(fd);
	expire_after(options->seconds);
	start = now();
	while (!expired()) {
		uint64_t end;

		send_all(fd, payload, options->size);
		receive_all(fd, answer, options->size);
		end = now();
		record(&samples, end - start);
		start = end;
	}
	close(fd);
	report(&samples);
	return 0;
}
