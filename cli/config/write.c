// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations and their differences as text, ranges of vectors folded.
 */
#include <inttypes.h>
#include <string.h>

#include "config/config.h"

bool setting_differs(const struct config *file, const struct config *device,
		     enum setting_id id)
{
	const struct setting *wanted = &file->settings[id];
	const struct setting *is = &device->settings[id];

	return wanted->said && (!is->said || wanted->value != is->value);
}

bool same_part(const struct vector_setting *a,
	       const struct vector_setting *b, enum vector_part part)
{
	if (part == PART_COOKIE)
		return a->kind == b->kind &&
		       (a->kind != VECTOR_COOKIE || a->cookie == b->cookie);
	if (part == PART_RATE)
		return a->has_rate == b->has_rate && a->rate == b->rate;
	return a->has_affinity == b->has_affinity &&
	       !strcmp(a->affinity ? a->affinity : "",
		       b->affinity ? b->affinity : "");
}

bool has_part(const struct vector_setting *vector, enum vector_part part)
{
	if (part == PART_COOKIE)
		return vector->kind != VECTOR_UNSAID;
	return part == PART_RATE ? vector->has_rate : vector->has_affinity;
}

bool vector_differs(const struct config *file, const struct config *device,
		    uint32_t index, enum vector_part part)
{
	return index < file->num_vectors &&
	       has_part(&file->vectors[index], part) &&
	       !same_part(&file->vectors[index], &device->vectors[index], part);
}

bool vector_text(const struct vector_setting *vector, enum vector_part part,
		 char text[PART_SIZE])
{
	if (!has_part(vector, part))
		return false;
	if (part == PART_AFFINITY)
		snprintf(text, PART_SIZE, "affinity %s",
			 vector->affinity ? vector->affinity : "default");
	else if (part == PART_RATE && vector->rate)
		snprintf(text, PART_SIZE, "rate-limit %" PRIu32, vector->rate);
	else if (part == PART_RATE)
		snprintf(text, PART_SIZE, "rate-limit default");
	else if (vector->kind == VECTOR_COOKIE)
		snprintf(text, PART_SIZE, "cookie 0x%" PRIx64, vector->cookie);
	else
		snprintf(text, PART_SIZE, "%s",
			 vector->kind == VECTOR_EMULATED ? "emulated" :
							   "cookie default");
	return true;
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
		for (id = 0; id < NUM_PARTS; id++)
			count += vector_differs(file, device, i, id);
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

/* Prints nothing when @setting does not have the part. */
static void print_range(FILE *out, const char *prefix, uint32_t first,
			uint32_t last, const struct vector_setting *setting,
			enum vector_part part)
{
	char text[PART_SIZE];

	if (!vector_text(setting, part, text))
		return;
	fprintf(out, "%svector %" PRIu32, prefix, first);
	if (last != first)
		fprintf(out, "-%" PRIu32, last);
	fprintf(out, " %s\n", text);
}

static void print_vectors(FILE *out, const struct config *config,
			  enum vector_part part)
{
	const struct vector_setting *v = config->vectors;
	uint32_t first, last;

	for (first = 0; first < config->num_vectors; first = last + 1) {
		last = first;
		while (last + 1 < config->num_vectors &&
		       same_part(&v[first], &v[last + 1], part))
			last++;
		print_range(out, "", first, last, &v[first], part);
	}
}

void config_print(FILE *out, const struct config *config)
{
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
	fputs("\n# Most interrupts a second of vectors without a limit of their own; 0: all.\n",
	      out);
	print_setting(out, "", SETTING_RATE_LIMIT,
		      &config->settings[SETTING_RATE_LIMIT]);
	print_vectors(out, config, PART_RATE);
	fputs("\n# Cookies. Emulated vectors have none; which these are is said by the\n"
	      "# device's driver, and only checked.\n", out);
	for (id = SETTING_DEFAULT_COOKIE; id < NUM_SETTINGS; id++)
		print_setting(out, "", id, &config->settings[id]);
	print_vectors(out, config, PART_COOKIE);
	fputs("\n# CPUs that may get the interrupts.\n", out);
	print_vectors(out, config, PART_AFFINITY);
}

static void print_vector_differences(const struct config *file,
				     const struct config *device,
				     enum vector_part part)
{
	const struct vector_setting *f = file->vectors, *d = device->vectors;
	uint32_t first, last;

	for (first = 0; first < device->num_vectors; first = last + 1) {
		last = first;
		if (!vector_differs(file, device, first, part))
			continue;
		while (last + 1 < device->num_vectors &&
		       vector_differs(file, device, last + 1, part) &&
		       same_part(&f[first], &f[last + 1], part) &&
		       same_part(&d[first], &d[last + 1], part))
			last++;
		print_range(stdout, "-", first, last, &f[first], part);
		print_range(stdout, "+", first, last, &d[first], part);
	}
}

void config_print_difference(const struct config *file,
			     const struct config *device)
{
	int id;

	printf("--- %s\n+++ device %s\n", file->file, device->device);
	for (id = 0; id < NUM_SETTINGS; id++) {
		if (!setting_differs(file, device, id))
			continue;
		print_setting(stdout, "-", id, &file->settings[id]);
		print_setting(stdout, "+", id, &device->settings[id]);
	}
	for (id = 0; id < NUM_PARTS; id++)
		print_vector_differences(file, device, id);
}
