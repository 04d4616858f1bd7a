#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Score the detector of spikes (predshard watch) on real and generated series.

spikes.py --series FOLDER --generator GEN.PY: alarms per day on every series as
it is; then surges of 4 to 15 times with a ramp of 12 minutes, an hour of
falling, are laid over the same series at random, and it is told how many were
found and how long after the load had doubled. Real series may have spikes of
their own, so that an alarm on them is not always a false one. Seeded; needs
only Python's own library.
"""
import argparse
import csv
import glob
import os
import random
import subprocess

RAMP_S, FALL_S = 720, 2700


def watch(program, step, rows):
    text = "".join("%d,%.9g\n" % row for row in rows)
    out = subprocess.run([program, "watch", "--step", str(step)], input=text,
                         capture_output=True, text=True, check=True).stdout
    return [int(line.split(",")[0]) for line in out.splitlines()
            if ",begins," in line]


def columns(path, step):
    """Every column, averaged to the step; none if it is coarser than that."""
    with open(path) as file:
        rows = list(csv.reader(file))
    head, rows = rows[0], rows[1:]
    if int(float(rows[1][0])) - int(float(rows[0][0])) > step:
        return
    for column in range(1, len(head)):
        bins = {}
        for row in rows:
            if column < len(row) and row[column] != "":
                at = int(float(row[0])) // step * step
                bins.setdefault(at, []).append(float(row[column]))
        series = [(t, sum(v) / len(v)) for t, v in sorted(bins.items())]
        if series and sum(v != 0 for _, v in series) * 2 >= len(series):
            yield head[column], series


def surge(rng, series, step):
    """Return the series with surges, and when each had doubled the load."""
    series, doubled = list(series), []
    # At 10 s some a day, for the one real series has four days.
    pause = 86400 // step if step > 10 else 4320
    at = pause + rng.randrange(pause)
    while at + pause // 2 < len(series):
        size, begin = rng.uniform(4, 15), series[at][0]
        doubled.append((begin, begin + RAMP_S / (size - 1)))
        for i in range(at, len(series)):
            since = series[i][0] + step / 2 - begin
            if since > RAMP_S + 4 * FALL_S:
                break
            rise = min(1, since / RAMP_S)
            if since > RAMP_S:
                rise = max(0, 1 - (since - RAMP_S) / FALL_S)
            t, value = series[i]
            series[i] = (t, value * (1 + (size - 1) * rise))
        at += pause + rng.randrange(pause)
    return series, doubled


def score(program, name, series, step, rng):
    days = len(series) * step / 86400
    alarms = watch(program, step, series)
    with_surges, doubled = surge(rng, series, step)
    found = watch(program, step, with_surges)
    late = []
    for begin, twice in doubled:
        hits = [t for t in found if begin <= t < begin + RAMP_S + FALL_S]
        # A slot is known when it has ended.
        late += [hits[0] + step - twice] if hits else []
    late.sort()
    print("%-42s %6.1f days, %5.2f alarms per day; %3d of %3d surges%s" % (
        name, days, len(alarms) / days, len(late), len(doubled),
        ", after doubling: median %4.0f s, 90 %% %4.0f s" % (
            late[len(late) // 2], late[len(late) * 9 // 10]) if late else ""))
    return days, len(alarms), len(late), len(doubled), late


def total(what, scores):
    days, alarms, found, surges = (sum(s[i] for s in scores) for i in range(4))
    late = sorted(t for s in scores for t in s[4])
    rates = sorted(s[1] / s[0] for s in scores)
    if not scores:
        return
    print("%s: %d series, alarms per day: median %.2f, mean %.2f, most %.2f; "
          "%d of %d surges found, after doubling: median %.0f s, 90 %% %.0f s" %
          (what, len(scores), rates[len(rates) // 2], alarms / days, rates[-1],
           found, surges, late[len(late) // 2], late[len(late) * 9 // 10]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", required=True, help="folder of CSV files")
    parser.add_argument("--generator", help="gen.py of synthetic loads")
    parser.add_argument("--predshard", default="build/tools/predshard")
    options = parser.parse_args()
    rng = random.Random(1)
    tens, fives, generated = [], [], []
    for path in sorted(glob.glob(os.path.join(options.series, "*.csv"))):
        name = os.path.basename(path)[:-4]
        for column, series in columns(path, 10):
            tens.append(score(options.predshard, name + " " + column, series,
                              10, rng))
        for column, series in columns(path, 300):
            fives.append(score(options.predshard, name + " " + column, series,
                               300, rng))
    for seed in range(1, 6) if options.generator else ():
        out = subprocess.run(
            ["python3", options.generator, "diurnal", "--days", "14", "--step",
             "10", "--seed", str(seed)], capture_output=True, text=True,
            check=True).stdout.splitlines()[1:]
        rows = [line.split(",") for line in out]
        for column in (1, 2):
            generated.append(score(
                options.predshard, "generated %d %d" % (seed, column),
                [(int(row[0]), float(row[column])) for row in rows], 10, rng))
    total("10 s", tens)
    total("5 min", fives)
    total("generated, 10 s", generated)


if __name__ == "__main__":
    main()
