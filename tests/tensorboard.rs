//! Event files against TensorBoard's own reader: see `references/event_files.py`.
//!
//! What this crate writes is compared byte for byte with a file that TensorBoard has read; where Python
//! with TensorBoard is there (`$PYTHON`, else `python3`), it reads the new file too.

use std::path::Path;
use std::process::Command;

use gradus::prelude::*;
use gradus::tensorboard::Run;
use serde_json::{Value, json};

const REFERENCES: &str = "tests/references";

/// A run with everything that can be written, at a time that stands still.
fn write(folder: &Path) -> std::path::PathBuf {
    let mut run = Run::create_at(folder, || 1.7e9).unwrap();
    let parameters = [
        ("rule", "Adam".into()),
        ("rate", 0.01.into()),
        ("layers", 2.into()),
        ("dropout", true.into()),
    ];
    run.hyperparameters(&parameters, &["accuracy/validation"]).unwrap();
    for step in 0..3 {
        run.scalar("loss/train", step, 1.0 / (step + 1) as f64).unwrap();
        run.histogram("weights", step, &array![-1.0, 0.0, 0.5, step as f64]).unwrap();
    }
    run.scalar("accuracy/validation", 2, 0.97).unwrap();
    run.scalar("loss/train", 3, f64::NAN).unwrap();
    run.histogram("constant", 0, &array![0.25_f32, 0.25]).unwrap();
    run.image("digit", 0, data::digits().test.pixels(0).unwrap()).unwrap();
    run.image("template", 7, array![[-1.0_f32, 0.0, 2.0], [0.0, 1.0, -2.0]].view()).unwrap();
    let path = run.path().to_owned();
    run.finish().unwrap();
    path
}

/// What TensorBoard's reader finds in the folder, if it is there.
fn read(folder: &Path) -> Option<Value> {
    let python = std::env::var("PYTHON").unwrap_or("python3".into());
    let there = Command::new(&python).args(["-c", "import tensorboard"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let script = format!("{REFERENCES}/event_files.py");
    let output = Command::new(&python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn tensorboard_reads_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path());
    let reference = Path::new(REFERENCES).join("event_files");
    let name = path.file_name().unwrap();
    if std::env::var_os("GRADUS_RECORD").is_some() {
        std::fs::create_dir_all(&reference).unwrap();
        std::fs::copy(&path, reference.join(name)).unwrap();
    }
    let recorded = std::fs::read(reference.join(name)).unwrap();
    assert!(std::fs::read(&path).unwrap() == recorded, "the file differs from the recorded one");

    // What its reader found in the recorded file; the script says with which version.
    let found: Value = serde_json::from_str(
        &std::fs::read_to_string(format!("{REFERENCES}/event_files.json")).unwrap(),
    )
    .unwrap();
    if let Some(now) = read(folder.path()) {
        assert_eq!(now["events"], found["events"]);
        assert_eq!(now["hparams"], found["hparams"]);
    }

    let events = &found["events"];
    let thirds: Vec<f64> = [1.0, 0.5, 1.0 / 3.0].map(|v: f64| f64::from(v as f32)).to_vec();
    let points = &events["scalars"]["loss/train"];
    for (step, value) in thirds.iter().enumerate() {
        assert_eq!(points[step], json!([step, value]));
    }
    assert_eq!(points[3], json!([3, "nan"]));
    assert_eq!(events["histograms"]["weights"][1][1]["num"], 4.0);
    assert_eq!(events["histograms"]["weights"][1][1]["sum"], 0.5);
    assert_eq!(events["histograms"]["constant"][0][1]["buckets"], json!([[0.25, 0.25, 2.0]]));
    assert_eq!(events["images"]["digit"], json!([[0, 8, 8, "BMP"]]));
    assert_eq!(events["images"]["template"], json!([[7, 3, 2, "BMP"]]));
    let expected = json!({"rule": "Adam", "rate": 0.01, "layers": 2.0, "dropout": true});
    assert_eq!(found["hparams"]["values"], expected);
    assert_eq!(found["hparams"]["metrics"], json!(["accuracy/validation"]));
    assert_eq!(found["hparams"]["status"], "STATUS_SUCCESS");
}
