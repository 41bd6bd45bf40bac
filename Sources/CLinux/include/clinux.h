/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls that Swift's Glibc module does not show (hidden behind _GNU_SOURCE, variadic, or
 * needing a struct with a flexible tail). Each returns what the kernel returns: -1 and errno.
 */
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* setns(fd, CLONE_NEWNET) */
int clinux_enter_network_namespace(int fd);

/* unshare(CLONE_NEWNET) */
int clinux_unshare_network_namespace(void);

/*
 * Opens a namespace file, EINVAL if it is another kind of file. That is found out before it is
 * opened: opening a FIFO may wait for ever, opening a device may do anything.
 */
int clinux_open_namespace(const char *path);

/* setns(open(path), CLONE_NEWCGROUP) */
int clinux_enter_cgroup_namespace(const char *path);

/* statfs(path): 1 if the path lies on a BPF file system, 0 if not. */
int clinux_is_bpf_filesystem(const char *path);

/* mount("bpffs", path, "bpf", ...) with mode 0700 */
int clinux_mount_bpf_filesystem(const char *path);

/* umount2(path, MNT_DETACH) */
int clinux_unmount(const char *path);

/* getsockopt(SO_NETNS_COOKIE) of a socket made in the calling thread's network namespace */
int clinux_network_namespace_cookie(uint64_t *cookie);

/* name_to_handle_at(path): the 64-bit identifier of a cgroup2 directory */
int clinux_control_group_identifier(const char *path, uint64_t *identifier);

/* open_by_handle_at(): opens the cgroup2 directory of that identifier, below the mount at root */
int clinux_open_control_group(const char *root, uint64_t identifier);

/* readlink(/proc/self/fd/N): the path of an open file, NUL-terminated; its length */
ssize_t clinux_path_of_descriptor(int fd, char *path, size_t size);

/* uname(): the kernel's release, NUL-terminated */
int clinux_kernel_release(char *release, size_t size);

/* SIOCSIFFLAGS: brings the loopback of the calling thread's network namespace up */
int clinux_loopback_up(void);

/* open(path, flags | O_CLOEXEC, mode) */
int clinux_open(const char *path, int flags, mode_t mode);

/* A listening TCP socket on 127.0.0.1, port chosen by the kernel and written to *port. */
int clinux_listen_loopback(uint16_t *port);

/* A non-blocking TCP socket whose connect(127.0.0.1:port) was begun. */
int clinux_connect_loopback(uint16_t port);

/* accept4(SOCK_NONBLOCK | SOCK_CLOEXEC), waiting up to the given time for a connection. */
int clinux_accept_nonblocking(int listener, int timeout_milliseconds);

/* poll() of one descriptor; returns revents, 0 on time-out, -1. */
int clinux_poll(int fd, short events, int timeout_milliseconds);

/* getsockopt(SO_MEMINFO): bytes charged to the receive queue. */
int clinux_receive_queue_memory(int fd, uint32_t *bytes);

/* ioctl(FIONREAD): bytes that can be read now. */
int clinux_readable_bytes(int fd, int *bytes);

/* send(MSG_NOSIGNAL) */
ssize_t clinux_send(int fd, const void *bytes, size_t count);

/*
 * posix_spawnp() with default signals. Other ends of pipes to its standard input and output are
 * written to *input and *output; where such a pointer is NULL, it gets /dev/null. A child with a
 * pipe to its input has a session of its own: what is sent to the caller's group leaves it alone.
 * 0, or -1 and errno.
 */
int clinux_spawn(char *const arguments[], int *input, int *output, pid_t *process);

/* renameat2(RENAME_EXCHANGE): both paths exist, and each gets the other's file. */
int clinux_exchange(const char *one, const char *other);

/*
 * fcntl(F_SETLEASE): 1 if the file is open for writing somewhere, 0 if not, -1 where that cannot be
 * found out. The descriptor must be open for reading alone.
 */
int clinux_has_writer(int fd);

/* Copies extended attributes (SELinux label, ACL) as far as both file systems have them. */
void clinux_copy_attributes(int from, int to);

/* ioctl(TIOCGWINSZ): how many lines a terminal shows; -1 where it is none. */
int clinux_terminal_rows(int fd);

/* signalfd(): readable when SIGTERM or SIGINT is pending; blocks both for the calling thread. */
int clinux_termination_descriptor(void);

/* epoll_create1(EPOLL_CLOEXEC) */
int clinux_epoll_create(void);

/* epoll_ctl(EPOLL_CTL_ADD) for EPOLLIN */
int clinux_epoll_add(int epoll, int fd, uint64_t token);

/* epoll_ctl(EPOLL_CTL_ADD) for EPOLLPRI */
int clinux_epoll_add_exceptional(int epoll, int fd, uint64_t token);

/*
 * epoll_wait(): writes the tokens of what is ready and returns how many, 0 on time-out or after a
 * signal. A timeout of -1 waits for ever.
 */
int clinux_epoll_wait(int epoll, uint64_t *tokens, int count, int timeout_milliseconds);

/* Blocks the signals for this thread; a non-blocking signalfd() that tells of them. */
int clinux_signal_descriptor(const int *signals, int count);

/* The next signal of such a descriptor; 0 when there is none. */
int clinux_next_signal(int fd);

/* inotify_init1(), non-blocking */
int clinux_inotify_create(void);

/* Watches a directory for what comes, goes or changes its attributes. */
int clinux_inotify_watch(int fd, const char *path);

/* Reads and forgets all events. */
int clinux_inotify_drain(int fd);

/* A connected non-blocking socket of the given type; @NAME is abstract. */
int clinux_unix_connect(const char *path, int type);

/* A listening non-blocking stream socket, mode 0600. */
int clinux_unix_listen(const char *path);

/* A listening non-blocking TCP socket on an address of 4 or 16 bytes. */
int clinux_tcp_listen(const uint8_t *address, size_t size, uint16_t port);

/* A non-blocking TCP socket whose connect() to an address of 4 or 16 bytes was begun. */
int clinux_tcp_connect(const uint8_t *address, size_t size, uint16_t port);

/* accept4(SOCK_NONBLOCK | SOCK_CLOEXEC) */
int clinux_accept(int listener);

/*
 * RTM_NEWLINK: a veth interface in the calling thread's network namespace, its peer in that of a
 * descriptor.
 */
int clinux_veth_create(const char *name, const char *peer, int peer_namespace);

/* SIOCSIFADDR, SIOCSIFFLAGS: gives an interface an IPv4 address of 4 bytes, /24, and brings it up. */
int clinux_interface_up(const char *name, const uint8_t *address);

/* The SHA-256 digest of some bytes. */
void clinux_sha256(const void *bytes, size_t count, uint8_t digest[32]);

#endif
