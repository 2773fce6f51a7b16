// The requests of bytes.test.mjs. Where a body says `modelMark`, the model goes in as a JSON string: the backend's own
// name on the direct way, the name of the Llm on the way through Hearth. Fields of a case: name, path, body, status
// (default 200), headers, chunked, expectContinue, and relayedModel, another spelling of the name of the Llm in JSON.

import { llm } from './stack.mjs';

export const modelMark = '\u0001model\u0001';

const chat = '/v1/chat/completions';
const M = modelMark;
const hello = '"messages":[{"role":"user","content":"hello"}]';
const raw = String.raw;

/// `text` with every character as a \u escape.
const escaped = (text) => `"${[...text].map((c) => raw`\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;

const plain = [
    { name: 'chat', path: chat, body: `{"model":${M},${hello}}` },
    { name: 'chat with sampling', path: chat, body: `{"model":${M},${hello},"temperature":0.7,"top_p":1,"n":1,"seed":42,"max_tokens":5}` },
    { name: 'chat with tools', path: chat, body: `{"model":${M},${hello},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}` },
    { name: 'chat with an image', path: chat, body: `{"model":${M},"messages":[{"role":"user","content":[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}` },
    { name: 'completion', path: '/v1/completions', body: `{"model":${M},"prompt":"Once upon"}` },
    { name: 'embedding of one text', path: '/v1/embeddings', body: `{"model":${M},"input":"one"}` },
    { name: 'embeddings in base64', path: '/v1/embeddings', body: `{"model":${M},"input":["one","two"],"encoding_format":"base64"}` },
    { name: 'response', path: '/v1/responses', body: `{"model":${M},"input":"hello"}` },
    { name: 'rerank', path: '/v1/rerank', body: `{"model":${M},"query":"fire","documents":["ember","water","flame"],"top_n":2}` },
    {
        name: 'message',
        path: '/v1/messages',
        headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'tools-2024-04-04,another-beta' },
        body: `{"model":${M},"max_tokens":64,${hello}}`,
    },
];

const streamed = [
    { name: 'chat streamed', path: chat, body: `{"model":${M},${hello},"stream":true}` },
    { name: 'chat streamed with usage', path: chat, body: `{"model":${M},${hello},"stream":true,"stream_options":{"include_usage":true}}` },
    { name: 'chat streamed with tools', path: chat, body: `{"model":${M},${hello},"stream":true,"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}` },
    { name: 'chat streamed at a rate', path: chat, body: `{"model":${M},${hello},"stream":true,"x_test":{"rate":100,"tokens":20}}` },
    { name: 'chat streamed, 2000 events', path: chat, body: `{"model":${M},${hello},"stream":true,"x_test":{"tokens":2000}}` },
    { name: 'chat with stream null', path: chat, body: `{"model":${M},${hello},"stream":null}` },
    { name: 'completion streamed', path: '/v1/completions', body: `{"model":${M},"prompt":"Once upon","stream":true}` },
    { name: 'response streamed', path: '/v1/responses', body: `{"model":${M},"input":"hello","stream":true}` },
    { name: 'message streamed', path: '/v1/messages', body: `{"model":${M},"max_tokens":64,${hello},"stream":true}` },
    { name: 'accept is passed on', path: chat, headers: { accept: 'text/event-stream' }, body: `{"model":${M},${hello},"stream":true}` },
];

const queries = [
    ['one parameter', 'api-version=2024-10-21'],
    ['escapes', 'a=%2F%20+%C3%BC%00&b=%7B%22x%22%3A1%7D'],
    ['empty parts', '&&a&b=&=c&'],
    ['question marks and slashes', 'next=/v1/models?x=1&y=a/b'],
    ['a model of its own', 'model=other&stream=true'],
].map(([name, query]) => ({ name: `query: ${name}`, path: `${chat}?${query}`, body: `{"model":${M},${hello}}` }));
queries.push(
    { name: 'query: embeddings', path: '/v1/embeddings?user=x', body: `{"model":${M},"input":"one"}` },
    { name: 'query: messages', path: '/v1/messages?beta=true', body: `{"model":${M},"max_tokens":9,${hello}}` },
);

