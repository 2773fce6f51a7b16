// What Hearth does to a streamed chat or text completion whose client does not ask for its usage: it asks the backend
// for it, and takes the event that only tells it out of the answer. Here is the same for the direct way.

import assert from 'node:assert/strict';

/// Whether Hearth asks on behalf of the client.
export function isMetered({ path, body }) {
    return /^\/v1\/(chat\/)?completions($|\?)/.test(path) && body.includes('"stream":true') && !body.includes('"stream_options"');
}

/// The body that the backend gets.
export function askingForUsage(body) {
    return body.replace('{', '{"stream_options":{"include_usage":true},');
}

/// The answer that the client gets, as bytes. An answer that is no stream stays as it is.
export function withoutUsageEvent(answer) {
    const mark = answer.indexOf('"choices":[],"usage":{');
    if (mark < 0)
        return answer;
    const begin = answer.lastIndexOf('data:', mark);
    const end = answer.indexOf('\n\n', mark) + 2;
    return Buffer.concat([answer.subarray(0, begin), answer.subarray(end)]);
}

/// The same with the chunks of an SDK, which asked for their usage.
export function withoutUsageChunk(chunks) {
    assert.deepEqual(chunks.at(-1).choices, []);
    return chunks.slice(0, -1);
}

/// The value without its ids, which the backend derives from the bytes of the request.
export function withoutIds(value) {
    return JSON.parse(JSON.stringify(value).replace(/[0-9a-f]{24}/g, 'id'));
}
