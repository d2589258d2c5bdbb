/* SPDX-License-Identifier: MIT */
/* What the files of the library ask of each other. */
#ifndef MMUSCOPE_INTERNAL_H
#define MMUSCOPE_INTERNAL_H

#include <mmuscope.h>

/* device.c */

struct mmuscope {
	int fd;
};

int mmuscope_ioctl(int fd, unsigned long request, void *arg);

/* target.c */

struct mmuscope_target {
	int fd;
};

/* arch_*.c */

int mmuscope_decode_x86(enum mmuscope_level level, uint64_t raw,
			struct mmuscope_decoded *ret);

/* swap.c */

int mmuscope_swap_area_in(const char *path, uint32_t swap_type,
			  uint64_t offset, struct mmuscope_swap_area *ret);

#endif
