// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imsctl doctor: the kernel, how it was built, and its modules.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

/* Is it of a series that the project's tests run on? */
static bool is_tested(const char *release)
{
	static const char *const tested[] = { "6.1.", "6.12.", "7.3." };
	size_t i;

	for (i = 0; i < sizeof(tested) / sizeof(tested[0]); i++)
		if (!strncmp(release, tested[i], strlen(tested[i])))
			return true;
	return false;
}

void check_kernel(struct findings *findings)
{
	char release[128];

	if (!kernel_release(release, sizeof(release)))
		found(findings, "kernel", FINDING_UNKNOWN,
		      "mount -t proc proc /proc",
		      "/proc does not tell its version");
	else if (is_tested(release))
		found(findings, "kernel", FINDING_OK, NULL, "%s", release);
	else
		found(findings, "kernel", FINDING_WARNING,
		      "boot Debian's kernel 6.1.x, 6.12.x or 7.3.x",
		      "%s: not tested on that series", release);
}

static const struct {
	const char *option;
	const char *what_for;
} needed[] = {
	{ "CONFIG_PCI_MSI", "messages as interrupts" },
	{ "CONFIG_IRQ_DOMAIN_HIERARCHY", "a domain of a store's own" },
	{ "CONFIG_IRQ_REMAP", "interrupt remapping" },
	{ "CONFIG_EVENTFD", "triggers" },
	{ "CONFIG_VFIO", "virtual devices" },
	{ "CONFIG_VFIO_MDEV", "mediated devices" },
	{ "CONFIG_VFIO_IOMMU_TYPE1", "VFIO's containers" },
};

#define NUM_NEEDED	(sizeof(needed) / sizeof(needed[0]))

/* Where distributions put it, or the kernel itself has it. */
static FILE *open_config(char *path, size_t size, bool *pipe)
{
	static const char *const places[] = {
		"/boot/config-%s", "/lib/modules/%s/config",
		"/lib/modules/%s/build/.config",
	};
	char release[128], command[PATH_MAX];
	FILE *file = NULL;
	size_t i;

	*pipe = false;
	if (!kernel_release(release, sizeof(release)) || strchr(release, '/'))
		return NULL;
	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !file; i++) {
		const char *gap = strstr(places[i], "%s");

		snprintf(path, size, "%.*s%s%s", (int)(gap - places[i]),
			 places[i], release, gap + 2);
		file = open_file(path);
	}
	if (file)
		return file;

	snprintf(path, size, "/proc/config.gz");
	file = open_file(path);
	if (!file)
		return NULL;
	fclose(file);
	*pipe = true;
	snprintf(command, sizeof(command), "gzip -dc '%s%s'", system_root(),
		 path);
	return popen(command, "r");
}

void check_kernel_config(struct findings *findings)
{
	bool has[NUM_NEEDED] = { false }, pipe, any = false;
	size_t i, size = 0, lacking = 0;
	char path[256], *line = NULL;
	FILE *file;

	file = open_config(path, sizeof(path), &pipe);
	while (file && getline(&line, &size, file) >= 0) {
		any |= !strncmp(line, "CONFIG_", strlen("CONFIG_"));
		for (i = 0; i < NUM_NEEDED; i++) {
			size_t len = strlen(needed[i].option);

			if (!strncmp(line, needed[i].option, len) &&
			    line[len] == '=' && strchr("ym", line[len + 1]))
				has[i] = true;
		}
	}
	free(line);
	if (file && pipe)
		pclose(file);
	else if (file)
		fclose(file);

	/* Also when gzip(1) is not there. */
	if (!any) {
		found(findings, "kernel-config", FINDING_UNKNOWN,
		      "install /boot/config-$(uname -r), or modprobe configs",
		      "how the kernel was built is told nowhere");
		return;
	}
	for (i = 0; i < NUM_NEEDED; i++) {
		char remedy[CELL_SIZE];

		if (has[i])
			continue;
		lacking++;
		snprintf(remedy, sizeof(remedy),
			 "boot a kernel built with %s=y, such as Debian's",
			 needed[i].option);
		found(findings, "kernel-config", FINDING_FAILED, remedy,
		      "%s is not set: no %s", needed[i].option,
		      needed[i].what_for);
	}
	if (!lacking)
		found(findings, "kernel-config", FINDING_OK, NULL,
		      "%s has all %zu options", path, NUM_NEEDED);
}

