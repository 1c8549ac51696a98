// SPDX-License-Identifier: GPL-2.0-or-later
/* Is the engine as the model says? See compare.h. */
#include <stdarg.h>

#include "compare.h"

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

static void compare_vector(struct env *env, const struct model *model, int d,
			   u32 i, const struct env_vector *v)
{
	const struct m_vector *w = &model->d[d].v[i];

	if (v->state != (int)w->state || v->emulated != w->emulated ||
	    v->slot != w->slot || v->own != w->own ||
	    v->masked != w->masked || v->pending != w->pending ||
	    v->delivered != w->delivered || v->loopback != w->loopback ||
	    v->signalled != w->signalled || v->dropped != w->dropped ||
	    v->pended != w->pended || v->replaced != w->replaced ||
	    v->failed != w->failed)
		wrong("device %d vector %u: state emulated slot own masked pending, delivered loopback signalled dropped pended replaced failed: engine %d %d %d %d %d %d, %llu %llu %llu %llu %llu %llu %llu, model %d %d %d %d %d %d, %llu %llu %llu %llu %llu %llu %llu",
		      d, i, v->state, v->emulated, v->slot, v->own, v->masked,
		      v->pending, v->delivered, v->loopback, v->signalled,
		      v->dropped, v->pended, v->replaced, v->failed, w->state,
		      w->emulated, w->slot, w->own, w->masked, w->pending,
		      w->delivered, w->loopback, w->signalled, w->dropped,
		      w->pended, w->replaced, w->failed);
	if (w->slot >= 0) {
		const struct env_slot *s = &env->slots[w->slot];

		same("generation", v->generation, w->generation);
		same("cookie of the slot", v->cookie, w->slot_cookie);
		same("cookie in the hardware", s->cookie, w->slot_cookie);
		same("IRQ in the hardware",
		     shim_irq_of_message(s->address, s->data), v->virq);
		same("slot masked", s->masked, false);
	}
	if (w->state != M_ABSENT && !w->emulated)
		same("next cookie", v->next, m_next_cookie(model, d, i));
	same("hwirq", vfio_pci_ims_hwirq(&env->ims[d], i),
	     w->slot >= 0 ? w->slot : -ENOENT);
	same("pending", vfio_pci_ims_pending(&env->ims[d], i), w->pending);
}

static void compare_device(struct env *env, const struct model *model, int d)
{
	struct ims_vdev *vdev = ims_vdev_get(&env->ims[d]);
	struct ims_client_info info;
	struct env_vector v;
	u32 i, live = 0, emulated = 0;

	same("open", !!vdev, model->d[d].open);
	if (!vdev) {
		same("hwirq when closed", vfio_pci_ims_hwirq(&env->ims[d], 0),
		     -ENODEV);
		return;
	}
	if (!model->d[d].open)
		goto out;
	for (i = 0; i < model->d[d].vectors; i++) {
		env_vector(env, d, i, &v);
		compare_vector(env, model, d, i, &v);
		live += model->d[d].v[i].state == M_LIVE;
		emulated += model->d[d].v[i].emulated;
	}
	same("hwirq beyond", vfio_pci_ims_hwirq(&env->ims[d], i), -EINVAL);
	same("live", vdev->live, live);
	same("emulated", vdev->emulated, emulated);
	same("default cookie", vdev->default_cookie, model->d[d].default_cookie);
	env_client(env, d, &info);
	same("slots of the device", info.used, m_used(model, d));
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
	same("Linux IRQs", c.irqs, model->store.there ? m_store_used(model) : 0);
	same("requested IRQs", c.requested, c.irqs);
	same("warnings", c.warnings, 0);
	if (!model->store.there)
		return;
	ims_store_query(env->store, &info);
	same("slots used", info.used, m_store_used(model));
	same("slots reserved", info.reserved, m_reserved(model));
	same("store's limit", info.limit, model->store.limit);
	same("store's peak", info.peak, model->store.peak);
	same("store's failures", info.failures, model->store.failures);
	for (i = 0; i < model->store.size; i++)
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
	for (i = 0; i < model->d[d].vectors; i++) {
		env_vector(env, d, i, &v);
		more = v.failed - model->d[d].v[i].failed;
		model->d[d].v[i].failed = v.failed;
		sum += more;
	}
	if (sum > 1)
		wrong("one failed request counts as %llu", sum);
}
