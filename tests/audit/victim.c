// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process with all in its page tables that audit is to find. Prints what, as
 * lines "CODE ADDRESS", then "ready", and puts all right at the end of its input.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PLANT "/sys/module/plant/parameters/plant"
#define PAGE 4096

static char *next = (char *)0x100000000;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Each page stands alone, so that each is a finding of its own. */
static char *page(int prot, int flags, int fd)
{
	char *at = mmap(next, PAGE, prot, MAP_FIXED_NOREPLACE | flags, fd, 0);

	if (at == MAP_FAILED)
		die("mmap");
	next += 16 * PAGE;
	return at;
}

static char *anonymous(int prot)
{
	return page(prot, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void protect(char *at, int prot)
{
	if (mprotect(at, PAGE, prot))
		die("mprotect");
}

static void plant(const char *code, const char *at)
{
	int fd = open(PLANT, O_WRONLY);
	char word[64];

	snprintf(word, sizeof(word), "%s %lx", code, (unsigned long)at);
	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		die(word);
	close(fd);
}

static void expect(const char *code, const char *at)
{
	printf("%s %lx\n", code, (unsigned long)at);
}

static char *touched(void)
{
	char *at = anonymous(PROT_READ | PROT_WRITE);

	*at = 1;
	return at;
}

/* What a process can do to itself. */
static void by_itself(void)
{
	char *at = anonymous(PROT_READ | PROT_WRITE | PROT_EXEC);
	int fd = open("/t/victim", O_RDONLY);

	*at = 1;
	expect("WX-USER", at);
	expect("EXEC-ANON", at);

	at = touched();
	protect(at, PROT_READ | PROT_EXEC);
	expect("EXEC-ANON", at);

	at = page(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	*at = 1;
	protect(at, PROT_READ | PROT_EXEC);
	expect("EXEC-ANON", at);
	close(fd);
}

/* What takes a kernel that is wrong. */
static void by_the_kernel(void)
{
	char *at = touched();

	protect(at, PROT_READ);
	plant("writable", at);
	expect("VMA-DISAGREES", at);

	at = page(PROT_READ, MAP_PRIVATE, open("/t/victim", O_RDONLY));
	*(volatile char *)at;
	plant("executable", at);
	expect("VMA-DISAGREES", at);

	at = anonymous(PROT_READ | PROT_WRITE);
	*(volatile char *)at;
	plant("writable", at);
	expect("WRITABLE-ZERO", at);

	at = touched();
	plant("uncached", at);
	expect("MEMTYPE-CONFLICT", at);

	at = anonymous(PROT_READ);
	*(volatile char *)at;
	plant("beyond", at);
	expect("BEYOND-MEMORY", at);

	at = touched() + PAGE;
	plant("outside", at);
	expect("OUTSIDE-VMA", at);
}

int main(void)
{
	by_itself();
	by_the_kernel();
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	plant("undo", NULL);
	return 0;
}
