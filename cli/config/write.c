// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations and their differences as text, ranges of vectors folded.
 */
#include <inttypes.h>

#include "config/config.h"

bool setting_differs(const struct config *file, const struct config *device,
		     enum setting_id id)
{
	const struct setting *wanted = &file->settings[id];
	const struct setting *is = &device->settings[id];

	return wanted->said && (!is->said || wanted->value != is->value);
}

static bool same_vector(const struct vector_setting *a,
			const struct vector_setting *b)
{
	return a->kind == b->kind &&
	       (a->kind != VECTOR_COOKIE || a->cookie == b->cookie);
}

bool vector_differs(const struct config *file, const struct config *device,
		    uint32_t index)
{
	return index < file->num_vectors &&
	       file->vectors[index].kind != VECTOR_UNSAID &&
	       !same_vector(&file->vectors[index], &device->vectors[index]);
}

size_t config_differences(const struct config *file,
			  const struct config *device)
{
	size_t count = 0;
	uint32_t i;
	int id;

	for (id = 0; id < NUM_SETTINGS; id++)
		count += setting_differs(file, device, id);
	for (i = 0; i < device->num_vectors; i++)
		count += vector_differs(file, device, i);
	return count;
}

void setting_text(enum setting_id id, uint64_t value, char text[CELL_SIZE])
{
	const char *name;

	if (id == SETTING_BYPASS) {
		name = ims_bypass_mode_name(value);
		if (name) {
			snprintf(text, CELL_SIZE, "%s", name);
			return;
		}
	}
	snprintf(text, CELL_SIZE, id == SETTING_DEFAULT_COOKIE ?
		 "0x%" PRIx64 : "%" PRIu64, value);
}

static void print_setting(FILE *out, const char *prefix, enum setting_id id,
			  const struct setting *setting)
{
	char text[CELL_SIZE];

	if (!setting->said)
		return;
	setting_text(id, setting->value, text);
	fprintf(out, "%s%s %s\n", prefix, setting_names[id], text);
}

static void print_vectors(FILE *out, const char *prefix, uint32_t first,
			  uint32_t last, const struct vector_setting *setting)
{
	fprintf(out, "%svector %" PRIu32, prefix, first);
	if (last != first)
		fprintf(out, "-%" PRIu32, last);
	if (setting->kind == VECTOR_EMULATED)
		fputs(" emulated\n", out);
	else if (setting->kind == VECTOR_DEFAULT)
		fputs(" cookie default\n", out);
	else
		fprintf(out, " cookie 0x%" PRIx64 "\n", setting->cookie);
}

void config_print(FILE *out, const struct config *config)
{
	const struct vector_setting *v = config->vectors;
	uint32_t first, last;
	int id;

	fprintf(out, "# Configuration of a virtual device, see imsctl-save(8).\n"
		"version %d\n"
		"device %s\n", CONFIG_VERSION, config->device);
	if (config->uuid[0])
		fprintf(out, "uuid %s\n", config->uuid);

	fputs("\n# Slots of the store: most, and guaranteed.\n", out);
	print_setting(out, "", SETTING_LIMIT,
		      &config->settings[SETTING_LIMIT]);
	print_setting(out, "", SETTING_RESERVATION,
		      &config->settings[SETTING_RESERVATION]);
	if (config->settings[SETTING_BYPASS].said)
		fputs("\n# May hardware post interrupts straight to vCPUs: auto, on, off.\n",
		      out);
	print_setting(out, "", SETTING_BYPASS,
		      &config->settings[SETTING_BYPASS]);
	fputs("\n# Cookies. Emulated vectors have none; which these are is said by the\n"
	      "# device's driver, and only checked.\n", out);
	for (id = SETTING_DEFAULT_COOKIE; id < NUM_SETTINGS; id++)
		print_setting(out, "", id, &config->settings[id]);
	for (first = 0; first < config->num_vectors; first = last + 1) {
		last = first;
		while (last + 1 < config->num_vectors &&
		       same_vector(&v[first], &v[last + 1]))
			last++;
		print_vectors(out, "", first, last, &v[first]);
	}
}

void config_print_difference(const struct config *file,
			     const struct config *device)
{
	const struct vector_setting *f = file->vectors, *d = device->vectors;
	uint32_t first, last;
	int id;

	printf("--- %s\n+++ device %s\n", file->file, device->device);
	for (id = 0; id < NUM_SETTINGS; id++) {
		if (!setting_differs(file, device, id))
			continue;
		print_setting(stdout, "-", id, &file->settings[id]);
		print_setting(stdout, "+", id, &device->settings[id]);
	}
	for (first = 0; first < device->num_vectors; first = last + 1) {
		last = first;
		if (!vector_differs(file, device, first))
			continue;
		while (last + 1 < device->num_vectors &&
		       vector_differs(file, device, last + 1) &&
		       same_vector(&f[first], &f[last + 1]) &&
		       same_vector(&d[first], &d[last + 1]))
			last++;
		print_vectors(stdout, "-", first, last, &f[first]);
		print_vectors(stdout, "+", first, last, &d[first]);
	}
}
