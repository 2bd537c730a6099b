#!/bin/sh
# Fetches what the theme bundles from other projects: fonts and KaTeX's style sheet. Needs npm.
# katex.css must be of the KaTeX version that the crate katex-rs follows: 0.18.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# get PACKAGE@VERSION: the package's files, in $work/package
get() {
    rm -rf "$work/package"
    (cd "$work" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz && rm ./*.tgz)
}

get @fontsource-variable/source-serif-4@5.3.1
cp "$work/package/files/source-serif-4-latin-wght-normal.woff2" fonts/source-serif-4.woff2
cp "$work/package/files/source-serif-4-latin-wght-italic.woff2" fonts/source-serif-4-italic.woff2
# Names such as Łojasiewicz and Erdős.
cp "$work/package/files/source-serif-4-latin-ext-wght-normal.woff2" fonts/source-serif-4-ext.woff2
get @fontsource-variable/source-sans-3@5.3.0
cp "$work/package/files/source-sans-3-latin-wght-normal.woff2" fonts/source-sans-3.woff2
cp "$work/package/files/source-sans-3-greek-wght-normal.woff2" fonts/source-sans-3-greek.woff2
get @fontsource-variable/source-code-pro@5.3.0
cp "$work/package/files/source-code-pro-latin-wght-normal.woff2" fonts/source-code-pro.woff2
cp "$work/package/files/source-code-pro-greek-wght-normal.woff2" fonts/source-code-pro-greek.woff2

# KaTeX without its Fraktur, sans-serif and typewriter letters; fonts.css names the files.
get katex@0.18.5
for font in AMS-Regular Caligraphic-Regular Main-Regular Main-Bold Main-Italic Math-Italic \
    Math-BoldItalic Script-Regular Size1-Regular Size2-Regular Size3-Regular Size4-Regular; do
    cp "$work/package/dist/fonts/KaTeX_$font.woff2" fonts/
done
{
    echo '/* KaTeX 0.18.5, without its @font-face rules. Made by vendor.sh.'
    sed 's/^/   /' "$work/package/LICENSE"
    echo '*/'
    sed 's/@font-face{[^}]*}//g' "$work/package/dist/katex.min.css"
} > css/katex.css
ls -l fonts css/katex.css
