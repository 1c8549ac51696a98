// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations and their differences as JSON: what a line of a file says, for
 * each vector on its own.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "config/config.h"

struct setting_row {
	const struct config *file;
	const struct config *device;
	/* NUM_SETTINGS: it is about @part of @vector. */
	enum setting_id id;
	uint32_t vector;
	enum vector_part part;
};

static bool get_device(const void *object, struct cell *cell)
{
	const struct setting_row *row = object;

	return cell_string(row->device->device, cell);
}

static bool get_setting(const void *object, struct cell *cell)
{
	const struct setting_row *row = object;

	return cell_string(row->id < NUM_SETTINGS ? setting_names[row->id] :
			   "vector", cell);
}

static bool get_vector(const void *object, struct cell *cell)
{
	const struct setting_row *row = object;

	cell->number = row->vector;
	return row->id == NUM_SETTINGS;
}

static bool get_value(const struct setting_row *row,
		      const struct config *config, struct cell *cell)
{
	const struct setting *s;
	char text[PART_SIZE];

	if (row->id == NUM_SETTINGS)
		return vector_text(&config->vectors[row->vector], row->part,
				   text) && cell_string(text, cell);

	s = &config->settings[row->id];
	setting_text(row->id, s->value, cell->string);
	return s->said;
}

static bool get_of_file(const void *object, struct cell *cell)
{
	const struct setting_row *row = object;

	return get_value(row, row->file, cell);
}

static bool get_of_device(const void *object, struct cell *cell)
{
	const struct setting_row *row = object;

	return get_value(row, row->device, cell);
}

#define COMMON_COLUMNS							\
	{ "DEVICE", "device", COLUMN_STRING, IN_JSON | ALWAYS,		\
	  "name of the device", get_device },				\
	{ "SETTING", "setting", COLUMN_STRING, IN_JSON | ALWAYS,	\
	  "limit, reservation, bypass, rate-limit, default-cookie or vector", get_setting }, \
	{ "VECTOR", "vector", COLUMN_NUMBER, IN_JSON,			\
	  "number of the vector, of such a setting", get_vector }

static const struct column setting_columns[] = {
	COMMON_COLUMNS,
	{ "VALUE", "value", COLUMN_STRING, IN_JSON,
	  "value, as a file has it", get_of_device },
	{ 0 },
};

const struct table setting_table = {
	.object = "setting",
	.objects = "settings",
	.columns = setting_columns,
};

static const struct column difference_columns[] = {
	COMMON_COLUMNS,
	{ "FILE", "file_value", COLUMN_STRING, IN_JSON | ALWAYS,
	  "what the file says", get_of_file },
	{ "IS", "device_value", COLUMN_STRING, IN_JSON,
	  "what the device has", get_of_device },
	{ 0 },
};

const struct table difference_table = {
	.object = "difference",
	.objects = "differences",
	.columns = difference_columns,
};

static const void *row_at(const void *list, size_t position)
{
	const struct setting_row *rows = list;

	return &rows[position];
}

/* Of a vector: a difference, or if there is no file what the device has. */
static bool is_told(const struct setting_row *row)
{
	char text[PART_SIZE];

	if (row->file)
		return vector_differs(row->file, row->device, row->vector,
				      row->part);
	return vector_text(&row->device->vectors[row->vector], row->part, text);
}

enum exit_code config_print_json(const struct config *file,
				 const struct config *device)
{
	struct setting_row row = { .file = file, .device = device };
	struct rows rows = { .at = row_at };
	struct selection selection;
	struct setting_row *list;

	list = calloc((size_t)device->num_vectors * NUM_PARTS + NUM_SETTINGS,
		      sizeof(*list));
	if (!list)
		return out_of_memory();

	for (row.id = 0; row.id < NUM_SETTINGS; row.id++)
		if (!file || setting_differs(file, device, row.id))
			list[rows.count++] = row;
	for (; row.vector < device->num_vectors; row.vector++)
		for (row.part = 0; row.part < NUM_PARTS; row.part++)
			if (is_told(&row))
				list[rows.count++] = row;

	rows.list = list;
	select_view(file ? &difference_table : &setting_table, IN_JSON,
		    &selection);
	print_json(&selection, &rows);
	free(list);
	return EXIT_DONE;
}
