// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <stdlib.h>
#include <string.h>

#define GOLDEN 0x9e3779b97f4a7c15ULL
#define SWAPPED 64
#define SEARCHED_MAXIMUM (64ULL << 20)

static uint64_t word_at(const struct stream *stream, uint64_t index)
{
	return mix64(stream->key + index * GOLDEN);
}

static uint8_t byte_at(const struct stream *stream, uint64_t offset)
{
	if (offset < stream->prefix_size)
		return stream->prefix[offset];
	return (uint8_t)(word_at(stream, offset / 8) >> (offset % 8 * 8));
}

/* Whole words where possible: the check must be cheaper than the copy it checks. */
static void fill_exact(const struct stream *stream, uint64_t offset, uint8_t *bytes, size_t count)
{
	size_t done = 0;

	while (done < count && (offset + done < stream->prefix_size || (offset + done) % 8)) {
		bytes[done] = byte_at(stream, offset + done);
		done++;
	}
	for (; done + 8 <= count; done += 8) {
		uint64_t word = word_at(stream, (offset + done) / 8);

		memcpy(bytes + done, &word, 8);
	}
	for (; done < count; done++)
		bytes[done] = byte_at(stream, offset + done);
}

static uint64_t falsified_offset(const struct stream *stream, uint64_t offset)
{
	uint64_t at = stream->corrupt_at;

	if (offset < at)
		return offset;
	if (stream->corruption == CORRUPT_LOSE)
		return offset + 1;
	if (stream->corruption != CORRUPT_SWAP || offset >= at + 2 * SWAPPED)
		return offset;
	return offset < at + SWAPPED ? offset + SWAPPED : offset - SWAPPED;
}

static void fill_falsified(const struct stream *stream, uint64_t offset, uint8_t *bytes,
			   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bytes[i] = byte_at(stream, falsified_offset(stream, offset + i));
		if (stream->corruption == CORRUPT_FLIP && offset + i == stream->corrupt_at)
			bytes[i] ^= 1;
	}
}

void stream_fill(const struct stream *stream, uint64_t offset, uint8_t *bytes, size_t count)
{
	if (stream->corruption == CORRUPT_NONE)
		fill_exact(stream, offset, bytes, count);
	else
		fill_falsified(stream, offset, bytes, count);
}

void stream_corrupt(struct stream *stream, enum corruption corruption, struct random *random)
{
	uint64_t payload = stream->total - stream->prefix_size;

	if (corruption == CORRUPT_NONE || payload < 4 * SWAPPED)
		return;
	stream->corruption = corruption;
	stream->corrupt_at = stream->prefix_size + random_below(random, payload - 2 * SWAPPED);
	if (corruption == CORRUPT_SHORT)
		stream->total -= 1;
	if (corruption == CORRUPT_EXTRA)
		stream->total += 1;
}

size_t stream_mismatch(const struct stream *stream, uint64_t offset, const uint8_t *bytes,
		       size_t count)
{
	static __thread uint8_t expected[BUFFER_SIZE];
	size_t index = 0;

	fill_exact(stream, offset, expected, count);
	if (!memcmp(expected, bytes, count))
		return count;
	while (expected[index] == bytes[index])
		index++;
	return index;
}

uint64_t stream_find(const struct stream *stream, const uint8_t *bytes, size_t count)
{
	uint64_t offset = UINT64_MAX;
	uint8_t *all, *found;

	if (stream->total > SEARCHED_MAXIMUM || count < 8 || count > stream->total)
		return UINT64_MAX;
	all = malloc(stream->total);
	if (!all)
		return UINT64_MAX;
	fill_exact(stream, 0, all, stream->total);
	found = memmem(all, stream->total, bytes, count);
	if (found)
		offset = (uint64_t)(found - all);
	free(all);
	return offset;
}
