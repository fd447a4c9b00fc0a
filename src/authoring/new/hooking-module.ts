/**
 * A small stand-in for VDSM's module `hooking`, for where VDSM is not installed: it reads and writes the domain XML or
 * the JSON, ends a hook, and takes words for true. The functions and their rules are those of lib/vdsm/hook/hooking.py and
 * lib/vdsm/common/conv.py; it runs with Python 2.7 and 3.
 */
export const HOOKING_MODULE = `'''
Stands in for the module hooking of VDSM where VDSM is not installed.
It has what most hooks use, and works on the file that is named in
_hook_domxml or _hook_json.
'''

import io
import json
import os
import sys
from xml.dom import minidom


def read_domxml():
    with io.open(os.environ['_hook_domxml'], 'rb') as f:
        return minidom.parseString(f.read())


def write_domxml(domxml):
    with io.open(os.environ['_hook_domxml'], 'wb') as f:
        f.write(domxml.toxml(encoding='utf-8'))


def read_json():
    with open(os.environ['_hook_json']) as f:
        return json.load(f)


def write_json(data):
    with open(os.environ['_hook_json'], 'w') as f:
        json.dump(data, f)


def log(message):
    sys.stderr.write(message + '\\n')


def exit_hook(message, return_code=2):
    log(message)
    sys.exit(return_code)


def tobool(value):
    if value is None or isinstance(value, bool):
        return bool(value)
    try:
        return value.lower() == 'true' or int(value) != 0
    except (AttributeError, TypeError, ValueError):
        return False
`;
