/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of captures: UTF-8 that is read for json-c, and strings of any bytes.
 */
#ifndef LIBIMS_CAPTURE_TEXT_H
#define LIBIMS_CAPTURE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Behind the name of a string that is no UTF-8: the name of its bytes. */
#define IMS_CAPTURE_BYTES	"-bytes"

/* Of a device: its virtual machine. */
#define IMS_CAPTURE_VM		"vm"

/**
 * struct ims_capture_text - a JSON document that is being read
 * @in: where from
 * @in_string: what was read last is part of a string
 * @escape: it was a backslash that begins an escape sequence
 * @broken: why no more of it can be read; NULL otherwise
 */
struct ims_capture_text {
	FILE *in;
	bool in_string;
	bool escape;
	const char *broken;
};

/*
 * The next bytes of the document, as ASCII, into @chunk, and how many these are: 0
 * at its end, when reading failed and when it is broken. @size is at least 13.
 */
size_t ims_capture_text_read(struct ims_capture_text *text, char *chunk,
			     size_t size);

/* Write a member of an object, with its bytes when @string is no UTF-8. */
void ims_capture_text_write(FILE *out, const char *name, const char *string);

/*
 * As much of the bytes that @hex has written as fits into @size bytes with a NUL
 * behind it. Returns how many there are, or 0 if it is no such text, or has a NUL.
 */
size_t ims_capture_text_bytes(const char *hex, char *bytes, size_t size);

#endif /* LIBIMS_CAPTURE_TEXT_H */
