// Moves every explorer of a built book in headless Chromium, as readers will.
//
//     npm ci --prefix tests/browser
//     node tests/browser/explorers.mjs [--quick] [FOLDER]      (default: target/book)
//
// Each explorer must come alive, answer mouse, touch and keyboard, keep its state in its link and restore
// it, refuse a broken link with a sentence, describe itself in words that change, and show nothing serious
// to axe; at 1280 and 390 pixels, light and dark, with reduced motion, on every page that has one, from a
// server that knows no type for WebAssembly and from the disk. --quick leaves touch, broken links, embedding and
// the pages of the chapters out. One line an item; exit 1 if anything failed.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, launch, serve, watch } from './shared.mjs';

const { values: { quick }, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false } },
    allowPositionals: true,
});
const folder = resolve(positionals[0] ?? 'target/book');
const home = 'explorers.html';
if (!existsSync(join(folder, home))) fail(`${folder}: no ${home}: build the book first`);
if (!existsSync(join(folder, 'explorers/explorers.wasm'))) fail(`${folder}: its explorers stand still`);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const started = Date.now();
const browser = await launch();
const server = await serve(folder);
const origin = `http://127.0.0.1:${server.address().port}`;

let passed = 0;
let failed = 0;
// Opens `url` and lets `work` look at it; what it reports, and whatever goes wrong by itself, fails.
async function item(name, url, options, work) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const problems = [];
    const allowed = url.startsWith('file:') ? pathToFileURL(folder).href : origin;
    watch(page, () => allowed, problem => problems.push(problem));
    const expect = (holds, what) => holds || problems.push(what);
    try {
        await page.goto(url, { waitUntil: 'load' });
        await page.waitForFunction(() =>
            [...document.querySelectorAll('section.explorer')].every(s => s.dataset.live));
        await work(page, expect);
    } catch (error) {
        problems.push(error.message.split('\n')[0]);
    }
    await context.close();
    if (problems.length > 0) failed += 1;
    else passed += 1;
    console.log(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name}`);
    for (const problem of [...new Set(problems)]) console.log(`       ${problem}`);
}

const settle = page => page.evaluate(() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 450)))));
const picture = section => section.evaluate(s =>
    [...s.querySelectorAll('[data-layer]')].map(layer => layer.dataset.layer).join()
    + [...s.querySelectorAll('.explorer-handle')].map(h => h.style.cssText).join());
const words = section => section.locator('.explorer-words').innerText();
const hash = page => page.evaluate(() => decodeURIComponent(location.hash.slice(1)));

// The centre of the first handle, on the screen.
async function grip(section) {
    const handle = section.locator('.explorer-handle').first();
    await handle.scrollIntoViewIfNeeded();
    const box = await handle.boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
}

// A place well inside the view that the first handle is in, away from the handle.
async function inside(section) {
    const stage = section.locator('.explorer-stage.taps').first();
    await stage.scrollIntoViewIfNeeded();
    // A wide one is cut off on a phone, where it scrolls.
    const box = await stage.locator('..').boundingBox();
    return [box.x + 0.55 * box.width, box.y + 0.5 * box.height];
}

async function sideways(page) {
    return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

async function violations(page) {
    await page.evaluate(axe);
    return page.evaluate(async () => (await window.axe.run(
        { include: ['.explorer'] }, { resultTypes: ['violations'], preload: false }))
        .violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => `axe: ${v.id}: ${v.help}: ${v.nodes[0].target} (${v.nodes.length})`));
}

const source = readFileSync(join(folder, home), 'utf8');
const names = [...source.matchAll(/<section class="explorer" data-link="([a-z-]+)/g)].map(match => match[1]);
const all = `${origin}/${home}`;

for (const name of names) {
    const of = page => page.locator(`section.explorer[data-link^="${name}"]`);

    await item(`${name}: mouse, keyboard, link`, `${all}#${name}`, {}, async (page, expect) => {
        const section = of(page);
        const changes = async (what, deed) => {
            const before = [await picture(section), await words(section)];
            await deed();
            await settle(page);
            expect(await picture(section) !== before[0], `${what}: the picture is as before`);
            expect(await words(section) !== before[1], `${what}: the words are as before`);
        };
        if (await section.locator('.explorer-handle').count() > 0) {
            const [x, y] = await grip(section);
            await changes('dragging', async () => {
                await page.mouse.move(x, y);
                await page.mouse.down();
                await page.mouse.move(x + 25, y - 20, { steps: 4 });
                await page.mouse.up();
            });
            await changes('pointing', async () => page.mouse.click(...await inside(section)));
            await changes('arrow keys', async () => {
                await section.locator('.explorer-handle').first().focus();
                for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
            });
        }
        const slider = section.locator('.explorer-control input[type=range]').first();
        await changes('a slider', async () => {
            await slider.focus();
            for (let k = 0; k < 8; k += 1) await page.keyboard.press(name === 'descent' ? 'ArrowLeft' : 'ArrowRight');
        });
        expect((await hash(page)).startsWith(`${name}?`), `the address has no state: ${await hash(page)}`);
        expect(await section.locator('[role=status]').innerText() === await words(section),
            'a screen reader is told something else');
        // The link restores what was seen.
        const before = [await picture(section), await words(section)];
        const link = page.url();
        await page.goto('about:blank');
        await page.goto(link);
        await of(page).locator('.explorer-foot').waitFor();
        await settle(page);
        expect(await picture(of(page)) === before[0] && await words(of(page)) === before[1],
            'the link does not restore what was seen');
        await changes('Reset', () => section.getByRole('button', { name: 'Reset this explorer' }).click());
        for (let k = 0; k < 3; k += 1) {
            const preset = section.locator('.explorer-presets button').nth(k);
            await preset.click();
            await settle(page);
            expect(await section.locator('.explorer-error').first().isHidden(), `preset ${k + 1} is refused`);
        }
        const embed = await section.locator('.explorer-foot code').textContent();
        expect(/^<iframe src="[^"]+\?embed#[^"]*" .*<\/iframe>$/.test(embed), `no iframe: ${embed}`);
    });

    if (quick) continue;

    await item(`${name}: touch at 390 pixels`, `${all}#${name}`,
        { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }, async (page, expect) => {
            const section = of(page);
            expect(!await sideways(page), 'the page scrolls sideways');
            const before = await picture(section);
            if (await section.locator('.explorer-handle').count() > 0) {
                const [x, y] = await grip(section);
                const session = await page.context().newCDPSession(page);
                const touch = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
                await touch('touchStart', [{ x, y }]);
                for (let k = 1; k <= 4; k += 1) await touch('touchMove', [{ x: x + 6 * k, y: y - 5 * k }]);
                await touch('touchEnd', []);
                await settle(page);
                expect(await picture(section) !== before, 'dragging by touch does nothing');
                const dragged = await picture(section);
                await page.touchscreen.tap(...await inside(section));
                await settle(page);
                expect(await picture(section) !== dragged, 'tapping does nothing');
            } else {
                await section.locator('.explorer-presets button').last().tap();
                await settle(page);
                expect(await picture(section) !== before, 'tapping a preset does nothing');
            }
        });

    await item(`${name}: a broken link`, `${all}#${name}?nothing=1`, {}, async (page, expect) => {
        const error = of(page).locator('.explorer-error').first();
        const said = await error.innerText();
        expect(await error.isVisible() && said.includes('`nothing` is set to `1`'), `says: ${said}`);
        expect(await of(page).locator('.explorer-control').count() > 0, 'and is not there');
    });

    await item(`${name}: alone on a page`, `${all}?embed#${name}`, {}, async (page, expect) => {
        expect(await page.locator('section.explorer').count() === 1, 'not alone');
        expect(await page.locator('.sidebar, header').count() === 0, 'with the book around it');
    });
}

