# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the formats of each run, and hold each against what its readers take.

formats.py REPORTS [some]

REPORTS has a directory a run, with "arguments" and a file a format (tests/cli/formats.sh). The
findings of the lines (jsonl) are the measure of all others. With "some" not every kind of finding
has to be there. Closes with "N passed, N failed, N skipped".
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

try:
    from jsonschema import Draft202012Validator
except ImportError:
    Draft202012Validator = None

LEVELS = ["error", "warning", "note"]
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]|\\\\(?=x)"
)
problems, schemas = [], {}


def fail(where, text):
    problems.append(f"{where}: {text}")


def escape(text):
    """As a terminal sees it. What was no UTF-8 is \\xNN already, in JSON too."""
    return UNSAFE.sub(
        lambda m: m[0] if m[0] == "\\" else "".join(f"\\x{b:02x}" for b in m[0].encode()),
        text,
    )


def plain(text):
    """Without the difference between \\xNN of a name and of an escape."""
    return text.replace("\\x5cx", "\\x")


def valid(where, schema, value):
    if not Draft202012Validator:
        return
    if schema not in schemas:
        schemas[schema] = Draft202012Validator(json.load(open(schema)))
    for error in list(schemas[schema].iter_errors(value))[:3]:
        fail(where, f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")


class Finding:
    """A line of jsonl, and what the others make of it."""

    def __init__(self, line):
        self.line = line
        self.level, self.rule = line["level"], line["rule"]
        self.symbol = line.get("symbol")
        self.kernel = line["kernel"]["label"] if "kernel" in line else None
        self.module = line["module"]["name"] if "module" in line else None
        self.waived, self.known = "waived" in line, "baseline" in line
        self.predicted = line.get("kernel", {}).get("predicted", False)
        # text and JSON say in other ways that it is no message of the kernel that was asked about
        self.bare = re.sub(r"^((fine on .*?, )?refused on .*?( too)?|in question on .*?): ", "", line["message"]) \
            if self.predicted else line["message"]
        self.words = escape(line["message"])
        self.bare_words = escape(self.bare)
        if "evidence" in line:
            self.words += f" ({escape(line['evidence'])})"
            self.bare_words += f" ({escape(line['evidence'])})"
        path = line.get("path")
        self.path = path if path else line["module"]["path"] if self.module else None

    def counts(self):
        return not self.waived and not self.known

    def key(self):
        return (self.level, self.rule, self.module, self.symbol, self.kernel, self.waived, self.known)

    def with_kernel(self):
        return self.words + (f" [{escape(self.kernel)}]" if self.kernel is not None else "")


def same(where, expected, got):
    expected, got = collections.Counter(expected), collections.Counter(got)
    for what, rest in (("lacks", expected - got), ("has of its own", got - expected)):
        for item, count in list(rest.items())[:3]:
            fail(where, f"{what} ({count}): {item!r}")


def read(path, allowed=b"\n"):
    data = open(path, "rb").read()
    text = data.decode()  # whatever came in, UTF-8 goes out
    bad = [b for b in data if (b < 0x20 and b not in allowed) or b == 0x7F]
    if bad:
        fail(path, f"control bytes {bad[:5]}")
    if text and not text.endswith("\n"):
        fail(path, "does not end in a newline")
    return text


def check_lines(path):
    lines = [json.loads(line) for line in read(path).split("\n")[:-1]]
    for line in lines:
        valid(path, "rules/schema/line.schema.json", line)
    findings = [Finding(line) for line in lines if line["kind"] == "finding"]
    identities = [f.line["identity"] for f in findings]
    if len(set(identities)) != len(identities):
        fail(path, "identities are not unique")
    return lines, findings


def check_json(path, lines, findings):
    report = json.loads(read(path))
    valid(path, "rules/schema/report.schema.json", report)
    if report["command"] == "review":
        same(path, [(f.level, f.rule, f.symbol, f.waived, f.line["message"], f.line.get("path"),
                     f.line.get("line"), f.line["fix"]) for f in findings],
             [(f["level"], f["rule"], f.get("symbol"), "waived" in f, f["message"], f.get("path"),
               f.get("line"), f["fix"]) for f in report["findings"]])
    if report["command"] == "wrappers":
        same(path, [f.symbol for f in findings], [w["symbol"] for w in report["wrappers"]])
    if report["command"] != "check":
        return
    got = []
    for f in report["findings"]:
        module, kernel = report["modules"][f["module"]], report["kernels"][f["kernel"]]
        got.append((f["level"], f["rule"], module["name"], f.get("symbol"), kernel["label"],
                    "waived" in f, "baseline" in f, f["message"], f.get("evidence"), f["fix"],
                    module["path"], f.get("path"), f.get("line")))
    same(path, [f.key() + (f.bare, f.line.get("evidence"), f.line["fix"], f.line["module"]["path"],
                           f.line.get("line") and f.line["path"], f.line.get("line")) for f in findings], got)
    same(path, [(x["module"]["name"], x["kernel"]["label"], x.get("symbol"), x["text"])
                for x in lines if x["kind"] == "unchecked"],
         [(report["modules"][u["module"]]["name"], report["kernels"][u["kernel"]]["label"],
           u.get("symbol"), u["text"]) for u in report["unchecked"]])
    same(path, [x["text"] for x in lines if x["kind"] == "notice"], report["notices"])
    same(path, [x["verdict"] for x in lines if x["kind"] == "verdict"],
         [v for row in report["matrix"] for v in row])


def check_text(path, lines, findings):
    """Of check, with -v: below a module's path the rules, below these a line a symbol."""
    labels = list(dict.fromkeys(x["kernel"]["label"] for x in lines if "kernel" in x))
    many = len({(x["kernel"]["label"]) for x in lines if x["kind"] == "verdict"}) > 1
    got, module, group = [], None, None
    for line in read(path).split("\n"):
        head = re.match(r"(.*) \(license(: none|s? '.*').*\)$", line)
        rule = re.match(r"  (waived |known )?(error|warning|note|predicted) (\w+): ", line)
        row = re.match(r"    (\S.*)$", line)
        if head:
            module, group = head[1], None
        elif rule:
            group = (rule[2], rule[3], rule[1] or "")
        elif line.startswith("  not checked"):
            group = None
        elif row and group:
            words, on = re.sub(r"\)? \(at: [a-z, ]+\)", lambda m: ")" if m[0][0] == ")" else "",
                               row[1]), labels
            kernels = re.search(r" \[([^][]*)\]$", words)
            if many and kernels and set(kernels[1].split(", ")) <= {escape(x) for x in labels}:
                words, on = words[: kernels.start()], kernels[1].split(", ")
            got += [(module, *group, plain(words), plain(escape(k))) for k in on]
    same(path, [(escape(f.line["module"]["path"]), "predicted" if f.predicted else f.level, f.rule,
                 "waived " if f.waived else "known " if f.known else "",
                 plain(f.bare_words), plain(escape(kernel))) for f in findings
                # what pending changes leave as it is, is there with them too
                for kernel in ([f.kernel, labels[-1]] if "stays" in f.line else [f.kernel])], got)


def check_sarif(path, lines, findings):
    sarif = json.loads(read(path))
    valid(path, "tests/cli/sarif.schema.json", sarif)
    run = sarif["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    got = []
    for r in run["results"]:
        if rules[r["ruleIndex"]]["id"] != r["ruleId"]:
            fail(path, f"ruleIndex of {r['ruleId']}")
        names = {x["kind"]: x["name"] for x in r["locations"][0].get("logicalLocations", [])}
        got.append((r["level"], r["ruleId"], names.get("module"), names.get("symbol"),
                    r["properties"].get("kernel"), bool(r.get("suppressions")),
                    r.get("baselineState") == "unchanged",
                    r["partialFingerprints"]["ksymauditIdentity/v1"]))
    same(path, [f.key() + (f.line["identity"],) for f in findings], got)
    said = [(x["level"], x["descriptor"]["id"])
            for x in run["invocations"][0]["toolExecutionNotifications"]]
    same(path, [("error", "unchecked") if x["kind"] == "unchecked" else ("warning", "notice")
                for x in lines if x["kind"] in ("unchecked", "notice")], said)
    if run["invocations"][0]["executionSuccessful"] == any(x["kind"] == "unchecked" for x in lines):
        fail(path, "executionSuccessful")


def check_junit(path, lines, findings):
    root = ET.fromstring(read(path))
    expected = []
    for f in findings:
        head = "waived " if f.waived else "known " if f.known else ""
        symbol = f" {escape(f.symbol)}" if f.symbol is not None else ""
        case = f.module if f.module is not None else f.symbol if f.symbol else f.line.get("path", "")
        kernel = f.kernel if f.kernel is not None else f.line["command"]
        line = f"{head}{f.level} {f.rule}{symbol}: {f.words}"
        # The two code points that are valid UTF-8 and no character of XML.
        line = re.sub("[\ufffe\uffff]", lambda m: f"\\xef\\xbf\\x{ord(m[0]) - 0xff40:02x}", line)
        expected.append((plain(escape(kernel)), plain(escape(case)), plain(line)))
    got, totals = [], collections.Counter()
    for suite in root:
        counts = collections.Counter()
        for case in suite.iter("testcase"):
            counts["tests"] += 1
            for element in case:
                counts[{"failure": "failures", "error": "errors"}.get(element.tag, element.tag)] += 1
                for line in (element.text or "").split("\n"):
                    if line and not line.startswith(("  ", "unchecked ")):
                        got.append((plain(suite.get("name")), plain(case.get("name")), plain(line)))
        totals += counts
        for name in ("tests", "failures", "errors", "skipped"):
            if int(suite.get(name)) != counts[name]:
                fail(path, f"{name} of a suite is {suite.get(name)}, are {counts[name]}")
    for name in ("tests", "failures", "errors", "skipped"):
        if int(root.get(name)) != totals[name]:
            fail(path, f"{name} is {root.get(name)}, are {totals[name]}")
    same(path, expected, got)
    unchecked = sum(x["kind"] == "unchecked" for x in lines)
    if unchecked != sum(line.startswith("unchecked ") for element in root.iter("error")
                        for line in element.text.split("\n")):
        fail(path, "what could not be checked")
    verdicts = sum(x["kind"] == "verdict" and "predicted" not in x["kernel"] for x in lines)
    if verdicts and totals["tests"] < verdicts:
        fail(path, "a case is missing")
    if (totals["errors"] > 0) != (unchecked > 0):
        fail(path, "errors")


def unescape_command(text):
    return re.sub("%(25|0D|0A|3A|2C)", lambda m: chr(int(m[1], 16)), text)


def check_github(path, lines, findings):
    got, extra, levels = [], [], []
    for number, line in enumerate(read(path).split("\n")[:-1]):
        m = re.fullmatch(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)", line)
        if not m or re.search("%(?!25|0D|0A|3A|2C)", line):
            fail(path, f"line {number + 1} is no command")
            continue
        level = "note" if m[1] == "notice" else m[1]
        fields = dict(x.split("=", 1) for x in m[2].split(","))
        title = unescape_command(fields["title"])
        levels.append((level, title == "ksymaudit"))
        if "file" not in fields or title == "not checked":
            extra.append((title, level))
        else:
            got.append((level, plain(unescape_command(fields["file"])), plain(title),
                        plain(unescape_command(m[3]).split("\n")[0])))
    expected = []
    for f in findings:
        if f.counts():
            file = re.sub(r"^(\./)+(?=.)", "", f.path) if f.path else None
            symbol = f" {escape(f.symbol)}" if f.symbol is not None else ""
            expected.append((f.level, file and plain(escape(file)), plain(f.rule + symbol),
                             plain(f.with_kernel())))
    if all(e[1] for e in expected):
        same(path, expected, got)
    else:
        same(path, [e[:1] + e[2:] for e in expected], [g[:1] + g[2:] for g in got])
    same(path, [("not checked", "error") if x["kind"] == "unchecked" else ("notice", "note")
                for x in lines if x["kind"] in ("unchecked", "notice")],
         [e for e in extra if e[0] != "ksymaudit"])
    if [x[0] for x in levels] != sorted((x[0] for x in levels), key=LEVELS.index):
        fail(path, "the worst are not first")
    for level in LEVELS:
        mine = [more for got_level, more in levels if got_level == level]
        if mine.count(True) != (len(mine) > 10) or (len(mine) > 10 and not mine[9]):
            fail(path, f"the tenth of '{level}' does not say how many more there are")


def check_gitlab(path, lines, findings):
    issues = json.loads(read(path))
    severities = {"critical": "error", "minor": "warning", "info": "note"}
    got = []
    for issue in issues:
        if set(issue) != {"description", "check_name", "fingerprint", "severity", "location"}:
            fail(path, f"members {sorted(issue)}")
        place = issue["location"]
        if set(place) != {"path", "lines"} or place["lines"]["begin"] < 1 or place["path"][:2] == "./":
            fail(path, f"location {place}")
        got.append((severities[issue["severity"]], issue["check_name"], issue["fingerprint"],
                    plain(issue["description"])))
    same(path, [(f.level, f.rule, f.line["identity"], plain(f.with_kernel()))
                for f in findings if f.counts()], [g for g in got if g[1] != "unchecked"])
    unchecked = sum(x["kind"] == "unchecked" for x in lines)
    if unchecked != sum(g[1] == "unchecked" for g in got):
        fail(path, "what could not be checked")
    if len({g[2] for g in got}) != len(got) and not unchecked:
        fail(path, "fingerprints are not unique")


def cells(line):
    return [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]


def unescape_cell(cell):
    """What is shown: without the marks of code, and without backslashes before punctuation."""
    return re.sub(r"\\([\\`*_\[\]<|~#])|`([^`]*)`",
                  lambda m: m[1] or m[2].replace("\\|", "|"), cell)


def check_markdown(path, lines, findings):
    text = read(path)
    if len(text.encode()) > 1024 * 1024:
        fail(path, "over 1 MiB")
    if re.search(r"^[\d,]+ lines? more:", text, re.M):
        return
    got, kind, unchecked, matrix = [], None, 0, 0
    for line in text.split("\n"):
        if not line.startswith("|"):
            kind = None
        elif kind is None:
            kind = cells(line)
        elif not line.startswith("|---"):
            row = cells(line)
            if len(row) != len(kind):
                fail(path, f"a row of {len(row)} cells below {len(kind)}: {line[:200]}")
            elif kind[0] == "level":
                why = row[6] if len(row) > 6 else ""
                for kernel in unescape_cell(row[4]).split(", "):
                    got.append((row[0], row[1], plain(unescape_cell(row[3])), plain(kernel),
                                why.startswith("waived by "), why == "in the baseline",
                                unescape_cell(row[2]), plain(unescape_cell(row[5])).replace("'", "")))
            unchecked += kind[0] == "not checked"
            matrix += kind[0] == "module"
    expected = []
    for f in findings:
        where = f.module if f.module is not None else f.line.get("path", "")
        if f.module is None and "line" in f.line:
            where += f":{f.line['line']}"
        expected.append((f.level, f.rule, code(f.symbol or ""), plain(escape(f.kernel or "")),
                         f.waived, f.known, code(where), plain(f.words).replace("'", "")))
    # Of a message a backtick may have become an escape, and its quotes marks of code.
    same(path, [tuple(str(x).replace("\\x60", "`") for x in e) for e in expected],
         [tuple(str(x).replace("\\x60", "`") for x in g) for g in got])
    if unchecked != sum(x["kind"] == "unchecked" for x in lines):
        fail(path, "what could not be checked")
    modules = len({x["module"]["path"] for x in lines if x["kind"] == "verdict"})
    if matrix != modules and modules <= 25:
        fail(path, f"{matrix} rows in the matrix")


def code(text):
    return plain(escape(text))


class Page(HTMLParser):
    """The tables of a page: a list of (headings, rows), of a cell what its summary shows."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.cell, self.summary, self.details = [], None, None, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append(([], []))
        elif tag == "tr" and self.tables:
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.cell, self.summary = "", None
        elif tag == "summary" and self.cell is not None:
            self.cell, self.summary = "", True

    def handle_endtag(self, tag):
        if tag == "summary" and self.cell is not None:
            self.summary, self.details = self.cell, None
        elif tag in ("td", "th") and self.cell is not None:
            text = self.summary if isinstance(self.summary, str) else self.cell
            self.tables[-1][1][-1].append(text.replace("\n", "\\x0a"))  # space to a browser
            self.cell = None
        elif tag == "thead":
            self.tables[-1][0].extend(self.tables[-1][1].pop())

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def rows_of_data(text, first, columns):
    """Those behind the first ones of the table of findings, as report.js makes them of the data."""
    data = re.search(r'id="findings-data">(.*?)</script>', text, re.S)
    data = json.loads(data.group(1)) if data else {"strings": [], "rows": []}
    strings = data["strings"]

    def cell(row, c):
        cut = re.sub("[\x01-\x08]", lambda m: strings[row[ord(m.group()) - 1]], strings[row[c]])
        return cut.replace("\n", "\\x0a")

    return [[cell(row, c) for c in range(columns)] for row in data["rows"][first:]]


def check_html(path, lines, findings):
    """Rows that differ in the kernel alone are one; longer tables go on in the script's data."""
    text = read(path, b"\n\t")
    tables = [t for t in Page(text).tables if {"Level", "Rule", "Finding"} <= set(t[0])]
    for heads, body in tables:
        body += rows_of_data(text, len(body), len(heads))
    rows = [dict(zip(heads, row)) for heads, body in tables for row in body]
    if len(tables) > 1 or (findings and not tables):
        fail(path, f"{len(tables)} tables of findings")
    state = {"waived": (True, False), "known": (False, True)}
    got = []
    for row in rows:
        kernels = row.get("Kernels", "").split(", ") if row.get("Kernels") else [None]
        got += [(row["Level"], row["Rule"], plain(row.get("Symbol", "")), kernel and plain(kernel),
                 *state.get(row.get("State"), (False, False)), plain(row["Finding"])) for kernel in kernels]
    heads = set(tables[0][0]) if tables else set()
    same(path, [(f.level, f.rule, plain(escape(f.symbol or "")) if "Symbol" in heads else "",
                 plain(escape(f.kernel)) if f.kernel is not None and "Kernels" in heads else None,
                 f.waived, f.known, plain(escape(f.line["message"]))) for f in findings], got)


FORMATS = {"json": check_json, "html": check_html, "sarif": check_sarif, "junit": check_junit, "github": check_github,
           "gitlab": check_gitlab, "markdown": check_markdown}


def check_run(directory, seen):
    arguments = open(os.path.join(directory, "arguments"), errors="replace").read().split("\n")
    files = set(os.listdir(directory)) - {"arguments"}
    if not files:
        return 0  # wrong usage, or trouble: nothing is written then
    before = len(problems)
    path = os.path.join(directory, "jsonl")
    command = arguments[1]
    try:
        lines, findings = check_lines(path)
        for name in sorted(files - {"jsonl"}):
            if (name, command) in (("markdown", "diff"), ("markdown", "review"), ("html", "diff")):
                continue  # their own, not of findings only
            if name in FORMATS:
                FORMATS[name](os.path.join(directory, name), lines, findings)
        if "text" in files and command == "check" and not {"-q", "--quiet"} & set(arguments):
            check_text(os.path.join(directory, "text"), lines, findings)
    except (ValueError, KeyError, OSError, ET.ParseError) as error:
        fail(directory, f"{type(error).__name__}: {error}")
    if len(problems) > before:
        print(f"ksymaudit {' '.join(arguments[1:])}".rstrip(), f"(in {arguments[0]})")
        for problem in problems[before:][:10]:
            print("  ", problem)
    kinds = {f.level for f in findings if f.counts()}
    kinds |= {"waived" for f in findings if f.waived} | {x["kind"] for x in lines}
    for kind in kinds:
        seen[command, kind] += 1
    if {"error", "warning", "note", "waived", "notice"} <= kinds:
        seen["all in one", ""] += 1
    return 1


def check_xsd(reports):
    """All JUnit files against the schema: one test."""
    files = glob.glob(os.path.join(reports, "*/junit"))
    if not shutil.which("xmllint"):
        print("xmllint is missing: JUnit files were not validated")
        return 0, 1
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", "tests/cli/junit.xsd", *files],
                          capture_output=True, text=True)
    if done.returncode or not files:
        fail(reports, f"xmllint: {done.returncode}, {len(files)} files")
        print("\n".join(x for x in done.stderr.split("\n") if not x.endswith(" validates"))[:2000])
    return 1, 0


def check_examples(reports):
    """The two commands of the manual, on the lines of all cases: (tests, skipped)."""
    text = open("man/ksymaudit-report.5.scd").read()
    part = text[text.index("\n# JSONL\n") : text.index("\n# SARIF\n")].replace("\\\\", "\\")
    blocks = re.findall(r"^```\n(.*?)^```", part, re.M | re.S)
    missing = [tool for tool in ("jq", "sqlite3") if not shutil.which(tool)]
    if missing:
        print(f"{' and '.join(missing)}: missing, the manual's examples were not run")
        return 0, len(blocks)
    lines, rows = [], []
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "reports"))
        for path in glob.glob(os.path.join(reports, "*/jsonl")):
            run = os.path.basename(os.path.dirname(path))
            shutil.copy(path, os.path.join(work, "reports", run + ".jsonl"))
            lines += [json.loads(line) for line in open(path)]
        for block in blocks:
            commands = re.sub(r"^\$ ", "", block, flags=re.M)
            done = subprocess.run(["sh", "-ec", commands], cwd=work, capture_output=True, text=True)
            if done.returncode or done.stderr:
                fail("the manual", f"{commands}: {done.returncode} {done.stderr}")
            rows.append(done.stdout.rstrip("\n").split("\n"))
    fails = sum(x.get("verdict") == "fails" for x in lines)
    if sum(int(row.split()[0]) for row in rows[0]) != fails:
        fail("the manual", f"jq counts other than {fails}: {rows[0][:3]}")
    groups = {(x.get("kernel", {}).get("label"), x["rule"]) for x in lines if x["kind"] == "finding"}
    if len(rows[1]) != len(groups) + 2:
        fail("the manual", f"sqlite3 has {len(rows[1])} lines of {len(groups)} groups")
    return len(blocks), 0


def main():
    reports, some = sys.argv[1], len(sys.argv) > 2 and sys.argv[2] == "some"
    seen = collections.Counter()
    runs = [check_run(d, seen) for d in sorted(glob.glob(os.path.join(reports, "*/")))]
    broken = len({p.split("/junit")[0].rsplit("/", 1)[0] for p in problems})
    tests, skipped = check_xsd(reports)
    broken = min(len(problems), broken + 1) if len(problems) > 0 and not broken else broken
    if not Draft202012Validator:
        print("python3's jsonschema is missing: JSON and SARIF were not validated")
        skipped += 1
    if not some:
        more, left = check_examples(reports)
        tests, skipped = tests + more, skipped + left
        for want in [("check", k) for k in LEVELS + ["waived", "unchecked", "notice", "verdict"]] + [
            (c, "finding") for c in ("check", "diff", "review", "wrappers", "users")
        ] + [("all in one", "")]:
            tests += 1
            if not seen[want]:
                fail("the cases", f"none has {' '.join(want)}")
                print(problems[-1])
    failed = len(problems) and max(broken, 1)
    passed = sum(runs) + tests - failed
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(bool(failed) or not any(runs))


main()