const odd = [
    ['model last', `{${hello},"model":${M}}`],
    ['model in the middle', `{"a":1,"model":${M},${hello}}`],
    ['white space everywhere', ` \r\n\t{ "model" \n:\t${M} , ${hello} \r\n}\n \n`],
    ['model inside of other values', `{"metadata":{"model":"x","deep":[{"model":"y"}]},"model":${M},${hello}}`],
    ['model inside of a string', raw`{"note":"{\"model\":\"x\"}","model":` + `${M},${hello}}`],
    ['an escaped key', raw`{"mod\u0065l":` + `${M},${hello}}`],
    ['a fully escaped key', `{${escaped('model')}:${M},${hello}}`],
    ['other keys escaped', raw`{"\u0078":1,"a\/b":2,"\"":3,"model":` + `${M},${hello}}`],
    ['duplicate unknown keys', `{"x":1,"x":2,"model":${M},"x":{"x":3},${hello},"x":null}`],
    ['numbers beyond 64 bits', `{"big":123456789012345678901234567890,"neg":-98765432109876543210,"model":${M},${hello}}`],
    ['numbers in odd forms', `{"a":-0,"b":1.0,"c":1E+2,"d":0.10000000000000000000000001,"e":5e-324,"model":${M},${hello}}`],
    ['unicode', `{"model":${M},"messages":[{"role":"user","content":"Grüße 🔥 日本語 \u2028\u2029\u00a0\u200b é e\u0301"}]}`],
    ['escaped unicode', raw`{"model":` + M + raw`,"messages":[{"role":"user","content":"\ud83d\udd25 \u00fc \n\t\b\f\r\\\/ \u2028"}]}`],
    ['an escaped zero', raw`{"model":` + M + raw`,"user":"a\u0000b","messages":[{"role":"user","content":"x"}]}`],
    ['an empty key and empty values', `{"":"","a":{},"b":[],"model":${M},${hello}}`],
    ['null, true and false', `{"a":null,"b":true,"c":false,"model":${M},${hello}}`],
    ['100 levels', `{"deep":${'['.repeat(100)}${']'.repeat(100)},"model":${M},${hello}}`],
    ['1000 keys', `{${Array.from({ length: 1000 }, (_, i) => `"key${i}":${i}`).join(',')},"model":${M},${hello}}`],
    ['vLLM and llama.cpp extras', `{"model":${M},${hello},"guided_json":{"type":"object"},"top_k":40,"min_p":0.05,"cache_prompt":true,"logit_bias":{"50256":-100}}`],
].map(([name, body]) => ({ name: `json: ${name}`, path: chat, body }));
odd.push(
    { name: 'json: an escaped model', path: chat, body: `{"model":${M},${hello}}`, relayedModel: escaped(llm) },
    { name: 'json: white space around the model', path: chat, body: `{"model"  :\t ${M} \n,${hello}}` },
);

const sizes = [
    { name: 'size: request of 100 KiB', path: chat, body: `{"model":${M},"pad":"${'x'.repeat(100 << 10)}",${hello}}` },
    { name: 'size: request of 300 KiB, model first', path: chat, body: `{"model":${M},"pad":"${'é'.repeat(150 << 10)}",${hello}}` },
    { name: 'size: request of 300 KiB, model last', path: chat, body: `{"pad":"${'x'.repeat(300 << 10)}",${hello},"model":${M}}` },
    { name: 'size: request of 5 MiB', path: chat, body: `{"model":${M},"pad":"${'0123456789abcdef'.repeat(5 << 16)}",${hello}}` },
    { name: 'size: answer of 3 MiB', path: chat, body: `{"model":${M},${hello},"x_test":{"bytes":${3 << 20}}}` },
    { name: 'size: stream of 3 MiB', path: chat, body: `{"model":${M},${hello},"stream":true,"x_test":{"bytes":${3 << 20}}}` },
    { name: 'framing: chunked request', path: chat, body: `{"model":${M},"pad":"${'x'.repeat(20_000)}",${hello}}`, chunked: true },
    { name: 'framing: Expect: 100-continue', path: chat, body: `{"model":${M},${hello}}`, expectContinue: true },
    { name: 'framing: content type with a charset', path: chat, headers: { 'content-type': 'application/json; charset=utf-8' }, body: `{"model":${M},${hello}}` },
    { name: 'header: openai-organization', path: chat, headers: { 'openai-organization': 'org-1' }, body: `{"model":${M},${hello}}` },
];

const failing = [
    ...[400, 401, 404, 409, 413, 418, 422, 429, 500, 502, 503, 529].map((status) => ({
        name: `error: ${status}`,
        path: chat,
        status,
        body: `{"model":${M},${hello},"x_test":{"status":${status},"retryAfter":5}}`,
    })),
    { name: 'error: streamed', path: chat, status: 500, body: `{"model":${M},${hello},"stream":true,"x_test":{"status":500}}` },
    { name: 'error: a message', path: '/v1/messages', status: 529, body: `{"model":${M},"max_tokens":9,${hello},"x_test":{"status":529}}` },
    { name: 'error: an embedding', path: '/v1/embeddings', status: 400, body: `{"model":${M},"input":"x","x_test":{"status":400}}` },
    { name: 'error: a body that is no JSON', path: chat, status: 500, body: `{"model":${M},${hello},"x_test":{"status":500,"body":"<html>Bad</html>\\r\\n"}}` },
    { name: 'error: an empty body', path: chat, status: 503, body: `{"model":${M},${hello},"x_test":{"status":503,"body":""}}` },
    { name: 'error: half an answer with status 200', path: chat, body: `{"model":${M},${hello},"x_test":{"malformed":"json"}}` },
];

export const cases = [...plain, ...streamed, ...queries, ...odd, ...sizes, ...failing];
