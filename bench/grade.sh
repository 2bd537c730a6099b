#!/usr/bin/env bash
# How fast the grader is, and whether it grows: 200 submissions of ten exercises with two jobs, and one
# submission with one. Its argument is the command `gradus`; it prints a line for BENCHMARKS.md.
set -euo pipefail
gradus=$(realpath "${1:-target/release/gradus}")
exercises=(line-gradient descent-steps violating-chord stable-softmax step-decay condition-number
  clip-by-norm heavy-ball adam-clinic backtracking)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir one many
for exercise in "${exercises[@]}"; do
  "$gradus" exercises solution "$exercise" --code
done >one/student.rs
for i in $(seq -w 200); do cp one/student.rs "many/student-$i.rs"; done
chosen=(); for exercise in "${exercises[@]}"; do chosen+=(--exercise "$exercise"); done

# The support library is compiled at the start of each run; that time is taken off.
seconds() { local start=$EPOCHREALTIME; "$@" >/dev/null 2>&1; awk "BEGIN {print $EPOCHREALTIME - $start}"; }
mkdir none; printf '// nothing\n' >none/nobody.rs
empty=$(seconds taskset -c 0 "$gradus" grade none "${chosen[@]}")
whole=$(seconds taskset -c 0 "$gradus" grade one "${chosen[@]}")
awk "BEGIN {printf \"one submission of ten exercises on one core: %.2f s an exercise (%.2f s to begin with)\n\", ($whole - $empty) / 10, $empty}"

start=$EPOCHREALTIME
"$gradus" grade many "${chosen[@]}" --jobs 2 --format csv --out report.csv 2>/dev/null &
grader=$!
while kill -0 $grader 2>/dev/null; do
  awk '/VmRSS/ {print $2}' "/proc/$grader/status" 2>/dev/null >>memory || true
  sleep 1
done
wait $grader
awk -v seconds="$(awk "BEGIN {print $EPOCHREALTIME - $start}")" '
  {m[NR] = $1} END {q = int(NR / 4); for (i = q + 1; i <= 2 * q; i++) a += m[i] / q; for (i = NR - q; i < NR; i++) b += m[i] / q
  printf "200 submissions of ten exercises, two jobs: %.0f s; resident memory %.1f MB in the second quarter, %.1f MB in the last\n", seconds, a / 1024, b / 1024}' memory
awk -F, 'NR > 1 && $2 != $3 {bad++} END {printf "%d submissions without full points\n", bad}' report.csv
