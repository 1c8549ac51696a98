// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last calls of each process, in memory that they share: the memory of a PCI
 * device that QEMU has from a file of the host, when there is one, so that they are
 * told also when the kernel is no more.
 */
#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define CALLS		32
#define TEXT		232

struct ring_entry {
	uint64_t n;		/* counted from 1; 0: unused */
	int32_t result;
	uint32_t state;		/* under way, done, done and an allocation failed */
	char text[TEXT];
};

enum { UNDER_WAY, DONE, FAILED_ONE };

struct ring {
	struct ring_entry entries[NR_PROCESSES][CALLS];
};

static struct ring *ring;
static struct ring_entry *mine, *entry;
static size_t length;

void ring_open(const char *path)
{
	int fd = -1;

	if (path) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			err(1, "%s", path);
	}
	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE,
		    MAP_SHARED | (path ? 0 : MAP_ANONYMOUS), fd, 0);
	if (ring == MAP_FAILED)
		err(1, "%s", path ? path : "mmap");
	if (path)
		close(fd);
}

void ring_begin(unsigned int process)
{
	mine = ring->entries[process];
}

void ring_call(uint64_t n, const char *kind)
{
	entry = &mine[n % CALLS];
	entry->n = 0;
	entry->state = UNDER_WAY;
	length = snprintf(entry->text, TEXT, "%s", kind);
	entry->n = n + 1;
}

void ring_note(const char *format, ...)
{
	char text[TEXT];
	va_list args;
	size_t len;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	len = strlen(text);
	if (len > TEXT - 2 - length)
		len = TEXT - 2 - length;
	entry->text[length] = ' ';
	memcpy(entry->text + length + 1, text, len);
	length += 1 + len;
	entry->text[length] = '\0';
	if (length > TEXT - 3)
		length = TEXT - 3;
}

void ring_result(int ret, bool failed_one)
{
	entry->result = ret;
	entry->state = failed_one ? FAILED_ONE : DONE;
}

static void tell_process(FILE *out, const struct ring_entry *entries)
{
	const struct ring_entry *e;
	uint64_t last = 0, n;
	unsigned int i;

	for (i = 0; i < CALLS; i++)
		if (entries[i].n > last)
			last = entries[i].n;
	for (n = last > CALLS ? last - CALLS + 1 : 1; n <= last; n++) {
		e = &entries[(n - 1) % CALLS];
		if (e->n != n)
			continue;
		fprintf(out, "#   %llu: %.*s: ", (unsigned long long)(n - 1), TEXT,
			e->text);
		if (e->state == UNDER_WAY)
			fprintf(out, "under way\n");
		else
			fprintf(out, "%s%s\n", e->result > 0 ? "nothing" :
				e->result ? strerror(-e->result) : "ok",
				e->state == FAILED_ONE ?
				" (an allocation failed)" : "");
	}
}

void ring_tell(FILE *out)
{
	unsigned int i;

	for (i = 0; i < NR_PROCESSES; i++) {
		if (!ring->entries[i][0].n)
			continue;
		fprintf(out, "# process %u:\n", i);
		tell_process(out, ring->entries[i]);
	}
}
