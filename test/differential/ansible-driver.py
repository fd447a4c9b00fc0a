"""Answers command lines of Ansible's own programs, many in one process.

Each line on stdin is a JSON list, ["ansible-inventory", "-i", "hosts", "--list"]; each gets one JSON line on stdout,
{"code": 0, "stdout": "…", "stderr": "…"}. Ansible's modules are loaded once, and every command line has a process of
its own, forked from here: nothing that one of them has read is left for the next.
"""

import json
import os
import sys
import tempfile


def load_programs():
    from ansible.cli.adhoc import AdHocCLI
    from ansible.cli.inventory import InventoryCLI
    from ansible.plugins.loader import inventory_loader, vars_loader

    for name in ("host_list", "script", "auto", "yaml", "ini", "toml"):
        inventory_loader.get(name)
    list(vars_loader.all())
    return {"ansible": AdHocCLI, "ansible-inventory": InventoryCLI}


def run(program, argv, stdout, stderr):
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    try:
        program.cli_executor(argv)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def answer(programs, argv):
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            run(programs[argv[0]], argv, stdout, stderr)
        status = os.waitpid(child, 0)[1]
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "surrogateescape"))
    return {"code": os.waitstatus_to_exitcode(status), "stdout": texts[0], "stderr": texts[1]}


def main():
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    programs = load_programs()
    for line in requests:
        print(json.dumps(answer(programs, json.loads(line))), file=replies, flush=True)


main()
