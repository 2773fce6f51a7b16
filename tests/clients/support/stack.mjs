// The whole way of a request: hearth-testbackend, hearth-publisher and hearthd on SQLite, each on a free port.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Program, runProgram } from './program.mjs';
import { waitFor } from './waiting.mjs';

/// What clients of Hearth call the model, and what the backend itself calls it.
export const llm = 'vllm-local';
export const model = 'Qwen/Qwen2.5-7B-Instruct-AWQ';

function publisherConfiguration(serverUrl, backendUrl, wakeUrl, limits, agents, keyFile) {
    const wake = wakeUrl ? `    wake: {type: http, url: "${wakeUrl}/wake", ${limits}}\n` : '';
    return `server: ${serverUrl}
keyFile: ${keyFile}
name: test-box
llms:
  - name: ${llm}
    model: ${model}
    url: ${backendUrl}/v1
    publish: true
${wake}${agents ? `agents:\n${agents}` : ''}`;
}

export class Stack {
    /// With `bootMs` the backend is asleep and takes that long to wake up. `limits` are those of the wake recipe, in YAML,
    /// `settings` variables of hearthd, `agents` the list of the publisher's agents in YAML.
    static async start({ bootMs, limits = 'maxWaitSeconds: 60', settings, agents } = {}) {
        const stack = new Stack();
        try {
            await stack.#start(bootMs, limits, settings, agents);
        } catch (error) {
            await stack.stop().catch(() => {});
            throw error;
        }
        return stack;
    }

    async #start(bootMs, limits, settings, agents) {
        this.home = await mkdtemp(path.join(os.tmpdir(), 'hearth-clients-'));
        this.database = `sqlite:${path.join(this.home, 'hearth.db')}`;
        this.key = await this.createKey('client', '--scope', 'infer');
        this.publisherKey = await this.createKey('publisher', '--scope', 'publish');

        const sleeps = bootMs !== undefined;
        this.bootMs = bootMs;
        this.settings = settings;
        this.startBackend();
        this.startServer();
        this.backendUrl = await this.backend.url(sleeps ? 'asleep on' : 'listening on');
        this.wakeUrl = sleeps ? await this.backend.url('waking on') : null;
        this.serverUrl = await this.server.url();

        const keyFile = path.join(this.home, 'publisher.key');
        await writeFile(keyFile, `${this.publisherKey}\n`, { mode: 0o600 });
        this.configuration = path.join(this.home, 'publisher.yaml');
        await writeFile(this.configuration, publisherConfiguration(this.serverUrl, this.backendUrl, this.wakeUrl, limits, agents, keyFile));
        this.startPublisher();
        await waitFor(`${llm} to be listed`, () => this.#isListed());
    }

    /// On the ports that it had before, if it was there. Does not wait until it is there.
    startBackend() {
        const flags = ['--listen', this.backendUrl ? new URL(this.backendUrl).host : '127.0.0.1:0', '--model', model, '--rate', '0'];
        if (this.bootMs !== undefined) {
            const wakeListen = this.wakeUrl ? new URL(this.wakeUrl).host : '127.0.0.1:0';
            flags.push('--asleep', '--wake-listen', wakeListen, '--boot-ms', String(this.bootMs));
        }
        this.backend = new Program('hearth-testbackend', flags, this.home);
    }

    /// On the port that it had before, if it was there. Does not wait until it is there.
    startServer() {
        const listen = this.serverUrl ? new URL(this.serverUrl).host : '127.0.0.1:0';
        this.server = new Program('hearthd', ['--listen', listen, '--database', this.database], this.home, this.settings);
    }

    /// Does not wait until it is there.
    startPublisher() {
        this.publisher = new Program('hearth-publisher', ['--config', this.configuration], this.home);
    }

    /// Without a chance to say anything, as in a power cut.
    async killPublisher() {
        await this.#kill(this.publisher);
    }

    async killBackend() {
        await this.#kill(this.backend);
    }

    async #kill(program) {
        program.child.kill('SIGKILL');
        await waitFor(`${program.name} to be gone`, () => program.exited !== null);
    }

    /// Creates a key from the command line, as a person would, and returns it.
    async createKey(name, ...options) {
        const args = ['key', 'create', '--name', name, ...options, '--json', '--database', this.database];
        return JSON.parse(await runProgram('hearthd', args, this.home)).key;
    }

    async #isListed() {
        this.server.mustRun();
        this.publisher.mustRun();
        const response = await fetch(`${this.serverUrl}/v1/models`, { headers: { authorization: `Bearer ${this.key}` } });
        if (!response.ok)
            throw new Error(`GET /v1/models answered ${response.status}: ${await response.text()}`);
        return (await response.json()).data.some((entry) => entry.id === llm);
    }

    /// What the backend has received on its model routes, the oldest first; probes of the publisher are left out.
    async received() {
        const requests = await (await fetch(`${this.backendUrl}/test/requests`)).json();
        return requests.filter((request) => request.method === 'POST');
    }

    /// How often the publisher has woken the backend.
    async wakes() {
        return (await (await fetch(`${this.wakeUrl}/stats`)).json()).wakes;
    }

    async lastReceived() {
        return (await this.received()).at(-1);
    }

    /// Stops everything, the publisher first. Fails if it or the server does not leave with code 0.
    async stop() {
        try {
            await this.publisher?.stop();
            await this.server?.stop();
        } finally {
            for (const program of [this.publisher, this.server, this.backend])
                program?.child.kill('SIGKILL');
            await rm(this.home, { recursive: true, force: true });
        }
    }
}
