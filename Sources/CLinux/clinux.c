// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"
#include "closing.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif
#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

int clinux_enter_network_namespace(int fd)
{
	return setns(fd, CLONE_NEWNET);
}

int clinux_unshare_network_namespace(void)
{
	return unshare(CLONE_NEWNET);
}

int clinux_is_bpf_filesystem(const char *path)
{
	struct statfs status;

	if (statfs(path, &status) == -1)
		return -1;
	return (unsigned long)status.f_type == BPF_FS_MAGIC;
}

int clinux_mount_bpf_filesystem(const char *path)
{
	return mount("bpffs", path, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700");
}

int clinux_unmount(const char *path)
{
	return umount2(path, MNT_DETACH);
}

static int is_namespace(int fd)
{
	struct statfs status;

	if (fstatfs(fd, &status) == -1)
		return 0;
	if (status.f_type != NSFS_MAGIC)
		errno = EINVAL;
	return status.f_type == NSFS_MAGIC;
}

int clinux_open_namespace(const char *path)
{
	char link[32];
	int found = open(path, O_PATH | O_CLOEXEC);

	if (found == -1)
		return -1;
	if (!is_namespace(found))
		return close_keeping_errno(found, -1);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", found);
	return close_keeping_errno(found, open(link, O_RDONLY | O_CLOEXEC));
}

int clinux_enter_cgroup_namespace(const char *path)
{
	int fd = clinux_open_namespace(path);

	if (fd == -1)
		return -1;
	return close_keeping_errno(fd, setns(fd, CLONE_NEWCGROUP));
}

int clinux_network_namespace_cookie(uint64_t *cookie)
{
	socklen_t length = sizeof(*cookie);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	return close_keeping_errno(
		fd, getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &length));
}

/* What kernfs makes of a file handle: its 64-bit node identifier. */
#define FILEID_KERNFS 0xfe

struct control_group_handle {
	struct file_handle handle;
	unsigned char bytes[sizeof(uint64_t)];
} __attribute__((aligned(8)));

int clinux_control_group_identifier(const char *path, uint64_t *identifier)
{
	struct control_group_handle target = { .handle.handle_bytes = sizeof(uint64_t) };
	int mount_id;

	if (name_to_handle_at(AT_FDCWD, path, &target.handle, &mount_id, 0) == -1)
		return -1;
	memcpy(identifier, target.handle.f_handle, sizeof(*identifier));
	return 0;
}

int clinux_open_control_group(const char *root, uint64_t identifier)
{
	struct control_group_handle target = {
		.handle = { .handle_bytes = sizeof(uint64_t), .handle_type = FILEID_KERNFS },
	};
	int mount = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (mount == -1)
		return -1;
	memcpy(target.handle.f_handle, &identifier, sizeof(identifier));
	return close_keeping_errno(
		mount, open_by_handle_at(mount, &target.handle, O_RDONLY | O_CLOEXEC));
}

ssize_t clinux_path_of_descriptor(int fd, char *path, size_t size)
{
	char link[32];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, size - 1);
	if (length != -1)
		path[length] = '\0';
	return length;
}

int clinux_kernel_release(char *release, size_t size)
{
	struct utsname name;

	if (uname(&name) == -1)
		return -1;
	snprintf(release, size, "%s", name.release);
	return 0;
}

int clinux_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	return close_keeping_errno(fd, ioctl(fd, SIOCSIFFLAGS, &request));
}

int clinux_open(const char *path, int flags, mode_t mode)
{
	return open(path, flags | O_CLOEXEC, mode);
}
