// The openai package, unmodified, while its model is being woken.
//
// Most of the time is spent waiting, so the cases run side by side, each on a stack of its own.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { Stack, llm, model } from './support/stack.mjs';
import { waitFor } from './support/waiting.mjs';

const messages = [{ role: 'user', content: 'Wake up' }];

/// Runs `use(stack, client)` on a stack whose backend is asleep; `client(options)` makes an SDK.
async function asleep(options, use) {
    const stack = await Stack.start(options);
    try {
        assert.equal(await stack.wakes(), 0);
        await use(stack, (more) => new OpenAI({ baseURL: `${stack.serverUrl}/v1`, apiKey: stack.key, ...more }));
    } finally {
        await stack.stop();
    }
}

async function collect(stream) {
    const chunks = [];
    for await (const chunk of await stream)
        chunks.push(chunk);
    return chunks;
}

/// Asserts that the backend was woken once and then was asked once.
async function servedByOneWake(stack) {
    assert.equal(await stack.wakes(), 1);
    const received = await stack.received();
    assert.deepEqual(received.map((request) => request.outcome), ['complete']);
}

/// What the backend sends without Hearth.
function directly(stack) {
    return new OpenAI({ baseURL: `${stack.backendUrl}/v1`, apiKey: 'unused', maxRetries: 0 });
}

describe('through a wake', { concurrency: true }, () => {
    it('of 20 s a stream gets its answer, and nothing of the comments', () =>
        asleep({ bootMs: 20_000 }, async (stack, client) => {
            const start = performance.now();
            const chunks = await collect(client({ maxRetries: 0 }).chat.completions.create(
                { model: llm, messages, stream: true, stream_options: { include_usage: true } }));
            const elapsed = performance.now() - start;
            assert.ok(elapsed >= 20_000 && elapsed < 25_000, `${Math.round(elapsed)} ms`);
            await servedByOneWake(stack);
            assert.deepEqual(chunks, await collect(directly(stack).chat.completions.create(
                { model, messages, stream: true, stream_options: { include_usage: true } })));
        }));

    it('the events of the responses API are those of the backend', () =>
        asleep({ bootMs: 6000 }, async (stack, client) => {
            const events = await collect(client({ maxRetries: 0 }).responses.create({ model: llm, input: 'Hello', stream: true }));
            await servedByOneWake(stack);
            assert.deepEqual(events, await collect(directly(stack).responses.create({ model, input: 'Hello', stream: true })));
        }));

    for (const stream of [true, false]) {
        it(`a client that gives up sooner is served by its retry${stream ? ', streamed' : ''}`, () =>
            asleep({ bootMs: 6000 }, async (stack, client) => {
                // Before the grace period is over there is no head, so that its own time runs out.
                await assert.rejects(
                    client({ maxRetries: 0, timeout: 1000 }).chat.completions.create({ model: llm, messages, stream }),
                    OpenAI.APIConnectionTimeoutError);
                await waitFor('the wake to go on', async () => await stack.wakes() === 1);
                const answer = await client({ maxRetries: 20, timeout: 1500 }).chat.completions.create(
                    { model: llm, messages, stream });
                if (stream)
                    assert.equal((await collect(answer)).at(-1).choices[0].finish_reason, 'stop');
                else
                    assert.ok(answer.choices[0].message.content.length > 0);
                await servedByOneWake(stack);
            }));
    }

    it('who does not stream is told when to come back, and is served then', () =>
        asleep({
            bootMs: 5000,
            limits: 'recipeTimeoutSeconds: 1, maxWaitSeconds: 8',
            settings: { HEARTH_WAKE__MAXHOLDSECONDS: '1' },
        }, async (stack, client) => {
            const error = await client({ maxRetries: 0 }).chat.completions.create({ model: llm, messages }).then(
                () => assert.fail('the request did not fail'), (reason) => reason);
            assert.ok(error instanceof OpenAI.InternalServerError, error.constructor.name);
            assert.deepEqual([error.status, error.code], [503, 'queue_timeout']);
            const retryAfter = Number(error.headers.get('retry-after'));
            assert.ok(retryAfter >= 1 && retryAfter <= 59, String(retryAfter));
            const answer = await client({ maxRetries: 20 }).chat.completions.create({ model: llm, messages });
            assert.ok(answer.choices[0].message.content.length > 0);
            await servedByOneWake(stack);
        }));
});
