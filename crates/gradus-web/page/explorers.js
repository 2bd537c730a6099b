// What makes the explorers of a page live. The book's build puts wasm-bindgen's code in front of this, and both
// into one function that runs once, however many explorers of a page ask for it.
//
// Everything that is computed, drawn or put into words comes from the WebAssembly: `open(link)` and
// `act(link, action)` give a frame, and this puts its pictures and controls into the page and says what the
// reader does. It knows no explorer by name.

const here = document.currentScript.src;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

// From a server the WebAssembly is fetched. A page from the disk may not fetch, but it may load a script,
// so the same bytes lie there as text too.
async function bytes() {
    if (location.protocol !== 'file:') {
        const answer = await fetch(new URL('explorers.wasm', here));
        if (!answer.ok) throw new Error(`explorers.wasm: ${answer.status}`);
        return answer.arrayBuffer();
    }
    await new Promise((done, failed) => {
        const script = document.createElement('script');
        script.src = new URL('explorers.wasm.js', here);
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
    });
    return Uint8Array.from(atob(window.gradusExplorersWasm), c => c.charCodeAt(0));
}

const element = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name in made) made[name] = value;
        else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
};
const button = (text, label, onclick) =>
    element('button', { type: 'button', className: 'explorer-button', textContent: text, onclick,
        ...(label && { 'aria-label': label, title: label }) });

// Keeps the children of `box` in step with `items`: one element for each key, made once.
function keep(box, items, key, make, update) {
    const old = new Map([...box.children].map(child => [child.dataset.key, child]));
    let last = null;
    for (const item of items) {
        const name = key(item);
        let child = old.get(name);
        old.delete(name);
        if (!child) {
            child = make(item);
            child.dataset.key = name;
        }
        update(child, item);
        const place = last ? last.nextSibling : box.firstChild;
        if (place !== child) box.insertBefore(child, place);
        last = child;
    }
    for (const child of old.values()) child.remove();
}

class Explorer {
    constructor(section, wasm) {
        this.section = section;
        this.wasm = wasm;
        this.first = section.dataset.link;
        this.name = this.first.split('?')[0];
        this.presets = element('div', { className: 'explorer-presets', role: 'group', 'aria-label': 'Presets' });
        this.error = element('p', { className: 'explorer-error', role: 'alert', hidden: true });
        this.time = element('div', { className: 'explorer-time', role: 'group', 'aria-label': 'Time' });
        this.controls = element('div', { className: 'explorer-controls' });
        this.status = element('p', { className: 'visually-hidden', role: 'status' });
        this.views = section.querySelector('.explorer-views');
        this.words = section.querySelector('.explorer-words');
        const title = section.querySelector('.explorer-title');
        this.frame = null;
        this.frames = 0;
        title.after(this.error);
        section.querySelector('.explorer-first').after(this.presets);
        this.views.after(this.time);
        section.append(this.controls, this.foot(), this.status);
        this.makeTime();
        addEventListener('resize', () => this.reach());
        section.addEventListener('keydown', event => {
            // The arrow keys turn the book's pages, but not from within an explorer.
            if (event.key.startsWith('Arrow')) event.stopPropagation();
        });
    }

    // On a phone a wide figure scrolls: then the keyboard has to get there.
    reach() {
        for (const box of this.views.children) {
            const scrolls = box.scrollWidth > box.clientWidth;
            if (scrolls) {
                box.tabIndex = 0;
                box.setAttribute('role', 'group');
                box.setAttribute('aria-label', `${box.dataset.label}, scrolls sideways`);
            } else ['tabindex', 'role', 'aria-label'].forEach(name => box.removeAttribute(name));
        }
    }

    // Shows the frame of a link; a broken one is refused and `otherwise` shown.
    open(link, otherwise) {
        this.show(JSON.parse(this.wasm.open(link)));
        if (!this.frame && otherwise) this.show(JSON.parse(this.wasm.open(otherwise)), true);
    }

    act(action) {
        // Many events a frame are one: the last of a kind counts.
        this.pending = action;
        this.due ??= requestAnimationFrame(() => {
            this.due = null;
            this.now(this.pending);
        });
    }

