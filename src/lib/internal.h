/* SPDX-License-Identifier: MIT */
/* What the files of the library ask of each other. */
#ifndef MMUSCOPE_INTERNAL_H
#define MMUSCOPE_INTERNAL_H

#include <stdbool.h>

#include <mmuscope.h>
#include <mmuscope/entry.h>

/* device.c */

struct mmuscope {
	int fd;
};

int mmuscope_ioctl(int fd, unsigned long request, void *arg);

/* target.c */

struct mmuscope_target {
	int fd;
};

/* entry.c */

uint64_t mmuscope_row_flags(const struct mmuscope_prot_row *row, size_t nr,
			    uint64_t raw, uint32_t where);

/* arch_*.c */

int mmuscope_decode_x86(enum mmuscope_level level, uint64_t raw,
			struct mmuscope_decoded *ret);
int mmuscope_decode_arm64(enum mmuscope_level level, uint64_t raw,
			  struct mmuscope_decoded *ret);

/* swap.c */

int mmuscope_swap_area_in(const char *path, uint32_t swap_type,
			  uint64_t offset, struct mmuscope_swap_area *ret);

#endif
