/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values in text.
 */
#ifndef IMSCTL_PARSE_H
#define IMSCTL_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* The number at @text; where it ends, or NULL if there is none. */
const char *parse_number(const char *text, uint32_t *number);
/* All of @text, in decimal. */
bool parse_vector(const char *text, uint32_t *number);
/* All of @text. Decimal, or with 0x hexadecimal. */
bool parse_u32(const char *text, uint32_t *number);
/* auto, on or off; @mode: enum ims_bypass_mode */
bool parse_bypass_mode(const char *text, uint32_t *mode);
bool parse_u64(const char *text, uint64_t *number);
/* All of @text: seconds such as "5" or "0.25", down to the millisecond. */
bool parse_seconds(const char *text, int64_t *ns);
/* The same with a unit behind, if any: "90", "90s", "1.5m", "2h", "3d". */
bool parse_duration(const char *text, int64_t *ns);

#endif /* IMSCTL_PARSE_H */
