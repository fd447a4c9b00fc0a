# SPDX-FileCopyrightText: Nobody
# SPDX-License-Identifier: GPL-2.0-or-later

_DOMXML_HOOK = 1
_JSON_HOOK = 2


def _runHooksDir(
    data,
    dir,
    vmconf={},
    raiseError=True,
    errors=None,
    params={},
    hookType=_DOMXML_HOOK,
):
    return data


def before_vm_start(domxml, vmconf={}):
    return _runHooksDir(domxml, 'before_vm_start', vmconf=vmconf)


def after_vm_start(domxml, vmconf={}):
    return _runHooksDir(
        domxml, 'after_vm_start', vmconf=vmconf, raiseError=False
    )


def after_get_caps(
    caps
):
    return _runHooksDir(
        caps, 'after_get_caps', raiseError=False, hookType=_JSON_HOOK
    )


def _getHookInfo(dir):
    return {}
