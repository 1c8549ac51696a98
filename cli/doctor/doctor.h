/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imsctl doctor: what its checks find out.
 */
#ifndef IMSCTL_DOCTOR_H
#define IMSCTL_DOCTOR_H

#include "objects/objects.h"

enum finding_state {
	FINDING_OK,
	/* It works, but not all of it, or not well. */
	FINDING_WARNING,
	/* It does not work. */
	FINDING_FAILED,
	/* There was no way to find out. */
	FINDING_UNKNOWN,
};

/**
 * struct finding - what a check has found out
 * @check: the check; one that looks at several things may have several findings
 * @state: how good that is
 * @object: the device or store that it is about; empty: the host
 * @several: what objects with findings of the same cause have in common, as in
 *	"3 stores are full"; NULL: it is told by itself
 * @message: what it is
 * @remedy: a command or a setting; empty when @state is FINDING_OK
 */
struct finding {
	const char *check;
	enum finding_state state;
	char object[IMS_NAME_MAX + 1];
	const char *several;
	char message[2 * CELL_SIZE];
	char remedy[CELL_SIZE];
};

/* All findings so far. */
struct findings {
	struct finding *list;
	size_t count;
	bool out_of_memory;
};

/* findings.c: add one. @remedy is copied, NULL for none. */
void found(struct findings *findings, const char *check,
	   enum finding_state state, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* One of those that may be many. @several is borrowed. */
void found_of(struct findings *findings, const char *check,
	      enum finding_state state, const char *object, const char *several,
	      const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));
/* Those of @all, one for each cause, into @groups, which is empty. */
void group_findings(const struct findings *all, struct findings *groups);
void free_findings(struct findings *findings);

/* What the kernel module says; NULL what it did not. */
struct doctor_state {
	struct ims_store_list *stores;
	struct ims_device_list *devices;
	struct ims_vector_list *vectors;
	/* It is a capture's, and nothing is known of its host. */
	bool captured;
	/* Why not. */
	int error;
	char text[CELL_SIZE];
};

/* kernel.c: this check needs the kernel module, which does not answer. */
void found_nothing(struct findings *findings, const char *check,
		   const struct doctor_state *state);

/**
 * struct subject - a device that is looked at
 * @device: it
 * @name: its name
 * @vectors: all vectors
 * @first: where its own begin in @vectors
 * @count: how many it has
 */
struct subject {
	const struct ims_device *device;
	const char *name;
	const struct ims_vector_list *vectors;
	size_t first;
	size_t count;
};

/* devices.c: one of the vectors of the device. */
const struct ims_vector *subject_vector(const struct subject *subject,
					size_t position);

/* vectors.c: is all well with them? If not, findings say so. */
bool check_held(struct findings *findings, const struct subject *subject);
bool check_affinity(struct findings *findings, const struct subject *subject);
bool check_failed(struct findings *findings, const struct subject *subject);
bool check_drops(struct findings *findings, const struct subject *subject);
bool check_stuck(struct findings *findings, const struct subject *subject);
bool check_silent(struct findings *findings, const struct subject *subject);

/* kernel.c, host.c, room.c, stores.c, devices.c: groups of checks. */
void check_kernel(struct findings *findings);
void check_kernel_config(struct findings *findings);
void check_modules(struct findings *findings);
void check_netlink(struct findings *findings, const struct doctor_state *state);
void check_iommu(struct findings *findings);
void check_remapping(struct findings *findings);
void check_privilege(struct findings *findings);
void check_vfio_nodes(struct findings *findings);
void check_cpu_vectors(struct findings *findings);
void check_entries(struct findings *findings, const struct doctor_state *state);
void check_stores(struct findings *findings, const struct doctor_state *state);
void check_devices(struct findings *findings, const struct doctor_state *state);

/* files.c: files of /proc, /sys and so on, by their full names. */
FILE *open_file(const char *path);
/* The first line, without its end. */
bool read_line(const char *path, char *line, size_t size);
/* Is there such a text in one of its lines? */
bool file_has(const char *path, const char *text);
/* The last part of where a symbolic link leads to. */
bool read_link(const char *path, char *name, size_t size);
/* 0, or a negative errno, of reading and writing. */
int may_use(const char *path);
/* The names in a directory, sorted; -errno. Free each and the list. */
int list_directory(const char *path, char ***names);
void free_names(char **names, int count);
/* The release of the kernel that runs. */
bool kernel_release(char *release, size_t size);
bool module_is_loaded(const char *name);

/* system.c: what the names of files begin with. Not empty in the unit tests. */
const char *system_root(void);

#endif /* IMSCTL_DOCTOR_H */
