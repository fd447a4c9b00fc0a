#!/usr/bin/python3

import hooking

hooking.read_domxml()
