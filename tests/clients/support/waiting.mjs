// Waiting for something to become true, with a limit.

import { setTimeout as delay } from 'node:timers/promises';

/// The first truthy value of `probe`, which may be asynchronous; throws when there is none within `limit` milliseconds.
export async function waitFor(what, probe, limit = 15_000) {
    const end = performance.now() + limit;
    for (;;) {
        const value = await probe();
        if (value)
            return value;
        if (performance.now() > end)
            throw new Error(`waited ${limit} ms in vain for ${what}`);
        await delay(10);
    }
}
