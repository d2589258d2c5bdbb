// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "physical.h"
#include "tap.h"

#define FILL 0xa5

static void take(struct physical *p, const unsigned char *vec, size_t size,
		 size_t len, size_t nr)
{
	const size_t known = sizeof(*p->range);

	p->range = realloc(p->range, (p->nr + nr + 1) * known);
	if (!p->range || nr > len)
		tap_bail("%zu ranges in an array of %zu", nr, len);
	for (size_t i = 0; i < nr; i++) {
		memcpy(&p->range[p->nr++], vec + i * size, known);
		for (size_t k = known; k < size; k++)
			if (vec[i * size + k])
				tap_bail("range %zu: its tail is not 0", i);
	}
	for (size_t k = nr * size; k < len * size; k++)
		if (vec[k] != FILL)
			tap_bail("written to beyond what is told");
}

int physical_read(struct physical *p, int device, const struct mmuscope_phys *ask,
		  size_t len, size_t size)
{
	struct mmuscope_phys args = *ask;
	unsigned char *vec;
	int err;

	memset(p, 0, sizeof(*p));
	size = size ?: sizeof(*p->range);
	vec = malloc(len * size);
	args.size = sizeof(args);
	args.vec = (uintptr_t)vec;
	args.vec_len = len;
	args.vec_size = size;
	do {
		memset(vec, FILL, len * size);
		err = device_ioctl(device, MMUSCOPE_IOC_PHYS, &args);
		if (!err)
			take(p, vec, size, len, args.nr);
		p->calls++;
	} while (!err && args.first);
	free(vec);
	return err;
}

void physical_free(struct physical *p)
{
	free(p->range);
	memset(p, 0, sizeof(*p));
}
