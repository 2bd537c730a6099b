#!/bin/sh
# Makes fonts/stix-two-math.woff2: the whole font is 400 kB, of which the book needs a third.
# Needs npm, Python 3 and `pip install fonttools brotli`. Run it when a formula needs a character
# that is not in the list: browsers then take it from another font, which shows.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent @fontsource/stix-two-math@5.3.0 >/dev/null && tar xzf ./*.tgz)

# The text font is Latin only: names such as Erdős, Greek letters and arrows in prose come from here.
text=U+0020-007E,U+00A0-017F,U+0237,U+02C6-02DD,U+0300-0338,U+0370-03FF,U+2010-2044,U+2057
operators=U+2061-2064,U+20D6-20DC,U+2102-2134,U+2190-22FF,U+2308-230B,U+2322-2323,U+239B-23E1
shapes=U+25A0-25FF,U+2605-2606,U+2660-2663,U+266D-266F,U+2713,U+27C2,U+27E8-27EB,U+27F5-27FF
more=U+2A00-2A06,U+2A0C,U+2A3F,U+2A7D-2A7E,U+2AAF-2AB0
alphabets=U+1D400-1D4CF,U+1D504-1D56B,U+1D6A4-1D7CB,U+1D7CE-1D7D7

pyftsubset "$work"/package/files/stix-two-math-latin-400-normal.woff2 \
    --unicodes="$text,$operators,$shapes,$more,$alphabets" --layout-features='*' \
    --no-hinting --flavor=woff2 --output-file=fonts/stix-two-math.woff2
ls -l fonts/stix-two-math.woff2
