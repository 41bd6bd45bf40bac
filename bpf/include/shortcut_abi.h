/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The contract between the BPF programs and user space: map names, keys, values, limits and
 * counters. C and Swift both read this header; there is no second definition anywhere.
 */
#ifndef SHORTCUT_ABI_H
#define SHORTCUT_ABI_H

#include <linux/types.h>

/* Bumped with every change of a layout below; kept in the control map and compared by user space. */
#define SHORTCUT_ABI_VERSION 6

#define SHORTCUT_CONTAINER_ID_SIZE 128
#define SHORTCUT_INTERFACE_SIZE 16
#define SHORTCUT_ADDRESSES_MAX 8
#define SHORTCUT_PATH_SIZE 256
#define SHORTCUT_CGROUP_PATH_SIZE 512
#define SHORTCUT_NAMESPACE_SIZE 64
#define SHORTCUT_NAME_SIZE 256
#define SHORTCUT_UID_SIZE 64
#define SHORTCUT_NETWORK_SIZE 128
#define SHORTCUT_COMMAND_SIZE 16
#define SHORTCUT_SPLICERS_MAX 8

/* An IPv6 address in network byte order; IPv4 as ::ffff:a.b.c.d. */
struct shortcut_address {
	__u8 bytes[16];
};

/* allowlist: which sockets take part. */
struct shortcut_allow_key {
	__u64 netns_cookie;
	struct shortcut_address address;
};

enum shortcut_allow_flag {
	/* Blocking sockets too: the pod's operator vouches for it (annotation "all"). */
	SHORTCUT_ALLOW_BLOCKING = 1 << 0,
	/* Present, but no connection may use the shortcut now. */
	SHORTCUT_ALLOW_PAUSED = 1 << 1,
	/* The same, by the agent: traffic of the pod is shaped or mirrored. */
	SHORTCUT_ALLOW_HELD = 1 << 2,
	/* Of a loopback: another interface of the pod is, or was, registered too. */
	SHORTCUT_ALLOW_SHARED = 1 << 3,
};

struct shortcut_allow_value {
	__u32 flags;
	/* The ends of a pair must not differ in it; 0: not known, agrees with every other. */
	__u32 domain;
	/* Who wrote the entry: only that attachment's DEL removes it. FNV-1a 64 of its key. */
	__u64 owner;
};

/* attachments: the CNI plugin's whole state. Strings are NUL-padded. */
struct shortcut_attachment_key {
	char container_id[SHORTCUT_CONTAINER_ID_SIZE];
	char interface[SHORTCUT_INTERFACE_SIZE];
};

enum shortcut_attachment_flag {
	SHORTCUT_ATTACHMENT_BLOCKING = 1 << 0,
	/* Known, but switched off by configuration or annotation: it has no allowlist entry. */
	SHORTCUT_ATTACHMENT_DISABLED = 1 << 1,
	/* Its entries are written held: the agent releases them when it sees that nothing limits it. */
	SHORTCUT_ATTACHMENT_BARRED = 1 << 2,
};

struct shortcut_attachment {
	__u64 netns_cookie;
	/* 0: the runtime gave no cgroup path, or it could not be opened. */
	__u64 cgroup_id;
	/* CLOCK_REALTIME, nanoseconds. */
	__u64 created;
	__u32 flags;
	__u32 domain;
	__u32 address_count;
	__u32 pad;
	struct shortcut_address addresses[SHORTCUT_ADDRESSES_MAX];
	char netns_path[SHORTCUT_PATH_SIZE];
	char cgroup_path[SHORTCUT_CGROUP_PATH_SIZE];
	char pod_namespace[SHORTCUT_NAMESPACE_SIZE];
	char pod_name[SHORTCUT_NAME_SIZE];
	char pod_uid[SHORTCUT_UID_SIZE];
	/* Name of the CNI network: GC is asked for one network at a time. */
	char network[SHORTCUT_NETWORK_SIZE];
};

/*
 * While any of these bits is set there are no new pairs and no new joins, and every direction
 * leaves at its next message.
 */
