# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold an inventory of a kernel's tree against what others say of the same files.

modules.py REPORT TREE SYMVERS

REPORT is what "ksymaudit modules -f json -k TREE TREE" wrote. Name, version, srcversion, vermagic,
license, signer, key, hash, depends and namespaces are those of modinfo; the SHA-256 is that of
hashlib; exports by class are those of Module.symvers; imports by class are nm's, by the class in
Module.symvers; what is built in is what modules.builtin lists. Prints a line for each of these.
"""
import collections
import hashlib
import json
import os
import subprocess
import sys

report_path, tree, symvers = sys.argv[1:]
report = json.load(open(report_path))
files = [m for m in report["modules"] if "builtin" not in m]
builtin = [m for m in report["modules"] if "builtin" in m]
paths = [os.path.join(tree, m["path"]) for m in files]
different = collections.Counter()


def differ(what, module, ours, theirs):
    different[what] += 1
    if different[what] < 4:
        print(f"  {what} of {module}: {ours!r}, and {theirs!r}")


def in_pieces(command):
    for i in range(0, len(paths), 200):
        yield subprocess.run(command + paths[i : i + 200], stdout=subprocess.PIPE, check=True).stdout


# modinfo -0 writes KEY=VALUE with NULs between, and "filename:" first
facts = []
for out in in_pieces(["modinfo", "-0"]):
    for entry in out.split(b"\0")[:-1]:
        if entry.startswith(b"filename:"):
            facts.append(collections.defaultdict(list))
        key, _, value = entry.decode(errors="backslashreplace").partition("=")
        facts[-1][key].append(value)
assert len(facts) == len(files), (len(facts), len(files))
KEYS = {"version": "version", "srcversion": "srcversion", "vermagic": "vermagic", "signer": "signer",
        "sig_key": "signature_key", "sig_hashalgo": "signature_hash"}
for module, fact in zip(files, facts):
    name = module["name"]
    if [name.replace("-", "_")] != fact["name"]:
        differ("name", name, name, fact["name"])
    if module["licenses"] != fact["license"]:
        differ("license", name, module["licenses"], fact["license"])
    for theirs, ours in KEYS.items():
        if module.get(ours) != (fact[theirs] or [None])[0]:
            differ(theirs, name, module.get(ours), fact[theirs])
    if module["signed"] != bool(fact["signature"]):
        differ("signature", name, module["signed"], fact["signature"])
    if module["in_tree"] != bool(fact["intree"]):
        differ("intree", name, module["in_tree"], fact["intree"])
    if module["depends"] != [d for d in ",".join(fact["depends"]).split(",") if d]:
        differ("depends", name, module["depends"], fact["depends"])
    if module["import_ns"] != list(dict.fromkeys(fact["import_ns"])):
        differ("import_ns", name, module["import_ns"], fact["import_ns"])
for module, path in zip(files, paths):
    if hashlib.sha256(open(path, "rb").read()).hexdigest() != module["sha256"]:
        differ("sha256", module["name"], module["sha256"], "another")

# Module.symvers: CRC, symbol, owner, kind, namespace
classes, exports = {}, collections.defaultdict(collections.Counter)
for line in open(symvers):
    _, symbol, owner, kind, ns = line.rstrip("\n").split("\t")
    cls = "reserved" if ns.startswith("module:") else "gpl" if kind.endswith("_GPL") else "plain"
    classes[symbol] = cls
    exports[owner][cls] += 1
for module in files:
    owner = module["path"].split(".ko")[0].removeprefix("kernel/")
    ours = {cls: n for cls, n in module["exports"].items() if n}
    if ours != dict(exports[owner]):
        differ("exports", owner, ours, dict(exports[owner]))

# nm reads no compressed modules; those trees have them compressed all
if all(path.endswith(".ko") for path in paths):
    at = 0
    used = [collections.Counter() for _ in files]
    index = {path: i for i, path in enumerate(paths)}
    for out in in_pieces(["nm", "-u", "-A"]):
        for line in out.decode().splitlines():
            path, _, rest = line.rpartition(":")
            kind, symbol = rest.split()
            if symbol not in classes and kind == "w":
                used[index[path]]["other"] += 1
            else:
                used[index[path]][classes.get(symbol, "missing")] += 1
    for module, theirs in zip(files, used):
        ours = {k: n for k, n in module["imports"].items() if isinstance(n, int) and n and k != "all"}
        if ours != dict(theirs):
            differ("imports", module["name"], ours, dict(theirs))
    imports = sum(sum(u.values()) for u in used)
else:
    imports = None

# packages of today leave it to depmod's own tables, and have no modules.builtin.modinfo either
listed, ours = set(), {m["path"] for m in builtin}
if os.path.exists(tree + "/modules.builtin"):
    for line in open(tree + "/modules.builtin"):
        listed.add(line.strip().split(".ko")[0].removeprefix("kernel/"))
for path in sorted(listed ^ ours):
    differ("built in", path, path in ours, path in listed)

strings = collections.Counter(" + ".join(dict.fromkeys(f["license"])) for f in facts)
for what in ("name", "license", *KEYS, "signature", "intree", "depends", "import_ns", "sha256", "exports",
             "imports", "built in"):
    if what == "imports" and imports is None:
        continue
    print(f"{what}: {different[what]} of {len(builtin) if what == 'built in' else len(files)} differ")
print("licenses:", ", ".join(f"{k or 'none'} {n}" for k, n in strings.most_common()))
sys.exit(bool(different))
