#
# Copyright 2008-2011 Nobody
#
# This program is free software; you can redistribute it and/or modify it.
#
#
_DOMXML_HOOK = 1
_JSON_HOOK = 2


def _runHooksDir(data, dir, vmconf={}, raiseError=True, params={},
                 hookType=_DOMXML_HOOK):
    return data


def before_vm_start(domxml, vmconf={}):
    return _runHooksDir(domxml, 'before_vm_start', vmconf=vmconf)


def after_vm_start(domxml, vmconf={}):
    return _runHooksDir(domxml, 'after_vm_start',
                        vmconf=vmconf, raiseError=False)


def _getScriptInfo(path):
    return {'md5': ''}

if __name__ == '__main__':
    print 'Usage: hook_name'
