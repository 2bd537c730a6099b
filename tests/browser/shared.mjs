// What the checks in a real browser share: Chromium, and a server of one folder and nothing else.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, extname, join, sep } from 'node:path';
import { chromium } from 'playwright-core';

export function fail(message) {
    console.error(message);
    process.exit(1);
}

function findChromium() {
    const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
    const candidates = [
        process.env.CHROMIUM,
        ...(process.env.PATH ?? '').split(delimiter).flatMap(p => names.map(n => join(p, n))),
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ];
    return candidates.find(path => path && existsSync(path));
}

export function launch() {
    const executablePath = findChromium();
    if (!executablePath) fail('no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM');
    return chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
}

// No type for WebAssembly: a plain static server may not know one.
const TYPES = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript',
    '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.csv': 'text/csv',
};

export function serve(folder) {
    const server = createServer((request, response) => {
        const path = join(folder, decodeURIComponent(new URL(request.url, 'http://book').pathname));
        const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path;
        if (!(file + sep).startsWith(folder + sep) || !existsSync(file)) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
        response.end(readFileSync(file));
    });
    return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)));
}

// Tells `report` of everything that goes wrong on `page` by itself.
export function watch(page, allowed, report) {
    page.on('request', request => {
        const url = request.url();
        if (!url.startsWith(allowed()) && !url.startsWith('data:')) report(`asks ${url}`);
    });
    page.on('requestfailed', request => report(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('response', response => {
        if (response.status() >= 400) report(`${response.url()}: ${response.status()}`);
    });
    page.on('console', message => {
        if (message.type() === 'error') report(`console: ${message.text()}`);
    });
    page.on('pageerror', error => report(`script: ${error.message}`));
}
