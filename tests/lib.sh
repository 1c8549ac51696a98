# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Helpers for the test scripts. Source it, do not run it:
#
#	. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
# Sets IMS_TOP (the checkout), IMS_BUILD and IMS_CACHE; the last two can be
# preset in the environment. Needs no git: the checkout may belong to another
# user than the one who tests it, and git refuses to look at such a tree.

IMS_TOP=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
IMS_BUILD=${IMS_BUILD:-$IMS_TOP/build}
IMS_CACHE=${IMS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/ims}
# Both also name places inside the VM, where the working directory is another.
[[ $IMS_BUILD == /* ]] || IMS_BUILD=$PWD/$IMS_BUILD
[[ $IMS_CACHE == /* ]] || IMS_CACHE=$PWD/$IMS_CACHE
export IMS_TOP IMS_BUILD IMS_CACHE

# Debian leaves these out of an ordinary user's path; depmod and modprobe live there.
PATH=$PATH:/usr/sbin:/sbin

# Colours by the stream they go to: a log file must stay plain when stderr is a terminal.
C_RED='' C_GREEN='' C_YELLOW='' C_BOLD='' C_OFF=''
if [[ -t 1 && -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
	C_RED=$'\e[31m' C_GREEN=$'\e[32m' C_YELLOW=$'\e[33m' C_BOLD=$'\e[1m' C_OFF=$'\e[0m'
fi
export C_RED C_GREEN C_YELLOW C_BOLD C_OFF

# What die exits with; a script whose exit status means something sets its own.
IMS_DIE_STATUS=${IMS_DIE_STATUS:-1}

say()  { printf '%s\n' "$*" >&2; }
warn() { printf '%s: %s%s%s\n' "${0##*/}" "$C_YELLOW" "$*" "$C_OFF" >&2; }
die() {
	printf '%s: %s%s%s\n' "${0##*/}" "$C_RED" "$*" "$C_OFF" >&2
	exit "$IMS_DIE_STATUS"
}

# ims_help FILE: the comment at the head of a script is its help text.
ims_help() { sed -n '3,/^[^#]/{/^#/!q; s/^#\t/  /; s/^# \{0,1\}//; p}' "$1"; }

# ims_root CMD...: run CMD as root, or return 1 when this user cannot.
# sudo may ask for a password only where somebody can type one.
ims_root() {
	if ((EUID == 0)); then
		env DEBIAN_FRONTEND=noninteractive "$@"
	elif command -v sudo >/dev/null && { [[ -t 0 && -t 2 ]] || sudo -n true 2>/dev/null; }; then
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		return 1
	fi
}

# ims_apt_update: refresh the package lists, once for a whole tree of scripts.
# One broken third-party source must not stop us: the install that follows tells.
ims_apt_update() {
	[[ -z ${IMS_APT_UPDATED:-} ]] || return 0
	ims_root apt-get -qq -o DPkg::Lock::Timeout=120 update >&2 || return 1
	export IMS_APT_UPDATED=1
}

# ims_need PKG...: make sure that these Debian packages are installed.
ims_need() {
	local pkg state
	local -A have=()
	local -a missing=()

	command -v dpkg-query >/dev/null ||
		die "this is not Debian or a child of it; install yourself what these packages hold: $*"
	while read -r pkg state; do
		[[ $state == installed ]] && have[$pkg]=1
	done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
	for pkg; do
		[[ -n ${have[$pkg]:-} ]] || missing+=("$pkg")
	done
	((${#missing[@]})) || return 0

	say "Installing ${missing[*]}"
	ims_apt_update || true
	if ! ims_root apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 \
		install --no-install-recommends "${missing[@]}" >/dev/null; then
		say "Packages are missing. Run this, then try again:"
		say "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
		exit "$IMS_DIE_STATUS"
	fi
}

# ims_need_module_build KMODULES: what building modules against the tree from
# tests/vm/kernel takes, with the compiler that built that kernel.
ims_need_module_build() {
	local -a extra=()
	mapfile -t extra <"$1/build-needs"
	ims_need make binutils "${extra[@]}"
}

# ims_case_options CASE: IMS_CASE_OPTIONS is what tests/vm/vm needs for that VM case.
ims_case_options() {
	local siov="-device nvme,serial=ims,cmb_size_mb=16,legacy-cmb=on"
	IMS_CASE_OPTIONS=()
	case $1 in
	no-remapping.sh) IMS_CASE_OPTIONS=(--no-intremap) ;;
	limits.sh) IMS_CASE_OPTIONS=(--cpus 1) ;;
	portal.sh | portal-cdev.sh | revoke.sh | restrain.sh | readers.sh | functions.sh)
		IMS_CASE_OPTIONS=(--qemu "$siov") ;;
	vmm.sh | bypass.sh) IMS_CASE_OPTIONS=(--qemu "$siov" --qemu "-cpu max,-cx16") ;;
	guests.sh) # why: see vm/guests
		IMS_CASE_OPTIONS=(--mem 1536 --qemu "$siov" --qemu "-cpu max,-cx16"
			--parallel --append nokaslr) ;;
	libvirt.sh) IMS_CASE_OPTIONS=(--qemu "-cpu max,-cx16") ;;
	cpus.sh) IMS_CASE_OPTIONS=(--cpus 4 --qemu "$siov") ;;
	bridge.sh) # behind a bridge to PCI, and on a root bus of its own
		IMS_CASE_OPTIONS=(--qemu "-device pcie-pci-bridge,id=bridge"
			--qemu "-device edu,bus=bridge,addr=1,dma_mask=0xffffffff"
			--qemu "-device pxb-pcie,id=pxb,bus_nr=64"
			--qemu "-device pcie-root-port,id=far,bus=pxb,chassis=9"
			--qemu "-device edu,bus=far,dma_mask=0xffffffff")
		;;
	affinity.sh) IMS_CASE_OPTIONS=(--cpus 4
			--append "isolcpus=managed_irq,domain,2-3 irqaffinity=0-1") ;;
	entries.sh) IMS_CASE_OPTIONS=(--cpus 16 --mem 1536 --qemu "$siov"
			--qemu "-device nvme,serial=other") ;;
	scale.sh) IMS_CASE_OPTIONS=(--cpus 16 --mem 1536 --qemu "$siov") ;;
	power.sh) # an edu that can be reset: the other sits on the root bus
		IMS_CASE_OPTIONS=(--qemu "-device pcie-root-port,id=rp,chassis=1"
			--qemu "-device edu,bus=rp,dma_mask=0xffffffff")
		;;
	skeleton.sh) # iomem=relaxed: the case looks at registers that a driver has.
		# Behind a root port the device can be reset.
		IMS_CASE_OPTIONS=(--append iomem=relaxed
			--qemu "-device pcie-root-port,id=rp,chassis=1"
			--qemu "-object memory-backend-ram,id=array,size=1M,share=on"
			--qemu "-device ivshmem-plain,memdev=array,bus=rp")
		;;
	esac
}

