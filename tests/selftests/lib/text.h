/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MMUSCOPE "/sys/kernel/debug/mmuscope"

/*
 * Read a whole file with read()s of @chunk bytes into a buffer of its own
 * mapping (so that the heap of a process that reads itself stays still).
 * Returns the length, or -errno with *text NULL. The text ends with a NUL.
 */
ssize_t text_read(int fd, size_t chunk, char **text);
ssize_t text_slurp(const char *path, char **text);
void text_free(char *text);

/* pid/<pid>/<name> under MMUSCOPE, opened for reading: fd or -errno. */
int text_open(pid_t pid, const char *name);
ssize_t text_pid(pid_t pid, const char *name, char **text);

/* The same for /proc/<pid>/<name>. */
int text_open_proc(pid_t pid, const char *name);
ssize_t text_proc(pid_t pid, const char *name, char **text);

/* Write a word to a file: 0 or -errno. */
int text_write(const char *path, const char *word);

/* The first number in a file, or -1. */
long text_number(const char *path);

/* Whether the kernel is of this release or a later one. */
bool kernel_since(int major, int minor);

/* The number behind "name:" or "name " at the start of a line, or -1. */
long text_field(const char *text, const char *name);

#endif