enum shortcut_mode {
	SHORTCUT_MODE_RUNNING = 0,
	/* unload. */
	SHORTCUT_MODE_DRAINING = 1 << 0,
	/* Someone paused the node. */
	SHORTCUT_MODE_PAUSED = 1 << 1,
	/* The agent: all traffic of the node is mirrored. */
	SHORTCUT_MODE_HELD = 1 << 2,
};

/*
 * epoch: one element, key 0, a __u64: CLOCK_MONOTONIC in nanoseconds, written after each change of
 * the allowlist or of the node's network policy that may forbid something. A socket whose own copy
 * differs checks both its ends again and, if it is older than the change, sends its next message
 * over the stack. Apart from control, so that the CNI plugin's write and the loader's never undo
 * each other.
 */

/*
 * control: one element, key 0. Written by the loader; the mode also by whoever holds the pins' lock.
 * The first two stay where they are in every release: others read and write them.
 */
struct shortcut_control {
	__u32 abi_version;
	/* enum shortcut_mode */
	__u32 mode;
	/* Bound of one direction's queue: payload bytes, messages. */
	__u32 queue_bytes;
	__u32 queue_messages;
	/* SO_RCVBUF given to a receiver; bytes. */
	__u32 valve_receive_buffer;
	/* SO_SNDBUF given to a sender that met the bound; bytes. */
	__u32 valve_send_buffer;
	/* SO_SNDBUF given back to a sender that stays on the stack; bytes. */
	__u32 valve_send_buffer_open;
	/* Round-trip time from which a stack counts as slow; microseconds. */
	__u32 slow_round_trip;
	/* 1: the kernel adds redirected bytes to the receiver's sk_rmem_alloc (6.1.123, 6.12.8, 6.13). */
	__u32 receive_queue_accounted;
	/* Fault for one test alone: a direction joins without proof of order. */
	__u32 fault_join_unproven;
	/* 1: connections are paired however short the ones before them were. */
	__u32 pair_short_lived;
	/* What CPUs may have taken of TCP's memory without having counted it yet; pages. */
	__u32 memory_uncounted;
	/* 1: the kernel has TLS of its own. The agent writes it, too: its module may be loaded later. */
	__u32 kernel_tls;
	/* 1: TLS may take the shortcut all the same. */
	__u32 shorten_tls;
	/* Digest of the object file that the programs come from. */
	__u32 image;
	/*
	 * Names (task comm) of programs known to read in ways that do not see redirected bytes,
	 * such as splice(2): what they listen on or connect stays plain. NUL-padded.
	 */
	char splicers[SHORTCUT_SPLICERS_MAX][SHORTCUT_COMMAND_SIZE];
};

enum shortcut_accepted {
	SHORTCUT_ACCEPTED_UNKNOWN = 0,
	SHORTCUT_ACCEPTED_NONBLOCKING,
	SHORTCUT_ACCEPTED_BLOCKING,
	/* A known splicer listens, or somebody who hands connections to another protocol. */
	SHORTCUT_ACCEPTED_SPLICED,
};

/* programs: which program of which network namespace. */
struct shortcut_program {
	__u64 netns_cookie;
	/* Its task's comm, NUL-padded. */
	char command[SHORTCUT_COMMAND_SIZE];
};

/*
 * listeners: by the inode number of a listening socket, what accept() gives there.
 * programs: what sockets are once they are connected that did not block while they connected.
 */
struct shortcut_listener {
	__u32 accepted;
	__u32 pad;
	/* When that was seen; CLOCK_MONOTONIC, nanoseconds. */
	__u64 seen;
};

/*
 * habits: by a hash of a listener and a client's address, whether pairing their connections pays.
 * Short ones cost more than they gain, and clients that block once they are connected are evicted;
 * beyond a few of these in a row only a sample is paired.
 */
struct shortcut_habit {
	__u32 short_streak;
	/* Connections that may be paired all the same. */
	__u32 allowance;
	/* When the allowance was last raised; CLOCK_MONOTONIC, nanoseconds. */
	__u64 raised;
};

/* requests, clients: one half of a handshake, by both initial sequence numbers (host byte order). */
struct shortcut_handshake_key {
	__u32 client_next;
	__u32 server_next;
};

