// SPDX-License-Identifier: Apache-2.0
#include "torture.h"

/* The finaliser of splitmix64. */
uint64_t mix64(uint64_t value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
	return value ^ (value >> 31);
}

uint64_t random_next(struct random *random)
{
	random->state += 0x9e3779b97f4a7c15ULL;
	return mix64(random->state);
}

uint64_t random_below(struct random *random, uint64_t bound)
{
	return bound ? random_next(random) % bound : 0;
}

uint64_t random_magnitude(struct random *random, uint64_t maximum)
{
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(maximum | 1);
	uint64_t bound = 1ULL << random_below(random, bits + 1);
	uint64_t value = 1 + random_below(random, bound);

	return value > maximum ? maximum : value;
}
