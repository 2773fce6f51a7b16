// The openai package, unmodified and with its own idea of retrying: it tries again what may pass, when Hearth says that
// it makes sense, and never what cannot.
//
// Most of the time is spent waiting, so the refusals come side by side, each from a stack of its own.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { Stack, llm } from './support/stack.mjs';
import { waitFor } from './support/waiting.mjs';

const messages = [{ role: 'user', content: 'Hello' }];

/// Runs `use(stack, client)` on a stack with these options; `client(apiKey)` makes an SDK that remembers every attempt
/// of its one request.
async function withStack(options, use) {
    const stack = await Stack.start(options);
    try {
        await use(stack, (apiKey = stack.key, maxRetries = 5) => new Recorder(stack, apiKey, maxRetries));
    } finally {
        await stack.stop();
    }
}

class Recorder {
    constructor(stack, apiKey, maxRetries) {
        this.attempts = [];
        this.sdk = new OpenAI({
            baseURL: `${stack.serverUrl}/v1`,
            apiKey,
            maxRetries,
            fetch: (url, init) => this.#fetch(url, init),
        });
    }

    async #fetch(url, init) {
        const attempt = { startedAt: performance.now(), status: null };
        this.attempts.push(attempt);
        const response = await fetch(url, init);
        const error = response.ok ? null : (await response.clone().json()).error;
        Object.assign(attempt, {
            endedAt: performance.now(),
            status: response.status,
            code: error?.code,
            retryAfter: response.headers.get('retry-after'),
            shouldRetry: response.headers.get('x-should-retry'),
        });
        return response;
    }

    chat(more = {}) {
        return this.sdk.chat.completions.create({ model: llm, messages, ...more });
    }

    /// Resolves when the first attempt has been answered.
    refused() {
        return waitFor('the first refusal', () => this.attempts[0]?.status);
    }

    get first() {
        return [this.attempts[0].status, this.attempts[0].code];
    }

    /// Asserts that the request was refused like this at first and has succeeded at last. A Retry-After that is due must
    /// be there, and the SDK must have obeyed it.
    succeededAfter(status, code, { saysWhen }) {
        assert.ok(this.attempts.length > 1, 'the first attempt was not refused');
        assert.equal(this.attempts.at(-1).status, 200);
        assert.deepEqual(this.first, [status, code]);
        assert.ok(!saysWhen || this.attempts[0].retryAfter !== null, `${status} ${code} without Retry-After`);
        this.attempts.slice(0, -1).forEach((attempt, index) => {
            // Without an answer, while the server was not there.
            if (attempt.status === null || attempt.retryAfter === null)
                return;
            assert.match(attempt.retryAfter, /^([1-9]|[1-5][0-9])$/);
            const waited = this.attempts[index + 1].startedAt - attempt.endedAt;
            // Timers of Node may be a few milliseconds early.
            assert.ok(waited > Number(attempt.retryAfter) * 1000 - 50, `waited ${waited} ms of ${attempt.retryAfter} s`);
        });
    }
}

/// Requests that take all four slots of the Llm for `ms`; resolves when the backend has them.
async function fill(stack, client, ms) {
    const known = (await stack.received()).length;
    const running = Array.from({ length: 4 }, () => client().chat({ x_test: { delay: ms } }));
    await waitFor('the backend to be busy', async () => (await stack.received()).length === known + 4);
    return running;
}

function oneWaits(stack) {
    const headers = { authorization: `Bearer ${stack.key}` };
    return waitFor('a request to wait', async () =>
        (await (await fetch(`${stack.serverUrl}/api/v1/llms/${llm}`, { headers })).json()).waiting === 1);
}

/// A key that the server has taken up.
async function makeKey(stack, name, ...options) {
    const key = await stack.createKey(name, '--scope', 'infer', ...options);
    const headers = { authorization: `Bearer ${key}` };
    await waitFor('the key to be taken up', async () => (await fetch(`${stack.serverUrl}/v1/models`, { headers })).ok);
    return key;
}

/// One request, refused while something is not there, and tried again by the SDK when it is back.
async function refusedWithout(client, takeAway, bringBack) {
    await takeAway();
    const early = client();
    const answer = early.chat();
    await early.refused();
    bringBack();
    await answer;
    return [early];
}

