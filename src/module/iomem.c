// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of /proc/iomem. The resource tree's lock is the kernel's own, and
 * what walks the tree for modules tells no names; procfs tells all of it. Never
 * more than a page of the text is kept.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "internal.h"

/**
 * mmuscope_iomem_open - start to read /proc/iomem
 * @iomem: filled in
 * @cred: by whose credentials; addresses are shown to who has CAP_SYS_ADMIN
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_iomem_open(struct mmuscope_iomem *iomem, const struct cred *cred)
{
	*iomem = (struct mmuscope_iomem) {};
	iomem->file = mmuscope_proc_open("iomem", cred);
	if (IS_ERR(iomem->file))
		return PTR_ERR(iomem->file);
	iomem->text = (char *)__get_free_page(GFP_KERNEL);
	if (iomem->text)
		return 0;
	fput(iomem->file);
	return -ENOMEM;
}

/**
 * mmuscope_iomem_close - undo mmuscope_iomem_open()
 * @iomem: what it filled in
 */
void mmuscope_iomem_close(struct mmuscope_iomem *iomem)
{
	free_page((unsigned long)iomem->text);
	fput(iomem->file);
}

/**
 * mmuscope_iomem_rewind - start again at the first line
 * @iomem: what is read
 */
void mmuscope_iomem_rewind(struct mmuscope_iomem *iomem)
{
	iomem->pos = 0;
	iomem->at = 0;
	iomem->len = 0;
}

/* Moves what is left to the front and reads on: bytes, 0 at the end, -errno. */
static ssize_t read_on(struct mmuscope_iomem *iomem)
{
	ssize_t got;

	iomem->len -= iomem->at;
	memmove(iomem->text, iomem->text + iomem->at, iomem->len);
	iomem->at = 0;
	if (iomem->len == PAGE_SIZE)
		return -EIO;
	got = kernel_read(iomem->file, iomem->text + iomem->len,
			  PAGE_SIZE - iomem->len, &iomem->pos);
	if (got > 0)
		iomem->len += got;
	return got;
}

/* NULL at the end. */
static char *next_line(struct mmuscope_iomem *iomem)
{
	char *line, *end;
	ssize_t got;

	for (;;) {
		line = iomem->text + iomem->at;
		end = memchr(line, '\n', iomem->len - iomem->at);
		if (end)
			break;
		got = read_on(iomem);
		if (got <= 0)
			return ERR_PTR(got);
	}
	*end = '\0';
	iomem->at = end + 1 - iomem->text;
	return line;
}

/* "  START-END : NAME", both inclusive there; false for what is no range. */
static bool parse_line(const char *line, struct mmuscope_phys_range *range)
{
	unsigned long long start, last;
	int name = 0;

	if (sscanf(line, " %llx-%llx : %n", &start, &last, &name) != 2 ||
	    !name || last < start || last == U64_MAX)
		return false;
	*range = (struct mmuscope_phys_range) {
		.start = start, .end = last + 1, .node = -1,
	};
	strscpy(range->name, line + name, sizeof(range->name));
	return true;
}

/**
 * mmuscope_iomem_next - the next range, in the order of the lines
 * @iomem: what is read
 * @range: start, end, name and a node of -1 are filled in, the rest is 0
 *
 * Return: 1 with a range, 0 at the end, or a negative errno.
 */
int mmuscope_iomem_next(struct mmuscope_iomem *iomem,
			struct mmuscope_phys_range *range)
{
	char *line;

	do {
		line = next_line(iomem);
		if (IS_ERR_OR_NULL(line))
			return PTR_ERR(line);
	} while (!parse_line(line, range));
	return 1;
}
