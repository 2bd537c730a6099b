#!/usr/bin/env bash
# Run once by Gradescope when it builds the autograder's image: Rust, a C compiler, the grader.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source
apt-get update -qq
apt-get install -qq -y --no-install-recommends build-essential ca-certificates curl
curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
. "$HOME/.cargo/env"
cargo install --locked --path "$source/gradus/crates/gradus-cli"
