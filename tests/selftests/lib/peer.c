// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "peer.h"
#include "process.h"
#include "share.h"
#include "tap.h"

enum order { CREATE, OPEN, TAKE, STEAL, TELL, CLOSE, REMOVE, SEAL, MAP, UNMAP, READ, WRITE,
	     BECOME, EXECUTE };

struct message {
	enum order order;
	uint64_t a, b;
	struct mmuscope_share_create ask;
	long answer;
};

/* Of the peer itself. */
static int share = -1;
static void *at = MAP_FAILED;
static size_t bytes;

static void send_with(int socket, struct message *m, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec iov = { .iov_base = m, .iov_len = sizeof(*m) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (fd >= 0) {
		msg.msg_control = room;
		msg.msg_controllen = sizeof(room);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	if (sendmsg(socket, &msg, MSG_NOSIGNAL) != sizeof(*m))
		m->answer = -EPIPE;
}

/* The descriptor that came with it, or -1; false at the end. */
static bool receive(int socket, struct message *m, int *fd)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = m, .iov_len = sizeof(*m) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
			      .msg_controllen = sizeof(room) };
	struct cmsghdr *c;

	*fd = -1;
	if (recvmsg(socket, &msg, MSG_CMSG_CLOEXEC) != sizeof(*m))
		return false;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return true;
}

static int steal(pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int got = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	int err = errno;

	close(pidfd);
	return got < 0 ? -err : got;
}

static long have(int fd)
{
	if (fd < 0)
		return fd;
	if (share >= 0)
		close(share);
	share = fd;
	return 0;
}

static long map(int prot)
{
	bytes = share_info(share).bytes;
	at = share_map(share, bytes, prot);
	return at == MAP_FAILED ? -errno : (long)at;
}

static long become(unsigned int uid)
{
	return setresgid(uid, uid, uid) || setresuid(uid, uid, uid) ? -errno : 0;
}

static long obey(const struct message *m, int fd)
{
	volatile unsigned int *words = at;

	switch (m->order) {
	case CREATE:
		return have(share_create(&m->ask));
	case OPEN:
		return have(share_open(m->ask.name, m->a));
	case TAKE:
		return have(fd);
	case STEAL:
		return have(steal(m->a, m->b));
	case TELL:
		return share;
	case CLOSE:
		close(share);
		share = -1;
		return 0;
	case REMOVE:
		return share_remove(m->ask.name);
	case SEAL:
		return share_seal(share, m->a);
	case MAP:
		return map(m->a);
	case UNMAP:
		return munmap(at, bytes) ? -errno : 0;
	case READ:
		return words[m->a];
	case WRITE:
		words[m->a] = m->b;
		return 0;
	case BECOME:
		return become(m->a);
	case EXECUTE:
		execl("/bin/busybox", "sleep", "1000", NULL);
		return -errno;
	}
	return -EINVAL;
}

static void __attribute__((noreturn)) serve(int socket)
{
	struct message m;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fcntl(socket, F_SETFD, FD_CLOEXEC);
	while (receive(socket, &m, &fd)) {
		m.answer = obey(&m, fd);
		send_with(socket, &m, m.order == TELL ? share : -1);
	}
	_exit(0);
}

void peer_start(struct peer *p)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		tap_bail("no socket: %m");
	p->socket = pair[0];
	p->pid = fork();
	if (p->pid < 0)
		tap_bail("no child: %m");
	if (!p->pid) {
		/* It has nothing of its parent's, nor of other peers'. */
		dup2(pair[1], 3);
		syscall(SYS_close_range, 4, ~0U, 0);
		serve(3);
	}
	close(pair[1]);
}

void peer_kill(struct peer *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close(p->socket);
}

void peer_exit(struct peer *p)
{
	close(p->socket);
	waitpid(p->pid, NULL, 0);
}

static long told(struct peer *p, struct message *m, int fd, int *got)
{
	int none;

	m->answer = 0;
	send_with(p->socket, m, fd);
	if (m->answer || !receive(p->socket, m, got ?: &none))
		return -EPIPE;
	return m->answer;
}

static long tell(struct peer *p, enum order order, uint64_t a, uint64_t b)
{
	struct message m = { .order = order, .a = a, .b = b };

	return told(p, &m, -1, NULL);
}

static long tell_name(struct peer *p, enum order order, const char *name, uint64_t a)
{
	struct message m = { .order = order, .a = a };

	strncpy(m.ask.name, name, sizeof(m.ask.name) - 1);
	return told(p, &m, -1, NULL);
}

void peer_exec(struct peer *p)
{
	if (tell(p, EXECUTE, 0, 0) != -EPIPE)
		tap_bail("a peer cannot execute");
	process_wait_asleep(p->pid);
}

long peer_become(struct peer *p, unsigned int uid)
{
	return tell(p, BECOME, uid, 0);
}

long peer_create(struct peer *p, const struct mmuscope_share_create *ask)
{
	struct message m = { .order = CREATE, .ask = *ask };

	return told(p, &m, -1, NULL);
}

long peer_open(struct peer *p, const char *name, uint64_t flags)
{
	return tell_name(p, OPEN, name, flags);
}

long peer_pass(struct peer *from, struct peer *to)
{
	struct message m = { .order = TELL };
	int fd = -1;
	long ret = told(from, &m, -1, &fd);

	if (ret < 0)
		return ret;
	m.order = TAKE;
	ret = told(to, &m, fd, NULL);
	close(fd);
	return ret;
}

long peer_steal(struct peer *from, struct peer *to)
{
	struct message m = { .order = TELL };
	int fd = -1;
	long ret = told(from, &m, -1, &fd);

	close(fd);
	return ret < 0 ? ret : tell(to, STEAL, from->pid, ret);
}

long peer_close(struct peer *p)
{
	return tell(p, CLOSE, 0, 0);
}

long peer_remove(struct peer *p, const char *name)
{
	return tell_name(p, REMOVE, name, 0);
}

long peer_seal(struct peer *p, uint64_t seals)
{
	return tell(p, SEAL, seals, 0);
}

long peer_map(struct peer *p, int prot)
{
	return tell(p, MAP, prot, 0);
}

long peer_unmap(struct peer *p)
{
	return tell(p, UNMAP, 0, 0);
}

long peer_read(struct peer *p, uint64_t word)
{
	return tell(p, READ, word, 0);
}

long peer_write(struct peer *p, uint64_t word, unsigned int value)
{
	return tell(p, WRITE, word, value);
}
