#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""table: core/weights.c from the blobs that train.py wrote.

    table.py HOURS.blob MINUTES.blob >dm-predshard/core/weights.c

The sizes in core/weights.h are changed by hand if a network's shape is.
"""
import sys

HEAD = """// SPDX-License-Identifier: GPL-2.0
/*
 * weights: the networks that ship with the module, as blobs.
 *
 * Written by tools/train from generated series and from series whose licences
 * allow it (docs/forecasting.md names them); never edited. They are decoded and
 * checked like any that arrive at run time.
 */
#include "weights.h"

/* Bytes, sixteen to a row. */
/* clang-format off */
"""


def main():
    print(HEAD, end="")
    for name, path in zip(("hours", "minutes"), sys.argv[1:]):
        with open(path, "rb") as f:
            data = f.read()
        print("\nconst u8 psh_weights_%s[PSH_WEIGHTS_%s_SIZE] = {"
              % (name, name.upper()))
        for i in range(0, len(data), 16):
            print("\t" + ", ".join(str(b) for b in data[i:i + 16]) + ",")
        print("};")


if __name__ == "__main__":
    main()
