#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the shell of one job of a CI file as its system would, here, and exit as the job would.

    tests/ci/pipeline.py github FILE JOB WORKSPACE
    tests/ci/pipeline.py gitlab FILE JOB WORKSPACE

Of GitHub Actions: run steps, local composite actions with their inputs and outputs, and the files
behind GITHUB_OUTPUT, GITHUB_PATH and GITHUB_STEP_SUMMARY (which is left in WORKSPACE/summary.md). Of
GitLab: include of a file, extends, variables, before_script, script, artifacts. An action from
elsewhere is not run: a line "uses NAME {ITS INPUTS}" is printed. What none of that covers is an error:
a template that needs more is not tested by guessing.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def die(text):
    sys.exit("pipeline: " + text)


def load(path):
    with open(path, encoding="utf-8") as f:
        return yaml.safe_load(f)


def only(what, mapping, known):
    """Refuse keys that this program would not honor."""
    for key in mapping:
        if key not in known:
            die(f"{what}: '{key}' is not known here")


class GitHub:
    """One job; self.steps[-1] are the outputs of the steps of the job or action at hand."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.temp = tempfile.mkdtemp(prefix="runner.", dir=os.path.dirname(workspace))
        self.env = dict(
            os.environ,
            GITHUB_ACTIONS="true",
            GITHUB_WORKSPACE=workspace,
            RUNNER_TEMP=self.temp,
            GITHUB_STEP_SUMMARY=os.path.join(workspace, "summary.md"),
        )
        self.failed = False

    @staticmethod
    def look_up(name, inputs, outputs):
        part = name.split(".")
        if part[0] == "inputs" and len(part) == 2:
            if part[1] not in inputs:
                die(f"no input '{part[1]}'")
            return inputs[part[1]]
        if part[0] == "steps" and len(part) == 4 and part[2] == "outputs":
            return outputs.get(part[1], {}).get(part[3], "")
        return die(f"'${{{{ {name} }}}}' is not known here")

    def expand(self, text, inputs, outputs):
        return EXPRESSION.sub(lambda m: self.look_up(m[1], inputs, outputs), str(text))

    def wanted(self, step, inputs, outputs):
        """The condition of a step: status functions and outputs, joined by &&."""
        condition = step.get("if", "success()")
        always = "always()" in condition
        for term in condition.split("&&"):
            term = term.strip()
            if term == "success()" and self.failed:
                return False
            if not term.endswith("()") and not self.look_up(term, inputs, outputs):
                return False
        return always or not self.failed

    def run(self, step, env, shell):
        """One script; its outputs, and whether it succeeded."""
        if "${{" in step["run"]:
            die(f"an expression in a script is pasted into it: {step['run']}")
        files = {}
        for name in ("GITHUB_OUTPUT", "GITHUB_PATH"):
            handle, files[name] = tempfile.mkstemp(dir=self.temp)
            os.close(handle)
        script = os.path.join(self.temp, "script.sh")
        with open(script, "w", encoding="utf-8") as f:
            f.write(step["run"])
        sys.stdout.flush()
        done = subprocess.run(
            shell + [script], cwd=self.workspace, env={**self.env, **env, **files}, check=False
        )
        with open(files["GITHUB_PATH"], encoding="utf-8") as f:
            for line in f.read().split():
                self.env["PATH"] = line + ":" + self.env["PATH"]
        with open(files["GITHUB_OUTPUT"], encoding="utf-8") as f:
            return dict(line.split("=", 1) for line in f.read().splitlines()), done.returncode == 0

    def action(self, path, given):
        """A composite action; its outputs."""
        where = os.path.join(self.workspace, path)
        action = load(os.path.join(where, "action.yml"))
        only(path, action, "name description branding inputs outputs runs".split())
        inputs = {}
        only(f"inputs of {path}", given, action["inputs"])
        for name, spec in action["inputs"].items():
            only(f"input {name}", spec, "description required default".split())
            if spec.get("required") and name not in given:
                die(f"{path} requires '{name}'")
            inputs[name] = given.get(name, spec.get("default", ""))
        if action["runs"]["using"] != "composite":
            die(f"{path} is not composite")
        outputs = self.all(action["runs"]["steps"], inputs, {"GITHUB_ACTION_PATH": where})
        return {
            name: self.expand(spec["value"], inputs, outputs)
            for name, spec in action.get("outputs", {}).items()
        }

    def all(self, steps, inputs, base):
        """The steps of a job (base is None) or of an action; their outputs."""
        outputs = {}
        for step in steps:
            only("step", step, "name id if env run shell uses with".split())
            if not self.wanted(step, inputs, outputs):
                continue
            env = {k: self.expand(v, inputs, outputs) for k, v in step.get("env", {}).items()}
            given = {k: self.expand(v, inputs, outputs) for k, v in step.get("with", {}).items()}
            out, good = {}, True
            if "run" in step:
                # a composite action has to name it; the default of a job has no pipefail
                shell = ["bash", "-e"]
                if base is not None or "shell" in step:
                    if step["shell"] != "bash":
                        die(f"shell {step['shell']}")
                    shell = "bash --noprofile --norc -eo pipefail".split()
                out, good = self.run(step, {**env, **(base or {})}, shell)
            elif step["uses"].startswith("./"):
                out = self.action(step["uses"], given)
            else:
                print("uses", step["uses"], json.dumps(given, sort_keys=True))
            outputs[step.get("id", "")] = out
            self.failed = self.failed or not good
        return outputs

    def job(self, path, name):
        job = load(path)["jobs"][name]
        only("job", job, "runs-on container steps".split())
        self.all(job["steps"], {}, None)
        return 1 if self.failed else 0


def gitlab(path, name, workspace):
    jobs = load(path)
    if "include" in jobs:
        included = load(os.path.join(workspace, jobs.pop("include")))
        jobs = {**included, **jobs}
    job = jobs[name]
    if "extends" in job:
        base = jobs[job["extends"]]
        variables = {**base.get("variables", {}), **job.get("variables", {})}
        job = {**base, **job, "variables": variables}
    only(name, job, "stage image extends needs variables before_script script artifacts".split())
    env = dict(os.environ, GITLAB_CI="true", CI_PROJECT_DIR=workspace)
    env.update({k: str(v) for k, v in job.get("variables", {}).items()})
    script = "\n".join(job.get("before_script", []) + job["script"])
    sys.stdout.flush()
    # an image without bash has sh, of which bash is one more
    done = subprocess.run(
        [os.environ.get("PIPELINE_SHELL", "sh"), "-e"],
        cwd=workspace, env=env, input=script, text=True, check=False,
    )
    artifacts = job.get("artifacts", {})
    only("artifacts", artifacts, "when paths reports".split())
    if done.returncode == 0 or artifacts.get("when") == "always":
        for kind, file in artifacts.get("reports", {}).items():
            if os.path.exists(os.path.join(workspace, file)):
                print("report", kind, file)
    return done.returncode


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("github", "gitlab"):
        die("usage: tests/ci/pipeline.py github|gitlab FILE JOB WORKSPACE")
    system, path, name, workspace = sys.argv[1:]
    workspace = os.path.realpath(workspace)
    if system == "gitlab":
        return gitlab(path, name, workspace)
    return GitHub(workspace).job(path, name)


if __name__ == "__main__":
    sys.exit(main())