# Debian's package of the VM kernel's source
IMS_LINUX_SOURCE=linux-source-6.12

# ims_linux_source_versions: the versions of it that are there, the installed one
# first, then what apt knows, the newest first
ims_linux_source_versions() {
	dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$IMS_LINUX_SOURCE" 2>/dev/null |
		sed -n 's/^installed //p' || true
	apt-cache madison "$IMS_LINUX_SOURCE" 2>/dev/null | awk -F ' *[|] *' '{ print $2 }' ||
		true
}

# ims_linux_source_version RELEASE: the first of them that is of that point release,
# such as 6.12.117; nothing when none is
ims_linux_source_version() {
	local pattern="^${1//./\\.}-"

	ims_linux_source_versions | grep -m 1 -e "$pattern" || {
		ims_apt_update || true
		ims_linux_source_versions | grep -m 1 -e "$pattern" || true
	}
}

# ims_linux_source VERSION DIR: print the path of that version's tar archive: the
# installed one, else it is downloaded into DIR (which has to be writable).
ims_linux_source() {
	local tar=/usr/src/$IMS_LINUX_SOURCE.tar.xz

	if [[ $(dpkg-query -W -f '${db:Status-Status} ${Version}' "$IMS_LINUX_SOURCE" 2>/dev/null) == "installed $1" ]]; then
		echo "$tar"
		return
	fi
	say "Fetching $IMS_LINUX_SOURCE $1 (about 150 MB, once)"
	# As root, apt would hand the download to user _apt, who cannot write here.
	(cd "$2" && apt-get -qq -o APT::Sandbox::User= download "$IMS_LINUX_SOURCE=$1" >/dev/null) ||
		die "cannot download $IMS_LINUX_SOURCE $1: no network, or package lists too old" \
			"(sudo apt-get update)"
	dpkg -x "$2/$IMS_LINUX_SOURCE"_*.deb "$2/unpacked"
	echo "$2/unpacked$tar"
}

