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
. tests/system.sh

# The names in a dependency field, joined by commas.
names() {
	sed 's/([^)]*)//g; s/<[^>]*>//g; s/|[^,]*//g; s/\${[^}]*}//g' | tr -d ' \t\n' |
		tr ',' '\n' | sed '/^$/d' | sort -u | paste -sd ,
}

inside() { # TREE COMMAND...: without network
	enter --net "$@"
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
	ok "a system with the build dependencies" tree build bookworm buildd "$(sed -n \
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
	ok "a system with the dependencies of ksymaudit" tree use bookworm apt "$depends,man-db" || return
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
	ok "rpmlint" rpmlint --strict -c "$work/rpmlint.toml" packaging/ksymaudit.spec
	ok "rpmbuild" rpmbuild --quiet --nodeps --nocheck --define "_topdir $work/rpm" \
		-tb "$work/files/$tarball" || return
	find "$work/rpm/RPMS" -name '*.rpm' -exec wc -c {} + | sed "/total\$/d; s|$work/.*/||; s/^/    /"
	if [ -e "$work/files/one" ]; then
		ok "has the files of the Debian packages" contents
	fi
}

version=$(sed -n 's/^.define KSA_VERSION "\(.*\)"/\1/p' include/ksymaudit.h)
ok "one version everywhere" sh -c '[ "$1 $1" = "$2 $3" ] || { echo "$@"; false; }' sh "$version" \
	"$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" "$(sed -n 's/^Version: *//p' packaging/ksymaudit.spec)"
ok "make dist" make dist || exit
tarball=ksymaudit-$version.tar.xz
cp "build/$tarball" "$work/files/"
why=$(unable apt-get mmdebstrap unshare lintian dpkg-deb)
if [ -z "$why" ]; then debian; else skip "Debian packages: $why"; fi
why=$(unable rpmbuild rpmlint)
if [ -z "$why" ]; then rpms; else skip "RPM: $why"; fi
total
