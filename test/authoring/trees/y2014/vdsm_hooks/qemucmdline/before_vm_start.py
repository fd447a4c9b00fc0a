#!/usr/bin/python

import hooking

hooking.read_domxml()
