#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""train: the networks that ship with the module.

    train.py --series DIR [--half 0|1] [--no-memory] [--out DIR] hours|minutes

Reads the series of DIR whose licences allow a derived model to be shipped
(LICENSED below) and generated ones, learns, and writes hours.blob or
minutes.blob to --out; table.py makes core/weights.c of the two. The same seed, data
and library versions give the same weights. Needs numpy, PyTorch and gcc.
"""
import argparse
import csv
import ctypes
import glob
import hashlib
import os
import struct
import subprocess
import tempfile

import numpy as np
import torch
from torch import nn

import generate

LICENSED = ("smd_", "asd_", "nab_", "azure2_")  # MIT, MIT, MIT, CC-BY-4.0
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = os.path.join(HERE, "..", "..", "dm-predshard", "core")
FEATURES, PAST, HOURS, STEPS = 40, 4, 48, 72
NEAR_FEATURES, NEAR_STEPS, DAY5 = 36, 3, 288
VERSION = 1
WEIGHT_MOST = 7.9   # Q12 in 16 bits ends at 8


# --- data

def load(path, step):
    """As the scorer: bins of mean, empty bins repeat the last."""
    with open(path) as f:
        rows = csv.reader(f)
        head = next(rows)
        rows = [r for r in rows if r]
    t = [int(float(r[0])) for r in rows]
    native = sorted(b - a for a, b in zip(t, t[1:]))[len(t) // 2]
    if native > step:
        return
    n = (t[-1] + native - t[0]) // step
    for c in range(1, len(head)):
        total, count = np.zeros(n), np.zeros(n)
        for ti, r in zip(t, rows):
            i = (ti - t[0]) // step
            if i < n and c < len(r) and r[c] != "":
                total[i] += float(r[c])
                count[i] += 1
        v = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        for i in range(n):
            if np.isnan(v[i]):
                v[i] = v[i - 1] if i else 0
        if (v != 0).mean() >= .5 and v.max() > v.min():
            yield v


def series_of(folder, step, half):
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "*.csv"))):
        name = os.path.basename(path)
        odd = hashlib.md5(name.encode()).digest()[0] & 1
        if name.startswith(LICENSED) and half in (None, odd):
            out += list(load(path, step))
    return out


def library():
    out = os.path.join(tempfile.mkdtemp(), "rows.so")
    sources = [os.path.join(CORE, s + ".c") for s in
               ("feature", "fixed", "load", "near", "seasonal", "series")]
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-shared", "-fPIC", "-o", out,
                    os.path.join(HERE, "rows.c")] + sources, check=True)
    return ctypes.CDLL(out)


def pointer(a):
    return a.ctypes.data_as(ctypes.c_void_p)


def integers(history):
    """As predshard: the highest sample is brought near 2^40."""
    exponent = 40 - np.frexp(history.max())[1] + 1
    return np.ldexp(np.maximum(history, 0), exponent).astype(np.uint64), exponent


def hour_rows(lib, histories):
    n = len(histories)
    row = np.zeros((n, STEPS, FEATURES), np.int16)
    past = np.zeros((n, HOURS, PAST), np.int16)
    base = np.zeros((n, STEPS), np.int32)
    scale, unit = np.zeros(n, np.int32), np.zeros(n, np.uint64)
    exponents = np.zeros(n, int)
    for i, history in enumerate(histories):
        value, exponents[i] = integers(history)
        lib.hours_rows(pointer(value), len(value), STEPS, pointer(row[i]),
                       pointer(past[i]), pointer(base[i]), pointer(scale[i:]),
                       pointer(unit[i:]))
    return (row / 256., past / 256., base / 1024., scale / 1024.,
            np.ldexp(unit.astype(float), -exponents))


def near_rows(lib, histories):
    n = len(histories)
    row = np.zeros((n, NEAR_STEPS, NEAR_FEATURES), np.int16)
    base, scale = np.zeros(n, np.int32), np.zeros(n, np.int32)
    unit, exponents = np.zeros(n, np.uint64), np.zeros(n, int)
    for i, history in enumerate(histories):
        value, exponents[i] = integers(history)
        lib.minutes_rows(pointer(value), len(value), pointer(row[i]),
                         pointer(base[i:]), pointer(scale[i:]),
                         pointer(unit[i:]))
    return (row / 256., base / 1024., scale / 1024.,
            np.ldexp(unit.astype(float), -exponents))


def tensors(*arrays):
    return [torch.tensor(np.asarray(a, np.float32)) for a in arrays]


# --- hours

def varied(series, rng, count):
    """Licensed series as they are, bent by a power, or two added."""
    out = []
    for _ in range(count):
        v = series[rng.integers(len(series))]
        kind = rng.random()
        if kind < .35:
            x = v
        elif kind < .65:
            x = np.maximum(v, 0) ** rng.uniform(.5, 1.8)
        else:
            u = series[rng.integers(len(series))]
            n = min(len(u), len(v))
            a, b = rng.integers(len(v) - n + 1), rng.integers(len(u) - n + 1)
            other = np.roll(u[b:b + n], rng.integers(24)) / (u.mean() + 1e-9)
            x = v[a:a + n] / (v.mean() + 1e-9) + other * 2 ** rng.uniform(-3, 1)
        out.append(x / (x.mean() + 1e-9))
    return out


def hour_windows(series, per, rng, short):
    for v in series:
        for _ in range(per):
            length = int(rng.integers(96, 160) if rng.random() < short else
                         rng.integers(150, 1000))
            if len(v) < length + STEPS:
                continue
            end = rng.integers(length, len(v) - STEPS + 1)
            history = v[end - length:end]
            if (history > 0).sum() >= 12 and history.max() > history.min():
                yield history, v[end:end + STEPS]


def hour_data(lib, licensed, rng, amount):
    pairs = list(hour_windows(generate.many(int(1500 * amount), 264, rng), 4,
                              rng, 1))
    pairs += hour_windows(generate.many(int(500 * amount), 1080, rng), 5, rng,
                          .65)
    if licensed:
        pairs += hour_windows(varied(licensed, rng, int(2000 * amount)), 18,
                              rng, .75)
    histories = [p[0] for p in pairs]
    came = np.array([p[1] for p in pairs])
    row, past, base, scale, unit = hour_rows(lib, histories)
    weight = np.zeros(len(pairs))
    for i, (h, y) in enumerate(pairs):
        size = .6 * np.abs(h[24:] - h[:-24]).mean()
        size += .4 * np.abs(y - np.tile(h[-24:], STEPS // 24)).mean()
        weight[i] = 1 / size if size > 0 else 0
    return tensors(row, past, base, scale, unit, came, weight)


class Network(nn.Module):
    def __init__(self, inputs, past, units, hidden, second, outputs):
        super().__init__()
        self.units = units
        self.first = nn.Linear(inputs + units, hidden)
        self.second = nn.Linear(hidden, second)
        self.last = nn.Linear(second, outputs)
        if units:
            self.memory = nn.LSTM(past, units, batch_first=True)
        nn.init.normal_(self.last.weight, std=.02)

    def forward(self, row, past=None):
        if self.units:
            held = self.memory(past)[0][:, -1]
            held = held[:, None].expand(-1, row.shape[1], -1)
            row = torch.cat([row, held], -1)
        return self.last(torch.relu(self.second(torch.relu(self.first(row)))))


def quantiles(out, base, scale):
    middle = base + out[..., 0] * scale
    below = nn.functional.softplus(out[..., 1]) * scale
    above = nn.functional.softplus(out[..., 2]) * scale
    return torch.stack([middle - below, middle, middle + above], -1)


def values(log, unit):
    return (torch.pow(2., log.clamp(0, 40)) - 1) * unit[:, None, None]


def pinball(came, said):
    share = torch.tensor([.1, .5, .9])
    error = came[..., None] - said
    return torch.maximum(error * share, error * (share - 1))


def rank_loss(middle, came):
    """Cross entropy of the day's three busiest hours under p50's order."""
    busiest = torch.topk(came, 3, 1).indices
    size = middle.std(1, keepdim=True).detach() + .05
    order = (middle - middle.mean(1, keepdim=True)) / size * 2
    return -torch.log_softmax(order, 1).gather(1, busiest).mean()


def hour_loss(net, batch, ahead):
    row, past, base, scale, unit, came, weight = batch
    log = quantiles(net(row[:, ahead], past), base[:, ahead], scale[:, None])
    loss = pinball(came[:, ahead], values(log, unit)) * weight[:, None, None]
    day = torch.log(loss[:, :24].mean((1, 2)) + .03).mean()
    all_ = torch.log(loss.mean((1, 2)) + .03).mean()
    return (.6 * day + .4 * all_ +
            .06 * rank_loss(log[:, :24, 1], came[:, :24]))


def learn(net, data, epochs, loss_of):
    size, n = 256, len(data[0])
    best = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        best, 4e-3, total_steps=epochs * (n // size) + 1)
    for epoch in range(epochs):
        order, total = torch.randperm(n), 0
        for i in range(0, n - size + 1, size):
            loss = loss_of(net, [d[order[i:i + size]] for d in data])
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.)
            best.step()
            rate.step()
            total += loss.item()
            with torch.no_grad():
                for p in net.parameters():
                    p.clamp_(-WEIGHT_MOST, WEIGHT_MOST)
        print("epoch %d loss %.4f" % (epoch, total / (n // size)), flush=True)


def train_hours(lib, licensed, rng, units, amount):
    data = hour_data(lib, licensed, rng, amount)
    print(len(data[0]), "windows")
    net = Network(FEATURES, PAST, units, 64, 16, 3)

    def loss_of(net, batch):
        far = 24 + torch.randperm(STEPS - 24)[:8]
        return hour_loss(net, batch, torch.cat([torch.arange(24), far]))
    learn(net, data, 9, loss_of)
    return net


# --- minutes

def line_of(history):
    day = history[-DAY5:]
    high = np.quantile(day, .95)
    return 2 * high - np.quantile(day, .5)


def near_windows(series, per, rng):
    """Random ends; and ends just before high samples, which teach the alarm only."""
    for v in series:
        ends = [(e, 1) for e in rng.integers(2 * DAY5, len(v) - 3, per)]
        high = np.nonzero(v > np.quantile(v, .985))[0]
        high = high[(high > 2 * DAY5 + 3) & (high < len(v) - 3)]
        if len(high):
            ends += [(e, 0) for e in rng.choice(high, per // 4) -
                     rng.integers(0, 3, per // 4)]
        for end, usual in ends:
            length = min(end, 7 * DAY5)
            if rng.random() < .3:
                length = rng.integers(2 * DAY5, length + 1)
            history = v[end - length:end]
            if np.abs(np.diff(history[-DAY5:])).sum() > 0:
                yield history, v[end:end + 3], usual


def near_data(lib, series, rng, per):
    windows = list(near_windows(series, per, rng))
    came = np.array([w[1] for w in windows])
    row, base, scale, unit = near_rows(lib, [w[0] for w in windows])
    weight, quiet = np.zeros(len(windows)), np.zeros(len(windows))
    spike = np.zeros((len(windows), 3))
    for i, (h, y, usual) in enumerate(windows):
        size = .7 * np.abs(h[DAY5:] - h[:-DAY5]).mean()
        size += .3 * np.abs(np.diff(h)).mean() + 1e-9
        weight[i] = usual / size
        line = line_of(h)
        spike[i] = y > line
        quiet[i] = h[-1] <= line and line > 0
    return tensors(row, base, scale, unit, came, weight, spike, quiet)


def near_loss(net, batch):
    row, base, scale, unit, came, weight, spike, quiet = batch
    out = net(row)
    log = quantiles(out, base[:, None], 2 * scale[:, None])
    loss = pinball(came, values(log, unit)) * weight[:, None, None]
    alarm = nn.functional.binary_cross_entropy_with_logits(
        out[..., 3].max(1).values, spike.max(1).values, reduction="none")
    return loss.mean((1, 2)).clamp(max=5).mean() * 3 + .3 * (alarm * quiet).mean()


def train_minutes(lib, series, rng, amount):
    data = near_data(lib, series, rng, int(1500 * amount))
    print(len(data[0]), "windows")
    net = Network(NEAR_FEATURES, 0, 0, 48, 16, 4)
    with torch.no_grad():
        net.last.bias[3] = -3
    learn(net, data, 10, near_loss)
    return net


# --- weights

def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def q12(bias, *weights):
    rows = np.concatenate([bias[:, None]] + list(weights), 1)
    return np.clip(np.round(rows * 4096), -32767, 32767).astype("<i2").tobytes()


def blob(net, past):
    w = {k: v.detach().numpy().astype(float) for k, v in net.state_dict().items()}
    body = b""
    if net.units:
        body += q12(w["memory.bias_ih_l0"] + w["memory.bias_hh_l0"],
                    w["memory.weight_ih_l0"], w["memory.weight_hh_l0"])
    for layer in ("first", "second", "last"):
        body += q12(w[layer + ".bias"], w[layer + ".weight"])
    head = b"PSHW" + bytes([VERSION, past if net.units else 0, net.units,
                            net.first.in_features - net.units,
                            net.first.out_features, net.second.out_features,
                            net.last.out_features, 0])
    return head + struct.pack("<I", crc32c(head + body)) + body


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--series", required=True)
    options.add_argument("--out", default=".")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--amount", type=float, default=1.)
    options.add_argument("--no-memory", action="store_true")
    options.add_argument("--half", type=int, choices=(0, 1),
                         help="only this half of the series, by name")
    options.add_argument("what", choices=("hours", "minutes"))
    o = options.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(o.seed)
    rng = np.random.default_rng(o.seed)
    lib = library()
    licensed = series_of(o.series, 3600 if o.what == "hours" else 300, o.half)
    if o.what == "hours":
        net = train_hours(lib, licensed, rng, 0 if o.no_memory else 16, o.amount)
        data = blob(net, PAST)
    else:
        data = blob(train_minutes(lib, licensed, rng, o.amount), 0)
    with open(os.path.join(o.out, o.what + ".blob"), "wb") as f:
        f.write(data)


if __name__ == "__main__":
    main()
