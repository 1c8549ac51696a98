// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl affinity spread: one CPU for each vector, in turn.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "commands/spread.h"
#include "commands/vectors.h"
#include "objects/cpus.h"
#include "shared/parse.h"

enum exit_code check_spread(const struct call *call)
{
	const char *list = call->values[OPTION_CPUS];
	const char *node = call->values[OPTION_NODE];
	struct cpus cpus;
	uint32_t number;

	if (list && node)
		return usage_error(call->command, "--cpus goes without --node");
	if (list && !parse_cpus(list, &cpus))
		return usage_error(call->command,
				   "--cpus: '%s' is no list of CPUs such as 0-3,8",
				   list);
	if (node && !parse_vector(node, &number))
		return usage_error(call->command,
				   "--node: '%s' is no node's number", node);
	return EXIT_DONE;
}

/*
 * Those that are online. Whoever names CPUs may mean one that the kernel's default
 * affinity leaves out, such as an isolated one; otherwise it is not used.
 */
static enum exit_code choose_cpus(const struct call *call, struct cpus *cpus)
{
	const char *list = call->values[OPTION_CPUS];
	const char *node = call->values[OPTION_NODE];
	struct cpus others;
	uint32_t number = 0;

	if (!online_cpus(cpus))
		return problem(EXIT_FAILED,
			       "the host does not tell which CPUs are online");
	if (list) {
		parse_cpus(list, &others);
		keep_cpus(cpus, &others);
	} else if (default_cpus(&others)) {
		keep_cpus(cpus, &others);
	}
	if (node) {
		parse_vector(node, &number);
		if (!node_cpus(number, &others))
			return problem(EXIT_FAILED,
				       "the host has no CPUs on node %" PRIu32,
				       number);
		keep_cpus(cpus, &others);
	}
	number = 0;
	if (next_cpu(cpus, &number))
		return EXIT_DONE;
	return problem(EXIT_FAILED, list ? "none of these CPUs is online" :
		       "none of these CPUs is online and within the kernel's default affinity");
}

static bool is_used(const struct ims_vector *vector)
{
	return vector && is_not_emulated(vector);
}

/* Every @count-th of @indexes, which are as many as @all has, from @first on. */
static enum exit_code take_every(const uint32_t *indexes, uint64_t all,
				 uint32_t first, uint32_t count,
				 struct vector_set *set)
{
	uint64_t i;

	*set = (struct vector_set) { 0 };
	set->ranges = calloc(all / count + 1, sizeof(*set->ranges));
	if (!set->ranges)
		return out_of_memory();
	for (i = first; i < all; i += count)
		set->ranges[set->num_ranges++] = (struct vector_range) {
			.first = indexes[i],
			.last = indexes[i],
		};
	return EXIT_DONE;
}

static int give_cpu(struct ims_ctx *ctx, const struct ims_device *device,
		    const struct vector_set *set, uint32_t cpu,
		    unsigned int flags)
{
	struct ims_vector_config *config;
	char text[16];
	int err = ims_vector_config_new(&config);

	snprintf(text, sizeof(text), "%" PRIu32, cpu);
	if (!err)
		err = ims_vector_config_set_affinity(config, text);
	if (!err)
		err = configure_vectors(ctx, device, set, config, flags);
	ims_vector_config_free(config);
	return err;
}

/* @indexes in turn to each of @cpus. */
static enum exit_code deal(struct ims_ctx *ctx, const struct ims_device *device,
			   const uint32_t *indexes, uint64_t count,
			   const struct cpus *cpus, unsigned int flags)
{
	uint32_t cpu, turn = 0, turns = 0;
	enum exit_code code = EXIT_DONE;
	struct vector_set set;
	int err;

	for (cpu = 0; next_cpu(cpus, &cpu); cpu++)
		turns++;
	for (cpu = 0; !code && turn < count && next_cpu(cpus, &cpu); cpu++) {
		code = take_every(indexes, count, turn++, turns, &set);
		if (code)
			break;
		err = give_cpu(ctx, device, &set, cpu, flags);
		if (err)
			code = failure(ctx, err);
		free_vectors(&set);
	}
	return code;
}

enum exit_code spread_vectors(const struct call *call, struct ims_ctx *ctx,
			      const struct ims_device *device,
			      struct vector_set *set)
{
	enum exit_code code;
	struct cpus cpus;
	uint32_t *indexes;

	code = choose_cpus(call, &cpus);
	if (code)
		return code;
	if (!set->num_ranges)
		set->all = true;
	code = resolve_vectors(ctx, device, set, is_used, NULL);
	if (code)
		return code;
	indexes = list_vectors(set);
	if (!indexes)
		return out_of_memory();

	code = deal(ctx, device, indexes, count_vectors(set), &cpus,
		    IMS_VALIDATE_ONLY);
	if (!code && !dry_run(call))
		code = deal(ctx, device, indexes, count_vectors(set), &cpus, 0);
	free(indexes);
	return code;
}
