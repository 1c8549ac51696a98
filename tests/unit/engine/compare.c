// SPDX-License-Identifier: GPL-2.0-or-later
/* Is the engine as the model says? See compare.h. */
#include <stdarg.h>

#include "compare.h"
#include "told.h"

char compare_error[512];

void wrong(const char *fmt, ...)
{
	va_list ap;

	if (compare_error[0])
		return;
	va_start(ap, fmt);
	vsnprintf(compare_error, sizeof(compare_error), fmt, ap);
	va_end(ap);
}

static void compare_counts(int d, u32 i, const struct env_vector *v,
			   const struct m_vector *w)
{
	const u64 engine[] = { v->delivered, v->loopback, v->signalled,
			       v->dropped, v->pended, v->replaced,
			       v->revocations, v->failed };
	const u64 model[] = { w->delivered, w->loopback, w->signalled,
			      w->dropped, w->pended, w->replaced,
			      w->revocations, w->failed };
	static const char * const names[] = {
		"delivered", "loopback", "signalled", "dropped", "pended",
		"replaced", "revocations", "failed",
	};
	size_t k;

	for (k = 0; k < ARRAY_SIZE(names); k++)
		if (engine[k] != model[k])
			wrong("device %d vector %u: %s: engine %llu, model %llu",
			      d, i, names[k], engine[k], model[k]);
}

static void compare_slot(struct env *env, const struct model *model, int d,
			 u32 i, const struct env_vector *v)
{
	const struct m_vector *w = &model->d[d].v[i];
	const struct env_slot *s = &env->slots[w->slot];
	u32 vector = 0;

	same("generation", v->generation, w->generation);
	same("cookie of the slot", v->cookie, w->slot_cookie);
	same("handle", v->handle, env_handle(env, (u32)w->slot));
	same("vector by handle", vfio_pci_ims_vector(&env->ims[d], v->handle,
						     &vector), 0);
	same("vector by handle", vector, i);
	if (model->store.asleep)
		return;
	same("cookie in the hardware", s->cookie, w->slot_cookie);
	same("IRQ in the hardware", shim_irq_of_message(s->address, s->data),
	     v->virq);
	same("slot masked", s->masked, w->quiet);
	same("slot has kept one", s->pending, w->kept);
}

static void compare_vector(struct env *env, const struct model *model, int d,
			   u32 i, const struct env_vector *v)
{
	const struct m_vector *w = &model->d[d].v[i];
	const struct told_slot *t = told_slot(d, i);
	u64 cookie;
	int producer;

	if (v->state != (int)m_state(w) || v->emulated != w->emulated ||
	    v->slot != w->slot || v->own != w->own ||
	    v->masked != w->masked || v->pending != w->pending ||
	    v->prepared != w->prepared || v->revoked != w->revoked ||
	    v->quiet != w->quiet)
		wrong("device %d vector %u: state emulated slot own masked pending prepared revoked quiet: engine %d %d %d %d %d %d %d %d %d, model %d %d %d %d %d %d %d %d %d",
		      d, i, v->state, v->emulated, v->slot, v->own, v->masked,
		      v->pending, v->prepared, v->revoked, v->quiet, m_state(w),
		      w->emulated, w->slot, w->own, w->masked, w->pending,
		      w->prepared, w->revoked, w->quiet);
	compare_counts(d, i, v, w);
	/* Others may have had its eventfd: then it is none. */
	producer = v->virq ? shim_bypass_producer(v->virq) : -1;
	if (producer >= 0 && (m_state(w) != M_LIVE || w->masked ||
			      w->eventfd != producer))
		wrong("device %d vector %u: is a producer of eventfd %d", d, i,
		      producer);
	if (w->slot >= 0)
		compare_slot(env, model, d, i, v);
	same("slot that the driver was told", t->slot, w->slot);
	same("its generation", t->generation, w->slot >= 0 ? w->generation : 0);
	if (w->used && !w->emulated)
		same("next cookie", v->next, m_next_cookie(model, d, i));
	if (vfio_pci_ims_cookie(&env->ims[d], i, &cookie))
		same("cookie of an emulated vector", w->emulated, true);
	else
		same("cookie", cookie, m_next_cookie(model, d, i));
	same("hwirq", env_hwirq(env, d, i),
	     w->slot >= 0 ? w->slot : -ENOENT);
	/* The hardware does not tell what it has kept. */
	same("pending", vfio_pci_ims_pending(&env->ims[d], i),
	     w->pending || w->injected);
}

