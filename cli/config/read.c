// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration files: a setting on a line, as imsctl-save(8) describes them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "objects/cpus.h"
#include "shared/parse.h"

#define BLANKS		" \t\r\n"
/* One more than the longest setting has, to see that there is too much. */
#define WORDS_MAX	5

const char *const setting_names[NUM_SETTINGS] = {
	[SETTING_LIMIT] = "limit",
	[SETTING_RESERVATION] = "reservation",
	[SETTING_BYPASS] = "bypass",
	[SETTING_RATE_LIMIT] = "rate-limit",
	[SETTING_DEFAULT_COOKIE] = "default-cookie",
};

struct reader {
	struct config *config;
	unsigned int line;
	bool has_version;
	int count;
	char *words[WORDS_MAX];
};

__attribute__((format(printf, 2, 3)))
static enum exit_code wrong(const struct reader *reader, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return problem(EXIT_FAILED, "%s:%u: %s", reader->config->file,
		       reader->line, text);
}

static enum exit_code read_version(struct reader *reader)
{
	uint32_t version;

	if (reader->has_version)
		return wrong(reader, "the version is given twice");
	if (!parse_vector(reader->words[1], &version))
		return wrong(reader, "'%s' is no version", reader->words[1]);
	if (version != CONFIG_VERSION)
		return wrong(reader, "version %" PRIu32 " is unknown; known is %d",
			     version, CONFIG_VERSION);
	reader->has_version = true;
	return EXIT_DONE;
}

static enum exit_code read_name(struct reader *reader, char *name)
{
	if (*name)
		return wrong(reader, "%s is given twice", reader->words[0]);
	if (strlen(reader->words[1]) > IMS_NAME_MAX)
		return wrong(reader, "names have at most %d bytes",
			     IMS_NAME_MAX);
	strcpy(name, reader->words[1]);
	return EXIT_DONE;
}

static enum exit_code read_setting(struct reader *reader, enum setting_id id)
{
	struct setting *setting = &reader->config->settings[id];
	const char *text = reader->words[1];
	uint32_t number;

	if (setting->said)
		return wrong(reader, "%s was set in line %u already",
			     reader->words[0], setting->line);
	if (id == SETTING_DEFAULT_COOKIE) {
		if (!parse_u64(text, &setting->value))
			return wrong(reader, "'%s' is no number such as 0x1001",
				     text);
	} else if (id == SETTING_BYPASS) {
		if (!parse_bypass_mode(text, &number))
			return wrong(reader, "'%s' is neither auto, on nor off",
				     text);
		setting->value = number;
	} else if (id == SETTING_RATE_LIMIT) {
		if (!parse_u32(text, &number) || number > IMS_RATE_LIMIT_MAX)
			return wrong(reader,
				     "'%s' is no number of interrupts a second from 0 to %d",
				     text, IMS_RATE_LIMIT_MAX);
		setting->value = number;
	} else {
		if (!parse_u32(text, &number))
			return wrong(reader, "'%s' is no number of slots", text);
		setting->value = number;
	}
	setting->said = true;
	setting->line = reader->line;
	return EXIT_DONE;
}

/* Room for vectors 0 to @last. */
static enum exit_code grow(struct config *config, uint32_t last)
{
	struct vector_setting *vectors;

	if (last < config->num_vectors)
		return EXIT_DONE;
	vectors = reallocarray(config->vectors, last + 1, sizeof(*vectors));
	if (!vectors)
		return out_of_memory();

	memset(vectors + config->num_vectors, 0,
	       (last + 1 - config->num_vectors) * sizeof(*vectors));
	config->vectors = vectors;
	config->num_vectors = last + 1;
	return EXIT_DONE;
}

/* The kind of @vector, and its cookie. */
static enum exit_code set_cookie(const struct reader *reader, uint32_t index,
				 struct vector_setting *vector,
				 const struct vector_setting *wanted)
{
	if (vector->kind != VECTOR_UNSAID)
		return wrong(reader,
			     "vector %" PRIu32 " was set in line %u already",
			     index, vector->lines[PART_COOKIE]);
	vector->kind = wanted->kind;
	vector->cookie = wanted->cookie;
	vector->lines[PART_COOKIE] = reader->line;
	return EXIT_DONE;
}

