// The openai package, unmodified, gets through Hearth what it gets from the backend directly.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { Stack, llm, model } from './support/stack.mjs';
import { withoutIds, withoutUsageChunk } from './support/usage.mjs';
import { waitFor } from './support/waiting.mjs';

const messages = [
    { role: 'system', content: 'You are terse.' },
    { role: 'user', content: 'Grüße, world 🔥 "quoted" \\ and\nbroken' },
];
const tools = [{
    type: 'function',
    function: {
        name: 'weather',
        description: 'Looks out of the window',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
}];

let stack;
let direct;
let relayed;

/// Asserts that `ask(client, model)` gives the same both ways, and returns what it gave.
async function same(ask) {
    const expected = await ask(direct, model);
    const actual = await ask(relayed, llm);
    assert.deepEqual(actual, expected);
    return actual;
}

async function collect(stream) {
    const chunks = [];
    for await (const chunk of await stream)
        chunks.push(chunk);
    assert.ok(chunks.length > 1, 'more than one chunk');
    return chunks;
}

/// What a program can learn from an error of the SDK, but for the request id.
function essence(error) {
    const { name, status, message, error: body, code, param, type } = error;
    const retryAfter = error.headers?.get('retry-after');
    return { class: error.constructor.name, name, status, message, body, code, param, type, retryAfter };
}

async function failure(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return assert.fail('the request did not fail');
}

before(async () => {
    stack = await Stack.start();
    direct = new OpenAI({ baseURL: `${stack.backendUrl}/v1`, apiKey: 'unused', maxRetries: 0 });
    relayed = new OpenAI({ baseURL: `${stack.serverUrl}/v1`, apiKey: stack.key, maxRetries: 0 });
});

after(() => stack?.stop());

describe('models', () => {
    it('lists the Llm, and the pool of its model, as the backend lists its model', async () => {
        const [expected] = (await direct.models.list()).data;
        const { data } = await relayed.models.list();
        assert.deepEqual(data.map(({ id }) => id), [llm, model]);
        for (const listed of data) {
            for (const [field, value] of Object.entries(expected))
                assert.equal(typeof listed[field], typeof value, field);
            assert.equal(listed.object, 'model');
            assert.ok(Number.isInteger(listed.created));
        }
    });

    it('retrieves one', async () => {
        assert.equal((await relayed.models.retrieve(llm)).id, llm);
    });
});

describe('chat', () => {
    it('non-streamed', async () => {
        const answer = await same((client, model) => client.chat.completions.create({ model, messages }));
        assert.ok(answer.choices[0].message.content.length > 0);
        assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    });

    it('streamed', async () => {
        const request = { messages, stream: true };
        const expected = withoutUsageChunk(await collect(direct.chat.completions.create(
            { ...request, model, stream_options: { include_usage: true } })));
        const chunks = await collect(relayed.chat.completions.create({ ...request, model: llm }));
        assert.deepEqual(withoutIds(chunks), withoutIds(expected));
        assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    });

    it('streamed with usage', async () => {
        const chunks = await same((client, model) => collect(client.chat.completions.create(
            { model, messages, stream: true, stream_options: { include_usage: true } })));
        assert.deepEqual(chunks.at(-1).choices, []);
        assert.ok(chunks.at(-1).usage.total_tokens > 0);
    });

    it('with tools', async () => {
        const answer = await same((client, model) => client.chat.completions.create({ model, messages, tools }));
        assert.equal(answer.choices[0].finish_reason, 'tool_calls');
        assert.equal(answer.choices[0].message.tool_calls[0].function.name, 'weather');
    });

    it('streamed with tools', async () => {
        const expected = await direct.chat.completions.stream(
            { model, messages, tools, stream_options: { include_usage: true } }).finalChatCompletion();
        const answer = await relayed.chat.completions.stream({ model: llm, messages, tools }).finalChatCompletion();
        assert.deepEqual(withoutIds(answer), withoutIds({ ...expected, usage: null }));
        const { name, arguments: text } = answer.choices[0].message.tool_calls[0].function;
        assert.equal(name, 'weather');
        assert.doesNotThrow(() => JSON.parse(text));
    });

    it('streams as the backend produces', async () => {
        const stream = await relayed.chat.completions.create(
            { model: llm, messages, stream: true, x_test: { rate: 20, tokens: 20 } });
        const times = [];
        for await (const chunk of stream)
            times.push(chunk && performance.now());
        // 20 events a second: what arrives in one piece at the end has not been streamed.
        assert.ok(times.at(-1) - times[0] > 500, `first to last chunk ${Math.round(times.at(-1) - times[0])} ms`);
    });
});

describe('other routes', () => {
    it('embeddings, base64 on the wire', async () => {
        const answer = await same((client, model) => client.embeddings.create({ model, input: ['one', 'two'] }));
        assert.equal(answer.data.length, 2);
        assert.ok(answer.data[0].embedding.every(Number.isFinite));
    });

    it('embeddings as floats', () =>
        same((client, model) => client.embeddings.create({ model, input: 'one', encoding_format: 'float' })));

    it('completions', () => same((client, model) => client.completions.create({ model, prompt: 'Once' })));

    it('responses', async () => {
        const answer = await same((client, model) => client.responses.create({ model, input: 'Hello' }));
        assert.ok(answer.output_text.length > 0);
    });

    it('responses streamed', async () => {
        const events = await same((client, model) =>
            collect(client.responses.create({ model, input: 'Hello', stream: true })));
        assert.equal(events.at(-1).type, 'response.completed');
    });
});

describe('abort', () => {
    async function abortedWithinASecond(abort) {
        const start = performance.now();
        abort();
        const request = await waitFor('the backend to see the abort', async () => {
            const last = await stack.lastReceived();
            return last.outcome === 'aborted' && last;
        }, 2000);
        const elapsed = performance.now() - start;
        assert.ok(elapsed <= 1000, `the backend saw the abort after ${Math.round(elapsed)} ms`);
        return request;
    }

    it('in mid-stream reaches the backend within 1 s', async () => {
        const stream = await relayed.chat.completions.create(
            { model: llm, messages, stream: true, x_test: { rate: 20, tokens: 1000 } });
        let seen = 0;
        for await (const chunk of stream) {
            if (chunk && ++seen === 3)
                break;
        }
        const request = await abortedWithinASecond(() => stream.controller.abort());
        assert.ok(request.eventsSent < 100, `${request.eventsSent} events`);
    });

    it('before the first byte reaches the backend within 1 s', async () => {
        const controller = new AbortController();
        const count = (await stack.received()).length;
        const answer = failure(relayed.chat.completions.create(
            { model: llm, messages, x_test: { hang: true } }, { signal: controller.signal }));
        await waitFor('the request at the backend', async () => (await stack.received()).length > count);
        await abortedWithinASecond(() => controller.abort());
        assert.ok(await answer instanceof OpenAI.APIUserAbortError);
    });
});

describe('errors of the backend', () => {
    for (const [status, type] of [
        [400, OpenAI.BadRequestError],
        [422, OpenAI.UnprocessableEntityError],
        [429, OpenAI.RateLimitError],
        [500, OpenAI.InternalServerError],
        [503, OpenAI.InternalServerError],
    ]) {
        for (const stream of [false, true]) {
            it(`status ${status}${stream ? ', streamed' : ''}`, async () => {
                let error;
                await same(async (client, model) => {
                    error = await failure(client.chat.completions.create(
                        { model, messages, stream, x_test: { status, retryAfter: 7 } }));
                    return essence(error);
                });
                assert.ok(error instanceof type, error.constructor.name);
                assert.equal(error.status, status);
                assert.ok(error.requestID, 'x-request-id');
                assert.equal(error.headers.get('retry-after'), '7');
            });
        }
    }

    it('a stream that breaks off does not look complete', async () => {
        const error = await failure(collect(relayed.chat.completions.create(
            { model: llm, messages, stream: true, x_test: { cut: 3 } })));
        assert.ok(error instanceof OpenAI.APIError, error.constructor.name);
    });
});
