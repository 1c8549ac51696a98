// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: its findings, and those of one cause as one.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

/* How long the names in a line may be, but for the first. */
#define NAMES_MAX	80

static struct finding *add(struct findings *findings)
{
	struct finding *list;

	list = reallocarray(findings->list, findings->count + 1,
			    sizeof(*list));
	if (!list) {
		findings->out_of_memory = true;
		return NULL;
	}
	findings->list = list;
	return memset(&list[findings->count++], 0, sizeof(*list));
}

static void fill(struct finding *finding, const char *check,
		 enum finding_state state, const char *remedy, const char *fmt,
		 va_list args)
{
	finding->check = check;
	finding->state = state;
	snprintf(finding->remedy, sizeof(finding->remedy), "%s",
		 remedy ? remedy : "");
	vsnprintf(finding->message, sizeof(finding->message), fmt, args);
}

void found(struct findings *findings, const char *check,
	   enum finding_state state, const char *remedy, const char *fmt, ...)
{
	struct finding *f = add(findings);
	va_list args;

	if (!f)
		return;
	va_start(args, fmt);
	fill(f, check, state, remedy, fmt, args);
	va_end(args);
}

void found_of(struct findings *findings, const char *check,
	      enum finding_state state, const char *object, const char *several,
	      const char *remedy, const char *fmt, ...)
{
	struct finding *f = add(findings);
	va_list args;

	if (!f)
		return;
	va_start(args, fmt);
	fill(f, check, state, remedy, fmt, args);
	va_end(args);
	snprintf(f->object, sizeof(f->object), "%s", object);
	f->several = several;
}

static bool is_same(const struct finding *a, const struct finding *b)
{
	return a->several && b->several && a->state == b->state &&
	       !strcmp(a->several, b->several);
}

/* The number of findings like @first, and the names of the first few. */
static size_t get_names(const struct findings *findings,
			const struct finding *first, char *names, size_t size)
{
	size_t i, count = 0, shown = 0, len = 0;

	for (i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->list[i];

		if (!is_same(first, f) || (count++ && len > NAMES_MAX))
			continue;
		len += snprintf(names + len, size - len, "%s%s",
				shown++ ? ", " : "", f->object);
	}
	if (count > shown)
		snprintf(names + len, size - len, " and %zu more",
			 count - shown);
	return count;
}

static bool was_told(const struct findings *told, const struct finding *finding)
{
	size_t i;

	for (i = 0; i < told->count; i++)
		if (is_same(&told->list[i], finding))
			return true;
	return false;
}

void group_findings(const struct findings *all, struct findings *groups)
{
	/* One more than NAMES_MAX has at its end, and " and N more". */
	char names[NAMES_MAX + IMS_NAME_MAX + 64];
	size_t i, count;

	for (i = 0; i < all->count; i++) {
		const struct finding *f = &all->list[i];
		struct finding *group;

		if (was_told(groups, f))
			continue;
		group = add(groups);
		if (!group)
			return;
		*group = *f;
		count = f->several ? get_names(all, f, names, sizeof(names)) : 1;
		if (count > 1)
			snprintf(group->message, sizeof(group->message),
				 "%zu %s: %s", count, f->several, names);
	}
}

void free_findings(struct findings *findings)
{
	free(findings->list);
}