# ims_tap_summary LOG: what failed in a log of TAP, and in the last line how much
# passed, failed and was skipped; 1 when anything failed or nothing ran. A stream
# says how many tests it has ("1..N"): those that are missing failed. Lines without a
# number are about a program that could not say so itself, and in no plan. cmocka 1.1
# has "not ok N # SKIP" for what it skips.
ims_tap_summary() {
	awk '
		{ sub(/\r$/, "") }
		/^1\.\.[0-9]+/		{ sub(/^1\.\./, ""); planned += $1; next }
		/^(not )?ok .*# SKIP/	{ skipped++; numbered++; next }
		/^ok /			{ passed++; numbered += /^ok [0-9]/; next }
		/^not ok /		{ failed++; numbered += /^not ok [0-9]/; print "FAILED: " substr($0, 8); next }
		END {
			missing = planned - numbered
			if (missing > 0) {
				print "FAILED: " missing " tests that were announced did not run"
				failed += missing
			}
			if (passed + failed == 0) {
				print "FAILED: no test ran"
				failed = 1
			}
			printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
			exit failed > 0
		}
	' "$1"
}

# ims_kcsan WHAT: of a kernel log on stdin the reports of data races by KCSAN, in which
# our modules take part ("ours") or do not ("others"), or all but the latter ("rest").
# They do when the code of one makes one of the accesses, or has called what makes
# each of the two: free_irq() against an interrupt is the kernel's own, and so is what
# mutexes do inside. Below asm_*() a stack is that of what was interrupted.
ims_kcsan() {
	awk -v what="$1" '
		function report_ends() {
			ours = direct || called > 1
			if (what == (ours ? "ours" : "others") || (what == "rest" && ours))
				printf "%s", report
			inside = direct = called = frames = 0
			report = ""
		}
		inside {
			report = report $0 "\n"
			if (/ by (task|interrupt)/) {
				stack = 1
				counted = frames = 0
			} else if (/ asm_|Reported by| (osq|_*mutex)_/)
				stack = 0
			else if (stack && /\+0x/) {
				frames++
				if (/\+0x.* \[(ims|vfio_pci_ims|ims_[a-z_]+)\]/) {
					if (frames == 1)
						direct = 1
					if (!counted++)
						called++
				}
			}
			if (/===========/)
				report_ends()
			next
		}
		/BUG: KCSAN: / { inside = 1; report = rule $0 "\n"; rule = ""; next }
		what == "rest" { printf "%s", rule }
		{ rule = "" }
		/===========/ { rule = $0 "\n"; next }
		what == "rest"
		END {
			if (inside)
				report_ends()
			else if (what == "rest")
				printf "%s", rule
		}
	'
}
