#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages, for Debian and as RPM, from the tarball of the last commit (make dist): they are built
# and judged; those for Debian are also installed on a clean system, used there, and removed.
#
#   tests/package.sh      as root; closes with "N passed, N failed, N skipped"
#
# Debian packages are built in a bookworm that has what debian/control asks for and no network, with
# their tests, and a second time elsewhere, which has to give the same bytes. They are installed in
# one that has what they depend on, and manual pages. The cache keeps these systems as tar files.
set -u
cd "$(dirname "$0")/.." || exit 2
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
work=$(mktemp -d "${TMPDIR:-/tmp}/ksymaudit-package.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C
passed=0 failed=0 skipped=0

ok() { # WHAT COMMAND...
	what=$1 from=$(date +%s)
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok: $what ($(($(date +%s) - from)) s)"
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		tail -n 40 "$work/log"
		return 1
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: $*"
}

# part WHAT COMMAND...: a test with a total of its own, which is shown
part() {
	ok "$@" && grep -E '^[0-9]+ passed, 0 failed, [0-9]+ skipped$' "$work/log" | tail -n 1 | sed 's/^/    /'
}

# The names in a dependency field, joined by commas.
names() {
	sed 's/([^)]*)//g; s/<[^>]*>//g; s/|[^,]*//g; s/\${[^}]*}//g' | tr -d ' \t\n' |
		tr ',' '\n' | sed '/^$/d' | sort -u | paste -sd ,
}

# tree NAME VARIANT PACKAGES: $work/NAME is a bookworm with these
tree() {
	tar=$cache/package-$1-$(printf '%s' "$*" | sha256sum | cut -c 1-12).tar
	if [ ! -e "$tar" ]; then
		mirror=$(tests/real/fetch.sh mirror) || return 1
		rm -f "$cache/package-$1-"*
		# mmdebstrap mounts while it works: in a namespace, so that an interrupt leaves nothing
		unshare --mount --propagation private mmdebstrap --quiet --mode=root --format=tar \
			--variant="$2" --include="$3" bookworm "$tar.$$" \
			"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror#mirror } bookworm main" ||
			return 1
		mv "$tar.$$" "$tar"
	fi
	mkdir "$work/$1" && tar -xpf "$tar" -C "$work/$1"
}

# inside TREE COMMAND...: in that system, without network; $work/files is its /mnt
inside() {
	tree=$work/$1
	shift
	unshare --mount --net --pid --fork --kill-child --propagation private /bin/sh -c '
		set -e
		tree=$1
		mount -t proc proc "$tree/proc"
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
		mount --bind "$2" "$tree/mnt"
		shift 2
		exec chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent \
			DEBIAN_FRONTEND=noninteractive "$@"' sh "$tree" "$work/files" "$@"
}

# build DIR OPTIONS [VARIABLE=VALUE]...: in /mnt/DIR of the tree `build`
build() {
	mkdir "$work/files/$1" && tar -xJf "$work/files/$tarball" -C "$work/files/$1" || return
	dir=$1 options=$2
	shift 2
	inside build env "DEB_BUILD_OPTIONS=$options" "$@" sh -c \
		'umask "${UMASK:-022}" && cd "/mnt/$1"/* && dpkg-buildpackage -us -uc' sh "$dir"
}

finished() { # PROCESS LOG
	wait "$1" || {
		cat "$2"
		return 1
	}
}

same_packages() {
	for deb in "$work"/files/one/*.deb "$work"/files/one/*.tar.xz; do
		cmp "$deb" "$work/files/another/${deb##*/}" || return
	done
}

# What is in the tree `use` that did not come with its system.
added() {
	(cd "$work/use" && find . \( -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/log -o -path ./var/cache \
		-o -path ./mnt \) -prune -o -print | sort) >"$work/now"
	comm -13 "$work/before" "$work/now"
}

unchanged() {
	inside use dpkg -V ksymaudit >"$work/changed" 2>&1 && cmp "$work/changed" /dev/null && return
	cat "$work/changed"
	return 1
}

