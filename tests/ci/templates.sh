#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The templates of contrib/github and contrib/gitlab: the shell of their worked examples is taken out of
# the YAML and run in a project outside the repository, as the two systems run it.
#
#   tests/ci/templates.sh      needs gcc-12, which the headers name as their compiler
# The functions below are run by check().
# shellcheck disable=SC2317
set -u
# shellcheck source=tests/ci/common.sh
. "$(dirname "$0")/common.sh"
program=$(dirname "$KSYMAUDIT")
unset KSYMAUDIT KSYMAUDIT_MK
# workspace FILE [SED]: a project with ksymaudit as its submodule, and the CI file of an example
workspace() {
	project "$work/workspace"
	ln -s "$top" ksymaudit
	sed -e "s#/usr/src/#$work/tree-6.1/usr/src/#" -e "${2:-}" "$top/contrib/examples/$1" >ci.yml
	cp "$top/contrib/gitlab/ksymaudit.gitlab-ci.yml" .
	: >"$work/apt"
}
github() { run python3 "$top/tests/ci/pipeline.py" github ci.yml exports .; }
gitlab() { run python3 "$top/tests/ci/pipeline.py" gitlab ci.yml "$1" .; }

# What a runner would take for a command of ours: the lines outside of ::stop-commands::
commands() {
	awk '!token && sub(/^::stop-commands::/, "") { token = "::" $0 "::"; next }
		token { if ($0 == token) token = ""; next }
		/^::/' "$work/out"
}
annotates() { commands | grep -qE -- "$1"; }
of_ours() { ! commands | grep -vqE '^::(error|warning|notice) '; }
sarif() { jq -e "$@" ksymaudit.sarif; }

github_passes() {
	workspace github/ksymaudit.yml
	github
	check "GitHub: the example passes" exits 0
	check "GitHub: it installs with the package manager" says '^install .*linux-headers-amd64' "$work/apt"
	check "GitHub: the log has the matrix" says '^flush_cpu +ok +ok'
	check "GitHub: a rebuild is judged by the source" says '^notice: debian-6.12: .* by the source'
	check "GitHub: so has the summary of the job" says 'flush_cpu' summary.md
	check "GitHub: no error is annotated" eval '! annotates "^::error"'
	check "GitHub: nothing else is a command" of_ours
	check "GitHub: SARIF has what 7.2 will refuse, as a note" sarif '
		.version == "2.1.0" and ([.runs[0].results[] | select(.ruleId == "KSA005" and .level == "note")] | length) == 1'
	check "GitHub: and is uploaded" says '^uses github/codeql-action/upload-sarif.* "ksymaudit.sarif"'
}

github_fails() {
	workspace github/ksymaudit.yml 's/flags: .*/flags: --rebuild --assume-license Proprietary/'
	github
	check "GitHub: findings fail the job" exits 1
	check "GitHub: they are annotated" annotates "^::error .*GPL-only symbol 'cpus_read_lock'"
	check "GitHub: nothing else is a command" of_ours
	check "GitHub: SARIF has them" sarif '
		[.runs[0].results[] | select(.ruleId == "KSA001" and .level == "error")] | length > 0'
	check "GitHub: and is uploaded all the same" says '^uses github/codeql-action/upload-sarif'
	workspace github/ksymaudit.yml 's/kernels: .*/kernels: no-such-kernel/'
	github
	check "GitHub: what cannot be checked fails the job" exits 1
	check "GitHub: and says so" annotates '^::error title=ksymaudit::not everything could be checked \(exit status 2\)'
	check "GitHub: there is nothing to upload" silent '^uses github/codeql-action/upload-sarif'
	workspace github/ksymaudit.yml 's/kernels: .*/kernels: "  "/'
	github
	check "GitHub: no kernel is not the runner's kernel" annotates '^::error title=ksymaudit::no kernels'
}

