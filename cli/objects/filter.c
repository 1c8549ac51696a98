// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options that choose among devices and vectors. Each has a list of values, of
 * which one must fit; with several options, one of each.
 */
#include <string.h>

#include "objects/objects.h"
#include "shared/parse.h"

/* The next value of a list, separated by commas; NULL behind the last one. */
static const char *next_value(const char *value, size_t *len)
{
	value += *len;
	if (!*value)
		return NULL;
	value++;
	*len = strcspn(value, ",");
	return value;
}

static bool is_word(const char *word, const char *value, size_t len)
{
	return strlen(word) == len && !strncmp(word, value, len);
}

bool list_has(const char *list, const char *word)
{
	const char *value = list;
	size_t len;

	for (len = strcspn(value, ","); value; value = next_value(value, &len))
		if (is_word(word, value, len))
			return true;
	return false;
}

enum exit_code check_list(const struct call *call, enum option_id id)
{
	const char *value = call->values[id];
	size_t len;

	if (!value)
		return EXIT_DONE;

	for (len = strcspn(value, ","); value; value = next_value(value, &len))
		if (!len)
			return usage_error(call->command,
					   "--%s: a value is empty",
					   options[id].name);
	return EXIT_DONE;
}

static enum exit_code unknown_word(const struct call *call, enum option_id id,
				   const char *(*name)(uint32_t number),
				   const char *value, size_t len)
{
	char words[512] = "";
	size_t end = 0;
	uint32_t i;

	for (i = 0; name(i); i++)
		end += snprintf(words + end, sizeof(words) - end, "%s%s",
				i ? ", " : "", name(i));
	return usage_error(call->command, "--%s: '%.*s' is none of %s",
			   options[id].name, (int)len, value, words);
}

/* Words that have the numbers 0, 1, 2... to their bits. */
static enum exit_code parse_words(const struct call *call, enum option_id id,
				  const char *(*name)(uint32_t number),
				  unsigned int *bits)
{
	const char *value = call->values[id];
	size_t len;
	uint32_t i;

	if (!value)
		return EXIT_DONE;

	for (len = strcspn(value, ","); value; value = next_value(value, &len)) {
		for (i = 0; name(i) && !is_word(name(i), value, len); i++)
			;
		if (!name(i))
			return unknown_word(call, id, name, value, len);
		*bits |= 1u << i;
	}
	return EXIT_DONE;
}

enum exit_code check_words(const struct call *call, enum option_id id,
			   const char *(*name)(uint32_t number))
{
	unsigned int bits = 0;

	return parse_words(call, id, name, &bits);
}

static enum exit_code parse_cookies(const struct call *call,
				    struct filter *filter)
{
	const char *value = call->values[OPTION_COOKIE];
	char number[32];
	size_t len;

	if (!value)
		return EXIT_DONE;

	for (len = strcspn(value, ","); value; value = next_value(value, &len)) {
		if (filter->num_cookies == LIST_MAX)
			return usage_error(call->command,
					   "--cookie: more than %d values",
					   LIST_MAX);
		snprintf(number, sizeof(number), "%.*s", (int)len, value);
		if (len >= sizeof(number) ||
		    !parse_u64(number, &filter->cookies[filter->num_cookies]))
			return usage_error(call->command,
					   "--cookie: '%.*s' is no number such as 0x1001",
					   (int)len, value);
		filter->num_cookies++;
	}
	return EXIT_DONE;
}

static enum exit_code parse_age(const struct call *call, enum option_id id,
				int64_t *ns)
{
	const char *value = call->values[id];

	if (value && (!parse_duration(value, ns) || !*ns))
		return usage_error(call->command,
				   "--%s: '%s' is no time such as 90s, 5m, 2h, 1d",
				   options[id].name, value);
	return EXIT_DONE;
}

enum exit_code parse_filter(const struct call *call, struct filter *filter)
{
	enum exit_code code;

	*filter = (struct filter) {
		.owners = call->values[OPTION_OWNER],
		.vms = call->values[OPTION_VM],
		.parents = call->values[OPTION_PARENT],
		.nonzero = has(call, OPTION_NONZERO),
	};
	code = parse_words(call, OPTION_STATE, ims_vector_state_name,
			   &filter->states);
	if (!code)
		code = parse_words(call, OPTION_BACKING,
				   ims_vector_backing_name, &filter->backings);
	if (!code)
		code = parse_cookies(call, filter);
	if (!code)
		code = check_list(call, OPTION_OWNER);
	if (!code)
		code = check_list(call, OPTION_VM);
	if (!code)
		code = check_list(call, OPTION_PARENT);
	if (!code)
		code = parse_age(call, OPTION_SILENT, &filter->silent);
	return code ? code : parse_age(call, OPTION_STUCK, &filter->stuck);
}

bool filter_state(const struct filter *filter, const struct ims_vector *vector)
{
	uint32_t state;

	return !filter->states || (!ims_vector_get_state(vector, &state) &&
				   state < 32 && filter->states & 1u << state);
}

bool filter_backing(const struct filter *filter,
		    const struct ims_vector *vector)
{
	uint32_t backing;

	return !filter->backings ||
	       (!ims_vector_get_backing(vector, &backing) && backing < 32 &&
		filter->backings & 1u << backing);
}

bool filter_cookie(const struct filter *filter, uint64_t cookie)
{
	size_t i;

	for (i = 0; i < filter->num_cookies; i++)
		if (cookie == filter->cookies[i])
			return true;
	return !filter->num_cookies;
}

static bool is_owner(const char *list, const struct ims_device *device)
{
	const char *comm = ims_device_get_owner_comm(device);
	char number[16] = "";
	uint32_t pid;

	if (!ims_device_get_owner_pid(device, &pid))
		snprintf(number, sizeof(number), "%u", pid);
	return list_has(list, number) || (comm && list_has(list, comm));
}

bool filter_owner(const struct filter *filter, const struct ims_device *device)
{
	struct cell vm;

	return (!filter->owners || is_owner(filter->owners, device)) &&
	       (!filter->vms || (cell_vm(device, &vm) &&
				 list_has(filter->vms, vm.string)));
}

enum exit_code check_owners(const struct filter *filter,
			    const struct ims_device *device,
			    const struct ims_device_list *list)
{
	size_t i, count = device ? 1 : ims_device_list_count(list);

	if (!filter->owners && !filter->vms)
		return EXIT_DONE;
	for (i = 0; i < count; i++)
		if (filter_owner(filter, device ? device :
					 ims_device_list_at(list, i)))
			return EXIT_DONE;
	if (device)
		return problem(EXIT_NO_OBJECT,
			       "device %s: it was opened by somebody else",
			       ims_device_get_name(device));
	return problem(EXIT_NO_OBJECT, "no virtual device was opened by %s%s%s",
		       filter->owners ? filter->owners : "",
		       filter->owners && filter->vms ? " and " : "",
		       filter->vms ? filter->vms : "");
}

bool filter_parent(const struct filter *filter, const char *parent)
{
	const char *value = filter->parents;
	char address[IMS_NAME_MAX + 1];
	size_t len;

	if (!value)
		return true;

	for (len = strcspn(value, ","); value; value = next_value(value, &len)) {
		snprintf(address, sizeof(address), "%s%.*s",
			 lacks_domain(value) ? "0000:" : "", (int)len, value);
		if (parent && !strcmp(address, parent))
			return true;
	}
	return false;
}
