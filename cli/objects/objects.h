/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects: where they are asked for, their names, and how the verbs list them:
 * filtered, and a vector with its device.
 */
#ifndef IMSCTL_OBJECTS_H
#define IMSCTL_OBJECTS_H

#include "shared/table.h"

/* source.c: the kernel. EXIT_DONE, or what is wrong has been reported. */
enum exit_code open_context(struct ims_ctx **ctx);
/* For verbs with OPTION_INPUT: the kernel, or the capture that was named. */
enum exit_code open_source(const struct call *call, struct ims_ctx **ctx);

/*
 * find.c: the device or store that the user calls @name. EXIT_DONE, or what is
 * wrong has been reported.
 */
enum exit_code find_device(struct ims_ctx *ctx, const struct call *call,
			   const char *name, struct ims_device **device);
/* The same, on what open_source() opens: act(), with @request, on the device. */
enum exit_code on_device(const struct call *call, const char *name,
			 enum exit_code (*act)(const struct call *call,
					       struct ims_ctx *ctx,
					       const struct ims_device *device,
					       void *request),
			 void *request);
enum exit_code find_store(struct ims_ctx *ctx, const struct command *command,
			  const char *name, struct ims_store **store);
/* In @list; NULL when it is not there. */
const struct ims_device *device_of_id(uint32_t wanted,
				      const struct ims_device_list *list);
const struct ims_device *device_of_vector(const struct ims_vector *vector,
					  const struct ims_device_list *list);

/* device_names.c: as terminals show names of devices, of which @list has all. */
struct short_names names_of_devices(const struct call *call,
				    const struct ims_device_list *list);
/* A table of one device. */
enum exit_code print_device(const struct call *call, struct ims_ctx *ctx,
			    const struct selection *selection,
			    const struct ims_device *device);

extern const struct table store_table;
/* Of struct ims_vdev, of which some may not be open. */
extern const struct table vdev_table;
extern const struct table device_table;
/* Of struct vector_row. */
extern const struct table vector_table;

/*
 * device_columns.c: a cookie as the number of a PASID, which has 20 bits; false when it
 * is none.
 */
bool cell_pasid(uint64_t cookie, struct cell *cell);

/* device_columns.c: who has opened it; false when that is not known. */
bool cell_owner(const struct ims_device *device, struct cell *cell);

/*
 * vm.c: the virtual machine that has it open, or the command that is none; false when
 * that is not known.
 */
bool cell_vm(const struct ims_device *device, struct cell *cell);

/* From now on devices are from @ctx, which is borrowed. */
void vm_ask(const struct ims_ctx *ctx);

/*
 * refusal.c: "3 requests refused; the last 5.0s ago: vector 7, ENOSPC, store-full".
 * @vector is that vector as it is now, NULL if that is not known. False when none
 * was refused.
 */
bool cell_refusal(const struct ims_device *device,
		  const struct ims_vector *vector, struct cell *cell);
/* The same of attempts to make @vector live. */
bool cell_failures(const struct ims_vector *vector, struct cell *cell);
/* Has what failed for @vector been made good since? NULL: that is not known. */
bool is_cured(const struct ims_vector *vector);

/*
 * silence.c: could it have signalled, and how long ago, in ns, did it last? False when
 * it is not live, is masked, or hardware posts what the host does not count. One that
 * never signalled has been silent since its counts began.
 */
bool is_silent(const struct ims_vector *vector, uint64_t now, uint64_t *ago,
	       bool *never);

/* How many values an option's list may have. */
#define LIST_MAX	32

/*
 * What --state, --backing, --cookie, --owner, --vm, --nonzero, --silent
 * and --stuck let pass.
 */
struct filter {
	/* Bit n: the state, the backing with number n; 0: all. */
	unsigned int states;
	unsigned int backings;
	size_t num_cookies;
	uint64_t cookies[LIST_MAX];
	/* The arguments as they were given; NULL: all. */
	const char *owners;
	const char *vms;
	const char *parents;
	bool nonzero;
	/* How long, in ns; 0: also those that are not. */
	int64_t silent;
	int64_t stuck;
};

/* filter.c: is @word among the values of @list, separated by commas? */
bool list_has(const char *list, const char *word);
/* EXIT_DONE, or a value of that option's list is empty, or none of the words. */
enum exit_code check_list(const struct call *call, enum option_id id);
enum exit_code check_words(const struct call *call, enum option_id id,
			   const char *(*name)(uint32_t number));
enum exit_code parse_filter(const struct call *call, struct filter *filter);
bool filter_state(const struct filter *filter, const struct ims_vector *vector);
bool filter_backing(const struct filter *filter,
		    const struct ims_vector *vector);
bool filter_cookie(const struct filter *filter, uint64_t cookie);
/* How long it has been masked; false when it is not. */
bool is_stuck(const struct ims_vector *vector, uint64_t now, uint64_t *ago);
/* By --silent and --stuck, as of @now. */
bool filter_quiet(const struct filter *filter, const struct ims_vector *vector,
		   uint64_t now);
/* By --owner and --vm. */
bool filter_owner(const struct filter *filter, const struct ims_device *device);
/*
 * EXIT_DONE, or it has been reported that they let pass neither @device nor, if that
 * is NULL, any of @list.
 */
enum exit_code check_owners(const struct filter *filter,
			    const struct ims_device *device,
			    const struct ims_device_list *list);
bool filter_parent(const struct filter *filter, const char *parent);

/* A vector, and its device unless that was closed meanwhile. */
struct vector_row {
	const struct ims_vector *vector;
	const struct ims_device *device;
};

/* Vectors, with all that they refer to. */
struct vector_rows {
	struct vector_row *rows;
	size_t count;
	struct ims_device_list *devices;
	/* Absent vectors come in a list of their own. */
	struct ims_vector_list *lists[2];
};

/*
 * vector_rows.c: the vectors of @device, or of all devices if NULL, that pass.
 * EXIT_DONE, or what is wrong has been reported; then, too, there may be rows
 * that are worth to be printed. Free them in any case.
 */
enum exit_code get_vector_rows(struct ims_ctx *ctx,
			       const struct ims_device *device,
			       const struct filter *filter,
			       struct vector_rows *rows);
void free_vector_rows(struct vector_rows *rows);
/*
 * Prints what get_vector_rows() got, which has returned @code, or whatever has become
 * of that. Returns @code, or if that is EXIT_DONE how it went.
 */
enum exit_code print_vector_rows(const struct call *call,
				 const struct selection *selection,
				 const struct vector_rows *vectors,
				 enum exit_code code);

#endif /* IMSCTL_OBJECTS_H */
