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

/**
 * struct mmuscope_target - an address space
 * @fd: the module's descriptor
 * @kind: whose
 * @info: machine and caller when it was bound
 */
struct mmuscope_target {
	int fd;
	enum mmuscope_target_kind kind;
	struct mmuscope_info info;
};

int mmuscope_target_copy(struct mmuscope *mmuscope, int fd);

/* call.c */

/* What one call fetches. Any name has room in NAMES, so none is too long. */
#define MMUSCOPE_CALL_EXTENTS	512
#define MMUSCOPE_CALL_WORDS	8192
#define MMUSCOPE_CALL_VMAS	128
#define MMUSCOPE_CALL_NAMES	65536

/**
 * struct mmuscope_call - a call of SCAN
 * @args: what it was asked, and answered
 * @extent: what it found
 * @words: or this, if it is raw
 * @vma: likewise
 * @names: likewise
 */
struct mmuscope_call {
	struct mmuscope_scan args;
	union {
		struct mmuscope_extent extent[MMUSCOPE_CALL_EXTENTS];
		uint64_t words[MMUSCOPE_CALL_WORDS];
	};
	struct mmuscope_vma vma[MMUSCOPE_CALL_VMAS];
	char names[MMUSCOPE_CALL_NAMES];
};

int mmuscope_call(int fd, const struct mmuscope_scan *ask, uint64_t start,
		  struct mmuscope_call *call);

/* crew.c */

struct mmuscope_crew;

int mmuscope_crew_begin(int fd, const struct mmuscope_scan *ask, unsigned int threads,
			uint64_t start, uint64_t size, struct mmuscope_crew **ret);
int mmuscope_crew_next(struct mmuscope_crew *crew, struct mmuscope_call **ret);
void mmuscope_crew_end(struct mmuscope_crew *crew);

/* raw.c */

/* What is decoded at a time. */
#define MMUSCOPE_RAW_EXTENTS	512

/**
 * struct mmuscope_raw - a raw scan being decoded
 * @info: whose entries
 * @args: the call
 * @vma: its VMAs
 * @words: its blocks
 * @at: the VMA at hand
 * @word: the next word
 * @left: entries left of the block at hand
 * @cursor: up to where there are extents
 * @nr: extents that are complete
 * @open: extent[@nr] is not
 * @head: level and permissions of the last block, as its head has them
 * @level: its level
 * @shift: log2 of the bytes that an entry of it spans
 * @perm: flags that the tables above leave
 * @frame: bits of an entry that are its frame
 * @entry: what was decoded last
 * @alike: what is the same in these bits is decoded to the same
 * @kind: that
 * @extent: extents
 */
struct mmuscope_raw {
	struct mmuscope_info info;
	const struct mmuscope_scan *args;
	const struct mmuscope_vma *vma;
	const uint64_t *words;
	uint64_t at;
	uint64_t word;
	uint64_t left;
	uint64_t cursor;
	size_t nr;
	bool open;
	uint64_t head;
	unsigned int level;
	unsigned int shift;
	uint64_t perm;
	uint64_t frame;
	uint64_t entry;
	uint64_t alike;
	struct mmuscope_extent kind;
	struct mmuscope_extent extent[MMUSCOPE_RAW_EXTENTS + 2];
};

bool mmuscope_raw_can(const struct mmuscope_info *info,
		      const struct mmuscope_scan_options *options);
void mmuscope_raw_start(struct mmuscope_raw *raw, const struct mmuscope_call *call);
bool mmuscope_raw_fill(struct mmuscope_raw *raw);

/* entry.c */

uint64_t mmuscope_row_flags(const struct mmuscope_prot_row *row, size_t nr,
			    uint64_t raw, uint32_t where);

/* arch_*.c */

int mmuscope_decode_x86(enum mmuscope_level level, uint64_t raw,
			struct mmuscope_decoded *ret);
void mmuscope_leaf_x86(const struct mmuscope_info *info, uint64_t raw,
		       struct mmuscope_extent *ret);
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
