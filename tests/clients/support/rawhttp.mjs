// One HTTP exchange with every byte as it came: no retries, no decoding, no parsing of bodies.

import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/// `request`: { method, path, headers, body, chunked, expectContinue }. Resolves with { status, headers, body: Buffer }
/// and rejects when the answer breaks off.
export function exchange(baseUrl, { method = 'POST', path, headers = {}, body = '', chunked = false, expectContinue = false }) {
    const bytes = Buffer.from(body);
    const framing = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes.length };
    const { hostname, port } = new URL(baseUrl);
    const options = { hostname, port, method, path, agent, headers: { ...headers } };
    if (method === 'POST')
        Object.assign(options.headers, { 'content-type': 'application/json', ...headers, ...framing });
    if (expectContinue)
        options.headers.expect = '100-continue';
    return new Promise((resolve, reject) => {
        const request = http.request(options, (response) => {
            const pieces = [];
            response.on('data', (piece) => pieces.push(piece));
            response.on('error', reject);
            response.on('end', () => resolve({
                status: response.statusCode,
                headers: response.headers,
                body: Buffer.concat(pieces),
            }));
        });
        request.on('error', reject);
        if (expectContinue) {
            request.on('continue', () => request.end(bytes));
            request.flushHeaders();
        } else if (chunked) {
            for (let at = 0; at < bytes.length; at += 1000)
                request.write(bytes.subarray(at, at + 1000));
            request.end();
        } else {
            request.end(bytes);
        }
    });
}
