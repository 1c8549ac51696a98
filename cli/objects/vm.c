// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which virtual machine has a device open: what /proc tells of the process that
 * opened it. The process chooses most of that itself, so that it is text as doubtful
 * as its command name, and no more than a few kilobytes of it are read.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* For its files. */
#include "doctor/doctor.h"
#include "objects/objects.h"

/* Most that is read of a file. libvirt gives -name first of all options. */
#define FILE_SIZE	4096

/* False when devices are those of a capture, whose processes are not here. */
static bool is_here = true;

/*
 * The last answer, for the vectors of a device come one after the other. A device's
 * number is not used again.
 */
static struct {
	bool valid;
	uint32_t id;
	uint32_t pid;
	char name[CELL_SIZE];
} last;

void vm_look_here(bool here)
{
	is_here = here;
	last.valid = false;
}

/* Bytes that were read; behind them there is a '\0'. */
static size_t read_file(uint32_t pid, const char *name, char *text)
{
	char path[64];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, name);
	text[0] = '\0';
	file = open_file(path);
	if (!file)
		return 0;

	len = fread(text, 1, FILE_SIZE - 1, file);
	text[len] = '\0';
	fclose(file);
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
		if (len < CELL_SIZE - 1)
			part[len++] = *value;
	}
	part[len] = '\0';
	return *value ? value : NULL;
}

/* "NAME", "guest=NAME,debug-threads=on" and the like, as QEMU understands them. */
static void take_guest(const char *value, char *name)
{
	static const char key[] = "guest=";
	char part[CELL_SIZE];
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

	while (text < end && n < CELL_SIZE - 1) {
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

/* libvirt registers its domain as machine "qemu-NUMBER-DOMAIN". */
static void drop_libvirts_prefix(char *name)
{
	const char *rest;

	if (strncmp(name, "qemu-", strlen("qemu-")))
		return;
	rest = name + strlen("qemu-");
	rest += strspn(rest, "0123456789");
	if (rest[0] == '-' && rest[1] && isdigit((unsigned char)rest[-1]))
		memmove(name, rest + 1, strlen(rest));
}

/* The machine whose scope, "machine-NAME.scope", systemd has put the process into. */
static bool name_of_scope(uint32_t pid, char *name)
{
	static const char begin[] = "/machine-", end[] = ".scope";
	char text[FILE_SIZE];
	const char *unit = text;
	size_t len;

	read_file(pid, "cgroup", text);
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

bool cell_vm(const struct ims_device *device, struct cell *cell)
{
	const char *comm = ims_device_get_owner_comm(device);
	uint32_t id, pid;

	if (!is_here || !comm || ims_device_get_id(device, &id) ||
	    ims_device_get_owner_pid(device, &pid))
		return false;

	if (!last.valid || last.id != id || last.pid != pid) {
		last.valid = true;
		last.id = id;
		last.pid = pid;
		if (!is_process(pid, comm))
			last.name[0] = '\0';
		else if (!name_of_qemu(pid, last.name) &&
			 !name_of_scope(pid, last.name))
			snprintf(last.name, sizeof(last.name), "%s", comm);
	}
	return last.name[0] && cell_string(last.name, cell);
}
