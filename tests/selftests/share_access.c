// SPDX-License-Identifier: GPL-2.0-only
/*
 * A debugger reads and writes a share's mapping, through ptrace and through
 * /proc/PID/mem, in pages of any size and over their edges; what is mapped read
 * only it cannot write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "memory.h"
#include "peer.h"
#include "share.h"
#include "tap.h"
#include "text.h"

#define RW (PROT_READ | PROT_WRITE)
#define SIZE (4 * MB)

static void traced(struct peer *p, long at, const char *name)
{
	int status;
	bool ok;

	peer_write(p, 7, 0x1234);
	ptrace(PTRACE_ATTACH, p->pid, 0, 0);
	waitpid(p->pid, &status, 0);
	errno = 0;
	ok = (ptrace(PTRACE_PEEKDATA, p->pid, at + 28, 0) & 0xffffffff) == 0x1234 && !errno &&
	     !ptrace(PTRACE_POKEDATA, p->pid, at + 28, 0x5678L);
	ptrace(PTRACE_DETACH, p->pid, 0, 0);
	tap_ok(ok && peer_read(p, 7) == 0x5678, "%s: peeked and poked", name);
}

static void by_mem(struct peer *p, long at, size_t edge, const char *name)
{
	char path[40], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", p->pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	tap_ok(pwrite(fd, "0123456789", 10, at + edge - 4) == 10 &&
	       pread(fd, text, 10, at + edge - 4) == 10 && !strcmp(text, "0123456789") &&
	       peer_read(p, edge / 4 - 1) == 0x33323130 && peer_read(p, edge / 4) == 0x37363534,
	       "%s: written and read over an edge, through mem", name);
	tap_ok(pread(fd, text, 16, at + SIZE - 8) == 8, "%s: read up to its end", name);
	close(fd);
}

static void readonly(unsigned int shift, const char *name)
{
	struct peer p, reader;
	struct mmuscope_share_create ask = share_ask(SIZE, shift);
	char path[40], byte = 'x';
	long at;
	int fd;

	peer_start(&p);
	peer_start(&reader);
	peer_create(&p, &ask);
	peer_pass(&p, &reader);
	peer_map(&p, RW);
	peer_write(&p, 0, 'a');
	at = peer_map(&reader, PROT_READ);
	snprintf(path, sizeof(path), "/proc/%d/mem", reader.pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	tap_ok(pwrite(fd, &byte, 1, at) < 0 && errno == EIO && peer_read(&reader, 0) == 'a',
	       "%s: mapped read only, not written: EIO", name);
	tap_ok(pread(fd, &byte, 1, at) == 1 && byte == 'a', "%s: but read", name);
	close(fd);
	peer_exit(&p);
	peer_exit(&reader);
}

static void of(unsigned int shift, unsigned int memtype, const char *name)
{
	struct mmuscope_share_create ask = share_ask(SIZE, shift);
	struct iovec mine = { .iov_base = &ask, .iov_len = 4 };
	struct iovec his = { .iov_len = 4 };
	struct peer p;
	long at;

	ask.memtype = memtype;
	peer_start(&p);
	if (peer_create(&p, &ask))
		tap_bail("no share");
	at = peer_map(&p, RW);
	traced(&p, at, name);
	by_mem(&p, at, 4096, name);
	by_mem(&p, at, 2 * MB, name);
	his.iov_base = (void *)at;
	tap_ok(process_vm_readv(p.pid, &mine, 1, &his, 1, 0) < 0 && errno == EFAULT,
	       "%s: not by process_vm_readv: EFAULT", name);
	peer_exit(&p);
}

int main(void)
{
	of(0, 0, "small");
	if (ARCH_UNCACHED)
		of(0, MMUSCOPE_MEMTYPE_WC, "WC");
	else
		tap_skip("WC", "RAM is write-back on this processor");
	of(LARGE_SHIFT, 0, "2M");
	readonly(0, "small");
	readonly(LARGE_SHIFT, "2M");
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