debian() {
	ok "a system with the build dependencies" tree build buildd "$(sed -n \
		'/^Build-Depends:/,/^[^B ]/{s/^Build-Depends://;/^[^ ]/!p}' debian/control | names)" || return
	build another "nocheck parallel=2" TZ=Asia/Kathmandu LC_ALL=C.UTF-8 UMASK=027 >"$work/another" 2>&1 &
	another=$!
	part "dpkg-buildpackage, with the offline tests" build one "parallel=$(nproc)"
	ok "and again, elsewhere and otherwise" finished $another "$work/another"
	ok "gives the same packages" same_packages || return
	(cd "$work/files/one" && wc -c ./*.deb ./*.tar.xz) | sed '/total$/d; s/^/    /'
	ok "lintian" lintian --allow-root -I --fail-on error,warning "$work"/files/one/*.changes
	grep '^[EWI]: ' "$work/log" | sed 's/^/    /'

	cp "$work"/files/one/*.deb debian/tests/smoke debian/tests/library "$work/files/"
	deb=$(echo "$work"/files/ksymaudit_*.deb)
	depends=$(dpkg-deb -f "$deb" Depends | names)
	ok "a system with the dependencies of ksymaudit" tree use apt "$depends,man-db" || return
	: >"$work/before" && added >"$work/installed" && mv "$work/now" "$work/before"
	ok "installs" inside use apt-get -qq install "/mnt/${deb##*/}" || return
	ok "dpkg -V has nothing to say" unchanged
	part "the installed command, for nobody in particular" inside use setpriv --reuid=65534 \
		--regid=65534 --clear-groups /mnt/smoke
	ok "is removed" inside use apt-get -qq remove ksymaudit
	added >"$work/left"
	ok "and leaves nothing behind" cmp "$work/left" /dev/null || sed 's/^/    /' "$work/left"

	ok "libksymaudit-dev installs, and all leaves that it does not depend on" inside build sh -c '
		set -e
		apt-get -qq install /mnt/lib*.deb /mnt/ksymaudit_*.deb
		apt-mark auto $(apt-mark showmanual) >/dev/null
		apt-mark manual libksymaudit-dev ksymaudit gcc libc6-dev pkg-config >/dev/null
		apt-get -qq autoremove' || return
	part "a program is linked with the library" inside build /mnt/library
}

# The files of the Debian packages and of the RPMs, with what the two call differently made the same.
contents() {
	find "$work"/files -maxdepth 1 -name '*.deb' ! -name '*dbgsym*' -exec dpkg-deb -c {} \; |
		sed -n 's|^-.* \./|/|p' | sed 's|/usr/lib/[^/]*-linux-gnu[^/]*/|/usr/lib64/|
			s|/vendor-completions/|/site-functions/|' >"$work/debian"
	find "$work/rpm/RPMS" -name '*.rpm' ! -name '*debug*' -exec rpm -qp --qf \
		'[%{FILEMODES:perms} %{FILENAMES}\n]' {} \; | sed -n 's/^-[^ ]* //p' >"$work/fedora"
	for list in debian fedora; do
		sed '/^.usr.share.\(doc\|licenses\|lintian\)/d; /build-id/d; s/\.gz$//' "$work/$list" |
			sort -o "$work/$list"
	done
	diff "$work/debian" "$work/fedora" && [ -s "$work/debian" ]
}

rpms() {
	# There is no address to download it from yet; the tag of a build root is of the last decade.
	printf 'Filters = ["no-buildroot-tag", "invalid-url Source0: ksymaudit", "no-url-tag"]\n' >"$work/rpmlint.toml"
	ok "rpmlint" rpmlint --strict -c "$work/rpmlint.toml" ksymaudit.spec
	ok "rpmbuild" rpmbuild --quiet --nodeps --nocheck --define "_topdir $work/rpm" \
		-tb "$work/files/$tarball" || return
	find "$work/rpm/RPMS" -name '*.rpm' -exec wc -c {} + | sed "/total\$/d; s|$work/.*/||; s/^/    /"
	if [ -e "$work/files/one" ]; then
		ok "has the files of the Debian packages" contents
	fi
}

# What keeps this system from it, or nothing.
unable() { # COMMAND...
	[ "$(id -u)" = 0 ] || echo "not root"
	for command; do
		command -v "$command" >/dev/null || echo "no $command here"
	done | head -n 1
}

version=$(sed -n 's/^.define KSA_VERSION "\(.*\)"/\1/p' include/ksymaudit.h)
ok "one version everywhere" sh -c '[ "$1 $1" = "$2 $3" ] || { echo "$@"; false; }' sh "$version" \
	"$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" "$(sed -n 's/^Version: *//p' ksymaudit.spec)"
ok "make dist" make dist || exit
tarball=ksymaudit-$version.tar.xz
mkdir "$work/files" && cp "build/$tarball" "$work/files/"
why=$(unable apt-get mmdebstrap unshare lintian dpkg-deb)
if [ -z "$why" ]; then debian; else skip "Debian packages: $why"; fi
why=$(unable rpmbuild rpmlint)
if [ -z "$why" ]; then rpms; else skip "RPM: $why"; fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
