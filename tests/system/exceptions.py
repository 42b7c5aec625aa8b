# SPDX-License-Identifier: BSD-2-Clause
"""Exceptions as QEMU's own log (`-d int`) has them: what a machine really did."""
import collections
import re

TAKEN = re.compile(r"Taking exception \d+ \[([^\]]+)\][^\n]*\n\.\.\.from EL([012]) to EL2")
MARK = "Hypervisor Call"


def to_el2(text):
    """{(cause, level it came from): times} of a log's exceptions to EL2."""
    return collections.Counter((cause, int(level)) for cause, level in TAKEN.findall(text))


def exits(text):
    """What left a guest. User level of the host is EL0 as well: that is no exit."""
    return collections.Counter({cause: times for (cause, level), times in to_el2(text).items()
                                if level == 1})


def between_marks(text):
    """The pieces of a log between the HVCs of a guest that makes one wherever a piece ends."""
    places = [found.span() for found in TAKEN.finditer(text)
              if found.group(1) == MARK and found.group(2) == "1"]
    return [text[first[1]:last[0]] for first, last in zip(places, places[1:])]
