// Bytes pass through: direct and relayed exchanges are compared byte for byte, both ways.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, it } from 'node:test';
import { cases, modelMark } from './support/cases.mjs';
import { exchange } from './support/rawhttp.mjs';
import { Stack, llm, model } from './support/stack.mjs';
import { askingForUsage, isMetered, withoutUsageEvent } from './support/usage.mjs';

/// What must arrive at the client, and what at the backend, as it was sent.
const answerHeaders = ['content-type', 'openai-version', 'retry-after'];
const requestHeaders = ['content-type', 'accept', 'anthropic-version', 'anthropic-beta', 'openai-organization'];

let stack;

before(async () => {
    stack = await Stack.start();
});

after(() => stack?.stop());

function pick(headers, names) {
    return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

/// A difference of two long texts is of no use in full.
function assertSameBytes(actual, expected, what) {
    if (actual.equals(expected))
        return;
    let at = 0;
    while (actual[at] === expected[at])
        ++at;
    const around = (bytes) => JSON.stringify(bytes.subarray(Math.max(0, at - 40), at + 40).toString());
    assert.fail(`${what} differs at byte ${at}: ${around(actual)} instead of ${around(expected)}`);
}

for (const one of cases) {
    it(one.name, async () => {
        const { body, status = 200, relayedModel = JSON.stringify(llm), ...request } = one;
        const ownBody = body.replaceAll(modelMark, JSON.stringify(model));
        const directBody = isMetered(one) ? askingForUsage(ownBody) : ownBody;
        const relayedBody = body.replaceAll(modelMark, relayedModel);

        const direct = await exchange(stack.backendUrl, { ...request, body: directBody });
        const directReceived = await stack.lastReceived();
        const relayed = await exchange(stack.serverUrl, {
            ...request,
            body: relayedBody,
            headers: { ...request.headers, authorization: `Bearer ${stack.key}` },
        });
        const received = await stack.lastReceived();

        assert.equal(direct.status, status, `the case itself: ${direct.body.subarray(0, 300)}`);
        assert.equal(relayed.status, direct.status, relayed.body.subarray(0, 300).toString());
        assertSameBytes(relayed.body, isMetered(one) ? withoutUsageEvent(direct.body) : direct.body, 'the body of the answer');
        assert.deepEqual(pick(relayed.headers, answerHeaders), pick(direct.headers, answerHeaders));

        assert.notEqual(received.id, directReceived.id, 'the relayed request reached the backend');
        assert.equal(received.bodySha256, createHash('sha256').update(directBody).digest('hex'),
            'the body at the backend is the one that was sent but for the value of model and the wish for usage');
        assert.deepEqual([received.path, received.query], [directReceived.path, directReceived.query]);
        assert.deepEqual(pick(received.headers, requestHeaders), pick(directReceived.headers, requestHeaders));
        assert.equal(received.headers.authorization, undefined, 'the key of the client stays with Hearth');
    });
}

it('there are 50 cases or more, and some for every model route', () => {
    const paths = new Set(cases.map((one) => one.path.split('?')[0]));
    assert.ok(cases.length >= 50, `${cases.length} cases`);
    assert.deepEqual([...paths].sort(), ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/messages',
        '/v1/rerank', '/v1/responses']);
});
