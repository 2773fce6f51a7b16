// One of the programs under test as a child process.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { waitFor } from './waiting.mjs';

const binDir = process.env.HEARTH_TEST_BIN_DIR;
const stopLimit = 10_000;

/// Only what a program needs: a HEARTH_… variable of the person who runs the tests would be a setting.
function environment(home) {
    const kept = Object.entries(process.env).filter(([name]) => !/^(HEARTH|XDG)_/.test(name));
    return { ...Object.fromEntries(kept), HOME: home };
}

export class Program {
    /// Starts `name` with `home` as its home directory and `settings`, variables of Hearth, in its environment.
    constructor(name, args, home, settings = {}) {
        if (!binDir)
            throw new Error('HEARTH_TEST_BIN_DIR is not set');
        this.name = name;
        this.output = '';
        this.exited = null;
        const env = { ...environment(home), ...settings };
        this.child = spawn(path.join(binDir, name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [this.child.stdout, this.child.stderr])
            stream.setEncoding('utf8').on('data', (text) => { this.output += text; });
        this.child.on('error', (error) => { this.exited = error.message; });
        this.child.on('close', (code, signal) => { this.exited ??= signal ?? `exit code ${code}`; });
    }

    /// The URL that the program writes behind `words`.
    async url(words = 'listening on') {
        return waitFor(`${this.name} to be ${words} something`, () => {
            this.mustRun();
            return this.output.match(new RegExp(`${words} (http://\\S+)`))?.[1];
        });
    }

    mustRun() {
        if (this.exited !== null)
            throw new Error(`${this.name} ended (${this.exited}):\n${this.output.slice(-4000)}`);
    }

    /// Ends the program and fails unless it leaves with code 0.
    async stop() {
        if (this.exited !== null)
            return;
        this.child.kill('SIGTERM');
        const kill = setTimeout(() => this.child.kill('SIGKILL'), stopLimit);
        await once(this.child, 'close');
        clearTimeout(kill);
        if (this.exited !== 'exit code 0')
            throw new Error(`${this.name} did not stop well (${this.exited}):\n${this.output.slice(-4000)}`);
    }
}

/// Runs `name` to its end and returns what it wrote to standard output.
export async function runProgram(name, args, home) {
    const child = spawn(path.join(binDir, name), args, { env: environment(home), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
    const [code] = await once(child, 'close');
    if (code !== 0)
        throw new Error(`${name} ${args.join(' ')} failed (${code}):\n${errors}`);
    return output;
}
