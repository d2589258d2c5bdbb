/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests have to know of the processor they run on. */
#ifndef _ARCH_H
#define _ARCH_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __x86_64__

#define ARCH		MMUSCOPE_ARCH_X86_64
#define ARCH_ARM64	0
#define ARCH_NAME	"x86_64"
#define ARCH_WINDOW	MMUSCOPE_MEMTYPE_UC_MINUS
/* The end of what a process can have. */
#define ARCH_END(levels) ((1UL << ((levels) == 5 ? 56 : 47)) - 4096)
/* Whether RAM can be mapped otherwise than write-back. */
#define ARCH_UNCACHED	1
/* A frame that is reserved, and one of the first zone. */
#define ARCH_ZERO_FRAME	0
#define ARCH_DMA_FRAME	0x100
/* Whether the kernel has soft-dirty bits. */
#define ARCH_SOFT_DIRTY	1
/* Whether there are raw scans, as entries tell what they are. */
#define ARCH_RAW	1
/* Whether what may not be executed is got first, as if it were read. */
#define ARCH_EXEC_READS	1
/* How many kinds of verdicts on a touch there are at least. */
#define ARCH_VERDICTS	14
/* Where the instruction is that a signal interrupted. */
#define ARCH_PC(context) ((unsigned long)(context)->uc_mcontext.gregs[REG_RIP])

/* The bits of an entry that say where to. */
#define ARCH_FRAME	0x000ffffffffff000ULL
/* An address of the kernel's, somewhere. */
#define ARCH_KERNEL	0xffffffff81000000UL
/* No address at all. */
#define ARCH_NOWHERE	(1UL << 62)
/* Where text begins, in which area, and in which those of modules are. */
#define ARCH_TEXT	"_text"
#define ARCH_IMAGE	"[kernel]"
#define ARCH_MODULES	"[modules]"
/* Whether a frame's place in the direct map follows from where that begins. */
#define ARCH_DIRECT	1
/* Areas that do not change. */
#define ARCH_STEADY	"[kernel]", "[cpu entry area]", "[vmemmap]"
/* The part of the kernel's half with the most entries, of which none matter. */
#define ARCH_CROWD	0xffffff0000000000UL
#define ARCH_CROWD_END	0xffffff8000000000UL
#define ARCH_AREAS \
	"[LDT remap]", "[direct map]", "[vmalloc]", "[vmemmap]", \
	"[cpu entry area]", "[espfix]", "[EFI]", "[kernel]", "[modules]", \
	"[fixmap]"

/* What a valid entry says, of a table or of a leaf of a process. */
static inline bool arch_write(uint64_t raw, bool table)
{
	(void)table;
	return raw >> 1 & 1;
}

static inline bool arch_user(uint64_t raw, bool table)
{
	(void)table;
	return raw >> 2 & 1;
}

static inline bool arch_exec(uint64_t raw, bool table)
{
	(void)table;
	return !(raw >> 63);
}

/* Where it is kept while it is write-protected (v6.6), too. */
static inline bool arch_dirty(uint64_t raw)
{
	return raw >> 6 & 1 || raw >> 58 & 1;
}

#define ARCH_ACCESSED	(1ULL << 5)
/* Where there can be a table: it is none. */
static inline bool arch_large(uint64_t raw)
{
	return raw >> 7 & 1;
}

/* 00 00, what memory begins with, is add %al,(%rax): that fails at address 1. */
static inline void arch_call(unsigned long addr)
{
	asm volatile("sub $256, %%rsp; call *%0; add $256, %%rsp"
		     : : "r"(addr), "a"(1L) : "memory", "cc", "rdi", "rsi", "rcx", "rdx");
}

#else

#define ARCH		MMUSCOPE_ARCH_ARM64
#define ARCH_ARM64	1
#define ARCH_NAME	"arm64"
#define ARCH_WINDOW	MMUSCOPE_MEMTYPE_DEVICE_NGNRE
#define ARCH_END(levels) (1UL << ((levels) == 5 ? 52 : 48))
#define ARCH_UNCACHED	0
/* Of QEMU's board: memory begins there, with what the kernel's image leaves. */
#define ARCH_ZERO_FRAME	0x40210
#define ARCH_DMA_FRAME	0x40000
#define ARCH_SOFT_DIRTY	0
#define ARCH_RAW	0
#define ARCH_EXEC_READS	0
#define ARCH_VERDICTS	13
#define ARCH_PC(context) ((context)->uc_mcontext.pc)

#define ARCH_FRAME	0x0000fffffffff000ULL
#define ARCH_KERNEL	0xffff800010000000UL
#define ARCH_NOWHERE	(1UL << 54)	/* above are tags */
#define ARCH_TEXT	"_stext"
#define ARCH_IMAGE	"[vmalloc]"
#define ARCH_MODULES	NULL		/* any */
#define ARCH_DIRECT	0		/* its beginning is put anywhere */
#define ARCH_STEADY	"[fixmap]", "[PCI I/O]", "[vmemmap]"
#define ARCH_CROWD	0UL
#define ARCH_CROWD_END	0UL
#define ARCH_AREAS \
	"[direct map]", "[modules]", "[vmalloc]", "[fixmap]", "[PCI I/O]", \
	"[vmemmap]"

static inline bool arch_write(uint64_t raw, bool table)
{
	if (table)
		return !(raw >> 62 & 1);
	return raw >> 51 & 1 || !(raw >> 7 & 1);
}

static inline bool arch_user(uint64_t raw, bool table)
{
	return table ? !(raw >> 61 & 1) : raw >> 6 & 1;
}

static inline bool arch_exec(uint64_t raw, bool table)
{
	return !(raw >> (table ? 60 : 54) & 1);
}

static inline bool arch_dirty(uint64_t raw)
{
	return raw >> 55 & 1 || (raw >> 51 & 1 && !(raw >> 7 & 1));
}

#define ARCH_ACCESSED	(1ULL << 10)
static inline bool arch_large(uint64_t raw)
{
	return !(raw >> 1 & 1);
}

/* 00 00 00 00, what memory begins with, is udf: SIGILL. */
static inline void arch_call(unsigned long addr)
{
	asm volatile("blr %0" : : "r"(addr) : "memory", "cc", "x30");
}

#endif

/* Whether a raw entry is one that the hardware looks at. */
#define ARCH_VALID(raw)	((raw) & 1)

#endif