# A value may be the caller's own: a branch's name, a label.
github_takes_words() {
	hostile="'\"; touch pwned; \$(touch pwned) \`touch pwned\` *'"
	for input in kernels modules source flags; do
		workspace github/ksymaudit.yml "s/^\( *$input\): .*/\1: $hostile/"
		github
		check "GitHub: a hostile '$input' fails" exits 1
		check "GitHub: and does nothing else" test ! -e pwned
	done
	workspace github/ksymaudit.yml "s/^\( *\)flags: .*/&\n\1sarif: $hostile/"
	github
	check "GitHub: a strange name of a file" test -s '"; touch pwned; $(touch pwned) `touch pwned` *'
	check "GitHub: is that and nothing else" test ! -e pwned
}

gitlab_passes() { # SHELL
	workspace gitlab/.gitlab-ci.yml
	gitlab build
	check "GitLab, $1: the build of the example" exits 0
	PIPELINE_SHELL=$1 gitlab exports
	check "GitLab, $1: the example passes" exits 0
	check "GitLab, $1: the log has the matrix" says '^flush_cpu +ok +ok'
	check "GitLab, $1: a rebuild is judged by the source" says '^notice: debian-6.12: .* by the source'
	check "GitLab, $1: code quality and tests are reported" says '^report codequality gl-code-quality-report.json'
	check "GitLab, $1: the tests are XML of one module on two kernels" python3 -c '
import xml.etree.ElementTree as tree
root = tree.parse("ksymaudit.xml").getroot()
suites = [s.get("name") for s in root.iter("testsuite")]
assert any("6.1" in s for s in suites) and any("6.12" in s for s in suites), suites
assert not list(root.iter("failure"))'
}

gitlab_fails() {
	workspace gitlab/.gitlab-ci.yml 's/KSYMAUDIT_FLAGS: .*/KSYMAUDIT_FLAGS: --rebuild --assume-license Proprietary/'
	gitlab build
	gitlab exports
	check "GitLab: findings fail the job" exits 1
	check "GitLab: and are reported" says '^report junit ksymaudit.xml'
	check "GitLab: code quality has them" jq -e '
		[.[] | select(.check_name == "KSA001" and .fingerprint and .location.path)] | length > 0' gl-code-quality-report.json
	check "GitLab: the tests fail" says '<failure' ksymaudit.xml
	workspace gitlab/.gitlab-ci.yml '/KSYMAUDIT_KERNELS/d'
	gitlab exports
	check "GitLab: no kernel is an error" exits 2
	workspace gitlab/.gitlab-ci.yml 's/\(KSYMAUDIT_[A-Z_]*\): .*/\1: "; touch pwned; $(touch pwned) *"/'
	gitlab exports
	check "GitLab: hostile variables fail" exits 2
	check "GitLab: and do nothing else" test ! -e pwned
}

# Where there is no ksymaudit yet, it is built from the sources that the template came with.
from_sources() {
	PATH=$work/bin:$system_path
	if command -v ksymaudit >/dev/null; then
		skip "from sources: a ksymaudit is installed here"
		return
	fi
	unset KSYMAUDIT_DATA
	workspace github/ksymaudit.yml
	github
	check "GitHub: ksymaudit from its sources" says '^flush_cpu +ok +ok'
	check "GitHub: passes" exits 0
	workspace gitlab/.gitlab-ci.yml
	gitlab build
	gitlab exports
	check "GitLab: ksymaudit from its sources" says '^flush_cpu +ok +ok'
	check "GitLab: passes" exits 0
}

command -v gcc-12 >/dev/null || {
	skip "no gcc-12, which Debian 12 headers are for"
	total
}
if ! kernel 6.1 || ! headers_tree "$work/tree-6.1"; then
	fail "6.1: no headers"
	total
fi
# what the jobs install is here
mkdir "$work/bin"
printf '#!/bin/sh\necho "$@" >>"%s/apt"\n' "$work" >"$work/bin/apt-get"
chmod +x "$work/bin/apt-get"
system_path=$PATH
PATH=$work/bin:$program:$PATH
export PATH
github_passes
github_fails
github_takes_words
for shell in dash bash; do
	command -v "$shell" >/dev/null && gitlab_passes "$shell"
done
gitlab_fails
from_sources
total
