// SPDX-License-Identifier: Apache-2.0
#include "torture.h"

#define MAGIC 0x3165727574726f74ULL /* "torture1" */
#define TURNS_MAXIMUM 400
#define CALLS_ROUGHLY 400

static uint64_t checksum(const struct header *header)
{
	uint64_t sum = mix64(header->magic ^ header->seed);

	sum = mix64(sum ^ header->id);
	sum = mix64(sum ^ header->up_total);
	sum = mix64(sum ^ header->down_total);
	sum = mix64(sum ^ header->rate);
	sum = mix64(sum ^ header->quantum);
	return mix64(sum ^ header->calm);
}

bool header_valid(const struct header *header)
{
	return header->magic == MAGIC && header->checksum == checksum(header);
}

/* None, a few bytes, a few packets, or many: half of the connections move real amounts. */
static uint64_t payload_total(struct random *random, uint64_t maximum)
{
	switch (random_below(random, 8)) {
	case 0:
		return 0;
	case 1:
		return random_below(random, 64);
	case 2:
	case 3:
		return random_below(random, maximum < 8192 ? maximum : 8192);
	default:
		return random_below(random, maximum + 1);
	}
}

static uint64_t lockstep_quantum(const struct options *options, struct random *random)
{
	if (options->quantum || options->rate || options->calm)
		return options->quantum;
	return random_below(random, 6) ? 0 : random_magnitude(random, 64 * 1024);
}

static void random_totals(struct header *header, const struct options *options,
			  struct random *random)
{
	uint64_t maximum = options->max_bytes;

	if (header->quantum && header->quantum * TURNS_MAXIMUM < maximum)
		maximum = header->quantum * TURNS_MAXIMUM;
	header->up_total = HEADER_SIZE + payload_total(random, maximum);
	header->down_total = GREETING_SIZE + payload_total(random, maximum);
}

void header_plan(struct header *header, const struct options *options, uint64_t id)
{
	struct random random = { mix64(options->seed) ^ mix64(id + 1) };
	uint64_t paced = (uint64_t)((double)options->rate * options->seconds);

	header->magic = MAGIC;
	header->seed = options->seed;
	header->id = id;
	header->rate = options->rate;
	header->calm = options->calm;
	header->quantum = lockstep_quantum(options, &random);
	random_totals(header, options, &random);
	if (options->rate) {
		header->up_total = HEADER_SIZE + paced;
		header->down_total = GREETING_SIZE + paced;
	}
	header->checksum = checksum(header);
}

/* Both ends waiting for the other's end would wait for ever: one side a connection may. */
static enum finish plan_finish(struct random *random, uint64_t id, bool client)
{
	bool may_wait = (id % 2 == 0) == client;

	return (enum finish)random_below(random, may_wait ? 4 : 3);
}

/* Of one call, so that a stream of that many bytes takes no more calls than some. */
static uint64_t plan_maximum(struct random *random, uint64_t total)
{
	static const uint64_t maxima[] = { 64, 1024, 4096, 16384, 65536, 262144, 262144, 262144 };
	uint64_t maximum = maxima[random_below(random, sizeof(maxima) / sizeof(*maxima))];
	uint64_t least = total / CALLS_ROUGHLY;

	if (maximum < least)
		maximum = least;
	return maximum < BUFFER_SIZE ? maximum : BUFFER_SIZE;
}

static void plan_pauses(struct plan *plan, struct random *random)
{
	plan->pause_maximum = 3000;
	plan->pause_budget = 60000;
	plan->write_pauses = (unsigned int)random_below(random, 4);
	plan->read_pauses = (unsigned int)random_below(random, 4);
	switch (random_below(random, 8)) {
	case 0: /* a slow reader */
		plan->read_pauses = 32;
		plan->pause_budget = 250000;
		break;
	case 1: /* one that begins late */
		plan->read_delay = (unsigned int)random_below(random, 100000);
		break;
	case 2: /* a hesitating writer */
		plan->write_pauses = 24;
		break;
	}
}

void plan_make(struct plan *plan, const struct header *header, bool client)
{
	struct random random = { mix64(header->seed + 77) ^ mix64(header->id * 2 + client) };
	uint64_t own = client ? header->up_total : header->down_total;
	uint64_t other = client ? header->down_total : header->up_total;

	*plan = (struct plan){ .write_maximum = BUFFER_SIZE, .read_maximum = BUFFER_SIZE };
	plan->edge_triggered = random_below(&random, 2);
	plan->no_delay = header->quantum || random_below(&random, 2);
	plan->vectored = random_below(&random, 4) == 0;
	plan->finish = plan_finish(&random, header->id, client);
	if (header->calm)
		return;
	plan->peek = random_below(&random, 8) == 0;
	plan->wait_all = random_below(&random, 4) == 0;
	plan->write_maximum = plan_maximum(&random, own);
	plan->read_maximum = plan_maximum(&random, other);
	plan->small_buffers = random_below(&random, 6) == 0;
	if (!header->rate)
		plan_pauses(plan, &random);
}
