/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What shells can complete, taken from the tables of commands and options.
 */
#ifndef IMSCTL_COMPLETION_H
#define IMSCTL_COMPLETION_H

#include "shared/call.h"

/* A kind of words that depends on what there is. */
struct completion_kind {
	/* As synopses call it. */
	const char *argument;
	/* The completion scripts have a function _imsctl_NAME for it. */
	const char *name;
};

/* commands/completion.c: the kind called @argument, of @len bytes; NULL if none. */
const struct completion_kind *completion_kind(const char *argument,
					      size_t len);
/* That of an option; NULL when it is none, or has words of its own. */
const struct completion_kind *option_kind(enum option_id id);
/* The words that an option's list can have; NULL when it has none. */
const char *(*option_words(enum option_id id))(uint32_t number);

/*
 * The words of a synopsis one by one, as "[DEVICE" or "get|set": begins at
 * @text, returns its end, and gives the name without brackets.
 */
const char *next_argument(const char *text, const char **name, size_t *len);

/* The files completion.bash and so on: what is the same for all verbs. */
extern const char completion_bash[];
extern const char completion_fish[];
extern const char completion_zsh[];

/* bash.c: a function of both shells. */
void print_actions(void);

/* bash.c, fish.c, zsh.c */
void print_bash_completion(void);
void print_fish_completion(void);
void print_zsh_completion(void);

#endif /* IMSCTL_COMPLETION_H */
