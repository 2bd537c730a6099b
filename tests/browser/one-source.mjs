// One source of truth: the WebAssembly of a built book computes what this machine's build of the same crate
// does, to 1e-12 (relative, where a number is above 1): rules, problems, schedules, models.
//
//     node tests/browser/one-source.mjs [FOLDER]      (default: target/book)
//
// Not to the last bit, because the two have different sines and exponentials. Exit 1 if any number differs.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, launch, serve } from './shared.mjs';

const folder = resolve(process.argv[2] ?? 'target/book');
if (!existsSync(join(folder, 'explorers/explorers.wasm'))) fail(`${folder}: no explorers`);
const root = fileURLToPath(new URL('../..', import.meta.url));
const text = execFileSync('cargo',
    ['run', '--quiet', '--release', '--package', 'gradus-web', '--example', 'numbers'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
const here = text.trim().split('\n').map(line => JSON.parse(line));

const browser = await launch();
const server = await serve(folder);
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/explorers.html`);
await page.waitForFunction(() => window.gradusExplorers?.numbers);
const there = await page.evaluate(links => links.map(link =>
    JSON.parse(window.gradusExplorers.numbers(link))), here.map(({ link }) => link));
await browser.close();
server.close();

let failed = 0;
let count = 0;
let largest = 0;
here.forEach(({ link, numbers }, k) => {
    const other = there[k].Ok ?? there[k];
    // A number that is not finite is null in JSON, on both sides.
    const off = numbers.map((a, i) => (a === null || other[i] === null
        ? (a === other[i] ? 0 : Infinity)
        : Math.abs(a - other[i]) / Math.max(1, Math.abs(a))));
    const worst = Math.max(0, ...off);
    count += numbers.length;
    largest = Math.max(largest, worst);
    if (numbers.length > 0 && numbers.length === other.length && worst <= 1e-12) return;
    failed += 1;
    console.log(`FAIL ${link}: ${numbers.length} and ${other.length} numbers, off by ${worst.toExponential(1)}`);
});
console.log(`${here.length - failed} links agree, ${failed} do not; ${count} numbers, off by at most ${largest.toExponential(1)}`);
process.exitCode = failed > 0 || here.length === 0 ? 1 : 0;
