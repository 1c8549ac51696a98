/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine names and the tests have no use for. */
#ifndef _SHIM_STUBS_H
#define _SHIM_STUBS_H

#define EXPORT_SYMBOL_GPL(sym)
#define MODULE_DESCRIPTION(s)
#define MODULE_LICENSE(s)
#define MODULE_VERSION(s)
#define MODULE_PARM_DESC(name, s)

/* A parameter is a variable that tests reach by shim_param_NAME(). */
#define module_param(name, type, mode)				\
	extern type *shim_param_##name(void);			\
	type *shim_param_##name(void) { return &name; }

#define dev_to_node(dev)	((void)(dev), -1)
#define pci_dev_id(pdev)	((void)(pdev), 0x18u)
#define pci_name(pdev)		((pdev)->dev.name)
#define dev_name(d)		((d)->name)
#define dev_driver_string(d)	((void)(d), "driver")

/*
 * Trace events. What they record is evaluated, so that the sanitizers see it;
 * where tests want to know (shim_trace_on), it is told as text.
 */
#define TP_PROTO(...)		__VA_ARGS__
#define TP_ARGS(...)		__VA_ARGS__
#define TP_STRUCT__entry(...)	__VA_ARGS__
#define TP_fast_assign(...)	__VA_ARGS__
#define TP_printk(...)		__VA_ARGS__
#define __field(type, name)	type name;

#define SHIM_TRACE(event, tstruct, assign, ...)			\
	struct { tstruct } e, *__entry = &e;			\
	memset(&e, 0, sizeof(e));				\
	assign							\
	if (shim_trace_on)					\
		shim_trace(event, __VA_ARGS__)

#define TRACE_EVENT(name, proto, args, tstruct, assign, ...)	\
static inline __attribute__((unused)) void trace_##name(proto)	\
{ SHIM_TRACE(#name, tstruct, assign, __VA_ARGS__); }

#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, ...)	\
static inline __attribute__((unused)) void				\
shim_class_##name(const char *event, proto)				\
{ SHIM_TRACE(event, tstruct, assign, __VA_ARGS__); }

#define DEFINE_EVENT(class, name, proto, args)				\
static inline __attribute__((unused)) void trace_##name(proto)		\
{ shim_class_##class(#name, args); }					\
static inline __attribute__((unused)) bool trace_##name##_enabled(void)	\
{ return shim_trace_on; }

#endif
