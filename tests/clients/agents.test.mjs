// The openai package, unmodified, talks to an agent that a box has published, by its name.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { Stack, llm, model } from './support/stack.mjs';
import { withoutUsageChunk } from './support/usage.mjs';
import { waitFor } from './support/waiting.mjs';

const agent = 'local-coder';
const prompt = 'You are a "careful" programmer.\nBe brief.';
const messages = [{ role: 'system', content: 'Own rules.' }, { role: 'user', content: 'Hello 🔥' }];

let stack;
let direct;
let relayed;

/// What the agent's Llm is to be asked for `request`.
function expected(request) {
    return {
        temperature: 0.2, ...request, model,
        messages: [{ role: 'system', content: prompt }, ...request.messages],
    };
}

async function collect(stream) {
    const chunks = [];
    for await (const chunk of await stream)
        chunks.push(chunk);
    return chunks;
}

/// Everything but the id, which the backend derives from the bytes of the request.
function essence({ id, ...rest }) {
    assert.ok(id);
    return rest;
}

before(async () => {
    stack = await Stack.start({
        agents: `  - {name: ${agent}, llm: ${llm}, systemPrompt: ${JSON.stringify(prompt)}, defaultParams: {temperature: 0.2}}\n`,
    });
    direct = new OpenAI({ baseURL: `${stack.backendUrl}/v1`, apiKey: 'unused', maxRetries: 0 });
    relayed = new OpenAI({ baseURL: `${stack.serverUrl}/v1`, apiKey: stack.key, maxRetries: 0 });
    await waitFor('the agent to be listed', async () => (await relayed.models.list()).data.some(({ id }) => id === agent));
});

after(() => stack?.stop());

describe('an agent', () => {
    it('is a model among the models', async () => {
        assert.deepEqual((await relayed.models.list()).data.map(({ id }) => id), [llm, agent, model]);
        assert.equal((await relayed.models.retrieve(agent)).id, agent);
    });

    it('answers as its Llm does to its prompt and parameters', async () => {
        const request = { model: agent, messages };
        assert.deepEqual(essence(await relayed.chat.completions.create(request)),
            essence(await direct.chat.completions.create(expected(request))));
    });

    it('streams', async () => {
        const request = { model: agent, messages, stream: true, temperature: 1 };
        const actual = await collect(relayed.chat.completions.create(request));
        const whole = await collect(direct.chat.completions.create(
            expected({ ...request, stream_options: { include_usage: true } })));
        assert.deepEqual(actual.map(essence), withoutUsageChunk(whole).map(essence));
    });

    it('sends its Llm exactly what is expected of it', async () => {
        await relayed.chat.completions.create({ model: agent, messages });
        const body = await (await fetch(`${stack.backendUrl}/test/requests/last/body`)).json();
        assert.deepEqual(body, expected({ model: agent, messages }));
    });

    it('takes chat completions only', async () => {
        await assert.rejects(relayed.embeddings.create({ model: agent, input: 'x' }), (error) => {
            assert.equal(error.status, 400);
            assert.equal(error.param, 'model');
            return true;
        });
    });
});
