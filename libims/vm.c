// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which virtual machine has a device open: what /proc tells of the process that
 * opened it. The process chooses most of that itself, so that it is text as doubtful
 * as its command name, and no more than a few kilobytes of it are read.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "sys.h"

/* Most that is read of a file. libvirt gives -name first of all options. */
#define FILE_SIZE	4096

#define NAME_SIZE	(IMS_VM_NAME_MAX + 1)

/* Bytes that were read; behind them there is a '\0'. */
static size_t read_file(uint32_t pid, const char *name, char *text)
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, name);
	len = ims_sys_read_file(path, text, FILE_SIZE - 1);
	if (len < 0)
		len = 0;
	text[len] = '\0';
	return len;
}

/* Is it still the one that opened the device, or has another its number now? */
static bool is_process(uint32_t pid, const char *comm)
{
	char text[FILE_SIZE];
	size_t len = read_file(pid, "comm", text);

	/* The kernel ends it with a line feed; the name may have others. */
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	return len && !strcmp(text, comm);
}

static bool is_qemu(const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;

	return !strncmp(name, "qemu", strlen("qemu")) || !strcmp(name, "kvm");
}

/*
 * The part of an option's value at @value into @part, and where the next one begins,
 * or NULL. Parts are separated by commas; two of them stand for one that is meant.
 */
static const char *next_part(const char *value, char *part)
{
	size_t len = 0;

	for (; *value; value++) {
		if (*value == ',' && *++value != ',')
			break;
		if (len < NAME_SIZE - 1)
			part[len++] = *value;
	}
	part[len] = '\0';
	return *value ? value : NULL;
}

/* "NAME", "guest=NAME,debug-threads=on" and the like, as QEMU understands them. */
static void take_guest(const char *value, char *name)
{
	static const char key[] = "guest=";
	char part[NAME_SIZE];
	bool first = true;

	for (; value; first = false) {
		value = next_part(value, part);
		if (!strncmp(part, key, strlen(key)))
			strcpy(name, part + strlen(key));
		else if (first && !strchr(part, '='))
			strcpy(name, part);
	}
}

/* What QEMU was told by -name. Of several options the last one counts. */
static bool name_of_qemu(uint32_t pid, char *name)
{
	char text[FILE_SIZE];
	const char *end = text + read_file(pid, "cmdline", text);
	const char *word, *value;

	if (!is_qemu(text))
		return false;

	name[0] = '\0';
	for (word = text; word < end; word = value) {
		value = word + strlen(word) + 1;
		/* One whose '\0' was not read may be longer than that. */
		if ((!strcmp(word, "-name") || !strcmp(word, "--name")) &&
		    value < end && value + strlen(value) < end)
			take_guest(value, name);
	}
	return name[0];
}

/* A part of a unit's name, in which "\x2d" is a '-'. */
static void unescape(const char *text, size_t len, char *name)
{
	const char *end = text + len;
	unsigned int byte;
	size_t n = 0;

	while (text < end && n < NAME_SIZE - 1) {
		if (end - text >= 4 && text[0] == '\\' && text[1] == 'x' &&
		    isxdigit((unsigned char)text[2]) &&
		    isxdigit((unsigned char)text[3]) &&
		    sscanf(text + 2, "%2x", &byte) == 1 && byte) {
			name[n++] = byte;
			text += 4;
		} else {
			name[n++] = *text++;
		}
	}
	name[n] = '\0';
}

/* libvirt registers its domain as machine "qemu-NUMBER-DOMAIN", or "lxc-". */
static void drop_libvirts_prefix(char *name)
{
	const char *rest;

	if (!strncmp(name, "qemu-", strlen("qemu-")))
		rest = name + strlen("qemu-");
	else if (!strncmp(name, "lxc-", strlen("lxc-")))
		rest = name + strlen("lxc-");
	else
		return;
	rest += strspn(rest, "0123456789");
	if (rest[0] == '-' && rest[1] && isdigit((unsigned char)rest[-1]))
		memmove(name, rest + 1, strlen(rest));
}

/* The machine whose scope, "machine-NAME.scope", systemd has put the process into. */
static bool name_of_scope(const char *cgroup, char *name)
{
	static const char begin[] = "/machine-", end[] = ".scope";
	const char *unit = cgroup;
	size_t len;

	while ((unit = strstr(unit, begin))) {
		unit += strlen(begin);
		len = strcspn(unit, "/\n");
		if (len <= strlen(end) ||
		    strncmp(unit + len - strlen(end), end, strlen(end)))
			continue;
		unescape(unit, len - strlen(end), name);
		drop_libvirts_prefix(name);
		return true;
	}
	return false;
}

/* Containers have an id of 64 hexadecimal digits, and are known by the first of them. */
#define ID_LEN		64
#define ID_SHOWN	12

/*
 * The container whose control group the process is in: "docker-ID.scope",
 * "libpod-ID.scope", "cri-containerd-ID.scope", or "ID" alone.
 */
static bool name_of_container(const char *cgroup, char *name)
{
	static const char digits[] = "0123456789abcdef";
	const char *text = cgroup;
	size_t len;

	while (*(text += strcspn(text, digits))) {
		len = strspn(text, digits);
		/* Not the end of a word. */
		if (len == ID_LEN && text != cgroup &&
		    strchr("/-:", text[-1]) && strchr("./\n", text[len])) {
			snprintf(name, NAME_SIZE, "%.*s", ID_SHOWN, text);
			return true;
		}
		text += len;
	}
	return false;
}

/* @name has NAME_SIZE bytes. */
static int name_of_process(uint32_t pid, const char *comm, char *name)
{
	char cgroup[FILE_SIZE];

	if (!is_process(pid, comm))
		return -ENODATA;
	if (name_of_qemu(pid, name))
		return 0;

	read_file(pid, "cgroup", cgroup);
	if (!name_of_scope(cgroup, name) && !name_of_container(cgroup, name))
		snprintf(name, NAME_SIZE, "%s", comm);
	return name[0] ? 0 : -ENODATA;
}

IMS_PUBLIC int ims_device_find_vm(const struct ims_ctx *ctx,
				  const struct ims_device *device, char *name,
				  size_t size)
{
	const char *comm = ims_device_get_owner_comm(device);
	char found[NAME_SIZE];
	uint32_t pid;
	int err;

	if (!ctx || !device || !name || !size)
		return -EINVAL;

	if (ctx->capture)
		err = ims_capture_find_vm(ctx->capture, device->id, found);
	else if (comm && !ims_device_get_owner_pid(device, &pid))
		err = name_of_process(pid, comm, found);
	else
		err = -ENODATA;
	if (!err)
		snprintf(name, size, "%s", found);
	return err;
}