static void compare_device(struct env *env, const struct model *model, int d)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);
	struct ims_client_info info;
	struct env_vector v;
	u32 i, triggers = 0, held = 0, emulated = 0, quiet = 0;

	same("open", !!vdev, model->d[d].open);
	if (!vdev) {
		same("hwirq when closed", env_hwirq(env, d, 0),
		     -ENODEV);
		for (i = 0; i < TOLD_VECTORS; i++)
			same("slot told after the end", told_slot(d, i)->slot,
			     -1);
		return;
	}
	if (!model->d[d].open)
		goto out;
	for (i = 0; i < model->d[d].vectors; i++) {
		env_vector(env, d, i, &v);
		compare_vector(env, model, d, i, &v);
		triggers += model->d[d].v[i].eventfd >= 0;
		held += m_state(&model->d[d].v[i]) == M_HELD;
		emulated += model->d[d].v[i].emulated;
		quiet += model->d[d].v[i].quiet;
	}
	same("hwirq beyond", env_hwirq(env, d, i), -EINVAL);
	same("handle that nobody has",
	     vfio_pci_ims_vector(&env->ims[d], 500, &i), -ENOENT);
	same("triggers", vdev->triggers, triggers);
	same("held", vdev->held, held);
	same("on hold", vdev->on_hold, model->d[d].on_hold);
	same("refused", vdev->refused.count, model->d[d].refused);
	same("emulated", vdev->emulated, emulated);
	same("quiet", vdev->quiet, quiet);
	same("default cookie", vdev->default_cookie, model->d[d].default_cookie);
	env_client(env, d, &info);
	same("slots of the device", info.used, m_used(model, d));
	if (info.entries < info.used || info.entries > 2 * info.used + 32)
		wrong("device %d holds %u entries for %u slots", d, info.entries,
		      info.used);
	if (!model->d[d].gone)
		same("slots that it could have", info.available, m_room(model, d));
	same("limit of the device", info.limit, model->d[d].limit);
	same("reservation of the device", info.reservation, model->d[d].reservation);
out:
	ims_vdev_put(vdev);
}

static void compare_store(struct env *env, const struct model *model)
{
	struct ims_store_info info;
	struct shim_counts c;
	u32 i;

	shim_counts(&c);
	i = model->store.there ? m_store_used(model) : 0;
	same("requested IRQs", c.requested, i);
	same("warnings", c.warnings, 0);
	if (!model->store.there) {
		same("Linux IRQs", c.irqs, 0);
		return;
	}
	ims_store_query(env->store, &info);
	same("Linux IRQs", c.irqs, info.entries);
	same("remapping entries", c.remap_entries, info.entries);
	same("slots used", info.used, m_store_used(model));
	same("slots reserved", info.reserved, m_reserved(model));
	same("store's limit", info.limit, model->store.limit);
	same("store's peak", info.peak, model->store.peak);
	same("store's failures", info.failures, model->store.failures);
	same("suspended", info.suspended, model->store.asleep);
	for (i = 0; i < model->store.size && !model->store.asleep; i++)
		if (!model->store.slot[i].used)
			same("address in a free slot", env->slots[i].address, 0);
}

void compare(struct env *env, const struct model *model, bool late)
{
	int i, refs;

	for (i = 0; i < M_DEVICES; i++)
		compare_device(env, model, i);
	compare_store(env, model);
	for (i = 0; i < 40; i++) {
		refs = m_eventfd_refs(model, i);
		if (refs && env_count(i) != model->count[i])
			wrong("eventfd %d: signalled %llu times, model %llu", i,
			      env_count(i), model->count[i]);
		if (late ? shim_eventfd_refs(i) < refs :
			       shim_eventfd_refs(i) != refs)
			wrong("eventfd %d: %d references, model %d", i,
			      shim_eventfd_refs(i), refs);
	}
}

void adopt(struct env *env, struct model *model, int d)
{
	struct ims_store_info info;
	struct ims_vdev *vdev;
	struct env_vector v;
	u64 more, sum = 0;
	u32 i;

	if (model->store.there) {
		ims_store_query(env->store, &info);
		if (info.failures > model->store.failures + 1 ||
		    info.failures < model->store.failures)
			wrong("store's failures go from %llu to %llu",
			      model->store.failures, info.failures);
		model->store.failures = info.failures;
		if (info.peak < model->store.peak || info.peak > model->store.size)
			wrong("store's peak goes from %u to %u", model->store.peak,
			      info.peak);
		model->store.peak = info.peak;
		for (i = 0; i < model->store.size; i++)
			if (!model->store.slot[i].used)
				model->store.slot[i].unsure = true;
	}
	if (!model->d[d].open)
		return;
	vdev = ims_vdev_get(&env->ims[d]);
	model->d[d].refused = vdev->refused.count;
	ims_vdev_put(vdev);
	for (i = 0; i < model->d[d].vectors; i++) {
		env_vector(env, d, i, &v);
		more = v.failed - model->d[d].v[i].failed;
		model->d[d].v[i].failed = v.failed;
		sum += more;
	}
	if (sum > 1)
		wrong("one failed request counts as %llu", sum);
}