    now(action) {
        const began = performance.now();
        this.show(JSON.parse(this.wasm.act(this.frame.link, new URLSearchParams(action).toString())));
        this.section.dataset.took = (performance.now() - began).toFixed(2);
        this.section.dataset.frames = ++this.frames;
        this.remember();
    }

    // Once the reader pauses: the address takes the state, and a screen reader is told what is seen.
    remember() {
        clearTimeout(this.remembering);
        this.remembering = setTimeout(() => {
            history.replaceState(history.state, '', '#' + this.frame.link);
            this.status.textContent = this.frame.words;
        }, 400);
    }

    show(frame, keepError = false) {
        if (frame.error) {
            this.error.textContent = `This cannot be shown: ${frame.error}.`;
            this.error.hidden = false;
            return;
        }
        if (!keepError) this.error.hidden = true;
        this.frame = frame;
        this.showViews();
        this.showControls();
        this.showTime();
        this.words.textContent = frame.words;
        if (!this.presets.firstChild) {
            this.presets.append(...frame.presets.map(({ name, link }) =>
                button(name, '', () => { this.stop(); this.open(link); this.remember(); })));
        }
        this.embed.textContent = `<iframe src="${this.address(true)}" width="820" height="900" `
            + `style="border:0" title="Gradus: ${frame.title}"></iframe>`;
    }

    address(embedded) {
        const url = new URL(location.href);
        url.hash = this.frame.link;
        url.search = embedded ? '?embed' : '';
        return url.href;
    }

    foot() {
        this.embed = element('code');
        const copy = button('Copy the link', '', async () => {
            let done = 'Copied';
            try {
                await navigator.clipboard.writeText(this.address(false));
            } catch {
                history.replaceState(history.state, '', '#' + this.frame.link);
                done = 'It is in the address bar';
            }
            copy.textContent = done;
            setTimeout(() => { copy.textContent = 'Copy the link'; }, 1500);
        });
        const reset = button('Reset', 'Reset this explorer', () => {
            this.stop();
            this.open(this.first);
            history.replaceState(history.state, '', location.pathname + location.search);
        });
        return element('div', { className: 'explorer-foot' }, reset, copy,
            element('details', {}, element('summary', { textContent: 'Put it on a page of your own' }),
                element('pre', { tabIndex: 0, role: 'group', 'aria-label': 'HTML to copy' }, this.embed)));
    }

    // Pictures

    showViews() {
        for (const child of [...this.views.children]) if (!child.dataset.key) child.remove();
        keep(this.views, this.frame.views, view => view.name, view => this.makeView(view),
            (box, view) => {
                box.classList.toggle('wide', view.wide);
                box.dataset.label = view.label;
                box.firstChild.classList.toggle('taps', view.taps);
                const [layers, handles] = box.firstChild.children;
                this.showLayers(layers, view.layers);
                keep(handles, view.handles, handle => handle.key,
                    handle => this.makeHandle(view, handle),
                    (mark, handle) => this.showHandle(mark, handle));
            });
        const shown = this.frame.views.map(view => view.name + view.wide).join();
        if (shown !== this.shown) this.reach();
        this.shown = shown;
    }

    makeView(view) {
        const layers = element('div', { className: 'explorer-layers' });
        const handles = element('div', { className: 'explorer-handles' });
        const stage = element('div', { className: 'explorer-stage' }, layers, handles);
        stage.addEventListener('click', event => {
            if (event.target.closest('.explorer-handle') || !stage.classList.contains('taps')) return;
            this.now({ do: 'tap', view: view.name, ...this.place(stage, event) });
        });
        return element('div', { className: 'explorer-view' }, stage);
    }

    place(stage, event) {
        const box = stage.getBoundingClientRect();
        return { u: (event.clientX - box.left) / box.width, v: (event.clientY - box.top) / box.height };
    }

    showLayers(box, layers) {
        layers.forEach((layer, k) => {
            const old = box.children[k];
            if (old?.dataset.layer === layer.key) return;
            const made = document.createElement('template');
            made.innerHTML = layer.svg;
            const svg = made.content.firstElementChild;
            svg.dataset.layer = layer.key;
            if (old) old.replaceWith(svg);
            else box.append(svg);
        });
        while (box.children.length > layers.length) box.lastChild.remove();
    }

