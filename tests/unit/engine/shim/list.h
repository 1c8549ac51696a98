/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doubly linked lists with the kernel's interface. */
#ifndef _SHIM_LIST_H
#define _SHIM_LIST_H

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

#define LIST_HEAD(name)		struct list_head name = { &name, &name }

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

/* A neighbour that does not point back: corrupted, or not in a list at all. */
#define shim_list_check(a, b)						\
	do {								\
		if ((a)->next != (b) || (b)->prev != (a))		\
			shim_die("list corrupted in %s()", __func__);	\
	} while (0)

extern _Noreturn void shim_die(const char *fmt, ...);

static inline void list_add(struct list_head *node, struct list_head *head)
{
	shim_list_check(head, head->next);
	node->next = head->next;
	node->prev = head;
	head->next->prev = node;
	head->next = node;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	list_add(node, head->prev);
}

static inline void list_del_init(struct list_head *node)
{
	shim_list_check(node->prev, node);
	shim_list_check(node, node->next);
	node->prev->next = node->next;
	node->next->prev = node->prev;
	INIT_LIST_HEAD(node);
}

/* Poisoned: a second list_del() of it dies. */
static inline void list_del(struct list_head *node)
{
	list_del_init(node);
	node->next = NULL;
	node->prev = NULL;
}

static inline void list_move_tail(struct list_head *node, struct list_head *head)
{
	list_del_init(node);
	list_add_tail(node, head);
}

static inline void list_move(struct list_head *node, struct list_head *head)
{
	list_del_init(node);
	list_add(node, head);
}

static inline void list_splice_tail_init(struct list_head *list,
					 struct list_head *head)
{
	while (!list_empty(list))
		list_move_tail(list->next, head);
}

static inline void list_splice_init(struct list_head *list,
				    struct list_head *head)
{
	while (!list_empty(list)) {
		struct list_head *node = list->prev;

		list_del_init(node);
		list_add(node, head);
	}
}

/* @list is not used again. */
#define list_splice(list, head)	list_splice_init(list, head)

#define list_entry(ptr, type, member)	container_of(ptr, type, member)
#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) \
	list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
/* A walk ends at what would be the entry of its head, aligned as no entry is. */
#define shim_list_node(pos, member)					\
	((struct list_head *)((char *)(pos) +				\
			      offsetof(__typeof__(*(pos)), member)))
#define list_next_entry(pos, member)					\
	list_entry(shim_list_node(pos, member)->next, __typeof__(*(pos)), member)
#define list_for_each_entry(pos, head, member)				\
	for (pos = list_entry((head)->next, __typeof__(*pos), member);	\
	     shim_list_node(pos, member) != (head); pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)			\
	for (pos = list_entry((head)->next, __typeof__(*pos), member),	\
	     n = list_next_entry(pos, member);				\
	     shim_list_node(pos, member) != (head); pos = n, n = list_next_entry(n, member))

#endif
