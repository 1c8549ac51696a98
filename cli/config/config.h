/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be set of a device, as it is in a file and as it is in the kernel.
 */
#ifndef IMSCTL_CONFIG_H
#define IMSCTL_CONFIG_H

#include "shared/table.h"

/* Version of the files. */
#define CONFIG_VERSION	1

/* No device declares more. */
#define CONFIG_VECTORS_MAX	65536

enum setting_id {
	SETTING_LIMIT,
	SETTING_RESERVATION,
	SETTING_BYPASS,
	SETTING_RATE_LIMIT,
	SETTING_DEFAULT_COOKIE,
	NUM_SETTINGS
};

/* Indexed by enum setting_id: as files call them. */
extern const char *const setting_names[NUM_SETTINGS];

enum vector_kind {
	/* A file says nothing. */
	VECTOR_UNSAID,
	/* Has no cookie. */
	VECTOR_EMULATED,
	/* Uses the device's. */
	VECTOR_DEFAULT,
	/* Has its own. */
	VECTOR_COOKIE,
};

/* The line, of a file only, is for errors. A mode of bypass is a number here. */
struct setting {
	bool said;
	uint64_t value;
	unsigned int line;
};

/* What lines about vectors are about, each for itself. */
enum vector_part {
	PART_COOKIE,
	PART_AFFINITY,
	PART_RATE,
	NUM_PARTS
};

/* Lines as above, of each part. */
struct vector_setting {
	enum vector_kind kind;
	uint64_t cookie;
	/* Emulated vectors have none. */
	bool has_affinity;
	/* A list of CPUs as the kernel writes it; NULL: the kernel's default. */
	char *affinity;
	bool has_rate;
	/* Most interrupts a second; 0: the device's limit. */
	uint32_t rate;
	unsigned int lines[NUM_PARTS];
};

/* Longest text of a part. */
#define PART_SIZE	(IMS_CPULIST_MAX + 16)

/* @num_vectors are declared, or reach to the last that a file speaks of. */
struct config {
	const char *file;
	char device[IMS_NAME_MAX + 1];
	char uuid[IMS_NAME_MAX + 1];
	struct setting settings[NUM_SETTINGS];
	struct vector_setting *vectors;
	uint32_t num_vectors;
};

/* All of these: EXIT_DONE, or what is wrong has been reported. */

/* read.c. @file must outlive @config; "-" is standard input. */
enum exit_code config_read(const char *file, struct config *config);
void config_free(struct config *config);

/* device.c: what the kernel has. */
enum exit_code config_get(struct ims_ctx *ctx, const struct ims_device *device,
			  struct config *config);
/* Let @file fit @device: its vectors are there, and a limit of 0 is a number. */
enum exit_code config_fit(struct ims_ctx *ctx, const struct ims_device *device,
			  struct config *file);

/* write.c */
/* The value as a file has it. */
void setting_text(enum setting_id id, uint64_t value, char text[CELL_SIZE]);
bool setting_differs(const struct config *file, const struct config *device,
		     enum setting_id id);
/* What a line of a file says of the vector, such as "cookie 0x1001"; or false. */
bool vector_text(const struct vector_setting *vector, enum vector_part part,
		 char text[PART_SIZE]);
bool has_part(const struct vector_setting *vector, enum vector_part part);
bool same_part(const struct vector_setting *a, const struct vector_setting *b,
	       enum vector_part part);
bool vector_differs(const struct config *file, const struct config *device,
		    uint32_t index, enum vector_part part);
/* How many settings differ, each part of a vector for itself. */
size_t config_differences(const struct config *file,
			  const struct config *device);
void config_print(FILE *out, const struct config *config);
void config_print_difference(const struct config *file,
			     const struct config *device);

/* rows.c: a row for each setting and vector. */
extern const struct table setting_table;
extern const struct table difference_table;
/* Of @device, or if @file is not NULL where the two differ. */
enum exit_code config_print_json(const struct config *file,
				 const struct config *device);

/*
 * apply.c: check by the kernel, then unless @dry change what differs;
 * when that fails set back what was changed.
 */
enum exit_code config_apply(struct ims_ctx *ctx,
			    const struct ims_device *device,
			    const struct config *file,
			    const struct config *before, bool dry);

/* watch.c: apply the files in @directory to devices that are opened. */
enum exit_code config_watch(const char *directory, int timeout_ms);

#endif /* IMSCTL_CONFIG_H */
