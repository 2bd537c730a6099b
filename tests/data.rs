//! The command `gradus data`: what is here, what is not, what is damaged.

mod common;

use std::fs;
use std::path::Path;

use common::{Run, gradus};

/// The command with `folder` as the place of the user's data; it needs no project.
fn data(folder: &Path) -> Run {
    let mut command = gradus(folder);
    command.env("GRADUS_DATA", folder).env("XDG_DATA_HOME", folder.join("none")).arg("data");
    Run::of(command.output().unwrap())
}

/// A set of ten training and ten test images, all black.
fn write_set(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for part in ["train", "t10k"] {
        let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 28, 0, 0, 0, 28];
        bytes.resize(16 + 10 * 28 * 28, 0);
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), bytes).unwrap();
        let mut bytes = vec![0, 0, 8, 1, 0, 0, 0, 10];
        bytes.extend(0..10);
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), bytes).unwrap();
    }
}

#[test]
fn what_is_bundled_is_attributed_and_what_is_not_here_can_be_had() {
    let folder = tempfile::tempdir().unwrap();
    let run = data(folder.path()).succeeds();
    for part in ["bundled  Digits", "CC BY 4.0", "https://doi.org/10.24432/C50P49"] {
        assert!(run.stdout.contains(part), "{part}");
    }
    let place = folder.path().join("mnist");
    assert!(run.stdout.contains(&format!("looked for in {}", place.display())));
    assert!(run.stdout.contains("to get it: the four files from https://github.com/cvdf-datasets"));
    // Debian's package may be installed here.
    let installed = Path::new("/usr/share/datasets/fashion-mnist").exists();
    let remedy = "to get it: `apt install dataset-fashion-mnist`";
    assert_eq!(run.stdout.contains(remedy), !installed);
}

#[test]
fn a_set_in_the_named_folder_is_found_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("fashion-mnist");
    write_set(&set);
    let run = data(folder.path()).succeeds();
    assert!(run.stdout.contains("here     Fashion-MNIST"));
    assert!(run.stdout.contains(&format!("in {}", set.display())));

    fs::write(set.join("t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 10]).unwrap();
    let run = data(folder.path());
    assert!(run.stdout.contains("DAMAGED  Fashion-MNIST"));
    run.fails_with(&["t10k-labels-idx1-ubyte", "is truncated: 8 bytes, expected 18"]);
}
