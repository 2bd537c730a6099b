'use strict';

// In place of mdBook's book.js, which calls the Rust playground and works a template that this theme
// does not have. Everything here is a convenience: without it the book can still be read.

// searcher.js asks this before it takes a key for itself.
function mdbook_something_else_has_focus(event) {
    const target = event.composedPath()[0];
    return target instanceof Element && target.matches('input, select, textarea');
}

(() => {
    const root = document.documentElement;
    const main = document.querySelector('main');
    const remember = (key, value) => {
        if (value) root.dataset[key] = value;
        else delete root.dataset[key];
        try {
            if (value) localStorage.setItem('gradus-' + key, value);
            else localStorage.removeItem('gradus-' + key);
        } catch { /* no storage: it holds for this page */ }
    };

    // Theme: follows the system until the reader disagrees with it.
    const themeToggle = document.getElementById('theme-toggle');
    const system = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
    const nameTheme = () =>
        themeToggle.setAttribute('aria-label', isDark() ? 'Light theme' : 'Dark theme');
    themeToggle.addEventListener('click', () => {
        const wanted = isDark() ? 'light' : 'dark';
        remember('theme', wanted === (system.matches ? 'dark' : 'light') ? null : wanted);
        nameTheme();
    });
    system.addEventListener('change', nameTheme);
    nameTheme();

    // Chapters: a column that can be put away, on small screens a drawer.
    const sidebar = document.getElementById('sidebar');
    const sidebarToggle = document.getElementById('sidebar-toggle');
    const narrow = matchMedia('(max-width: 63rem)');
    const sidebarShows = () =>
        narrow.matches ? sidebar.classList.contains('open') : root.dataset.sidebar !== 'hidden';
    const showSidebar = show => {
        if (narrow.matches) {
            sidebar.classList.toggle('open', show);
            document.querySelector('.page').inert = show;
            if (show) sidebar.querySelector('[aria-current], a')?.focus();
        } else {
            remember('sidebar', show ? null : 'hidden');
        }
        sidebarToggle.setAttribute('aria-expanded', sidebarShows());
    };
    sidebarToggle.addEventListener('click', () => showSidebar(!sidebarShows()));
    narrow.addEventListener('change', () => {
        sidebar.classList.remove('open');
        document.querySelector('.page').inert = false;
        sidebarToggle.setAttribute('aria-expanded', sidebarShows());
    });
    sidebarToggle.setAttribute('aria-expanded', sidebarShows());
    document.addEventListener('click', event => {
        const away = !sidebar.contains(event.target) && !sidebarToggle.contains(event.target);
        if (narrow.matches && sidebarShows() && (away || event.target.closest('.sidebar a'))) {
            showSidebar(false);
        }
    });

    // This chapter in the list, and under it this page's sections.
    const here = sidebar.dataset.page.replace(/\.md$/, '.html');
    const current = [...sidebar.querySelectorAll('a')]
        .find(a => a.getAttribute('href') === here
            || here === 'index.html' && a === sidebar.querySelector('a'));
    const headings = [...main.querySelectorAll('h2[id], h3[id]')]
        .filter(heading => !heading.closest('details'));
    if (current) {
        current.setAttribute('aria-current', 'page');
        if (headings.length > 0) {
            const list = document.createElement('ol');
            list.className = 'on-this-page';
            for (const heading of headings) {
                const item = document.createElement('li');
                if (heading.tagName === 'H3') item.className = 'deeper';
                const link = document.createElement('a');
                link.href = '#' + heading.id;
                link.append(...(heading.querySelector('a.header') ?? heading).cloneNode(true).childNodes);
                item.append(link);
                list.append(item);
            }
            current.closest('.chapter-link-wrapper').after(list);
            const links = [...list.querySelectorAll('a')];
            const mark = () => {
                const last = headings.findLastIndex(h => h.getBoundingClientRect().top < 160);
                links.forEach((link, i) => link.classList.toggle('here', i === last));
            };
            addEventListener('scroll', mark, { passive: true });
            mark();
        }
        const { top, bottom } = current.getBoundingClientRect();
        if (top < 0 || bottom > innerHeight) sidebar.scrollTop = top - innerHeight / 3;
    }

    // Code: colours, and a button that copies.
    for (const code of main.querySelectorAll('pre > code')) {
        if (/\blanguage-\w/.test(code.className)) hljs.highlightBlock(code);
        if (code.closest('.output')) continue;
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'copy';
        button.textContent = 'Copy';
        button.setAttribute('aria-label', 'Copy this code');
        button.addEventListener('click', async () => {
            try {
                await navigator.clipboard.writeText(code.textContent);
                button.textContent = 'Copied';
            } catch {
                getSelection().selectAllChildren(code);
                button.textContent = 'Selected';
            }
            button.classList.add('done');
            setTimeout(() => {
                button.textContent = 'Copy';
                button.classList.remove('done');
            }, 1500);
        });
        code.parentElement.append(button);
    }

    // What scrolls by itself must be reachable by keyboard; what does not, must not stop the Tab key.
    const scrollers = {
        'pre > code': () => 'Code, scrolls sideways',
        '.table-wrapper': () => 'Table, scrolls sideways',
        '.drawing': () => 'Figure, scrolls sideways',
        '.eqbody': box => {
            const number = box.parentElement.querySelector('.eqno')?.textContent ?? '';
            return `Equation ${number}, scrolls sideways`;
        },
    };
    const reach = () => {
        for (const [selector, name] of Object.entries(scrollers)) {
            for (const box of main.querySelectorAll(selector)) {
                if (box.scrollWidth > box.clientWidth) {
                    box.tabIndex = 0;
                    box.setAttribute('role', 'group');
                    box.setAttribute('aria-label', name(box));
                } else if (box.hasAttribute('tabindex')) {
                    ['tabindex', 'role', 'aria-label'].forEach(a => box.removeAttribute(a));
                }
            }
        }
    };
    addEventListener('resize', reach);
    document.addEventListener('toggle', reach, { capture: true });
    document.fonts.ready.then(reach);

    // Keys: the arrows turn pages, unless something that scrolls has the focus; Escape shuts the drawer.
    document.addEventListener('keydown', event => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (event.key === 'Escape' && narrow.matches && sidebarShows()) {
            showSidebar(false);
            sidebarToggle.focus();
        }
        if (event.target.closest('input, textarea, select, [tabindex="0"]')) return;
        const way = { ArrowLeft: '.pager .previous', ArrowRight: '.pager .next' }[event.key];
        if (way) document.querySelector(way)?.click();
    });

    // On paper nothing is folded away.
    const opened = new Set();
    addEventListener('beforeprint', () => {
        for (const fold of main.querySelectorAll('details:not([open])')) {
            fold.open = true;
            opened.add(fold);
        }
    });
    addEventListener('afterprint', () => {
        for (const fold of opened) fold.open = false;
        opened.clear();
    });
})();