static enum exit_code set_affinity(const struct reader *reader, uint32_t index,
				   struct vector_setting *vector,
				   const struct vector_setting *wanted)
{
	if (vector->has_affinity)
		return wrong(reader,
			     "the affinity of vector %" PRIu32 " was set in line %u already",
			     index, vector->lines[PART_AFFINITY]);
	if (wanted->affinity) {
		vector->affinity = strdup(wanted->affinity);
		if (!vector->affinity)
			return out_of_memory();
	}
	vector->has_affinity = true;
	vector->lines[PART_AFFINITY] = reader->line;
	return EXIT_DONE;
}

static enum exit_code set_rate(const struct reader *reader, uint32_t index,
			       struct vector_setting *vector,
			       const struct vector_setting *wanted)
{
	if (vector->has_rate)
		return wrong(reader,
			     "the rate limit of vector %" PRIu32 " was set in line %u already",
			     index, vector->lines[PART_RATE]);
	vector->has_rate = true;
	vector->rate = wanted->rate;
	vector->lines[PART_RATE] = reader->line;
	return EXIT_DONE;
}

static enum exit_code set_range(struct reader *reader, uint32_t first,
				uint32_t last,
				const struct vector_setting *setting)
{
	enum exit_code code = grow(reader->config, last);
	uint32_t i;

	for (i = first; !code && i <= last; i++) {
		struct vector_setting *v = &reader->config->vectors[i];

		if (setting->has_affinity)
			code = set_affinity(reader, i, v, setting);
		else if (setting->has_rate)
			code = set_rate(reader, i, v, setting);
		else
			code = set_cookie(reader, i, v, setting);
	}
	return code;
}

/* The list is brought into the form that the kernel has, to be compared. */
static enum exit_code parse_affinity(const struct reader *reader,
				     char text[IMS_CPULIST_MAX + 2],
				     struct vector_setting *setting)
{
	const char *list = reader->words[3];
	struct cpus cpus;

	setting->has_affinity = true;
	if (!strcmp(list, "default"))
		return EXIT_DONE;
	if (!parse_cpus(list, &cpus))
		return wrong(reader,
			     "'%s' is neither \"default\" nor a list of CPUs such as 0-3,8",
			     list);
	/* Room for one byte more shows when it is too long. */
	cpus_text(&cpus, text, IMS_CPULIST_MAX + 2);
	if (strlen(text) > IMS_CPULIST_MAX)
		return wrong(reader, "a list of CPUs has at most %d bytes",
			     IMS_CPULIST_MAX);
	setting->affinity = text;
	return EXIT_DONE;
}

static enum exit_code parse_rate(const struct reader *reader,
				 struct vector_setting *setting)
{
	const char *text = reader->words[3];

	setting->has_rate = true;
	if (!strcmp(text, "default"))
		return EXIT_DONE;
	if (!parse_u32(text, &setting->rate) || !setting->rate ||
	    setting->rate > IMS_RATE_LIMIT_MAX)
		return wrong(reader,
			     "'%s' is neither \"default\" nor a number of interrupts a second from 1 to %d",
			     text, IMS_RATE_LIMIT_MAX);
	return EXIT_DONE;
}

/* "emulated", or one of "cookie", "affinity" and "rate-limit" and "default" or a value */
static enum exit_code parse_part(const struct reader *reader,
				 char text[IMS_CPULIST_MAX + 2],
				 struct vector_setting *setting)
{
	char *const *words = reader->words;

	if (reader->count == 3 && !strcmp(words[2], "emulated")) {
		setting->kind = VECTOR_EMULATED;
		return EXIT_DONE;
	}
	if (reader->count == 4 && !strcmp(words[2], "affinity"))
		return parse_affinity(reader, text, setting);
	if (reader->count == 4 && !strcmp(words[2], "rate-limit"))
		return parse_rate(reader, setting);
	if (reader->count != 4 || strcmp(words[2], "cookie"))
		return wrong(reader,
			     "a vector is \"emulated\", or has a \"cookie\", an \"affinity\" or a \"rate-limit\" and its value or \"default\"");
	if (!strcmp(words[3], "default")) {
		setting->kind = VECTOR_DEFAULT;
		return EXIT_DONE;
	}
	setting->kind = VECTOR_COOKIE;
	if (!parse_u64(words[3], &setting->cookie))
		return wrong(reader,
			     "'%s' is neither \"default\" nor a number such as 0x1001",
			     words[3]);
	return EXIT_DONE;
}

