// Hearth's own errors, as the openai package shows them and as they are on the wire.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { exchange } from './support/rawhttp.mjs';
import { Stack, llm } from './support/stack.mjs';
import { waitFor } from './support/waiting.mjs';

const messages = [{ role: 'user', content: 'Hello' }];

let stack;

function clientWith(apiKey) {
    return new OpenAI({ baseURL: `${stack.serverUrl}/v1`, apiKey, maxRetries: 0 });
}

function chat(client, model = llm) {
    return client.chat.completions.create({ model, messages });
}

/// Asserts that `promise` fails with the class, status and code, and with everything that an error must carry.
async function refused(promise, type, status, code) {
    const error = await promise.then(() => assert.fail('the request did not fail'), (reason) => reason);
    assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    assert.deepEqual(Object.keys(error.error).sort(), ['code', 'message', 'param', 'type']);
    assert.ok(error.error.message.length > 0);
    assert.ok(error.requestID, 'x-request-id');
    return error;
}

/// An exchange with the key of the stack unless it is `anonymous`; asserts what holds for every answer of Hearth itself.
async function raw({ anonymous = false, headers, ...request }) {
    const key = anonymous ? {} : { authorization: `Bearer ${stack.key}` };
    const answer = await exchange(stack.serverUrl, { ...request, headers: { ...key, ...headers } });
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.ok(answer.headers['x-request-id']);
    return { ...answer, json: JSON.parse(answer.body) };
}

before(async () => {
    stack = await Stack.start();
});

after(() => stack?.stop());

describe('keys', () => {
    it('401 for a key that does not exist', () =>
        refused(chat(clientWith('hk_0000000000000000000000000000000000000000000')), OpenAI.AuthenticationError, 401, 'invalid_api_key'));

    it('401 without a key', async () => {
        const answer = await raw({ path: '/v1/chat/completions', anonymous: true, body: '{}' });
        assert.equal(answer.status, 401);
        assert.equal(answer.json.error.code, 'invalid_api_key');
    });

    it('401 for a key in the query', async () => {
        const answer = await raw({ method: 'GET', path: `/v1/models?api_key=${stack.key}`, anonymous: true });
        assert.equal(answer.status, 401);
    });

    it('403 for a key of another scope', () =>
        refused(chat(clientWith(stack.publisherKey)), OpenAI.PermissionDeniedError, 403, 'scope_missing'));

    it('x-api-key does as well', async () => {
        const answer = await raw({ method: 'GET', path: '/v1/models', anonymous: true, headers: { 'x-api-key': stack.key } });
        assert.equal(answer.status, 200);
    });

    it('404 for a model that is not for this key, which is not listed either', async () => {
        const client = clientWith(await stack.createKey('narrow', '--scope', 'infer', '--models', 'other-*'));
        // A running server takes up a new key within a second.
        const { data } = await waitFor('the new key to be taken up', () => client.models.list().catch(() => null), 2000);
        assert.deepEqual(data, []);
        await refused(chat(client), OpenAI.NotFoundError, 404, 'model_not_found');
    });
});

describe('requests', () => {
    it('404 for a model that does not exist', async () => {
        const error = await refused(chat(clientWith(stack.key), 'nope/nope'), OpenAI.NotFoundError, 404, 'model_not_found');
        assert.match(error.message, /nope\/nope/);
        assert.equal(error.param, 'model');
    });

    it('404 when it is retrieved', () =>
        refused(clientWith(stack.key).models.retrieve('nope'), OpenAI.NotFoundError, 404, 'model_not_found'));

    it('404 for a route that does not exist', async () => {
        const answer = await raw({ path: '/v1/nothing', body: '{}' });
        assert.deepEqual([answer.status, answer.json.error.code], [404, 'route_not_found']);
    });

    it('405 for a method that the route does not take', async () => {
        const answer = await raw({ method: 'GET', path: '/v1/chat/completions' });
        assert.equal(answer.status, 405);
    });

    for (const [what, body] of [
        ['no JSON', 'hello'],
        ['nothing', ''],
        ['an array', '[]'],
        ['two objects', `{"model":"${llm}"} {}`],
        ['an object that ends too early', `{"model":"${llm}","messages":[`],
    ]) {
        it(`400 for ${what}`, async () => {
            const answer = await raw({ path: '/v1/chat/completions', body });
            assert.deepEqual([answer.status, answer.json.error.code], [400, 'invalid_json']);
        });
    }

    for (const [what, body] of [
        ['no model', '{"messages":[]}'],
        ['a model that is no string', '{"model":7}'],
        ['a model that is given twice', `{"model":"${llm}","mod\\u0065l":"${llm}"}`],
    ]) {
        it(`400 for ${what}`, async () => {
            const answer = await raw({ path: '/v1/chat/completions', body });
            assert.deepEqual([answer.status, answer.json.error.code], [400, 'invalid_request']);
        });
    }

    it('has the shape of Anthropic on /v1/messages', async () => {
        const answer = await raw({ path: '/v1/messages', body: '{"model":"nope","max_tokens":1,"messages":[]}' });
        assert.equal(answer.status, 404);
        assert.equal(answer.json.type, 'error');
        assert.equal(answer.json.error.type, 'not_found_error');
    });
});

// Last, for it ends the publisher.
describe('without the publisher', () => {
    it('503 publisher_offline', async () => {
        await stack.publisher.stop();
        const client = clientWith(stack.key);
        const error = await refused(chat(client), OpenAI.InternalServerError, 503, 'publisher_offline');
        assert.match(error.message, /offline/);
        assert.match(error.headers.get('retry-after') ?? '1', /^([1-9]|[1-5][0-9])$/);
    });
});