enum shortcut_handshake_side {
	/* requests: an allowed listener of this node has answered a SYN; no socket yet. */
	SHORTCUT_HANDSHAKE_REQUEST = 1,
	/* clients: an allowed client of this node was inserted and waits for its peer. */
	SHORTCUT_HANDSHAKE_CLIENT = 2,
	/* Both: another client or listener of this node has these numbers; nobody may pair by them. */
	SHORTCUT_HANDSHAKE_AMBIGUOUS = 3,
	/* requests: as the first, but what the listener's accept() gives is not known yet: look on. */
	SHORTCUT_HANDSHAKE_LEARNING = 4,
};

/* One end of a connection, as the other end sees it. */
struct shortcut_end {
	__u64 socket_cookie;
	/* Address of its struct tcp_sock: trusted only while the cookie found there is the above. */
	__u64 tcp_sock;
	__u64 netns_cookie;
	struct shortcut_address address;
	__u32 domain;
	__u32 flags;
};

struct shortcut_handshake {
	/* The key again, before and after: an element recycled while it is read shows. */
	struct shortcut_handshake_key head;
	__u32 side;
	__u32 pad;
	struct shortcut_end end;
	/* requests: keys in listeners and habits. */
	__u64 listener;
	__u64 habit;
	struct shortcut_handshake_key tail;
};

/*
 * Whether anything may be, or was, redirected to an end. Its sender opens it before the first
 * message, the end itself bars it to leave the sockhash: compare-and-swap decides who was first.
 */
enum shortcut_gate {
	SHORTCUT_GATE_FREE = 0,
	SHORTCUT_GATE_OPEN = 1,
	SHORTCUT_GATE_BARRED = 2,
};

enum shortcut_room {
	SHORTCUT_ROOM_AT_CLIENT = 1,
	SHORTCUT_ROOM_AT_SERVER = 2,
};

/* pairs: by the client's socket cookie, what both ends share. Made by the server. */
struct shortcut_pair {
	struct shortcut_end server;
	/* 1: the client has given up and left the sockhash; no server may pair with it. */
	__u32 abandoned;
	/* enum shortcut_gate */
	__u32 gate_to_client;
	__u32 gate_to_server;
	/* enum shortcut_room: whose receive buffer was too small for its sender. */
	__u32 room_wanted;
};

/* The sender's small SO_SNDBUF, which makes it block as TCP blocks. */
enum shortcut_valve {
	SHORTCUT_VALVE_IDLE = 0,
	/* The bound was met: set the buffer in the next callback that may. */
	SHORTCUT_VALVE_WANTED,
	SHORTCUT_VALVE_SET,
	/* The direction stays on the stack for another reason: give it a large buffer again. */
	SHORTCUT_VALVE_UNWANTED,
};

enum shortcut_path {
	SHORTCUT_PATH_STACK = 0,
	SHORTCUT_PATH_SHORTCUT = 1,
};

enum shortcut_leave {
	SHORTCUT_LEAVE_NONE = 0,
	/* The receiver's queue holds its bound of bytes or messages. */
	SHORTCUT_LEAVE_QUEUE,
	/* The receiver is not O_NONBLOCK and its pod does not allow blocking sockets. */
	SHORTCUT_LEAVE_BLOCKING,
	/* An end's allowlist entry is gone, paused or of another domain. */
	SHORTCUT_LEAVE_POLICY,
	/* unload. */
	SHORTCUT_LEAVE_DRAINING,
	/* The peer's socket is gone from the sockhash, or its memory is another socket's now. */
	SHORTCUT_LEAVE_PEER_GONE,
	/* Bytes went over the stack that the receiver has not consumed. */
	SHORTCUT_LEAVE_UNPROVEN,
	/* An upper layer protocol (kTLS) was put on one end, or may be. */
	SHORTCUT_LEAVE_UPPER_LAYER,
	/* A stream of small writes, which the stack puts together. */
	SHORTCUT_LEAVE_SMALL,
	/* SO_RCVLOWAT at the receiver or SO_ZEROCOPY at the sender, which the shortcut cannot keep. */
	SHORTCUT_LEAVE_OPTION,
	/* Long since the last packet: one shows every connection tracker that this one lives. */
	SHORTCUT_LEAVE_REFRESH,
	/* The receiver has shut down its sending side or has been evicted: nothing may begin. */
	SHORTCUT_LEAVE_BARRED,
	/* TCP has all the memory of the node that it may have, or nearly. */
	SHORTCUT_LEAVE_MEMORY,
	SHORTCUT_LEAVES,
};