static enum exit_code read_vectors(struct reader *reader)
{
	struct vector_setting setting = { 0 };
	char affinity[IMS_CPULIST_MAX + 2];
	const char *text = reader->words[1];
	uint32_t first, last;
	enum exit_code code;

	code = parse_part(reader, affinity, &setting);
	while (!code) {
		text = parse_number(text, &first);
		last = first;
		if (text && *text == '-')
			text = parse_number(text + 1, &last);
		if (!text || (*text && *text != ',') || last < first)
			return wrong(reader,
				     "'%s' is no list of vectors such as 0,3,7-9",
				     reader->words[1]);
		if (last >= CONFIG_VECTORS_MAX)
			return wrong(reader,
				     "no device has a vector %" PRIu32, last);
		code = set_range(reader, first, last, &setting);
		if (!*text++)
			break;
	}
	return code;
}

/* NUM_SETTINGS when it is none. */
static enum setting_id find_setting(const char *name)
{
	int id;

	for (id = 0; id < NUM_SETTINGS; id++)
		if (!strcmp(name, setting_names[id]))
			break;
	return id;
}

static enum exit_code read_words(struct reader *reader)
{
	const char *name = reader->words[0];
	enum setting_id id = find_setting(name);
	bool vector = !strcmp(name, "vector");
	bool version = !strcmp(name, "version");
	bool device = !strcmp(name, "device");

	if (!vector && !version && !device && strcmp(name, "uuid") &&
	    id == NUM_SETTINGS)
		return wrong(reader, "unknown setting '%s'", name);
	if (!version && !reader->has_version)
		return wrong(reader, "the file must begin with \"version %d\"",
			     CONFIG_VERSION);
	if (vector && reader->count > 1)
		return read_vectors(reader);
	if (reader->count != 2)
		return wrong(reader, "'%s' with %d values; it has %s", name,
			     reader->count - 1, vector ? "two or three" : "one");
	if (version)
		return read_version(reader);
	if (id < NUM_SETTINGS)
		return read_setting(reader, id);
	return read_name(reader, device ? reader->config->device :
					  reader->config->uuid);
}

static enum exit_code read_line(struct reader *reader, char *text)
{
	char *word, *rest;

	text[strcspn(text, "#")] = '\0';
	reader->count = 0;
	for (word = strtok_r(text, BLANKS, &rest);
	     word && reader->count < WORDS_MAX;
	     word = strtok_r(NULL, BLANKS, &rest))
		reader->words[reader->count++] = word;
	return reader->count ? read_words(reader) : EXIT_DONE;
}

static enum exit_code read_lines(struct reader *reader, FILE *in)
{
	enum exit_code code = EXIT_DONE;
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	while (!code && (len = getline(&text, &size, in)) >= 0) {
		reader->line++;
		if (strlen(text) != (size_t)len)
			code = wrong(reader, "a NUL byte");
		else
			code = read_line(reader, text);
	}
	if (!code && ferror(in))
		code = problem(EXIT_FAILED, "%s: %s", reader->config->file,
			       strerror(errno));
	if (!code && !reader->has_version)
		code = problem(EXIT_FAILED,
			       "%s: the file must begin with \"version %d\"",
			       reader->config->file, CONFIG_VERSION);
	free(text);
	return code;
}

enum exit_code config_read(const char *file, struct config *config)
{
	bool is_stdin = !strcmp(file, "-");
	struct reader reader = { .config = config };
	enum exit_code code;
	FILE *in;

	*config = (struct config) {
		.file = is_stdin ? "standard input" : file,
	};
	in = is_stdin ? stdin : fopen(file, "re");
	if (!in)
		return problem(EXIT_FAILED, "%s: %s", file, strerror(errno));

	code = read_lines(&reader, in);
	if (!is_stdin)
		fclose(in);
	if (code)
		config_free(config);
	return code;
}

void config_free(struct config *config)
{
	uint32_t i;

	for (i = 0; config->vectors && i < config->num_vectors; i++)
		free(config->vectors[i].affinity);
	free(config->vectors);
	config->vectors = NULL;
}
