#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every JSON report in the expected output of the command line cases is valid against the shipped
# schema. Needs python3 with jsonschema; without, one test is skipped.
#
#   tests/cli/schema.sh
set -u
cd "$(dirname "$0")/../.." || exit 2
python3 -c 'import jsonschema' 2>/dev/null || {
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
exec python3 - <<'PYTHON'
import glob, json, sys
from jsonschema import Draft202012Validator

validator = Draft202012Validator(json.load(open("rules/schema/report.schema.json")))
passed = failed = 0


def reports(text):
    """The objects that start and end with a brace alone on a line, as reports do."""
    lines, start = text.split("\n"), None
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        elif line == "}" and start is not None:
            yield "\n".join(lines[start : i + 1])
            start = None


for path in sorted(glob.glob("testdata/cli/*/stdout")):
    for text in reports(open(path, errors="surrogateescape").read()):
        if text.startswith(('{\n"$schema"', '{\n"spdxVersion"', '{\n"@context"')):
            continue  # SARIF: tests/cli/formats.py; bills of materials: tests/real/modules.sh
        try:
            report = json.loads(text)
        except ValueError as error:
            print(f"{path}: {error}")
            failed += 1
            continue
        errors = list(validator.iter_errors(report))
        for error in errors[:5]:
            print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        failed += bool(errors)
        passed += not errors
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0 or passed == 0)
PYTHON