enum shortcut_refusal {
	/* The client's socket is blocking and its pod does not allow that. */
	SHORTCUT_REFUSAL_BLOCKING_CLIENT = 0,
	/* What the listener accepts is blocking, or cannot be known, and its pod does not allow that. */
	SHORTCUT_REFUSAL_BLOCKING_SERVER,
	SHORTCUT_REFUSAL_DOMAIN,
	/* MPTCP, upper layer protocol, SO_ZEROCOPY. */
	SHORTCUT_REFUSAL_SOCKET_KIND,
	/* A port whose payload a NAT helper may rewrite. */
	SHORTCUT_REFUSAL_PORT,
	/* A map is full. */
	SHORTCUT_REFUSAL_FULL,
	/* Another program's sockmap owns the socket. */
	SHORTCUT_REFUSAL_OWNED,
	/* The client was inserted, but no server completed the handshake on this node. */
	SHORTCUT_REFUSAL_UNPAIRED,
	/* The two ends do not confirm each other although the numbers match. */
	SHORTCUT_REFUSAL_MISMATCH,
	/* Two clients of this node have the same numbers. */
	SHORTCUT_REFUSAL_AMBIGUOUS,
	/* The first connections of a listener show what its accept() gives. */
	SHORTCUT_REFUSAL_LEARNING,
	/* Connections between these two do not live long enough to gain. */
	SHORTCUT_REFUSAL_SHORT_LIVED,
	/* A known splicer listens or connects. */
	SHORTCUT_REFUSAL_SPLICER,
	SHORTCUT_REFUSALS,
};

/* Why a socket was taken out of the sockhash before it closed. */
enum shortcut_eviction {
	/* It, or its peer, turned out to be blocking. */
	SHORTCUT_EVICTION_BLOCKING = 0,
	/* shutdown(SHUT_WR), and nothing was ever redirected to it. */
	SHORTCUT_EVICTION_HALF_CLOSED,
	/* It streams small writes. */
	SHORTCUT_EVICTION_SMALL,
	/* SO_ZEROCOPY was set on it. */
	SHORTCUT_EVICTION_OPTION,
	/* It speaks TLS, which the kernel may be asked to take over. */
	SHORTCUT_EVICTION_UPPER_LAYER,
	SHORTCUT_EVICTIONS,
};

enum shortcut_role {
	/* In the sockhash. */
	SHORTCUT_ROLE_MEMBER = 0,
	/* Plain; watched to learn what its listener's accept() gives. */
	SHORTCUT_ROLE_LEARNER,
	/* Taken out of the sockhash. */
	SHORTCUT_ROLE_EVICTED,
	/* Plain; a known splicer connects it. */
	SHORTCUT_ROLE_SPLICED,
	/* Plain; its program is known to block once it is connected. */
	SHORTCUT_ROLE_LATE,
	/* Plain; watched to learn whether its program blocks once it is connected. */
	SHORTCUT_ROLE_CONNECTOR,
};

