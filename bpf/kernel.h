/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel structures that are read, reduced to the members that are read. Offsets come from the
 * running kernel's BTF when the object is loaded (CO-RE).
 */
#ifndef SHORTCUT_KERNEL_H
#define SHORTCUT_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long long counter;
} atomic64_t;

typedef struct {
	int owned;
} socket_lock_t;

enum sock_flags {
	SOCK_RCVTSTAMP,
	SOCK_ZEROCOPY,
};

struct list_head {
	struct list_head *next;
};

struct file {
	unsigned int f_flags;
};

struct inode {
	unsigned long i_ino;
};

struct socket {
	unsigned long flags;
	struct file *file;
};

/* What the kernel allocates for each socket: its inode is next to it. */
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

struct sigaction {
	void *sa_handler;
};

struct k_sigaction {
	struct sigaction sa;
};

struct sighand_struct {
	struct k_sigaction action[64];
};

struct task_struct {
	char comm[16];
	struct sighand_struct *sighand;
};

struct sk_filter;

struct sock;

struct in6_addr {
	__u8 bytes[16];
};

struct proto;

struct sock_common {
	__u32 skc_daddr;
	__u16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct in6_addr skc_v6_daddr;
	unsigned long skc_flags;
	unsigned char skc_state;
	struct proto *skc_prot;
	struct sock *skc_listener;
	atomic64_t skc_cookie;
};

struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	struct {
		atomic_t rmem_alloc;
	} sk_backlog;
	int sk_rcvbuf;
	int sk_sndbuf;
	int sk_rcvlowat;
	int sk_err;
	int sk_peek_off;
	unsigned char sk_shutdown;
	__u32 sk_tsflags;
	unsigned long sk_max_pacing_rate;
	struct sk_filter *sk_filter;
	struct socket *sk_socket;
	void *sk_user_data;
	__u8 sk_userlocks : 4;
};

struct sk_psock {
	struct list_head ingress_msg;
};

struct inet_sock {
	struct sock sk;
};

struct tcp_ulp_ops;

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	const struct tcp_ulp_ops *icsk_ulp_ops;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
	__u32 rcv_wup;
	__u32 rcv_wnd;
	__u64 bytes_acked;
	__u32 notsent_lowat;
	__u8 nonagle : 4;
	__u8 repair : 1;
	__u8 recvmsg_inq : 1;
	bool is_mptcp;
};

struct request_sock {
	struct sock_common __req_common;
};

struct inet_request_sock {
	struct request_sock req;
};

struct tcp_request_sock {
	struct inet_request_sock req;
	__u32 rcv_isn;
	__u32 snt_isn;
};

struct bpf_sock_ops_kern {
	struct sock *sk;
};

#pragma clang attribute pop

#endif /* SHORTCUT_KERNEL_H */