await item('time: step, play, scrub', `${all}#descent?step=10`, {}, async (page, expect) => {
    const section = page.locator('section.explorer[data-link^="descent"]');
    const clock = async () => Number((await section.locator('.explorer-time output').innerText()).match(/\d+/)[0]);
    expect(await clock() === 10, `the clock says ${await clock()}`);
    await section.getByRole('button', { name: 'Step on' }).click();
    expect(await clock() === 11, 'a step on');
    await section.getByRole('button', { name: 'Play' }).click();
    await page.waitForTimeout(500);
    expect(await clock() > 12, 'does not play');
    await section.getByRole('button', { name: 'Pause' }).click();
    const there = await clock();
    await page.waitForTimeout(300);
    expect(await clock() === there, 'does not stop');
    await section.locator('.explorer-time input').focus();
    await page.keyboard.press('Home');
    await settle(page);
    expect(await clock() === 0, 'does not scrub');
});

await item('an unknown explorer', `${all}#ascent?x=1`, {}, async (page, expect) => {
    const said = await page.locator('.explorer-error:visible').first().innerText();
    expect(said.includes('there is no explorer `ascent`'), `says: ${said}`);
});

for (const width of [1280, 390]) {
    for (const colorScheme of quick ? ['dark'] : ['light', 'dark']) {
        await item(`all of them: ${width} pixels, ${colorScheme}, reduced motion`, all,
            { viewport: { width, height: 860 }, colorScheme, reducedMotion: 'reduce' }, async (page, expect) => {
                expect(!await sideways(page), 'the page scrolls sideways');
                (await violations(page)).forEach(v => expect(false, v));
                const before = await page.evaluate(() => document.querySelector('main').innerText);
                await page.waitForTimeout(400);
                const after = await page.evaluate(() => document.querySelector('main').innerText);
                expect(before === after, 'something moves by itself');
            });
    }
}

await item('from the disk', pathToFileURL(join(folder, home)).href, {}, async (page, expect) => {
    const section = page.locator('section.explorer').first();
    const before = await picture(section);
    await page.mouse.click(...await inside(section));
    await settle(page);
    expect(await picture(section) !== before, 'does not move');
});

await item('on paper', all, {}, async (page, expect) => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.explorer svg').first().isVisible(), 'no figure');
    expect(!await page.locator('.explorer-controls').first().isVisible(), 'controls');
});

for (const file of quick ? [] : readdirSync(folder).filter(name => name.endsWith('.html') && name !== home && name !== 'print.html')) {
    if (!readFileSync(join(folder, file), 'utf8').includes('<section class="explorer"')) continue;
    await item(file, `${origin}/${file}`, {}, async (page, expect) => {
        expect(await page.locator('.explorer-controls').count() > 0, 'no controls');
        expect(await page.locator('.explorer-error:visible').count() === 0, 'an error is shown');
    });
}

await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed (${((Date.now() - started) / 1000).toFixed(0)} s)`);
process.exitCode = failed > 0 ? 1 : 0;
