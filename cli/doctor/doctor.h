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
 * @message: what it is
 * @remedy: a command or a setting; empty when @state is FINDING_OK
 */
struct finding {
	const char *check;
	enum finding_state state;
	char message[CELL_SIZE];
	char remedy[CELL_SIZE];
};

/* All findings so far. */
struct findings {
	struct finding *list;
	size_t count;
	bool out_of_memory;
};

/* commands/doctor.c: add one. @remedy is copied, NULL for none. */
void found(struct findings *findings, const char *check,
	   enum finding_state state, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* What the kernel module says; NULL what it did not. */
struct doctor_state {
	struct ims_store_list *stores;
	struct ims_device_list *devices;
	struct ims_vector_list *vectors;
	/* Why not. */
	int error;
	char text[CELL_SIZE];
};

/* What all others need has been told of before. */
#define NO_MODULE	"the kernel module does not answer"

/*
 * kernel.c, host.c, room.c, objects.c: groups of
 * checks.
 */
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