    makeHandle(view, { key, sort }) {
        const mark = element('button', { type: 'button', className: `explorer-handle sort-${sort}` });
        const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
        mark.addEventListener('keydown', event => {
            const way = ways[event.key];
            if (way) {
                const far = event.shiftKey ? 5 : 1;
                this.now({ do: 'nudge', view: view.name, handle: key, right: far * way[0], up: far * way[1] });
            } else if (mark.dataset.removable && ['Delete', 'Backspace'].includes(event.key)) {
                const next = mark.nextElementSibling ?? mark.previousElementSibling;
                this.now({ do: 'remove', handle: key });
                next?.focus();
            } else return;
            event.preventDefault();
        });
        mark.addEventListener('pointerdown', event => {
            if (event.button > 0) return;
            mark.setPointerCapture(event.pointerId);
            const stage = mark.closest('.explorer-stage');
            const box = mark.getBoundingClientRect();
            // The mark stays under the finger where it was touched.
            const dx = event.clientX - box.left - box.width / 2;
            const dy = event.clientY - box.top - box.height / 2;
            const move = event => this.act({ do: 'drag', view: view.name, handle: key,
                ...this.place(stage, { clientX: event.clientX - dx, clientY: event.clientY - dy }) });
            const end = () => {
                mark.removeEventListener('pointermove', move);
                ['pointerup', 'pointercancel'].forEach(name => mark.removeEventListener(name, end));
            };
            mark.addEventListener('pointermove', move);
            ['pointerup', 'pointercancel'].forEach(name => mark.addEventListener(name, end));
        });
        mark.addEventListener('dblclick', () => {
            if (mark.dataset.removable) this.now({ do: 'remove', handle: key });
        });
        return mark;
    }

    showHandle(mark, { label, value, u, v, sort, removable }) {
        mark.className = `explorer-handle sort-${sort}`;
        mark.style.left = `${(100 * u).toFixed(3)}%`;
        mark.style.top = `${(100 * v).toFixed(3)}%`;
        if (removable) mark.dataset.removable = '';
        const more = removable ? ', Delete removes it' : '';
        mark.setAttribute('aria-label', `${label}: ${value}. Arrow keys move it${more}.`);
    }

    // Controls

    showControls() {
        const groups = new Map();
        for (const control of this.frame.controls) {
            if (!groups.has(control.group)) groups.set(control.group, []);
            groups.get(control.group).push(control);
        }
        keep(this.controls, [...groups], ([name]) => name,
            ([name]) => element('fieldset', {}, element('legend', { textContent: name }), element('div')),
            (set, [, controls]) => keep(set.lastChild, controls,
                control => `${control.key} ${control.kind} ${control.label} ${control.options?.length ?? ''}`,
                control => this.makeControl(control),
                (box, control) => this.showControl(box, control)));
    }

    makeControl({ key, kind, label, options }) {
        const shown = element('output');
        const name = element('span', { textContent: label });
        let input;
        if (kind === 'slider') {
            input = element('input', { type: 'range', min: 0 });
            input.addEventListener('input', () =>
                this.act({ do: 'slide', key, position: Number(input.value) }));
        } else if (kind === 'choice') {
            input = element('select', {}, ...options.map(([value, text]) =>
                element('option', { value, textContent: text })));
            input.addEventListener('change', () => this.now({ do: 'choose', key, value: input.value }));
        } else {
            input = element('input', { type: 'checkbox' });
            input.addEventListener('change', () =>
                this.now({ do: 'choose', key, value: input.checked ? 'yes' : 'no' }));
        }
        input.name = key;
        return element('label', { className: `explorer-control ${kind}` },
            ...(kind === 'switch' ? [input, name] : kind === 'slider' ? [name, shown, input] : [name, input]));
    }