/* sockets: socket storage of each end in the sockhash; a direction is kept by its sender. */
struct shortcut_socket {
	struct shortcut_end self;
	/* peer.socket_cookie == 0: not paired (yet). */
	struct shortcut_end peer;
	struct shortcut_handshake_key handshake;
	/* Which one connects; a member's, once it has sent. */
	struct shortcut_program program;
	/* Key of what both ends share in pairs. */
	__u64 client_cookie;
	/* Keys in listeners (the server's alone) and habits. */
	__u64 listener;
	__u64 habit;
	__u64 epoch;
	/* enum shortcut_role */
	__u32 role;
	/* enum shortcut_path */
	__u32 path;
	__u32 last_leave;
	/* enum shortcut_gate of the direction to the peer, as far as this end knows. */
	__u32 gate;
	/* Its peer is to leave the sockhash too, or has left it: enum shortcut_eviction + 1. */
	__u32 evict_peer;
	/* This end is to leave the sockhash: enum shortcut_eviction + 1. */
	__u32 evict_self;
	/* write_seq before the first byte that took the stack after the last redirect. */
	__u32 leave_sequence;
	/* Since the receiver's queue was last seen empty. */
	__u32 queued_bytes;
	__u32 queued_messages;
	/* Result of the check of both ends that was made at the epoch above. */
	__u32 permitted;
	/* Small messages in a row that found the queue not empty; beyond a few, the stack has them. */
	__u32 small_messages;
	/* On the stack for that: checks in a row that found everything consumed. */
	__u32 small_idle;
	/* The stack's round trip is long: what it gains by putting writes together is more. */
	__u32 slow;
	/* sk_sndbuf as the valve set it; 0: it has not. Another value there is the program's. */
	__u32 valve_buffer;
	/* enum shortcut_valve */
	__u32 valve;
	/* Messages of this end on either path, up to a few. */
	__u32 lived;
	/* Bytes on the stack since the last redirect that waited for proof. */
	__u32 unproven_bytes;
	/* Something was redirected to this end: it cannot leave the sockhash by itself. */
	__u32 stays;
	/* rcv_nxt when it last moved, small messages since, and whether anything ever came. */
	__u32 heard;
	__u32 unheard;
	__u32 answered;
	/* The peer was told that its receive buffer is too small. */
	__u32 room_asked;
	/* The receiver was seen not to block; jiffies, odd, when it was first seen to block, 0: never. */
	__u32 reader_suited;
	__u32 reader_blocks_since;
	/* Callbacks for headers, for round trips: asked for by this datapath, not by another program. */
	__u32 awaits_room;
	__u32 watches;
	/* CLOCK_MONOTONIC, nanoseconds, of the first small message of those unheard. */
	__u64 unheard_since;
	/* Jiffies of the last message on each path. */
	__u64 last_shortcut;
	__u64 last_stack;
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 created;
	__u64 shortcut_messages;
	__u64 shortcut_bytes;
	__u64 stack_messages;
	__u64 stack_bytes;
};

/*
 * What is told of each socket in sockets to those who list connections; in no map. A socket whose
 * role is none of the sockhash's has told nothing of itself but its ports.
 */
struct shortcut_connection {
	/* Not "self", which Swift cannot name. */
	struct shortcut_end own;
	/* socket_cookie == 0: not paired. */
	struct shortcut_end peer;
	/* Where the socket believes its peer is: before any address translation. */
	struct shortcut_address remote;
	__u64 client_cookie;
	/* CLOCK_MONOTONIC, nanoseconds. */
	__u64 created;
	__u64 shortcut_messages;
	__u64 shortcut_bytes;
	__u64 stack_messages;
	__u64 stack_bytes;
	/* Bytes of it that arrived over the stack, whoever counted; a client's SYN is one. */
	__u64 acknowledged;
	/* enum shortcut_role */
	__u32 role;
	/* enum shortcut_path */
	__u32 path;
	/* enum shortcut_leave */
	__u32 last_leave;
	/* enum shortcut_gate */
	__u32 gate;
	/* enum shortcut_valve */
	__u32 valve;
	__u32 permitted;
	/* The kernel's TCP_ESTABLISHED and so on. */
	__u32 state;
	/* Host byte order. */
	__u16 local_port;
	__u16 remote_port;
};

/* counters: one element, per CPU. */
struct shortcut_counters {
	__u64 pairs;
	__u64 joins;
	__u64 shortcut_messages;
	__u64 shortcut_bytes;
	__u64 stack_messages;
	__u64 stack_bytes;
	__u64 leaves[SHORTCUT_LEAVES];
	__u64 refusals[SHORTCUT_REFUSALS];
	__u64 evictions[SHORTCUT_EVICTIONS];
};

#endif /* SHORTCUT_ABI_H */
