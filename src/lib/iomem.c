// SPDX-License-Identifier: MIT
/*
 * /proc/iomem: "START-END : NAME", the end inclusive, two blanks of indent for
 * each level. Without CAP_SYS_ADMIN all addresses are 0 (r_show(),
 * kernel/resource.c, v6.1).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int parse_line(char *line, struct mmuscope_iomem_line *ret)
{
	unsigned int indent = strspn(line, " ");
	char *name = strstr(line, " : ");

	if (!name || sscanf(line, "%" SCNx64 "-%" SCNx64, &ret->start,
			    &ret->end) != 2)
		return -EINVAL;
	ret->end++;
	ret->depth = indent / 2;
	ret->name = name + 3;
	name[strcspn(name, "\n")] = 0;
	return 0;
}

int mmuscope_iomem_open(const char *root, struct mmuscope_iomem *ret)
{
	char path[4096];

	*ret = (struct mmuscope_iomem) { .hidden = true };
	snprintf(path, sizeof(path), "%s/proc/iomem", root);
	ret->file = fopen(path, "re");
	return ret->file ? 0 : -errno;
}

/* 1 with a line, which is valid until the next call; 0 at the end. */
int mmuscope_iomem_next(struct mmuscope_iomem *iomem,
			struct mmuscope_iomem_line *ret)
{
	while (getline(&iomem->line, &iomem->size, iomem->file) >= 0) {
		if (parse_line(iomem->line, ret))
			continue;
		if (ret->end > 1)
			iomem->hidden = false;
		return 1;
	}
	return ferror(iomem->file) ? -EIO : 0;
}

void mmuscope_iomem_close(struct mmuscope_iomem *iomem)
{
	free(iomem->line);
	fclose(iomem->file);
}
