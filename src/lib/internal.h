/* SPDX-License-Identifier: MIT */
/* What the files of the library ask of each other. */
#ifndef MMUSCOPE_INTERNAL_H
#define MMUSCOPE_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

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

/* share.c */

int mmuscope_copy_name(char to[MMUSCOPE_SHARE_NAME_SIZE], const char *from);

/* iomem.c */

/**
 * struct mmuscope_iomem - a look at /proc/iomem
 * @file: the file
 * @line: what was read last
 * @size: room there
 * @hidden: every line so far had addresses of 0: the caller may not know them
 */
struct mmuscope_iomem {
	FILE *file;
	char *line;
	size_t size;
	bool hidden;
};

struct mmuscope_iomem_line {
	uint64_t start;
	uint64_t end;
	unsigned int depth;
	const char *name;
};

int mmuscope_iomem_open(const char *root, struct mmuscope_iomem *ret);
int mmuscope_iomem_next(struct mmuscope_iomem *iomem,
			struct mmuscope_iomem_line *ret);
void mmuscope_iomem_close(struct mmuscope_iomem *iomem);

/* place.c holder.c: @root is "", but for tests */

int mmuscope_mmio_find_in(const char *root, const char *where,
			  struct mmuscope_mmio_place *ret);
int mmuscope_mmio_holder_in(const char *root, uint64_t start, uint64_t end,
			    char *ret, size_t size);

#endif
