// SPDX-License-Identifier: Apache-2.0
#include "compat.h"

static uint8_t stream_byte(const struct end *sender, uint64_t offset)
{
	uint64_t value = (offset + 1) * 0x9e3779b97f4a7c15ULL + (uint8_t)sender->name[0];

	return value >> 40;
}

void stream_fill(const struct end *sender, uint64_t offset, uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = stream_byte(sender, offset + i);
}

bool stream_matches(const struct end *sender, uint64_t offset, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] != stream_byte(sender, offset + i))
			return false;
	return true;
}
