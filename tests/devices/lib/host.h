/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HOST_H
#define HOST_H

/*
 * What the host sees and does while this program runs in its guest. The test
 * ends if there is no host that answers (tests/devices/run), or if it says that
 * it cannot. One process asks at a time.
 */

/* One line to the host; its answer, in a buffer that the next one overwrites. */
const char *host_ask(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A physical address (and the bytes there, 1, 2, 4 or 8) as QEMU's monitor
 * prints it, and as qtest reads and writes it: the device is asked, no guest.
 */
unsigned long host_monitor(unsigned int width, unsigned long phys);
unsigned long host_read(unsigned int width, unsigned long phys);
void host_write(unsigned int width, unsigned long phys, unsigned long value);

/* The file that is ivshmem's memory. */
unsigned long host_file_read(unsigned int width, unsigned long offset);
void host_file_write(unsigned int width, unsigned long offset, unsigned long value);

/*
 * How often QEMU has moved that line of its GPIO controller to 0 or 1, as it traces
 * itself; and press the button on another one.
 */
unsigned long host_moved(unsigned int line, unsigned int to);
void host_button(void);

/*
 * Take the device with QEMU's name @id (it has been told so with plug) out of
 * its slot, waiting until QEMU has let go of it, and put an edu of that name in.
 */
void host_unplug(const char *id);
void host_plug(const char *id);

#endif
