use std::process::Command;

/// Takes out of a command's environment what the caller's own cargo run, the caller's flags or the
/// user's Jupyter set-up would change in it. What reaches a registry or a proxy stays.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if harmful(text) {
            command.env_remove(&name);
        }
    }
}

fn harmful(name: &str) -> bool {
    // `cargo run` and `cargo test` set dozens of CARGO_* variables, of which build scripts and
    // `CARGO_ENCODED_RUSTFLAGS` (which beats RUSTFLAGS) would take notice.
    let kept = [
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "RUSTUP_",
        "RUST_LOG",
    ];
    let dropped =
        ["CARGO", "RUSTC", "RUSTFLAGS", "RUSTDOC", "RUST_", "EVCXR_", "JUPYTER", "IPYTHON"];
    dropped.iter().any(|prefix| name.starts_with(prefix))
        && !kept.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::harmful;

    #[test]
    fn proxies_and_registries_stay_and_flags_go() {
        for kept in [
            "CARGO_HOME",
            "CARGO_HTTP_PROXY",
            "CARGO_NET_OFFLINE",
            "HTTPS_PROXY",
            "RUSTUP_TOOLCHAIN",
            "PATH",
        ] {
            assert!(!harmful(kept), "{kept}");
        }
        for gone in [
            "CARGO_TARGET_DIR",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTFLAGS",
            "RUSTC_WRAPPER",
            "EVCXR_TMPDIR",
            "JUPYTER_PATH",
            "CARGO_PROFILE_DEV_DEBUG",
            "CARGO",
        ] {
            assert!(harmful(gone), "{gone}");
        }
    }
}
