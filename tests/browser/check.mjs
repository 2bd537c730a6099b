// Opens every page of a built book in headless Chromium, as readers will: wide and on a phone, light
// and dark, and once without scripts.
//
//     npm ci --prefix tests/browser
//     node tests/browser/check.mjs [--afresh] [FOLDER]      (default: target/book)
//
// A page passes if it asks no other host, every request succeeds, the console stays free of errors,
// the page does not scroll sideways, axe-core finds no serious or critical violation, every figure has
// a title and a description, and without scripts its text and the list of chapters are there.
// One page is opened from the disk too, where search, theme and the chapter drawer are tried.
//
// A page that passed is remembered, by a hash of all that the browser read (the page, the theme, this
// program, axe, Chromium's version), in $GRADUS_CACHE, $XDG_CACHE_HOME/gradus or ~/.cache/gradus, and
// not opened again; --afresh opens every page.
//
// One line a page, a closing line; exit 1 if anything failed. Chromium: $CHROMIUM, or the usual names.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, launch, serve, watch } from './shared.mjs';

const { values: { afresh }, positionals } = parseArgs({
    options: { afresh: { type: 'boolean', default: false } },
    allowPositionals: true,
});
const folder = resolve(positionals[0] ?? 'target/book');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Which pages passed before. `key` stands for all that the result depends on but the page itself; what
// is remembered under other keys is forgotten.
class Passed {
    constructor(key) {
        const base = process.env.GRADUS_CACHE
            ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'gradus');
        mkdirSync(base, { recursive: true });
        this.file = join(base, 'browser-check.json');
        this.key = key;
        this.pages = new Set();
        try {
            const { key: old, pages } = JSON.parse(readFileSync(this.file, 'utf8'));
            if (old === key && !afresh) this.pages = new Set(pages);
        } catch { /* nothing remembered, or nothing readable: every page is opened */ }
    }
    knows(page) {
        return this.pages.has(page);
    }
    add(page) {
        this.pages.add(page);
        const beside = `${this.file}.${process.pid}`;
        writeFileSync(beside, JSON.stringify({ key: this.key, pages: [...this.pages] }));
        renameSync(beside, this.file);
    }
}

function hash(...texts) {
    const sum = createHash('sha256');
    for (const text of texts) sum.update(createHash('sha256').update(text).digest());
    return sum.digest('hex');
}

// What every page loads, and who looks at it.
function circumstances(browser) {
    const shared = readdirSync(folder, { recursive: true })
        .filter(name => /\.(css|js|woff2|svg)$/.test(name) && !/^searchindex/.test(name))
        .sort();
    const programs = ['check.mjs', 'shared.mjs'].map(name => readFileSync(fileURLToPath(new URL(name, import.meta.url))));
    return hash(browser.version(), axe, ...programs,
        ...shared.flatMap(name => [name, readFileSync(join(folder, name))]));
}

// What must hold of a page that is open.
async function inspect(page, { withAxe }) {
    await page.evaluate(() => document.fonts.ready);
    const problems = await page.evaluate(() => {
        const found = [];
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            const wide = [...document.querySelectorAll('main *')]
                .find(e => e.getBoundingClientRect().right > clientWidth + 1);
            found.push(`scrolls sideways: ${scrollWidth} > ${clientWidth}`
                + (wide ? ` (${wide.tagName.toLowerCase()}.${wide.className})` : ''));
        }
        // A square root in a caption is an SVG of KaTeX's: no figure.
        for (const svg of document.querySelectorAll('figure.plot svg:not(figcaption svg)')) {
            const id = svg.closest('figure').id;
            for (const name of ['title', 'desc']) {
                const text = svg.querySelector(`:scope > ${name}`)?.textContent.trim();
                if (!text) found.push(`figure ${id} has no <${name}>`);
            }
        }
        return found;
    });
    if (withAxe) {
        await page.evaluate(axe);
        // KaTeX's drawing is hidden from screen readers and has the text's colour: its thousands of
        // elements would only cost time. The MathML beside it stays in.
        const violations = await page.evaluate(async () =>
            (await window.axe.run(
                { exclude: ['.katex-html'] },
                // Preloading asks for the style sheets again, which a page from the disk may not.
                { resultTypes: ['violations'], preload: false }))
                .violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => `axe: ${v.id}: ${v.help}: ${v.nodes[0].target} (${v.nodes.length})`));
        problems.push(...violations);
    }
    return problems;
}

// A tab that is used for page after page; `open` gives what goes wrong while `work` looks at it.
async function tab(browser, width, options = {}) {
    const context = await browser.newContext({ viewport: { width, height: 860 }, ...options });
    const page = await context.newPage();
    // Generous, for machines that are busy with other work.
    page.setDefaultTimeout(120_000);
    let problems = [];
    let allowed = '';
    watch(page, () => allowed, problem => problems.push(problem));
    return async (origin, url, work) => {
        problems = [];
        allowed = origin;
        try {
            await page.goto(url, { waitUntil: 'load' });
            await work(page, problems);
        } catch (error) {
            problems.push(error.message.split('\n')[0]);
        }
        return problems;
    };
}