static const struct {
	const char *name;
	/* One of ours, with our version. */
	bool ours;
	/* Drivers that have use for it load it. */
	bool optional;
} modules[] = {
	{ "vfio" }, { "vfio_iommu_type1" }, { "mdev" },
	{ "ims", true }, { "vfio_pci_ims", true },
	{ "ims_vfunc", true, true },
};

/* Is it in that list of /lib/modules? */
static bool is_listed(const char *name, const char *list)
{
	char release[128], path[256], file[64];

	if (!kernel_release(release, sizeof(release)))
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/%s", release, list);
	snprintf(file, sizeof(file), "/%s.ko", name);
	return file_has(path, file);
}

static void check_version(struct findings *findings, const char *check,
			  const char *name)
{
	char path[128], version[64];

	snprintf(path, sizeof(path), "/sys/module/%s/version", name);
	if (!read_line(path, version, sizeof(version)))
		found(findings, check, FINDING_UNKNOWN,
		      "install the modules and imsctl from one source",
		      "loaded, but does not tell its version");
	else if (strcmp(version, IMS_VERSION))
		found(findings, check, FINDING_WARNING,
		      "install the modules and imsctl from one source, and load them again",
		      "version %s is loaded; imsctl is %s", version,
		      IMS_VERSION);
	else
		found(findings, check, FINDING_OK, NULL, "version %s",
		      version);
}

/*
 * Does the kernel refuse modules that are not signed with a key it trusts? It does when
 * it was told so, and after a Secure Boot.
 */
static bool wants_signatures(void)
{
	char line[64];

	if (read_line("/sys/module/module/parameters/sig_enforce", line,
		      sizeof(line)) && line[0] == 'Y')
		return true;
	return read_line("/sys/kernel/security/lockdown", line, sizeof(line)) &&
	       !strstr(line, "[none]");
}

void check_modules(struct findings *findings)
{
	bool signatures = wants_signatures();
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		const char *name = modules[i].name;
		char remedy[CELL_SIZE];

		snprintf(remedy, sizeof(remedy), "modprobe %s", name);
		if (module_is_loaded(name) && modules[i].ours)
			check_version(findings, name, name);
		else if (module_is_loaded(name))
			found(findings, name, FINDING_OK, NULL, "loaded");
		else if (is_listed(name, "modules.builtin"))
			found(findings, name, FINDING_OK, NULL, "built in");
		else if (modules[i].optional)
			found(findings, name, FINDING_OK, NULL,
			      "not loaded: no driver has asked for it");
		else if (is_listed(name, "modules.dep") && modules[i].ours &&
			 signatures)
			found(findings, name, FINDING_FAILED,
			      "modprobe; if refused, mokutil --import /var/lib/dkms/mok.pub, and boot",
			      "not loaded; this kernel wants modules signed by a key it trusts");
		else if (is_listed(name, "modules.dep"))
			found(findings, name, modules[i].ours ?
			      FINDING_FAILED : FINDING_WARNING, remedy,
			      "the module is not loaded");
		else
			found(findings, name, FINDING_FAILED,
			      modules[i].ours ?
			      "apt install ims-dkms linux-headers-$(uname -r)" :
			      "boot a kernel that has it, such as Debian's",
			      "the module is neither loaded nor installed");
	}
}

/* In another network namespace there is no such family, though the module is there. */
static bool is_elsewhere(const struct doctor_state *state)
{
	return state->error == -EOPNOTSUPP && module_is_loaded("vfio_pci_ims");
}

#define ELSEWHERE	"nsenter --target 1 --net imsctl doctor"

void found_nothing(struct findings *findings, const char *check,
		   const struct doctor_state *state)
{
	bool elsewhere = is_elsewhere(state);

	found_of(findings, check, FINDING_UNKNOWN, check, elsewhere ?
		 "checks need the kernel module, which does not answer in this network namespace" :
		 "checks need the kernel module, which does not answer",
		 elsewhere ? ELSEWHERE : "modprobe vfio_pci_ims", "%s",
		 elsewhere ?
		 "the kernel module does not answer in this network namespace" :
		 "the kernel module does not answer");
}

void check_netlink(struct findings *findings, const struct doctor_state *state)
{
	if (state->stores)
		found(findings, "netlink", FINDING_OK, NULL,
		      "the family \"ims\" answers");
	else if (is_elsewhere(state))
		found(findings, "netlink", FINDING_FAILED, ELSEWHERE,
		      "no family \"ims\" in this network namespace");
	else
		found(findings, "netlink", FINDING_FAILED,
		      "modprobe vfio_pci_ims", "%s",
		      state->error == -EOPNOTSUPP ?
		      "there is no family \"ims\"" : state->text);
}