/// What may pass: who is refused, on a stack with these options, and what makes it pass. `refuse` resolves, when all is
/// over, with the recorders that may have been refused; one of them must have been.
const passing = [
    {
        status: 429, code: 'queue_full', saysWhen: true,
        options: { settings: { HEARTH_QUEUE__MAXWAITING: '1' } },
        async refuse(stack, client) {
            const running = await fill(stack, client, 2000);
            const waiting = client().chat();
            await oneWaits(stack);
            const late = client();
            await Promise.all([...running, waiting, late.chat()]);
            return [late];
        },
    },
    {
        status: 429, code: 'rate_limited', what: 'too many at the same time', saysWhen: true,
        async refuse(stack, client) {
            const key = await makeKey(stack, 'one-at-a-time', '--max-concurrent', '1');
            const first = client(key).chat({ x_test: { delay: 700 } });
            await waitFor('the backend to be busy', async () => (await stack.received()).length === 1);
            const second = client(key);
            await Promise.all([first, second.chat()]);
            return [second];
        },
    },
    {
        status: 429, code: 'rate_limited', what: 'too many a minute', saysWhen: true,
        async refuse(stack, client) {
            const key = await makeKey(stack, 'sixty', '--requests-per-minute', '60');
            // So many that some are refused on a slow machine too. Those come back together, once a second, and one of
            // them is let in each time.
            const all = Array.from({ length: 80 }, () => client(key, 40));
            await Promise.all(all.map((one) => one.chat()));
            return all;
        },
    },
    {
        status: 503, code: 'queue_timeout', saysWhen: true,
        options: { settings: { HEARTH_QUEUE__MAXWAITSECONDS: '0.3' } },
        async refuse(stack, client) {
            const running = await fill(stack, client, 1500);
            const late = client();
            await Promise.all([...running, late.chat()]);
            return [late];
        },
    },
    {
        status: 503, code: 'shutting_down', saysWhen: true,
        async refuse(stack, client) {
            const running = await fill(stack, client, 1000);
            const waiting = client();
            const answer = waiting.chat();
            await oneWaits(stack);
            await Promise.all([...running, stack.server.stop()]);
            stack.startServer();
            await answer;
            return [waiting];
        },
    },
    {
        status: 503, code: 'publisher_offline', saysWhen: false,
        refuse: (stack, client) => refusedWithout(client, () => stack.killPublisher(), () => stack.startPublisher()),
    },
    {
        status: 503, code: 'wake_failed', saysWhen: false,
        options: { bootMs: 100 },
        // The one who is to wake it does not answer.
        refuse: (stack, client) => refusedWithout(client, () => stack.killBackend(), () => stack.startBackend()),
    },
    {
        status: 502, code: 'backend_unreachable', saysWhen: false,
        refuse: (stack, client) => refusedWithout(client, () => stack.killBackend(), () => stack.startBackend()),
    },
    {
        status: 502, code: 'publisher_lost', saysWhen: false,
        options: { settings: { HEARTH_FAILOVER__RECONNECTGRACESECONDS: '0' } },
        async refuse(stack, client) {
            const unlucky = client();
            const answer = unlucky.chat({ x_test: { delay: 300 } });
            await waitFor('the backend to be busy', async () => (await stack.received()).length === 1);
            await stack.killPublisher();
            stack.startPublisher();
            await answer;
            return [unlucky];
        },
    },
    {
        status: 504, code: 'wake_timeout', saysWhen: false,
        options: { bootMs: 2500, limits: 'maxWaitSeconds: 1' },
        async refuse(stack, client) {
            const early = client();
            await early.chat();
            return [early];
        },
    },
];

describe('what may pass is tried again', { concurrency: true }, () => {
    for (const { status, code, what, saysWhen, options, refuse } of passing) {
        it(`${status} ${code}${what ? `, for ${what}` : ''}`, () =>
            withStack(options, async (stack, client) => {
                const refused = (await refuse(stack, client)).filter((one) => one.attempts.length > 1);
                assert.ok(refused.length > 0, 'nobody was refused');
                for (const one of refused)
                    one.succeededAfter(status, code, { saysWhen });
            }));
    }

    // With so little memory it never passes.
    it('503 overloaded', () =>
        withStack({ settings: { HEARTH_HTTP__MAXALLBODIES: '1024' } }, async (stack, client) => {
            const refused = client(stack.key, 2);
            await assert.rejects(refused.chat({ user: 'x'.repeat(2000) }), { status: 503, code: 'overloaded' });
            assert.equal(refused.attempts.length, 3);
            for (const attempt of refused.attempts)
                assert.match(attempt.retryAfter, /^[1-5]$/);
        }));
});

describe('what cannot pass is not tried again', () => {
    // What the SDK would try again by its status is told to it in so many words.
    const cases = [
        { status: 400, code: 'invalid_request', body: { model: '' } },
        { status: 401, code: 'invalid_api_key', key: () => 'hk_0000000000000000000000000000000000000000000' },
        { status: 403, code: 'scope_missing', key: (stack) => stack.publisherKey },
        { status: 404, code: 'model_not_found', body: { model: 'nobody' } },
        { status: 413, code: 'body_too_large', body: { user: 'x'.repeat(5000) } },
        { status: 504, code: 'backend_timeout', body: { x_test: { hang: true } }, isTold: true, asked: 1 },
    ];

    it(cases.map(({ status, code }) => `${status} ${code}`).join(', '), () =>
        withStack({ settings: { HEARTH_HTTP__MAXBODY: '4096', HEARTH_BACKEND__FIRSTBYTESECONDS: '0.5' } }, async (stack, client) => {
            for (const { status, code, key, body, isTold = false, asked = 0 } of cases) {
                const one = client(key?.(stack));
                await assert.rejects(one.chat(body), { status, code });
                assert.equal(one.attempts.length, 1, `${status} ${code}`);
                assert.equal(one.attempts[0].shouldRetry, isTold ? 'false' : null, `${status} ${code}`);
                assert.equal((await stack.received()).length, asked, `${status} ${code}`);
            }
        }));
});