async function checkPage(tabs, origin, file) {
    const url = `${origin}/${file.split(sep).map(encodeURIComponent).join('/')}`;
    // The page for printing is all the others in a row, a million elements: it is opened once, and axe
    // has seen its parts one by one.
    const print = file === 'print.html';
    const problems = [];
    let words = 0;
    // An explorer's controls are there with scripts only, and do nothing without.
    const count = async page => (await page.evaluate(() => {
        const explorers = [...document.querySelectorAll('.explorer')];
        explorers.forEach(e => { e.hidden = true; });
        const text = document.querySelector('main').innerText;
        explorers.forEach(e => { e.hidden = false; });
        return text;
    })).split(/\s+/).filter(word => word && word !== 'Copy').length;
    for (const [name, open] of print ? [['1280', tabs[1280]]] : Object.entries(tabs)) {
        const found = await open(origin, url, async (page, found) => {
            if (name.includes('without scripts')) {
                found.push(...await inspect(page, { withAxe: false }));
                const read = await count(page);
                if (read < words) found.push(`${read} words of ${words}`);
                if (!await page.locator('.sidebar a').first().isVisible()) {
                    found.push('no list of chapters');
                }
                return;
            }
            words = await count(page);
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                const seen = await inspect(page, { withAxe: !print });
                found.push(...seen.map(problem => `${colorScheme}: ${problem}`));
            }
        });
        problems.push(...found.map(problem => `${name}: ${problem}`));
    }
    return problems;
}

// The book without a server, and what the scripts do.
async function checkFromDisk(open, file) {
    const allowed = pathToFileURL(folder).href;
    return open(allowed, pathToFileURL(join(folder, file)).href, async (page, problems) => {
        const expect = (holds, what) => holds || problems.push(what);
        const background = () =>
            page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const drawer = page.locator('#sidebar');

        expect(!await drawer.isVisible(), 'the chapters cover the page');
        await page.click('#sidebar-toggle');
        await drawer.waitFor({ state: 'visible' });
        problems.push(...await inspect(page, { withAxe: true }));
        await page.keyboard.press('Escape');
        await drawer.waitFor({ state: 'hidden' });

        const light = await background();
        await page.click('#theme-toggle');
        const dark = await background();
        expect(light !== dark, 'the theme does not change');
        await page.reload();
        expect(await background() === dark, 'the theme is not kept');

        const word = (await page.locator('main').innerText()).match(/\b[a-z]{7,}\b/)[0];
        await page.keyboard.press('/');
        await page.keyboard.type(word, { delay: 20 });
        await page.locator('#mdbook-searchresults li').first().waitFor();
        problems.push(...await inspect(page, { withAxe: true }));
    });
}

if (!existsSync(join(folder, 'index.html'))) fail(`${folder}: no index.html: build the book first`);

const started = Date.now();
const browser = await launch();
const server = await serve(folder);
const origin = `http://127.0.0.1:${server.address().port}`;
const files = readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.html'))
    .map(name => relative('.', name))
    .sort();

let failed = 0;
const report = (name, problems) => {
    failed += problems.length > 0;
    console.log(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name}`);
    for (const problem of [...new Set(problems)]) console.log(`       ${problem}`);
};

const passed = new Passed(circumstances(browser));
// A page names the search index by a hash of all pages' words; only the page from the disk reads it.
const content = file => hash(file, readFileSync(join(folder, file), 'utf8').replace(/searchindex-\w+/g, ''));
const queue = files.filter(file => !passed.knows(content(file)));
const known = files.length - queue.length;
if (known > 0) console.log(`ok   ${known} pages that passed before and are as they were`);
const worker = async () => {
    const tabs = {
        1280: await tab(browser, 1280),
        390: await tab(browser, 390),
        '1280 without scripts': await tab(browser, 1280, { javaScriptEnabled: false }),
        '390 without scripts': await tab(browser, 390, { javaScriptEnabled: false }),
    };
    for (let file = queue.shift(); file; file = queue.shift()) {
        const problems = await checkPage(tabs, origin, file);
        report(file, problems);
        if (problems.length === 0) passed.add(content(file));
    }
};
await Promise.all([worker(), worker()]);
report('index.html from the disk', await checkFromDisk(await tab(browser, 390), 'index.html'));

await browser.close();
server.close();
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(`${files.length + 1 - failed} passed, ${failed} failed (${seconds} s)`);
process.exitCode = failed > 0 ? 1 : 0;
