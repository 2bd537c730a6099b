// How quick the explorers of a built book are, and how large.
//
//     node tests/browser/measure.mjs [FOLDER]      (default: target/book)
//
// - the program, gzipped: what a page with an explorer loads besides the text;
// - until the first explorer of chapter 2 can be moved, from the page's load event on (the text is there);
// - a move of each slider at default sizes, from the event to a page that is laid out: the slowest slider's
//   median of 15, and the slowest single move.
//
// Limits: 300 kB; 300 ms; 16 ms, for the net 33 ms. Exit 1 if a median is above its limit.

import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fail, launch, serve } from './shared.mjs';

const folder = resolve(process.argv[2] ?? 'target/book');
if (!existsSync(join(folder, 'explorers/explorers.wasm'))) fail(`${folder}: no explorers`);
const browser = await launch();
const server = await serve(folder);
const origin = `http://127.0.0.1:${server.address().port}`;
let failed = false;
const say = (what, value, unit, limit) => {
    const over = value > limit;
    failed ||= over;
    console.log(`${over ? 'OVER' : 'ok  '} ${what}: ${value.toFixed(1)} ${unit} (limit ${limit})`);
};
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(`Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0].model}`);
const size = ['explorers.js', 'explorers.wasm']
    .map(name => gzipSync(readFileSync(join(folder, 'explorers', name)), { level: 9 }).length)
    .reduce((a, b) => a + b);
say('script and WebAssembly, gzipped', size / 1000, 'kB', 300);

const waits = [];
for (let k = 0; k < 7; k += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${origin}/02-negative-gradient.html`, { waitUntil: 'load' });
    await page.waitForFunction(() => document.querySelector('section.explorer').dataset.live);
    waits.push(await page.evaluate(() =>
        Number(document.querySelector('section.explorer').dataset.live)
        - performance.getEntriesByType('navigation')[0].loadEventEnd));
    await context.close();
}
say('from the load of chapter 2 to its first move', Math.max(0, median(waits)), 'ms', 300);

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${origin}/explorers.html`);
await page.waitForFunction(() =>
    [...document.querySelectorAll('section.explorer')].every(s => s.dataset.live));
const names = await page.evaluate(() =>
    [...document.querySelectorAll('section.explorer')].map(s => s.dataset.link.split('?')[0]));
for (const name of names) {
    const section = page.locator(`section.explorer[data-link^="${name}"]`);
    await section.scrollIntoViewIfNeeded();
    const times = await section.evaluate(async s => {
        const frame = () => new Promise(done => requestAnimationFrame(done));
        const all = {};
        for (const slider of s.querySelectorAll('input[type=range]')) {
            if (!slider.offsetParent) continue;
            const start = slider.value;
            const took = [];
            for (let k = 0; k < 16; k += 1) {
                const way = Number(start) + (k + 1 > Number(slider.max) - Number(start) ? -k - 1 : k + 1);
                slider.value = Math.max(0, way);
                slider.dispatchEvent(new Event('input', { bubbles: true }));
                await frame();
                // The work was done in this frame, before this callback; laying it out is part of it.
                const began = performance.now();
                s.getBoundingClientRect();
                took.push(Number(s.dataset.took) + performance.now() - began);
            }
            // The first move of a slider may have to draw what then stays.
            all[slider.name] = took.slice(1);
            slider.value = start;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            await frame();
        }
        return all;
    });
    const medians = Object.entries(times).map(([key, took]) => [median(took), key, Math.max(...took)]);
    const [slowest, key, worst] = medians.sort((a, b) => b[0] - a[0])[0];
    say(`${name}, slider ${key} (slowest move ${worst.toFixed(1)} ms)`, slowest, 'ms', name === 'net' ? 33 : 16);
    console.log(`       ${medians.map(([time, key]) => `${key} ${time.toFixed(1)}`).join(', ')}`);
}
await browser.close();
server.close();
process.exitCode = failed ? 1 : 0;
