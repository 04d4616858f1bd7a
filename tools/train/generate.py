# SPDX-License-Identifier: GPL-2.0
"""generate: loads made up from what real ones are made of.

Daily shapes, weekends, noise with a memory, jobs by the clock, bursts, levels
that shift, decay or wander; each series draws which of them it has and how
much. Hourly; the same seed gives the same series. It imitates no particular
trace.
"""
import numpy as np


def daily_shape(rng, hour):
    size = rng.choice([0, .3, .7, 1.2, 2.0], p=[.2, .2, .25, .2, .15])
    wave = np.arange(1, 5)
    height = rng.normal(size=4) / wave ** rng.uniform(.5, 1.5)
    phase = rng.uniform(0, 2 * np.pi, 4)
    shape = sum(height[i] * np.cos(2 * np.pi * wave[i] * hour / 24 + phase[i])
                for i in range(4))
    shape = shape / (shape.std() + 1e-9) * size * rng.uniform(.6, 1.4)
    if rng.random() < .35:
        start, length = rng.integers(24), rng.integers(6, 14)
        office = ((hour - start) % 24 < length).astype(float)
        shape = shape * .3 + office * rng.uniform(.5, 3.5)
    return shape


def weekend(rng, shape, weekday):
    low = np.zeros(len(shape))
    if rng.random() < .4:
        days = rng.integers(1, 3)
        low = np.where(weekday < days, -rng.uniform(.2, 2.5), 0)
        if rng.random() < .6:
            shape = np.where(weekday < days, shape * rng.uniform(0, .6), shape)
    return shape + low


def noise(rng, n):
    phi = rng.choice([0, .3, .6, .8, .92], p=[.25, .25, .2, .2, .1])
    size = np.exp(rng.uniform(np.log(.04), np.log(1.4)))
    shock = rng.standard_t(rng.choice([3, 5, 30]), n) * size
    shock *= np.sqrt(1 - phi * phi)
    out = np.zeros(n)
    for i in range(1, n):
        out[i] = phi * out[i - 1] + shock[i]
    return out


def level(rng, n):
    t = np.arange(n)
    out = np.repeat(rng.normal(size=n // 24 + 2) * rng.choice([0, .1, .3, .6]),
                    24)[rng.integers(24):][:n]
    if rng.random() < .35:      # shifts that stay
        for _ in range(rng.poisson(n / 24 * .06)):
            out[rng.integers(n):] += rng.normal() * rng.uniform(.2, 1.5)
    if rng.random() < .45:      # hours to days at another level
        rate = np.exp(rng.uniform(np.log(.05), np.log(.8)))
        for _ in range(rng.poisson(n / 24 * rate)):
            start = rng.integers(n)
            length = int(2 + rng.exponential(rng.choice([4, 12, 36])))
            out[start:start + length] += (rng.choice([-1, 1, 1]) *
                                          rng.uniform(.3, 4))
    if rng.random() < .25:      # a busy beginning that ends, or decays
        end, tau = rng.integers(12, n), rng.uniform(6, 72)
        high = rng.uniform(.5, 5)
        tail = high * np.exp(-np.maximum(t - end, 0) / tau)
        out += np.where(t < end, high, tail if rng.random() < .6 else 0)
    if rng.random() < .35:      # a walk
        out += (np.cumsum(rng.standard_t(4, n)) *
                np.exp(rng.uniform(np.log(.01), np.log(.15))))
    if rng.random() < .3:
        out += rng.normal() * .03 * t / 24
    return out


def add_jobs(rng, x, weekday, usual):
    n = len(x)
    for _ in range(rng.poisson(1.6)):
        size = usual * 2 ** rng.uniform(0, 7.5)
        period = int(rng.choice([24, 24, 24, 24, 12, 8, 6, 4, 3, 2, 168]))
        length = int(rng.choice([1, 1, 1, 2, 2, 3, 5]))
        late = rng.choice([0, 0, .1, .4])
        missed = rng.choice([0, 0, .05, .2, .4])
        spread, part = rng.choice([.02, .1, .3, .6]), rng.random()
        workdays = rng.random() < .2
        for start in range(int(rng.integers(period)), n, period):
            if rng.random() < missed or workdays and weekday[start] < 2:
                continue
            if rng.random() < late:
                start += rng.integers(-1, 2)
            now = size * 2 ** (rng.normal() * spread)
            for i in range(max(start, 0), min(start + length, n)):
                last = length > 1 and i == start + length - 1
                x[i] += now * (part if last else 1)


def add_bursts(rng, x, shape, usual):
    rate = np.exp(rng.uniform(np.log(.1), np.log(4))) / 24
    often = np.ones(len(x))
    if rng.random() < .5:
        often = 2.0 ** (1.5 * (shape - shape.mean()) / (shape.std() + .1))
        often /= often.mean()
    for start in np.nonzero(rng.random(len(x)) < rate * often)[0]:
        size = usual * 2 ** rng.uniform(-.5, rng.choice([2, 4, 7]))
        end = start + 1 + rng.geometric(rng.choice([.3, .6, .9]))
        hit = x[start:end]
        hit += size * 2.0 ** (-np.arange(len(hit)) * rng.choice([0, .5, 1]))


def one(rng, n):
    t = np.arange(n)
    hour = (t + rng.integers(24)) % 24
    weekday = (t // 24 + rng.integers(7)) % 7
    shape = weekend(rng, daily_shape(rng, hour), weekday)
    x = 2.0 ** np.clip(shape + noise(rng, n) + level(rng, n), -30, 30)
    if rng.random() < .15:
        x = np.maximum(0, x - np.quantile(x, rng.uniform(.1, .5)))
        x += rng.choice([0, .02])
    usual = np.median(x) + 1e-3
    add_jobs(rng, x, weekday, usual)
    if rng.random() < .6:
        add_bursts(rng, x, shape, usual)
    if rng.random() < .06:
        x = np.floor(x / usual * rng.choice([1, 2, 5]))
    return x


def many(count, n, rng):
    out = []
    while len(out) < count:
        x = one(rng, n)
        if (x > 0).mean() > .5 and x.max() > x.min():
            out.append(x)
    return out