    showControl(box, { kind, label, last, position, shown, value, on }) {
        const input = box.querySelector('input, select');
        if (kind === 'slider') {
            input.max = last;
            if (Number(input.value) !== position) input.value = position;
            input.setAttribute('aria-valuetext', shown);
            // The number stands in the label: it must not become part of the control's name.
            input.setAttribute('aria-label', label);
            box.querySelector('output').textContent = shown;
        } else if (kind === 'choice') input.value = value;
        else input.checked = on;
    }

    // Time

    makeTime() {
        const go = by => () => { this.stop(); this.step(this.frame.time.step + by); };
        this.player = button('Play', '', () => (this.playing ? this.stop() : this.play()));
        this.scrubber = element('input', { type: 'range', min: 0, 'aria-label': 'Step', name: 'step' });
        this.scrubber.addEventListener('input', () => {
            this.stop();
            this.act({ do: 'step', to: Number(this.scrubber.value) });
        });
        this.clock = element('output');
        this.time.append(this.player, button('Step back', '', go(-1)), button('Step on', '', go(1)),
            this.scrubber, this.clock);
    }

    step(to) {
        this.now({ do: 'step', to: Math.min(Math.max(to, 0), this.frame.time.last) });
    }

    showTime() {
        const { time } = this.frame;
        this.time.hidden = !time;
        if (!time) return;
        this.scrubber.max = time.last;
        if (Number(this.scrubber.value) !== time.step) this.scrubber.value = time.step;
        this.scrubber.setAttribute('aria-valuetext', `${time.step} of ${time.last}`);
        this.clock.textContent = `step ${time.step} of ${time.last}`;
    }

    // Nothing plays by itself. Who wants less motion gets a few still pictures.
    play() {
        const { step, last } = this.frame.time;
        if (step >= last) this.step(0);
        this.player.textContent = 'Pause';
        const stride = Math.ceil(last / (calm.matches ? 10 : 150));
        this.playing = setInterval(() => {
            this.step(this.frame.time.step + stride);
            if (this.frame.time.step >= this.frame.time.last) this.stop();
        }, calm.matches ? 700 : 40);
    }

    stop() {
        clearInterval(this.playing);
        this.playing = null;
        this.player.textContent = 'Play';
    }
}

async function start() {
    const sections = [...document.querySelectorAll('section.explorer')];
    // The page for printing keeps its figures.
    if (document.querySelectorAll('main h1').length > 1) return;
    const embedded = new URLSearchParams(location.search).has('embed');
    const wanted = () => decodeURI(location.hash.slice(1));
    const named = link => sections.find(s => s.dataset.link.split('?')[0] === link.split('?')[0]);
    if (embedded) {
        const only = named(wanted()) ?? sections[0];
        document.documentElement.classList.add('embedded');
        document.body.replaceChildren(element('main', {}, only));
        sections.splice(0, sections.length, only);
    }
    let wasm;
    try {
        await wasm_bindgen({ module_or_path: await bytes() });
        wasm = wasm_bindgen;
        // For tests, and for whoever wants the numbers.
        window.gradusExplorers = wasm;
    } catch (error) {
        for (const section of sections) {
            section.append(element('p', { className: 'explorer-error',
                textContent: `The figure stands still, because its program did not load (${error.message ?? error.type}).` }));
        }
        return;
    }
    const live = new Map();
    const restore = () => {
        const link = wanted();
        const section = /^[a-z-]+(\?|$)/.test(link) && named(link);
        if (!section || !live.has(section)) return false;
        live.get(section).open(link);
        section.scrollIntoView({ block: 'start' });
        return true;
    };
    for (const section of sections) {
        const explorer = new Explorer(section, wasm);
        live.set(section, explorer);
        const link = wanted();
        const mine = /^[a-z-]+(\?|$)/.test(link) && named(link) === section;
        explorer.open(mine ? link : explorer.first, explorer.first);
        if (mine && !embedded) section.scrollIntoView({ block: 'start' });
        section.dataset.live = performance.now().toFixed(1);
        // The next one in a task of its own: the reader may already move this one.
        await new Promise(done => setTimeout(done));
    }
    // A link to an explorer that does not exist is refused too.
    if (wanted().includes('?') && !named(wanted())) {
        live.get(sections[0])?.show(JSON.parse(wasm.open(wanted())));
    }
    addEventListener('hashchange', restore);
}

start();
