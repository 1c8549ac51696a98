// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON output: an array of flat objects, one on a line. libsmartcols' JSON always is
 * one object with the array in it, and takes cells that were made for the eye.
 */
#include <inttypes.h>

#include "shared/table.h"

void json_string(const char *text)
{
	const char *next;
	char32_t c;

	putchar('"');
	for (; *text; text = next) {
		next = text_next(text, &c);
		if (c == '"' || c == '\\')
			printf("\\%c", (char)c);
		else if (c < 0x20 || c == 0x7f || c == 0xfffd)
			printf("\\u%04x", (unsigned int)c);
		else
			fwrite(text, next - text, 1, stdout);
	}
	putchar('"');
}

static void print_value(const struct column *column, const void *object)
{
	struct cell cell;

	if (!column->get(object, &cell)) {
		fputs("null", stdout);
		return;
	}

	switch (column->type) {
	case COLUMN_STRING:
	case COLUMN_DEVICE:
	case COLUMN_ADDRESS:
		json_string(cell.string);
		break;
	case COLUMN_NUMBER:
	case COLUMN_TIME:
		printf("%" PRIu64, cell.number);
		break;
	case COLUMN_RATE:
		printf("%" PRIu64 ".%03" PRIu64, cell.number / 1000,
		       cell.number % 1000);
		break;
	case COLUMN_COOKIE:
		printf("\"0x%" PRIx64 "\"", cell.number);
		break;
	case COLUMN_BOOL:
		fputs(cell.yes ? "true" : "false", stdout);
		break;
	}
}

void json_begin(void)
{
	printf("{\"schema\": %d", JSON_SCHEMA);
}

void json_members(const struct selection *selection, const void *object)
{
	size_t i;

	for (i = 0; i < selection->count; i++) {
		printf(", \"%s\": ", selection->columns[i]->key);
		print_value(selection->columns[i], object);
	}
}

void print_json(const struct selection *selection, const struct rows *rows)
{
	size_t row;

	putchar('[');
	for (row = 0; row < rows->count; row++) {
		fputs(row ? ",\n  " : "\n  ", stdout);
		json_begin();
		json_members(selection, rows->at(rows->list, row));
		putchar('}');
	}
	puts(rows->count ? "\n]" : "]");
}
